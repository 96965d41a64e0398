//! `melek backup`: a verified copy of the whole database in one file, while people go on working.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use melek_db::{Address, BackupError};
use melek_web::Clock;
use serde_json::json;
use time::macros::format_description;
use time::{Duration, OffsetDateTime};

use super::data_folder::DataFolder;
use crate::bad_input::BadInput;
use crate::output::say;
use crate::progress;

#[derive(Args)]
#[command(
    after_help = "People may go on working: every answer acknowledged before the copy began is in it. The copy holds \
    personal data; only you can read it. On PostgreSQL the copy is made by pg_dump, which must be installed. \
    The agency's own items (DIR/items) are files and not in the copy: copy that folder too.\n\n\
    Examples:\n  melek backup --data /srv/melek\n  melek backup --data /srv/melek --out /mnt/safe/melek-monday.sqlite"
)]
pub struct Backup {
    #[command(flatten)]
    data: DataFolder,
    /// File to write; it must not be there yet. Without it: DIR/backups/melek-DATE-TIME
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Print {"file":"…","bytes":n} instead of a sentence
    #[arg(long)]
    json: bool,
}

pub async fn run(arguments: Backup) -> Result<()> {
    let address = arguments.data.address()?;
    let out = match arguments.out {
        Some(file) => file,
        None => default_file(&arguments.data.path, &address)?,
    };
    let spinner = progress::spinner("copying the database");
    let copied = melek_db::backup(&address, &out).await;
    spinner.finish_and_clear();
    let bytes = copied.map_err(|error| match error {
        BackupError::Exists { .. } | BackupError::NoDatabase { .. } => BadInput(error.to_string()).into(),
        other => anyhow::Error::new(other),
    })?;
    if arguments.json {
        say(&json!({ "file": out, "bytes": bytes }).to_string());
    } else {
        say(&format!("Backup in {} ({bytes} bytes), read through and whole.", out.display()));
    }
    Ok(())
}

fn default_file(data: &Path, address: &Address) -> Result<PathBuf> {
    let folder = data.join("backups");
    if !data.is_dir() {
        return Err(BadInput(format!("there is no folder {}; is --data right?", data.display())).into());
    }
    std::fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let ending = match address {
        Address::Sqlite(_) => "sqlite",
        Address::Postgres(_) => "dump",
    };
    Ok(folder.join(format!("melek-{}.{ending}", stamp(Clock::system().now_ms())?)))
}

/// Date and time of Western Indonesia, to the second.
fn stamp(now_ms: i64) -> Result<String> {
    let moment = OffsetDateTime::UNIX_EPOCH + Duration::milliseconds(now_ms) + Duration::hours(7);
    Ok(moment.format(format_description!("[year][month][day]-[hour][minute][second]"))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backup_is_named_after_the_moment_in_western_indonesia() {
        assert_eq!(stamp(1_795_507_200_000).expect("stamp"), "20261124-150000");
    }
}
