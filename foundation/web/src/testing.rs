//! Checks that every crate with pages applies to itself: its texts, and an office to test in.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use melek_db::{Db, Migrations};

use crate::{Clock, Office, Settings};

/// 1 December 2026, 08.00 WIB: the manual clock of [`office`].
pub const START_MS: i64 = 1_796_086_800_000;

/// An office on `db` with a manual clock: migrated with this crate's tables and then `more`.
///
/// # Panics
/// When a migration fails.
pub async fn office(db: Db, more: &[Migrations]) -> Office {
    let all = [&[crate::MIGRATIONS], more].concat();
    db.migrate(&all).await.expect("the migrations apply");
    Office::new(db, Clock::manual(START_MS), Settings::default())
}

/// The two language files of the crate at `dir` (give `env!("CARGO_MANIFEST_DIR")`) have the same keys with the same placeholders,
/// no text is empty, and every key is used in `src/` or `templates/`: whole in quotes, or begun in a `format!("…-{…}")`.
///
/// # Panics
/// With the list of what differs.
pub fn assert_same_words(dir: &str) {
    let dir = Path::new(dir);
    let indonesian = texts(&dir.join("locales/id"));
    let english = texts(&dir.join("locales/en"));
    let mut faults = Vec::new();
    for (key, text) in indonesian.iter().chain(&english) {
        if text.is_empty() {
            faults.push(format!("{key}: empty"));
        }
    }
    let keys: BTreeSet<&String> = indonesian.keys().chain(english.keys()).collect();
    let sources = sources(dir);
    for key in keys {
        match (indonesian.get(key), english.get(key)) {
            (Some(id), Some(en)) if placeholders(id) != placeholders(en) => {
                faults.push(format!("{key}: placeholders {:?} and {:?}", placeholders(id), placeholders(en)));
            }
            (None, _) => faults.push(format!("{key}: missing in Indonesian")),
            (_, None) => faults.push(format!("{key}: missing in English")),
            _ => {}
        }
        if !is_used(key, &sources) {
            faults.push(format!("{key}: not used"));
        }
    }
    assert!(faults.is_empty(), "locales of {}:\n{}", dir.display(), faults.join("\n"));
}

/// Key and raw text of every message below `dir`.
fn texts(dir: &Path) -> BTreeMap<String, String> {
    let mut texts = BTreeMap::new();
    let mut key = None;
    for content in files(dir, &["ftl"]) {
        for line in content.lines() {
            let begins = line.split_once('=').map(|(key, text)| (key.trim(), text.trim()));
            let is_key = |key: &str| {
                key.starts_with(|first: char| first.is_ascii_alphabetic())
                    && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
            };
            match begins {
                Some((name, text)) if is_key(name) && !line.starts_with(' ') => {
                    let before = texts.insert(name.to_owned(), text.to_owned());
                    assert!(before.is_none(), "{name} is written twice below {}", dir.display());
                    key = Some(name.to_owned());
                }
                _ if line.starts_with(' ') => {
                    let text = key.as_ref().and_then(|key| texts.get_mut(key));
                    text.expect("a continued line follows a key").push_str(line);
                }
                _ => {}
            }
        }
    }
    texts
}

/// Names after `$`.
fn placeholders(text: &str) -> BTreeSet<&str> {
    let name =
        |rest: &'_ str| rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-').unwrap_or(rest.len());
    text.split('$').skip(1).map(|rest| &rest[..name(rest)]).collect()
}

fn is_used(key: &str, sources: &[String]) -> bool {
    let is_said = |text: &str| sources.iter().any(|source| source.contains(text));
    let begun = key.match_indices(['-', '_']).map(|(end, _)| format!("\"{}{{", &key[..=end]));
    is_said(&format!("\"{key}\"")) || begun.into_iter().any(|begin| is_said(&begin))
}

fn sources(dir: &Path) -> Vec<String> {
    [files(&dir.join("src"), &["rs"]), files(&dir.join("templates"), &["html", "txt"])].concat()
}

/// Contents of all files below `dir` with one of the endings.
fn files(dir: &Path, endings: &[&str]) -> Vec<String> {
    let mut contents = Vec::new();
    let Ok(entries) = fs::read_dir(dir) else {
        return contents;
    };
    let mut paths: Vec<_> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        if path.is_dir() {
            contents.extend(files(&path, endings));
        } else if endings.contains(&ending) {
            contents.push(fs::read_to_string(&path).expect("a source file can be read"));
        }
    }
    contents
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_languages_of_this_crate_say_the_same() {
        assert_same_words(env!("CARGO_MANIFEST_DIR"));
    }

    #[test]
    fn a_key_counts_as_used_whole_or_begun() {
        let sources = vec![r#"words.text("home-title"); format!("level-{n}")"#.to_owned()];
        assert!(is_used("home-title", &sources));
        assert!(is_used("level-3", &sources));
        assert!(!is_used("home", &sources));
        assert!(!is_used("levels", &sources));
    }

    #[test]
    fn placeholders_are_found_in_selectors_too() {
        let text = "{ $count -> [one] one *[other] { $count } } of { $name }";
        assert_eq!(placeholders(text), BTreeSet::from(["count", "name"]));
    }
}
