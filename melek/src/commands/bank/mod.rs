//! `melek bank …`: plays people against the bank, releases a bank that an agency changed, learns the parameters of items on trial.

mod activate;
mod calibrate;
mod report;
mod simulate;

use anyhow::Result;
use clap::Subcommand;

#[derive(Subcommand)]
pub enum BankCommand {
    /// Play people against the bank and blueprint and print coverage, precision, length and exposure
    Simulate(simulate::Simulate),
    /// Release a bank with the agency's own items, after playing people against it
    Activate(activate::Activate),
    /// Estimate the parameters of items on trial from the answers so far
    Calibrate(calibrate::Calibrate),
}

pub async fn run(command: BankCommand) -> Result<()> {
    match command {
        BankCommand::Simulate(arguments) => simulate::simulate(&arguments),
        BankCommand::Activate(arguments) => activate::activate(arguments).await,
        BankCommand::Calibrate(arguments) => calibrate::calibrate(arguments).await,
    }
}
