//! The browser stories and the look at every page: `e2e/`, run by Node against the built program.
//!
//! Node prints its progress itself and leaves a report, which is read here.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::prerequisites::browser;
use crate::workspace::root;

/// What the browser saw.
#[derive(Default)]
pub struct Seen {
    pub stories: usize,
    pub failed: Vec<String>,
    pub pages: u64,
    /// A page in one language, size and colour scheme, with or without scripts.
    pub looks: u64,
    pub violations: u64,
}

/// Runs every story and looks at every page of this server.
pub fn run(server: &Path) -> Result<Seen> {
    let report = root().join("target/e2e-report.json");
    // What an earlier run left must not be taken for this run's.
    match std::fs::remove_file(&report) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    let mut node = Command::new("node");
    node.arg("run.mjs").arg("--report").arg(&report).current_dir(root().join("e2e"));
    node.env("MELEK_PROGRAM", server).env("MELEK_CHROMIUM", browser().context("no Chromium")?).stdin(Stdio::null());
    let status = node.status().context("node could not be started")?;
    let mut seen = match std::fs::read(&report) {
        Ok(report) => read_report(&serde_json::from_slice(&report)?)?,
        Err(_) => Seen::default(),
    };
    if !status.success() && seen.failed.is_empty() {
        seen.failed.push(format!("e2e: {status}"));
    }
    Ok(seen)
}

fn read_report(report: &Value) -> Result<Seen> {
    let number = |name: &str| report[name].as_u64().with_context(|| format!("the report has no {name}"));
    let failed = report["failed"].as_array().context("the report has no failed")?;
    Ok(Seen {
        stories: usize::try_from(number("stories")?)?,
        failed: failed.iter().map(|name| format!("browser: {}", name.as_str().unwrap_or("?"))).collect(),
        pages: number("pages")?,
        looks: number("looks")?,
        violations: number("violations")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_report_of_the_browser_is_read() {
        let report =
            serde_json::json!({"stories": 9, "failed": ["a story"], "pages": 80, "looks": 640, "violations": 1});
        let seen = read_report(&report).unwrap();
        assert_eq!((seen.stories, seen.pages, seen.looks, seen.violations), (9, 80, 640, 1));
        assert_eq!(seen.failed, ["browser: a story"]);
    }

    #[test]
    fn a_report_that_lacks_a_number_is_an_error() {
        assert!(read_report(&serde_json::json!({"stories": 9, "failed": []})).is_err());
    }
}
