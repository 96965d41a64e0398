//! Time and memory of calibration beside its peers, on data drawn in the run.
//!
//! Run by `cargo xtask bench irt`, which installs the peers. Ours is the median of several fits on one thread at the
//! standard tolerance; everybody integrates over the same nodes (61 on −6 … 6; 25 a dimension in two), and log-likelihoods
//! of peers are computed by us at the parameters they found. It prints and asserts nothing: machines are noisy.
#![allow(clippy::print_stdout, reason = "a measurement talks to the person who started it")]

mod data;
mod measure;
mod ours;
mod peer;
mod population;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use clap::Parser;
use serde_json::{Value, json};

use crate::data::DataSet;
use crate::ours::{Fits, Task};
use crate::peer::{PROGRAMS, Place, Program};

#[derive(Parser)]
struct Arguments {
    /// The data sets of 100,000 people too, 20 fits instead of 5, and three runs of each peer
    #[arg(long)]
    full: bool,
    /// Figures as JSON, one line a data set
    #[arg(long)]
    json: bool,
    /// Only this data set
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
    /// Seconds that a run of a peer may take
    #[arg(long, default_value_t = 600)]
    limit: u64,
    /// Ours alone
    #[arg(long)]
    no_peers: bool,
    /// A Python that has girth and mirt
    #[arg(long)]
    python: Option<PathBuf>,
    /// An Rscript that has mirt
    #[arg(long)]
    rscript: Option<PathBuf>,
    /// Where data for the peers are written
    #[arg(long)]
    folder: Option<PathBuf>,
    /// Draw and fit once, print the most memory that took
    #[arg(long, hide = true, value_name = "NAME")]
    memory_of: Option<String>,
    /// Given by `cargo bench`
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    if let Some(name) = &arguments.memory_of {
        println!("{}", ours::fit_once(name)?);
        return Ok(());
    }
    if !arguments.json {
        println!(
            "Load of the machine: {}. Times are processor time unless they are called wall time.",
            measure::load()
        );
    }
    for set in data::ALL.iter().filter(|set| arguments.wants(set)) {
        let figures = compare(set, &arguments)?;
        if arguments.json { println!("{figures}") } else { print(&figures) }
    }
    if !arguments.json {
        println!("\nLoad of the machine: {}.", measure::load());
    }
    Ok(())
}

impl Arguments {
    fn wants(&self, set: &DataSet) -> bool {
        match &self.only {
            Some(name) => name == set.name,
            None => self.full || !set.is_large,
        }
    }

    fn fits(&self) -> usize {
        if self.full { 20 } else { 5 }
    }

    fn place(&self) -> Place {
        let limit = Duration::from_secs(self.limit);
        Place { python: self.python.clone(), rscript: self.rscript.clone(), limit, repeat: self.full }
    }
}

fn compare(set: &'static DataSet, arguments: &Arguments) -> Result<Value> {
    let task = Task::new(set)?;
    let times = arguments.fits();
    let fits = task.fits(times, |_| ())?;
    let plain = task.fits(times, |options| options.wide = false)?;
    let two = task.fits(times, |options| options.threads = 2)?;
    let errors = task.fits(times.min(5), |options| options.standard_errors = true)?;
    let mut figures = json!({
        "name": set.name,
        "data": format!("{}: {} people × {} items", set.words, set.persons, set.items),
        "load": measure::load(),
        "fits": times,
        "processor_s": fits.processor_s,
        "wall_s": fits.wall_s,
        "peak_mb": ours::memory_mb(set)?,
        "log_likelihood": fits.calibration.log_likelihood,
        "log_prior": fits.calibration.log_prior,
        "iterations": fits.calibration.iterations,
        "warnings": fits.calibration.warnings.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "baseline_processor_s": plain.processor_s,
        "two_threads_wall_s": if cfg!(feature = "threads") { json!(two.wall_s) } else { Value::Null },
        "standard_errors_in_fits": errors.processor_s / fits.processor_s - 1.0,
        "peers": [],
    });
    if !arguments.no_peers {
        let folder = arguments.folder.clone().unwrap_or_else(std::env::temp_dir);
        let file = folder.join(format!("{}.bytes", set.name));
        data::write(&task.responses, &file)?;
        let beside = |program: &Program| beside(*program, (&task, &fits), &file, &arguments.place());
        figures["peers"] = PROGRAMS.iter().map(beside).collect();
        std::fs::remove_file(&file)?;
    }
    Ok(figures)
}

/// A peer's figures, or why there are none.
fn beside(program: Program, (task, fits): (&Task, &Fits), file: &std::path::Path, place: &Place) -> Value {
    let measured = || -> Result<Value> {
        let found = program.fit(task.set, file, place)?;
        let (log_likelihood, log_prior) = task.evaluate(&found.functions, found.correlation)?;
        let reached = task.until(log_likelihood + log_prior, fits, 5)?;
        Ok(json!({
            "program": program.name(),
            "version": found.version,
            "runs": found.runs,
            "processor_s": found.processor_s,
            "peak_mb": found.peak_mb,
            "log_likelihood": log_likelihood,
            "log_prior": log_prior,
            "ours_until_as_good_s": reached.as_ref().map(|reached| reached.processor_s),
            "ours_whole_fit_s": reached.as_ref().map(|reached| reached.whole_fit_s),
            "ours_tolerance": reached.as_ref().map(|reached| reached.tolerance),
        }))
    };
    measured().unwrap_or_else(|error| json!({ "program": program.name(), "not_measured": format!("{error:#}") }))
}

fn print(figures: &Value) {
    let number = |name: &str| figures[name].as_f64().unwrap_or(f64::NAN);
    println!("\n{}", figures["data"].as_str().unwrap_or_default());
    println!(
        "  ours: {:.4} s (median of {} fits, one thread), {:.0} MB, log-likelihood {:.3}{}, {} passes",
        number("processor_s"),
        figures["fits"],
        number("peak_mb"),
        number("log_likelihood"),
        prior(number("log_prior")),
        figures["iterations"],
    );
    for warning in figures["warnings"].as_array().into_iter().flatten() {
        println!("    {}", warning.as_str().unwrap_or_default());
    }
    let peers = figures["peers"].as_array();
    peers.into_iter().flatten().for_each(print_peer);
    let (dispatched, baseline) = (number("processor_s"), number("baseline_processor_s"));
    println!("  baseline arithmetic: {baseline:.4} s; dispatched is {:.2} times as fast", baseline / dispatched);
    let (one, two) = (number("wall_s"), number("two_threads_wall_s"));
    println!("  two threads: wall time {one:.4} → {two:.4} s, {:.2} times as fast", one / two);
    println!("  standard errors: {:.2} fits on top", number("standard_errors_in_fits"));
}

fn print_peer(peer: &Value) {
    let number = |name: &str| peer[name].as_f64().unwrap_or(f64::NAN);
    let program = peer["program"].as_str().unwrap_or_default();
    if let Some(reason) = peer["not_measured"].as_str() {
        println!("  {program}: not measured; {reason}");
        return;
    }
    println!(
        "  {program} {}: {:.2} s (median of {}), {:.0} MB, log-likelihood {:.3}{}",
        peer["version"].as_str().unwrap_or_default(),
        number("processor_s"),
        peer["runs"],
        number("peak_mb"),
        number("log_likelihood"),
        prior(number("log_prior")),
    );
    if peer["ours_tolerance"].is_null() {
        println!("    ours never reaches this");
        return;
    }
    let (until, whole) = (number("ours_until_as_good_s"), number("ours_whole_fit_s"));
    println!(
        "    ours is as good after {until:.4} s: {:.0} times as fast; whole fit at tolerance {:.0e}: {:.0} times",
        number("processor_s") / until,
        number("ours_tolerance"),
        number("processor_s") / whole,
    );
}

fn prior(log_prior: f64) -> String {
    if log_prior == 0.0 { String::new() } else { format!(" + prior {log_prior:.3}") }
}
