//! From scores to a choice: the rules of the test first, then the ceiling, then the best score under the prices.

use core::cmp::Ordering;

use rand::Rng;

use super::{Exposure, Pool, Progress, Quotas};
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

/// The two words that a choice draws, whatever is chosen.
struct Draws {
    explores: bool,
    among_equals: f64,
}

impl Draws {
    fn new<R: Rng + ?Sized>(exposure: &Exposure<'_>, rng: &mut R) -> Self {
        let explores = random::uniform(rng) < exposure.control.exploration;
        Self { explores, among_equals: random::uniform(rng) }
    }
}

/// One of the candidates, or `None` when there are none. Two words are drawn from the generator, whatever is chosen.
///
/// 1. Candidates whose next showing would break the ceiling are out. **If that leaves none, the least exposed candidate is
///    shown all the same**: a person is never left without an item, and the rules of the test stand above the ceiling.
/// 2. With probability ε the least exposed of them; otherwise one of the `best_few` of `score` − price. Equals are drawn at
///    random.
pub(super) fn choose<R: Rng + ?Sized>(
    (candidates, best_few): (Vec<usize>, usize),
    score: impl Fn(usize) -> f64,
    exposure: &Exposure<'_>,
    rng: &mut R,
) -> Option<Choice> {
    let draws = Draws::new(exposure, rng);
    choose_among((candidates, best_few), score, exposure, &draws)
}

/// What [`choose_by_information`] chooses for: the rules of a test and where its person is.
pub(super) struct Place<'a, const D: usize> {
    pub pool: &'a Pool<D>,
    pub quotas: &'a Quotas,
    pub progress: &'a Progress,
    /// Of each dimension, logits.
    pub mean: &'a [f64; D],
    pub best_few: usize,
}

/// What [`choose`] returns for the candidates of the rules, without looking at most of them.
///
/// `bound` of dimension and information rises with information and is at least `score` of an item that has no more. So items
/// are looked at most informative first ([`Pool::bounds`]), and a dimension is left at the first whose bound is below the best
/// score so far: prices only lower a score.
pub(super) fn choose_by_information<const D: usize, R: Rng + ?Sized>(
    place: &Place<'_, D>,
    (bound, score): (impl Fn(usize, f64) -> f64, impl Fn(usize) -> f64),
    exposure: &Exposure<'_>,
    rng: &mut R,
) -> Option<Choice> {
    let draws = Draws::new(exposure, rng);
    let found = match draws.explores {
        true => None,
        false => find(place, &bound, &score, exposure),
    };
    let Some(Found { best, closed }) = found else {
        let candidates = place.progress.candidates(place.pool, place.quotas);
        return choose_among((candidates, place.best_few), score, exposure, &draws);
    };
    let (last, position) = pick(&best, place.best_few, draws.among_equals)?;
    // With fewer permitted than are drawn from, any other would be among them.
    let comes_before = |&(score, _): &(f64, usize)| best.len() < place.best_few || score >= last;
    let mut refused: Vec<usize> = closed.into_iter().filter(comes_before).map(|(_, position)| position).collect();
    refused.sort_unstable();
    Some(Choice { position, refused })
}

/// Scores and positions: of the best few that are permitted and their equals, best first; and of all that the ceiling refused
/// and that might come before them.
struct Found {
    best: Vec<(f64, usize)>,
    closed: Vec<(f64, usize)>,
}

/// `None` when nothing is permitted, or an ability is beyond the range of the bounds.
fn find<const D: usize>(
    place: &Place<'_, D>,
    bound: impl Fn(usize, f64) -> f64,
    score: impl Fn(usize) -> f64,
    exposure: &Exposure<'_>,
) -> Option<Found> {
    let admitted = place.progress.admitted(place.pool, place.quotas);
    let permits_all = exposure.permits_all();
    let mut leading = Leading::new(place.best_few);
    let (mut best, mut closed) = (Vec::new(), Vec::new());
    for (dimension, &theta) in place.mean.iter().enumerate() {
        for &(information, position) in place.pool.bounds().near(dimension, theta)? {
            let likeliest = bound(dimension, f64::from(information));
            if likeliest < leading.last {
                break;
            }
            let position = position as usize;
            let price = exposure.price(position);
            if likeliest - price < leading.last || !admitted.holds(position) {
                continue;
            }
            let score = score(position) - price;
            if permits_all || exposure.permits(position) {
                leading.admit(score);
                best.push((score, position));
            } else {
                closed.push((score, position));
            }
        }
    }
    best.retain(|&(score, _)| score >= leading.last);
    best.sort_by(best_first);
    (!best.is_empty()).then_some(Found { best, closed })
}

fn choose_among(
    (candidates, best_few): (Vec<usize>, usize),
    score: impl Fn(usize) -> f64,
    exposure: &Exposure<'_>,
    draws: &Draws,
) -> Option<Choice> {
    let draw = draws.among_equals;
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
    if draws.explores {
        let (last, position) = pick(&ranked(&permitted, rarity), 1, draw)?;
        return Some(Choice { position, refused: closed.into_iter().filter(|&item| rarity(item) >= last).collect() });
    }
    let priced = |position| score(position) - exposure.price(position);
    let (last, position) = pick(&best(&permitted, best_few, priced), best_few, draw)?;
    // With fewer permitted than are drawn from, any other would be among them.
    let comes_before = |&item: &usize| permitted.len() < best_few || priced(item) >= last;
    let refused = closed.into_iter().filter(comes_before).collect();
    Some(Choice { position, refused })
}

/// Scores and positions of the best `few` and of all that are not below the last of them, best first; equals by position.
fn best(positions: &[usize], few: usize, score: impl Fn(usize) -> f64) -> Vec<(f64, usize)> {
    let mut found: Vec<(f64, usize)> = Vec::with_capacity(2 * few);
    let mut leading = Leading::new(few);
    for &position in positions {
        let score = score(position);
        leading.admit(score);
        if score >= leading.last {
            found.push((score, position));
        }
    }
    found.retain(|(score, _)| *score >= leading.last);
    found.sort_by(best_first);
    found
}

fn best_first(one: &(f64, usize), other: &(f64, usize)) -> Ordering {
    other.0.total_cmp(&one.0).then(one.1.cmp(&other.1))
}

/// The best so many scores, best first.
struct Leading {
    few: usize,
    scores: Vec<f64>,
    /// The last of them; −∞ until there are so many.
    last: f64,
}

impl Leading {
    fn new(few: usize) -> Self {
        Self { few, scores: Vec::with_capacity(few + 1), last: f64::NEG_INFINITY }
    }

    #[inline]
    fn admit(&mut self, score: f64) {
        if score > self.last || self.scores.len() < self.few {
            self.insert(score);
        }
    }

    fn insert(&mut self, score: f64) {
        let place = self.scores.iter().position(|&other| other < score).unwrap_or(self.scores.len());
        self.scores.insert(place, score);
        self.scores.truncate(self.few);
        if self.scores.len() == self.few {
            self.last = self.scores[self.few - 1];
        }
    }
}

/// Scores and positions, best first; equals by position.
pub(super) fn ranked(positions: &[usize], score: impl Fn(usize) -> f64) -> Vec<(f64, usize)> {
    let mut ranked: Vec<(f64, usize)> = positions.iter().map(|&position| (score(position), position)).collect();
    ranked.sort_by(best_first);
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
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    use super::*;
    use crate::model::Item;
    use crate::selection::{ExposureCeiling, ExposureControl, PoolItem, Quota, Scope, Showings};

    #[test]
    fn the_best_few_are_those_of_a_sorted_list() {
        let scores: Vec<f64> = (0..200_u32).map(|n| f64::from(n * 7919 % 50) / 10.0).collect();
        let positions: Vec<usize> = (0..200).filter(|n| n % 3 != 0).collect();
        for few in [1, 2, 5, 10, 133, 200] {
            let all = ranked(&positions, |position| scores[position]);
            let last = all[few.min(all.len()) - 1].0;
            let expected: Vec<(f64, usize)> = all.into_iter().take_while(|(score, _)| *score >= last).collect();
            assert_eq!(best(&positions, few, |position| scores[position]), expected, "{few}");
        }
        assert_eq!(best(&[], 1, |_| 0.0), Vec::new());
    }

    /// Items of two dimensions, some the same as others.
    fn pool() -> Pool<2> {
        let item = |n: u32| PoolItem {
            item: Item::new(0.6 + 0.2 * f64::from(n % 7), f64::from(n * 37 % 60) / 10.0 - 3.0, 0.0).unwrap(),
            dimension: n as usize % 2,
            kind: Some(n as usize % 2),
            family: n.is_multiple_of(9).then_some(n % 4),
        };
        Pool::new((0..120).map(|n| PoolItem { family: None, ..item(n) }).chain((0..30).map(item)).collect()).unwrap()
    }

    #[test]
    fn looking_at_the_most_informative_first_changes_no_choice() {
        let pool = pool();
        let rule = |maximum| Quota { parent: None, minimum: 3, maximum };
        let quotas = Quotas::new(vec![rule(8), rule(20)], 24, Scope::WholeTest).unwrap();
        let score = |mean: [f64; 2]| {
            let pool = &pool;
            move |position: usize| {
                let item = &pool.items()[position];
                item.item.information(mean[item.dimension])
            }
        };
        for world in 0..120_u64 {
            let rng = &mut ChaCha8Rng::seed_from_u64(world);
            let mean = [6.4 * random::uniform(rng) - 3.2, [0.3, 7.0][usize::from(world % 20 == 0)]];
            let shown: Vec<u64> = (0..150).map(|_| (60.0 * random::uniform(rng)) as u64).collect();
            let showings = Showings { started: 100, shown: &shown };
            let ceiling = [ExposureCeiling::NONE, ExposureCeiling::new(0.25, [0.0, 30.0][world as usize % 2]).unwrap()];
            let control = ExposureControl {
                ceiling: ceiling[usize::from(world % 3 > 0)],
                price: [0.0, 1.4][world as usize % 2],
                spread: [0.0, 0.02][usize::from(world % 5 == 0)],
                exploration: 0.05,
            };
            let exposure =
                Exposure { control, counts: showings, priced: showings, refused: &[], seed: world, price_factor: 1.0 };
            let mut progress = Progress::new(&pool, &quotas, &[world as usize % 150]);
            for given in 0..24 {
                let few = [1, 5, 200][(world as usize + given) % 3];
                let draws = &mut ChaCha8Rng::seed_from_u64(1_000 * world + given as u64);
                let candidates = (progress.candidates(&pool, &quotas), few);
                let expected = choose(candidates, score(mean), &exposure, &mut draws.clone());
                let place = Place { pool: &pool, quotas: &quotas, progress: &progress, mean: &mean, best_few: few };
                let found =
                    choose_by_information(&place, (|_, information| information, score(mean)), &exposure, draws);
                assert_eq!(found, expected, "{world} {given}");
                progress.give(&pool, &quotas, found.unwrap().position);
            }
        }
    }
}
