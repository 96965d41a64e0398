//! The posterior by importance sampling: slow, random, but exact in the limit. The yardstick for
//! [`super::ExpectationPropagation`] in tests and studies, not for scoring people. Logits.

use rand::Rng;

use super::{Answer, DimensionError, Posterior, Prior};

/// A weighted sample's summary.
#[derive(Debug, Clone, PartialEq)]
pub struct Sampled<const D: usize> {
    pub posterior: Posterior<D>,
    /// (Σ w)² / Σ w²: independent draws that would be as precise (Kong 1992).
    pub effective_size: f64,
}

/// Posterior mean and covariance from weighted draws; `None` when no draw has any weight.
///
/// # Formula
/// θ_i ~ prior, w_i = Π likelihood(answer; θ_i); mean = Σ w θ / Σ w, covariance likewise
///
/// # Arguments
/// - `prior`, `answers`: as [`super::posterior`].
/// - `draws`: at least 1; with 16 answers in five dimensions about one in ten counts in the effective size.
/// - `rng`: the seeded generator.
///
/// # Source
/// Owen (2013), *Monte Carlo theory, methods and examples*, section 9.2 (self-normalised importance sampling).
///
/// # Accuracy
/// Monte Carlo: a mean is off by about its standard deviation / √effective size.
///
/// # Limits
/// `Ok(None)` when `draws` is 0 or every weight underflows.
///
/// ```
/// use melek_irt::ability::{Answer, Prior, importance_sampling};
/// use melek_irt::model::Item;
/// use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
/// let prior = Prior::new([0.0], [[1.0]])?;
/// let answer = Answer { item: Item::new(1.0, 0.0, 0.0)?, dimension: 0, correct: true };
/// let mut rng = ChaCha8Rng::seed_from_u64(7);
/// let sampled = importance_sampling::posterior(&prior, &[answer], 10_000, &mut rng)?.unwrap();
/// assert!((sampled.posterior.mean[0] - 0.413).abs() < 0.03);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn posterior<const D: usize, R: Rng + ?Sized>(
    prior: &Prior<D>,
    answers: &[Answer],
    draws: usize,
    rng: &mut R,
) -> Result<Option<Sampled<D>>, DimensionError> {
    for answer in answers {
        answer.check::<D>()?;
    }
    let (mut mass, mut squared) = (0.0, 0.0);
    let mut first = [0.0; D];
    let mut second = [[0.0; D]; D];
    for _ in 0..draws {
        let deviation = prior.deviation(rng);
        let weight = answers.iter().fold(1.0, |weight, answer| {
            let ability = prior.mean()[answer.dimension] + deviation[answer.dimension];
            weight * answer.item.likelihood(ability, answer.correct)
        });
        mass += weight;
        squared += weight * weight;
        for row in 0..D {
            first[row] += weight * deviation[row];
            for column in 0..=row {
                second[row][column] += weight * deviation[row] * deviation[column];
            }
        }
    }
    if mass == 0.0 {
        return Ok(None);
    }
    let moved = first.map(|sum| sum / mass);
    let covariance = core::array::from_fn(|row: usize| {
        core::array::from_fn(|column: usize| {
            second[row.max(column)][row.min(column)] / mass - moved[row] * moved[column]
        })
    });
    let mean = core::array::from_fn(|dimension| prior.mean()[dimension] + moved[dimension]);
    Ok(Some(Sampled { posterior: Posterior { mean, covariance }, effective_size: mass * mass / squared }))
}
