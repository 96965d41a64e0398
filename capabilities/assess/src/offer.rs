//! "A few items more would settle it": when a test ends and it is not clear whether the person meets what the post needs of an area,
//! a few items of that area are offered, if they would probably make it clear. The person decides. Abilities in logits.

use melek_irt::ability::{Estimate, Posterior, predicted_probability};
use melek_irt::decision::Verdict;
use serde::{Deserialize, Serialize};

use crate::blueprint::AREAS;
use crate::session::{End, Given, Moment, State, Test};

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
    /// with the best chance. Offered only where the test ends by precision, not where the longest test or its time is reached.
    pub fn at_end(
        state: &State,
        (test, moment): (Test<'_>, Moment<'_>),
        (end, posterior): (End, &Posterior<AREAS>),
    ) -> Option<Offer> {
        let limits = &test.blueprint.offer;
        let room = test.blueprint.stop.maximum_items.saturating_sub(state.scored().count());
        let most = if end == End::Precision { limits.items.min(room) } else { 0 };
        let unsure: Vec<usize> = (0..AREAS)
            .filter(|&area| state.needs.0[area].is_some_and(|cut| verdict(posterior, area, cut) == Verdict::NotSure))
            .collect();
        (1..=most).find_map(|items| {
            let offers = unsure.iter().map(|&area| Offer { area, items, after: state.answers.len(), taken: true });
            let chances = offers.map(|offer| {
                let ahead = State { offer: Some(offer.clone()), ..state.clone() };
                (offer, chance_to_settle(&ahead, (test, moment), items))
            });
            let (offer, chance) = chances.max_by(|one, other| one.1.total_cmp(&other.1))?;
            (chance >= limits.chance).then_some(Offer { taken: false, ..offer })
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
    posterior.dimension(area).expect("an offer is of one of the areas")
}

fn verdict(posterior: &Posterior<AREAS>, area: usize, cut: f64) -> Verdict {
    Verdict::from_probability(estimate(posterior, area).probability_at_least(cut))
}

/// Probability that the decision about the area of an offer is clear within so many items, by playing every course that the answers can
/// take: the items are those that would come, each answer as likely as what is known of the ability makes it.
fn chance_to_settle(ahead: &State, (test, moment): (Test<'_>, Moment<'_>), items: usize) -> f64 {
    let Some((offer, cut)) = ahead.offer.as_ref().and_then(|offer| Some((offer, ahead.needs.0[offer.area]?))) else {
        return 0.0;
    };
    let posterior = ahead.posterior(test);
    if verdict(&posterior, offer.area, cut) != Verdict::NotSure {
        return 1.0;
    }
    let next = (items > 0).then(|| ahead.choose(test, &posterior, moment.seed, moment.exposure)).flatten();
    let Some(next) = next else { return 0.0 };
    let right = predicted_probability(&test.pool.engine.items()[next.position].item, &estimate(&posterior, offer.area));
    let after = |correct| {
        let mut after = ahead.clone();
        after.answers.push(Given(test.pool.parameters[next.position].id.clone(), correct));
        chance_to_settle(&after, (test, moment), items - 1)
    };
    right * after(true) + (1.0 - right) * after(false)
}
