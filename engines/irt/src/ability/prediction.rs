//! What somebody is expected to do with an item whose answer is still to come. Logits.

use super::Estimate;
use crate::model::Item;

/// Standard deviations each way that abilities are looked at: what lies beyond weighs 2e-9.
const REACH: f64 = 6.0;

/// Distance of two abilities looked at, in standard deviations. The trapezoid rule errs by about exp(−2π²/(a σ · step)) for a logistic
/// curve, below 1e-11 up to a σ = 3.
const STEP: f64 = 0.25;

/// Probability, 0 … 1, that somebody of this ability answers the item right, averaged over what is not known of the ability.
///
/// # Formula
/// ∫ P(θ) φ(θ; m, s) dθ by the trapezoid rule on m ± 6 s with steps of s/4, weights made to sum to 1.
///
/// # Arguments
/// `item`: its parameters. `ability`: mean m and standard error s, logits, s ≥ 0; 0 gives P(m).
///
/// # Source
/// Predictive distribution of an answer as in Bayesian choice of items: van der Linden (1998), *Psychometrika* 63, 201–216.
///
/// # Accuracy
/// Agrees with R's `integrate` to 1e-8 on `tests/reference/predicted_probability.csv`.
///
/// # Limits
/// Between the item's lower asymptote and 1. The posterior is taken as normal. NaN in, NaN out.
///
/// ```
/// use melek_irt::ability::{Estimate, predicted_probability};
/// use melek_irt::model::Item;
/// let item = Item::new(2.0, 0.0, 0.0)?;
/// let sure = predicted_probability(&item, &Estimate { mean: 1.0, standard_error: 0.0 });
/// assert_eq!(sure, item.probability(1.0));
/// assert!(predicted_probability(&item, &Estimate { mean: 1.0, standard_error: 1.0 }) < sure);
/// # Ok::<(), melek_irt::model::ParameterError>(())
/// ```
pub fn predicted_probability(item: &Item, ability: &Estimate) -> f64 {
    if ability.standard_error == 0.0 {
        return item.probability(ability.mean);
    }
    let steps = (REACH / STEP) as i32;
    let (mut right, mut total) = (0.0, 0.0);
    for step in -steps..=steps {
        let z = f64::from(step) * STEP;
        let weight = libm::exp(-0.5 * z * z);
        right += weight * item.probability(ability.mean + ability.standard_error * z);
        total += weight;
    }
    right / total
}
