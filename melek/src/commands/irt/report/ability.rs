//! What is told of ability: how precisely it is measured, where items and people lie, how often items were shown.

use std::fmt::Write;

use super::{Page, locations};
use crate::commands::irt::fit_file::FitGroup;
use crate::commands::page::html::{Table, escape, figure, number, paragraph};
use crate::commands::page::svg::{Axis, Chart, Curve};

/// Height of one bin of the map, in logits.
const BIN: f64 = 0.25;

/// Pixels of a bin, and per cent of the width where its parts begin.
const ROW: f64 = 17.0;
const AXIS: f64 = 42.0;
const MARKS: f64 = 51.0;

/// Up to so many marks the map writes names instead of dots, so many letters a bin.
const MOST_NAMES: usize = 60;
const LETTERS: usize = 24;

/// More dots a bin than this are drawn smaller.
const CROWDED: usize = 20;

impl Page<'_> {
    fn information_at(&self, ability: f64) -> f64 {
        self.functions.iter().map(|function| item_information(function, ability)).sum()
    }

    pub(super) fn information(&self) -> String {
        let at: Vec<[f64; 2]> = self.points().map(|ability| [ability, self.information_at(ability)]).collect();
        let [best, most] = at.iter().copied().fold([0.0, 0.0], |best, one| if one[1] > best[1] { one } else { best });
        let error = |information: f64| if information > 0.0 { 1.0 / information.sqrt() } else { f64::INFINITY };
        let chart = |spoken: String, label: &str, points: Vec<[f64; 2]>, filled: bool| {
            let largest = points.iter().map(|point| point[1]).fold(0.0, f64::max);
            let (x, y) = (Axis::ability(self.range), Axis::upwards(largest, label));
            Chart { spoken, x, y, curves: vec![Curve { points, style: 0 }], filled }.large()
        };
        let spoken = format!("Information is largest, {most:.2}, at ability {}", number(Some(best), 1));
        let errors: Vec<[f64; 2]> =
            at.iter().map(|[ability, information]| [*ability, error(*information).min(3.0)]).collect();
        let least = number(Some(error(most)), 2);
        let spoken_error = format!("The standard error is smallest, {least}, at ability {}", number(Some(best), 1));
        let mut table = Table::new("Information and standard error by ability", &["Ability", "Information", "SE"]);
        let steps = ((self.range[1] - self.range[0]) * 2.0) as usize;
        for ability in (0..=steps).map(|step| self.range[0] + step as f64 / 2.0) {
            let information = self.information_at(ability);
            let error = Some(error(information)).filter(|error| error.is_finite());
            table.rows.push(vec![number(Some(ability), 1), number(Some(information), 3), number(error, 3)]);
        }
        let mut items = self.by_ability("Information of each item by ability", &["Item"]);
        for (item, function) in self.file.items.iter().zip(&self.functions) {
            let cells = self.whole().into_iter().map(|ability| number(Some(item_information(function, ability)), 3));
            items.rows.push(std::iter::once(item.id.clone()).chain(cells).collect());
        }
        paragraph(
            "Of all items together, per squared logit, without the prior. Somebody who answered only some of the items is \
             measured less precisely.",
        ) + &figure("Test information by ability", &chart(spoken, "information", at, true), &items)
            + &figure(
                "Standard error of ability, in logits (shown up to 3)",
                &chart(spoken_error, "standard error", errors, false),
                &table,
            )
    }

    pub(super) fn wright_map(&self) -> String {
        let bins = ((self.range[1] - self.range[0]) / BIN) as usize;
        let people = self.people(bins);
        let mut marks: Vec<Vec<String>> = vec![Vec::new(); bins];
        let mut table = Table::new("Difficulties and thresholds in order", &["Item", "Step", "Logits"]);
        let mut all: Vec<(f64, &str, usize)> = Vec::new();
        for (item, function) in self.file.items.iter().zip(&self.functions) {
            let places = locations(item, function);
            all.extend(places.iter().enumerate().filter_map(|(step, at)| Some(((*at)?, item.id.as_str(), step + 1))));
        }
        all.sort_by(|one, other| one.0.total_cmp(&other.0));
        let has_steps = self.functions.iter().any(|function| function.categories() > 2);
        for (at, id, step) in &all {
            let bin = (((at - self.range[0]) / BIN).floor().max(0.0) as usize).min(bins - 1);
            marks[bin].push(if has_steps { format!("{id}.{step}") } else { (*id).to_owned() });
            table.rows.push(vec![(*id).to_owned(), step.to_string(), number(Some(*at), 3)]);
        }
        let svg = self.map(&people, &marks, all.len() <= MOST_NAMES);
        let of = if self.has_scores() { "estimated abilities" } else { "the estimated distribution of ability" };
        let what = match (all.len() <= MOST_NAMES, has_steps) {
            (true, true) => "names of items with the number of the threshold",
            (true, false) => "names of items at their difficulty",
            (false, true) => "one dot a threshold",
            (false, false) => "one dot an item at its difficulty",
        };
        let caption =
            format!("Left: {of}, bars by share of people. Right: {what}. Up is more able and more difficult.");
        let mut shares = Table::new("Share of people by ability", &["From", "To", "Share (%)"]);
        for (bin, share) in people.iter().enumerate() {
            let from = self.range[0] + bin as f64 * BIN;
            let row = [(from, 2), (from + BIN, 2), (100.0 * share, 1)];
            shares.rows.push(row.iter().map(|(value, digits)| number(Some(*value), *digits)).collect());
        }
        figure(&caption, &svg, &table) + &shares.details()
    }

    fn has_scores(&self) -> bool {
        self.file.scores.iter().any(|score| score.eap.is_some())
    }

    /// Share of the people in each bin; those beyond the ends are in the last ones.
    fn people(&self, bins: usize) -> Vec<f64> {
        let mut shares = vec![0.0; bins];
        let bin = |ability: f64| (((ability - self.range[0]) / BIN).floor().max(0.0) as usize).min(bins - 1);
        if self.has_scores() {
            self.file.scores.iter().filter_map(|score| score.eap).for_each(|ability| shares[bin(ability)] += 1.0);
        } else {
            for (place, share) in shares.iter_mut().enumerate() {
                let middle = self.range[0] + (place as f64 + 0.5) * BIN;
                *share = self.file.all_groups().into_iter().map(|group| density(group, middle)).sum();
            }
        }
        let total: f64 = shares.iter().sum();
        shares.iter().map(|share| share / total.max(f64::MIN_POSITIVE)).collect()
    }

    fn map(&self, people: &[f64], marks: &[Vec<String>], named: bool) -> String {
        let (bins, largest) = (people.len(), people.iter().copied().fold(1e-9, f64::max));
        let most = marks.iter().map(Vec::len).max().unwrap_or(0).max(1);
        let height = bins as f64 * ROW + 8.0;
        let mut out = format!(
            "<svg class=\"chart\" role=\"img\" aria-label=\"People and items on the scale of ability from {} to {}\" width=\"100%\" height=\"{height}\">",
            number(Some(self.range[0]), 0),
            number(Some(self.range[1]), 0)
        );
        for bin in 0..bins {
            let top = 4.0 + (bins - 1 - bin) as f64 * ROW;
            let from = self.range[0] + bin as f64 * BIN;
            if from.fract() == 0.0 {
                let (line, label) = (top + ROW, number(Some(from), 0));
                let _ = write!(out, "<line class=\"grid\" x1=\"0\" x2=\"100%\" y1=\"{line}\" y2=\"{line}\"/>");
                let _ = write!(out, "<text x=\"{}%\" y=\"{:.1}\" class=\"mid\">{label}</text>", AXIS + 2.5, line - 3.0);
            }
            let width = (AXIS - 2.0) * people[bin] / largest;
            let _ = write!(
                out,
                "<rect class=\"bar\" x=\"{:.2}%\" width=\"{width:.2}%\" y=\"{:.1}\" height=\"{:.1}\"/>",
                AXIS - 2.0 - width,
                top + 1.0,
                ROW - 2.0
            );
            let middle = top + ROW / 2.0;
            if named {
                let names = escape(&joined(&marks[bin]));
                let _ = write!(out, "<text x=\"{MARKS}%\" y=\"{:.1}\">{names}</text>", middle + 4.0);
                continue;
            }
            let apart = ((98.0 - MARKS) / most as f64).min(2.2);
            // Dots of a full row must not touch on a telephone.
            let radius = if most > CROWDED { 1.4 } else { 3.0 };
            for mark in 0..marks[bin].len() {
                let x = MARKS + 1.0 + mark as f64 * apart;
                let _ = write!(out, "<circle class=\"mark\" cx=\"{x:.2}%\" cy=\"{middle:.1}\" r=\"{radius}\"/>");
            }
        }
        out.push_str("</svg>");
        out
    }

    /// Share of the people who were shown each item; nothing where the file does not say.
    pub(super) fn exposure(&self) -> Option<String> {
        let people = self.file.persons;
        let share = |counts: &[usize]| counts.iter().sum::<usize>() as f64 / people as f64;
        let mut rates: Vec<(&str, usize, f64)> = self
            .file
            .items
            .iter()
            .map(|item| (item.id.as_str(), item.counts.iter().sum(), share(&item.counts)))
            .collect();
        if people == 0 || rates.iter().all(|(_, answers, _)| *answers == 0) {
            return None;
        }
        rates.sort_by(|one, other| other.2.total_cmp(&one.2).then(one.0.cmp(other.0)));
        let mut table = Table::new("Exposure of each item", &["Item", "Answers", "Share of people (%)"]);
        let row = |(id, answers, rate): &(&str, usize, f64)| {
            vec![(*id).to_owned(), answers.to_string(), number(Some(100.0 * rate), 1)]
        };
        table.rows = rates.iter().map(row).collect();
        let (first, last) = (rates.first()?.2, rates.last()?.2);
        let percent = |rate: f64| number(Some(100.0 * rate), 1);
        if last == first {
            let words = format!("Every item was answered by {} % of the people.", percent(first));
            return Some(paragraph(&words) + &table.details());
        }
        let words = format!("Between {} % and {} % of the people answered an item.", percent(last), percent(first));
        let steps = rates
            .iter()
            .enumerate()
            .flat_map(|(place, (_, _, rate))| [[place as f64, 100.0 * rate], [place as f64 + 1.0, 100.0 * rate]]);
        let count = rates.len() as f64;
        let x = Axis { to: count, ..Axis::upwards(count, "items, most shown first") };
        let x = Axis { ticks: x.ticks.iter().copied().filter(|tick| *tick <= count).collect(), ..x };
        let y = Axis::upwards(100.0 * first, "");
        let curves = vec![Curve { points: steps.collect(), style: 0 }];
        let chart = Chart { spoken: words.clone(), x, y, curves, filled: true }.large();
        Some(paragraph(&words) + &figure("Share of the people who answered each item, in per cent", &chart, &table))
    }
}

fn item_information(function: &melek_irt::model::ResponseFunction, ability: f64) -> f64 {
    let slope = function.slopes().first().copied().unwrap_or(0.0);
    slope * slope * function.information(&[ability])
}

fn density(group: &FitGroup, ability: f64) -> f64 {
    let (mean, sd) = (group.mean.unwrap_or(0.0), group.sd.unwrap_or(1.0));
    let z = (ability - mean) / sd;
    group.persons.max(1) as f64 * (-0.5 * z * z).exp() / sd
}

/// Names side by side, as many as fit.
fn joined(names: &[String]) -> String {
    let mut out = String::new();
    for (place, name) in names.iter().enumerate() {
        let rest = names.len() - place;
        if place > 0 && out.chars().count() + name.chars().count() + 4 > LETTERS {
            let _ = write!(out, " +{rest}");
            break;
        }
        let short: String = name.chars().take(LETTERS - 4).collect();
        let _ = write!(out, "{}{short}", if place == 0 { "" } else { "  " });
    }
    out
}
