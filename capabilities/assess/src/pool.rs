//! A bank version as the engine sees it: parameters by position, and the names of the items beside them. Text is in
//! `bank.rs`; how often each item was shown is in `exposure.rs`.

use std::collections::HashMap;

use melek_framework::{AreaId, CompetenceId, Level};
use melek_irt::model;
use melek_irt::selection::{Pool, PoolItem};

use crate::bank::Bank;
use crate::blueprint::AREAS;
use crate::item::ItemId;

/// One item of a pool: what is stored of it for every bank version ever used.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameters {
    pub id: ItemId,
    pub competence: CompetenceId,
    pub level: Level,
    pub family: Option<String>,
    pub discrimination: f64,
    pub difficulty_logit: f64,
    pub lower_asymptote: f64,
}

#[derive(Debug)]
pub struct ItemPool {
    pub version: String,
    pub parameters: Vec<Parameters>,
    pub engine: Pool<AREAS>,
    positions: HashMap<ItemId, usize>,
}

#[derive(Debug, thiserror::Error)]
pub enum PoolError {
    #[error("item {id} cannot be scored: {reason}; correct its [parameters]")]
    Parameters { id: ItemId, reason: model::ParameterError },
    #[error("the items do not make a pool: {0}")]
    Pool(#[from] melek_irt::selection::PoolError),
    #[error("area {area} has {items} items; every area needs at least {needed}")]
    Thin { area: AreaId, items: usize, needed: usize },
}

impl ItemPool {
    pub fn of_bank(bank: &Bank) -> Result<ItemPool, PoolError> {
        let parameters = bank.items.iter().filter_map(|item| {
            let measures = item.measures.as_ref()?;
            Some(Parameters {
                id: item.id.clone(),
                competence: measures.competence,
                level: measures.level,
                family: item.family.clone(),
                discrimination: measures.discrimination,
                difficulty_logit: measures.difficulty_logit,
                lower_asymptote: item.task.chance(),
            })
        });
        ItemPool::new(bank.version.clone(), parameters.collect())
    }

    pub fn new(version: String, parameters: Vec<Parameters>) -> Result<ItemPool, PoolError> {
        let mut families: HashMap<&str, u32> = HashMap::new();
        let mut items = Vec::with_capacity(parameters.len());
        for parameter in &parameters {
            let next = families.len() as u32;
            let family = parameter.family.as_deref().map(|family| *families.entry(family).or_insert(next));
            let item = parameter.item().map_err(|reason| PoolError::Parameters { id: parameter.id.clone(), reason })?;
            items.push(PoolItem { item, dimension: parameter.competence.area().index(), family });
        }
        let engine = Pool::new(items)?;
        let positions = parameters.iter().enumerate().map(|(position, item)| (item.id.clone(), position)).collect();
        Ok(ItemPool { version, parameters, engine, positions })
    }

    /// Refuses a pool in which an area has fewer than `needed` items.
    pub fn require_per_area(&self, needed: usize) -> Result<(), PoolError> {
        for area in AreaId::all() {
            let items = self.parameters.iter().filter(|item| item.competence.area() == area).count();
            if items < needed {
                return Err(PoolError::Thin { area, items, needed });
            }
        }
        Ok(())
    }

    pub fn position(&self, id: &ItemId) -> Option<usize> {
        self.positions.get(id).copied()
    }
}

impl Parameters {
    pub fn item(&self) -> Result<model::Item, model::ParameterError> {
        model::Item::new(self.discrimination, self.difficulty_logit, self.lower_asymptote)
    }
}
