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
    (candidates, best_few): (Vec<usize>, usize),
    (bound, score): (impl Fn(usize) -> f64, impl Fn(usize) -> f64),
    exposure: &Exposure<'_>,
    rng: &mut R,
) -> Option<Choice> {
    let explores = random::uniform(rng) < exposure.control.exploration;
    let draw = random::uniform(rng);
    let closed: Vec<usize> = match exposure.permits_all() {
        true => Vec::new(),
        false => candidates.iter().copied().filter(|&position| !exposure.permits(position)).collect(),
    };
    let rarity = |position: usize| -(exposure.count(position) as f64);
    if closed.len() == candidates.len() {
        let position = pick(&ranked(&candidates, rarity), 1, draw)?.1;
        return Some(Choice { position, refused: closed });
    }
    let mut permitted = candidates;
    if !closed.is_empty() {
        permitted.retain(|&position| exposure.permits(position));
    }
    if explores {
        let (last, position) = pick(&ranked(&permitted, rarity), 1, draw)?;
        return Some(Choice { position, refused: closed.into_iter().filter(|&item| rarity(item) >= last).collect() });
    }
    let priced = |position| score(position) - exposure.price(position);
    let likeliest = |position| bound(position) - exposure.price(position);
    let found = best(&permitted, best_few, likeliest, priced);
    let (last, position) = pick(&found, best_few, draw)?;
    // With fewer permitted than are drawn from, any other would be among them.
    let comes_before = |&item: &usize| permitted.len() < best_few || (likeliest(item) >= last && priced(item) >= last);
    let refused = closed.into_iter().filter(comes_before).collect();
    Some(Choice { position, refused })
}

/// Scores and positions of the best `few` and of all that are not below the last of them, best first; equals by position.
/// What cannot be among them by its bound is not scored.
fn best(
    positions: &[usize],
    few: usize,
    bound: impl Fn(usize) -> f64,
    score: impl Fn(usize) -> f64,
) -> Vec<(f64, usize)> {
    let mut bounds = vec![0.0; positions.len()];
    // A floor from the likeliest, so that most of the others need no score.
    let mut likeliest = Leading::new(few);
    for (&position, kept) in positions.iter().zip(&mut bounds) {
        *kept = bound(position);
        likeliest.admit(*kept, position);
    }
    let mut leading = Leading::new(few);
    for (_, position) in likeliest.entries {
        leading.admit(score(position), position);
    }
    let mut floor = leading.last;
    let mut found: Vec<(f64, usize)> = Vec::with_capacity(2 * few);
    leading = Leading::new(few);
    for (&position, bound) in positions.iter().zip(bounds) {
        if bound >= floor {
            let score = score(position);
            leading.admit(score, position);
            floor = floor.max(leading.last);
            if score >= floor {
                found.push((score, position));
            }
        }
    }
    let last = leading.last;
    found.retain(|(score, _)| *score >= last);
    found.sort_by(|one, other| other.0.total_cmp(&one.0));
    found
}

/// The best so many, best first, the earlier of equals first.
struct Leading {
    few: usize,
    entries: Vec<(f64, usize)>,
    /// Score of the last of them; −∞ until there are so many.
    last: f64,
}

impl Leading {
    fn new(few: usize) -> Self {
        Self { few, entries: Vec::with_capacity(few + 1), last: f64::NEG_INFINITY }
    }

    #[inline]
    fn admit(&mut self, score: f64, position: usize) {
        if score > self.last || self.entries.len() < self.few {
            self.insert(score, position);
        }
    }

    #[cold]
    fn insert(&mut self, score: f64, position: usize) {
        let place = self.entries.iter().position(|other| other.0 < score).unwrap_or(self.entries.len());
        self.entries.insert(place, (score, position));
        self.entries.truncate(self.few);
        if self.entries.len() == self.few {
            self.last = self.entries[self.few - 1].0;
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_change_nothing_about_the_best_few() {
        let scores: Vec<f64> = (0..200_u32).map(|n| f64::from(n * 7919 % 50) / 10.0).collect();
        let positions: Vec<usize> = (0..200).filter(|n| n % 3 != 0).collect();
        for few in [1, 2, 5, 10, 133, 200] {
            let all = ranked(&positions, |position| scores[position]);
            let last = all[few.min(all.len()) - 1].0;
            let expected: Vec<(f64, usize)> = all.into_iter().take_while(|(score, _)| *score >= last).collect();
            let slack = |position: usize| scores[position] + 0.1 * (position % 4) as f64;
            assert_eq!(best(&positions, few, slack, |position| scores[position]), expected, "{few}");
            assert_eq!(best(&positions, few, |_| f64::INFINITY, |position| scores[position]), expected, "{few}");
        }
        assert_eq!(best(&[], 1, |_| 0.0, |_| 0.0), Vec::new());
    }
}
