//! `melek irt …`: the psychometric engine on files of answers. One file a verb; what several share stands beside them.

mod adaptive;
mod answers;
mod calibrate;
mod clock;
mod compare;
mod dif;
mod estimation;
mod fit;
mod fit_file;
mod grid;
mod known;
mod link;
mod model_name;
mod notes;
mod outcome;
mod prior;
mod report;
mod score;
mod simulate;
mod specification;
mod statistics;
mod stop;
mod tables;
mod watch;

use anyhow::Result;
use clap::Subcommand;

#[derive(Subcommand)]
pub enum Irt {
    /// Estimate the parameters of items from a file of answers
    Calibrate(calibrate::Calibrate),
    /// Estimate the ability of people from their answers to known items
    Score(score::ScorePeople),
    /// Say how well a calibration describes the answers
    Fit(fit::Fit),
    /// Find items that are harder for one group than for another of the same ability
    Dif(dif::Dif),
    /// Put a calibration on the scale of an older one
    Link(link::LinkFiles),
    /// Compare calibrations of the same answers
    Compare(compare::Compare),
    /// Draw answers of invented people to known items, or play an adaptive test to them
    Simulate(simulate::Simulate),
    /// Show a calibration as one page of HTML
    Report(report::Report),
}

/// Runs a verb; the work is calculation, so other tasks of this thread are moved away.
pub fn run(command: &Irt) -> Result<()> {
    tokio::task::block_in_place(|| match command {
        Irt::Calibrate(arguments) => calibrate::run(arguments),
        Irt::Score(arguments) => score::run(arguments),
        Irt::Fit(arguments) => fit::run(arguments),
        Irt::Dif(arguments) => dif::run(arguments),
        Irt::Link(arguments) => link::run(arguments),
        Irt::Compare(arguments) => compare::run(arguments),
        Irt::Simulate(arguments) => simulate::run(arguments),
        Irt::Report(arguments) => report::run(arguments),
    })
}
