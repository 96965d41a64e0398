//! Plays people against a bank and a blueprint, as if the provisional parameters were true: what the test would do
//! before anybody takes it. The levels judged are the needs of the default job families, one for each family and area.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use melek_framework::{AreaId, CompetenceId, Level, cuts, requirement_defaults};
use melek_irt::simulation::{Accuracy, Level as Judged, Plan, Shares, SimulationError, Summary, simulate};

use crate::blueprint::{AREAS, Blueprint};
use crate::pool::{ItemPool, PoolError};
use crate::session::Needs;

pub struct SimulatedBank {
    pub summary: Summary<AREAS>,
    /// Mean over all job families and areas.
    pub shares: Shares,
    /// How the items of each competence are used, by level.
    pub use_of: BTreeMap<CompetenceId, [Use; Level::REACHABLE.len()]>,
}

/// Use of the items of one competence and level.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Use {
    pub items: usize,
    /// Items nobody saw.
    pub unused: usize,
    /// Mean number shown to a person.
    pub shown_per_person: f64,
    /// Largest share of people who saw one item.
    pub largest: f64,
}

/// Of 100 intervals of 95 %, how many must hold the truth, overall and in each area.
const COVERAGE: RangeInclusive<f64> = 0.93..=0.97;

/// Mean error over all people, overall and in each area, logits.
const LARGEST_BIAS: f64 = 0.1;

/// Share of items that may go unseen.
const MOST_UNUSED: f64 = 0.1;

/// By how much an item may be shown more often than the ceiling says: what is under way when it is reached, and chance.
const ABOVE_CEILING: f64 = 0.01;

/// With fewer people chance alone decides whether the thresholds are reached.
const FEWEST_PEOPLE: u32 = 1_000;

/// What keeps a bank with its blueprint from being used to measure people.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Shortcoming {
    #[error("only {people} people were played; play at least {FEWEST_PEOPLE} before judging the rest")]
    People { people: u32 },
    #[error("the 95 % intervals of {score} hold the true value for {:.1} % of people, allowed are {:.0} to {:.0} %", 100.0 * share, 100.0 * COVERAGE.start(), 100.0 * COVERAGE.end())]
    Coverage { score: String, share: f64 },
    #[error("{score} is off by {bias:.2} logits on average, allowed is {LARGEST_BIAS}")]
    Bias { score: String, bias: f64 },
    #[error("{:.1} % of the items are never shown, allowed are {:.0} %", 100.0 * share, 100.0 * MOST_UNUSED)]
    Unused { share: f64 },
    #[error("one item is shown to {:.1} % of people, the ceiling is {:.0} %", 100.0 * share, 100.0 * ceiling)]
    Exposure { share: f64, ceiling: f64 },
    #[error("people whose test broke a rule of the blueprint: {people}, allowed is none")]
    Rules { people: u32 },
    #[error("people who ran out of items before their test could end: {people}, allowed is none")]
    Exhausted { people: u32 },
}

impl SimulatedBank {
    /// All that is wrong with the bank under a blueprint; nothing when it may be used.
    pub fn shortcomings(&self, blueprint: &Blueprint) -> Vec<Shortcoming> {
        let Summary { people, composite, dimensions, exposure, stops, short_of_quotas, .. } = &self.summary;
        let areas = AreaId::all().map(|area| (format!("area {area}"), &dimensions[area.index()]));
        let scores = std::iter::once(("the overall score".to_owned(), composite)).chain(areas);
        let too_few = (*people < FEWEST_PEOPLE).then_some(Shortcoming::People { people: *people });
        let of_scores = scores.flat_map(|(score, accuracy)| of_score(&score, accuracy));
        let mut found: Vec<Shortcoming> = too_few.into_iter().chain(of_scores).collect();
        let ceiling = blueprint.exposure.ceiling.rate();
        let wrong = [
            (exposure.unused > MOST_UNUSED, Shortcoming::Unused { share: exposure.unused }),
            (exposure.largest > ceiling + ABOVE_CEILING, Shortcoming::Exposure { share: exposure.largest, ceiling }),
            (*short_of_quotas > 0, Shortcoming::Rules { people: *short_of_quotas }),
            (stops.exhausted > 0, Shortcoming::Exhausted { people: stops.exhausted }),
        ];
        found.extend(wrong.into_iter().filter(|(is_wrong, _)| *is_wrong).map(|(_, shortcoming)| shortcoming));
        found
    }
}

fn of_score(score: &str, accuracy: &Accuracy) -> Vec<Shortcoming> {
    let mut found = Vec::new();
    if !COVERAGE.contains(&accuracy.coverage) {
        found.push(Shortcoming::Coverage { score: score.to_owned(), share: accuracy.coverage });
    }
    if accuracy.bias.abs() > LARGEST_BIAS {
        found.push(Shortcoming::Bias { score: score.to_owned(), bias: accuracy.bias });
    }
    found
}

#[derive(Debug, thiserror::Error)]
pub enum SimulateBankError {
    #[error(transparent)]
    Bank(#[from] PoolError),
    #[error("the simulation cannot be run: {0}")]
    Simulation(#[from] SimulationError),
}

/// Plays people against the bank and a blueprint.
pub fn simulate_bank(
    pool: &ItemPool,
    blueprint: &Blueprint,
    people: u32,
    seed: u64,
) -> Result<SimulatedBank, SimulateBankError> {
    pool.require(blueprint)?;
    let (posts, levels) = (posts(), needs());
    let plan = Plan {
        pool: &pool.engine,
        prior: &blueprint.prior,
        weights: blueprint.weights,
        quotas: &blueprint.quotas,
        criterion: blueprint.criterion,
        stopping: blueprint.stop.rule(),
        exposure: blueprint.exposure,
        levels: &levels,
        posts: &posts,
        people,
    };
    let summary = simulate(&plan, seed)?;
    let count = summary.levels.len().max(1) as f64;
    let mean = |share: fn(&Shares) -> f64| summary.levels.iter().map(share).sum::<f64>() / count;
    let shares = Shares {
        met: mean(|shares| shares.met),
        not_sure: mean(|shares| shares.not_sure),
        not_met: mean(|shares| shares.not_met),
        right: mean(|shares| shares.right),
    };
    let use_of = CompetenceId::all().map(|competence| (competence, use_of_competence(pool, &summary, competence)));
    Ok(SimulatedBank { use_of: use_of.collect(), summary, shares })
}

fn use_of_competence(
    pool: &ItemPool,
    summary: &Summary<AREAS>,
    competence: CompetenceId,
) -> [Use; Level::REACHABLE.len()] {
    Level::REACHABLE.map(|level| {
        let rates = pool.parameters.iter().zip(&summary.exposure.rates);
        let here = rates.filter(|(item, _)| item.competence == competence && item.level == level);
        here.fold(Use::default(), |sum, (_, &rate)| Use {
            items: sum.items + 1,
            unused: sum.unused + usize::from(rate == 0.0),
            shown_per_person: sum.shown_per_person + rate,
            largest: sum.largest.max(rate),
        })
    })
}

/// What each default job family needs, as cut scores: people have their posts in turn.
fn posts() -> Vec<[Option<f64>; AREAS]> {
    requirement_defaults().families.iter().map(|family| Needs::of_post(&family.levels).0).collect()
}

fn needs() -> Vec<Judged> {
    let families = &requirement_defaults().families;
    let of_family = families.iter().flat_map(|family| {
        AreaId::all().filter_map(|area| {
            let need = cuts().requirement(area, &family.levels)?;
            Some(Judged { dimension: area.index(), cut: need.cut_logit })
        })
    });
    of_family.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bank::Bank;
    use crate::blueprint::blueprint;

    #[test]
    fn the_starter_bank_may_be_used_and_a_spoiled_simulation_says_why_not() {
        let pool = ItemPool::of_bank(&Bank::load(None).expect("bank")).expect("pool");
        let mut simulated = simulate_bank(&pool, blueprint(), 2_000, 1).expect("simulation");
        assert_eq!(simulated.shortcomings(blueprint()), []);
        let summary = &mut simulated.summary;
        summary.people = 999;
        summary.composite.coverage = 0.9;
        summary.dimensions[2].bias = -0.2;
        summary.exposure.unused = 0.4;
        summary.exposure.largest = 0.87;
        summary.short_of_quotas = 3;
        summary.stops.exhausted = 1;
        let said: Vec<String> = simulated.shortcomings(blueprint()).iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            [
                "only 999 people were played; play at least 1000 before judging the rest",
                "the 95 % intervals of the overall score hold the true value for 90.0 % of people, allowed are 93 to 97 %",
                "area 3 is off by -0.20 logits on average, allowed is 0.1",
                "40.0 % of the items are never shown, allowed are 10 %",
                "one item is shown to 87.0 % of people, the ceiling is 25 %",
                "people whose test broke a rule of the blueprint: 3, allowed is none",
                "people who ran out of items before their test could end: 1, allowed is none",
            ]
        );
    }

    #[test]
    fn people_are_played_by_the_criterion_of_the_blueprint() {
        let pool = ItemPool::of_bank(&Bank::load(None).expect("bank")).expect("pool");
        let starter = include_str!("../../../content/blueprints/starter.toml");
        let rates = |source: &str| {
            let blueprint = Blueprint::read(source).expect("blueprint");
            simulate_bank(&pool, &blueprint, 50, 1).expect("simulation").summary.exposure.rates
        };
        assert_ne!(rates(starter), rates(&starter.replace("\"d-optimal\"", "\"a-optimal\"")));
    }
}
