//! Standard errors of the lognormal model from the observed information of the marginal likelihood.
//!
//! Per person, with w_j = α_j², q = 1/σ², P = q + Σ w_j, r_j = y_j − β_j and u = Σ w_j r_j / P:
//!   ℓ = ½ (Σ ln w_j + ln q − ln P − Σ w_j r_j² + P u²), up to a constant, and with δ = 1 where j = k
//!   ∂²ℓ/∂β_j∂β_k = −δ w_j + w_j w_k/P          ∂²ℓ/∂β_j∂w_k = δ (r_j − u) − w_j (r_k − u)/P
//!   ∂²ℓ/∂w_j∂w_k = ½ (1/P² − δ/w_j²) + (r_j − u)(r_k − u)/P          ∂²ℓ/∂β_j∂q = w_j u/P
//!   ∂²ℓ/∂w_j∂q = ½/P² − (r_j − u) u/P          ∂²ℓ/∂q² = ½ (1/P² − 1/q²) + u²/P
//! At the maximum SE(α) = SE(w)/(2α) and SE(σ) = SE(q) σ³/2. Source: second derivatives of the normal likelihood, as in
//! Jöreskog (1969), *Psychometrika* 34, 183–202; information by Efron & Hinkley (1978), *Biometrika* 65, 457–483.

use super::calibrate::LognormalCalibrationError;
use super::lognormal::LognormalModel;
use super::times::{Time, Times};
use crate::numeric::symmetric::Symmetric;

/// Standard errors, by position of the item.
#[derive(Debug, Clone, PartialEq)]
pub struct LognormalErrors {
    /// Of β, log seconds.
    pub intensity: Vec<f64>,
    /// Of α, per log second.
    pub discrimination: Vec<f64>,
    /// Of σ, log seconds.
    pub speed_deviation: f64,
}

/// Standard errors of a calibration from the same times.
///
/// # Formula
/// Roots of the diagonal of the inverse of −∂²ℓ, see the head of `standard_errors.rs`.
///
/// # Arguments
/// `times`: those the model was calibrated on. `model`: [`super::calibrate_times`]'s, at its maximum.
///
/// # Source
/// Efron & Hinkley (1978), *Biometrika* 65, 457–483 (observed information); van der Linden (2006), *Journal of
/// Educational and Behavioral Statistics* 31, 181–204 (model).
///
/// # Accuracy
/// Agrees with complex-step derivatives of the dense likelihood in numpy to a relative 1e-6 on `tests/reference/response_time_calibration.csv`.
///
/// # Limits
/// Away from the maximum it is an error where the likelihood does not bend down, and meaningless elsewhere. The work
/// grows with the cube of the items: a second for 500.
///
/// ```
/// use melek_irt::response_time::{Times, calibrate_times, lognormal_errors};
/// let rows = [[8.0, 21.0, 30.0], [12.0, 30.0, 55.0], [16.0, 37.0, 61.0], [9.0, 27.0, 35.0], [14.0, 25.0, 52.0]];
/// let times = Times::from_rows(3, rows.map(|row| row.map(Some)))?;
/// let errors = lognormal_errors(&times, &calibrate_times(&times)?.model)?;
/// assert!(errors.intensity.iter().all(|error| *error > 0.05 && *error < 0.3));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn lognormal_errors(times: &Times, model: &LognormalModel) -> Result<LognormalErrors, LognormalCalibrationError> {
    let items = model.items().len();
    if items != times.items() {
        return Err(LognormalCalibrationError::Items { model: items, times: times.items() });
    }
    let mut information = Symmetric::zeros(2 * items + 1);
    for person in 0..times.persons() {
        add_person(model, times.of(person), &mut information);
    }
    information.mirror();
    let factor = information.factor().map_err(|parameter| LognormalCalibrationError::Flat { parameter })?;
    let covariance = factor.inverse();
    let error = |parameter: usize| covariance.get(parameter, parameter).sqrt();
    let deviation = model.speed_deviation();
    Ok(LognormalErrors {
        intensity: (0..items).map(error).collect(),
        discrimination: (0..items)
            .map(|item| error(items + item) / (2.0 * model.items()[item].discrimination()))
            .collect(),
        speed_deviation: 0.5 * error(2 * items) * deviation * deviation * deviation,
    })
}

/// Adds −∂²ℓ of one person to the lower triangle: rows β by item, then w by item, then q.
fn add_person(model: &LognormalModel, own: &[Time], information: &mut Symmetric) {
    let items = model.items().len();
    let rate = 1.0 / (model.speed_deviation() * model.speed_deviation());
    let weight = |time: &Time| model.items()[usize::from(time.item())].precision();
    let distance = |time: &Time| time.logarithm() - model.items()[usize::from(time.item())].intensity();
    let precision = rate + own.iter().map(weight).sum::<f64>();
    let mean = own.iter().map(|time| weight(time) * distance(time)).sum::<f64>() / precision;
    for one in own {
        let (j, w_j, e_j) = (usize::from(one.item()), weight(one), distance(one) - mean);
        information.add(2 * items, j, -w_j * mean / precision);
        information.add(2 * items, items + j, e_j * mean / precision - 0.5 / (precision * precision));
        information.add(j, j, w_j);
        information.add(items + j, j, -e_j);
        information.add(items + j, items + j, 0.5 / (w_j * w_j));
        for other in own {
            let (k, w_k, e_k) = (usize::from(other.item()), weight(other), distance(other) - mean);
            // Row w_j, column β_k: ∂²ℓ/∂β_k∂w_j.
            information.add(items + j, k, w_k * e_j / precision);
            if k <= j {
                information.add(j, k, -w_j * w_k / precision);
                let both = e_j * e_k / precision + 0.5 / (precision * precision);
                information.add(items + j, items + k, -both);
            }
        }
    }
    let bend = 0.5 / (rate * rate) - 0.5 / (precision * precision) - mean * mean / precision;
    information.add(2 * items, 2 * items, bend);
}
