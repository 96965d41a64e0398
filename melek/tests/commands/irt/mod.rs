//! `melek irt`: calibrations from files of answers, and what is said of files that cannot be used.

mod adaptive;
mod bad_input;
mod calibrate;
mod groups;
mod lsat7;
mod report;
mod statistics;

use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;

use crate::program::{Ran, finish, program};

/// A folder with files of answers.
pub struct Folder(TempDir);

impl Folder {
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("folder"))
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), content).expect("written");
    }

    /// Runs `melek irt …` in the folder.
    pub fn run(&self, words: &[&str]) -> Ran {
        let mut command = program(&["irt"]);
        command.args(words).current_dir(self.0.path());
        finish(command, "")
    }

    /// What it complains of when it refuses its input.
    pub fn refused(&self, words: &[&str]) -> String {
        let ran = self.run(words);
        assert_eq!(ran.code(), Some(2), "{}{}", ran.said(), ran.complained());
        ran.complained().trim_end().to_owned()
    }

    pub fn json(&self, name: &str) -> Value {
        json(&self.path(name))
    }

    pub fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).expect("a file of text")
    }
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).expect("a file")).expect("JSON")
}

pub fn close(found: &Value, expected: f64, within: f64) {
    let value = found.as_f64().unwrap_or_else(|| panic!("{found} is no number"));
    assert!((value - expected).abs() <= within, "{value} is not {expected} ± {within}");
}
