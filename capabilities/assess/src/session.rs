//! One person's sitting as a value, and what happens to it when an answer comes in: ability, stop or next item. Pure: time
//! and exposure counts come in, nothing is read or written here (`answer_item.rs` does that). Abilities in logits, times in
//! milliseconds.

use std::collections::{BTreeMap, BTreeSet};

use melek_framework::{AreaId, CompetenceId, Level, cuts};
use melek_irt::ability::{self, Answer as EngineAnswer, Estimate, ExpectationPropagation, Posterior};
use melek_irt::selection::several_dimensions::{Sitting, choose};
use melek_irt::selection::{Choice, Exposure, Progress, best_information};
use melek_irt::stopping::{Reason, Standing};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use crate::blueprint::{AREAS, Blueprint};
use crate::item::ItemId;
use crate::offer::Offer;
use crate::pilot;
use crate::pool::ItemPool;

/// Time on one item beyond which the person is taken to have left: it does not count against the time of the test.
pub const LONGEST_ON_ONE_ITEM_MS: i64 = 10 * 60 * 1000;

/// Fewer answers do not tell how much an item tells about this person.
const ITEMS_BEFORE_A_FORECAST: usize = 4;

/// What is stored of a sitting, compact, with a version number beside it in the table.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    #[serde(rename = "a")]
    pub answers: Vec<Given>,
    #[serde(rename = "c")]
    pub current: Option<Presentation>,
    /// Time with an item on the screen so far.
    #[serde(rename = "u")]
    pub used_ms: i64,
    #[serde(rename = "p", default, skip_serializing_if = "std::ops::Not::not")]
    pub paused: bool,
    /// Identifier of the prices that items are chosen by; empty in sessions from before there were any.
    #[serde(rename = "q", default, skip_serializing_if = "String::is_empty")]
    pub prices: String,
    /// Items that the ceiling of exposure refused at a position, which would have come before the one shown there.
    #[serde(rename = "r", default, skip_serializing_if = "BTreeMap::is_empty")]
    pub refused: BTreeMap<usize, Vec<ItemId>>,
    /// Cut score, in logits, of what the person's post needed of each area when the test started.
    #[serde(rename = "n", default, skip_serializing_if = "Needs::is_nothing")]
    pub needs: Needs,
    /// Positions that hold items on trial, which do not count.
    #[serde(rename = "t", default, skip_serializing_if = "BTreeSet::is_empty")]
    pub pilots: BTreeSet<usize>,
    /// A few items more that would make a decision clear, once they were offered.
    #[serde(rename = "o", default, skip_serializing_if = "Option::is_none")]
    pub offer: Option<Offer>,
}

/// A cut score for each area of which the post needs something, logits.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Needs(pub [Option<f64>; AREAS]);

/// An item answered, right or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given(pub ItemId, pub bool);

/// The item now before the person. Its position is one more than the number of answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Presentation {
    #[serde(rename = "i")]
    pub item: ItemId,
    #[serde(rename = "s")]
    pub since_ms: i64,
}

/// Why a test ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// The overall score is precise enough.
    Precision,
    /// It is clear of every area whether the person meets what the post needs.
    Decision,
    /// No item left would have told enough.
    Useless,
    /// The longest test was reached.
    Maximum,
    /// The time was used up.
    Time,
    /// No item was left that the rules allow.
    Exhausted,
    /// The campaign closed while the test was open.
    Closed,
}

/// Everything `decide` needs to know that is not of this person.
#[derive(Clone, Copy)]
pub struct Test<'a> {
    pub pool: &'a ItemPool,
    pub blueprint: &'a Blueprint,
    /// Texts that can be shown now: an item of an older bank version may be gone from the program.
    pub unavailable: &'a [usize],
}

impl<'a> Test<'a> {
    /// A person's sitting as the engine sees it.
    pub fn sitting(self, posterior: &'a Posterior<AREAS>, progress: &'a Progress) -> Sitting<'a, AREAS> {
        Sitting { pool: &self.pool.engine, quotas: &self.blueprint.quotas, posterior, progress }
    }
}

/// What differs from one step of a session to the next.
#[derive(Clone, Copy)]
pub struct Moment<'a> {
    /// Of the session.
    pub seed: u64,
    pub exposure: &'a Exposure<'a>,
    /// How often each item on trial was shown, by its place in the pool.
    pub pilots_shown: &'a [u64],
    pub now_ms: i64,
}

/// A person's ability with its uncertainty, as it is stored with a result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ability {
    pub mean: [f64; AREAS],
    pub covariance: [[f64; AREAS]; AREAS],
    pub overall: Measured,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measured {
    pub logit: f64,
    pub standard_error: f64,
}

impl End {
    pub fn id(self) -> &'static str {
        match self {
            End::Precision => "precision",
            End::Decision => "decision",
            End::Useless => "useless",
            End::Maximum => "maximum",
            End::Time => "time",
            End::Exhausted => "exhausted",
            End::Closed => "closed",
        }
    }
}

impl Ability {
    pub fn of(posterior: &Posterior<AREAS>, weights: &[f64; AREAS]) -> Ability {
        let overall = posterior.composite(weights).into();
        Ability { mean: posterior.mean, covariance: posterior.covariance, overall }
    }

    pub fn area(&self, index: usize) -> Estimate {
        Estimate { mean: self.mean[index], standard_error: self.covariance[index][index].sqrt() }
    }
}

impl From<Estimate> for Measured {
    fn from(estimate: Estimate) -> Measured {
        Measured { logit: estimate.mean, standard_error: estimate.standard_error }
    }
}

impl From<Measured> for Estimate {
    fn from(measured: Measured) -> Estimate {
        Estimate { mean: measured.logit, standard_error: measured.standard_error }
    }
}

impl Needs {
    /// The cut scores in force of what a post needs.
    pub fn of_post(levels: &BTreeMap<CompetenceId, Level>) -> Needs {
        let mut needs = Needs::default();
        for area in AreaId::all() {
            needs.0[area.index()] = cuts().requirement(area, levels).map(|need| need.cut_logit);
        }
        needs
    }

    fn is_nothing(&self) -> bool {
        self.0.iter().all(Option::is_none)
    }
}

impl State {
    /// Position of the item now before the person, from 1.
    pub fn position(&self) -> usize {
        self.answers.len() + 1
    }

    /// The item answered at a position, or the one now before the person.
    pub fn item_at(&self, position: usize) -> Option<&ItemId> {
        if position == self.position() {
            return self.current.as_ref().map(|shown| &shown.item);
        }
        position.checked_sub(1).and_then(|index| self.answers.get(index)).map(|given| &given.0)
    }

    /// Takes the answer to the current item in and moves on: `Some(end)` when the test is over, otherwise a new current item.
    pub fn answer(&mut self, test: Test<'_>, right: bool, moment: Moment<'_>) -> Option<End> {
        self.pause(moment.now_ms);
        self.paused = false;
        if let Some(shown) = self.current.take() {
            self.answers.push(Given(shown.item, right));
        }
        self.advance(test, moment)
    }

    /// Ends the test or puts the next item before the person.
    pub fn advance(&mut self, test: Test<'_>, moment: Moment<'_>) -> Option<End> {
        let posterior = self.posterior(test);
        if let Some(end) = self.end(test, &posterior) {
            self.offer = self.offer.take().or_else(|| Offer::at_end(self, (test, moment), (end, &posterior)));
            return (!self.is_offered()).then_some(end);
        }
        if let Some(pilot) = pilot::next(self, test, moment) {
            self.pilots.insert(self.position());
            self.current = Some(Presentation { item: pilot.clone(), since_ms: moment.now_ms });
            return None;
        }
        let Some(Choice { position: next, refused }) = self.choose(test, &posterior, moment.seed, moment.exposure)
        else {
            return Some(End::Exhausted);
        };
        let name = |position: usize| test.pool.parameters[position].id.clone();
        if !refused.is_empty() {
            self.refused.insert(self.position(), refused.into_iter().map(name).collect());
        }
        self.current = Some(Presentation { item: name(next), since_ms: moment.now_ms });
        None
    }

    /// The item that comes next, by the answers so far, the seed, the prices and what the ceiling refuses.
    pub fn choose(
        &self,
        test: Test<'_>,
        posterior: &Posterior<AREAS>,
        seed: u64,
        exposure: &Exposure<'_>,
    ) -> Option<Choice> {
        let mut progress = self.progress(test);
        if let Some(offer) = self.taken() {
            progress.keep_within(offer.area);
        }
        let sitting = test.sitting(posterior, &progress);
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(self.position() as u64);
        choose(&sitting, test.blueprint.criterion, exposure, &mut rng)
    }

    /// What the test has given and may still give.
    pub fn progress(&self, test: Test<'_>) -> Progress {
        let quotas = &test.blueprint.quotas;
        let on_trial = self.pilots.iter().filter_map(|position| test.pool.parameters_of(self.item_at(*position)?));
        let near = on_trial.flat_map(|pilot| test.pool.family_of(pilot));
        let closed: Vec<usize> = test.unavailable.iter().copied().chain(near).collect();
        let mut progress = Progress::new(&test.pool.engine, quotas, &closed);
        for position in self.scored().filter_map(|given| test.pool.position(&given.0)) {
            progress.give(&test.pool.engine, quotas, position);
        }
        progress
    }

    /// Answers that count.
    pub fn scored(&self) -> impl Iterator<Item = &Given> {
        let counts = |(index, _): &(usize, &Given)| !self.pilots.contains(&(index + 1));
        self.answers.iter().enumerate().filter(counts).map(|(_, given)| given)
    }

    /// The offer that the person has not answered yet.
    pub fn is_offered(&self) -> bool {
        self.offer.as_ref().is_some_and(|offer| !offer.taken)
    }

    /// The person goes on with the items offered: `Some(end)` when there is none after all.
    pub fn take_offer(&mut self, test: Test<'_>, moment: Moment<'_>) -> Option<End> {
        if let Some(offer) = &mut self.offer {
            offer.taken = true;
        }
        self.advance(test, moment)
    }

    /// The offer by which the items come now.
    fn taken(&self) -> Option<&Offer> {
        self.offer.as_ref().filter(|offer| offer.taken)
    }

    /// The same session when it had this many answers, as far as the choice of the next item looks at it.
    pub fn when(&self, answers: usize) -> State {
        State {
            answers: self.answers[..answers].to_vec(),
            needs: self.needs,
            pilots: self.pilots.iter().copied().filter(|&position| position <= answers).collect(),
            offer: self.taken().filter(|offer| answers >= offer.after).cloned(),
            ..State::default()
        }
    }

    pub fn posterior(&self, test: Test<'_>) -> Posterior<AREAS> {
        let known = "a pool holds only dimensions of the prior";
        let prior = &test.blueprint.prior;
        let scored = self.scored().filter_map(|given| Some((test.pool.position(&given.0)?, given.1)));
        let Some(uncertain) = test.pool.uncertain() else {
            let answers: Vec<EngineAnswer> = scored
                .map(|(position, correct)| {
                    let item = test.pool.engine.items()[position];
                    EngineAnswer { item: item.item, dimension: item.dimension, correct }
                })
                .collect();
            return ability::posterior(prior, &answers).expect(known);
        };
        let mut person = ExpectationPropagation::new(prior);
        for (position, correct) in scored {
            let dimension = test.pool.engine.items()[position].dimension;
            person.update_uncertain(&uncertain[position], dimension, correct).expect(known);
        }
        person.posterior().clone()
    }

    /// About how many items are left until the overall score is precise enough, if items go on telling as much as those so far;
    /// `None` while there are too few to say.
    pub fn items_left(&self, test: Test<'_>) -> Option<usize> {
        let stop = &test.blueprint.stop;
        if let Some(offer) = self.taken() {
            return Some(offer.left(self.answers.len()));
        }
        let (weights, given) = (&test.blueprint.weights, self.scored().count());
        let precision = |estimate: Estimate| estimate.standard_error.powi(-2);
        let before = precision(test.blueprint.prior.posterior().composite(weights));
        let now = precision(self.posterior(test).composite(weights));
        let an_item = (now - before) / given as f64;
        let lacking = (stop.standard_error.powi(-2) - now) / an_item;
        let longest = stop.maximum_items.saturating_sub(given);
        let shortest = stop.minimum_items.saturating_sub(given).max(1).min(longest);
        let told = given >= ITEMS_BEFORE_A_FORECAST && lacking.is_finite() && longest > 0;
        told.then(|| (lacking.max(0.0).ceil() as usize).clamp(shortest, longest))
    }

    fn end(&self, test: Test<'_>, posterior: &Posterior<AREAS>) -> Option<End> {
        let end = match self.taken() {
            Some(offer) => offer.end(self, posterior),
            None => self.end_by_rule(test, posterior),
        };
        let out_of_time = self.used_ms >= test.blueprint.stop.minutes * 60_000;
        end.or(out_of_time.then_some(End::Time))
    }

    fn end_by_rule(&self, test: Test<'_>, posterior: &Posterior<AREAS>) -> Option<End> {
        let standing = Standing {
            posterior,
            weights: &test.blueprint.weights,
            answers: self.answers_per_area(test),
            cuts: &self.needs.0,
        };
        let best = || best_information(&test.sitting(posterior, &self.progress(test)));
        let reason = test.blueprint.stop.rule().decide(&standing, best)?;
        Some(match reason {
            Reason::Precision => End::Precision,
            Reason::Decision => End::Decision,
            Reason::NoUsefulItem => End::Useless,
            Reason::Maximum => End::Maximum,
        })
    }

    fn answers_per_area(&self, test: Test<'_>) -> [usize; AREAS] {
        let mut counts = [0; AREAS];
        for given in self.scored() {
            if let Some(position) = test.pool.position(&given.0) {
                counts[test.pool.engine.items()[position].dimension] += 1;
            }
        }
        counts
    }

    /// Stops the clock; the item stays where it is.
    pub fn pause(&mut self, now_ms: i64) {
        if let (Some(shown), false) = (&mut self.current, self.paused) {
            self.used_ms += on_screen(shown.since_ms, now_ms);
            self.paused = true;
        }
    }

    /// Lets the clock run again.
    pub fn resume(&mut self, now_ms: i64) {
        if let (Some(shown), true) = (&mut self.current, self.paused) {
            shown.since_ms = now_ms;
            self.paused = false;
        }
    }
}

/// Time from `since_ms` to `now_ms` that counts.
pub fn on_screen(since_ms: i64, now_ms: i64) -> i64 {
    (now_ms - since_ms).clamp(0, LONGEST_ON_ONE_ITEM_MS)
}

#[cfg(test)]
mod tests {
    use melek_irt::decision::Verdict;

    use super::*;
    use crate::bank::Bank;
    use crate::desk;
    use crate::prices::Prices;

    const STARTER: &str = include_str!("../../../content/blueprints/starter.toml");

    /// A sitting whose answers are right and wrong in turn, until it ends or offers something.
    fn sitting(pool: &ItemPool, blueprint: &Blueprint, (seed, cut): (u64, Option<f64>)) -> (State, Option<End>) {
        let counts = (0, vec![0; pool.parameters.len()]);
        let prices = Prices::new(pool, blueprint, (0, &counts.1));
        let exposure = desk::exposure(blueprint.exposure, &counts, &prices, seed);
        let moment = Moment { seed, exposure: &exposure, pilots_shown: &[], now_ms: 0 };
        let test = Test { pool, blueprint, unavailable: &[] };
        let mut state = State { needs: Needs([cut; AREAS]), ..State::default() };
        let mut end = state.advance(test, moment);
        while end.is_none() && !state.is_offered() {
            end = state.answer(test, state.answers.len().is_multiple_of(2), moment);
        }
        (state, end)
    }

    fn path(pool: &ItemPool, blueprint: &Blueprint) -> Vec<ItemId> {
        sitting(pool, blueprint, (7, None)).0.answers.into_iter().map(|given| given.0).collect()
    }

    fn pool() -> ItemPool {
        ItemPool::of_bank(&Bank::load(None).expect("bank")).expect("pool")
    }

    #[test]
    fn items_are_chosen_by_the_criterion_of_the_blueprint() {
        let pool = pool();
        let read = |source: &str| Blueprint::read(source).expect("blueprint");
        let (volume, variances) = (read(STARTER), read(&STARTER.replace("\"d-optimal\"", "\"a-optimal\"")));
        assert_eq!(path(&pool, &volume), path(&pool, &read(STARTER)));
        assert_ne!(path(&pool, &volume), path(&pool, &variances));
    }

    #[test]
    fn a_few_items_are_offered_to_people_who_stand_near_enough_to_a_decision_and_to_nobody_else() {
        let (pool, blueprint) = (pool(), Blueprint::read(STARTER).expect("blueprint"));
        let test = Test { pool: &pool, blueprint: &blueprint, unavailable: &[] };
        let mut offers = 0;
        for tenth in -20..=20 {
            let (state, end) = sitting(&pool, &blueprint, (7, Some(f64::from(tenth) / 10.0)));
            let posterior = state.posterior(test);
            let unsure = |area: usize| {
                let estimate = posterior.dimension(area).expect("an area");
                let probability = estimate.probability_at_least(state.needs.0[area].expect("a cut"));
                Verdict::from_probability(probability) == Verdict::NotSure
            };
            match (&state.offer, end) {
                (Some(offer), None) => {
                    offers += 1;
                    assert!(unsure(offer.area) && (1..=blueprint.offer.items).contains(&offer.items));
                    assert!(state.answers.len() + offer.items <= blueprint.stop.maximum_items);
                }
                (None, Some(_)) => {}
                other => panic!("{other:?}"),
            }
        }
        assert!((3..30).contains(&offers), "{offers}");
        assert_eq!(sitting(&pool, &blueprint, (7, None)).0.offer, None, "nothing to decide");
        let none = Blueprint::read(&STARTER.replace("items = 3 ", "items = 0 ")).expect("blueprint");
        assert!((-20..=20).all(|tenth| sitting(&pool, &none, (7, Some(f64::from(tenth) / 10.0))).0.offer.is_none()));
    }
}
