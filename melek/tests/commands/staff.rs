//! `melek import staff`: all or nothing, and the same figures for people and scripts.

use std::path::PathBuf;

use melek::demo::{staff, staff_file};
use melek_db::q;
use serde_json::{Value, json};
use time::macros::date;

use crate::program::{Program, files, finish, program};

const AGENCY: &str = "Kabupaten Nusa Peraga";

/// A staff file without fault.
fn good_file(of: &Program, people: usize) -> PathBuf {
    let file = of.data.path().join("pegawai.csv");
    let bytes = staff_file(&staff(people, date!(2026 - 06 - 01), 5)).expect("file");
    std::fs::write(&file, bytes).expect("written");
    file
}

/// Three people; the second has a NIP that is too short and no name.
fn faulty_file(of: &Program) -> PathBuf {
    let file = of.data.path().join("salah.csv");
    let text = "NIP;Nama;Jabatan;Unit organisasi;Agama\n\
        198609262015051901;Sari Wulandari;Arsiparis Terampil;Bidang Data;Islam\n\
        19860926201505;;Arsiparis Terampil;Bidang Data;Kristen\n";
    std::fs::write(&file, text).expect("written");
    file
}

fn import<'a>(file: &'a std::path::Path, more: &[&'a str]) -> Vec<&'a str> {
    let mut words = vec!["import", "staff", file.to_str().expect("path"), "--agency", AGENCY];
    words.extend(more);
    words
}

fn counts(report: &Value) -> Value {
    json!([report["rows"], report["new"], report["changed"], report["unchanged"]])
}

#[tokio::test]
async fn a_file_is_loaded_and_the_same_file_again_changes_nothing() {
    let program = Program::new().await;
    let file = good_file(&program, 60);
    let first = program.run(&import(&file, &["--json"])).well().json();
    assert_eq!(counts(&first), json!([60, 60, 0, 0]));
    assert_eq!(first["dropped_columns"], json!(["TINGKAT PENDIDIKAN NAMA"]));
    let again = program.run(&import(&file, &["--json"])).well().json();
    assert_eq!(counts(&again), json!([60, 0, 0, 60]));
    let kept: i64 = q("SELECT COUNT(*) FROM people_person").scalar(&*program.database).await.expect("count");
    assert_eq!(kept, 60);
}

#[tokio::test]
async fn a_faulty_file_is_refused_with_every_error_and_code_2() {
    let program = Program::new().await;
    let file = faulty_file(&program);
    let ran = program.run(&import(&file, &["--json"]));
    assert_eq!(ran.code(), Some(2), "{}", ran.complained());
    let report = ran.json();
    let cells: Vec<&str> =
        report["errors"].as_array().expect("errors").iter().filter_map(|error| error["cell"].as_str()).collect();
    assert_eq!(cells, ["A3", "B3"]);
    assert!(ran.complained().contains("2 errors"), "{}", ran.complained());
    let tell = program.run(&import(&file, &[])).said();
    assert!(tell.contains("A3") && tell.contains("19860926201505") && tell.contains("Agama"), "{tell}");
    let kept: i64 = q("SELECT COUNT(*) FROM people_agency").scalar(&*program.database).await.expect("count");
    assert_eq!(kept, 0);
}

#[tokio::test]
async fn a_dry_run_says_what_would_come_and_writes_nothing() {
    let program = Program::new().await;
    let file = good_file(&program, 50);
    let report = program.run(&import(&file, &["--dry-run", "--json"])).well().json();
    assert_eq!(counts(&report), json!([50, 50, 0, 0]));
    let kept: i64 = q("SELECT COUNT(*) FROM people_person").scalar(&*program.database).await.expect("count");
    assert_eq!(kept, 0);
}

#[tokio::test]
async fn where_there_was_no_database_a_faulty_file_leaves_none() {
    let elsewhere = Program::new().await;
    let file = faulty_file(&elsewhere);
    let data = elsewhere.data.path().join("new");
    let mut command = program(&import(&file, &["--data"]));
    command.arg(&data);
    assert_eq!(finish(command, "").code(), Some(2));
    assert!(!data.exists());
    assert_eq!(files(elsewhere.data.path()), ["salah.csv"]);
}

#[tokio::test]
async fn a_file_that_is_not_there_or_is_no_table_is_bad_input() {
    let program = Program::new().await;
    let missing = program.data.path().join("missing.xlsx");
    assert_eq!(program.run(&import(&missing, &[])).code(), Some(2));
    let picture = program.data.path().join("picture.xlsx");
    std::fs::write(&picture, b"PK\x03\x04 not really").expect("written");
    let ran = program.run(&import(&picture, &["--json"]));
    assert_eq!((ran.code(), ran.json()["errors"].as_array().map(Vec::len)), (Some(2), Some(1)));
}
