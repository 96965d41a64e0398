//! A file a person downloads and works on, made from columns when it is asked for: `.xlsx` by a maintained library, `.csv`
//! likewise. Texts are written as texts and never as formulas.

use melek_framework::Text;
use melek_web::Locale;
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use serde::Deserialize;
use time::Date;

#[derive(Debug, Clone)]
pub struct Sheet {
    /// Without ending: `leave-requests`.
    pub name: Text,
    pub format: SheetFormat,
    pub columns: Vec<Column>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SheetFormat {
    Xlsx,
    Csv,
}

#[derive(Debug, Clone)]
pub struct Column {
    pub title: Text,
    /// One of the formats of `docs/formats/items.md`; empty for the usual one.
    pub format: String,
    pub cells: Vec<Cell>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Number(f64),
    Day(Date),
    Text(Text),
}

#[derive(Debug, thiserror::Error)]
pub enum WriteSheetError {
    #[error("the spreadsheet cannot be written: {0}")]
    Xlsx(#[from] XlsxError),
    #[error("the table of values cannot be written: {0}")]
    Csv(#[from] csv::Error),
}

/// Signs at the beginning of a text that make a spreadsheet take it for a formula.
pub(crate) const FORMULA_SIGNS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

impl SheetFormat {
    pub fn id(self) -> &'static str {
        match self {
            SheetFormat::Xlsx => "xlsx",
            SheetFormat::Csv => "csv",
        }
    }

    pub fn media_type(self) -> &'static str {
        match self {
            SheetFormat::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            SheetFormat::Csv => "text/csv; charset=utf-8",
        }
    }
}

impl Sheet {
    /// `leave-requests.xlsx`
    pub fn file_name(&self, locale: Locale) -> String {
        format!("{}.{}", self.name.get(locale), self.format.id())
    }

    /// Rows without the heading.
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, |column| column.cells.len())
    }

    pub fn write(&self, locale: Locale) -> Result<Vec<u8>, WriteSheetError> {
        match self.format {
            SheetFormat::Xlsx => Ok(self.write_xlsx(locale)?),
            SheetFormat::Csv => Ok(self.write_csv(locale)?),
        }
    }

    fn write_xlsx(&self, locale: Locale) -> Result<Vec<u8>, XlsxError> {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        let heading = Format::new().set_bold();
        for (at, column) in (0_u16..).zip(&self.columns) {
            sheet.write_string_with_format(0, at, column.title.get(locale), &heading)?;
            let looks = Format::new().set_num_format(column.number_format());
            for (row, cell) in (1_u32..).zip(&column.cells) {
                match cell {
                    Cell::Number(number) => sheet.write_number_with_format(row, at, *number, &looks)?,
                    Cell::Day(day) => sheet.write_number_with_format(row, at, serial(*day), &looks)?,
                    Cell::Text(text) => sheet.write_string(row, at, text.get(locale))?,
                };
            }
        }
        sheet.set_freeze_panes(1, 0)?;
        sheet.autofit();
        workbook.save_to_buffer()
    }

    fn write_csv(&self, locale: Locale) -> Result<Vec<u8>, csv::Error> {
        let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
        writer.write_record(self.columns.iter().map(|column| as_text(column.title.get(locale))))?;
        for row in 0..self.rows() {
            writer.write_record(self.columns.iter().map(|column| match &column.cells[row] {
                Cell::Number(number) => number.to_string(),
                Cell::Day(day) => iso(*day),
                Cell::Text(text) => as_text(text.get(locale)),
            }))?;
        }
        writer.into_inner().map_err(|error| error.into_error().into())
    }
}

impl Column {
    fn number_format(&self) -> &'static str {
        let has_days = self.cells.iter().any(|cell| matches!(cell, Cell::Day(_)));
        match self.format.as_str() {
            "iso" => "yyyy-mm-dd",
            _ if has_days => "dd/mm/yyyy",
            "rupiah" => "\"Rp\"#,##0",
            "0" => "#,##0",
            "1" => "#,##0.0",
            "2" => "#,##0.00",
            "3" => "#,##0.000",
            _ => "General",
        }
    }
}

/// The checks of a file refuse such texts; this keeps one that comes in another way from being run.
fn as_text(text: &str) -> String {
    if text.starts_with(FORMULA_SIGNS) { format!("'{text}") } else { text.to_owned() }
}

/// Days since 30 December 1899, as spreadsheets count them.
fn serial(day: Date) -> f64 {
    const FIRST: Date = time::macros::date!(1899 - 12 - 30);
    (day - FIRST).whole_days() as f64
}

fn iso(day: Date) -> String {
    format!("{:04}-{:02}-{:02}", day.year(), u8::from(day.month()), day.day())
}
