//! The program under load, from outside: `answers` measures its rate, `crash` kills it, `sessions` holds whole tests against the rules,
//! `sizes` weighs what it sends.
//!
//! Run by `cargo xtask bench answers`, `cargo xtask bench sessions`, `cargo xtask crash` and `cargo xtask sizes`, which start a PostgreSQL server for it. The
//! server is the real program in a process of its own; people are simulated here and speak HTTP over the loopback address.
#![allow(clippy::print_stdout, reason = "a measurement talks to the person who started it")]

mod answers;
mod bare;
mod connection;
mod crash;
mod form;
mod kept;
mod office;
mod person;
mod place;
mod processor;
mod server;
mod sessions;
mod sizes;

use std::ops::Range;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Result, ensure};
use clap::{Args, Parser, Subcommand, ValueEnum};
use melek_db::Engine;

use crate::crash::{Plan, crash};
use crate::place::Place;

/// Up to a second's worth.
const ANSWERS_BEFORE_A_KILL: Range<usize> = 50..3_000;

#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    run: Run,
    /// Given by `cargo bench`
    #[arg(long, hide = true, global = true)]
    bench: bool,
}

#[derive(Subcommand)]
enum Run {
    /// Durable answers a second on each engine, beside a bare server
    Answers(answers::Options),
    /// Kill the server while people answer; nothing acknowledged may be lost
    Crash(CrashOptions),
    /// Thousands of whole tests over HTTP, held against every rule and played again
    Sessions(sessions::Options),
    /// Bytes and round trips of pages and answers, memory of the server
    Sizes(sizes::Options),
    /// The server that `answers` compares with
    #[command(name = bare::COMMAND, hide = true)]
    Bare,
}

#[derive(Args)]
struct CrashOptions {
    /// How often the server is killed
    #[arg(long, default_value_t = 20)]
    kills: usize,
    /// People in the staff file; each takes the test once
    #[arg(long, default_value_t = 3_000)]
    people: usize,
    /// How many answer at the same moment
    #[arg(long, default_value_t = 50)]
    at_once: usize,
    /// Seed of the moments of the kills
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Only this engine
    #[arg(long)]
    only: Option<Only>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Only {
    Sqlite,
    Postgres,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let done = match Arguments::parse().run {
        Run::Answers(options) => answers::run(&options).await,
        Run::Crash(options) => crash_each(&options).await,
        Run::Sessions(options) => sessions::run(&options).await,
        Run::Sizes(options) => sizes::run(&options).await,
        Run::Bare => bare::run().await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// SQLite, and PostgreSQL where a server is known.
fn engines(only: Option<Only>) -> Vec<Engine> {
    let mut engines = vec![Engine::Sqlite];
    if Place::has_postgres() {
        engines.push(Engine::Postgres);
    } else {
        println!("MELEK_TEST_POSTGRES names no server: SQLite only.");
    }
    engines.retain(|engine| match only {
        None => true,
        Some(Only::Sqlite) => *engine == Engine::Sqlite,
        Some(Only::Postgres) => *engine == Engine::Postgres,
    });
    engines
}

fn name(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "SQLite",
        Engine::Postgres => "PostgreSQL",
    }
}

async fn crash_each(options: &CrashOptions) -> Result<()> {
    let CrashOptions { kills, people, at_once, seed, .. } = *options;
    let plan = Plan { kills, answers: ANSWERS_BEFORE_A_KILL, people, at_once, seed };
    println!("{kills} kills while {at_once} people answer, seed {seed}\n");
    let mut all_is_good = true;
    for engine in engines(options.only) {
        let started = Instant::now();
        let place = Place::new(engine).await?;
        let outcome = crash(&place, plan.clone()).await?;
        println!("{}, {:.0} s\n{outcome}", name(engine), started.elapsed().as_secs_f64());
        all_is_good &= outcome.is_good();
    }
    ensure!(all_is_good, "something acknowledged was lost, or does not fit together");
    Ok(())
}
