//! Classification by estimated abilities: errors are normal with the standard error of each person.

use super::characteristic_curve::CharacteristicCurve;
use super::classification::{Classification, ClassificationError, Conditional, check, level_of};
use crate::ability::Estimate;
use crate::linking::Population;
use crate::model::ResponseFunction;

/// Accuracy and consistency of sorting people by their estimated abilities.
///
/// # Formula
/// P(level k | person) = Φ((c_(k+1) − θ)/SE) − Φ((c_k − θ)/SE). Accuracy: mean probability of the level in which the
/// estimate lies; consistency: mean Σ_k P(k)².
///
/// # Arguments
/// `estimates`: at least one person; standard errors ≥ 0. `cuts`: in logits, rising.
///
/// # Source
/// Rudner (2001), *Practical Assessment, Research & Evaluation* 7(14); Rudner (2005), *PARE* 10(13); consistency: Wyse & Hao
/// (2012), *Applied Psychological Measurement* 36, 602–624.
///
/// # Accuracy
/// Agrees with scipy to 1e-12 on `tests/reference/classification_rudner.csv`.
///
/// # Limits
/// The estimate stands for the person's true ability, so accuracy is a little too high where estimates are spread wider
/// than abilities. Standard error 0 is certain.
///
/// ```
/// use melek_irt::ability::Estimate;
/// use melek_irt::standard_setting::rudner;
/// let people = [0.5, -0.5].map(|mean| Estimate { mean, standard_error: 0.5 });
/// let found = rudner(&people, &[0.0])?;
/// assert!((found.accuracy - 0.8413).abs() < 1e-4); // Φ(1)
/// assert!((found.cuts[0].false_positive - 0.0793).abs() < 1e-4);
/// # Ok::<(), melek_irt::standard_setting::ClassificationError>(())
/// ```
pub fn rudner(estimates: &[Estimate], cuts: &[f64]) -> Result<Classification, ClassificationError> {
    check(cuts)?;
    if estimates.is_empty() {
        return Err(ClassificationError::NoPeople);
    }
    let weight = 1.0 / estimates.len() as f64;
    let mut conditional = Vec::with_capacity(estimates.len());
    for (person, &estimate) in estimates.iter().enumerate() {
        let Estimate { mean, standard_error } = estimate;
        if !(mean.is_finite() && standard_error >= 0.0 && standard_error.is_finite()) {
            return Err(ClassificationError::Estimate { person, mean, standard_error });
        }
        conditional.push(of(estimate, weight, cuts));
    }
    Ok(Classification::new(cuts, conditional))
}

/// Accuracy and consistency to be expected of a test in a population, before anybody sat it.
///
/// # Formula
/// As [`rudner`], with the points of the population as true abilities and SE(θ) = 1/√I(θ), I the test information.
///
/// # Arguments
/// `functions`: one dimension, slopes above 0. `population`: true abilities. `cuts`: in logits, rising.
///
/// # Source
/// Rudner (2005), *Practical Assessment, Research & Evaluation* 10(13).
///
/// # Accuracy
/// Agrees with scipy to 1e-11 on `tests/reference/classification.csv`.
///
/// # Limits
/// Maximum-likelihood estimates of short tests are not normal far from the items; [`super::lee()`] has no such assumption.
/// An ability without information is an error.
pub fn rudner_expected(
    functions: &[ResponseFunction],
    population: &Population,
    cuts: &[f64],
) -> Result<Classification, ClassificationError> {
    check(cuts)?;
    CharacteristicCurve::new(functions)?;
    let mut conditional = Vec::with_capacity(population.points().len());
    for &(ability, weight) in population.points() {
        let of_item = |function: &ResponseFunction| {
            let slope = function.slopes()[0];
            slope * slope * function.information(&[ability])
        };
        let standard_error = 1.0 / functions.iter().map(of_item).sum::<f64>().sqrt();
        if !standard_error.is_finite() {
            return Err(ClassificationError::NoInformation { ability });
        }
        conditional.push(of(Estimate { mean: ability, standard_error }, weight, cuts));
    }
    Ok(Classification::new(cuts, conditional))
}

fn of(estimate: Estimate, weight: f64, cuts: &[f64]) -> Conditional {
    let reached: Vec<f64> = cuts.iter().map(|cut| estimate.probability_at_least(*cut)).collect();
    Conditional::new(estimate.mean, weight, level_of(estimate.mean, cuts), &reached)
}
