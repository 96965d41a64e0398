//! What is told of every item: parameters, the curve of its score, the curves of its options.

use std::fmt::Write;

use melek_irt::model::ResponseFunction;

use super::{Page, locations};
use crate::commands::irt::fit_file::FitItem;
use crate::commands::page::html::{Table, escape, figure, number, paragraph};
use crate::commands::page::svg::{Axis, Chart, Curve, legend};

impl Page<'_> {
    pub(super) fn parameters(&self) -> String {
        let has = |of: fn(&FitItem) -> bool| self.file.items.iter().any(of);
        let has_lower = has(|item| item.lower.is_some_and(|lower| lower > 0.0));
        let has_upper = has(|item| item.upper.is_some_and(|upper| upper < 1.0));
        let has_scoring = has(|item| item.scoring.is_some());
        let mut columns = vec!["Item", "Answers", "Slope", "SE", "Difficulty or thresholds", "Intercepts", "SE"];
        columns.extend(has_lower.then_some(["Lower", "SE"]).into_iter().flatten());
        columns.extend(has_upper.then_some(["Upper", "SE"]).into_iter().flatten());
        columns.extend(has_scoring.then_some("Scoring"));
        let mut table = Table::new("Parameters of the items, in logits", &columns);
        for (item, function) in self.file.items.iter().zip(&self.functions) {
            let se = item.se.clone().unwrap_or_default();
            let mut row = vec![
                item.id.clone(),
                item.counts.iter().sum::<usize>().to_string(),
                number(item.slope, 3),
                number(se.slope, 3),
                list(&locations(item, function)),
                list(&item.intercepts),
                list(&se.intercepts),
            ];
            row.extend(has_lower.then(|| [number(item.lower, 3), number(se.lower, 3)]).into_iter().flatten());
            row.extend(has_upper.then(|| [number(item.upper, 3), number(se.upper, 3)]).into_iter().flatten());
            row.extend(has_scoring.then(|| item.scoring.as_deref().map(list).unwrap_or_default()));
            table.rows.push(row);
        }
        paragraph(
            "Slope–intercept form, D = 1: the predictor is slope × ability + intercept. A difficulty or threshold is the \
             ability at which neighbouring scores change places.",
        ) + &table.html()
    }

    pub(super) fn item_curves(&self) -> String {
        let mut charts = String::from("<ul class=\"many\">\n");
        let mut table = self.by_ability("Expected score of each item by ability", &["Item"]);
        for (item, function) in self.file.items.iter().zip(&self.functions) {
            let best = (function.categories() - 1).max(1) as f64;
            let at = |ability: f64| function.expected_score(&[ability]) / best;
            let spoken = format!(
                "{}: expected share of the score {}, {} and {} at abilities −2, 0 and 2",
                item.id,
                number(Some(at(-2.0)), 2),
                number(Some(at(0.0)), 2),
                number(Some(at(2.0)), 2)
            );
            let curve = Curve { points: self.points().map(|ability| [ability, at(ability)]).collect(), style: 0 };
            self.small(&mut charts, item, Chart { curves: vec![curve], ..self.unit_chart(spoken) });
            let cells = self.whole().into_iter().map(|ability| number(Some(best * at(ability)), 3));
            table.rows.push(std::iter::once(item.id.clone()).chain(cells).collect());
        }
        charts.push_str("</ul>");
        let caption = "Share of the score that is expected (0 to 1) by ability in logits";
        figure(caption, &charts, &table)
    }

    /// Only for items with more than two categories: of two, one curve tells the other.
    pub(super) fn option_curves(&self) -> Option<String> {
        let mut charts = String::from("<ul class=\"many\">\n");
        let mut table = self.by_ability("Chance of each score by ability", &["Item", "Score"]);
        let mut most = 0;
        for (item, function) in self.file.items.iter().zip(&self.functions) {
            if function.categories() <= 2 {
                continue;
            }
            most = most.max(function.categories());
            let chances: Vec<(f64, Vec<f64>)> =
                self.points().map(|ability| (ability, function.probabilities(&[ability]))).collect();
            let curve = |style: usize| Curve {
                points: chances.iter().map(|(ability, chance)| [*ability, chance[style]]).collect(),
                style,
            };
            let spoken = format!("{}: {}", item.id, likeliest(item, function));
            let curves = (0..function.categories()).map(curve).collect();
            self.small(&mut charts, item, Chart { curves, ..self.unit_chart(spoken) });
            let chances: Vec<Vec<f64>> =
                self.whole().into_iter().map(|ability| function.probabilities(&[ability])).collect();
            for (category, score) in item.scores().iter().enumerate() {
                let cells = chances.iter().map(|chance| number(chance.get(category).copied(), 3));
                table.rows.push([item.id.clone(), score.to_string()].into_iter().chain(cells).collect());
            }
        }
        charts.push_str("</ul>");
        let names: Vec<String> = (1..=most).map(|category| format!("category {category}")).collect();
        let caption = "Chance of each category by ability in logits; category 1 is the lowest score";
        let two = self.functions.iter().filter(|function| function.categories() <= 2).count();
        let rest = match two {
            0 => String::new(),
            _ => paragraph(&format!(
                "The {two} items with two scores are not repeated here: the chance of the lower one is 1 minus the item curve."
            )),
        };
        (most > 0).then(|| rest + &figure(caption, &(legend(&names) + &charts), &table))
    }

    fn small(&self, out: &mut String, item: &FitItem, chart: Chart) {
        let _ = writeln!(out, "<li><span aria-hidden=\"true\">{}</span>{}</li>", escape(&item.id), chart.small());
    }

    /// A chart from 0 to 1 by ability.
    fn unit_chart(&self, spoken: String) -> Chart {
        let y = Axis { from: 0.0, to: 1.0, ticks: vec![0.0, 1.0], label: String::new() };
        Chart { spoken, x: Axis::ability(self.range), y, curves: Vec::new(), filled: false }
    }

    /// A table with one column for each whole ability.
    pub(super) fn by_ability(&self, caption: &str, first: &[&str]) -> Table {
        let mut table = Table::new(caption, first);
        table.columns.extend(self.whole().into_iter().map(|ability| number(Some(ability), 0)));
        table
    }
}

/// The score that is likeliest at −2, 0 and 2.
fn likeliest(item: &FitItem, function: &ResponseFunction) -> String {
    let scores = item.scores();
    let at = |ability: f64| {
        let chances = function.probabilities(&[ability]);
        let best = (0..chances.len()).max_by(|one, other| chances[*one].total_cmp(&chances[*other])).unwrap_or(0);
        scores.get(best).map_or_else(String::new, u8::to_string)
    };
    format!("likeliest score {}, {} and {} at abilities −2, 0 and 2", at(-2.0), at(0.0), at(2.0))
}

fn list(values: &[Option<f64>]) -> String {
    let shown: Vec<String> = values.iter().map(|value| number(*value, 3)).collect();
    shown.join(", ")
}
