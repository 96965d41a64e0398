//! `melek migrate`: brings the tables to the shape this program expects. `melek serve` does the same at its start.

use anyhow::{Context, Result};
use clap::Args;
use melek_db::Db;
use serde_json::json;

use super::data_folder::DataFolder;
use crate::bad_input::BadInput;
use crate::output::say;
use crate::wiring::migrations;

#[derive(Args)]
#[command(
    after_help = "`melek serve` does this by itself when it starts. Run it alone to know beforehand that a new version \
    fits your data: make a backup, run it, and only then start the new version.\n\n\
    Example:\n  melek backup --data /srv/melek && melek migrate --data /srv/melek"
)]
pub struct Migrate {
    #[command(flatten)]
    data: DataFolder,
    /// Print {"applied":n} instead of a sentence
    #[arg(long)]
    json: bool,
}

pub async fn run(arguments: Migrate) -> Result<()> {
    let folder = &arguments.data.path;
    std::fs::create_dir_all(folder)
        .map_err(|error| BadInput(format!("the data folder {} cannot be made: {error}", folder.display())))?;
    let db = Db::open(&arguments.data.address()?).await?;
    let applied = db.migrate(&migrations()).await.context("the tables stay as they are")?;
    db.close().await;
    match (arguments.json, applied) {
        (true, applied) => say(&json!({ "applied": applied }).to_string()),
        (false, 0) => say("The tables are up to date; nothing was to be done."),
        (false, applied) => say(&format!("{applied} migrations were applied; the tables are up to date.")),
    }
    Ok(())
}
