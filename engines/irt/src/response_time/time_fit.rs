//! Whether a person's times follow the lognormal model: the sum of squared standardised residuals.
//!
//! l = Σ α_j² (y_j − β_j + τ̂)² with τ̂ by maximum likelihood is chi-square with n − 1 degrees of freedom. Source:
//! Marianti, Fox, Avetisyan, Veldkamp & Tijmstra (2014), *Journal of Educational and Behavioral Statistics* 39, 426–451
//! (known τ, n degrees); Sinharay (2018), *Journal of Educational Measurement* 55, 457–476 (estimated τ, n − 1).

use statrs::distribution::{ChiSquared, ContinuousCDF};

use super::lognormal::LognormalModel;
use super::speed::{SpeedError, Sums, item_of};
use super::times::Time;

/// Person fit of times.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TimeFit {
    /// Σ z², at least 0; large when the person works unevenly.
    pub statistic: f64,
    /// Times less one.
    pub degrees_of_freedom: usize,
    /// Chance of a statistic at least as large under the model, 0 … 1.
    pub p_value: f64,
}

/// The lognormal person-fit statistic with its p-value.
///
/// # Formula
/// l = Σ α_j² (ln t_j − β_j + τ̂)², p = P(χ²_{n−1} ≥ l)
///
/// # Arguments
/// `model`: the items. `times`: at least two.
///
/// # Source
/// Sinharay (2018), *Journal of Educational Measurement* 55, 457–476; Marianti et al. (2014), *Journal of Educational
/// and Behavioral Statistics* 39, 426–451.
///
/// # Accuracy
/// Agrees with scipy `chi2.sf` on the residual of weighted least squares to a relative 1e-10 on
/// `tests/reference/response_time_speed.csv`. The law is exact when the items are known.
///
/// # Limits
/// Says that times are uneven, not which ones: see [`super::time_residuals`]. A person who is fast throughout fits. Fewer
/// than two times are an error.
///
/// ```
/// use melek_irt::response_time::{LognormalItem, LognormalModel, Time, time_fit};
/// let model = LognormalModel::new(vec![LognormalItem::new(3.0, 2.0)?; 3], 0.3)?;
/// let of = |seconds: [f64; 3]| (0..3).zip(seconds).map(|(item, t)| Time::new(item, t)).collect::<Result<Vec<_>, _>>();
/// assert!(time_fit(&model, &of([20.0, 21.0, 19.0])?)?.p_value > 0.9);
/// assert!(time_fit(&model, &of([20.0, 21.0, 1.0])?)?.p_value < 0.001);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn time_fit(model: &LognormalModel, times: &[Time]) -> Result<TimeFit, SpeedError> {
    if times.len() < 2 {
        return Err(SpeedError::TooFew { times: times.len(), minimum: 2 });
    }
    let speed = Sums::of(model, times)?.estimate(0.0).mean;
    let mut statistic = 0.0;
    for time in times {
        let item = item_of(model, time)?;
        let residual = time.logarithm() - item.intensity() + speed;
        statistic += item.precision() * residual * residual;
    }
    let degrees_of_freedom = times.len() - 1;
    let p_value = ChiSquared::new(degrees_of_freedom as f64).map_or(f64::NAN, |law| law.sf(statistic));
    Ok(TimeFit { statistic, degrees_of_freedom, p_value })
}
