//! A bank version as the engine sees it: parameters by position, and the names of the items beside them. Text is in
//! `bank.rs`; how often each item was shown is in `exposure.rs`.

use std::collections::HashMap;

use melek_framework::{AreaId, CompetenceId, Level};
use melek_irt::ability::{ItemErrors, UncertainItem};
use melek_irt::model;
use melek_irt::selection::{Pool, PoolItem, Progress};

use crate::bank::Bank;
use crate::blueprint::{AREAS, Blueprint, quota_of};
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
    /// Of `discrimination`, as a fraction, and of `difficulty_logit`; 0 where they are guesses.
    pub errors: ItemErrors,
    /// On trial: shown without counting.
    pub is_pilot: bool,
}

#[derive(Debug)]
pub struct ItemPool {
    pub version: String,
    /// Of the items that count, by position in `engine`.
    pub parameters: Vec<Parameters>,
    /// Of the items on trial.
    pub pilots: Vec<Parameters>,
    pub engine: Pool<AREAS>,
    /// The items of `engine` with the errors of their parameters; `None` when all are taken as they are.
    uncertain: Option<Vec<UncertainItem>>,
    /// Of all items: those that count, then those on trial.
    places: HashMap<ItemId, usize>,
}

#[derive(Debug, thiserror::Error)]
pub enum PoolError {
    #[error("item {id} cannot be scored: {reason}; correct its [parameters]")]
    Parameters { id: ItemId, reason: model::ParameterError },
    #[error("the items do not make a pool: {0}")]
    Pool(#[from] melek_irt::selection::PoolError),
    #[error(
        "no test can obey the blueprint {blueprint} with this bank: {rules} cannot be met together; add items or change [stop]"
    )]
    Infeasible { blueprint: String, rules: String },
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
                errors: measures.errors,
                is_pilot: item.is_pilot,
            })
        });
        ItemPool::new(bank.version.clone(), parameters.collect())
    }

    pub fn new(version: String, parameters: Vec<Parameters>) -> Result<ItemPool, PoolError> {
        let (pilots, parameters): (Vec<_>, Vec<_>) = parameters.into_iter().partition(|item| item.is_pilot);
        let mut families: HashMap<&str, u32> = HashMap::new();
        let mut items = Vec::with_capacity(parameters.len());
        for parameter in &parameters {
            let next = families.len() as u32;
            let family = parameter.family.as_deref().map(|family| *families.entry(family).or_insert(next));
            let item = parameter.item().map_err(|reason| PoolError::Parameters { id: parameter.id.clone(), reason })?;
            items.push(PoolItem {
                item,
                dimension: parameter.competence.area().index(),
                kind: Some(quota_of(parameter.competence)),
                family,
            });
        }
        let has_errors = |own: &Parameters| own.errors.log_discrimination() > 0.0 || own.errors.difficulty() > 0.0;
        let with_errors = parameters.iter().zip(&items).map(|(own, item)| UncertainItem::new(item.item, own.errors));
        let uncertain = parameters.iter().any(has_errors).then(|| with_errors.collect());
        let engine = Pool::new(items)?;
        let all = parameters.iter().chain(&pilots).enumerate();
        let places = all.map(|(place, item)| (item.id.clone(), place)).collect();
        Ok(ItemPool { version, parameters, pilots, engine, uncertain, places })
    }

    /// Refuses a blueprint that no test from this pool could obey, with the rules in conflict.
    pub fn require(&self, blueprint: &Blueprint) -> Result<(), PoolError> {
        let left = Progress::new(&self.engine, &blueprint.quotas, &[]).left().to_vec();
        let Some(conflict) = blueprint.quotas.conflict(&left) else { return Ok(()) };
        let stop = &blueprint.stop;
        let length = format!("{} items in a test", stop.maximum_items);
        let rule = |quota: usize| match AreaId::all().nth(quota) {
            Some(area) => {
                let items = self.parameters.iter().filter(|item| item.competence.area() == area).count();
                format!("at least {} items of area {area} (the bank has {items})", stop.minimum_per_area)
            }
            None => {
                let competence = CompetenceId::all().nth(quota - AREAS).map(|id| id.to_string()).unwrap_or_default();
                format!("at most {} items of competence {competence}", stop.maximum_per_competence)
            }
        };
        let rules: Vec<String> = std::iter::once(length).chain(conflict.into_iter().map(rule)).collect();
        Err(PoolError::Infeasible { blueprint: blueprint.id.clone(), rules: rules.join(", ") })
    }

    /// Of an item that counts.
    pub fn position(&self, id: &ItemId) -> Option<usize> {
        self.place(id).filter(|&place| place < self.parameters.len())
    }

    /// Of any item: positions first, then the items on trial.
    pub fn place(&self, id: &ItemId) -> Option<usize> {
        self.places.get(id).copied()
    }

    /// All items, by place.
    pub fn all(&self) -> impl Iterator<Item = &Parameters> {
        self.parameters.iter().chain(&self.pilots)
    }

    /// The items that count with the errors of their parameters, if any has errors.
    pub fn uncertain(&self) -> Option<&[UncertainItem]> {
        self.uncertain.as_deref()
    }

    pub fn parameters_of(&self, id: &ItemId) -> Option<&Parameters> {
        let place = self.place(id)?;
        self.parameters.get(place).or_else(|| self.pilots.get(place - self.parameters.len()))
    }

    /// Positions of the items that count and are of this item's family.
    pub fn family_of<'a>(&'a self, item: &'a Parameters) -> impl Iterator<Item = usize> + 'a {
        let of_family = move |(_, other): &(usize, &Parameters)| other.shares_family_with(item);
        self.parameters.iter().enumerate().filter(of_family).map(|(position, _)| position)
    }
}

impl Parameters {
    /// Whether both are of one family, which never meets twice in a test.
    pub fn shares_family_with(&self, other: &Parameters) -> bool {
        self.family.is_some() && self.family == other.family
    }

    pub fn item(&self) -> Result<model::Item, model::ParameterError> {
        model::Item::new(self.discrimination, self.difficulty_logit, self.lower_asymptote)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blueprint::blueprint;
    use crate::session::{Given, State, Test};

    #[test]
    fn errors_of_parameters_make_the_interval_of_a_score_wider_and_items_on_trial_are_no_part_of_the_pool() {
        let known = ItemPool::of_bank(&Bank::load(None).expect("bank")).expect("pool");
        let with = |errors: ItemErrors| {
            let parameters = known.parameters.iter().map(|item| Parameters { errors, ..item.clone() });
            ItemPool::new("errors".to_owned(), parameters.collect()).expect("pool")
        };
        let uncertain = with(ItemErrors::new(0.2, 0.3, 0.0).expect("errors"));
        let answers =
            known.parameters.iter().step_by(20).map(|item| Given(item.id.clone(), item.difficulty_logit < 0.0));
        let state = State { answers: answers.collect(), ..State::default() };
        let overall = |pool: &ItemPool| {
            let test = Test { pool, blueprint: blueprint(), unavailable: &[] };
            state.posterior(test).composite(&blueprint().weights).standard_error
        };
        assert!(overall(&uncertain) > overall(&known) * 1.01);
        assert_eq!(overall(&with(ItemErrors::new(0.0, 0.0, 0.0).expect("errors"))), overall(&known));
        let mut parameters = known.parameters.clone();
        parameters[0].is_pilot = true;
        let on_trial = parameters[0].id.clone();
        let pool = ItemPool::new("pilot".to_owned(), parameters).expect("pool");
        assert_eq!((pool.position(&on_trial), pool.pilots.len()), (None, 1));
        assert_eq!(pool.engine.items().len(), known.engine.items().len() - 1);
    }

    #[test]
    fn a_blueprint_that_a_bank_cannot_meet_is_refused_with_the_rules_in_conflict() {
        let bank = Bank::load(None).expect("bank");
        let whole = ItemPool::of_bank(&bank).expect("pool");
        assert!(whole.require(blueprint()).is_ok());
        let mut kept = whole.parameters.clone();
        let mut of_area_four = 0;
        kept.retain(|item| {
            of_area_four += usize::from(item.competence.area().index() == 3);
            item.competence.area().index() != 3 || of_area_four == 1
        });
        let thin = ItemPool::new("thin".to_owned(), kept).expect("pool");
        let refused = thin.require(blueprint()).expect_err("infeasible").to_string();
        assert!(refused.contains("at least 2 items of area 4 (the bank has 1)"), "{refused}");
        assert!(!refused.contains("area 5"), "{refused}");
    }
}
