//! The next item of a test of several correlated dimensions.

use rand::Rng;

use super::choice::{Choice, Place, best_few_at_start, choose_by_information};
use super::{Exposure, Pool, Progress, Quotas, a_optimal, d_optimal};
use crate::ability::Posterior;
use crate::numeric::cholesky::Matrix;

/// What the next item is to shrink.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Criterion {
    /// The volume of the posterior, [`d_optimal`].
    Volume,
    /// The sum of its variances, [`a_optimal`].
    Variances,
}

/// One person's test so far, as the choice of the next item sees it.
#[derive(Debug, Clone, Copy)]
pub struct Sitting<'a, const D: usize> {
    pub pool: &'a Pool<D>,
    pub quotas: &'a Quotas,
    pub posterior: &'a Posterior<D>,
    pub progress: &'a Progress,
}

/// The next item, or `None` when the rules leave none.
///
/// # Formula
/// Of the items that the rules allow ([`Progress::candidates`]) the one with the largest gain − price. In this order:
///
/// 1. Content rules: no item and no family twice, nothing excluded, every quota still within reach.
/// 2. Ceiling: items whose next showing would break it are out. **If that leaves none, the least exposed item that the
///    content rules allow is shown all the same**: a person is never left without an item, and the rules of the test
///    stand above the ceiling.
/// 3. With probability ε the least exposed of them; otherwise, at the first four positions one of the best 5, 4, 3, 2 at
///    random, then the best. Equals are drawn at random.
///
/// # Arguments
/// - `sitting`: pool, rules, current posterior, items given and left.
/// - `criterion`: what the item is to shrink.
/// - `exposure`: counters, ceiling, prices and share of exploration ε. The caller counts the showing.
/// - `rng`: the seeded generator; two words are drawn a call.
///
/// # Source
/// Segall (1996), *Psychometrika* 61, 331–354; Mulder & van der Linden (2009), *Psychometrika* 74, 273–296. The price on
/// exposure is the Lagrangian of maximising information under a limit on exposure, see [`super::ExposureControl`].
///
/// # Accuracy
/// The best is exact: bounds decide only which items need no calculation.
///
/// # Limits
/// `None` when the test is whole or no item is left.
pub fn choose<const D: usize, R: Rng + ?Sized>(
    sitting: &Sitting<'_, D>,
    criterion: Criterion,
    exposure: &Exposure<'_>,
    rng: &mut R,
) -> Option<Choice> {
    match criterion {
        Criterion::Volume => choose_by(sitting, (d_optimal::bound, d_optimal::gain), exposure, rng),
        Criterion::Variances => choose_by(sitting, (a_optimal::gain, a_optimal::gain), exposure, rng),
    }
}

/// `gain` of a criterion and a `bound` that is not below it; both of covariance, dimension and information, and rising in it.
fn choose_by<const D: usize, R: Rng + ?Sized>(
    sitting: &Sitting<'_, D>,
    (bound, gain): (impl Fn(&Matrix<D>, usize, f64) -> f64, impl Fn(&Matrix<D>, usize, f64) -> f64),
    exposure: &Exposure<'_>,
    rng: &mut R,
) -> Option<Choice> {
    let Sitting { pool, quotas, posterior, progress } = sitting;
    let Posterior { mean, covariance } = posterior;
    let bound = |dimension: usize, information: f64| bound(covariance, dimension, information);
    let score = |position: usize| {
        let item = &pool.items()[position];
        gain(covariance, item.dimension, item.item.information(mean[item.dimension]))
    };
    let place = Place { pool, quotas, progress, mean, best_few: best_few_at_start(progress.given().len()) };
    choose_by_information(&place, (bound, score), exposure, rng)
}
