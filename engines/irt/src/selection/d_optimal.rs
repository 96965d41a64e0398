//! The next item by Bayesian D-optimality under a price on exposure.

use rand::Rng;

use super::{Exposure, Rules, Sitting, content};
use crate::numeric::random;

/// The first positions draw at random among the best 5, 4, 3, 2, then take the best: the 5-4-3-2-1 rule of McBride &
/// Martin (1983), in Weiss, *New Horizons in Testing*, 223–236. So people who start side by side do not see the same.
const AMONG_AT_START: usize = 5;

/// The position in the pool of the next item, or `None` when the rules leave none.
///
/// # Formula
/// Of the allowed items, the one with the largest ln(1 + I(θ̂_d) Σ_dd) − λ · showings/started. The first term is the
/// gain in ln det of the posterior precision: for an item that measures coordinate d alone,
/// det(Σ⁻¹ + I e_d e_dᵀ) / det Σ⁻¹ = 1 + I Σ_dd. In this order:
///
/// 1. Content rules: no item and no family twice, nothing excluded, each dimension its minimum by look-ahead.
/// 2. Ceiling: items whose next showing would break it are out. **If that leaves none, the least exposed item that the
///    content rules allow is shown all the same**: a person is never left without an item, and the rules of the test
///    stand above the ceiling.
/// 3. With probability ε the least exposed of them; otherwise, at the first four positions one of the best 5, 4, 3, 2 at
///    random, then the best. Equals are drawn at random.
///
/// # Arguments
/// - `sitting`: pool, current posterior, items shown, items excluded.
/// - `rules`: minimum a dimension and maximum length.
/// - `exposure`: counters, ceiling, price λ and share of exploration ε. The caller counts the showing.
/// - `rng`: the seeded generator; two words are drawn a call.
///
/// # Source
/// Segall (1996), *Psychometrika* 61, 331–354 (determinant criterion with prior); the price on
/// exposure is the Lagrangian of maximising information under a limit on exposure, see [`super::ExposureControl`].
///
/// # Accuracy
/// The gain equals the ratio of determinants to a relative 1e-12.
///
/// # Limits
/// `None` when the test has its maximum length or no item is left. Positions outside the pool in `administered` count
/// towards its length and are otherwise ignored.
pub fn choose<const D: usize, R: Rng + ?Sized>(
    sitting: &Sitting<'_, D>,
    rules: &Rules,
    exposure: &Exposure<'_>,
    rng: &mut R,
) -> Option<usize> {
    let explores = random::uniform(rng) < exposure.control.exploration;
    let draw = random::uniform(rng);
    let allowed = content::candidates(sitting, rules);
    let permitted: Vec<usize> = allowed.iter().copied().filter(|&position| exposure.permits(position)).collect();
    if permitted.is_empty() || explores {
        let among = if permitted.is_empty() { allowed } else { permitted };
        let score = |position| -(exposure.count(position) as f64);
        return pick(&ranked(&among, score), 1, draw);
    }
    let score = |position| gain(sitting, position) - exposure.price(position);
    let best_few = AMONG_AT_START.saturating_sub(sitting.administered.len()).max(1);
    pick(&ranked(&permitted, score), best_few, draw)
}

/// ln(1 + I Σ_dd): the growth of ln det of the posterior precision, in nats.
fn gain<const D: usize>(sitting: &Sitting<'_, D>, position: usize) -> f64 {
    let candidate = &sitting.pool.items()[position];
    let dimension = candidate.dimension;
    let information = candidate.item.information(sitting.posterior.mean[dimension]);
    libm::log1p(information * sitting.posterior.covariance[dimension][dimension])
}

/// Scores and positions, best first; equals by position.
fn ranked(positions: &[usize], score: impl Fn(usize) -> f64) -> Vec<(f64, usize)> {
    let mut ranked: Vec<(f64, usize)> = positions.iter().map(|&position| (score(position), position)).collect();
    ranked.sort_by(|one, other| other.0.total_cmp(&one.0));
    ranked
}

/// One of the best `few`, or of those equal to the last of them, chosen by `draw` from 0 ≤ draw < 1.
fn pick(ranked: &[(f64, usize)], few: usize, draw: f64) -> Option<usize> {
    let last = ranked.get(few.min(ranked.len()).checked_sub(1)?)?.0;
    let eligible = ranked.iter().take_while(|(score, _)| *score >= last).count();
    let chosen = libm::floor(draw * eligible as f64) as usize;
    ranked.get(chosen).map(|(_, position)| *position)
}
