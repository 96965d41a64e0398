//! Time intensities, discriminations and the spread of speed by marginal maximum likelihood.
//!
//! With y_ij = ln t_ij the model is a one-factor model with all loadings −1: y_ij = β_j − τ_i + e_ij,
//! e_ij ~ N(0, 1/α_j²), τ_i ~ N(0, σ²). Given the parameters τ_i is normal, so both steps of EM are closed:
//!
//! E: P_i = 1/σ² + Σ_j α_j², m_i = Σ_j α_j² (β_j − y_ij) / P_i, sums over the items person i has a time on.
//! M: μ = mean m_i; β_j = mean_i (y_ij + m_i) − μ; σ² = mean ((m_i − μ)² + 1/P_i);
//!    1/α_j² = mean_i ((y_ij − β_j + m_i − μ)² + 1/P_i).
//!
//! The free mean μ, given back to β at once, is parameter expansion: without it β moves by 1 − reliability a step.
//! Sources: van der Linden (2006), *Journal of Educational and Behavioral Statistics* 31, 181–204 (model); Rubin & Thayer
//! (1982), *Psychometrika* 47, 69–76 (EM of factor analysis); Liu, Rubin & Wu (1998), *Biometrika* 85, 755–770
//! (parameter expansion).

use core::f64::consts::PI;

use super::lognormal::{LognormalItem, LognormalModel, LognormalParameterError};
use super::times::{Time, Times};

/// Largest change of any parameter in the last step, log seconds.
const TOLERANCE: f64 = 1e-11;

/// Steps after which estimation is given up; usual tests need 20 … 200.
const MOST_STEPS: usize = 20_000;

/// A residual variance below this share of the item's variance of log times has collapsed: the likelihood of a factor
/// model has no maximum there (Jöreskog 1967, *Psychometrika* 32, 443–482, on improper solutions).
const COLLAPSED: f64 = 1e-6;

/// Below this share of the smallest residual variance it is asked whether the likelihood falls from σ² = 0 on; EM only
/// creeps towards 0 and never arrives.
const SMALL_SPREAD: f64 = 1e-2;

/// Why times give no parameters. Items count from 0.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum LognormalCalibrationError {
    #[error("nobody has a time on item {item}; leave it out")]
    NoTimes { item: usize },
    #[error("all {times} times on item {item} are {seconds} seconds; without differences it has no discrimination")]
    AllEqual { item: usize, times: usize, seconds: f64 },
    #[error("everybody has a time on one item at most, so speed and chance cannot be told apart")]
    OneTimeEach,
    #[error("the residual variance of item {item} fell to {share} of its variance; the item copies another one")]
    Collapsed { item: usize, share: f64 },
    #[error("people do not differ in speed: its standard deviation falls below {deviation} log seconds towards 0")]
    NoSpread { deviation: f64 },
    #[error("parameters still moved by {change} log seconds after {steps} steps")]
    NotConverged { steps: usize, change: f64 },
    #[error("the model has {model} items and the times have {times}")]
    Items { model: usize, times: usize },
    #[error("the likelihood is flat or rises at parameter {parameter}, so it has no standard error there")]
    Flat { parameter: usize },
    #[error(transparent)]
    Parameter(#[from] LognormalParameterError),
}

/// What the times say about items and population.
#[derive(Debug, Clone, PartialEq)]
pub struct LognormalCalibration {
    pub model: LognormalModel,
    /// Marginal log likelihood of the log times.
    pub log_likelihood: f64,
    /// Steps of EM taken.
    pub steps: usize,
}

/// The lognormal model that makes the times most likely, with speed integrated out.
///
/// # Formula
/// Maximum of Σ_i ln N(y_i; β, diag(1/α²) + σ² 1 1ᵀ) by the EM algorithm at the head of `calibrate.rs`.
///
/// # Arguments
/// `times`: at least two different times an item. A time that is missing is left out of the sums, which is right when
/// the design or the person's earlier answers decide what is missing (missing at random), not when slow people do not
/// reach the last items under a time limit.
///
/// # Source
/// van der Linden (2006), *Journal of Educational and Behavioral Statistics* 31, 181–204; Rubin & Thayer (1982),
/// *Psychometrika* 47, 69–76.
///
/// # Accuracy
/// Agrees with direct maximisation of the multivariate normal likelihood by scipy to 1e-6 on
/// `tests/reference/response_time_calibration.csv`.
///
/// # Limits
/// Groups of items that no person joins are compared through the population, which must then be the same. An item
/// without times, an item whose times are all equal, people with one time each, a residual variance that vanishes and
/// people who do not differ in speed are errors.
///
/// ```
/// use melek_irt::response_time::{Times, calibrate_times};
/// let rows = [[8.0, 21.0, 30.0], [12.0, 30.0, 55.0], [16.0, 37.0, 61.0], [9.0, 27.0, 35.0], [14.0, 25.0, 52.0]];
/// let times = Times::from_rows(3, rows.map(|row| row.map(Some)))?;
/// let calibration = calibrate_times(&times)?;
/// let intensity: Vec<f64> = calibration.model.items().iter().map(|item| item.intensity()).collect();
/// assert!(intensity[0] < intensity[1] && intensity[1] < intensity[2]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn calibrate_times(times: &Times) -> Result<LognormalCalibration, LognormalCalibrationError> {
    let mut state = State::start(times)?;
    let mut change = f64::INFINITY;
    for step in 1..=MOST_STEPS {
        let next = state.step(times);
        next.check(times)?;
        change = next.distance(&state);
        state = next;
        if change < TOLERANCE {
            let log_likelihood = state.log_likelihood(times);
            return Ok(LognormalCalibration { model: state.model()?, log_likelihood, steps: step });
        }
    }
    Err(LognormalCalibrationError::NotConverged { steps: MOST_STEPS, change })
}

/// Parameters on the scale of variances, with each item's total variance beside them.
#[derive(Debug, Clone)]
struct State {
    intensity: Vec<f64>,
    residual: Vec<f64>,
    total: Vec<f64>,
    speed: f64,
}

impl State {
    /// Means, and variances divided evenly between speed and residual.
    fn start(times: &Times) -> Result<Self, LognormalCalibrationError> {
        let by_item = times.logarithms_by_item();
        let mut start = Self { intensity: Vec::new(), residual: Vec::new(), total: Vec::new(), speed: 0.0 };
        for (item, own) in by_item.iter().enumerate() {
            let first = *own.first().ok_or(LognormalCalibrationError::NoTimes { item })?;
            if own.iter().all(|logarithm| *logarithm == first) {
                let seconds = libm::exp(first);
                return Err(LognormalCalibrationError::AllEqual { item, times: own.len(), seconds });
            }
            let mean = own.iter().sum::<f64>() / own.len() as f64;
            let variance = own.iter().map(|y| (y - mean) * (y - mean)).sum::<f64>() / own.len() as f64;
            start.intensity.push(mean);
            start.residual.push(0.5 * variance);
            start.total.push(variance);
        }
        if (0..times.persons()).all(|person| times.of(person).len() < 2) {
            return Err(LognormalCalibrationError::OneTimeEach);
        }
        start.speed = start.residual.iter().sum::<f64>() / start.residual.len() as f64;
        Ok(start)
    }

    /// Posterior mean and variance of a person's speed.
    fn speed_of(&self, own: &[Time]) -> (f64, f64) {
        let (mut precision, mut sum) = (1.0 / self.speed, 0.0);
        for time in own {
            let item = usize::from(time.item());
            precision += 1.0 / self.residual[item];
            sum += (self.intensity[item] - time.logarithm()) / self.residual[item];
        }
        (sum / precision, 1.0 / precision)
    }

    fn step(&self, times: &Times) -> Self {
        let speeds: Vec<(f64, f64)> = (0..times.persons()).map(|person| self.speed_of(times.of(person))).collect();
        let with_times = |person: &usize| !times.of(*person).is_empty();
        let people: Vec<usize> = (0..times.persons()).filter(with_times).collect();
        let mean = people.iter().map(|person| speeds[*person].0).sum::<f64>() / people.len() as f64;
        let items = times.items();
        let (mut counts, mut sums) = (vec![0.0; items], vec![0.0; items]);
        for &person in &people {
            for time in times.of(person) {
                counts[usize::from(time.item())] += 1.0;
                sums[usize::from(time.item())] += time.logarithm() + speeds[person].0 - mean;
            }
        }
        let intensity: Vec<f64> = sums.iter().zip(&counts).map(|(sum, count)| sum / count).collect();
        let (mut squares, mut speed) = (vec![0.0; items], 0.0);
        for &person in &people {
            let (centred, variance) = (speeds[person].0 - mean, speeds[person].1);
            speed += centred * centred + variance;
            for time in times.of(person) {
                let item = usize::from(time.item());
                let residual = time.logarithm() - intensity[item] + centred;
                squares[item] += residual * residual + variance;
            }
        }
        let residual = squares.iter().zip(&counts).map(|(square, count)| square / count).collect();
        Self { intensity, residual, total: self.total.clone(), speed: speed / people.len() as f64 }
    }

    fn check(&self, times: &Times) -> Result<(), LognormalCalibrationError> {
        for (item, (residual, total)) in self.residual.iter().zip(&self.total).enumerate() {
            if *residual < COLLAPSED * total {
                return Err(LognormalCalibrationError::Collapsed { item, share: residual / total });
            }
        }
        let smallest = self.residual.iter().copied().fold(f64::INFINITY, f64::min);
        if self.speed < SMALL_SPREAD * smallest && self.slope_without_spread(times) <= 0.0 {
            return Err(LognormalCalibrationError::NoSpread { deviation: self.speed.sqrt() });
        }
        Ok(())
    }

    /// ∂ℓ/∂σ² at σ² = 0: ½ Σ_i ((Σ_j w_j r_j)² − Σ_j w_j), w = α².
    fn slope_without_spread(&self, times: &Times) -> f64 {
        let of_person = |person: usize| {
            let (mut sum, mut weight) = (0.0, 0.0);
            for time in times.of(person) {
                let item = usize::from(time.item());
                sum += (time.logarithm() - self.intensity[item]) / self.residual[item];
                weight += 1.0 / self.residual[item];
            }
            0.5 * (sum * sum - weight)
        };
        (0..times.persons()).map(of_person).sum()
    }

    /// Largest change, with variances as standard deviations.
    fn distance(&self, other: &Self) -> f64 {
        let deviations = self.residual.iter().zip(&other.residual).map(|(a, b)| (a.sqrt() - b.sqrt()).abs());
        let means = self.intensity.iter().zip(&other.intensity).map(|(a, b)| (a - b).abs());
        deviations.chain(means).fold((self.speed.sqrt() - other.speed.sqrt()).abs(), f64::max)
    }

    /// Σ_i ½ (Σ_j ln w_j − n_i ln 2π − ln σ² − ln P_i − Σ_j w_j r_j² + (Σ_j w_j r_j)²/P_i), w = α².
    fn log_likelihood(&self, times: &Times) -> f64 {
        let mut total = 0.0;
        for person in 0..times.persons() {
            let (mean, variance) = self.speed_of(times.of(person));
            total += 0.5 * (libm::log(variance) - libm::log(self.speed) + mean * mean / variance);
            for time in times.of(person) {
                let item = usize::from(time.item());
                let residual = time.logarithm() - self.intensity[item];
                total -= 0.5 * (libm::log(2.0 * PI * self.residual[item]) + residual * residual / self.residual[item]);
            }
        }
        total
    }

    fn model(&self) -> Result<LognormalModel, LognormalParameterError> {
        let items = self.intensity.iter().zip(&self.residual);
        let items = items.map(|(intensity, residual)| LognormalItem::new(*intensity, 1.0 / residual.sqrt()));
        LognormalModel::new(items.collect::<Result<_, _>>()?, self.speed.sqrt())
    }
}
