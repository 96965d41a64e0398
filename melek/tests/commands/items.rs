//! `melek items …` on folders of a test's own.

use std::path::Path;

use crate::program::{finish, program};

const FAMILY: &str = include_str!("items/own-family.toml");
const FIXED: &str = include_str!("items/own-choice.toml");

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("folder");
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).expect("write");
    }
    folder
}

fn items(arguments: &[&str], at: &[&Path]) -> crate::program::Ran {
    let paths: Vec<String> = at.iter().map(|path| path.display().to_string()).collect();
    let words: Vec<&str> = std::iter::once("items")
        .chain(arguments.iter().map(|word| match *word {
            "@0" => paths[0].as_str(),
            "@1" => paths[1].as_str(),
            "@2" => paths[2].as_str(),
            word => word,
        }))
        .collect();
    finish(program(&words), "")
}

#[test]
fn check_prints_counts_and_no_errors() {
    let folder = folder(&[("own-family.toml", FAMILY), ("own-choice.toml", FIXED)]);
    let said = items(&["check", "@0", "--statistics"], &[folder.path()]).well().said();
    assert!(said.starts_with("2 items, 0 errors"), "{said}");
    for line in
        ["family: drawn from a seed 1, one text 1", "topic: village 1", "material: csv 1, inbox 1", "  items: 2 of 315"]
    {
        assert!(said.contains(line), "{line} in {said}");
    }
}

#[test]
fn statistics_as_json_tell_the_number_of_items() {
    let folder = folder(&[("own-choice.toml", FIXED)]);
    for arguments in [&["statistics", "@0", "--json"][..], &["check", "@0", "--statistics", "--json"]] {
        let json = items(arguments, &[folder.path()]).well().json();
        assert_eq!((json["items"].as_i64(), json["alike"].as_array().map(Vec::len)), (Some(1), Some(0)), "{json}");
    }
}

#[test]
fn a_family_that_goes_wrong_in_some_draw_is_named_with_file_line_and_draw() {
    let broken = FAMILY.replace("value = \"count(days) + 100\"", "value = \"if(limit == 3, late, 0)\"");
    let folder = folder(&[("own-family.toml", &broken)]);
    let ran = items(&["check", "@0"], &[folder.path()]);
    assert_eq!(ran.code(), Some(2));
    assert!(ran.said().contains("own-family.toml:") && ran.said().contains(": draw "), "{}", ran.said());
    assert!(ran.said().contains("would be scored right"), "{}", ran.said());
}

#[test]
fn a_sheet_answered_blind_goes_into_the_record() {
    let folder = folder(&[("own-family.toml", FAMILY), ("own-choice.toml", FIXED)]);
    let (sheet, record) = (folder.path().join("sheet.csv"), folder.path().join("blind.csv"));
    items(&["blind", "@0", "--out", "@1"], &[folder.path(), &sheet]).well();
    let text = std::fs::read_to_string(&sheet).expect("sheet");
    assert!(!text.contains("Hanya permohonan"), "the rationale tells the key");
    assert!(folder.path().join("sheet.files/own-family-permohonan-cuti.csv").is_file());
    let answered = answer_all(&text, "A");
    std::fs::write(&sheet, answered).expect("write");
    let arguments = ["blind", "@0", "--answers", "@1", "--by", "Penelaah", "--record", "@2"];
    let said = items(&arguments, &[folder.path(), &sheet, &record]).well().said();
    assert!(said.starts_with("1 answers, "), "{said}");
    let kept = std::fs::read_to_string(&record).expect("record");
    assert!(kept.starts_with("item,date,by,answer,agrees,outcome\nown-choice,"), "{kept}");
    items(&arguments, &[folder.path(), &sheet, &record]).well();
    assert_eq!(std::fs::read_to_string(&record).expect("record"), kept, "reading a sheet twice changes nothing");
}

/// Writes an answer on every row of a single choice.
fn answer_all(sheet: &str, letter: &str) -> Vec<u8> {
    let mut reader = csv::Reader::from_reader(sheet.as_bytes());
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(reader.headers().expect("headers")).expect("row");
    for row in reader.records() {
        let row = row.expect("row");
        let answer = if row[3].starts_with("one letter") { letter } else { "" };
        writer.write_record([&row[0], &row[1], &row[2], &row[3], answer, &row[5]]).expect("row");
    }
    writer.into_inner().expect("bytes")
}

#[test]
fn an_answer_that_is_none_is_named_and_nothing_is_recorded() {
    let folder = folder(&[("own-choice.toml", FIXED)]);
    let (sheet, record) = (folder.path().join("sheet.csv"), folder.path().join("blind.csv"));
    items(&["blind", "@0", "--out", "@1"], &[folder.path(), &sheet]).well();
    let text = std::fs::read_to_string(&sheet).expect("sheet");
    std::fs::write(&sheet, answer_all(&text, "?")).expect("write");
    let arguments = ["blind", "@0", "--answers", "@1", "--by", "Penelaah", "--record", "@2"];
    let ran = items(&arguments, &[folder.path(), &sheet, &record]);
    assert_eq!((ran.code(), record.exists()), (Some(2), false));
    assert!(ran.complained().contains("write one letter: B"), "{}", ran.complained());
}

#[test]
fn out_to_a_spreadsheet_and_back_changes_no_byte() {
    let folder = folder(&[("own-family.toml", FAMILY), ("own-choice.toml", FIXED)]);
    let workbook = folder.path().join("items.xlsx");
    items(&["export", "@0", "--out", "@1"], &[folder.path(), &workbook]).well();
    let said = items(&["import", "@1", "--out", "@0"], &[folder.path(), &workbook]).well().said();
    assert_eq!(said.trim_end(), "2 items, 0 files written, 2 as they were");
    assert_eq!(std::fs::read_to_string(folder.path().join("own-family.toml")).expect("file"), FAMILY);
    let elsewhere = tempfile::tempdir().expect("folder");
    items(&["import", "@1", "--out", "@0"], &[elsewhere.path(), &workbook]).well();
    let [written, original] = [elsewhere.path(), folder.path()].map(|folder| {
        let text = std::fs::read_to_string(folder.join("own-family.toml")).expect("file");
        toml::from_str::<toml::Table>(&text).expect("TOML")
    });
    assert_eq!(written, original);
}

#[test]
fn a_spreadsheet_that_cannot_be_used_writes_nothing() {
    let (source, out) = (tempfile::tempdir().expect("folder"), tempfile::tempdir().expect("folder"));
    let workbook = source.path().join("items.xlsx");
    let refused = |bytes: &[u8]| {
        std::fs::write(&workbook, bytes).expect("write");
        let ran = items(&["import", "@1", "--out", "@0"], &[out.path(), &workbook]);
        assert_eq!((ran.code(), std::fs::read_dir(out.path()).expect("folder").count()), (Some(2), 0));
        ran.complained()
    };
    assert!(refused(b"no workbook").contains("is not an .xlsx workbook"));
    let rows = [["item", "place", "indonesian", "english", "value"], ["own-choice", "seconds", "", "", "60"]];
    let said = refused(&workbook_of(&rows));
    assert!(said.contains("own-choice.toml:1: missing field `id`"), "{said}");
}

fn workbook_of(rows: &[[&str; 5]]) -> Vec<u8> {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    for (row, cells) in rows.iter().enumerate() {
        for (column, text) in cells.iter().enumerate() {
            sheet.write_string(row as u32, column as u16, *text).expect("cell");
        }
    }
    workbook.save_to_buffer().expect("bytes")
}
