//! An item whose parameters are estimates: how likely an answer is when the errors of calibration are averaged over.
//!
//! A person answers an item once and items err independently, so the posterior of ability given estimated parameters is that
//! of the averaged response functions: nothing else has to be added to the interval. The choice of items favours those whose
//! discrimination came out too large; the spread of the bank ([`BankSpread`]) takes that back, because a posterior is the same
//! however the items were chosen. Logits, D = 1.

use crate::model::{Item, ParameterError};

/// Nodes and weights of the three-point Gauss–Hermite rule for a standard normal error: −√3, 0, √3 with 1/6, 2/3, 1/6, exact
/// to the fifth power of the error.
const OUTER_NODE: f64 = 1.732_050_807_568_877_2;
const OUTER_WEIGHT: f64 = 1.0 / 6.0;
const INNER_WEIGHT: f64 = 2.0 / 3.0;

/// Errors that no calibration could have.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum ItemErrorsError {
    #[error("standard error {0} is not a finite number ≥ 0")]
    StandardError(f64),
    #[error("correlation {0} is outside −1 … 1")]
    Correlation(f64),
    #[error("the spread of a bank needs at least 3 items, not {0}")]
    FewItems(usize),
    #[error("{items} items and {errors} errors: each item needs one")]
    Lengths { items: usize, errors: usize },
    #[error(transparent)]
    Item(#[from] ParameterError),
}

/// Sampling errors of an item's discrimination and difficulty; asymptotes are known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ItemErrors {
    log_discrimination: f64,
    difficulty: f64,
    correlation: f64,
}

impl ItemErrors {
    /// Standard errors and their correlation.
    ///
    /// # Arguments
    /// - `log_discrimination`: standard error of ln a, i.e. of a as a fraction, ≥ 0; typically .05 … .2.
    /// - `difficulty`: standard error of b, logits, ≥ 0; typically .05 … .2.
    /// - `correlation` of the two errors, −1 … 1; 0 near the mean of the population.
    pub fn new(log_discrimination: f64, difficulty: f64, correlation: f64) -> Result<Self, ItemErrorsError> {
        if let Some(bad) =
            [log_discrimination, difficulty].into_iter().find(|error| !(error.is_finite() && *error >= 0.0))
        {
            return Err(ItemErrorsError::StandardError(bad));
        }
        if !(-1.0..=1.0).contains(&correlation) {
            return Err(ItemErrorsError::Correlation(correlation));
        }
        Ok(Self { log_discrimination, difficulty, correlation })
    }

    /// Standard error of ln a: of a as a fraction.
    pub fn log_discrimination(&self) -> f64 {
        self.log_discrimination
    }

    /// Standard error of b, logits.
    pub fn difficulty(&self) -> f64 {
        self.difficulty
    }

    /// Correlation of the two errors, −1 … 1.
    pub fn correlation(&self) -> f64 {
        self.correlation
    }
}

/// How the true parameters of a bank's items are spread: ln a and b normal and independent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BankSpread {
    /// Mean and standard deviation of ln a.
    pub log_discrimination: [f64; 2],
    /// Mean and standard deviation of b, logits.
    pub difficulty: [f64; 2],
}

impl BankSpread {
    /// The spread of the true parameters, from estimates with their errors.
    ///
    /// # Formula
    /// mean of the estimates; variance of the estimates − mean squared standard error, at least 0.
    ///
    /// # Arguments
    /// `items`: at least 3 calibrated items. `errors`: of each.
    ///
    /// # Source
    /// Method of moments for a normal prior: Morris (1983), *Journal of the American Statistical Association* 78, 47–55.
    ///
    /// # Limits
    /// Estimates that vary less than their errors give a deviation of 0.
    pub fn estimate(items: &[Item], errors: &[ItemErrors]) -> Result<Self, ItemErrorsError> {
        if items.len() != errors.len() {
            return Err(ItemErrorsError::Lengths { items: items.len(), errors: errors.len() });
        }
        if items.len() < 3 {
            return Err(ItemErrorsError::FewItems(items.len()));
        }
        let logs: Vec<f64> = items.iter().map(|item| libm::log(item.discrimination())).collect();
        let difficulties: Vec<f64> = items.iter().map(Item::difficulty).collect();
        let log_errors: Vec<f64> = errors.iter().map(|errors| errors.log_discrimination).collect();
        let difficulty_errors: Vec<f64> = errors.iter().map(|errors| errors.difficulty).collect();
        Ok(Self {
            log_discrimination: true_spread(&logs, &log_errors),
            difficulty: true_spread(&difficulties, &difficulty_errors),
        })
    }
}

/// Mean, and standard deviation without the errors.
fn true_spread(estimates: &[f64], errors: &[f64]) -> [f64; 2] {
    let count = estimates.len() as f64;
    let mean = estimates.iter().sum::<f64>() / count;
    let around: f64 = estimates.iter().map(|estimate| (estimate - mean) * (estimate - mean)).sum();
    let error: f64 = errors.iter().map(|error| error * error).sum();
    [mean, (around / (count - 1.0) - error / count).max(0.0).sqrt()]
}

/// An item with the errors of its parameters.
///
/// ```
/// use melek_irt::ability::{ItemErrors, UncertainItem};
/// use melek_irt::model::Item;
/// let item = Item::new(1.5, 0.0, 0.0)?;
/// let uncertain = UncertainItem::new(item, ItemErrors::new(0.12, 0.12, 0.0)?);
/// assert!(uncertain.likelihood(2.0, true) < item.probability(2.0)); // errors flatten the curve
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UncertainItem {
    item: Item,
    errors: ItemErrors,
}

impl UncertainItem {
    /// The item at its estimates, which are unbiased and normal, without anything known about the bank.
    pub fn new(item: Item, errors: ItemErrors) -> Self {
        Self { item, errors }
    }

    /// The item where it most likely is, given its estimates and the bank it comes from.
    ///
    /// # Formula
    /// (m, V) of β = (ln a, b): V⁻¹ = E⁻¹ + S⁻¹, m = V (E⁻¹ β̂ + S⁻¹ μ), with E the covariance of the errors and μ, S of the
    /// bank; computed as m = β̂ − E (E + S)⁻¹ (β̂ − μ), V = E − E (E + S)⁻¹ E.
    ///
    /// # Arguments
    /// `item`: at its estimates. `errors`: of them. `bank`: [`BankSpread::estimate`].
    ///
    /// # Source
    /// Normal prior on item parameters, Mislevy (1986), *Psychometrika* 51, 177–195; why a choice by information needs it:
    /// van der Linden & Glas (2000), *Applied Measurement in Education* 13, 35–53.
    ///
    /// # Accuracy
    /// Closed form to rounding.
    ///
    /// # Limits
    /// Errors of 0 leave the item. An item moved out of the range of parameters is an error.
    pub fn within(item: Item, errors: ItemErrors, bank: &BankSpread) -> Result<Self, ItemErrorsError> {
        let ItemErrors { log_discrimination, difficulty, correlation } = errors;
        let [e11, e22] = [log_discrimination * log_discrimination, difficulty * difficulty];
        let e12 = correlation * log_discrimination * difficulty;
        let t11 = e11 + bank.log_discrimination[1] * bank.log_discrimination[1];
        let t22 = e22 + bank.difficulty[1] * bank.difficulty[1];
        let determinant = t11 * t22 - e12 * e12;
        if e11 == 0.0 && e22 == 0.0 || determinant <= 0.0 {
            return Ok(Self { item, errors });
        }
        // Weights W = E (E + S)⁻¹ of the bank.
        let w = [
            [(e11 * t22 - e12 * e12) / determinant, (e12 * t11 - e11 * e12) / determinant],
            [(e12 * t22 - e22 * e12) / determinant, (e22 * t11 - e12 * e12) / determinant],
        ];
        let log = libm::log(item.discrimination());
        let away = [log - bank.log_discrimination[0], item.difficulty() - bank.difficulty[0]];
        let moved = Item::new(
            libm::exp(log - w[0][0] * away[0] - w[0][1] * away[1]),
            item.difficulty() - w[1][0] * away[0] - w[1][1] * away[1],
            item.lower(),
        )?;
        let moved = if item.upper() < 1.0 { moved.with_upper(item.upper())? } else { moved };
        let v11 = (e11 - w[0][0] * e11 - w[0][1] * e12).max(0.0);
        let v22 = (e22 - w[1][0] * e12 - w[1][1] * e22).max(0.0);
        let v12 = e12 - w[0][0] * e12 - w[0][1] * e22;
        let (s1, s2) = (v11.sqrt(), v22.sqrt());
        let correlation = if s1 * s2 > 0.0 { (v12 / (s1 * s2)).clamp(-1.0, 1.0) } else { 0.0 };
        Ok(Self { item: moved, errors: ItemErrors { log_discrimination: s1, difficulty: s2, correlation } })
    }

    /// The item without its errors: what the choice of the next item looks at.
    pub fn item(&self) -> &Item {
        &self.item
    }

    /// Whether the parameters are known: all errors 0.
    pub(super) fn is_sure(&self) -> bool {
        self.errors.log_discrimination == 0.0 && self.errors.difficulty == 0.0
    }

    /// Probability of the answer that was given, averaged over the errors of the parameters, 0 … 1.
    ///
    /// # Formula
    /// E P(θ; u + √v z), z ~ N(0, 1), u = a (θ − b); v = gᵀ V g with g = ∂u/∂(ln a, b) = (u, −a): the delta method for u, then
    /// the three-point Gauss–Hermite rule for z.
    ///
    /// # Arguments
    /// `theta`: ability in logits. `correct`: whether the answer was right.
    ///
    /// # Source
    /// Averaging over item parameters: Tsutakawa & Johnson (1990), *Psychometrika* 55, 371–390.
    ///
    /// # Accuracy
    /// Within .002 of quadrature over both parameters for errors up to .12, within .011 for errors of .2, on `tests/reference/uncertain_item.csv`.
    ///
    /// # Limits
    /// Errors of 0 give [`Item::likelihood`]. θ = ±∞ gives NaN unless the errors are 0.
    pub fn likelihood(&self, theta: f64, correct: bool) -> f64 {
        let ItemErrors { log_discrimination, difficulty, correlation } = self.errors;
        let along = (theta - self.item.difficulty()) * log_discrimination;
        // v / a²; the error of u / a moves the ability at which the item is looked at.
        let variance = along * along - 2.0 * correlation * along * difficulty + difficulty * difficulty;
        if variance == 0.0 {
            return self.item.likelihood(theta, correct);
        }
        let away = OUTER_NODE * variance.max(0.0).sqrt();
        let outer = self.item.likelihood(theta - away, correct) + self.item.likelihood(theta + away, correct);
        OUTER_WEIGHT * outer + INNER_WEIGHT * self.item.likelihood(theta, correct)
    }
}
