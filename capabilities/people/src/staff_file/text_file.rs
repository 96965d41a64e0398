//! Reads a text file of comma, semicolon or tab separated values: UTF-8 with or without mark, UTF-16 with mark,
//! otherwise Windows-1252. Rows are counted as a spreadsheet counts them, blank lines included.

use std::borrow::Cow;

use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::ReadError;
use super::cell::Cell;
use super::header::{HEADER_WITHIN, Header};
use super::scan::Scan;

const DELIMITERS: [u8; 4] = [b';', b',', b'\t', b'|'];

/// Reads the one table of a text file into `scan`; `name` stands for the sheet.
pub(crate) fn read(bytes: &[u8], name: &str, scan: &mut Scan) -> Result<(), ReadError> {
    let text = decoded(bytes);
    if text.contains('\0') {
        return Err(ReadError::NotATable);
    }
    let (skipped, table) = without_separator_line(&text);
    scan.begin_sheet(name);
    for_each_row(table, delimiter(table), |row, fields| {
        for (column, field) in fields.iter().enumerate() {
            let row = row + skipped;
            if !field.trim().is_empty() && scan.wants(row, column as u32) {
                let formula = field.trim_start().starts_with('=').then(|| field.trim().to_owned());
                scan.cell(row, column as u32, Cell { formula, ..Cell::text(field) })?;
            }
        }
        Ok(())
    })?;
    scan.end_sheet()
}

fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    let encoding = match bytes {
        [0xff, 0xfe, ..] => UTF_16LE,
        [0xfe, 0xff, ..] => UTF_16BE,
        _ if std::str::from_utf8(bytes).is_ok() => UTF_8,
        _ => WINDOWS_1252,
    };
    let text = encoding.decode_with_bom_removal(bytes).0;
    // Line ends of an old Mac.
    if text.contains('\r') && !text.contains('\n') { Cow::Owned(text.replace('\r', "\n")) } else { text }
}

/// Excel's own first line `sep=;` is not a row for the reader, but it is one for the person who looks at the file.
fn without_separator_line(text: &str) -> (u32, &str) {
    match text.split_once('\n') {
        Some((first, rest)) if first.trim_end().len() == 5 && first.to_ascii_lowercase().starts_with("sep=") => {
            (1, rest)
        }
        _ => (0, text),
    }
}

/// The separator under which the header names most columns; the one that occurs most where there is no header.
fn delimiter(text: &str) -> u8 {
    let score = |delimiter: &u8| {
        let mut known = 0;
        // Reading stops at the end of the rows in which a header may stand; a wrong separator reads nothing useful.
        let _ = for_each_row(text, *delimiter, |row, fields| {
            if row >= HEADER_WITHIN {
                return Err(ReadError::NotATable);
            }
            let cells: Vec<(u32, String)> =
                fields.iter().enumerate().map(|(column, field)| (column as u32, field.to_owned())).collect();
            if let Some(header) = Header::recognise(row, &cells) {
                known = known.max(header.known());
            }
            Ok(())
        });
        (known, text.bytes().take(4096).filter(|byte| byte == delimiter).count())
    };
    DELIMITERS.into_iter().rev().max_by_key(score).unwrap_or(b',')
}

/// Calls `take` with the row number and fields of each record. The number is that of a spreadsheet: line ends before the
/// record, without those inside quoted fields.
fn for_each_row(
    text: &str,
    delimiter: u8,
    mut take: impl FnMut(u32, &csv::StringRecord) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let (mut lines, mut inside_fields, mut counted) = (0, 0, 0_usize);
    while reader.read_record(&mut record).map_err(|_| ReadError::NotATable)? {
        let position = record.position().map_or(0, csv::Position::byte);
        let rest = text.get(position as usize..).unwrap_or_default();
        let begin = text.len() - rest.trim_start_matches(['\r', '\n']).len();
        lines += line_ends(text.get(counted..begin).unwrap_or_default());
        counted = begin;
        take(lines.saturating_sub(inside_fields), &record)?;
        inside_fields += record.iter().map(line_ends).sum::<u32>();
    }
    Ok(())
}

fn line_ends(text: &str) -> u32 {
    text.bytes().filter(|byte| *byte == b'\n').count() as u32
}
