//! The chores of the project: `cargo xtask test` is the one test command.
//!
//! One file a chore, and one a thing that chores share (`program` runs other programs, `postgres` is a
//! private server, `prerequisites` knows the tools). It uses none of the project's own crates: it looks at
//! them from outside, through cargo and the built binary.
#![allow(clippy::print_stdout, reason = "a chore talks to the person who started it")]

mod adaptive;
mod browser;
mod calibration;
mod freeze_migrations;
mod load;
mod postgres;
mod prerequisites;
mod program;
mod rust_tests;
mod test;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Chores of Melek.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Check formatting, warnings, every test on SQLite and on PostgreSQL, and the pages in a browser
    Test(test::Options),
    /// Measure how fast the program is
    #[command(subcommand)]
    Bench(load::Bench),
    /// Kill the server again and again while people answer: nothing acknowledged may be lost
    Crash(load::Passed),
    /// Weigh pages and answers, and the server at rest, beside what is promised
    Sizes(load::Passed),
    /// Record the checksums of all migrations, at a release: from then on they may not change
    FreezeMigrations,
}

fn main() -> ExitCode {
    let result = match Arguments::parse().chore {
        Chore::Test(options) => return test::test(&options),
        Chore::Bench(load::Bench::Answers(passed)) => load::on_both_engines("answers", &passed),
        Chore::Bench(load::Bench::Sessions(passed)) => load::on_both_engines("sessions", &passed),
        Chore::Bench(load::Bench::Cat) => adaptive::beside_catr(),
        Chore::Bench(load::Bench::Irt(passed)) => calibration::beside_peers(&passed),
        Chore::Crash(passed) => load::on_both_engines("crash", &passed),
        Chore::Sizes(passed) => load::on_sqlite("sizes", &passed),
        Chore::FreezeMigrations => freeze_migrations::freeze_migrations(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
