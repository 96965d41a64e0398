//! Items as a spreadsheet for writers and translators: one line a text or value, both languages side by side. Written by one maintained
//! library and read by another, cell by cell, so that a file that claims a million columns costs nothing.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::panic::catch_unwind;

use calamine::{Data, Reader, Xlsx, XlsxError as ReadXlsxError};
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use toml::Table;

use crate::item_toml::{ItemLine, PutTogetherError, put_together, taken_apart};

const COLUMNS: [(&str, f64); 5] =
    [("item", 22.0), ("place", 26.0), ("indonesian", 60.0), ("english", 60.0), ("value", 30.0)];

/// A bank of a thousand items has about 60,000.
const MOST_ROWS: u32 = 200_000;

/// Cells by row and column, from 0.
type Cells = BTreeMap<u32, [Data; COLUMNS.len()]>;

/// Item files by name without ending.
pub type ItemFiles<T> = BTreeMap<String, T>;

#[derive(Debug, thiserror::Error)]
pub enum ReadItemSpreadsheetError {
    #[error("the file is not an .xlsx workbook: {0}")]
    NotAWorkbook(#[from] ReadXlsxError),
    #[error("the workbook has no sheet")]
    NoSheet,
    #[error("the workbook is damaged; open it in a spreadsheet program and save it again")]
    Damaged,
    #[error("the sheet has more than {MOST_ROWS} rows; take the items apart")]
    TooLong,
    #[error("the first row must say {}; take a sheet made by `melek items export`", COLUMNS.map(|(name, _)| name).join(", "))]
    Header,
    #[error("cell {column}{row}: {reason}")]
    Cell { column: char, row: usize, reason: &'static str },
    #[error("item {item}: {reason}")]
    Item { item: String, reason: PutTogetherError },
}

pub fn write_item_spreadsheet(files: &ItemFiles<Table>) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name("items")?;
    let heading = Format::new().set_bold();
    let wrapped = Format::new().set_text_wrap();
    for (at, (name, width)) in (0_u16..).zip(COLUMNS) {
        sheet.write_string_with_format(0, at, name, &heading)?;
        sheet.set_column_width(at, width)?;
    }
    let mut row = 0;
    for (item, file) in files {
        for line in taken_apart(file) {
            row += 1;
            sheet.write_string(row, 0, item)?;
            sheet.write_string(row, 1, &line.place)?;
            for (at, text) in [(2, line.id), (3, line.en), (4, line.value)] {
                if let Some(text) = text {
                    sheet.write_string_with_format(row, at, text, &wrapped)?;
                }
            }
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    workbook.save_to_buffer()
}

/// The text of every item file the spreadsheet holds.
pub fn read_item_spreadsheet(bytes: &[u8]) -> Result<ItemFiles<String>, ReadItemSpreadsheetError> {
    // The reader's arithmetic is checked in every build and panics on a cell address out of all range.
    let mut rows = catch_unwind(|| read_cells(bytes)).unwrap_or(Err(ReadItemSpreadsheetError::Damaged))?;
    let header = rows.remove(&0).map(|cells| cells.map(|cell| cell.to_string()));
    if header.is_none_or(|header| header != COLUMNS.map(|(name, _)| name)) {
        return Err(ReadItemSpreadsheetError::Header);
    }
    let mut items: ItemFiles<Vec<ItemLine>> = BTreeMap::new();
    for (row, cells) in &rows {
        if let Some((item, line)) = line(cells, *row as usize + 1)? {
            items.entry(item).or_default().push(line);
        }
    }
    let text = |(item, lines): (String, Vec<ItemLine>)| match put_together(&lines) {
        Ok(text) => Ok((item, text)),
        Err(reason) => Err(ReadItemSpreadsheetError::Item { item, reason }),
    };
    items.into_iter().map(text).collect()
}

/// The cells of the first sheet in the columns of an export.
fn read_cells(bytes: &[u8]) -> Result<Cells, ReadItemSpreadsheetError> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes))?;
    let sheet = workbook.sheet_names().first().cloned().ok_or(ReadItemSpreadsheetError::NoSheet)?;
    let mut reader = workbook.worksheet_cells_reader(&sheet)?;
    let mut rows = Cells::new();
    while let Some(cell) = reader.next_cell()? {
        let (row, column) = cell.get_position();
        if row >= MOST_ROWS {
            return Err(ReadItemSpreadsheetError::TooLong);
        }
        if let Some(place) = rows.entry(row).or_default().get_mut(column as usize) {
            *place = Data::from(cell.get_value().clone());
        }
    }
    Ok(rows)
}

/// One row; `None` for an empty one.
fn line(cells: &[Data], row: usize) -> Result<Option<(String, ItemLine)>, ReadItemSpreadsheetError> {
    let mut texts = [const { String::new() }; COLUMNS.len()];
    for ((text, cell), column) in texts.iter_mut().zip(cells).zip('A'..) {
        *text = match cell {
            Data::Empty => String::new(),
            Data::String(text) => text.clone(),
            Data::Float(_) | Data::Int(_) | Data::Bool(_) => cell.to_string(),
            _ => {
                let reason = "only texts, numbers and true or false can stand here; write a date as text";
                return Err(ReadItemSpreadsheetError::Cell { column, row, reason });
            }
        };
    }
    let [item, place, id, en, value] = texts;
    if item.is_empty() && place.is_empty() {
        return Ok(None);
    }
    let is_name = |item: &str| item.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
    if item.is_empty() || item.starts_with('.') || !is_name(&item) {
        let reason = "the identifier of an item is letters, digits, hyphens and full stops";
        return Err(ReadItemSpreadsheetError::Cell { column: 'A', row, reason });
    }
    let line = match (value.is_empty(), id.is_empty() && en.is_empty()) {
        (true, _) => ItemLine { place, id: Some(id), en: Some(en), value: None },
        (false, true) => ItemLine { place, id: None, en: None, value: Some(value) },
        (false, false) => {
            let reason = "a row has either texts or a value, not both";
            return Err(ReadItemSpreadsheetError::Cell { column: 'E', row, reason });
        }
    };
    Ok(Some((item, line)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> ItemFiles<Table> {
        let sources = [
            ("1.2-basic-01", include_str!("../tests/items/1.2-basic-01.toml")),
            ("own-match", include_str!("../tests/items/own-match.toml")),
        ];
        sources.map(|(name, source)| (name.to_owned(), toml::from_str(source).expect("TOML"))).into()
    }

    #[test]
    fn out_and_back_changes_nothing() {
        let bytes = write_item_spreadsheet(&files()).expect("workbook");
        let back = read_item_spreadsheet(&bytes).expect("items");
        let back: ItemFiles<Table> =
            back.into_iter().map(|(item, text)| (item, toml::from_str(&text).expect("TOML"))).collect();
        assert_eq!(back, files());
    }

    #[test]
    fn a_file_that_is_no_export_is_named_as_such() {
        let error = read_item_spreadsheet(b"not a workbook").expect_err("no workbook");
        assert!(matches!(error, ReadItemSpreadsheetError::NotAWorkbook(_)), "{error}");
        let mut workbook = Workbook::new();
        workbook.add_worksheet().write_string(0, 0, "nama").expect("cell");
        let bytes = workbook.save_to_buffer().expect("bytes");
        assert!(matches!(read_item_spreadsheet(&bytes), Err(ReadItemSpreadsheetError::Header)));
    }

    #[test]
    fn a_cell_at_the_far_end_of_a_sheet_is_refused_without_reading_up_to_it() {
        let mut workbook = Workbook::new();
        workbook.add_worksheet().write_string(1_048_575, 16_383, "x").expect("cell");
        let bytes = workbook.save_to_buffer().expect("bytes");
        assert!(matches!(read_item_spreadsheet(&bytes), Err(ReadItemSpreadsheetError::TooLong)));
    }

    #[test]
    fn a_wrong_cell_is_named() {
        let sheet = |cells: [&str; 5]| {
            let mut workbook = Workbook::new();
            let sheet = workbook.add_worksheet();
            for (row, cells) in [COLUMNS.map(|(name, _)| name), cells].into_iter().enumerate() {
                for (column, text) in cells.into_iter().enumerate() {
                    sheet.write_string(row as u32, column as u16, text).expect("cell");
                }
            }
            read_item_spreadsheet(&workbook.save_to_buffer().expect("bytes")).expect_err("refused").to_string()
        };
        assert!(sheet(["../x", "id", "", "", "\"x\""]).starts_with("cell A2: "));
        assert!(sheet(["x", "stem", "a", "b", "1"]).starts_with("cell E2: "));
        assert!(sheet(["x", "seconds", "", "", "sixty"]).starts_with("item x: `sixty` is not a value"));
    }
}
