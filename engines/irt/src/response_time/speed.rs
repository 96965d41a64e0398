//! How fast a person works: by maximum likelihood and as a posterior, both closed.
//!
//! Given the items the log times are normal about β_j − τ with precision α_j², so τ̂ = Σ α_j² (β_j − y_j) / Σ α_j² with
//! standard error (Σ α_j²)^−½; with τ ~ N(0, σ²) beforehand the sum of precisions gains 1/σ². Source: van der Linden
//! (2006), *Journal of Educational and Behavioral Statistics* 31, 181–204; (2009), *Journal of Educational Measurement*
//! 46, 247–272.

use super::lognormal::{LognormalItem, LognormalModel};
use super::times::Time;
use crate::ability::Estimate;

/// Times that give no speed. Items count from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SpeedError {
    #[error("{times} times; at least {minimum} are needed")]
    TooFew { times: usize, minimum: usize },
    #[error("a time on item {item}, but the model has only {items} items")]
    UnknownItem { item: u16, items: usize },
}

/// A person's speed by maximum likelihood, log seconds, with its standard error.
///
/// # Formula
/// τ̂ = Σ α_j² (β_j − ln t_j) / Σ α_j², SE = (Σ α_j²)^−½
///
/// # Arguments
/// `model`: the items. `times`: at least one.
///
/// # Source
/// van der Linden (2006), *Journal of Educational and Behavioral Statistics* 31, 181–204; normal theory.
///
/// # Accuracy
/// Agrees with numpy's weighted least squares to 1e-12 on `tests/reference/response_time_speed.csv`.
///
/// # Limits
/// No time and an item the model does not have are errors.
///
/// ```
/// use melek_irt::response_time::{LognormalItem, LognormalModel, Time, speed_by_likelihood};
/// let model = LognormalModel::new(vec![LognormalItem::new(3.0, 2.0)?; 4], 0.3)?;
/// let times = (0..4).map(|item| Time::new(item, 3.0_f64.exp() / 2.0)).collect::<Result<Vec<_>, _>>()?;
/// let speed = speed_by_likelihood(&model, &times)?;
/// assert!((speed.mean - 2.0_f64.ln()).abs() < 1e-12); // twice as fast as usual
/// assert!((speed.standard_error - 0.25).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn speed_by_likelihood(model: &LognormalModel, times: &[Time]) -> Result<Estimate, SpeedError> {
    if times.is_empty() {
        return Err(SpeedError::TooFew { times: 0, minimum: 1 });
    }
    Ok(Sums::of(model, times)?.estimate(0.0))
}

/// A person's speed as posterior mean and standard deviation under τ ~ N(0, σ²), log seconds.
///
/// # Formula
/// E τ = Σ α_j² (β_j − ln t_j) / (1/σ² + Σ α_j²), SD = (1/σ² + Σ α_j²)^−½
///
/// # Arguments
/// `model`: the items and σ. `times`: any number.
///
/// # Source
/// van der Linden (2006), *Journal of Educational and Behavioral Statistics* 31, 181–204; normal conjugacy.
///
/// # Accuracy
/// Agrees with numpy's solution of the normal equations to 1e-12 on `tests/reference/response_time_speed.csv`.
///
/// # Limits
/// No time gives the population, mean 0 and SD σ. An item the model does not have is an error.
///
/// ```
/// use melek_irt::response_time::{LognormalItem, LognormalModel, speed_posterior};
/// let model = LognormalModel::new(vec![LognormalItem::new(3.0, 2.0)?], 0.25)?;
/// let speed = speed_posterior(&model, &[])?;
/// assert_eq!((speed.mean, speed.standard_error), (0.0, 0.25));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn speed_posterior(model: &LognormalModel, times: &[Time]) -> Result<Estimate, SpeedError> {
    Ok(Sums::of(model, times)?.estimate(1.0 / (model.speed_deviation() * model.speed_deviation())))
}

/// What a person's times say about speed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Sums {
    /// Σ α_j².
    pub(super) precision: f64,
    /// Σ α_j² (β_j − y_j).
    pub(super) weighted: f64,
}

impl Sums {
    pub(super) fn of(model: &LognormalModel, times: &[Time]) -> Result<Self, SpeedError> {
        let mut sums = Self { precision: 0.0, weighted: 0.0 };
        for time in times {
            let item = item_of(model, time)?;
            sums.precision += item.precision();
            sums.weighted += item.precision() * (item.intensity() - time.logarithm());
        }
        Ok(sums)
    }

    pub(super) fn estimate(&self, prior_precision: f64) -> Estimate {
        let precision = self.precision + prior_precision;
        Estimate { mean: self.weighted / precision, standard_error: 1.0 / precision.sqrt() }
    }
}

pub(super) fn item_of<'a>(model: &'a LognormalModel, time: &Time) -> Result<&'a LognormalItem, SpeedError> {
    let items = model.items();
    items.get(usize::from(time.item())).ok_or(SpeedError::UnknownItem { item: time.item(), items: items.len() })
}
