//! `melek doctor`: one line a check, and what to do.

use std::collections::BTreeMap;

use melek_db::Engine;
use serde_json::Value;

use crate::program::{Program, finish, program};

/// Status by check.
fn statuses(report: &Value) -> BTreeMap<String, String> {
    let text = |check: &Value, field: &str| check[field].as_str().expect("text").to_owned();
    report["checks"].as_array().expect("checks").iter().map(|c| (text(c, "check"), text(c, "status"))).collect()
}

#[tokio::test]
async fn an_installation_that_is_well_has_only_good_lines() {
    let program = Program::new().await;
    program.run(&["migrate"]).well();
    let report = program.run(&["doctor", "--json"]).well().json();
    assert_eq!(report["ok"], true);
    let statuses = statuses(&report);
    for check in
        ["version", "data folder", "item bank", "own items", "database", "tables", "integrity", "clock", "release"]
    {
        assert_eq!(statuses.get(check).map(String::as_str), Some("ok"), "{report}");
    }
}

#[tokio::test]
async fn tables_of_another_version_are_a_warning() {
    let program = Program::new().await;
    let report = program.run(&["doctor", "--json"]).well().json();
    assert_eq!(statuses(&report)["tables"], "warning");
}

#[tokio::test]
async fn a_broken_own_item_and_a_damaged_database_are_errors_with_code_1() {
    let program = Program::new().await;
    program.run(&["migrate"]).well();
    let own = program.data.path().join("items");
    std::fs::create_dir(&own).expect("folder");
    std::fs::write(own.join("own-1.toml"), "id = 3").expect("written");
    let ran = program.run(&["doctor", "--json"]);
    assert_eq!((ran.code(), statuses(&ran.json())["own items"].as_str()), (Some(1), "error"));
    if program.database.engine() == Engine::Sqlite {
        std::fs::write(program.data.path().join("melek.sqlite"), "this is no database").expect("written");
        let mut command = super::program::program(&["doctor", "--json", "--data"]);
        command.arg(program.data.path());
        let ran = finish(command, "");
        assert_eq!((ran.code(), statuses(&ran.json())["database"].as_str()), (Some(1), "error"));
    }
}

#[tokio::test]
async fn a_changed_bank_that_nobody_released_is_an_error_until_it_is_activated() {
    let program = Program::new().await;
    program.run(&["migrate"]).well();
    let own = program.data.path().join("items");
    std::fs::create_dir(&own).expect("folder");
    std::fs::write(own.join("own-choice.toml"), include_str!("items/own-choice.toml")).expect("written");
    let release = |ran: crate::program::Ran| statuses(&ran.json())["release"].clone();
    assert_eq!(release(program.run(&["doctor", "--json"])), "error");
    let few = ["bank", "activate", "--people", "50", "--approve-by", "Siti Rahma", "--despite", "Uji coba"];
    program.run(&few).well();
    assert_eq!(release(program.run(&["doctor", "--json"])), "ok");
}

#[test]
fn before_the_first_start_there_is_nothing_wrong_and_nothing_is_made() {
    let folder = tempfile::tempdir().expect("folder");
    let data = folder.path().join("new");
    let mut command = program(&["doctor", "--data"]);
    command.arg(&data);
    let said = finish(command, "").well().said();
    assert!(said.contains("melek serve"), "{said}");
    assert!(!data.exists());
}
