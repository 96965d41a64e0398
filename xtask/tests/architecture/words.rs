//! Words that have no place in a repository: the folders of one machine, the addresses of package registries.

use crate::repository::{assert_none, files, root};

/// Written in parts, so that this file does not find itself.
const PARTS: [[&str; 2]; 8] = [
    ["/wo", "rk/"],
    ["/ro", "ot/"],
    ["/ho", "me/"],
    ["registry.npm", "js.org"],
    ["index.crates", ".io"],
    ["static.crates", ".io"],
    ["pypi", ".org"],
    ["deb.debian", ".org"],
];

#[test]
fn no_file_names_a_machine_or_a_registry() {
    let words = PARTS.map(|parts| parts.concat());
    let mut found = Vec::new();
    for file in files() {
        let bytes = std::fs::read(root().join(&file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        let Ok(text) = String::from_utf8(bytes) else { continue };
        let named = words.iter().filter(|word| text.contains(word.as_str()));
        found.extend(named.map(|word| format!("{file}: {word}")));
    }
    assert_none("words that have no place here", &found);
}
