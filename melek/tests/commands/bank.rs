//! `melek bank`: an agency plays its own items with the open ones, releases the bank and calibrates items on trial.

use crate::program::{Ran, finish, program};

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

/// A data folder with one own item, on trial or not.
fn with_own_item(on_trial: bool) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("folder");
    std::fs::create_dir(folder.path().join("items")).expect("folder");
    let source = if on_trial { format!("pilot = true\n{OWN_ITEM}") } else { OWN_ITEM.to_owned() };
    std::fs::write(folder.path().join("items/own-choice.toml"), source).expect("item");
    folder
}

fn run(folder: &tempfile::TempDir, words: &[&str]) -> Ran {
    let data = folder.path().display().to_string();
    finish(program(&[words, &["--data", data.as_str()]].concat()), "")
}

#[test]
fn a_changed_bank_is_served_only_after_a_named_person_released_it() {
    let folder = with_own_item(false);
    let refused = run(&folder, &["serve", "--port", "0"]);
    assert_eq!(refused.code(), Some(2));
    assert!(refused.complained().contains("melek bank activate"), "{}", refused.complained());
    let few = ["bank", "activate", "--people", "50", "--approve-by", "Siti Rahma"];
    let refused = run(&folder, &few);
    assert_eq!(refused.code(), Some(2));
    assert!(refused.complained().contains("only 50 people were played"), "{}", refused.complained());
    let nameless = run(&folder, &["bank", "activate", "--approve-by", "  "]);
    assert!(nameless.complained().contains("--approve-by wants the name"), "{}", nameless.complained());
    let released = run(&folder, &[&few[..], &["--despite", "Uji coba terbatas"]].concat()).well().said();
    assert!(released.contains("338 items, 0 on trial) is activated by Siti Rahma"), "{released}");
    assert!(released.contains("although only 50 people were played"), "{released}");
    // Now the program gets as far as its port.
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("port");
    let port = taken.local_addr().expect("address").port().to_string();
    let served = run(&folder, &["serve", "--port", &port]);
    assert!(served.complained().contains("cannot listen on"), "{}", served.complained());
}

#[test]
fn the_open_bank_needs_no_release() {
    let folder = tempfile::tempdir().expect("folder");
    std::fs::create_dir(folder.path().join("items")).expect("folder");
    let ran = run(&folder, &["bank", "activate", "--approve-by", "Siti Rahma"]);
    assert!(ran.complained().contains("it needs no activation"), "{}", ran.complained());
}

#[test]
fn an_item_on_trial_without_answers_cannot_be_adopted_and_its_file_stays() {
    let folder = with_own_item(true);
    let few = ["bank", "activate", "--people", "50", "--approve-by", "Siti Rahma", "--despite", "Uji coba"];
    assert!(run(&folder, &few).well().said().contains("337 items, 1 on trial"));
    let listed = run(&folder, &["bank", "calibrate"]).well().said();
    assert!(listed.contains("own-choice") && listed.contains("0 people answered the item"), "{listed}");
    let before = std::fs::read_to_string(folder.path().join("items/own-choice.toml")).expect("item");
    let refused = run(&folder, &["bank", "calibrate", "--adopt", "own-choice"]);
    assert!(refused.complained().contains("own-choice cannot be adopted"), "{}", refused.complained());
    let unknown = run(&folder, &["bank", "calibrate", "--adopt", "own-other"]);
    assert!(unknown.complained().contains("own-other is not on trial in this bank"), "{}", unknown.complained());
    assert_eq!(std::fs::read_to_string(folder.path().join("items/own-choice.toml")).expect("item"), before);
}
