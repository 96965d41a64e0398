//! `melek bank simulate`: plays thousands of people against the bank and the blueprint, as if the parameters were true.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use melek_assess::{Bank, Blueprint, ItemPool, Shortcoming, SimulatedBank, Use, blueprint, simulate_bank};
use melek_framework::{AreaId, Level};
use melek_irt::simulation::{Fifth, Summary};
use serde_json::{Value, json};

use super::report;
use crate::bad_input::BadInput;
use crate::output::say;
use crate::wiring::{self, OWN_ITEMS};

#[derive(Args)]
pub struct Simulate {
    /// How many people to play
    #[arg(long, default_value_t = 10_000)]
    people: u32,
    /// Seed of the people and their answers
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Data folder of an installation whose own items are played as well; without it the open bank alone
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// A blueprint to try instead of the one in force, a file like content/blueprints/starter.toml
    #[arg(long)]
    blueprint: Option<PathBuf>,
    /// Go on, beyond the longest test, until the overall score has this reliability, such as 0.90
    #[arg(long)]
    reliability: Option<f64>,
    /// Print as JSON
    #[arg(long)]
    json: bool,
    /// Write how often each item was shown, for content/prices/: what items cost before the first real person
    #[arg(long, value_name = "FILE.json")]
    prices: Option<PathBuf>,
    /// Write all that was found as one page with charts and tables
    #[arg(long, value_name = "FILE.html")]
    report: Option<PathBuf>,
}

pub fn simulate(arguments: &Simulate) -> Result<()> {
    let bank = match &arguments.data {
        Some(data) => with_own_items(data)?,
        None => Bank::load(None)?,
    };
    let pool = ItemPool::of_bank(&bank).map_err(|error| BadInput(error.to_string()))?;
    let tried = arguments.blueprint.as_deref().map(read).transpose()?;
    let in_force = tried.as_ref().unwrap_or_else(|| blueprint());
    let until = arguments.reliability.map(|reliability| in_force.until_reliable(reliability));
    let until = until.transpose().map_err(|error| BadInput(error.to_string()))?;
    let blueprint = until.as_ref().unwrap_or(in_force);
    let simulated = simulate_bank(&pool, blueprint, arguments.people, arguments.seed)?;
    let shortcomings = simulated.shortcomings(blueprint);
    if let Some(file) = &arguments.prices {
        write(file, &prices(&pool, &simulated)?)?;
    }
    if let Some(file) = &arguments.report {
        write(file, &report::written(&pool, &simulated, &shortcomings))?;
    }
    if arguments.json {
        print_json(&pool, &simulated, &shortcomings);
    } else {
        print_table(&pool, &simulated);
        say(&verdict(&shortcomings));
    }
    Ok(())
}

/// The bank of an installation. One without items of its own was probably mistyped.
pub(super) fn with_own_items(data: &Path) -> Result<Bank, BadInput> {
    let folder = data.join(OWN_ITEMS);
    if !folder.is_dir() {
        return Err(BadInput(format!(
            "{} is no folder with the agency's own items; is --data right?",
            folder.display()
        )));
    }
    wiring::bank(data)
}

fn write(file: &Path, content: &str) -> Result<()> {
    std::fs::write(file, content).with_context(|| format!("{} cannot be written", file.display()))
}

/// Whether the bank may be used, in a line, and what stands against it in a line each.
fn verdict(shortcomings: &[Shortcoming]) -> String {
    if shortcomings.is_empty() {
        return "This bank and blueprint reach every threshold for use.".to_owned();
    }
    let reasons: String = shortcomings.iter().map(|shortcoming| format!("\n- {shortcoming}")).collect();
    format!(
        "This bank and blueprint should not be used to measure people. Add items where the bank is thin, or change the blueprint, until none \
         of this is left:{reasons}"
    )
}

/// Showings of each item to the simulated people, as `content/prices/` keeps them.
fn prices(pool: &ItemPool, simulated: &SimulatedBank) -> Result<String> {
    let people = f64::from(simulated.summary.people);
    let counts = pool.parameters.iter().zip(&simulated.summary.exposure.rates);
    let shown: BTreeMap<String, u64> =
        counts.map(|(item, rate)| (item.id.to_string(), (rate * people).round() as u64)).collect();
    Ok(serde_json::to_string_pretty(&json!({"people": simulated.summary.people, "shown": shown}))? + "\n")
}

fn read(file: &Path) -> Result<Blueprint, BadInput> {
    let unreadable = |reason: &dyn std::fmt::Display| BadInput(format!("{}: {reason}", file.display()));
    let source = std::fs::read_to_string(file).map_err(|error| unreadable(&error))?;
    Blueprint::read(&source).map_err(|error| unreadable(&error))
}

fn print_table(pool: &ItemPool, simulated: &SimulatedBank) {
    let summary = &simulated.summary;
    say(&format!(
        "Bank {} ({} items), {} simulated people; parameters are provisional",
        pool.version,
        pool.parameters.len(),
        summary.people
    ));
    say("score      covered by 95 %   bias    RMSE   mean SE");
    let line = |name: &str, accuracy: &melek_irt::simulation::Accuracy| {
        say(&format!(
            "{name:<10} {:>13.1} % {:>6.3} {:>7.3} {:>9.3}",
            accuracy.coverage * 100.0,
            accuracy.bias,
            accuracy.root_mean_square_error,
            accuracy.mean_standard_error
        ));
    };
    line("overall", &summary.composite);
    for area in AreaId::all() {
        line(&format!("area {area}"), &summary.dimensions[area.index()]);
    }
    let length = &summary.length;
    say(&format!(
        "items: mean {:.1}, from {} to {}, tenth to ninetieth of a hundred {} to {}",
        length.mean, length.shortest, length.longest, length.tenth_percentile, length.ninetieth_percentile
    ));
    let stops = &summary.stops;
    say(&format!(
        "ended: precise enough {}, decision clear {}, no useful item left {}, longest test {}, no item left {}",
        stops.precision, stops.decision, stops.no_useful_item, stops.maximum, stops.exhausted
    ));
    let exposure = &summary.exposure;
    say(&format!(
        "exposure: largest {:.3}, unused {:.1} %, shown to fewer than 0.5 % {:.1} %, two people share {:.1} % of their items",
        exposure.largest,
        exposure.unused * 100.0,
        exposure.rare * 100.0,
        exposure.overlap * 100.0
    ));
    print_fifths(summary);
    print_use(simulated);
    say(&format!(
        "verdicts over all posts and areas: met {:.1} %, not sure {:.1} %, not met {:.1} %; of the met and not met {:.1} % are right",
        simulated.shares.met * 100.0,
        simulated.shares.not_sure * 100.0,
        simulated.shares.not_met * 100.0,
        simulated.shares.right * 100.0
    ));
}

/// Where the bank is thin on the scale of ability.
fn print_fifths(summary: &Summary<{ AreaId::COUNT }>) {
    say("people by true overall score, from the lowest fifth   items   mean SE   largest exposure");
    for (place, fifth) in summary.fifths.iter().enumerate() {
        say(&format!(
            "{:<50} {:>8.1} {:>9.3} {:>18.3}",
            place + 1,
            fifth.mean_length,
            fifth.composite.mean_standard_error,
            fifth.largest_exposure
        ));
    }
}

/// Where the bank is thin among competences and levels.
fn print_use(simulated: &SimulatedBank) {
    say("items, shown to a person on average, largest exposure of one of them");
    let levels: Vec<String> = Level::REACHABLE.iter().map(|level| format!("{:>18}", level.id())).collect();
    say(&format!("competence {}", levels.join("")));
    for (competence, uses) in &simulated.use_of {
        let cells = uses.iter().map(|of| format!("{:>6} {:>5.2} {:>5.3}", of.items, of.shown_per_person, of.largest));
        say(&format!("{competence:<10} {}", cells.collect::<Vec<_>>().join("")));
    }
}

fn use_as_json(simulated: &SimulatedBank) -> Value {
    let of_competence = |uses: &[Use]| {
        let levels = Level::REACHABLE.iter().zip(uses).map(|(level, of)| {
            let of = json!({"items": of.items, "unused": of.unused, "shown_per_person": of.shown_per_person, "largest": of.largest});
            (level.id().to_owned(), of)
        });
        Value::Object(levels.collect())
    };
    simulated.use_of.iter().map(|(competence, uses)| (competence.to_string(), of_competence(uses))).collect()
}

fn print_json(pool: &ItemPool, simulated: &SimulatedBank, shortcomings: &[Shortcoming]) {
    let summary = &simulated.summary;
    let accuracy = |accuracy: &melek_irt::simulation::Accuracy| json!({"coverage": accuracy.coverage, "bias": accuracy.bias, "rmse": accuracy.root_mean_square_error, "mean_se": accuracy.mean_standard_error});
    let fifth = |fifth: &Fifth| json!({"people": fifth.people, "overall": accuracy(&fifth.composite), "mean_length": fifth.mean_length, "largest_exposure": fifth.largest_exposure});
    let areas: Vec<_> = summary.dimensions.iter().map(accuracy).collect();
    let rates =
        pool.parameters.iter().zip(&summary.exposure.rates).map(|(item, rate)| (item.id.to_string(), json!(rate)));
    let report = json!({
        "bank": pool.version, "items": pool.parameters.len(), "people": summary.people, "provisional": true,
        "overall": accuracy(&summary.composite), "areas": areas,
        "length": {"mean": summary.length.mean, "median": summary.length.median, "shortest": summary.length.shortest, "longest": summary.length.longest},
        "stops": {"precision": summary.stops.precision, "decision": summary.stops.decision, "no_useful_item": summary.stops.no_useful_item, "maximum": summary.stops.maximum, "exhausted": summary.stops.exhausted},
        "exposure": {"largest": summary.exposure.largest, "unused": summary.exposure.unused, "rare": summary.exposure.rare, "overlap": summary.exposure.overlap, "rates": rates.collect::<serde_json::Map<_, _>>()},
        "shortcomings": shortcomings.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "fifths": summary.fifths.iter().map(fifth).collect::<Vec<_>>(),
        "use": use_as_json(simulated),
        "verdicts": {"met": simulated.shares.met, "not_sure": simulated.shares.not_sure, "not_met": simulated.shares.not_met, "right": simulated.shares.right},
    });
    say(&report.to_string());
}
