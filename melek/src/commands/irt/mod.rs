//! `melek irt …`: the psychometric engine on files of answers. One file a verb; what several share stands beside them.

mod answers;
mod calibrate;
mod clock;
mod fit_file;
mod grid;
mod model_name;
mod notes;
mod outcome;
mod prior;
mod specification;
mod stop;
mod tables;
mod watch;

use anyhow::Result;
use clap::Subcommand;

#[derive(Subcommand)]
pub enum Irt {
    /// Estimate the parameters of items from a file of answers
    Calibrate(calibrate::Calibrate),
}

/// Runs a verb; the work is calculation, so other tasks of this thread are moved away.
pub fn run(command: &Irt) -> Result<()> {
    tokio::task::block_in_place(|| match command {
        Irt::Calibrate(arguments) => calibrate::run(arguments),
    })
}
