//! Classification by total scores: the exact distribution of the score at each ability.

use super::characteristic_curve::CharacteristicCurve;
use super::classification::{Classification, ClassificationError, Conditional, check, level_of};
use super::score_distribution::given_ability;
use crate::linking::Population;
use crate::model::ResponseFunction;

/// Accuracy and consistency of sorting people by their total scores.
///
/// # Formula
/// P(level k | θ) = Σ P(X = x | θ) over the scores c_k ≤ x < c_(k+1), by the recursion of Lord & Wingersky; the true level
/// is that of the expected score T(θ). Accuracy: Σ w(θ) P(true level | θ); consistency: Σ w(θ) Σ_k P(k | θ)²; kappa from
/// the shares of the levels.
///
/// # Arguments
/// `functions`: dichotomous or polytomous, one dimension, slopes above 0. `population`: abilities with weights; estimates
/// of people with weight 1 each for averages over them. `cuts`: in points, rising; a score equal to a cut reaches it.
///
/// # Source
/// Lee (2010), *Journal of Educational Measurement* 47, 1–17; Lee, Hanson & Brennan (2002), *Applied Psychological
/// Measurement* 26, 412–432.
///
/// # Accuracy
/// Agrees with numpy over all answer patterns and over convolutions to 1e-12 on `tests/reference/classification.csv`.
///
/// # Limits
/// The model is taken as true and its parameters as exact. A cut beyond the highest score is reached by nobody.
///
/// ```
/// use melek_irt::linking::Population;
/// use melek_irt::model::ResponseFunction;
/// use melek_irt::standard_setting::lee;
/// let items = vec![ResponseFunction::two_parameter(1.0, 0.0)?; 2];
/// let found = lee(&items, &Population::new(vec![(0.0, 1.0)])?, &[1.0])?;
/// assert!((found.accuracy - 0.75).abs() < 1e-15); // 1 − ¼ at an expected score of 1
/// assert!((found.consistency - 0.625).abs() < 1e-15); // 9/16 + 1/16
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn lee(
    functions: &[ResponseFunction],
    population: &Population,
    cuts: &[f64],
) -> Result<Classification, ClassificationError> {
    check(cuts)?;
    let curve = CharacteristicCurve::new(functions)?;
    let conditional = population.points().iter().map(|&(ability, weight)| {
        let totals = given_ability(functions, &[ability]);
        let reached = |cut: &f64| {
            let high = totals.iter().enumerate().filter(|(score, _)| *score as f64 >= *cut);
            // Sums to 1 up to rounding.
            high.map(|(_, probability)| probability).sum::<f64>().min(1.0)
        };
        let reached: Vec<f64> = cuts.iter().map(reached).collect();
        Conditional::new(ability, weight, level_of(curve.expected(ability), cuts), &reached)
    });
    Ok(Classification::new(cuts, conditional.collect()))
}
