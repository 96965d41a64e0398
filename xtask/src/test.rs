//! `cargo xtask test`: one step after the other, until one fails; then what was counted.
//!
//! The last line is `N passed, N failed`, alone, for whoever reads it by program. A step without tests of
//! its own (formatting, warnings, a build) adds one to the failed when it fails, and nothing when it passes.

use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};

use crate::browser::{self, Seen};
use crate::postgres::{Disk, PostgresServer};
use crate::prerequisites::{self, Tool};
use crate::program::run;
use crate::rust_tests::{self, Built, Count};
use crate::workspace::cargo;

#[derive(Args)]
pub struct Options {
    /// Install missing tools (Chromium, PostgreSQL, Node packages) through apt-get and npm
    #[arg(long)]
    install: bool,
    /// Only formatting, warnings and the tests on SQLite
    #[arg(long, conflicts_with = "only")]
    quick: bool,
    /// Only these steps
    #[arg(long, value_delimiter = ',')]
    only: Vec<Step>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Step {
    Format,
    Lint,
    Sqlite,
    Postgres,
    Documentation,
    Browser,
}

const QUICK: [Step; 3] = [Step::Format, Step::Lint, Step::Sqlite];

impl Options {
    fn steps(&self) -> Vec<Step> {
        match (self.quick, self.only.is_empty()) {
            (true, _) => QUICK.to_vec(),
            (false, true) => Step::value_variants().to_vec(),
            (false, false) => Step::value_variants().iter().copied().filter(|step| self.only.contains(step)).collect(),
        }
    }
}

impl Step {
    fn tools(self) -> &'static [Tool] {
        match self {
            Self::Format => &[Tool::Formatter],
            Self::Lint => &[Tool::Linter],
            Self::Sqlite | Self::Documentation => &[],
            Self::Postgres => &[Tool::Postgres],
            Self::Browser => &[Tool::Browser, Tool::Node, Tool::NodePackages],
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Format => "Formatting",
            Self::Lint => "Warnings",
            Self::Sqlite => "Tests, on SQLite",
            Self::Postgres => "Tests of the crates with a database, on PostgreSQL",
            Self::Documentation => "Examples in the documentation",
            Self::Browser => "Browser stories and a look at every page",
        }
    }
}

/// What has happened so far.
#[derive(Default)]
struct Progress {
    built: Option<Built>,
    sqlite: Count,
    postgres: Count,
    documentation: Count,
    browser: Seen,
    /// Why a step could not be done at all.
    broken: Option<anyhow::Error>,
}

/// Runs the steps and prints the summary.
pub fn test(options: &Options) -> ExitCode {
    let started = Instant::now();
    let mut progress = Progress::default();
    if let Err(error) = run_steps(options, &mut progress) {
        progress.broken = Some(error);
    }
    let failed = progress.failures();
    for name in &failed {
        println!("FAILED  {name}");
    }
    println!("{}; {}", progress.summary(), minutes_and_seconds(started.elapsed().as_secs()));
    println!("{} passed, {} failed", progress.passed(), failed.len());
    if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn run_steps(options: &Options, progress: &mut Progress) -> Result<()> {
    let steps = options.steps();
    let tools: Vec<_> = steps.iter().flat_map(|step| step.tools()).copied().collect();
    if options.install {
        prerequisites::install(&tools)?
    } else {
        prerequisites::require(&tools)?
    }
    for step in steps {
        let started = Instant::now();
        println!("== {}", step.title());
        progress.take(step)?;
        println!("   {}", minutes_and_seconds(started.elapsed().as_secs()));
        if !progress.failures().is_empty() {
            break;
        }
    }
    Ok(())
}

impl Progress {
    fn take(&mut self, step: Step) -> Result<()> {
        match step {
            Step::Format => run(cargo().args(["fmt", "--all", "--check"]))?,
            Step::Lint => run(cargo().args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))?,
            Step::Sqlite => self.sqlite = rust_tests::run(self.built()?.tests.iter(), None)?,
            Step::Postgres => self.postgres = self.run_on_postgres()?,
            Step::Documentation => self.documentation = rust_tests::run_documentation()?,
            Step::Browser => self.browser = browser::run(&self.built()?.server)?,
        }
        Ok(())
    }

    /// The first step that asks has it built.
    fn built(&mut self) -> Result<&Built> {
        if self.built.is_none() {
            self.built = Some(rust_tests::build()?);
        }
        self.built.as_ref().context("nothing was built")
    }

    fn run_on_postgres(&mut self) -> Result<Count> {
        let tests = self.built()?.tests.iter().filter(|test| test.uses_database);
        let programs = prerequisites::postgres_programs().context("no PostgreSQL")?;
        let server = PostgresServer::start(&programs, Disk::IsNotWaitedFor)?;
        rust_tests::run(tests, Some(&server.address()))
    }

    fn failures(&self) -> Vec<String> {
        let on_postgres = self.postgres.failed.iter().map(|name| format!("{name} (PostgreSQL)"));
        let broken = self.broken.iter().map(|error| format!("{error:#}"));
        let counted = [&self.sqlite.failed, &self.documentation.failed, &self.browser.failed];
        counted.into_iter().flatten().cloned().chain(on_postgres).chain(broken).collect()
    }

    fn passed(&self) -> usize {
        let stories = self.browser.stories.saturating_sub(self.browser.failed.len());
        self.sqlite.passed + self.postgres.passed + self.documentation.passed + stories
    }

    fn summary(&self) -> String {
        format!(
            "SQLite: {} tests; PostgreSQL: {} tests; documentation: {} examples; \
             browser: {} pages checked in {} looks, {} axe violations; {} stories",
            self.sqlite.total(),
            self.postgres.total(),
            self.documentation.total(),
            self.browser.pages,
            self.browser.looks,
            self.browser.violations,
            self.browser.stories,
        )
    }
}

fn minutes_and_seconds(seconds: u64) -> String {
    format!("{} min {:02} s", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(quick: bool, only: &[Step]) -> Options {
        Options { install: false, quick, only: only.to_vec() }
    }

    #[test]
    fn without_options_every_step_is_taken() {
        assert!(options(false, &[]).steps() == Step::value_variants());
    }

    #[test]
    fn the_quick_test_needs_no_tool_beyond_rust() {
        let tools: Vec<_> = options(true, &[]).steps().iter().flat_map(|step| step.tools()).collect();
        assert_eq!(tools, [&Tool::Formatter, &Tool::Linter]);
    }

    #[test]
    fn chosen_steps_keep_their_order() {
        assert!(options(false, &[Step::Browser, Step::Format]).steps() == [Step::Format, Step::Browser]);
    }

    #[test]
    fn a_step_that_cannot_be_done_counts_as_failed() {
        let progress = Progress { broken: Some(anyhow::anyhow!("no compiler")), ..Progress::default() };
        assert_eq!((progress.passed(), progress.failures()), (0, vec!["no compiler".to_owned()]));
    }

    #[test]
    fn the_tests_of_both_engines_are_told_apart() {
        let count = |passed| Count { passed, failed: Vec::new() };
        let progress = Progress { sqlite: count(30), postgres: count(12), ..Progress::default() };
        assert!(progress.summary().starts_with("SQLite: 30 tests; PostgreSQL: 12 tests;"));
        assert_eq!(progress.passed(), 42);
    }
}
