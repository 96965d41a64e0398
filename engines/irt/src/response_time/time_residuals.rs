//! Which of a person's times are surprising, given all the person's other times.
//!
//! z_j = (y_j − β_j + τ̂_(j)) / √(1/α_j² + s²_(j)), with τ̂_(j) and s_(j) the posterior of speed from the other items. The
//! law of z_j is standard normal over the population. Source: van der Linden & Guo (2008), *Psychometrika* 73, 365–384.

use super::lognormal::LognormalModel;
use super::speed::{SpeedError, Sums, item_of};
use super::times::Time;
use crate::numeric::normal;

/// One time beside what the person's other times let expect.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TimeResidual {
    pub item: u16,
    /// Standard normal under the model; below 0 where the answer came sooner than expected.
    pub z: f64,
    /// Two-sided, 0 … 1.
    pub p_value: f64,
}

/// Standardised residuals of a person's times, in their order.
///
/// # Formula
/// z_j = (ln t_j − β_j + τ̂_(j)) / √(1/α_j² + s²_(j)), p = 2 Φ(−|z|)
///
/// # Arguments
/// `model`: the items and σ. `times`: any number.
///
/// # Source
/// van der Linden & Guo (2008), *Psychometrika* 73, 365–384.
///
/// # Accuracy
/// Agrees with the conditional law of the multivariate normal by numpy to a relative 1e-10 on
/// `tests/reference/response_time_residuals.csv`.
///
/// # Limits
/// Residuals of one person are dependent. With one time the other items say nothing and the population takes their place.
///
/// ```
/// use melek_irt::response_time::{LognormalItem, LognormalModel, Time, time_residuals};
/// let model = LognormalModel::new(vec![LognormalItem::new(3.0, 2.0)?; 3], 0.3)?;
/// let times = [Time::new(0, 20.0)?, Time::new(1, 21.0)?, Time::new(2, 1.0)?];
/// let residuals = time_residuals(&model, &times)?;
/// assert!(residuals[2].z < -4.0 && residuals[2].p_value < 1e-4);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn time_residuals(model: &LognormalModel, times: &[Time]) -> Result<Vec<TimeResidual>, SpeedError> {
    let all = Sums::of(model, times)?;
    let prior = 1.0 / (model.speed_deviation() * model.speed_deviation());
    let residual = |time: &Time| {
        let item = item_of(model, time)?;
        let precision = item.precision();
        let distance = time.logarithm() - item.intensity();
        let others = Sums { precision: all.precision - precision, weighted: all.weighted + precision * distance };
        // The difference of equal sums may fall below 0 by rounding; precisions never do.
        let others = Sums { precision: others.precision.max(0.0), ..others }.estimate(prior);
        let variance = 1.0 / precision + others.standard_error * others.standard_error;
        let z = (distance + others.mean) / variance.sqrt();
        Ok(TimeResidual { item: time.item(), z, p_value: 2.0 * normal::probability_below(-z.abs()) })
    };
    times.iter().map(residual).collect()
}
