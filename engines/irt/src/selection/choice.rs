//! From scores to a choice: the rules of the test first, then the ceiling, then the best score under the prices.

use rand::Rng;

use super::Exposure;
use crate::numeric::random;

/// The first positions draw at random among the best 5, 4, 3, 2, then take the best: the 5-4-3-2-1 rule of McBride &
/// Martin (1983), in Weiss, *New Horizons in Testing*, 223–236. So people who start side by side do not see the same.
const AMONG_AT_START: usize = 5;

/// How many of the best a position draws from.
pub(super) fn best_few_at_start(given: usize) -> usize {
    AMONG_AT_START.saturating_sub(given).max(1)
}

/// The item to show next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// In the pool.
    pub position: usize,
    /// Positions that the ceiling refused and that would have come before it: with [`Exposure::refused`] set to them, the same
    /// choice can be made again when the counters have moved on.
    pub refused: Vec<usize>,
}

/// One of the candidates, or `None` when there are none. Two words are drawn from the generator, whatever is chosen.
///
/// 1. Candidates whose next showing would break the ceiling are out. **If that leaves none, the least exposed candidate is
///    shown all the same**: a person is never left without an item, and the rules of the test stand above the ceiling.
/// 2. With probability ε the least exposed of them; otherwise one of the `best_few` of `score` − price. Equals are drawn at
///    random.
///
/// `bound` is at least `score`; where it is lower than the best score so far, `score` is not asked.
pub(super) fn choose<R: Rng + ?Sized>(
    (candidates, best_few): (&[usize], usize),
    (bound, score): (impl Fn(usize) -> f64, impl Fn(usize) -> f64),
    exposure: &Exposure<'_>,
    rng: &mut R,
) -> Option<Choice> {
    let explores = random::uniform(rng) < exposure.control.exploration;
    let draw = random::uniform(rng);
    let (permitted, closed): (Vec<usize>, Vec<usize>) =
        candidates.iter().partition(|&&position| exposure.permits(position));
    let rarity = |position: usize| -(exposure.count(position) as f64);
    if permitted.is_empty() {
        let position = pick(&ranked(candidates, rarity), 1, draw)?.1;
        return Some(Choice { position, refused: closed });
    }
    if explores {
        let (last, position) = pick(&ranked(&permitted, rarity), 1, draw)?;
        return Some(Choice { position, refused: closed.into_iter().filter(|&item| rarity(item) >= last).collect() });
    }
    let priced = |position| score(position) - exposure.price(position);
    let likeliest = |position| bound(position) - exposure.price(position);
    let found = if best_few > 1 { ranked(&permitted, priced) } else { best(&permitted, likeliest, priced) };
    let (last, position) = pick(&found, best_few, draw)?;
    // With fewer permitted than are drawn from, any other would be among them.
    let comes_before = |&item: &usize| permitted.len() < best_few || (likeliest(item) >= last && priced(item) >= last);
    let refused = closed.into_iter().filter(comes_before).collect();
    Some(Choice { position, refused })
}

/// Scores and positions of the best, all of one score.
fn best(positions: &[usize], bound: impl Fn(usize) -> f64, score: impl Fn(usize) -> f64) -> Vec<(f64, usize)> {
    let mut best: Vec<(f64, usize)> = Vec::new();
    let mut most = f64::NEG_INFINITY;
    // The likeliest first, so that most of the others need no score.
    let likeliest = positions.iter().copied().max_by(|&one, &other| bound(one).total_cmp(&bound(other)));
    if let Some(position) = likeliest {
        most = score(position);
    }
    for &position in positions {
        if bound(position) >= most {
            let score = score(position);
            if score > most {
                best.clear();
                most = score;
            }
            if score == most {
                best.push((score, position));
            }
        }
    }
    best
}

/// Scores and positions, best first; equals by position.
pub(super) fn ranked(positions: &[usize], score: impl Fn(usize) -> f64) -> Vec<(f64, usize)> {
    let mut ranked: Vec<(f64, usize)> = positions.iter().map(|&position| (score(position), position)).collect();
    ranked.sort_by(|one, other| other.0.total_cmp(&one.0));
    ranked
}

/// Score of the last of the best `few`, and one of those not below it, chosen by `draw` from 0 ≤ draw < 1.
pub(super) fn pick(ranked: &[(f64, usize)], few: usize, draw: f64) -> Option<(f64, usize)> {
    let last = ranked.get(few.min(ranked.len()).checked_sub(1)?)?.0;
    let eligible = ranked.iter().take_while(|(score, _)| *score >= last).count();
    let chosen = libm::floor(draw * eligible as f64) as usize;
    ranked.get(chosen).map(|(_, position)| (last, *position))
}
