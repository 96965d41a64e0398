//! `melek bank calibrate`: what the answers say about the items on trial. With `--adopt` an item's file takes what was found and the item
//! counts from the next activation on.

use std::path::Path;

use anyhow::{Context, Result};
use clap::Args;
use melek_assess::{CalibratedPilot, Desk, ItemId, adopt_pilot, calibrate_pilots, read_item};
use melek_irt::calibration::PilotItem;
use melek_web::Clock;
use serde_json::{Value, json};

use crate::bad_input::BadInput;
use crate::commands::data_folder::DataFolder;
use crate::output::say;
use crate::wiring::{self, OWN_ITEMS};

#[derive(Args)]
#[command(
    after_help = "Without --adopt nothing is written. With it the item's file takes the parameters found with their errors, and its \
    `pilot = true` goes; then `melek bank activate` releases the bank.\n\n\
    Example:\n  melek bank calibrate --data /srv/melek\n  \
    melek bank calibrate --data /srv/melek --adopt own-letter-01 --adopt own-letter-02"
)]
pub struct Calibrate {
    #[command(flatten)]
    data: DataFolder,
    /// Item on trial that is to count from the next activation on; may be given more than once
    #[arg(long, value_name = "ITEM")]
    adopt: Vec<String>,
    /// Print as JSON
    #[arg(long)]
    json: bool,
}

pub async fn calibrate(arguments: Calibrate) -> Result<()> {
    let db = arguments.data.open().await?;
    let desk = Desk::open(&db, wiring::bank(&arguments.data.path)?, Clock::system().now_ms()).await?;
    let calibrated = calibrate_pilots(&desk, &db).await;
    desk.shut_down().await;
    db.close().await;
    let calibrated = calibrated?;
    let adopted = adopted(&calibrated, &arguments)?;
    for (path, text) in &adopted {
        std::fs::write(path, text).with_context(|| format!("{} cannot be written", path.display()))?;
    }
    if arguments.json {
        let items: Vec<Value> = calibrated.iter().map(as_json).collect();
        say(&json!({"items": items, "adopted": arguments.adopt}).to_string());
    } else {
        print_table(&calibrated);
    }
    if !adopted.is_empty() && !arguments.json {
        let folder = arguments.data.path.display();
        say(&format!(
            "{} items count once the bank is released: melek bank activate --data {folder} --approve-by NAME",
            adopted.len()
        ));
    }
    Ok(())
}

/// The new text of every file to be changed; one item that cannot be adopted and no file changes.
fn adopted(
    calibrated: &[CalibratedPilot],
    arguments: &Calibrate,
) -> Result<Vec<(std::path::PathBuf, String)>, BadInput> {
    let folder = arguments.data.path.join(OWN_ITEMS);
    let adopt = |id: &String| {
        let wanted = ItemId::new(id.as_str());
        let pilot = calibrated.iter().find(|pilot| pilot.item == wanted);
        let pilot = pilot.ok_or_else(|| BadInput(format!("{id} is not on trial in this bank")))?;
        let found = pilot.found.as_ref().map_err(|error| BadInput(format!("{id} cannot be adopted: {error}")))?;
        let path = folder.join(format!("{id}.toml"));
        adopted_file(&path, id, found).map(|text| (path.clone(), text))
    };
    arguments.adopt.iter().map(adopt).collect()
}

fn adopted_file(path: &Path, id: &str, found: &PilotItem) -> Result<String, BadInput> {
    let wrong = |reason: &dyn std::fmt::Display| BadInput(format!("{}: {reason}", path.display()));
    let source = std::fs::read_to_string(path).map_err(|error| wrong(&error))?;
    let text = adopt_pilot(&source, found).map_err(|error| wrong(&error))?;
    let findings = read_item(id, &text).err().unwrap_or_default();
    match findings.first() {
        Some(finding) => Err(wrong(&format!("with what was found it would break a rule: {}", finding.reason))),
        None => Ok(text),
    }
}

fn print_table(calibrated: &[CalibratedPilot]) {
    if calibrated.is_empty() {
        say(
            "No item is on trial. Write `pilot = true` into the file of an own item to try it out, see docs/formats/items.md.",
        );
        return;
    }
    say("item                 answers  right   discrimination ± error   difficulty ± error   fit");
    for pilot in calibrated {
        let name = pilot.item.to_string();
        match &pilot.found {
            Ok(found) => say(&format!(
                "{name:<20} {:>7} {:>4.0} %   {:>14.2} ± {:<5.2}   {:>10.2} ± {:<5.2}   {}",
                pilot.answers,
                100.0 * found.share_right,
                found.item.discrimination(),
                found.item.discrimination() * found.errors.log_discrimination(),
                found.item.difficulty(),
                found.errors.difficulty(),
                fit_in_words(found)
            )),
            Err(error) => say(&format!("{name:<20} {:>7}   {error}", pilot.answers)),
        }
    }
}

/// Probability of so large a misfit by chance below which an item is worth a second look.
const SUSPECT: f64 = 0.01;

fn fit_in_words(found: &PilotItem) -> String {
    match &found.fit {
        None => "too few answers to judge".to_owned(),
        Some(fit) if fit.p < SUSPECT => format!("look at the item: p = {:.4}", fit.p),
        Some(fit) => format!("fits (p = {:.2})", fit.p),
    }
}

fn as_json(pilot: &CalibratedPilot) -> Value {
    let item = pilot.item.to_string();
    match &pilot.found {
        Ok(found) => json!({
            "item": item, "answers": pilot.answers, "share_right": found.share_right,
            "discrimination": found.item.discrimination(), "discrimination_error": found.errors.log_discrimination(),
            "difficulty": found.item.difficulty(), "difficulty_error": found.errors.difficulty(),
            "error_correlation": found.errors.correlation(), "p": found.fit.as_ref().map(|fit| fit.p),
        }),
        Err(error) => json!({"item": item, "answers": pilot.answers, "why_not": error.to_string()}),
    }
}
