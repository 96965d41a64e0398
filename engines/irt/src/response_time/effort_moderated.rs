//! Ability from the answers that were thought about, beside ability from all answers.
//!
//! A rapid guess has the same chance of being right at every ability, so it leaves the likelihood: P = P(θ) where the
//! person tried, a constant where not. Source: Wise & DeMars (2006), *Journal of Educational Measurement* 43, 19–38.

use super::ability_grid::{AnswerError, Weights, log_likelihood, points};
use crate::ability::Estimate;
use crate::calibration::Grid;
use crate::model::ResponseFunction;
use crate::responses::Response;

/// Known items in one dimension, the population, and the points over which ability is integrated.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AbilityScale<'a> {
    /// Response functions, by position.
    pub items: &'a [ResponseFunction],
    /// Mean and standard deviation of ability in the population, logits.
    pub population: Estimate,
    pub grid: Grid,
}

/// One person's ability with and without the rapid guesses, as posterior mean and standard deviation, logits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EffortModerated {
    pub all_answers: Estimate,
    pub effortful_answers: Estimate,
    pub rapid: usize,
}

/// Expected a posteriori ability with and without rapid guesses.
///
/// # Formula
/// Mean and deviation over the grid of ∝ φ((θ − μ)/σ) Π_j P_j(x_j | θ), the product over all answers, and over those not
/// flagged.
///
/// # Arguments
/// `scale`: items, population with standard deviation above 0, and a grid that covers it. `answers`: each with whether it
/// was a rapid guess, from [`super::Thresholds::rapid_guesses`].
///
/// # Source
/// Wise & DeMars (2006), *Journal of Educational Measurement* 43, 19–38; EAP by Bock & Mislevy (1982), *Applied
/// Psychological Measurement* 6, 431–444.
///
/// # Accuracy
/// Agrees with scipy quadrature to 1e-8 on `tests/reference/response_time_effort_moderated.csv`.
///
/// # Limits
/// Without flags both are equal. When every answer is flagged nothing but the population is left; report no score then.
/// Rapid guessing may itself go with low ability, which this score does not know.
///
/// ```
/// use melek_irt::ability::Estimate;
/// use melek_irt::calibration::Grid;
/// use melek_irt::model::ResponseFunction;
/// use melek_irt::response_time::{AbilityScale, effort_moderated};
/// use melek_irt::responses::Response;
/// let items = vec![ResponseFunction::two_parameter(1.5, 0.0)?; 4];
/// let population = Estimate { mean: 0.0, standard_error: 1.0 };
/// let scale = AbilityScale { items: &items, population, grid: Grid::standard(1) };
/// let answer = |item, category, rapid| (Response { item, category }, rapid);
/// let answers = [answer(0, 1, false), answer(1, 1, false), answer(2, 0, true), answer(3, 0, true)];
/// let score = effort_moderated(&scale, &answers)?;
/// assert_eq!(score.rapid, 2);
/// assert!(score.effortful_answers.mean > score.all_answers.mean);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn effort_moderated(scale: &AbilityScale, answers: &[(Response, bool)]) -> Result<EffortModerated, AnswerError> {
    let deviation = scale.population.standard_error;
    if !(deviation > 0.0 && deviation.is_finite() && scale.population.mean.is_finite()) {
        return Err(AnswerError::Population { mean: scale.population.mean, deviation });
    }
    let points = points(&scale.grid)?;
    let all_answers = expected(scale, answers.iter().map(|(answer, _)| answer), &points)?;
    let rapid = answers.iter().filter(|(_, rapid)| *rapid).count();
    let tried = answers.iter().filter(|(_, rapid)| !rapid).map(|(answer, _)| answer);
    let effortful_answers = if rapid == 0 { all_answers } else { expected(scale, tried, &points)? };
    Ok(EffortModerated { all_answers, effortful_answers, rapid })
}

fn expected<'a>(
    scale: &AbilityScale,
    answers: impl IntoIterator<Item = &'a Response>,
    points: &[f64],
) -> Result<Estimate, AnswerError> {
    let exponent = |point: f64| {
        let z = (point - scale.population.mean) / scale.population.standard_error;
        -0.5 * z * z
    };
    let of_answers = log_likelihood(scale.items, answers, points)?;
    let logarithms: Vec<f64> = points.iter().zip(of_answers).map(|(point, own)| exponent(*point) + own).collect();
    let weights = Weights::of(&logarithms).relative;
    let total: f64 = weights.iter().sum();
    let pairs = || weights.iter().zip(points);
    let mean = pairs().map(|(weight, point)| weight * point).sum::<f64>() / total;
    let variance = pairs().map(|(weight, point)| weight * (point - mean) * (point - mean)).sum::<f64>() / total;
    Ok(Estimate { mean, standard_error: variance.sqrt() })
}
