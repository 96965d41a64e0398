//! Whether intervals hold what they promise: tests drawn again and again from known items and calibrated each time.
//! `cargo run --release -p melek-irt --features threads --example recovery`, with another number of replications behind `--`.
//!
//! Items are drawn once from a seed, people and answers anew for each replication. Covered is the share of intervals,
//! estimate ± 1.96 standard errors, that hold the truth; its sampling error is printed beside it. SE is the root of the
//! mean squared standard error, which RMSE should equal.
#![allow(clippy::print_stdout, reason = "an example prints its figures")]

#[path = "../benches/calibration/population.rs"]
mod population;

use std::ops::ControlFlow;

use anyhow::{Context, Result};
use melek_irt::calibration::{ItemEstimate, Model, Options, Parameter, ParameterPrior, Specification, calibrate};
use melek_irt::model::{Form, ResponseFunction};
use melek_irt::responses::ResponsesBuilder;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

const SEED: u64 = 20_260_903;
const REPLICATIONS: usize = 200;

/// In logits; beyond it too few of a thousand people answer against the rest for an interval that is symmetric.
const LARGEST_DIFFICULTY: f64 = 2.5;

/// Half the width of an interval of 95 %, in standard errors.
const WIDTH: f64 = 1.959_963_985;

/// A test that is drawn again and again.
struct Design {
    name: &'static str,
    model: Model,
    persons: usize,
    items: usize,
    draw: fn(&mut ChaCha8Rng) -> Result<ResponseFunction>,
}

const DESIGNS: [Design; 3] = [
    Design { name: "2PL", model: Model::TwoParameter, persons: 1_000, items: 20, draw: population::two_parameter },
    Design { name: "graded", model: Model::Graded, persons: 1_000, items: 10, draw: population::graded },
    Design { name: "3PL", model: Model::ThreeParameter, persons: 5_000, items: 20, draw: population::three_parameter },
];

/// What is estimated of one kind of parameter, over replications and items.
#[derive(Default)]
struct Tally {
    estimates: usize,
    covered: usize,
    without_error: usize,
    bias: f64,
    square: f64,
    squared_error: f64,
}

fn main() -> Result<()> {
    let replications = std::env::args().nth(1).map_or(Ok(REPLICATIONS), |count| count.parse())?;
    println!("{replications} replications, seed {SEED}");
    println!("test                            parameter   covered (± sampling)     bias     RMSE       SE  without SE");
    for design in &DESIGNS {
        let tallies = design.replicate(replications)?;
        for (tally, parameter) in tallies.iter().zip(["slope", "intercept", "lower"]).filter(|(t, _)| t.estimates > 0) {
            let words = format!("{}, {} people × {} items", design.name, design.persons, design.items);
            println!("{words:<31} {parameter:<10} {}", tally.line());
        }
    }
    Ok(())
}

impl Design {
    fn replicate(&self, replications: usize) -> Result<[Tally; 3]> {
        let rng = &mut ChaCha8Rng::seed_from_u64(SEED);
        let truth = (0..self.items).map(|_| self.item(rng)).collect::<Result<Vec<_>>>()?;
        let mut tallies = [Tally::default(), Tally::default(), Tally::default()];
        for _ in 0..replications {
            for (item, estimate) in truth.iter().zip(self.calibrate(&truth, rng)?) {
                let free = usize::from(item.categories() > 2);
                let errors = estimate.errors.as_ref();
                let slope = errors.and_then(|errors| errors.slopes[0]);
                tallies[0].add(item.slopes()[0], estimate.function.slopes()[0], slope);
                let (wanted, found) = (own(item), own(&estimate.function));
                for (place, (wanted, found)) in wanted.iter().zip(found).enumerate() {
                    let error = errors.and_then(|errors| errors.own.get(place).copied().flatten());
                    let is_lower = free == 0 && place == 1;
                    tallies[if is_lower { 2 } else { 1 }].add(*wanted, found, error);
                }
            }
        }
        Ok(tallies)
    }

    /// An item that some solve and some do not.
    fn item(&self, rng: &mut ChaCha8Rng) -> Result<ResponseFunction> {
        loop {
            let item = (self.draw)(rng)?;
            if own(&item).iter().all(|one| (one / item.slopes()[0]).abs() <= LARGEST_DIFFICULTY) {
                return Ok(item);
            }
        }
    }

    fn calibrate(&self, truth: &[ResponseFunction], rng: &mut ChaCha8Rng) -> Result<Vec<ItemEstimate>> {
        let mut builder = ResponsesBuilder::new(self.items)?;
        for _ in 0..self.persons {
            let ability = [population::normal(rng)];
            let answers = truth.iter().map(|item| population::answer(item, &ability, rng));
            let answers = answers.collect::<Result<Vec<_>>>()?;
            builder.person(answers.into_iter().enumerate())?;
        }
        let mut specification = Specification::uniform(self.model, self.items);
        if self.model == Model::ThreeParameter {
            let prior = (Parameter::Lower, ParameterPrior::Beta { first: 5.0, second: 17.0 });
            specification.items.iter_mut().for_each(|item| item.priors.push(prior));
        }
        let options = Options { standard_errors: true, threads: 2, ..Options::default() };
        let watch = &mut |_: &_| ControlFlow::Continue(());
        let fit = calibrate(&builder.build(), &specification, &options, watch).context(self.name)?;
        Ok(fit.items)
    }
}

/// Intercepts, and behind the one of an item with guessing its lower asymptote.
fn own(function: &ResponseFunction) -> Vec<f64> {
    match function.form() {
        Form::Logistic { intercept, lower, .. } if *lower > 0.0 => vec![*intercept, *lower],
        Form::Logistic { intercept, .. } => vec![*intercept],
        Form::Graded { intercepts } | Form::DivideByTotal { intercepts, .. } => intercepts.clone(),
    }
}

impl Tally {
    fn add(&mut self, truth: f64, estimate: f64, standard_error: Option<f64>) {
        let Some(standard_error) = standard_error.filter(|error| error.is_finite()) else {
            self.without_error += 1;
            return;
        };
        let error = estimate - truth;
        self.estimates += 1;
        self.covered += usize::from(error.abs() <= WIDTH * standard_error);
        self.bias += error;
        self.square += error * error;
        self.squared_error += standard_error * standard_error;
    }

    fn line(&self) -> String {
        let count = self.estimates as f64;
        let covered = self.covered as f64 / count;
        let sampling = (covered * (1.0 - covered) / count).sqrt();
        format!(
            "{:>9.2} % (± {:.2}) {:>+10.4} {:>8.4} {:>8.4} {:>11}",
            100.0 * covered,
            100.0 * sampling,
            self.bias / count,
            (self.square / count).sqrt(),
            (self.squared_error / count).sqrt(),
            self.without_error,
        )
    }
}
