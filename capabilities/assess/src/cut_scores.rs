//! Cut scores of a bank: per area and level the mean over its items of the ability at which an item is answered right with
//! probability .67, made non-decreasing over the levels. Written to `content/cuts/` by `melek items cuts`; provisional as
//! long as the parameters are.

use std::collections::BTreeMap;

use melek_framework::{AreaCut, AreaId, Cuts, Level};
use melek_irt::standard_setting::{CutScoreError, LevelItem, RESPONSE_PROBABILITY, cut_scores};

use crate::pool::ItemPool;

#[derive(Debug, thiserror::Error)]
pub enum BankCutsError {
    #[error("{0}; leave the item out or give it more options")]
    Engine(#[from] CutScoreError),
    #[error("area {area} has no item at level {}; every area needs items of all four levels", .level.id())]
    NoItems { area: AreaId, level: Level },
}

/// The cuts of a pool of items.
pub fn bank_cuts(pool: &ItemPool) -> Result<Cuts, BankCutsError> {
    let items: Vec<LevelItem> = pool
        .parameters
        .iter()
        .zip(pool.engine.items())
        .map(|(parameters, item)| LevelItem {
            item: item.item,
            dimension: item.dimension,
            level: parameters.level.number() as u32,
        })
        .collect();
    let mut areas: BTreeMap<AreaId, Vec<AreaCut>> = AreaId::all().map(|area| (area, Vec::new())).collect();
    for cut in cut_scores(&items)? {
        let area = AreaId::from_index(cut.dimension);
        let level = Level::from_number(i64::from(cut.level));
        if let (Some(area), Some(level)) = (area, level) {
            areas.entry(area).or_default().push(AreaCut {
                level,
                ability_logit: rounded(cut.ability),
                items: cut.items,
            });
        }
    }
    for (&area, cuts) in &areas {
        for level in Level::REACHABLE {
            if cuts.iter().all(|cut| cut.level != level) {
                return Err(BankCutsError::NoItems { area, level });
            }
        }
    }
    let bank = pool.version.clone();
    Ok(Cuts { bank, response_probability: RESPONSE_PROBABILITY, provisional: true, areas })
}

/// Four decimals: far below the uncertainty of any parameter, and the file stays readable.
fn rounded(ability: f64) -> f64 {
    (ability * 1e4).round() / 1e4
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bank::Bank;

    #[test]
    fn the_shipped_cuts_are_those_of_the_shipped_bank() {
        let pool = ItemPool::of_bank(&Bank::load(None).expect("bank")).expect("pool");
        let computed = bank_cuts(&pool).expect("cuts");
        assert_eq!(computed, *melek_framework::cuts(), "run `melek items cuts --out content/cuts/starter.json`");
    }
}
