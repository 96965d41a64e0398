//! A nation: 30 of 2,000 items a person, calibrated from nothing on two threads, and how time grows with people:
//! `cargo run --release -p melek-irt --features threads --example national` (42,000, 420,000 and 4,200,000 people), or with
//! other numbers of people behind `--`.
//!
//! Items, abilities and the choice of items are drawn in memory from one seed; drawing is not part of the time, the most
//! memory is that of the whole process, the data with it. Each line is a process of its own.
#![allow(clippy::print_stdout, reason = "an example prints its figures")]

#[path = "../benches/calibration/measure.rs"]
#[allow(dead_code, reason = "some of it is for the bench")]
mod measure;
#[path = "../benches/calibration/population.rs"]
mod population;

use std::ops::ControlFlow;
use std::process::Command;

use anyhow::{Result, ensure};
use melek_irt::calibration::{Calibration, Model, Options, Specification, calibrate};
use melek_irt::model::{Form, ResponseFunction};
use melek_irt::responses::{Responses, ResponsesBuilder};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

const SEED: u64 = 20_260_902;
const PERSONS: [&str; 3] = ["42000", "420000", "4200000"];
const BANK: usize = 2_000;
const GIVEN: usize = 30;
const THREADS: usize = 2;

/// Tells the process of one line from the one that starts them.
const ONE_LINE: &str = "--one-line";

fn main() -> Result<()> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|first| first == ONE_LINE) {
        return line(arguments.remove(1).parse()?);
    }
    if arguments.is_empty() {
        arguments = PERSONS.map(str::to_owned).to_vec();
    }
    println!("{GIVEN} of {BANK} items a person, 2PL, {THREADS} threads, seed {SEED}; load {}", measure::load());
    println!(
        "  persons     answers   wall s    CPU s  peak MB  passes  (on a sample)  RMSE slope  RMSE intercept  log-likelihood"
    );
    for persons in arguments {
        let status = Command::new(std::env::current_exe()?).args([ONE_LINE, &persons]).status()?;
        ensure!(status.success(), "{persons} people: {status}");
    }
    println!("load {}", measure::load());
    Ok(())
}

fn line(persons: usize) -> Result<()> {
    let rng = &mut ChaCha8Rng::seed_from_u64(SEED);
    let bank = (0..BANK).map(|_| population::two_parameter(rng)).collect::<Result<Vec<_>>>()?;
    let responses = answers(&bank, persons, rng)?;
    let specification = Specification::uniform(Model::TwoParameter, BANK);
    let options = Options { threads: THREADS, ..Options::default() };
    let mut on_sample = 0;
    let (fit, processor_s, wall_s) = measure::timed(|| {
        calibrate(&responses, &specification, &options, &mut |progress| {
            on_sample += usize::from(progress.sample);
            ControlFlow::Continue(())
        })
    });
    let fit = fit?;
    let [slopes, intercepts] = errors(&bank, &fit);
    println!(
        "{persons:>9} {:>11} {wall_s:>8.2} {processor_s:>8.2} {:>8.0} {:>7} {on_sample:>14} {slopes:>11.4} {intercepts:>15.4} {:>15.2}",
        responses.total(),
        measure::peak_mb()?,
        fit.iterations,
        fit.log_likelihood,
    );
    fit.warnings.iter().for_each(|warning| println!("          {warning}"));
    Ok(())
}

fn answers(bank: &[ResponseFunction], persons: usize, rng: &mut ChaCha8Rng) -> Result<Responses> {
    let mut builder = ResponsesBuilder::new(BANK)?;
    let mut own = Vec::with_capacity(GIVEN);
    for _ in 0..persons {
        let ability = [population::normal(rng)];
        for item in population::some_items(BANK, GIVEN, rng)? {
            own.push((item, population::answer(&bank[item], &ability, rng)?));
        }
        builder.person(own.drain(..))?;
    }
    Ok(builder.build())
}

/// Root mean square errors of slopes and of intercepts, in logits.
fn errors(bank: &[ResponseFunction], fit: &Calibration) -> [f64; 2] {
    let intercept = |function: &ResponseFunction| match function.form() {
        Form::Logistic { intercept, .. } => *intercept,
        _ => f64::NAN,
    };
    let mut sums = [0.0; 2];
    for (truth, found) in bank.iter().zip(&fit.items) {
        let slope = found.function.slopes()[0] - truth.slopes()[0];
        let own = intercept(&found.function) - intercept(truth);
        sums = [sums[0] + slope * slope, sums[1] + own * own];
    }
    sums.map(|sum| (sum / bank.len() as f64).sqrt())
}
