//! Melek measures the digital competence of civil servants and proves it. One binary: `melek serve`, and commands for who runs it.
//! The crate is a library with a thin `main.rs`, so that tests and benchmarks put the same program together.

pub mod bad_input;
mod commands;
pub mod demo;
mod front;
mod output;
mod progress;
pub mod wiring;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::bad_input::BadInput;

/// Measure digital competence with a short adaptive test, compare it with what the post needs, show what to learn next.
#[derive(Parser)]
#[command(name = "melek", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the program to browsers
    Serve(commands::serve::Serve),
    /// Try everything on an invented regency with 1,200 people
    Demo(commands::demo::Demo),
    /// Load a list of staff
    #[command(subcommand)]
    Import(commands::import::Import),
    /// Write data for other programs
    #[command(subcommand)]
    Export(commands::export::Export),
    /// Create accounts of officers, item writers and administrators
    #[command(subcommand)]
    User(commands::user::User),
    /// Check and preview item files, compute cut scores
    #[command(subcommand)]
    Items(commands::items::Items),
    /// Simulate the test before anybody takes it
    #[command(subcommand)]
    Bank(commands::bank::BankCommand),
    /// Prove that stored sessions can be played again
    #[command(subcommand)]
    Session(commands::session::Session),
    /// Calibrate items from files of answers, score people, check and compare
    #[command(subcommand)]
    Irt(commands::irt::Irt),
    /// Copy the whole database into one file while people go on working
    Backup(commands::backup::Backup),
    /// Bring a backup back into an empty place
    Restore(commands::restore::Restore),
    /// Bring the tables to the shape of this version
    Migrate(commands::migrate::Migrate),
    /// Look whether everything is well and say what to do
    Doctor(commands::doctor::Doctor),
}

/// Reads the command line and runs what it says.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&anyhow::Error::new(error).context("the program cannot start")),
    };
    match runtime.block_on(run(cli.command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(&error),
    }
}

async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Serve(arguments) => commands::serve::run(arguments).await,
        Command::Demo(arguments) => commands::demo::run(arguments).await,
        Command::Import(command) => commands::import::run(command).await,
        Command::Export(command) => commands::export::run(command).await,
        Command::User(command) => commands::user::run(command).await,
        Command::Items(command) => commands::items::run(command).await,
        Command::Bank(command) => commands::bank::run(command).await,
        Command::Session(command) => commands::session::run(command).await,
        Command::Irt(command) => commands::irt::run(&command),
        Command::Backup(arguments) => commands::backup::run(arguments).await,
        Command::Restore(arguments) => commands::restore::run(arguments).await,
        Command::Migrate(arguments) => commands::migrate::run(arguments).await,
        Command::Doctor(arguments) => commands::doctor::run(arguments).await,
    }
}

/// Says what went wrong on standard error; 2 for input that cannot be used, 1 for everything else.
fn failed(error: &anyhow::Error) -> ExitCode {
    use std::io::Write;
    let _ = writeln!(std::io::stderr().lock(), "melek: {error:#}");
    if error.chain().any(|cause| cause.is::<BadInput>()) { ExitCode::from(2) } else { ExitCode::FAILURE }
}
