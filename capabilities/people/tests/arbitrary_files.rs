//! No file, however broken, stops the program: arbitrary bytes, arbitrary text, and spreadsheets whose inner parts were
//! changed at random are either read or refused.

#![allow(clippy::unwrap_used, reason = "the helpers of a test fail by panicking")]

mod sheet;

use std::io::{Cursor, Read, Write};

use melek_people::staff_file::{ReadError, read};
use proptest::prelude::*;
use sheet::{Person, xlsx};
use time::macros::date;

fn never_panics(bytes: &[u8]) {
    if let Ok(file) = read(bytes, "x.csv", date!(2026 - 11 - 24)) {
        assert!(file.rows.len() <= file.rows_read);
    }
}

/// The parts of a spreadsheet, unpacked.
fn parts() -> Vec<(String, Vec<u8>)> {
    let bytes = xlsx(2, &(0..5).map(Person::number).collect::<Vec<_>>());
    let mut packed = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut parts = Vec::new();
    for index in 0..packed.len() {
        let mut part = packed.by_index(index).unwrap();
        let mut content = Vec::new();
        part.read_to_end(&mut content).unwrap();
        parts.push((part.name().unwrap().into_owned(), content));
    }
    parts
}

fn packed(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        never_panics(&bytes);
        never_panics(&[&b"PK\x03\x04"[..], &bytes].concat());
    }

    #[test]
    fn arbitrary_cells_under_a_header_are_read(
        cells in prop::collection::vec(prop::collection::vec("\\PC{0,24}", 0..8), 0..12),
        separator in prop::sample::select(vec![',', ';', '\t']),
    ) {
        let lines: Vec<String> = cells.iter().map(|row| row.join(&separator.to_string())).collect();
        let header = ["NIP", "NAMA", "JABATAN", "UNIT", "TANGGAL LAHIR", "JENIS KELAMIN", "EMAIL"].join(&separator.to_string());
        never_panics(format!("{header}\n{}", lines.join("\n")).as_bytes());
    }

    #[test]
    fn a_spreadsheet_with_changed_parts_is_read_or_refused(
        part in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let mut parts = parts();
        let count = parts.len();
        let content = &mut parts[part.index(count)].1;
        for (place, byte) in &changes {
            let place = place.index(content.len());
            content[place] = *byte;
        }
        if let Some(cut) = cut {
            content.truncate(cut.index(content.len()));
        }
        never_panics(&packed(&parts));
    }

    #[test]
    fn a_spreadsheet_with_changed_packing_is_read_or_refused(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let mut bytes = packed(&parts());
        let count = bytes.len();
        for (place, byte) in &changes {
            bytes[place.index(count)] = *byte;
        }
        never_panics(&bytes);
    }
}

#[test]
fn cells_far_outside_cost_nothing() {
    let mut parts = parts();
    let sheet = parts.iter_mut().find(|(name, _)| name.contains("worksheets/sheet1")).unwrap();
    let text = String::from_utf8(sheet.1.clone()).unwrap();
    sheet.1 =
        text.replace("<sheetData>", r#"<sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>"#).into_bytes();
    never_panics(&packed(&parts));
}

#[test]
fn an_address_beyond_all_range_is_a_damaged_file() {
    let mut parts = parts();
    let sheet = parts.iter_mut().find(|(name, _)| name.contains("worksheets/sheet1")).unwrap();
    let text = String::from_utf8(sheet.1.clone()).unwrap();
    let far = r#"<sheetData><row r="99999999999"><c r="ZZZZZZZZZ99999999999"><v>1</v></c></row>"#;
    sheet.1 = text.replace("<sheetData>", far).into_bytes();
    let refused = read(&packed(&parts), "x.xlsx", date!(2026 - 11 - 24));
    assert!(matches!(refused, Err(ReadError::Damaged)));
}
