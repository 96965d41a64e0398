//! How much a reader must hold in mind: lines of a function, of a file, arguments of a function.

use crate::repository::{files_with, read};
use crate::shrinking::assert_only_allowed;
use crate::source::{Function, sources};

const LONGEST_FUNCTION: usize = 60;
const LONGEST_FILE: usize = 500;
const MOST_ARGUMENTS: usize = 4;
const CODE: [&str; 6] = [".rs", ".mjs", ".js", ".css", ".html", ".sql"];

fn functions() -> Vec<Function> {
    sources().into_iter().flat_map(|source| source.functions).collect()
}

#[test]
fn functions_are_short() {
    let all = functions();
    let long = all.iter().filter(|function| function.lines > LONGEST_FUNCTION);
    let found = long.map(|function| format!("{} {}: {} lines", function.file, function.name, function.lines));
    assert_only_allowed("long-functions", "functions over 60 lines", &found.collect::<Vec<_>>());
}

#[test]
fn functions_take_few_arguments() {
    let all = functions();
    let many = all.iter().filter(|function| function.arguments > MOST_ARGUMENTS);
    let found = many.map(|function| format!("{} {}: {} arguments", function.file, function.name, function.arguments));
    assert_only_allowed("many-arguments", "functions with more than 4 arguments", &found.collect::<Vec<_>>());
}

#[test]
fn files_are_short() {
    let counted = files_with(&CODE).into_iter().map(|file| (read(&file).lines().count(), file));
    let found =
        counted.filter(|(lines, _)| *lines > LONGEST_FILE).map(|(lines, file)| format!("{file}: {lines} lines"));
    assert_only_allowed("long-files", "files over 500 lines", &found.collect::<Vec<_>>());
}
