//! Reads a list of staff from a spreadsheet or text file in the shape of a SIASN export.
//!
//! Pure: bytes in, people and faults out, nothing stored. Every fault of every cell is found at once and named with
//! sheet, address, column, value, reason and remedy. Columns that are not used are named as dropped and never read.
//! What becomes of the rows (`difference`, `import_staff`) is decided elsewhere. The format for officers is
//! `docs/formats/staff.md`.

mod cell;
mod columns;
mod header;
mod meaning;
mod problem;
mod row;
mod scan;
mod spreadsheet;
mod template;
mod text_file;

use time::Date;

pub use columns::DroppedColumn;
pub use problem::{Fault, Problem};
pub use row::StaffRow;
pub use template::template_workbook;

/// Largest file read, in bytes; 400,000 rows of a SIASN export stay below it.
pub const MOST_BYTES: usize = 200_000_000;

/// Why a file could not be read at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    #[error("the file is empty")]
    Empty,
    #[error("the file is too large")]
    TooLarge,
    #[error("the file has more than {most} rows")]
    TooManyRows { most: usize },
    #[error("the file is an old Excel file (.xls) or is protected by a password; save it as .xlsx without password")]
    OldOrLocked,
    #[error("the file is a web page and not a spreadsheet; open it in Excel and save it as .xlsx")]
    WebPage,
    #[error("the file is damaged and cannot be opened; open it in Excel and save it again as .xlsx")]
    Damaged,
    #[error("the file is neither an .xlsx file nor a text file with separated values")]
    NotATable,
}

impl ReadError {
    /// The key of its sentence in the files of words.
    pub fn key(self) -> &'static str {
        match self {
            Self::Empty => "file-empty",
            Self::TooLarge => "file-too-large",
            Self::TooManyRows { .. } => "file-too-many-rows",
            Self::OldOrLocked => "file-old-or-locked",
            Self::WebPage => "file-web-page",
            Self::Damaged => "file-damaged",
            Self::NotATable => "file-not-a-table",
        }
    }
}

/// What a file holds.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct StaffFile {
    /// Rows under a header that are not blank.
    pub rows_read: usize,
    /// The rows without fault.
    pub rows: Vec<StaffRow>,
    pub faults: Vec<Fault>,
    pub dropped: Vec<DroppedColumn>,
    pub read_sheets: Vec<String>,
    pub ignored_sheets: Vec<String>,
}

/// Reads a file by what it is, not by what it is called; `name` is only repeated in faults of a text file.
pub fn read(bytes: &[u8], name: &str, today: Date) -> Result<StaffFile, ReadError> {
    let mut scan = scan::Scan::new(today);
    match kind(bytes)? {
        Kind::Spreadsheet => spreadsheet::read(bytes, &mut scan)?,
        Kind::Text => text_file::read(bytes, name, &mut scan)?,
    }
    Ok(scan.finish())
}

enum Kind {
    Spreadsheet,
    Text,
}

fn kind(bytes: &[u8]) -> Result<Kind, ReadError> {
    if bytes.len() > MOST_BYTES {
        return Err(ReadError::TooLarge);
    }
    let start = bytes.trim_ascii_start();
    let opens_with = |mark: &[u8]| start.get(..mark.len()).is_some_and(|head| head.eq_ignore_ascii_case(mark));
    match start {
        [] => Err(ReadError::Empty),
        [0xd0, 0xcf, 0x11, 0xe0, ..] => Err(ReadError::OldOrLocked),
        [b'P', b'K', 3, 4, ..] => Ok(Kind::Spreadsheet),
        _ if opens_with(b"<html") || opens_with(b"<!doctype") || opens_with(b"<table") => Err(ReadError::WebPage),
        _ => Ok(Kind::Text),
    }
}
