//! Takes in a staff file: reads it, compares it with what is stored and keeps the outcome until it is confirmed
//! (`apply_import`). Nothing of the staff changes here. The command line and the page call the same functions.

use std::sync::Arc;

use melek_db::{Db, Error, q};
use melek_web::{Clock, Locale};
use serde::{Deserialize, Serialize};
use time::{Date, Duration, OffsetDateTime};
use uuid::Uuid;

use crate::agency::{agency_name, find_agency};
use crate::difference::{Difference, KnownPerson, compare};
use crate::identity::name_key;
use crate::known_staff::known_people;
use crate::report::{ErrorReport, Report};
use crate::staff_file::{DroppedColumn, Fault, ReadError, StaffFile, StaffRow, read};
use crate::words;

pub(crate) const INSERT_IMPORT: &str = "INSERT INTO people_import
    (id, agency_id, account_id, file_name, state, row_count, content_json, summary_json, created_ms)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
pub(crate) const FORGET_CONTENT: &str = "UPDATE people_import SET content_json = NULL, state = 'set_aside'
    WHERE content_json IS NOT NULL AND (created_ms < $1 OR agency_id = $2)";
pub(crate) const READ_IMPORT: &str = "SELECT file_name, state, row_count, content_json, summary_json, applied_ms
    FROM people_import WHERE id = $1 AND agency_id = $2";

/// Content of a file that is not confirmed is forgotten after a week.
const KEPT_MS: i64 = 7 * 24 * 60 * 60 * 1000;
const LONGEST_FILE_NAME: usize = 120;

#[derive(Debug, thiserror::Error)]
pub enum ImportStaffError {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error("reading the file stopped unexpectedly: {0}")]
    Thread(#[from] tokio::task::JoinError),
    #[error("the kept outcome cannot be written or read: {0}")]
    Json(#[from] serde_json::Error),
    #[error(transparent)]
    Agency(#[from] crate::agency::CreateAgencyError),
    #[error(transparent)]
    Database(#[from] Error),
}

/// A file and for whom it is loaded.
#[derive(Debug, Clone)]
pub struct StaffUpload {
    pub file_name: String,
    pub bytes: Arc<[u8]>,
    /// Minutes east of Greenwich, to know which day it is.
    pub utc_offset_minutes: i32,
}

/// A file that was read and compared; nothing is written yet.
#[derive(Debug)]
pub struct ReadStaff {
    pub file: StaffFile,
    pub difference: Difference,
    pub(crate) known: Vec<KnownPerson>,
    /// Names of agencies in the file that are not the one being loaded, with how many rows name them.
    pub other_agencies: Vec<(String, usize)>,
}

/// What is kept between upload and confirmation. Only one of rows and faults is filled.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Content {
    pub rows: Vec<StaffRow>,
    pub faults: Vec<KeptFault>,
}

/// A fault in both languages, as it is shown later.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct KeptFault {
    pub sheet: String,
    pub cell: String,
    pub column: String,
    pub value: String,
    pub problem: String,
    pub reason: [String; 2],
    pub remedy: [String; 2],
}

/// What stays of a file after its content is forgotten.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
pub(crate) struct Summary {
    pub dropped: Vec<String>,
    pub sensitive: Vec<String>,
    pub ignored_sheets: Vec<String>,
    pub other_agencies: Vec<(String, usize)>,
    pub faults: usize,
    pub new: usize,
    pub changed: usize,
    pub unchanged: usize,
    pub left: usize,
    /// Names above a unit that mean several units.
    #[serde(default)]
    pub ambiguous_units: Vec<String>,
}

/// A kept file.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct ImportRow {
    pub file_name: String,
    pub state: String,
    pub row_count: i64,
    pub content_json: Option<String>,
    pub summary_json: String,
    pub applied_ms: Option<i64>,
}

/// Reads a file on a thread of its own and compares it with the staff of the agency (nobody, if it is new).
pub async fn read_staff(
    db: &Db,
    clock: &Clock,
    agency: Option<(Uuid, &str)>,
    upload: &StaffUpload,
) -> Result<ReadStaff, ImportStaffError> {
    let today = day(clock.now_ms(), upload.utc_offset_minutes);
    let (bytes, name) = (Arc::clone(&upload.bytes), upload.file_name.clone());
    let file = tokio::task::spawn_blocking(move || read(&bytes, &name, today)).await??;
    // Nobody belongs to an agency that is not there yet, but a NIP may belong to somebody elsewhere.
    let known = known_people(db, agency.map_or(Uuid::nil(), |(agency, _)| agency), &file.rows).await?;
    let agency_name = agency.map_or("", |(_, name)| name);
    let difference = compare(&known, &file.rows, agency_name);
    let other_agencies = other_agencies(&file.rows, agency_name);
    Ok(ReadStaff { file, difference, known, other_agencies })
}

/// Reads a file for an agency by name, without writing anything: `melek import staff --dry-run`, and the first half of
/// the same command without it.
pub async fn read_staff_of(
    db: &Db,
    clock: &Clock,
    agency: &str,
    upload: &StaffUpload,
) -> Result<ReadStaff, ImportStaffError> {
    let found = find_agency(db, agency).await?;
    let read = read_staff(db, clock, found.map(|id| (id, agency)), upload).await?;
    let other_agencies = self::other_agencies(&read.file.rows, agency);
    Ok(ReadStaff { other_agencies, ..read })
}

impl ReadStaff {
    /// The outcome for people and programs, in a language.
    pub fn report(&self, locale: Locale) -> Report {
        Report::new(self, &words(locale))
    }

    pub fn has_faults(&self) -> bool {
        !self.file.faults.is_empty()
    }
}

/// Keeps what was read until it is confirmed; an earlier file of the agency that was not confirmed is set aside.
pub(crate) async fn keep(
    db: &Db,
    clock: &Clock,
    (agency, account): (Uuid, Option<Uuid>),
    (upload, read): (&StaffUpload, ReadStaff),
) -> Result<Uuid, ImportStaffError> {
    let id = clock.new_id();
    let now_ms = clock.now_ms();
    let summary = serde_json::to_string(&Summary::new(&read))?;
    let state = if read.has_faults() { "faulty" } else { "open" };
    let rows_read = read.file.rows_read as i64;
    let content = serde_json::to_string(&Content::new(read))?;
    let name: String = upload.file_name.replace('\0', "").chars().take(LONGEST_FILE_NAME).collect();
    let mut tx = db.begin().await?;
    q(FORGET_CONTENT).bind(now_ms - KEPT_MS).bind(agency).exec(&mut tx).await?;
    let insert = q(INSERT_IMPORT).bind(id).bind(agency).bind(account).bind(name).bind(state);
    insert.bind(rows_read).bind(content).bind(summary).bind(now_ms).exec(&mut tx).await?;
    tx.commit().await?;
    Ok(id)
}

/// Forgets what was uploaded a week ago and never confirmed: for the start of the program; each upload does it too.
pub async fn forget_stale_uploads(db: &Db, clock: &Clock) -> Result<(), Error> {
    let mut tx = db.begin().await?;
    q(FORGET_CONTENT).bind(clock.now_ms() - KEPT_MS).bind(Uuid::nil()).exec(&mut tx).await?;
    tx.commit().await
}

/// A kept file of the agency with its content; `None` once that is forgotten.
pub(crate) async fn kept(db: &Db, agency: Uuid, id: Uuid) -> Result<Option<ImportRow>, Error> {
    q(READ_IMPORT).bind(id).bind(agency).opt(db).await
}

/// The rows of a kept file compared with what is stored now.
pub(crate) async fn compare_kept(db: &Db, agency: Uuid, rows: Vec<StaffRow>) -> Result<ReadStaff, ImportStaffError> {
    let name = agency_name(db, agency).await?;
    let known = known_people(db, agency, &rows).await?;
    let difference = compare(&known, &rows, &name);
    let other_agencies = other_agencies(&rows, &name);
    let file = StaffFile { rows_read: rows.len(), rows, ..StaffFile::default() };
    Ok(ReadStaff { file, difference, known, other_agencies })
}

/// The calendar day in the installation's zone.
fn day(now_ms: i64, utc_offset_minutes: i32) -> Date {
    let moment = OffsetDateTime::UNIX_EPOCH + Duration::milliseconds(now_ms);
    (moment + Duration::minutes(i64::from(utc_offset_minutes))).date()
}

/// Agencies whose name shares no telling word with the agency being loaded: perhaps the wrong file, perhaps staff on
/// secondment. Told, never refused.
fn other_agencies(rows: &[StaffRow], agency: &str) -> Vec<(String, usize)> {
    let mut found: Vec<(String, usize)> = Vec::new();
    for name in rows.iter().filter_map(|row| row.agency.as_deref()) {
        match found.iter_mut().find(|(known, _)| name_key(known) == name_key(name)) {
            Some((_, count)) => *count += 1,
            None => found.push((name.to_owned(), 1)),
        }
    }
    found.retain(|(name, _)| !is_same_agency(name, agency));
    found
}

/// "Pemerintah Kab. Lembah Arum" and "Kabupaten Lembah Arum" share a telling word.
fn is_same_agency(one: &str, other: &str) -> bool {
    const FORMAL: [&str; 12] = [
        "pemerintah",
        "kabupaten",
        "kab",
        "kota",
        "provinsi",
        "prov",
        "kementerian",
        "badan",
        "republik",
        "indonesia",
        "dan",
        "daerah",
    ];
    let telling = |name: &str| -> Vec<String> {
        let key = name_key(name);
        let words = key.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty() && !FORMAL.contains(word));
        words.map(str::to_owned).collect()
    };
    let (one_words, other_words) = (telling(one), telling(other));
    name_key(one) == name_key(other) || one_words.iter().any(|word| other_words.contains(word))
}

impl Content {
    fn new(read: ReadStaff) -> Self {
        if read.has_faults() {
            let faults = read.file.faults.iter().map(KeptFault::new).collect();
            return Self { rows: Vec::new(), faults };
        }
        Self { rows: read.file.rows, faults: Vec::new() }
    }
}

impl KeptFault {
    fn new(fault: &Fault) -> Self {
        let [id, en] = Locale::ALL.map(words);
        Self {
            sheet: fault.sheet.clone(),
            cell: fault.cell.clone(),
            column: fault.column.clone(),
            value: fault.value.clone(),
            problem: fault.problem.id().to_owned(),
            reason: [fault.problem.reason(&id), fault.problem.reason(&en)],
            remedy: [fault.problem.remedy(&id), fault.problem.remedy(&en)],
        }
    }

    /// As it is told in a language.
    pub fn told(&self, locale: Locale) -> ErrorReport {
        let place = usize::from(locale == Locale::En);
        ErrorReport {
            sheet: self.sheet.clone(),
            cell: self.cell.clone(),
            column: self.column.clone(),
            value: self.value.clone(),
            reason: self.reason[place].clone(),
            remedy: self.remedy[place].clone(),
            code: self.problem.clone(),
        }
    }
}

impl Summary {
    pub fn new(read: &ReadStaff) -> Self {
        let names = |columns: &mut dyn Iterator<Item = &DroppedColumn>| columns.map(|c| c.name.clone()).collect();
        Self {
            dropped: names(&mut read.file.dropped.iter()),
            sensitive: names(&mut read.file.sensitive()),
            ignored_sheets: read.file.ignored_sheets.clone(),
            other_agencies: read.other_agencies.clone(),
            faults: read.file.faults.len(),
            new: read.difference.new.len(),
            changed: read.difference.changed.len(),
            unchanged: read.difference.unchanged.len(),
            left: 0,
            ambiguous_units: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agency_is_the_same_in_full_and_in_short_words() {
        assert!(is_same_agency("Pemerintah Kab. Lembah Arum", "Kabupaten Lembah Arum"));
        assert!(is_same_agency("KEMENTERIAN KEUANGAN", "kementerian  keuangan"));
        assert!(!is_same_agency("Pemerintah Kabupaten Sungai Biru", "Kabupaten Lembah Arum"));
    }

    #[test]
    fn the_day_is_that_of_the_installation() {
        assert_eq!(day(1_796_086_800_000, 420), time::macros::date!(2026 - 12 - 01));
        assert_eq!(day(1_796_086_800_000, -12 * 60), time::macros::date!(2026 - 11 - 30));
    }
}
