//! The outcome of reading a staff file as `melek import staff --json` prints it and as the command line tells it.
//! Names of keys are a promise to scripts; further keys may come, none goes.

use std::collections::HashMap;

use melek_web::Words;
use serde::Serialize;

use crate::difference::{KnownPerson, Question};
use crate::import_staff::ReadStaff;
use crate::staff_file::Fault;

#[derive(Debug, Serialize)]
pub struct Report {
    pub rows: usize,
    pub new: usize,
    pub changed: usize,
    pub unchanged: usize,
    pub dropped_columns: Vec<String>,
    pub errors: Vec<ErrorReport>,
    /// The dropped columns that hold personal data of the kind that must never be kept.
    pub sensitive_columns: Vec<String>,
    pub ignored_sheets: Vec<String>,
    pub leavers: Vec<LeaverReport>,
    pub questions: Vec<QuestionReport>,
    /// Agencies in the file other than the one being loaded.
    pub other_agencies: Vec<OtherAgencyReport>,
}

#[derive(Debug, Serialize)]
pub struct ErrorReport {
    pub sheet: String,
    pub cell: String,
    pub column: String,
    pub value: String,
    pub reason: String,
    pub remedy: String,
    /// The name of the problem, the same in every language.
    pub code: String,
}

/// Somebody stored who is not in the file.
#[derive(Debug, Serialize)]
pub struct LeaverReport {
    pub name: String,
    pub nip: String,
    pub unit: String,
}

/// Something only the officer can decide.
#[derive(Debug, Serialize)]
pub struct QuestionReport {
    pub place: String,
    pub name: String,
    pub question: String,
}

#[derive(Debug, Serialize)]
pub struct OtherAgencyReport {
    pub name: String,
    pub rows: usize,
}

impl Report {
    pub(crate) fn new(read: &ReadStaff, words: &Words) -> Self {
        let ReadStaff { file, difference, .. } = read;
        Self {
            rows: file.rows_read,
            new: difference.new.len(),
            changed: difference.changed.len(),
            unchanged: difference.unchanged.len(),
            dropped_columns: file.dropped.iter().map(|column| column.name.clone()).collect(),
            errors: file.faults.iter().map(|fault| error(fault, words)).collect(),
            sensitive_columns: file.sensitive().map(|column| column.name.clone()).collect(),
            ignored_sheets: file.ignored_sheets.clone(),
            leavers: leavers(read),
            questions: questions(read, words),
            other_agencies: other_agencies(read),
        }
    }
}

fn error(fault: &Fault, words: &Words) -> ErrorReport {
    ErrorReport {
        sheet: fault.sheet.clone(),
        cell: fault.cell.clone(),
        column: fault.column.clone(),
        value: fault.value.clone(),
        reason: fault.problem.reason(words),
        remedy: fault.problem.remedy(words),
        code: fault.problem.id().to_owned(),
    }
}

/// With faults in the file nobody can say who is missing from it.
fn leavers(read: &ReadStaff) -> Vec<LeaverReport> {
    if read.has_faults() {
        return Vec::new();
    }
    let known: HashMap<&str, &KnownPerson> = read.known.iter().map(|person| (person.id.as_str(), person)).collect();
    let report = |person: &KnownPerson| LeaverReport {
        name: person.name.clone(),
        nip: person.nip.masked(),
        unit: person.unit_name.clone(),
    };
    read.difference.leavers.iter().filter_map(|id| known.get(id.as_str()).copied()).map(report).collect()
}

fn questions(read: &ReadStaff, words: &Words) -> Vec<QuestionReport> {
    let report = |question: &Question| {
        let row = &read.file.rows[question.row];
        QuestionReport { place: row.place.clone(), name: row.name.clone(), question: words.text(question.kind.key()) }
    };
    read.difference.questions.iter().map(report).collect()
}

fn other_agencies(read: &ReadStaff) -> Vec<OtherAgencyReport> {
    read.other_agencies.iter().map(|(name, rows)| OtherAgencyReport { name: name.clone(), rows: *rows }).collect()
}
