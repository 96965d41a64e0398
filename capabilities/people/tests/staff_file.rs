//! The rules of docs/formats/staff.md, one test each, on files as an office would send them.

#![allow(clippy::unwrap_used, reason = "the helpers of a test fail by panicking")]

mod sheet;

use melek_people::staff_file::{Fault, ReadError, StaffFile, read, template_workbook};
use melek_people::words;
use melek_web::Locale;
use sheet::{Person, cell, csv, day_format, formula, place, workbook, xlsx};
use time::Date;
use time::macros::date;

const TODAY: Date = date!(2026 - 11 - 24);

fn opened(bytes: &[u8]) -> StaffFile {
    read(bytes, "pegawai.csv", TODAY).expect("the file can be read")
}

fn people(count: u32) -> Vec<Person> {
    (0..count).map(Person::number).collect()
}

/// The faults of a file in which the second person (row 3) has this value in this column.
fn faults_with(column: &str, value: &str) -> Vec<Fault> {
    let mut people = people(4);
    people[1] = people[1].clone().with(column, value);
    opened(&xlsx(0, &people)).faults
}

/// Exactly one fault, of this kind, at the cell of this column in row 3, showing this value.
fn only_fault(column: &str, value: &str, problem: &str) {
    let faults = faults_with(column, value);
    let found: Vec<_> = faults.iter().map(|f| (f.problem.id(), f.cell.as_str(), f.value.as_str())).collect();
    assert_eq!(found, [(problem, cell(column, 3).as_str(), value.trim())]);
    assert_eq!(faults[0].column, column);
    assert_eq!(faults[0].sheet, "Data Utama");
}

#[test]
fn a_siasn_export_under_title_rows_is_read_without_faults() {
    for titles in [0, 1, 2, 10] {
        let file = opened(&xlsx(titles, &people(6)));
        assert_eq!(file.faults, [], "{titles} title rows");
        assert_eq!((file.rows_read, file.rows.len()), (6, 6));
    }
}

#[test]
fn title_rows_do_not_move_the_addresses() {
    let file = opened(&xlsx(10, &[Person::number(0).with("NAMA", "")]));
    assert_eq!(file.faults[0].cell, cell("NAMA", 12));
}

#[test]
fn a_missing_nip_is_named() {
    only_fault("NIP BARU", "", "nip-missing");
}

#[test]
fn a_nip_of_another_length_is_named() {
    only_fault("NIP BARU", "19660101202321100", "nip-wrong-length");
}

#[test]
fn a_nip_with_other_characters_is_named() {
    only_fault("NIP BARU", "19660101202321100A", "nip-not-digits");
}

#[test]
fn a_nip_with_an_impossible_date_is_named() {
    only_fault("NIP BARU", "196602302023211001", "nip-impossible-birth-date");
}

#[test]
fn a_nip_with_a_birth_date_to_come_is_named() {
    only_fault("NIP BARU", "209901012023211001", "nip-future-birth-date");
}

#[test]
fn a_nip_with_an_appointment_to_come_is_named() {
    only_fault("NIP BARU", "199001012027211001", "nip-future-appointment");
}

#[test]
fn a_nip_with_a_sex_digit_other_than_1_and_2_is_named() {
    only_fault("NIP BARU", "196601012023213001", "nip-sex-digit");
}

#[test]
fn a_nip_with_sequence_000_is_named() {
    only_fault("NIP BARU", "196601012023211000", "nip-sequence-zero");
}

#[test]
fn the_nip_of_a_pppk_with_a_month_is_named() {
    only_fault("NIP BARU", "196601012023051001", "nip-contract-below-first");
}

#[test]
fn the_nip_of_a_pns_without_a_month_is_named() {
    let mut people = people(4);
    people[2] = people[2].clone().with("NIP BARU", "196701012019131001");
    let faults = opened(&xlsx(0, &people)).faults;
    assert_eq!(faults.len(), 1);
    assert_eq!(faults[0].problem.id(), "nip-month-out-of-range");
}

#[test]
fn an_age_at_appointment_under_16_or_over_60_is_named() {
    only_fault("NIP BARU", "201301012023211001", "nip-too-young");
    only_fault("NIP BARU", "194001012023211001", "nip-too-old");
}

#[test]
fn a_birth_date_that_is_not_the_one_of_the_nip_is_named() {
    only_fault("TANGGAL LAHIR", "02-01-1966", "birth-date-differs");
}

#[test]
fn a_sex_that_is_not_the_one_of_the_nip_is_named() {
    let other = if Person::number(1).get("JENIS KELAMIN") == "M" { "F" } else { "M" };
    only_fault("JENIS KELAMIN", other, "sex-differs");
}

#[test]
fn a_nip_twice_is_named_at_the_second_cell_and_says_where_the_first_is() {
    let mut people = people(4);
    people[3] = people[3].clone().with("NIP BARU", people[0].get("NIP BARU").to_owned());
    people[3] = people[3].clone().with("TANGGAL LAHIR", "").with("JENIS KELAMIN", "").with("JENIS PEGAWAI NAMA", "PNS");
    let faults = opened(&xlsx(2, &people)).faults;
    assert_eq!(faults.len(), 1);
    assert_eq!(faults[0].cell, cell("NIP BARU", 7));
    let reason = faults[0].problem.reason(&words(Locale::En));
    assert!(reason.contains(&cell("NIP BARU", 4)), "{reason}");
}

#[test]
fn an_empty_name_agency_unit_or_post_is_named() {
    only_fault("NAMA", "", "name-empty");
    only_fault("INSTANSI KERJA NAMA", "", "agency-empty");
    only_fault("UNOR NAMA", "", "unit-empty");
    only_fault("JABATAN NAMA", "", "post-empty");
}

#[test]
fn a_name_that_is_a_formula_is_named_even_when_it_shows_a_name() {
    let bytes = workbook(0, &people(4), |sheet| {
        sheet.write_formula(2, place("NAMA"), formula("=UPPER(A1)", "BUDI")).unwrap();
    });
    let faults = opened(&bytes).faults;
    assert_eq!((faults.len(), faults[0].problem.id(), faults[0].value.as_str()), (1, "name-formula", "=UPPER(A1)"));
    only_fault("NAMA", "=UPPER(A1)", "name-formula");
}

#[test]
fn an_unknown_kind_of_employee_or_post_is_named() {
    only_fault("JENIS PEGAWAI NAMA", "Honorer", "employee-kind-unknown");
    only_fault("JENIS JABATAN NAMA", "Jabatan Ajaib", "post-kind-unknown");
}

#[test]
fn an_unreadable_date_or_sex_is_named() {
    only_fault("TANGGAL LAHIR", "31-02-1966", "date-unreadable");
    only_fault("JENIS KELAMIN", "X", "sex-unreadable");
}

#[test]
fn a_malformed_address_is_named_in_either_column() {
    only_fault("EMAIL GOV", "budi@", "email-malformed");
    only_fault("EMAIL", "budi.surel.example", "email-malformed");
}

#[test]
fn a_text_longer_than_any_name_is_named() {
    let faults = faults_with("NAMA", &"A".repeat(201));
    assert_eq!(faults[0].problem.id(), "too-long");
}

#[test]
fn a_nip_that_became_a_number_is_named_as_rounded() {
    let bytes = workbook(0, &people(4), |sheet| {
        sheet.write_number(2, place("NIP BARU"), 196601012023211001.0).unwrap();
    });
    let faults = opened(&bytes).faults;
    assert_eq!((faults.len(), faults[0].problem.id()), (1, "nip-rounded-number"));
    assert!(faults[0].value.starts_with("19660101202321"), "{}", faults[0].value);
    only_fault("NIP BARU", "1,96601E+17", "nip-rounded-number");
}

#[test]
fn all_faults_of_a_row_and_a_file_come_at_once_in_the_order_of_the_cells() {
    let broken = Person::number(1).with("NAMA", "").with("JENIS KELAMIN", "?").with("JABATAN NAMA", " ");
    let file = opened(&xlsx(0, &[Person::number(0), broken, Person::number(2).with("UNOR NAMA", "-")]));
    let cells: Vec<_> = file.faults.iter().map(|fault| fault.cell.clone()).collect();
    assert_eq!(cells, [cell("NAMA", 3), cell("JENIS KELAMIN", 3), cell("JABATAN NAMA", 3), cell("UNOR NAMA", 4)]);
    assert_eq!((file.rows_read, file.rows.len()), (3, 1));
}

#[test]
fn blanks_small_letters_and_trailing_blanks_are_repaired() {
    let person = Person::number(0);
    let nip = person.get("NIP BARU").to_owned();
    let spaced = format!(" {} {} {} {} ", &nip[..8], &nip[8..14], &nip[14..15], &nip[15..]);
    let messy = person
        .with("NIP BARU", spaced)
        .with("NAMA", "  budi  santoso ")
        .with("JENIS KELAMIN", "m ")
        .with("JENIS PEGAWAI NAMA", "pns")
        .with("JENIS JABATAN NAMA", "jabatan fungsional ")
        .with("EMAIL GOV", "Budi@LembahArum.GO.ID ");
    let file = opened(&xlsx(0, &[messy]));
    assert_eq!(file.faults, []);
    let row = &file.rows[0];
    assert_eq!((row.nip.as_str(), row.name.as_str()), (nip.as_str(), "Budi Santoso"));
    assert_eq!(row.email.as_deref(), Some("budi@lembaharum.go.id"));
}

#[test]
fn a_date_cell_of_excel_is_read_as_the_day_it_shows() {
    let bytes = workbook(0, &people(4), |sheet| {
        let day = rust_xlsxwriter::ExcelDateTime::from_ymd(1966, 1, 1).unwrap();
        sheet.write_datetime_with_format(2, place("TANGGAL LAHIR"), &day, &day_format()).unwrap();
    });
    assert_eq!(opened(&bytes).faults, []);
}

#[test]
fn columns_that_are_not_used_are_named_and_their_values_appear_nowhere() {
    let mut people = people(3);
    people[1] = people[1].clone().with("NAMA", "");
    let file = opened(&xlsx(0, &people));
    let dropped: Vec<_> = file.dropped.iter().map(|column| column.name.as_str()).collect();
    for name in ["AGAMA NAMA", "NIK", "NPWP NOMOR", "GAJI POKOK", "ALAMAT", "TEMPAT LAHIR NAMA", "UNOR ID"] {
        assert!(dropped.contains(&name), "{name}");
    }
    let sensitive: Vec<_> = file.sensitive().map(|column| column.name.as_str()).collect();
    assert!(sensitive.contains(&"AGAMA NAMA") && !sensitive.contains(&"UNOR ID"));
    assert!(!format!("{file:?}").contains("RAHASIA"));
    assert!(!serde_json::to_string(&file.rows).unwrap().contains("RAHASIA"));
}

#[test]
fn birth_date_and_sex_and_a_private_address_are_not_kept() {
    let person = Person::number(2).with("EMAIL GOV", "");
    let file = opened(&xlsx(0, std::slice::from_ref(&person)));
    let kept = serde_json::to_string(&file.rows).unwrap();
    assert!(!kept.contains(person.get("TANGGAL LAHIR")));
    assert!(!kept.contains("surel.example"));
    assert!(!kept.contains(person.get("PNS ID")));
    assert_eq!(file.rows[0].email.as_deref(), Some(""));
}

#[test]
fn separated_text_is_read_with_each_separator_and_encoding() {
    let mut people = people(3);
    people[0] = people[0].clone().with("NAMA", "ANDRÉ \"DÉ\", CONTOH\nBARIS DUA");
    for delimiter in [',', ';', '\t'] {
        let text = csv(delimiter, &people);
        let western: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
        let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        let marked = [&b"\xef\xbb\xbf"[..], text.as_bytes()].concat();
        for bytes in [text.clone().into_bytes(), marked, western, wide] {
            let file = opened(&bytes);
            assert_eq!(file.faults, []);
            assert_eq!(file.rows[0].name, "ANDRÉ \"DÉ\", CONTOH BARIS DUA");
            assert_eq!(file.rows[2].place, "pegawai.csv!B4");
        }
    }
}

#[test]
fn rows_of_a_text_file_are_counted_as_excel_counts_them() {
    let text = csv(';', &[Person::number(0), Person::number(1).with("NAMA", "")]);
    let text = format!("sep=;\r\nDAFTAR PEGAWAI\r\n\r\n{text}");
    let faults = opened(text.as_bytes()).faults;
    assert_eq!((faults.len(), faults[0].cell.clone()), (1, cell("NAMA", 6)));
}

#[test]
fn the_columns_of_an_office_list_are_known_by_other_names() {
    let text = "No;Nama Pegawai;NIP;L/P;Jabatan;Unit Kerja\n1;BUDI;198609262015051001;L;Arsiparis Ahli Pertama;Setda\n";
    let file = opened(text.as_bytes());
    assert_eq!(file.faults, []);
    assert_eq!((file.rows[0].unit.as_str(), file.rows[0].agency.as_deref()), ("Setda", None));
}

#[test]
fn a_missing_column_and_a_missing_header_are_named() {
    let file = opened(b"NIP;NAMA;JABATAN\n198609262015051001;BUDI;Arsiparis\n");
    let ids: Vec<_> = file.faults.iter().map(|f| (f.problem.id(), f.column.as_str(), f.cell.as_str())).collect();
    assert_eq!(ids, [("column-missing", "UNOR NAMA", "A1")]);
    assert_eq!(opened(b"a;b\n1;2\n").faults[0].problem.id(), "header-missing");
    assert_eq!(opened(b"NIP;NAMA;JABATAN;UNIT\n").faults[0].problem.id(), "no-rows");
}

#[test]
fn a_row_that_numbers_the_columns_and_blank_rows_are_no_people() {
    let text = "NIP;NAMA;JABATAN;UNIT\n1;2;3;4\n;;;\n198609262015051001;BUDI;Arsiparis;Setda\n;;;\n";
    let file = opened(text.as_bytes());
    assert_eq!((file.rows_read, file.rows.len(), file.faults.len()), (1, 1, 0));
}

#[test]
fn sheets_without_staff_are_passed_over_and_named() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let notes = book.add_worksheet();
    notes.set_name("Catatan").unwrap();
    notes.write_string(0, 0, "Rekap per unit").unwrap();
    for name in ["Satu", "Dua"] {
        let sheet = book.add_worksheet();
        sheet.set_name(name).unwrap();
        for (column, text) in (0..).zip(["NIP", "NAMA", "JABATAN", "UNIT"]) {
            sheet.write_string(0, column, text).unwrap();
        }
        for (column, text) in (0..).zip(["198609262015051001", "BUDI", "Arsiparis", "Setda"]) {
            sheet.write_string(1, column, text).unwrap();
        }
    }
    let file = opened(&book.save_to_buffer().unwrap());
    assert_eq!(file.ignored_sheets, ["Catatan"]);
    assert_eq!(file.read_sheets, ["Satu", "Dua"]);
    assert_eq!((file.faults.len(), file.faults[0].sheet.as_str()), (1, "Dua"));
    assert!(file.faults[0].problem.reason(&words(Locale::Id)).contains("Satu"));
}

#[test]
fn files_that_are_no_list_are_refused_with_a_reason() {
    let reason = |bytes: &[u8]| read(bytes, "x", TODAY).expect_err("cannot be read");
    assert_eq!(reason(b"  \n"), ReadError::Empty);
    assert_eq!(reason(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), ReadError::OldOrLocked);
    assert_eq!(reason(b"<html><table>"), ReadError::WebPage);
    assert_eq!(reason(b"PK\x03\x04 broken"), ReadError::Damaged);
    assert_eq!(reason(b"\x00\x01\x02"), ReadError::NotATable);
}

#[test]
fn the_template_is_a_file_the_import_reads() {
    for locale in Locale::ALL {
        let file = opened(&template_workbook(&words(locale)).unwrap());
        assert_eq!(file.faults.iter().map(|f| f.problem.id()).collect::<Vec<_>>(), ["no-rows"]);
        assert_eq!((file.dropped.len(), file.ignored_sheets.len()), (0, 1));
    }
}

#[test]
fn every_problem_has_words_in_both_languages_and_a_place_in_the_format_for_officers() {
    let format = include_str!("../../../docs/formats/staff.md");
    let keys = include_str!("../locales/en/staff_file.ftl").lines().filter_map(|line| line.split_once(" = "));
    let problems: Vec<&str> = keys.filter_map(|(key, _)| key.strip_prefix("problem-")).collect();
    assert!(problems.len() > 25);
    for problem in problems {
        assert!(format.contains(&format!("| `{problem}` |")), "{problem}");
    }
}
