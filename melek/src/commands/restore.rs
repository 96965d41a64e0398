//! `melek restore`: brings a backup back into an empty place and up to date.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use melek_db::{Db, RestoreError};
use melek_people::find_agency;
use serde_json::json;

use super::data_folder::DataFolder;
use crate::bad_input::BadInput;
use crate::demo::{AGENCY, Mark};
use crate::output::say;
use crate::progress;
use crate::wiring::migrations;

#[derive(Args)]
#[command(
    after_help = "Nothing is ever overwritten: restore into a new data folder, or move the old database away first. On \
    PostgreSQL restore into a new, empty database; pg_restore must be installed.\n\n\
    Example:\n  melek restore /mnt/safe/melek-monday.sqlite --data /srv/melek-restored"
)]
pub struct Restore {
    /// The backup, as `melek backup` wrote it
    file: PathBuf,
    #[command(flatten)]
    data: DataFolder,
    /// Print {"file":"…","migrations_applied":n} instead of a sentence
    #[arg(long)]
    json: bool,
}

pub async fn run(arguments: Restore) -> Result<()> {
    let Restore { file, data, json } = arguments;
    if !file.is_file() {
        return Err(BadInput(format!("there is no file {}", file.display())).into());
    }
    let address = data.address()?;
    std::fs::create_dir_all(&data.path)
        .map_err(|error| BadInput(format!("the data folder {} cannot be made: {error}", data.path.display())))?;
    let spinner = progress::spinner("restoring and reading through");
    let restored = melek_db::restore(&file, &address).await;
    spinner.finish_and_clear();
    restored.map_err(|error| match error {
        RestoreError::Tool(_) | RestoreError::Open(_) | RestoreError::Database(_) => anyhow::Error::new(error),
        not_usable => BadInput(not_usable.to_string()).into(),
    })?;
    let db = Db::open(&address).await?;
    let applied =
        db.migrate(&migrations()).await.context("the backup was restored, but its tables stay as they are")?;
    if find_agency(&db, AGENCY).await?.is_some() {
        // The copy of a demonstration goes on saying on every page that nothing in it is real.
        Mark::of_copy().write(&data.path)?;
    }
    db.close().await;
    if json {
        say(&json!({ "file": file, "migrations_applied": applied }).to_string());
    } else {
        say(&format!("{} is restored ({applied} migrations applied since it was made).", file.display()));
    }
    Ok(())
}
