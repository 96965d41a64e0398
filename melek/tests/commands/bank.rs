//! `melek bank simulate` with an agency's own items, as a table, as JSON and as a page.

use crate::program::{finish, program};

const OWN_ITEM: &str = include_str!("items/own-choice.toml");

#[test]
fn an_agency_plays_its_own_items_with_the_open_ones_and_reads_whether_they_may_be_used() {
    let folder = tempfile::tempdir().expect("folder");
    std::fs::create_dir(folder.path().join("items")).expect("folder");
    std::fs::write(folder.path().join("items/own-choice.toml"), OWN_ITEM).expect("item");
    let data = folder.path().display().to_string();
    let report = folder.path().join("report.html");
    let written = report.display().to_string();
    let words = ["bank", "simulate", "--people", "1000", "--data", &data, "--report", &written];
    let said = finish(program(&words), "").well().said();
    assert!(said.contains("(338 items), 1000 simulated people"), "{said}");
    assert!(said.ends_with("This bank and blueprint reach every threshold for use.\n"), "{said}");
    let page = std::fs::read_to_string(&report).expect("report");
    for part in
        ["Yes: every threshold for use is reached.", "338 items played", "<th scope=\"row\">Area 5</th>", "<svg"]
    {
        assert!(page.contains(part), "{part}");
    }
    assert!(!page.contains("<script"));
}

#[test]
fn what_stands_against_a_bank_is_listed_when_too_few_people_leave_items_unseen() {
    let said = finish(program(&["bank", "simulate", "--people", "20", "--json"]), "").well().said();
    let found: serde_json::Value = serde_json::from_str(&said).expect("JSON");
    let reasons = found["shortcomings"].as_array().expect("a list");
    assert_eq!(reasons[0], "only 20 people were played; play at least 1000 before judging the rest");
    assert!(
        reasons.iter().any(|reason| reason.as_str().is_some_and(|reason| reason.contains("never shown"))),
        "{said}"
    );
}

#[test]
fn a_folder_without_own_items_is_taken_for_a_mistake() {
    let folder = tempfile::tempdir().expect("folder");
    let data = folder.path().display().to_string();
    let ran = finish(program(&["bank", "simulate", "--data", &data]), "");
    assert!(ran.code() != Some(0) && ran.complained().contains("is --data right?"), "{}", ran.complained());
    assert_eq!(ran.said(), "");
}

#[test]
fn an_item_file_that_cannot_be_read_is_named_and_nothing_is_played() {
    let folder = tempfile::tempdir().expect("folder");
    std::fs::create_dir(folder.path().join("items")).expect("folder");
    std::fs::write(folder.path().join("items/broken.toml"), "id = ").expect("item");
    let data = folder.path().display().to_string();
    let ran = finish(program(&["bank", "simulate", "--data", &data]), "");
    assert!(ran.code() != Some(0) && ran.complained().contains("broken.toml"), "{}", ran.complained());
    assert_eq!(ran.said(), "");
}
