//! The built program with a data folder and a database of its own, on the engine that the tests run on.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use melek_db::{Address, TestDatabase, test_database};
use serde_json::Value;
use tempfile::TempDir;

pub struct Program {
    pub data: TempDir,
    pub database: TestDatabase,
}

impl Program {
    pub async fn new() -> Program {
        Program { data: tempfile::tempdir().expect("folder"), database: test_database().await }
    }

    /// Runs a command on this data folder and database.
    pub fn run(&self, words: &[&str]) -> Ran {
        self.run_with(words, "")
    }

    /// The same with something on standard input.
    pub fn run_with(&self, words: &[&str], input: &str) -> Ran {
        let mut command = program(words);
        command.arg("--data").arg(self.data.path()).env("MELEK_DATABASE_URL", url(self.database.address()));
        finish(command, input)
    }
}

/// The program without anything of this machine in its environment but the search path.
pub fn program(words: &[impl AsRef<OsStr>]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_melek"));
    command.args(words).env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command
}

/// Runs it to its end.
pub fn finish(mut command: Command, input: &str) -> Ran {
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn().expect("the program starts");
    let mut stdin = child.stdin.take().expect("input");
    // A program that does not read its input has closed it already.
    let _ = std::io::Write::write_all(&mut stdin, input.as_bytes());
    drop(stdin);
    Ran(child.wait_with_output().expect("the program ends"))
}

pub fn url(address: &Address) -> String {
    match address {
        Address::Sqlite(file) => format!("sqlite:{}", file.display()),
        Address::Postgres(url) => url.expose().to_owned(),
    }
}

/// What came of a command.
#[derive(Debug)]
pub struct Ran(Output);

impl Ran {
    pub fn code(&self) -> Option<i32> {
        self.0.status.code()
    }

    pub fn said(&self) -> String {
        String::from_utf8_lossy(&self.0.stdout).into_owned()
    }

    pub fn complained(&self) -> String {
        String::from_utf8_lossy(&self.0.stderr).into_owned()
    }

    /// Ended well, or everything it said is told.
    pub fn well(self) -> Ran {
        assert_eq!(self.code(), Some(0), "{}{}", self.said(), self.complained());
        self
    }

    pub fn json(&self) -> Value {
        let said = self.said();
        assert_eq!(said.lines().count(), 1, "one line of JSON: {said}{}", self.complained());
        serde_json::from_str(&said).expect("JSON")
    }
}

/// Names of everything in a folder.
pub fn files(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("folder");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}
