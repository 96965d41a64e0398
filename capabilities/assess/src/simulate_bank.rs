//! Plays people against a bank and a blueprint, as if the provisional parameters were true: what the test would do
//! before anybody takes it. The levels judged are the needs of the default job families, one for each family and area.

use std::collections::BTreeMap;

use melek_framework::{AreaId, CompetenceId, Level, cuts, requirement_defaults};
use melek_irt::selection::several_dimensions::Criterion;
use melek_irt::simulation::{Level as Judged, Plan, Shares, SimulationError, Summary, simulate};
use melek_irt::stopping::Rule;

use crate::blueprint::{AREAS, Blueprint};
use crate::pool::{ItemPool, PoolError};

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
    let stop = &blueprint.stop;
    let levels = needs();
    let plan = Plan {
        pool: &pool.engine,
        prior: &blueprint.prior,
        weights: blueprint.weights,
        quotas: &blueprint.quotas,
        criterion: Criterion::Volume,
        stopping: Rule {
            minimum: stop.minimum_items,
            maximum: stop.maximum_items,
            standard_error: stop.standard_error,
            minimum_per_dimension: stop.minimum_per_area,
        },
        exposure: blueprint.exposure,
        levels: &levels,
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
