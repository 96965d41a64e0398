//! "A few items more would settle it": when a test ends and it is not clear whether the person meets what the post needs of an area,
//! a few items of that area are offered, if they would probably make it clear. The person decides. Abilities in logits.

use melek_irt::ability::{Estimate, Posterior};
use melek_irt::decision::{Verdict, probability_of_verdict};
use serde::{Deserialize, Serialize};

use crate::blueprint::AREAS;
use crate::session::{End, State, Test};

/// Items of one area, offered when the test could end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Offer {
    /// The area, from 0.
    #[serde(rename = "a")]
    pub area: usize,
    /// Items it takes at most.
    #[serde(rename = "i")]
    pub items: usize,
    /// Answers given when it was made.
    #[serde(rename = "n")]
    pub after: usize,
    /// Whether the person said yes.
    #[serde(rename = "y", default, skip_serializing_if = "std::ops::Not::not")]
    pub taken: bool,
}

impl Offer {
    /// The least number of items that would settle an area with the chance that the blueprint asks for; of several areas the one
    /// with the best chance. Offered only where the test ends by itself, not where the longest test or its time is reached.
    pub fn at_end(state: &State, test: Test<'_>, (end, posterior): (End, &Posterior<AREAS>)) -> Option<Offer> {
        let limits = &test.blueprint.offer;
        let room = test.blueprint.stop.maximum_items.saturating_sub(state.scored().count());
        let most = if end == End::Precision { limits.items.min(room) } else { 0 };
        let unsure: Vec<(usize, f64)> = (0..AREAS)
            .filter_map(|area| Some((area, state.needs.0[area]?)))
            .filter(|&(area, cut)| verdict(posterior, area, cut) == Verdict::NotSure)
            .collect();
        let information = |area| information_of_best(state, test, (posterior, area));
        let promised: Vec<(usize, f64, Vec<f64>)> =
            unsure.into_iter().map(|(area, cut)| (area, cut, information(area))).collect();
        (1..=most).find_map(|items| {
            let chances = promised.iter().filter_map(|(area, cut, gained)| {
                let now = estimate(posterior, *area);
                Some((*area, probability_of_verdict(&now, *cut, *gained.get(items - 1)?)))
            });
            let (area, chance) = chances.max_by(|one, other| one.1.total_cmp(&other.1))?;
            let offer = Offer { area, items, after: state.answers.len(), taken: false };
            (chance >= limits.chance).then_some(offer)
        })
    }

    /// Items left of an offer that was taken.
    pub fn left(&self, answers: usize) -> usize {
        (self.after + self.items).saturating_sub(answers)
    }

    /// Whether an offer that was taken is fulfilled.
    pub fn end(&self, state: &State, posterior: &Posterior<AREAS>) -> Option<End> {
        let cut = state.needs.0[self.area]?;
        if verdict(posterior, self.area, cut) != Verdict::NotSure {
            return Some(End::Decision);
        }
        (self.left(state.answers.len()) == 0).then_some(End::Precision)
    }
}

fn estimate(posterior: &Posterior<AREAS>, area: usize) -> Estimate {
    Estimate { mean: posterior.mean[area], standard_error: posterior.covariance[area][area].sqrt() }
}

fn verdict(posterior: &Posterior<AREAS>, area: usize, cut: f64) -> Verdict {
    Verdict::from_probability(estimate(posterior, area).probability_at_least(cut))
}

/// Information, in logits⁻², that the best item of the area brings, the best two, three …, as far as the rules of content allow.
fn information_of_best(state: &State, test: Test<'_>, (posterior, area): (&Posterior<AREAS>, usize)) -> Vec<f64> {
    let (pool, quotas) = (&test.pool.engine, &test.blueprint.quotas);
    let mut progress = state.progress(test);
    progress.keep_within(area);
    let information = |position: usize| pool.items()[position].item.information(posterior.mean[area]);
    let mut gained = 0.0;
    let mut sums = Vec::with_capacity(test.blueprint.offer.items);
    while sums.len() < test.blueprint.offer.items {
        let candidates = progress.candidates(pool, quotas).into_iter();
        let best =
            candidates.map(|position| (position, information(position))).max_by(|one, other| one.1.total_cmp(&other.1));
        let Some((position, own)) = best else { break };
        progress.give(pool, quotas, position);
        gained += own;
        sums.push(gained);
    }
    sums
}
