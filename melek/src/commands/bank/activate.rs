//! `melek bank activate`: a named person releases a bank with items of the agency's own. The bank is played first; one below the
//! thresholds is refused unless a reason is given, which is kept beside what was found wanting.

use anyhow::Result;
use clap::Args;
use melek_assess::{ActivateBankError, ItemPool, Release, activate_bank, blueprint, simulate_bank};
use melek_web::Clock;

use super::simulate::with_own_items;
use crate::bad_input::BadInput;
use crate::commands::data_folder::DataFolder;
use crate::output::say;
use crate::{progress, wiring};

#[derive(Args)]
#[command(
    after_help = "Until a bank with own items, or with open items switched off, is activated, `melek serve` does not start with it. \
    Every change of its items wants a new activation.\n\n\
    Example:\n  melek bank activate --data /srv/melek --approve-by \"Siti Rahma\"\n  \
    melek bank activate --data /srv/melek --approve-by \"Siti Rahma\" --despite \"Uji coba terbatas, 40 orang\""
)]
pub struct Activate {
    #[command(flatten)]
    data: DataFolder,
    /// Name of the person who releases the bank
    #[arg(long, value_name = "NAME")]
    approve_by: String,
    /// Why the bank is used although it falls short of a threshold; kept
    #[arg(long, value_name = "REASON")]
    despite: Option<String>,
    /// How many people to play first
    #[arg(long, default_value_t = 4_000)]
    people: u32,
    /// Seed of the people and their answers
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

pub async fn activate(arguments: Activate) -> Result<()> {
    let bank = with_own_items(&arguments.data.path)?;
    let by = named(&arguments.approve_by, "--approve-by wants the name of the person who releases the bank")?;
    let despite = arguments.despite.as_deref();
    let despite = despite.map(|reason| named(reason, "--despite wants the reason in words")).transpose()?;
    if bank.is_as_shipped() {
        let folder = arguments.data.path.display();
        return Err(BadInput(format!("the bank of {folder} is the open one; it needs no activation")).into());
    }
    let pool = ItemPool::of_bank(&bank).map_err(|error| BadInput(error.to_string()))?;
    let spinner = progress::spinner("playing people against the bank");
    let simulated = simulate_bank(&pool, blueprint(), arguments.people, arguments.seed);
    spinner.finish_and_clear();
    let simulated = simulated.map_err(|error| BadInput(error.to_string()))?;
    let db = wiring::open_database(&arguments.data.path).await?;
    let release = Release { by, despite, at_ms: Clock::system().now_ms() };
    let activated = activate_bank(&db, (&bank, blueprint()), &simulated, &release).await;
    db.close().await;
    match activated {
        Err(error @ ActivateBankError::Short(_)) => return Err(BadInput(error.to_string()).into()),
        other => other?,
    }
    let summary = &simulated.summary;
    say(&format!(
        "Bank {} ({} items, {} on trial) is activated by {by}: {:.1} items a person, intervals hold the truth for {:.1} %, most shown item {:.1} %",
        bank.version,
        pool.parameters.len(),
        pool.pilots.len(),
        summary.length.mean,
        100.0 * summary.composite.coverage,
        100.0 * summary.exposure.largest
    ));
    for shortcoming in simulated.shortcomings(blueprint()) {
        say(&format!("although {shortcoming}"));
    }
    say("A program that is running takes it up when it is started again.");
    Ok(())
}

/// Words that are there.
fn named<'a>(given: &'a str, wanted: &str) -> Result<&'a str, BadInput> {
    let given = given.trim();
    if given.is_empty() { Err(BadInput(wanted.to_owned())) } else { Ok(given) }
}
