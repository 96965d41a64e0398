//! The blank list of staff to download: the columns the import reads, every cell a text so that Excel keeps all 18 digits
//! of a NIP, choices where few words are allowed, and a second sheet that explains each column.

use melek_web::Words;
use rust_xlsxwriter::{DataValidation, Format, Workbook, XlsxError};

use super::columns::Column;

/// Rows prepared with choices.
const PREPARED_ROWS: u32 = 5_000;

/// The template as .xlsx; the explanations are in the language of `words`, the column names those of SIASN.
pub fn template_workbook(words: &Words) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let text = Format::new().set_num_format("@");
    let bold = Format::new().set_bold().set_num_format("@");
    let sheet = book.add_worksheet();
    sheet.set_name(words.text("template-sheet-staff"))?;
    for (position, column) in (0..).zip(Column::TEMPLATE) {
        sheet.set_column_format(position, &text)?;
        sheet.set_column_width(position, width(column))?;
        sheet.write_string_with_format(0, position, column.official_name(), &bold)?;
        if let Some(choices) = choices(column) {
            let list = DataValidation::new().allow_list_strings(choices)?;
            sheet.add_data_validation(1, position, PREPARED_ROWS, position, &list)?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    let guide = book.add_worksheet();
    guide.set_name(words.text("template-sheet-guide"))?;
    guide.set_column_width(0, 26.0)?;
    guide.set_column_width(1, 90.0)?;
    let wrapped = Format::new().set_text_wrap();
    guide.write_string_with_format(0, 0, words.text("template-guide-intro"), &Format::new().set_bold())?;
    for (row, column) in (2..).zip(Column::TEMPLATE) {
        guide.write_string(row, 0, column.official_name())?;
        guide.write_string_with_format(row, 1, words.text(explanation(column)), &wrapped)?;
    }
    book.save_to_buffer()
}

fn width(column: Column) -> f64 {
    match column {
        Column::Nip => 22.0,
        Column::Name | Column::Post | Column::Unit | Column::ParentUnit => 36.0,
        Column::WorkEmail | Column::PostKind => 28.0,
        _ => 20.0,
    }
}

fn choices(column: Column) -> Option<&'static [&'static str]> {
    match column {
        Column::Sex => Some(&["M", "F"]),
        Column::EmployeeKind => Some(&["PNS", "PPPK"]),
        Column::PostKind => Some(&["JPT", "Administrator", "Pengawas", "Jabatan Fungsional", "Pelaksana"]),
        _ => None,
    }
}

fn explanation(column: Column) -> &'static str {
    match column {
        Column::Nip => "template-nip",
        Column::Name => "template-name",
        Column::TitleBefore | Column::TitleAfter => "template-title",
        Column::BirthDate => "template-birth-date",
        Column::Sex => "template-sex",
        Column::WorkEmail | Column::Email => "template-email",
        Column::EmployeeKind | Column::EmploymentStatus => "template-employee-kind",
        Column::Standing => "template-standing",
        Column::PostKind => "template-post-kind",
        Column::Post => "template-post",
        Column::Unit => "template-unit",
        Column::ParentUnit => "template-parent-unit",
        Column::Agency | Column::SiasnId | Column::OldNip => "template-other",
    }
}
