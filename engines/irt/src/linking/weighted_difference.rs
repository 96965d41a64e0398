//! Drift of one item as the difference of its two curves over the people who meet it.

use super::population::Population;
use crate::model::ResponseFunction;

/// Root mean squared difference of the expected scores of one item in two calibrations, in score points, ≥ 0.
///
/// # Formula
/// √(Σ_x w(x) (E_old(x) − E_new(x))²), with E the expected category.
///
/// # Arguments
/// `old`, `new`: one item on one scale (transform first), any model in one dimension. `population`: the people on that
/// scale.
///
/// # Source
/// Wells, Hambleton, Kirkpatrick & Meng (2014), *Applied Measurement in Education* 27, 214–231 (D²); .10 for
/// dichotomous items is worth a look.
///
/// # Accuracy
/// Agrees with numpy to 1e-12 on `tests/reference/linking_area.csv`.
///
/// # Limits
/// At most the highest category. Items of several dimensions are read on the first one only.
///
/// ```
/// use melek_irt::linking::{Population, weighted_difference};
/// use melek_irt::model::ResponseFunction;
/// let (old, new) = (ResponseFunction::two_parameter(1.0, 0.0)?, ResponseFunction::two_parameter(1.0, -0.5)?);
/// let difference = weighted_difference(&old, &new, &Population::normal(0.0, 1.0, 30)?);
/// assert!(difference > 0.10 && difference < 0.12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn weighted_difference(old: &ResponseFunction, new: &ResponseFunction, population: &Population) -> f64 {
    let square = |&(theta, weight): &(f64, f64)| {
        let difference = old.expected_score(&[theta]) - new.expected_score(&[theta]);
        weight * difference * difference
    };
    population.points().iter().map(square).sum::<f64>().sqrt()
}
