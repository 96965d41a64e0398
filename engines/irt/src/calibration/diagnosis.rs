//! What cannot be calibrated, what must be said beforehand, and the estimates with their errors in the reader's form.

use super::block::{Block, Link};
use super::calibrate::Options;
use super::estimate::{Calibration, ItemErrors, ItemEstimate, LatentEstimate, Rating, Warning, sandwich};
use super::information::Information;
use super::layout::Layout;
use super::nodes::Grid;
use super::specification::{Model, Specification};
use crate::model::Form;
use crate::numeric::symmetric::Symmetric;
use crate::responses::Responses;

/// A slope above this, per logit, is a sign that the likelihood has no finite maximum.
const SEPARATING_SLOPE: f64 = 15.0;

/// Dimensions of a grid at most: 15 points in each of three are 3,375.
const MOST_GRID_DIMENSIONS: usize = 3;

/// Categories of an item at most: a score is one byte, and a curve needs people in every category.
const MOST_CATEGORIES: usize = 64;

/// What no calibration can be made of. Items and groups count from 0 here and from 1 in the sentences.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalibrationError {
    #[error("there are no people")]
    NoPersons,
    #[error("the specification describes {specified} items, the answers have {items}")]
    ItemCount { specified: usize, items: usize },
    #[error("nobody answered item {}; leave it out", .item + 1)]
    EmptyItem { item: usize },
    #[error("everybody who answered item {} has score {score}; leave it out", .item + 1)]
    ConstantItem { item: usize, score: u8 },
    #[error("item {} has {categories} scores, but its model knows right and wrong only; choose a model for more", .item + 1)]
    TooManyCategories { item: usize, categories: usize },
    #[error("item {} has {categories} scores; at most 64 can be estimated", .item + 1)]
    OutOfCategories { item: usize, categories: usize },
    #[error(
        "the known parameters of item {} describe {known} scores, the answers have {categories}; name the scores nobody \
         has here when collecting the answers", .item + 1
    )]
    KnownCategories { item: usize, known: usize, categories: usize },
    #[error("item {} measures dimension {dimension}, but there are only {dimensions}", .item + 1)]
    UnknownDimension { item: usize, dimension: usize, dimensions: usize },
    #[error("item {} measures more than one specific dimension; in a two-tier test an item has at most one", .item + 1)]
    SeveralSpecific { item: usize },
    #[error("{0} dimensions cannot be integrated over a grid; set the seed of the stochastic method, or use two tiers")]
    TooManyDimensions(usize),
    #[error("{groups} entries of groups for {persons} people")]
    GroupCount { groups: usize, persons: usize },
    #[error("a person is in group {group}, but only {described} are described")]
    UnknownGroup { group: usize, described: usize },
}

/// Refuses what cannot be calibrated.
pub(super) fn check(
    responses: &Responses,
    specification: &Specification,
    options: &Options,
) -> Result<(), CalibrationError> {
    let (items, persons) = (responses.items(), responses.persons());
    let general = specification.dimensions() - specification.latent.first().map_or(0, |latent| latent.specific);
    if general > MOST_GRID_DIMENSIONS && options.seed.is_none() {
        return Err(CalibrationError::TooManyDimensions(general));
    }
    if persons == 0 {
        return Err(CalibrationError::NoPersons);
    }
    if specification.items.len() != items {
        return Err(CalibrationError::ItemCount { specified: specification.items.len(), items });
    }
    if !specification.groups.is_empty() && specification.groups.len() != persons {
        return Err(CalibrationError::GroupCount { groups: specification.groups.len(), persons });
    }
    let described = specification.latent.len();
    let last = specification.groups.iter().max().map_or(0, |group| usize::from(*group));
    if last >= described {
        return Err(CalibrationError::UnknownGroup { group: last, described });
    }
    (0..items).try_for_each(|item| check_item(responses, specification, item))
}

fn check_item(responses: &Responses, specification: &Specification, item: usize) -> Result<(), CalibrationError> {
    let (own, categories) = (&specification.items[item], responses.categories(item));
    let dimensions = specification.dimensions();
    if let Some(dimension) = own.dimensions.iter().copied().find(|dimension| *dimension >= dimensions) {
        return Err(CalibrationError::UnknownDimension { item, dimension, dimensions });
    }
    if let Some(function) = &own.fixed {
        let known = function.categories();
        return if categories == known {
            Ok(())
        } else {
            Err(CalibrationError::KnownCategories { item, known, categories })
        };
    }
    let first = dimensions - specification.latent.first().map_or(0, |latent| latent.specific);
    if own.dimensions.iter().filter(|dimension| **dimension >= first).count() > 1 {
        return Err(CalibrationError::SeveralSpecific { item });
    }
    match categories {
        0 => Err(CalibrationError::EmptyItem { item }),
        1 => Err(CalibrationError::ConstantItem { item, score: responses.scores(item)[0] }),
        count if count > 2 && own.model.is_logistic() => Err(CalibrationError::TooManyCategories { item, categories }),
        count if count > MOST_CATEGORIES => Err(CalibrationError::OutOfCategories { item, categories }),
        _ => Ok(()),
    }
}

/// What must be said whatever is found.
pub(super) fn beforehand(responses: &Responses, parameters: usize) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let persons = responses.persons();
    if persons < parameters {
        warnings.push(Warning::FewPersons { persons, parameters });
    }
    let empty = (0..persons).filter(|person| responses.of(*person).is_empty()).count();
    if empty > 0 {
        warnings.push(Warning::EmptyPersons(empty));
    }
    for item in 0..responses.items() {
        for pair in responses.scores(item).windows(2) {
            warnings.extend((pair[0] + 1..pair[1]).map(|score| Warning::UnusedScore { item, score }));
        }
    }
    warnings
}

/// Where the iteration ended.
pub(super) struct Outcome<'a> {
    pub(super) layout: &'a Layout,
    pub(super) values: &'a [f64],
    pub(super) information: Option<Information>,
    pub(super) grid: Grid,
}

impl Outcome<'_> {
    /// The estimates; the caller adds how they were reached.
    pub(super) fn calibration(self, specification: &Specification, mut warnings: Vec<Warning>) -> Calibration {
        let covariance = match self.information.as_ref().map(Information::covariance) {
            Some(Ok(covariance)) => Some(covariance),
            Some(Err(row)) => {
                warnings.push(Warning::NotIdentified { item: self.item_of(row) });
                None
            }
            None => None,
        };
        let items: Vec<_> =
            (0..self.layout.place.len()).filter_map(|item| self.item(item, covariance.as_ref())).collect();
        for (item, (estimate, links)) in items.iter().enumerate() {
            let largest = estimate
                .function
                .slopes()
                .iter()
                .fold(0.0_f64, |most, slope| if slope.abs() > most.abs() { *slope } else { most });
            if largest.abs() > SEPARATING_SLOPE {
                warnings.push(Warning::Separation { item, slope: largest });
            } else if largest < 0.0 && !links.is_empty() && specification.items[item].model != Model::Nominal {
                warnings.push(Warning::Reversed { item, slope: largest });
            }
        }
        let (items, links) = items.into_iter().unzip();
        Calibration {
            items,
            groups: self.groups(covariance.as_ref()),
            log_likelihood: f64::NAN,
            log_prior: 0.0,
            parameters: self.layout.length,
            iterations: 0,
            converged: false,
            grid: self.grid,
            warnings,
            links,
            covariance,
        }
    }

    fn item_of(&self, parameter: usize) -> Option<usize> {
        let holds = |block: &&Block| (block.start..block.start + block.length).contains(&parameter);
        self.layout.blocks.iter().find(holds).and_then(|block| block.items.first().copied())
    }

    fn item(&self, item: usize, covariance: Option<&Symmetric>) -> Option<(ItemEstimate, Vec<Link>)> {
        let (number, position) = self.layout.place[item];
        let block = &self.layout.blocks[number];
        let own = self.layout.block_values(block, self.values);
        let function = block.function(own, position)?;
        let links = self.layout.links(item, self.values);
        let error = |parameter: usize| covariance.map(|covariance| covariance.get(parameter, parameter).sqrt());
        let rating = block.rating(own, position).map(|(thresholds, location)| Rating {
            threshold_errors: (0..thresholds.len()).map(|step| error(block.start + step)).collect(),
            location_error: if position == 0 { None } else { error(block.start + thresholds.len() - 1 + position) },
            thresholds,
            location,
        });
        let dimensions = function.slopes().len();
        let length = dimensions + function.own().len();
        let errors = covariance.map(|covariance| {
            let local = |local: usize| {
                let links: Vec<&Link> = links.iter().filter(|link| link.local == local).collect();
                (!links.is_empty()).then(|| sandwich(covariance, &links, &links).sqrt())
            };
            ItemErrors { slopes: (0..dimensions).map(local).collect(), own: (dimensions..length).map(local).collect() }
        });
        debug_assert!(!matches!(function.form(), Form::Logistic { lower, .. } if *lower < 0.0));
        Some((ItemEstimate { function, rating, errors }, links))
    }

    fn groups(&self, covariance: Option<&Symmetric>) -> Vec<LatentEstimate> {
        let latent = self.layout.latent(self.values);
        let estimate = |(group, latent): (usize, super::latent::Latent)| {
            let start = self.layout.latent_start(group);
            let error = |place| covariance.map(|covariance| covariance.get(start + place, start + place).sqrt());
            LatentEstimate { errors: (0..latent.elements().len()).map(error).collect(), latent }
        };
        latent.into_iter().enumerate().map(estimate).collect()
    }
}
