//! Reads the visible sheets of an .xlsx file cell by cell, never a whole sheet at once: a file that claims a million
//! columns costs nothing. Cell values are what Excel shows in the cell, with formulas marked.

use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxError, XlsxFormulaMetadata};
use time::{Date, Month};

use super::ReadError;
use super::cell::{Cell, Content};
use super::scan::Scan;

/// Unpacked size beyond which a file is refused before it is read: a list of 400,000 people stays below it.
const MOST_UNPACKED: u64 = 1_000_000_000;

/// Different texts a file may promise, and how far into its table of texts the promise stands.
const MOST_TEXTS: u64 = 20_000_000;
const TEXTS_START: u64 = 65_536;

/// Reads every visible sheet into `scan`. The reader's arithmetic is checked in every build and panics on a cell
/// address out of all range; such a file is damaged, and `scan` is thrown away with the error.
pub(crate) fn read(bytes: &[u8], scan: &mut Scan) -> Result<(), ReadError> {
    refuse_bomb(bytes)?;
    catch_unwind(AssertUnwindSafe(|| read_book(bytes, scan))).unwrap_or(Err(ReadError::Damaged))
}

fn read_book(bytes: &[u8], scan: &mut Scan) -> Result<(), ReadError> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let sheets: Vec<String> = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .collect();
    for name in sheets {
        read_sheet(&mut book, &name, scan)?;
    }
    Ok(())
}

fn read_sheet(book: &mut Xlsx<Cursor<&[u8]>>, name: &str, scan: &mut Scan) -> Result<(), ReadError> {
    scan.begin_sheet(name);
    let mut cells = book.worksheet_cells_reader(name).map_err(broken)?;
    while let Some(record) = cells.next_cell_with_formula_metadata().map_err(broken)? {
        let (row, column) = record.pos;
        if scan.wants(row, column) {
            let formula = record.formula.map(formula_text);
            match content(record.value) {
                None if formula.is_none() => {}
                content => {
                    let content = content.unwrap_or(Content::Text(String::new()));
                    scan.cell(row, column, Cell { content, formula })?;
                }
            }
        }
    }
    scan.end_sheet()
}

/// As the formula bar shows it; cells that share a formula repeat only that they have one.
fn formula_text(formula: XlsxFormulaMetadata) -> String {
    match formula {
        XlsxFormulaMetadata::Normal { formula } | XlsxFormulaMetadata::Shared { formula, .. } => format!("={formula}"),
        _ => "=…".to_owned(),
    }
}

fn content(value: DataRef<'_>) -> Option<Content> {
    Some(match Data::from(value) {
        Data::Empty => return None,
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => Content::Text(text),
        Data::Int(number) => Content::Number(number as f64),
        Data::Float(number) => Content::Number(number),
        Data::Bool(truth) => Content::Text(if truth { "TRUE" } else { "FALSE" }.to_owned()),
        Data::DateTime(moment) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            match calendar(year, month, day) {
                Some(date) => Content::Date(date),
                None => Content::Number(moment.as_f64()),
            }
        }
        Data::Error(error) => Content::Broken(error.to_string()),
    })
}

fn calendar(year: u16, month: u8, day: u8) -> Option<Date> {
    Date::from_calendar_date(i32::from(year), Month::try_from(month).ok()?, day).ok()
}

/// Refuses a file that would unpack to too much, and one whose table of texts promises more texts than it can hold:
/// the reader sets aside room for what is promised.
fn refuse_bomb(bytes: &[u8]) -> Result<(), ReadError> {
    let mut packed = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| ReadError::Damaged)?;
    let mut unpacked = 0_u64;
    let mut texts = Vec::new();
    for part in 0..packed.len() {
        let file = packed.by_index_raw(part).map_err(|_| ReadError::Damaged)?;
        unpacked = unpacked.saturating_add(file.size());
        if file.name().is_ok_and(|name| name.to_ascii_lowercase().ends_with("sharedstrings.xml")) {
            texts.push(part);
        }
    }
    if unpacked > MOST_UNPACKED {
        return Err(ReadError::TooLarge);
    }
    for part in texts {
        let file = packed.by_index(part).map_err(|_| ReadError::Damaged)?;
        refuse_promise(file)?;
    }
    Ok(())
}

fn refuse_promise(part: impl Read) -> Result<(), ReadError> {
    let mut start = Vec::new();
    part.take(TEXTS_START).read_to_end(&mut start).map_err(|_| ReadError::Damaged)?;
    let start = String::from_utf8_lossy(&start);
    if start.contains("<!") {
        return Err(ReadError::Damaged);
    }
    let after = start.split_once("uniqueCount").map_or("", |(_, after)| after);
    let digits: String =
        after.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).take(20).collect();
    if digits.parse::<u64>().unwrap_or(0) > MOST_TEXTS { Err(ReadError::Damaged) } else { Ok(()) }
}

fn broken(error: XlsxError) -> ReadError {
    match error {
        XlsxError::Password => ReadError::OldOrLocked,
        _ => ReadError::Damaged,
    }
}
