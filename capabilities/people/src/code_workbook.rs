//! One-time codes as a spreadsheet to hand out by unit, for mail merge or printing: one row a person, every cell a text.

use melek_web::Words;
use rust_xlsxwriter::{Format, Workbook, XlsxError};

use crate::issue_codes::IssuedCode;

const COLUMNS: [(&str, f64); 7] = [
    ("field-agency", 30.0),
    ("field-name", 34.0),
    ("field-nip", 14.0),
    ("field-unit", 36.0),
    ("field-code", 16.0),
    ("field-address", 30.0),
    ("codes-how", 80.0),
];

/// An .xlsx file with the codes; `address` is where people sign in.
pub fn code_workbook(issued: &[IssuedCode], address: &str, words: &Words) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name(words.text("codes-sheet-name"))?;
    let bold = Format::new().set_bold();
    for (column, (key, width)) in (0..).zip(COLUMNS) {
        sheet.write_string_with_format(0, column, words.text(key), &bold)?;
        sheet.set_column_width(column, width)?;
    }
    let [open, enter, choose] = [1, 2, 3].map(|step| words.text(&format!("slip-step-{step}")));
    let how = format!("{open} {address} . {enter} {choose}");
    for (row, one) in (1..).zip(issued) {
        let cells = [&one.agency, &one.name, &one.nip_masked, &one.unit, one.code.as_str(), address, &how];
        for (column, text) in (0..).zip(cells) {
            sheet.write_string(row, column, text)?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    book.save_to_buffer()
}
