//! Every public function of an engine says where its formula comes from, and is named in a test.
//!
//! An accessor, which only hands out a field, and a constructor need no source.

use std::collections::BTreeSet;

use crate::repository::assert_none;
use crate::source::{Function, Source, sources};

/// One of these in its documentation says where it comes from.
const ORIGINS: [&str; 3] = ["# Source", "# Closed form", "closed form"];

fn engine_sources() -> Vec<Source> {
    sources().into_iter().filter(|source| source.file.starts_with("engines/")).collect()
}

/// Functions that a user of the crate can call.
fn public_functions(sources: &[Source]) -> impl Iterator<Item = &Function> {
    let hidden: BTreeSet<_> = sources.iter().flat_map(|source| &source.hidden_types).collect();
    let of_hidden = move |name: &str| name.split_once("::").is_some_and(|(of, _)| hidden.contains(&of.to_owned()));
    let functions = sources.iter().flat_map(|source| &source.functions);
    functions.filter(move |function| function.is_public && !function.in_tests && !of_hidden(&function.name))
}

fn described(function: &Function) -> String {
    format!("{} {}", function.file, function.name)
}

/// The names in the examples of documentation, which are tests too.
fn names_in_examples(function: &Function) -> impl Iterator<Item = String> {
    let examples = function.documentation.split("```").skip(1).step_by(2);
    let words = examples.flat_map(|example| example.split(|c: char| !(c.is_alphanumeric() || c == '_')));
    words.map(str::to_owned)
}

#[test]
fn every_public_function_of_an_engine_names_its_source() {
    let sources = engine_sources();
    let has_origin = |function: &Function| ORIGINS.iter().any(|origin| function.documentation.contains(origin));
    let without = public_functions(&sources).filter(|function| !function.is_plain && !has_origin(function));
    assert_none("functions of engines without `# Source`", &without.map(described).collect::<Vec<_>>());
}

#[test]
fn every_public_function_of_an_engine_is_named_in_a_test() {
    let sources = engine_sources();
    let mut named: BTreeSet<String> = sources.iter().flat_map(|source| source.names_in_tests.iter().cloned()).collect();
    named.extend(sources.iter().flat_map(|source| &source.functions).flat_map(names_in_examples));
    let own_name = |function: &Function| function.name.rsplit("::").next().unwrap_or_default().to_owned();
    let unnamed = public_functions(&sources).filter(|function| !named.contains(&own_name(function)));
    assert_none("functions of engines that no test names", &unnamed.map(described).collect::<Vec<_>>());
}
