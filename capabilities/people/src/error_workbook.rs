//! The faults of a file as a spreadsheet that an officer works through beside the file itself: one row a fault, in the
//! order of the file, every cell a text.

use melek_web::Words;
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use crate::report::ErrorReport;

const COLUMNS: [(&str, f64); 6] = [
    ("fault-sheet", 16.0),
    ("fault-cell", 9.0),
    ("fault-column", 24.0),
    ("fault-value", 28.0),
    ("fault-reason", 60.0),
    ("fault-remedy", 60.0),
];

/// An .xlsx file with all faults, headings in the language of `words`.
pub fn error_workbook(faults: &[ErrorReport], words: &Words) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name(words.text("fault-sheet-name"))?;
    write_heading(sheet, words)?;
    let wrapped = Format::new().set_text_wrap();
    for (row, fault) in (1..).zip(faults) {
        let cells = [&fault.sheet, &fault.cell, &fault.column, &fault.value, &fault.reason, &fault.remedy];
        for (column, text) in (0..).zip(cells) {
            sheet.write_string_with_format(row, column, text, &wrapped)?;
        }
    }
    sheet.autofilter(0, 0, u32::try_from(faults.len()).unwrap_or(u32::MAX), COLUMNS.len() as u16 - 1)?;
    book.save_to_buffer()
}

fn write_heading(sheet: &mut Worksheet, words: &Words) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    for (column, (key, width)) in (0..).zip(COLUMNS) {
        sheet.write_string_with_format(0, column, words.text(key), &bold)?;
        sheet.set_column_width(column, width)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}
