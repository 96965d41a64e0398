//! How ability and speed go together in a population: the second level of the hierarchical framework.
//!
//! (θ, τ) ~ bivariate normal; answers follow their response functions given θ, times the lognormal model given τ, items
//! known from their calibrations. EM: the moments of `joint_moments.rs` person by person, then their means and
//! covariances. The standard error of ρ comes from the outer products of the scores by Fisher's identity (Louis 1982,
//! *Journal of the Royal Statistical Society B* 44, 226–233; Berndt, Hall, Hall & Hausman 1974). Source of the model: van
//! der Linden (2007), *Psychometrika* 72, 287–308.

use super::ability_grid::{AnswerError, log_likelihood, points};
use super::joint_moments::{Moments, moments};
use super::lognormal::LognormalModel;
use super::population_error::correlation_error;
use super::speed::{SpeedError, Sums};
use super::times::Time;
use crate::calibration::Grid;
use crate::model::ResponseFunction;
use crate::responses::Response;

/// Largest change of a parameter in the last step, logits or log seconds.
const TOLERANCE: f64 = 1e-9;

/// Steps after which estimation is given up; usual tests need 50 … 300.
const MOST_STEPS: usize = 5_000;

/// A correlation beyond this leaves speed no life of its own; its likelihood has no maximum inside.
const LARGEST_CORRELATION: f64 = 0.9999;

/// Answers and times that give no population or no ability. Persons count from 0.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum JointError {
    #[error("{0} people with answers and times; at least 3 are needed")]
    TooFew(usize),
    #[error("correlation {correlation} and deviations {ability} and {speed}; −1 < ρ < 1 and both above 0 are needed")]
    Population { correlation: f64, ability: f64, speed: f64 },
    #[error("the answers of person {person}")]
    Answers { person: usize, source: AnswerError },
    #[error("the times of person {person}")]
    Times { person: usize, source: SpeedError },
    #[error(transparent)]
    Grid(AnswerError),
    #[error("the correlation of ability and speed ran to {0}; the two cannot be told apart")]
    Boundary(f64),
    #[error("parameters still moved by {change} after {steps} steps")]
    NotConverged { steps: usize, change: f64 },
    #[error("the data say nothing about the population at parameter {parameter} of five")]
    Flat { parameter: usize },
}

/// Means and deviations of ability (logits) and speed (log seconds), and their correlation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Population {
    pub ability_mean: f64,
    pub ability_deviation: f64,
    pub speed_mean: f64,
    pub speed_deviation: f64,
    /// −1 < ρ < 1; above 0 when the able are fast.
    pub correlation: f64,
}

/// Known items with the grid of ability.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct JointModel<'a> {
    /// Response functions in one dimension, by position.
    pub items: &'a [ResponseFunction],
    pub times: &'a LognormalModel,
    /// Should cover five standard deviations of ability on each side.
    pub grid: Grid,
}

/// One person's answers, as categories of the response functions, and times; either may lack what the other has.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Record<'a> {
    pub answers: &'a [Response],
    pub times: &'a [Time],
}

/// A population with what is known about its correlation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PopulationEstimate {
    pub population: Population,
    pub correlation_error: f64,
    /// Of answers and τ̂, without terms that no population changes.
    pub log_likelihood: f64,
    pub steps: usize,
}

impl Population {
    pub(super) fn check(&self) -> Result<(), JointError> {
        let Self { correlation, ability_deviation: ability, speed_deviation: speed, .. } = *self;
        let means = self.ability_mean.is_finite() && self.speed_mean.is_finite();
        let deviations = ability > 0.0 && speed > 0.0 && ability.is_finite() && speed.is_finite();
        if means && deviations && correlation > -1.0 && correlation < 1.0 {
            Ok(())
        } else {
            Err(JointError::Population { correlation, ability, speed })
        }
    }

    fn distance(&self, other: &Self) -> f64 {
        let of = |one: &Self| {
            let &Self { ability_mean, ability_deviation, speed_mean, speed_deviation, correlation } = one;
            [ability_mean, ability_deviation, speed_mean, speed_deviation, correlation]
        };
        of(self).iter().zip(of(other)).fold(0.0, |largest: f64, (a, b)| largest.max((a - b).abs()))
    }

    fn of(moments: &[Moments]) -> Self {
        let mean = |of: &dyn Fn(&Moments) -> f64| moments.iter().map(of).sum::<f64>() / moments.len() as f64;
        let (ability, speed) = (mean(&|one| one.ability), mean(&|one| one.speed));
        let ability_variance = mean(&|one| one.ability_variance + (one.ability - ability) * (one.ability - ability));
        let speed_variance = mean(&|one| one.speed_variance + (one.speed - speed) * (one.speed - speed));
        let covariance = mean(&|one| one.covariance + (one.ability - ability) * (one.speed - speed));
        Self {
            ability_mean: ability,
            ability_deviation: ability_variance.sqrt(),
            speed_mean: speed,
            speed_deviation: speed_variance.sqrt(),
            correlation: covariance / (ability_variance * speed_variance).sqrt(),
        }
    }
}

/// What one person's answers and times say, whatever the population.
pub(super) fn evidence(
    model: &JointModel,
    points: &[f64],
    person: usize,
    record: &Record,
) -> Result<(Vec<f64>, Sums), JointError> {
    let answers = log_likelihood(model.items, record.answers, points);
    let times = Sums::of(model.times, record.times);
    Ok((
        answers.map_err(|source| JointError::Answers { person, source })?,
        times.map_err(|source| JointError::Times { person, source })?,
    ))
}

/// Means, deviations and correlation of ability and speed by marginal maximum likelihood, items known.
///
/// # Formula
/// Maximum over (μ, Σ) of Σ_i ln ∬ L_i(θ) f_i(t | τ) N(θ, τ; μ, Σ) dθ dτ by EM, see the head of `population.rs`.
///
/// # Arguments
/// `model`: calibrated items and a grid. `records`: at least three people.
///
/// # Source
/// van der Linden (2007), *Psychometrika* 72, 287–308; two stages as in Glas & van der Linden (2010), *British Journal of
/// Mathematical and Statistical Psychology* 63, 603–626. SE: Louis (1982), *JRSS B* 44, 226–233.
///
/// # Accuracy
/// Agrees with direct maximisation by scipy to 1e-5, its SE to 1e-4, on `tests/reference/response_time_joint.csv`.
///
/// # Limits
/// Item parameters count as known, so the standard error leaves out their error. A test with a few answers a person
/// carries little about ρ, and its SE says so. A correlation that runs to ±1 is an error.
///
/// ```
/// use melek_irt::calibration::Grid;
/// use melek_irt::model::ResponseFunction;
/// use melek_irt::response_time::{JointModel, LognormalItem, LognormalModel, Record, Time, estimate_population};
/// use melek_irt::responses::Response;
/// let items = vec![ResponseFunction::two_parameter(2.0, 0.0)?; 6];
/// let times = LognormalModel::new(vec![LognormalItem::new(3.0, 2.0)?; 6], 0.3)?;
/// let answers = |right: u16| (0..6).map(|item| Response { item, category: u8::from(item < right) }).collect::<Vec<_>>();
/// let seconds = |s: f64| (0..6).map(|item| Time::new(item, s)).collect::<Result<Vec<_>, _>>();
/// let mut people = Vec::new();
/// for n in 0..35 {
///     let s = (23.0 - f64::from(n % 7)) * (0.6 + 0.2 * f64::from(n % 5)); // the able are a little faster
///     people.push((answers(n % 7), seconds(s)?));
/// }
/// let records: Vec<Record> = people.iter().map(|(answers, times)| Record { answers, times }).collect();
/// let model = JointModel { items: &items, times: &times, grid: Grid::standard(1) };
/// let estimate = estimate_population(&model, &records)?;
/// assert!(estimate.population.correlation > 0.1 && estimate.population.correlation < 0.9);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn estimate_population(model: &JointModel, records: &[Record]) -> Result<PopulationEstimate, JointError> {
    let informative = records.iter().filter(|record| !record.answers.is_empty() && !record.times.is_empty()).count();
    if informative < 3 {
        return Err(JointError::TooFew(informative));
    }
    let points = points(&model.grid).map_err(JointError::Grid)?;
    let evidence: Vec<(Vec<f64>, Sums)> = records
        .iter()
        .enumerate()
        .map(|(person, record)| evidence(model, &points, person, record))
        .collect::<Result<_, _>>()?;
    let expectations = |population: &Population| -> Vec<Moments> {
        evidence.iter().map(|(answers, times)| moments(population, &points, answers, times)).collect()
    };
    let mut population = Population {
        ability_mean: 0.0,
        ability_deviation: 1.0,
        speed_mean: 0.0,
        speed_deviation: model.times.speed_deviation(),
        correlation: 0.0,
    };
    let mut change = f64::INFINITY;
    for step in 1..=MOST_STEPS {
        let next = Population::of(&expectations(&population));
        change = next.distance(&population);
        population = next;
        if population.correlation.is_nan() || population.correlation.abs() >= LARGEST_CORRELATION {
            return Err(JointError::Boundary(population.correlation));
        }
        if change < TOLERANCE {
            let last = expectations(&population);
            let log_likelihood = last.iter().map(|one| one.log_marginal).sum();
            let correlation_error = correlation_error(&population, &last)?;
            return Ok(PopulationEstimate { population, correlation_error, log_likelihood, steps: step });
        }
    }
    Err(JointError::NotConverged { steps: MOST_STEPS, change })
}
