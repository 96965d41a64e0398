//! Which crate may use which: a total list. The folder a crate lies in is its permission.

use std::process::Command;

use serde_json::Value;

use crate::repository::{assert_none, root};

/// Every crate of the workspace, and the crates of the workspace that it may use.
const EDGES: [(&str, &[&str]); 8] = [
    ("melek-irt", &[]),
    ("melek-db", &[]),
    ("melek-web", &["melek-db"]),
    ("melek-framework", &["melek-web", "melek-db"]),
    ("melek-people", &["melek-framework", "melek-web", "melek-db"]),
    ("melek-assess", &["melek-irt", "melek-people", "melek-framework", "melek-web", "melek-db"]),
    ("melek", &["melek-irt", "melek-db", "melek-web", "melek-framework", "melek-people", "melek-assess"]),
    ("xtask", &[]),
];

/// What an engine must not know: it is calculation, without clock, disk, network, threads of control or database.
const NOT_FOR_ENGINES: [&str; 12] = [
    "tokio",
    "axum",
    "sqlx",
    "time",
    "chrono",
    "reqwest",
    "hyper",
    "tracing",
    "serde_json",
    "toml",
    "getrandom",
    "uuid",
];

/// What `cargo metadata` says, without asking a registry.
pub fn metadata(options: &[&str]) -> Value {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["metadata", "--format-version=1", "--locked"]).args(options).current_dir(root());
    let output = command.output().expect("cargo describes the workspace");
    assert!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON")
}

fn text<'value>(value: &'value Value, field: &str) -> &'value str {
    value[field].as_str().unwrap_or_else(|| panic!("no {field} in {value}"))
}

fn list<'value>(value: &'value Value, field: &str) -> &'value [Value] {
    value[field].as_array().unwrap_or_else(|| panic!("no {field} in {value}"))
}

/// Pairs of a crate and what it uses, to run, to build or to test.
fn uses(metadata: &Value) -> Vec<(String, String)> {
    let packages = list(metadata, "packages").iter();
    let pairs = packages.flat_map(|package| list(package, "dependencies").iter().map(move |used| (package, used)));
    pairs.map(|(package, used)| (text(package, "name").to_owned(), text(used, "name").to_owned())).collect()
}

#[test]
fn a_crate_uses_only_the_crates_below_it() {
    let metadata = metadata(&["--no-deps"]);
    let is_ours = |name: &str| EDGES.iter().any(|(known, _)| *known == name);
    let may_use = |user: &str, used: &str| EDGES.iter().any(|(name, below)| *name == user && below.contains(&used));
    let forbidden = uses(&metadata).into_iter().filter(|(user, used)| is_ours(used) && !may_use(user, used));
    assert_none(
        "crates that use what is not below them",
        &forbidden.map(|(a, b)| format!("{a} → {b}")).collect::<Vec<_>>(),
    );
}

#[test]
fn the_list_of_crates_is_complete() {
    let metadata = metadata(&["--no-deps"]);
    let mut there: Vec<_> = list(&metadata, "packages").iter().map(|package| text(package, "name")).collect();
    let mut listed: Vec<_> = EDGES.iter().map(|(name, _)| *name).collect();
    there.sort_unstable();
    listed.sort_unstable();
    assert_eq!(there, listed, "a new crate needs its line here and in ARCHITECTURE.md");
}

#[test]
fn engines_know_no_clock_disk_network_or_database() {
    let metadata = metadata(&["--no-deps"]);
    let mut found = Vec::new();
    for package in
        list(&metadata, "packages").iter().filter(|package| text(package, "manifest_path").contains("/engines/"))
    {
        let run_time = list(package, "dependencies").iter().filter(|used| used["kind"].is_null());
        let forbidden = run_time.filter(|used| NOT_FOR_ENGINES.contains(&text(used, "name")));
        found.extend(forbidden.map(|used| format!("{} → {}", text(package, "name"), text(used, "name"))));
    }
    assert_none("engines that use more than calculation", &found);
}
