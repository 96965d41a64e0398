//! Drift of one item while it is in use: cumulative sums of the residuals of its answers, in the order of time.
//!
//! A known item is answered right too often, an outdated key too seldom; each answer alone says little, a run of them a
//! lot. Residuals are in standard deviations of the answer, so their sums have no unit.

use crate::model::ResponseFunction;

/// Mean excess of a normal random walk over a barrier. Siegmund (1985), *Sequential Analysis*, sec. 10.2: the sums stop
/// as if the limit were 2 · 0.583 farther away.
const OVERSHOOT: f64 = 1.166;

/// A drift so near to the reference value that the run length is taken at it.
const NO_DRIFT: f64 = 1e-6;

/// Answers or settings from which no sums follow. Observations count from 0.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum CusumError {
    #[error("reference {reference} and limit {limit}; the reference must be at least 0 and the limit above 0")]
    Settings { reference: f64, limit: f64 },
    #[error("the item has {0} slopes; sums are for one dimension")]
    Dimensions(usize),
    #[error("observation {position} is category {category} of an item with {categories}")]
    Category { position: usize, category: usize, categories: usize },
    #[error("observation {position}: at ability {ability} the answer is certain, so nothing can be expected of it")]
    NoVariance { position: usize, ability: f64 },
}

/// One answer to the item.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observation {
    /// Of the person, in logits, estimated without this item.
    pub ability: f64,
    /// From 0.
    pub category: usize,
}

/// The state after an observation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CusumStep {
    /// Standardised residual of this answer: above 0 better than expected.
    pub residual: f64,
    /// Sum of residuals above the reference value, ≥ 0: rises when the item has become easier.
    pub upper: f64,
    /// Sum of residuals below minus the reference value, ≤ 0: falls when the item has become harder.
    pub lower: f64,
    /// Whether either sum is beyond the limit.
    pub signals: bool,
}

/// A two-sided chart for one item.
#[derive(Debug, Clone, PartialEq)]
pub struct Cusum {
    function: ResponseFunction,
    reference: f64,
    limit: f64,
}

impl Cusum {
    /// A chart, or the setting that cannot be used.
    ///
    /// # Arguments
    /// `function`: the item as calibrated, one dimension. `reference` k ≥ 0: half the mean residual that should be found,
    /// typically 0.25 … 0.5. `limit` h > 0, typically 4 … 8; see [`average_run_length`].
    ///
    /// # Source
    /// Page (1954), *Biometrika* 41, 100–115.
    pub fn new(function: ResponseFunction, reference: f64, limit: f64) -> Result<Self, CusumError> {
        if function.slopes().len() != 1 {
            return Err(CusumError::Dimensions(function.slopes().len()));
        }
        if !(reference >= 0.0 && reference.is_finite() && limit > 0.0 && limit.is_finite()) {
            return Err(CusumError::Settings { reference, limit });
        }
        Ok(Self { function, reference, limit })
    }

    /// The sums after each answer, in the order of time. The first step that signals is when to look at the item.
    ///
    /// # Formula
    /// z_t = (x_t − E(x | θ_t)) / √Var(x | θ_t); upper_t = max(0, upper_(t−1) + z_t − k), lower_t = min(0, lower_(t−1) +
    /// z_t + k); signal where upper_t > h or lower_t < −h. Sums go on after a signal.
    ///
    /// # Arguments
    /// `observations`: answers in the order of time.
    ///
    /// # Source
    /// Page (1954), *Biometrika* 41, 100–115; for items of adaptive tests Veerkamp & Glas (2000), *Journal of Educational
    /// and Behavioral Statistics* 25, 373–389.
    ///
    /// # Accuracy
    /// Agrees with numpy to 1e-12 on `tests/reference/linking_cusum.csv`.
    ///
    /// # Limits
    /// Abilities are taken as exact; with estimates the residuals vary a little more and false alarms come sooner. An
    /// answer that is certain at its ability, and a category the item does not have, are errors.
    ///
    /// ```
    /// use melek_irt::linking::{Cusum, Observation};
    /// use melek_irt::model::ResponseFunction;
    /// let chart = Cusum::new(ResponseFunction::two_parameter(1.0, 0.0)?, 0.5, 4.0)?;
    /// let always_right = [Observation { ability: 0.0, category: 1 }; 10]; // each half a standard deviation too good
    /// let steps = chart.run(&always_right)?;
    /// assert_eq!(steps.iter().position(|step| step.signals), Some(8));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn run(&self, observations: &[Observation]) -> Result<Vec<CusumStep>, CusumError> {
        let (mut upper, mut lower) = (0.0_f64, 0.0_f64);
        let step = |(position, observation)| {
            let residual = self.residual(position, observation)?;
            upper = (upper + residual - self.reference).max(0.0);
            lower = (lower + residual + self.reference).min(0.0);
            Ok(CusumStep { residual, upper, lower, signals: upper > self.limit || lower < -self.limit })
        };
        observations.iter().enumerate().map(step).collect()
    }

    fn residual(&self, position: usize, observation: &Observation) -> Result<f64, CusumError> {
        let Observation { ability, category } = *observation;
        let categories = self.function.categories();
        if category >= categories {
            return Err(CusumError::Category { position, category, categories });
        }
        let probabilities = self.function.probabilities(&[ability]);
        let moment = |centre: f64, power: i32| -> f64 {
            probabilities.iter().enumerate().map(|(score, p)| p * (score as f64 - centre).powi(power)).sum()
        };
        let expected = moment(0.0, 1);
        let variance = moment(expected, 2);
        if variance > 0.0 && variance.is_finite() {
            Ok((category as f64 - expected) / variance.sqrt())
        } else {
            Err(CusumError::NoVariance { position, ability })
        }
    }
}

/// Answers on average until a two-sided chart signals, when residuals have a mean shift.
///
/// # Formula
/// 1/L = 1/L(s) + 1/L(−s), L(s) = (exp(−2 Δ b) + 2 Δ b − 1) / (2 Δ²) with Δ = s − k and b = h + 1.166; L = b² at Δ = 0.
///
/// # Arguments
/// `reference` k ≥ 0 and `limit` h > 0 of the chart; `shift` s: mean residual, 0 for an item that does not drift.
///
/// # Source
/// Siegmund (1985), *Sequential Analysis*, eqs. 2.56 and 10.16; as in Montgomery (2013), *Introduction to Statistical
/// Quality Control*, 7th ed., eq. 9.7.
///
/// # Accuracy
/// Within 6 % of the Markov chain of Brook & Evans (1972), *Biometrika* 59, 539–549, for normal residuals, within 1 % for
/// k ≤ 0.5 without drift (`tests/reference/linking_run_length.csv`). Residuals of single answers are not normal: for very easy and very hard
/// items it is a rough guide.
///
/// # Limits
/// Infinite where nothing would ever signal within the range of numbers; NaN for NaN.
///
/// ```
/// use melek_irt::linking::average_run_length;
/// assert!((average_run_length(0.5, 4.0, 0.0) - 168.0).abs() < 3.0); // false alarms once in 168 answers
/// assert!((average_run_length(0.5, 4.0, 1.0) - 8.4).abs() < 0.2); // a real shift found after 8
/// ```
pub fn average_run_length(reference: f64, limit: f64, shift: f64) -> f64 {
    let one_sided = |mean: f64| {
        let (drift, barrier) = (mean - reference, limit + OVERSHOOT);
        if drift.abs() < NO_DRIFT {
            return barrier * barrier;
        }
        (libm::exp(-2.0 * drift * barrier) + 2.0 * drift * barrier - 1.0) / (2.0 * drift * drift)
    };
    1.0 / (1.0 / one_sided(shift) + 1.0 / one_sided(-shift))
}
