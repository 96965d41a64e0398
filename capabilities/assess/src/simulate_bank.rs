//! Plays people against the bank and the blueprint in force, as if the provisional parameters were true: what the test would do
//! before anybody takes it. The levels judged are the needs of the default job families, one for each family and area.

use melek_framework::{AreaId, cuts, requirement_defaults};
use melek_irt::selection::several_dimensions::Criterion;
use melek_irt::simulation::{Level, Plan, Shares, SimulationError, Summary, simulate};
use melek_irt::stopping::Rule;

use crate::blueprint::{AREAS, blueprint};
use crate::pool::{ItemPool, PoolError};

pub struct SimulatedBank {
    pub summary: Summary<AREAS>,
    /// Mean over all job families and areas.
    pub shares: Shares,
}

#[derive(Debug, thiserror::Error)]
pub enum SimulateBankError {
    #[error(transparent)]
    Bank(#[from] PoolError),
    #[error("the simulation cannot be run: {0}")]
    Simulation(#[from] SimulationError),
}

pub fn simulate_bank(pool: &ItemPool, people: u32, seed: u64) -> Result<SimulatedBank, SimulateBankError> {
    let blueprint = blueprint();
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
    Ok(SimulatedBank { summary, shares })
}

fn needs() -> Vec<Level> {
    let families = &requirement_defaults().families;
    let of_family = families.iter().flat_map(|family| {
        AreaId::all().filter_map(|area| {
            let need = cuts().requirement(area, &family.levels)?;
            Some(Level { dimension: area.index(), cut: need.cut_logit })
        })
    });
    of_family.collect()
}
