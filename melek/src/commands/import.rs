//! `melek import staff`: loads a staff file as the page of the officer does, all or nothing.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use melek_people::staff_file::ReadError;
use melek_people::{ApplyImportError, ErrorReport, ImportStaffError, ReadStaff, Report, StaffUpload};
use melek_people::{load_staff, read_staff_of};
use melek_web::{Clock, Locale, Settings};

use super::data_folder::DataFolder;
use crate::bad_input::BadInput;
use crate::output::say;
use crate::progress;
use crate::wiring;

#[derive(Subcommand)]
pub enum Import {
    /// Load a list of staff (.xlsx or .csv) in the shape of a SIASN export
    Staff(Staff),
}

#[derive(Args)]
#[command(
    after_help = "The file has a header row somewhere near its top; needed are NIP, NAMA, a unit (UNOR NAMA) and a post \
    (JABATAN NAMA), about fifteen further columns are used. Religion, NIK, tax number, salary and the like \
    are never kept. Any error in the file, and nothing is written: all errors are listed at once and the \
    program ends with 2. People who are missing from the file are listed and stay; a NIP that seems to have \
    changed is a question for the officer.\n\n\
    Examples:\n  melek import staff pegawai.xlsx --agency \"Kabupaten Nusa Peraga\" --dry-run\n  \
    melek import staff pegawai.xlsx --agency \"Kabupaten Nusa Peraga\""
)]
pub struct Staff {
    /// The list of staff
    file: PathBuf,
    #[command(flatten)]
    data: DataFolder,
    /// Name of the agency; it is created with its first file
    #[arg(long, value_name = "NAME")]
    agency: String,
    /// Say what would change, write nothing
    #[arg(long)]
    dry_run: bool,
    /// Print the outcome as one line of JSON
    #[arg(long)]
    json: bool,
    /// Language of reasons and remedies: en or id
    #[arg(long, default_value = "en")]
    language: Locale,
}

pub async fn run(command: Import) -> Result<()> {
    let Import::Staff(arguments) = command;
    let upload = upload(&arguments.file)?;
    if arguments.agency.trim().is_empty() {
        return Err(BadInput("the name of the agency is empty; give it with --agency".to_owned()).into());
    }
    let spinner = progress::spinner("reading the staff file");
    let read = read_or_load(&arguments, &upload).await;
    spinner.finish_and_clear();
    let report = match read {
        Ok(read) => read.report(arguments.language),
        Err(error) => unreadable(why_unreadable(&error).ok_or(error)?, arguments.language),
    };
    if arguments.json {
        say(&serde_json::to_string(&report)?)
    } else {
        tell(&report, arguments.dry_run)
    }
    match report.errors.len() {
        0 => Ok(()),
        1 => Err(BadInput(format!("one error in {}; nothing was written", arguments.file.display())).into()),
        count => Err(BadInput(format!("{count} errors in {}; nothing was written", arguments.file.display())).into()),
    }
}

fn upload(file: &Path) -> Result<StaffUpload> {
    let bytes = std::fs::read(file).map_err(|error| BadInput(format!("{} cannot be read: {error}", file.display())))?;
    let file_name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let utc_offset_minutes = Settings::default().utc_offset_minutes;
    Ok(StaffUpload { file_name, bytes: Arc::from(bytes), utc_offset_minutes })
}

/// Where there is no database yet, the file is first compared with an empty one elsewhere, so that a faulty file leaves
/// nothing behind.
async fn read_or_load(arguments: &Staff, upload: &StaffUpload) -> Result<ReadStaff> {
    let Staff { data, agency, dry_run, .. } = arguments;
    let clock = Clock::system();
    let is_new = !data.has_database()?;
    if is_new || *dry_run {
        let elsewhere = tempfile::tempdir().context("no temporary folder can be made")?;
        let db = if is_new { wiring::empty_database(elsewhere.path()).await? } else { data.open().await? };
        let read = read_staff_of(&db, &clock, agency, upload).await.map_err(ApplyImportError::from)?;
        db.close().await;
        if *dry_run || read.has_faults() {
            return Ok(read);
        }
    }
    let db = wiring::open_database(&data.path).await?;
    let read = load_staff(&db, &clock, agency, upload).await.context("nothing was written")?;
    db.close().await;
    Ok(read)
}

/// The reason, if the file as a whole is the trouble.
fn why_unreadable(error: &anyhow::Error) -> Option<ReadError> {
    match error.downcast_ref()? {
        ApplyImportError::Read(ImportStaffError::Read(reason)) => Some(*reason),
        // The reader of spreadsheets stopped in the middle of the file.
        ApplyImportError::Read(ImportStaffError::Thread(_)) => Some(ReadError::Damaged),
        _ => None,
    }
}

/// The outcome for a file that could not be read at all: one error, of no cell.
fn unreadable(reason: ReadError, language: Locale) -> Report {
    let error = ErrorReport {
        sheet: String::new(),
        cell: String::new(),
        column: String::new(),
        value: String::new(),
        reason: melek_people::words(language).text(reason.key()),
        remedy: String::new(),
        code: reason.key().to_owned(),
    };
    Report {
        rows: 0,
        new: 0,
        changed: 0,
        unchanged: 0,
        dropped_columns: Vec::new(),
        errors: vec![error],
        sensitive_columns: Vec::new(),
        ignored_sheets: Vec::new(),
        leavers: Vec::new(),
        questions: Vec::new(),
        other_agencies: Vec::new(),
    }
}

fn tell(report: &Report, dry_run: bool) {
    for ErrorReport { sheet, cell, column, value, reason, remedy, .. } in &report.errors {
        let place = if cell.is_empty() { sheet.clone() } else { format!("{sheet}!{cell} {column}") };
        let value = if value.is_empty() { String::new() } else { format!(" \u{201c}{value}\u{201d}") };
        say(format!("{place}{value}: {reason} {remedy}").trim_start_matches(": ").trim_end());
    }
    list("columns that were not read", &report.dropped_columns);
    list("sheets that were not read", &report.ignored_sheets);
    if !report.errors.is_empty() {
        return;
    }
    let Report { rows, new, changed, unchanged, .. } = report;
    let done = if dry_run { "Nothing was written. It would be: " } else { "" };
    say(&format!("{done}{rows} rows: {new} new, {changed} changed, {unchanged} unchanged."));
    let others = report.other_agencies.iter().map(|other| format!("{} ({} rows)", other.name, other.rows));
    list("agencies in the file that are not this one", &others.collect::<Vec<_>>());
    let questions = report.questions.iter().map(|asked| format!("{} {}: {}", asked.place, asked.name, asked.question));
    list("left for the officer to decide (page \u{201c}staff file\u{201d})", &questions.collect::<Vec<_>>());
    let leavers = report.leavers.iter().map(|person| format!("{} ({}, {})", person.name, person.nip, person.unit));
    list("not in the file, perhaps left; they stay", &leavers.collect::<Vec<_>>());
}

fn list(title: &str, lines: &[String]) {
    if !lines.is_empty() {
        say(&format!("{title}:\n  {}", lines.join("\n  ")));
    }
}
