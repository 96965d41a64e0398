//! Nothing is half done: no test is switched off, no place waits to be written.

use crate::repository::{assert_none, files_with, read};
use crate::source::{Source, sources};

const MACROS: [&str; 2] = ["todo", "unimplemented"];
const CODE: [&str; 8] = [".rs", ".mjs", ".js", ".css", ".html", ".sql", ".ftl", ".toml"];

/// Written in two parts, so that this file does not find itself.
fn marks() -> [String; 3] {
    [["TO", "DO"], ["FIX", "ME"], ["X", "XX"]].map(|parts| parts.concat())
}

fn unfinished(source: &Source) -> Vec<String> {
    let ignored = source.attributes.iter().filter(|name| *name == "ignore").map(|_| "an ignored test".to_owned());
    let waiting = source.macros.iter().filter(|name| MACROS.contains(&name.as_str())).map(|name| format!("{name}!"));
    ignored.chain(waiting).map(|what| format!("{}: {what}", source.file)).collect()
}

#[test]
fn no_test_is_ignored_and_no_function_waits_to_be_written() {
    let found: Vec<_> = sources().iter().flat_map(unfinished).collect();
    assert_none("unfinished", &found);
}

#[test]
fn no_comment_promises_work() {
    let is_mark = |word: &str| marks().iter().any(|mark| mark == word);
    let promises = |file: &String| read(file).split(|c: char| !c.is_alphanumeric()).any(is_mark);
    assert_none("files with a note of work to do", &files_with(&CODE).into_iter().filter(promises).collect::<Vec<_>>());
}

#[test]
fn an_ignored_test_and_an_unwritten_function_are_found() {
    let text = "#[test] #[ignore] fn a() {} fn b() { todo!() } fn c() { std::unimplemented!() }";
    assert_eq!(unfinished(&Source::read("x.rs", text)).len(), 3);
}
