//! A migration that was released made somebody's database: it stays as it is, to the last letter.
//!
//! `cargo xtask freeze-migrations` adds new ones to the list at a release.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use crate::repository::{assert_none, crate_of, files_with, read};

const LIST: &str = "xtask/tests/released_migrations.txt";

fn checksum(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn migrations() -> Vec<String> {
    files_with(&[".sql"]).into_iter().filter(|file| file.contains("/migrations/")).collect()
}

/// The folder and number of `…/migrations/0003_create_answers.sql`.
fn number(file: &str) -> Option<(&str, u32)> {
    let (folder, name) = file.rsplit_once('/')?;
    let (digits, verb) = name.strip_suffix(".sql")?.split_once('_')?;
    let is_phrase = !verb.is_empty() && verb.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    (digits.len() == 4 && is_phrase).then(|| digits.parse().ok().map(|number| (folder, number)))?
}

#[test]
fn released_migrations_are_unchanged() {
    let there: BTreeSet<_> = migrations().iter().map(|file| format!("{} {file}", checksum(&read(file)))).collect();
    let list = read(LIST);
    let released = list.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let changed = released.filter(|line| !there.contains(*line)).map(str::to_owned);
    assert_none(
        "released migrations that changed or are gone (undo, and write a new one)",
        &changed.collect::<Vec<_>>(),
    );
}

#[test]
fn migrations_are_numbered_without_gap_and_named_by_what_they_do() {
    let mut next = std::collections::BTreeMap::new();
    let mut wrong = Vec::new();
    for file in &migrations() {
        match number(file) {
            Some((folder, number)) => {
                let expected = next.entry(folder).or_insert(1);
                if number != *expected {
                    wrong.push(format!("{file}: expected number {expected:04}"));
                }
                *expected = number + 1;
            }
            None => wrong.push(format!("{file}: should be called like 0001_create_people.sql")),
        }
    }
    assert_none("migrations", &wrong);
}

#[test]
fn a_migration_begins_with_two_lines_of_reasons() {
    let is_explained = |file: &String| read(file).lines().take(2).all(|line| line.starts_with("-- "));
    let silent: Vec<_> =
        migrations().into_iter().filter(|file| !is_explained(file) && crate_of(file).is_some()).collect();
    assert_none("migrations that do not say why, and what old code still running sees", &silent);
}

#[test]
fn the_number_is_read_from_the_name() {
    assert_eq!(number("a/migrations/0003_create_answers.sql"), Some(("a/migrations", 3)));
    assert_eq!(number("a/migrations/3_create.sql"), None);
    assert_eq!(number("a/migrations/0003-Create.sql"), None);
}
