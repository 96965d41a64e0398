//! `melek export answers`: the answers of finished tests for calibration, without a name.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use melek_assess::{Bank, export_answers};
use melek_db::Db;
use melek_web::secret;
use serde_json::json;

use super::data_folder::DataFolder;
use crate::bad_input::BadInput;
use crate::output::say;
use crate::progress;
use crate::wiring;

const HEADER: [&str; 5] = ["person", "item", "score", "milliseconds", "rapid"];

#[derive(Subcommand)]
pub enum Export {
    /// Write the answers of all finished tests as person,item,score,milliseconds,rapid
    Answers(Answers),
}

#[derive(Args)]
#[command(
    after_help = "A person is a number drawn anew for each export; nothing leads from it to a name without the database. \
    Still it is personal data: keep the file where only those who calibrate can read it.\n\n\
    Example:\n  melek export answers --data /srv/melek --out answers.csv"
)]
pub struct Answers {
    #[command(flatten)]
    data: DataFolder,
    /// File to write; it must not be there yet
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Print {"file":"…","answers":n} instead of a sentence
    #[arg(long)]
    json: bool,
}

pub async fn run(command: Export) -> Result<()> {
    let Export::Answers(arguments) = command;
    let db = arguments.data.open().await?;
    let bank = wiring::bank(&arguments.data.path)?;
    let spinner = progress::spinner("writing answers");
    let written = write(&db, &bank, &arguments.out).await;
    spinner.finish_and_clear();
    let answers = written?;
    db.close().await;
    if arguments.json {
        say(&json!({ "file": arguments.out, "answers": answers }).to_string());
    } else {
        say(&format!("{answers} answers in {}", arguments.out.display()));
    }
    Ok(())
}

async fn write(db: &Db, bank: &Bank, out: &Path) -> Result<usize> {
    let mut rows = csv::Writer::from_writer(BufWriter::new(new_file(out)?));
    let unwritten = || format!("{} cannot be written", out.display());
    rows.write_record(HEADER).with_context(unwritten)?;
    let mut failure = None;
    let count = export_answers(db, bank, u64::from_le_bytes(secret::bytes()), |answer| {
        let row = (answer.person, answer.item, answer.score, answer.milliseconds, u8::from(answer.is_rapid));
        if let (None, Err(error)) = (&failure, rows.serialize(row)) {
            failure = Some(error);
        }
    });
    let count = count.await?;
    match failure {
        Some(error) => Err(error).with_context(unwritten)?,
        None => rows.flush().with_context(unwritten)?,
    }
    Ok(count)
}

/// Only its owner may read it.
fn new_file(out: &Path) -> Result<File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    Ok(options.open(out).map_err(|error| BadInput(format!("{} cannot be made: {error}", out.display())))?)
}
