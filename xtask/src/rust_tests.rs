//! The tests of the crates: built once, run on each database engine, counted.
//!
//! They are built by one `cargo build` and then started one by one, as `cargo test` would: so the second run
//! on PostgreSQL builds nothing, and the tests are counted per crate. Documentation tests are cargo's.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::program::output_of;
use crate::workspace::{cargo, root};

/// The crate whose `test_database` runs on either engine, and the variable that chooses.
const DATABASE_CRATE: &str = "melek-db";
const POSTGRES_VARIABLE: &str = "MELEK_TEST_POSTGRES";

/// The program that people use.
const SERVER: &str = "melek";

/// How many tests went well, and the names of those that did not.
#[derive(Default)]
pub struct Count {
    pub passed: usize,
    pub failed: Vec<String>,
}

impl Count {
    fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed.extend(other.failed);
    }

    pub fn total(&self) -> usize {
        self.passed + self.failed.len()
    }
}

/// One test program, as cargo built it.
pub struct TestProgram {
    executable: PathBuf,
    folder: PathBuf,
    label: String,
    pub uses_database: bool,
}

/// What one build made: the tests, and the server that the browser looks at.
pub struct Built {
    pub tests: Vec<TestProgram>,
    pub server: PathBuf,
}

/// Builds every test and every program, with the same features for all.
pub fn build() -> Result<Built> {
    let with_database = crates_with_database()?;
    let mut build = cargo();
    build.args(["build", "--workspace", "--tests", "--bins", "--message-format=json-render-diagnostics"]);
    let output = build.stderr(Stdio::inherit()).output().context("cargo could not be started")?;
    ensure!(output.status.success(), "the tests do not build");
    let messages = String::from_utf8(output.stdout).context("cargo's messages are not text")?;
    let messages = messages.lines().filter_map(|line| serde_json::from_str(line).ok()).collect::<Vec<Value>>();
    let mut tests: Vec<_> = messages.iter().filter_map(|message| test_program(message, &with_database)).collect();
    tests.sort_by(|a, b| a.label.cmp(&b.label));
    let server = messages.iter().find_map(server_program).context("cargo built no server")?;
    Ok(Built { tests, server })
}

fn server_program(message: &Value) -> Option<PathBuf> {
    let is_server = message["target"]["name"] == SERVER && message["target"]["kind"][0] == "bin";
    message["executable"].as_str().filter(|_| is_server && message["profile"]["test"] == false).map(PathBuf::from)
}

fn test_program(message: &Value, with_database: &BTreeSet<String>) -> Option<TestProgram> {
    let executable = message["executable"].as_str().filter(|_| message["profile"]["test"] == true)?;
    let folder = PathBuf::from(message["manifest_path"].as_str()?).parent()?.to_owned();
    let name = folder.strip_prefix(root()).unwrap_or(&folder).display().to_string();
    let target = message["target"]["name"].as_str()?;
    let label = if message["target"]["kind"][0] == "test" { format!("{name} {target}") } else { name };
    let uses_database = with_database.contains(message["manifest_path"].as_str()?);
    Some(TestProgram { executable: executable.into(), folder, label, uses_database })
}

/// The manifests of the crates that use the database crate, and its own.
fn crates_with_database() -> Result<BTreeSet<String>> {
    let metadata = output_of(cargo().args(["metadata", "--format-version=1", "--no-deps"]))?;
    let metadata: Value = serde_json::from_str(&metadata)?;
    let packages = metadata["packages"].as_array().context("cargo names no packages")?.iter();
    let uses = |package: &&Value| {
        let mut dependencies = package["dependencies"].as_array().into_iter().flatten();
        package["name"] == DATABASE_CRATE || dependencies.any(|used| used["name"] == DATABASE_CRATE)
    };
    Ok(packages.filter(uses).filter_map(|package| package["manifest_path"].as_str()).map(str::to_owned).collect())
}

/// Runs these programs, on SQLite or on the PostgreSQL server at this address.
pub fn run<'a>(programs: impl Iterator<Item = &'a TestProgram>, postgres: Option<&str>) -> Result<Count> {
    let mut count = Count::default();
    for program in programs {
        let mut command = Command::new(&program.executable);
        command.current_dir(&program.folder).env("CARGO_MANIFEST_DIR", &program.folder);
        command.env_remove(POSTGRES_VARIABLE);
        if let Some(address) = postgres {
            command.env(POSTGRES_VARIABLE, address);
        }
        count.add(run_one(&mut command, &program.label)?);
    }
    Ok(count)
}

/// Runs the examples in the documentation of the engines, where each is a promise.
pub fn run_documentation() -> Result<Count> {
    run_one(cargo().args(["test", "--workspace", "--doc", "--no-fail-fast"]), "documentation")
}

fn run_one(command: &mut Command, label: &str) -> Result<Count> {
    let started = Instant::now();
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("{label} could not be started"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let mut count = read_count(&text, label);
    if !output.status.success() && count.failed.is_empty() {
        count.failed.push(format!("{label}: {}", output.status));
    }
    if !count.failed.is_empty() {
        println!("{text}{}", String::from_utf8_lossy(&output.stderr));
    }
    if count.total() > 0 {
        println!(
            "  {label}: {} passed, {} failed, {:.1} s",
            count.passed,
            count.failed.len(),
            started.elapsed().as_secs_f64()
        );
    }
    Ok(count)
}

/// Adds up the results that the test programs print.
fn read_count(text: &str, label: &str) -> Count {
    let mut count = Count::default();
    for line in text.lines() {
        if let Some(result) = line.strip_prefix("test result: ") {
            count.passed += number_before(result, " passed").unwrap_or(0);
        } else if let Some(name) = line.strip_prefix("test ").and_then(|line| line.strip_suffix(" ... FAILED")) {
            count.failed.push(format!("{label}: {name}"));
        }
    }
    count
}

fn number_before(text: &str, word: &str) -> Option<usize> {
    text[..text.find(word)?].rsplit(' ').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUT: &str = "running 3 tests\ntest a::b ... ok\ntest c ... FAILED\ntest d ... ok\n\n\
        test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s\n";

    #[test]
    fn passed_tests_are_counted_and_failed_ones_named() {
        let count = read_count(OUTPUT, "x");
        assert_eq!((count.passed, count.failed), (2, vec!["x: c".to_owned()]));
    }

    #[test]
    fn the_results_of_many_programs_add_up() {
        let two = "test result: ok. 12 passed; 0 failed\ntest result: ok. 30 passed; 0 failed\n";
        assert_eq!(read_count(two, "x").passed, 42);
    }

    #[test]
    fn a_program_that_dies_without_a_result_counts_as_failed() {
        let count = run_one(Command::new("sh").args(["-c", "exit 9"]), "dying").unwrap();
        assert_eq!(count.failed, ["dying: exit status: 9"]);
    }
}
