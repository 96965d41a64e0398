//! `melek irt simulate --bank`: an adaptive test of one dimension, played to people drawn or to answers already known.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use melek_irt::ability::Grid;
use melek_irt::calibration;
use melek_irt::model::Item;
use melek_irt::selection::one_dimension::Rule;
use melek_irt::selection::{ExposureCeiling, ExposureControl, Pool, PoolItem, Progress, Quota, Quotas, Scope};
use melek_irt::simulation::one_dimension::{Control, People, Plan, Played, play};
use serde_json::{Value, json};

use super::grid;
use crate::bad_input::BadInput;
use crate::output::say;

/// Showings above the ceiling that are let pass: what the first few people need.
const SLACK: f64 = 5.0;

/// Largest price that chance puts on an item for one person, per squared logit.
const SPREAD: f64 = 0.03;

#[derive(Args)]
pub struct Adaptive {
    /// Play an adaptive test: items as a table with the columns a, b and, if need be, c, d and domain
    #[arg(long, value_name = "BANK.csv")]
    pub bank: Option<PathBuf>,
    /// Known answers instead of drawn people: one row a person, 0 or 1 for each item, no header
    #[arg(long, value_name = "RESPONSES.csv", requires = "bank", conflicts_with = "people")]
    responses: Option<PathBuf>,
    /// How the next item is chosen: mfi, mpwi, kl, mei, mepv, stratified:STRATA, progressive, randomesque:AMONG
    #[arg(long, value_name = "RULE", requires = "bank", default_value = "mfi", value_parser = rule)]
    select: Rule,
    /// How people are scored
    #[arg(long, value_enum, requires = "bank", default_value_t = Ability::Eap)]
    ability: Ability,
    /// Points of ability: POINTS,LOWEST,HIGHEST
    #[arg(long, value_name = "GRID", requires = "bank", default_value = "61,-6,6", value_parser = grid::parse)]
    grid: calibration::Grid,
    /// Items of a whole test
    #[arg(long, value_name = "N", requires = "bank", default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..))]
    items: u16,
    /// End a test at this standard error, in logits; quotas then hold at every length
    #[arg(long, value_name = "SE", requires = "bank", value_parser = positive)]
    stop_se: Option<f64>,
    /// Exposure: none, ceiling:RATE, priced:RATE,PRICE,EXPLORATION, eligibility:RATE or sympson-hetter:RATE
    #[arg(long, value_name = "CONTROL", requires = "bank", default_value = "none", value_parser = control)]
    exposure: Control,
    /// Items of every domain in a whole test, at least and at most
    #[arg(long, value_name = "LEAST,MOST", requires = "bank", value_parser = domains)]
    domains: Option<(usize, usize)>,
    /// People who sit together and answer item by item in step
    #[arg(long, value_name = "N", requires = "bank", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..))]
    room: u16,
    /// People played before, so that prices of exposure are settled
    #[arg(long, value_name = "N", requires = "bank", default_value_t = 0)]
    warm: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Ability {
    /// mean of the posterior
    Eap,
}

/// Plays the test of a bank; `people` and `seed` are those of the verb.
pub fn run(arguments: &Adaptive, path: &Path, (people, seed): (u32, u64), out: Option<&Path>) -> Result<()> {
    let bank = Bank::read(path)?;
    let pool = Pool::new(bank.items.clone()).map_err(|error| BadInput(format!("{}: {error}", path.display())))?;
    let quotas = quotas(arguments, &bank, &pool, path)?;
    let points = &arguments.grid;
    let grid = Grid::new(points.points, (points.lowest, points.highest), (0.0, 1.0))?;
    let answers = arguments.responses.as_deref().map(|path| read_answers(path, bank.items.len())).transpose()?;
    let plan = Plan {
        pool: &pool,
        grid: &grid,
        quotas: &quotas,
        rule: arguments.select,
        control: arguments.exposure,
        standard_error: arguments.stop_se.unwrap_or(0.0),
        people: answers.as_deref().map_or(People::Drawn(people), People::Known),
        room: usize::from(arguments.room),
        clairvoyant: false,
        warm: arguments.warm,
    };
    let played = play(&plan, seed).map_err(|error| BadInput(error.to_string()))?;
    let report = report(&played);
    if let Some(out) = out {
        std::fs::write(out, serde_json::to_string(&report)? + "\n")
            .with_context(|| format!("{} cannot be written", out.display()))?;
    }
    table(&report["summary"]);
    Ok(())
}

/// The items of a bank and the names of its domains.
struct Bank {
    items: Vec<PoolItem>,
    domains: Vec<String>,
}

impl Bank {
    fn read(path: &Path) -> Result<Bank, BadInput> {
        let place = |row: usize, reason: &str| BadInput(format!("{}, row {row}: {reason}", path.display()));
        let file = |error: csv::Error| BadInput(format!("{} cannot be read: {error}", path.display()));
        let mut rows =
            csv::ReaderBuilder::new().trim(csv::Trim::All).comment(Some(b'#')).from_path(path).map_err(file)?;
        let header = rows.headers().map_err(file)?.clone();
        let column = |name: &str| header.iter().position(|title| title.eq_ignore_ascii_case(name));
        let (Some(a), Some(b)) = (column("a"), column("b")) else {
            return Err(place(
                1,
                "the header needs the columns a (discrimination) and b (difficulty); c, d and domain may follow",
            ));
        };
        let (c, d, domain) = (column("c"), column("d"), column("domain"));
        let mut bank = Bank { items: Vec::new(), domains: Vec::new() };
        for (index, row) in rows.records().enumerate() {
            let (row, number) = (row.map_err(file)?, index + 2);
            let cell = |place: Option<usize>| place.and_then(|place| row.get(place)).unwrap_or_default();
            let value = |name: &str, place: Option<usize>, otherwise: f64| match cell(place) {
                "" if place.is_none() => Ok(otherwise),
                text => text.parse().map_err(|_| {
                    BadInput(format!("{}, row {number}, column {name}: `{text}` is not a number", path.display()))
                }),
            };
            let upper = value("d", d, 1.0)?;
            let item = Item::new(value("a", Some(a), 0.0)?, value("b", Some(b), 0.0)?, value("c", c, 0.0)?)
                .and_then(|item| item.with_upper(upper))
                .map_err(|error| place(number, &error.to_string()))?;
            let kind = domain.map(|_| bank.domain(cell(domain)));
            bank.items.push(PoolItem { item, dimension: 0, kind, family: None });
        }
        if bank.items.is_empty() {
            return Err(place(2, "the bank has no item"));
        }
        Ok(bank)
    }

    fn domain(&mut self, name: &str) -> usize {
        self.domains.iter().position(|known| known == name).unwrap_or_else(|| {
            self.domains.push(name.to_owned());
            self.domains.len() - 1
        })
    }
}

/// The quotas of `--domains`, refused when the bank has too few items for them.
fn quotas(arguments: &Adaptive, bank: &Bank, pool: &Pool<1>, path: &Path) -> Result<Quotas> {
    let domains = if arguments.domains.is_some() { bank.domains.len() } else { 0 };
    if arguments.domains.is_some() && domains == 0 {
        return Err(BadInput(format!("{} has no column domain, which --domains counts", path.display())).into());
    }
    let (minimum, maximum) = arguments.domains.unwrap_or_default();
    let scope = if arguments.stop_se.is_some() { Scope::EveryLength } else { Scope::WholeTest };
    let length = usize::from(arguments.items);
    let quotas = Quotas::new(vec![Quota { parent: None, minimum, maximum }; domains], length, scope)
        .map_err(|error| BadInput(error.to_string()))?;
    let progress = Progress::new(pool, &quotas, &[]);
    let left = progress.left();
    if let Some(conflict) = quotas.conflict(left) {
        let rules: Vec<String> = conflict
            .iter()
            .map(|&kind| {
                format!("domain {} ({minimum} to {maximum} items, {} in the bank)", bank.domains[kind], left[kind])
            })
            .collect();
        let rules = if rules.is_empty() { "its length".to_owned() } else { rules.join(", ") };
        return Err(BadInput(format!(
            "no test of {length} items can be made of {}: {rules} cannot be met together; change --items or --domains",
            path.display()
        ))
        .into());
    }
    Ok(quotas)
}

fn read_answers(path: &Path, items: usize) -> Result<Vec<Vec<bool>>, BadInput> {
    let file = |error: csv::Error| BadInput(format!("{} cannot be read: {error}", path.display()));
    let mut rows = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_path(path)
        .map_err(file)?;
    let answer = |row: usize, (column, cell): (usize, &str)| match cell {
        "0" => Ok(false),
        "1" => Ok(true),
        other => Err(BadInput(format!(
            "{}, row {}, column {}: `{other}` is neither 0 nor 1",
            path.display(),
            row + 1,
            column + 1
        ))),
    };
    let mut people = Vec::new();
    for (index, row) in rows.records().enumerate() {
        let row = row.map_err(file)?;
        if row.len() != items {
            return Err(BadInput(format!(
                "{}, row {}: {} answers, but the bank has {items} items",
                path.display(),
                index + 1,
                row.len()
            )));
        }
        people.push(row.iter().enumerate().map(|cell| answer(index, cell)).collect::<Result<_, _>>()?);
    }
    Ok(people)
}

fn report(played: &Played) -> Value {
    let person = |path: &melek_irt::simulation::one_dimension::Path| {
        let items: Vec<usize> = path.items.iter().map(|position| position + 1).collect();
        let mut person = json!({"items": items, "ability": path.estimate.mean, "se": path.estimate.standard_error});
        if let Some(truth) = path.ability {
            person["truth"] = json!(truth);
        }
        person
    };
    let summary = &played.summary;
    let accuracy = &summary.composite;
    let known = played.paths.iter().all(|path| path.ability.is_some());
    let mut figures = json!({
        "people": summary.people, "mean_se": accuracy.mean_standard_error,
        "length": {"mean": summary.length.mean, "shortest": summary.length.shortest, "longest": summary.length.longest},
        "exposure": {"largest": summary.exposure.largest, "overlap": summary.exposure.overlap,
            "unused": summary.exposure.unused, "rare": summary.exposure.rare},
        "rules_broken": summary.short_of_quotas,
    });
    if known {
        figures["rmse"] = json!(accuracy.root_mean_square_error);
        figures["bias"] = json!(accuracy.bias);
        figures["coverage"] = json!(accuracy.coverage);
        let fifth = |fifth: &melek_irt::simulation::Fifth| {
            json!({"people": fifth.people, "bias": fifth.composite.bias, "mean_se": fifth.composite.mean_standard_error,
                "length": fifth.mean_length, "largest": fifth.largest_exposure, "overlap": fifth.overlap})
        };
        figures["fifths"] = summary.fifths.iter().map(fifth).collect();
    }
    if played.overlap_in_room.is_finite() {
        figures["overlap_in_room"] = json!(played.overlap_in_room);
    }
    json!({"people": played.paths.iter().map(person).collect::<Vec<_>>(), "summary": figures})
}

fn table(summary: &Value) {
    let number = |value: &Value| value.as_f64().map(|value| format!("{value:.4}"));
    let line = |name: &str, value: &Value| {
        if let Some(text) = if value.is_u64() { Some(value.to_string()) } else { number(value) } {
            say(&format!("{name:<44} {text:>9}"));
        }
    };
    line("people", &summary["people"]);
    line("items, mean", &summary["length"]["mean"]);
    line("items, longest test", &summary["length"]["longest"]);
    line("standard error, mean", &summary["mean_se"]);
    line("root mean square error", &summary["rmse"]);
    line("bias", &summary["bias"]);
    line("covered by the interval of 95 %", &summary["coverage"]);
    line("largest exposure", &summary["exposure"]["largest"]);
    line("overlap of two people", &summary["exposure"]["overlap"]);
    line("overlap of two people of one room", &summary["overlap_in_room"]);
    line("items never shown, share", &summary["exposure"]["unused"]);
    line("items shown to fewer than 0.5 %, share", &summary["exposure"]["rare"]);
    line("tests that broke a rule", &summary["rules_broken"]);
    if let Some(fifths) = summary["fifths"].as_array() {
        say("by true ability   people     bias  mean SE   items  largest  overlap");
        for (name, fifth) in ["lowest fifth", "second", "third", "fourth", "highest fifth"].iter().zip(fifths) {
            let cell = |key: &str| fifth[key].as_f64().unwrap_or(f64::NAN);
            say(&format!(
                "{name:<16} {:>7} {:>8.3} {:>8.3} {:>7.2} {:>8.3} {:>8.3}",
                fifth["people"],
                cell("bias"),
                cell("mean_se"),
                cell("length"),
                cell("largest"),
                cell("overlap")
            ));
        }
    }
}

fn rule(text: &str) -> Result<Rule, String> {
    let (name, count) = text.split_once(':').map_or((text, None), |(name, count)| (name, Some(count)));
    let count = |what: &str| {
        let count = count.and_then(|count| count.parse().ok()).filter(|count| (1..=100).contains(count));
        count.ok_or_else(|| format!("write {name}:{what}, a number from 1 to 100, for example {name}:5"))
    };
    Ok(match name {
        "mfi" => Rule::MaximumInformation,
        "mpwi" => Rule::PosteriorWeightedInformation,
        "kl" => Rule::KullbackLeibler,
        "mei" => Rule::MaximumExpectedInformation,
        "mepv" => Rule::MinimumExpectedVariance,
        "stratified" => Rule::Stratified(count("STRATA")?),
        "progressive" => Rule::Progressive,
        "randomesque" => Rule::Randomesque(count("AMONG")?),
        _ => {
            return Err(
                "the rules are mfi, mpwi, kl, mei, mepv, stratified:STRATA, progressive, randomesque:AMONG".to_owned()
            );
        }
    })
}

fn control(text: &str) -> Result<Control, String> {
    let (name, values) = text.split_once(':').unwrap_or((text, ""));
    let values: Option<Vec<f64>> =
        values.split(',').filter(|value| !value.is_empty()).map(|value| value.trim().parse().ok()).collect();
    let shape =
        || "write none, ceiling:0.25, priced:0.25,1.5,0.008, eligibility:0.25 or sympson-hetter:0.25".to_owned();
    let values = values.ok_or_else(shape)?;
    let priced = |rate: f64, price: f64, exploration: f64| {
        let ceiling = ExposureCeiling::new(rate, SLACK).map_err(|error| error.to_string())?;
        let sensible = price >= 0.0 && price.is_finite() && (0.0..=1.0).contains(&exploration);
        let control = ExposureControl { ceiling, price, spread: if price > 0.0 { SPREAD } else { 0.0 }, exploration };
        if sensible { Ok(Control::Priced(control)) } else { Err(shape()) }
    };
    match (name, values.as_slice()) {
        ("none", []) => Ok(Control::None),
        ("ceiling", [rate]) => priced(*rate, 0.0, 0.0),
        ("priced", [rate, price, exploration]) => priced(*rate, *price, *exploration),
        ("eligibility", [rate]) if *rate > 0.0 && *rate <= 1.0 => Ok(Control::Eligibility { rate: *rate }),
        ("sympson-hetter", [rate]) if *rate > 0.0 && *rate <= 1.0 => Ok(Control::SympsonHetter { rate: *rate }),
        _ => Err(shape()),
    }
}

fn domains(text: &str) -> Result<(usize, usize), String> {
    let bounds =
        text.split_once(',').and_then(|(least, most)| Some((least.trim().parse().ok()?, most.trim().parse().ok()?)));
    bounds.filter(|(least, most)| least <= most).ok_or_else(|| "write LEAST,MOST, for example 4,8".to_owned())
}

fn positive(text: &str) -> Result<f64, String> {
    let value = text.parse::<f64>().ok().filter(|value| value.is_finite() && *value > 0.0);
    value.ok_or_else(|| "a standard error in logits is needed, for example 0.316".to_owned())
}
