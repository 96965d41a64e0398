//! `cargo xtask bench answers`, `cargo xtask bench sessions`, `cargo xtask crash`, `cargo xtask sizes`: the program under load. What is done is in
//! `melek/benches/load`, built as for a release; here a PostgreSQL server is started for it that waits for the disk.

use std::process::Command;

use anyhow::{Context, Result};
use clap::{Args, Subcommand};

use crate::postgres::{Disk, PostgresServer};
use crate::prerequisites::{self, Tool, postgres_programs};
use crate::program::run;
use crate::workspace::cargo;

/// Names the server to the program that puts load on.
const SERVER_VARIABLE: &str = "MELEK_TEST_POSTGRES";

#[derive(Subcommand)]
pub enum Bench {
    /// Durable answers a second over the whole HTTP path, on SQLite and PostgreSQL, beside a bare server
    Answers(Passed),
    /// Thousands of whole tests over HTTP, held against every rule and played again
    Sessions(Passed),
    /// A step of an adaptive test, answer scored and next item chosen, beside R's catR where it is installed
    Cat,
    /// Calibration of items: time, memory and log-likelihood beside other programs, on data drawn in the run
    Irt(Passed),
}

#[derive(Args)]
pub struct Passed {
    /// Options of the run; `-- --help` lists them
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    options: Vec<String>,
}

impl Passed {
    /// Options as the person wrote them.
    pub fn options(&self) -> &[String] {
        &self.options
    }
}

/// Runs it on both engines.
pub fn on_both_engines(what: &str, passed: &Passed) -> Result<()> {
    prerequisites::require(&[Tool::Postgres])?;
    let server = PostgresServer::start(&postgres_programs().context("no PostgreSQL")?, Disk::IsWaitedFor)?;
    run(bench(what, passed).env(SERVER_VARIABLE, server.address()))
}

/// Runs what does not differ between the engines.
pub fn on_sqlite(what: &str, passed: &Passed) -> Result<()> {
    run(&mut bench(what, passed))
}

fn bench(what: &str, passed: &Passed) -> Command {
    let mut bench = cargo();
    bench.args(["bench", "--package", "melek", "--bench", "load", "--", what]).args(&passed.options);
    bench
}
