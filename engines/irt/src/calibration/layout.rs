//! All free parameters of a test in one vector: the blocks of items in order, then the abilities of the groups.

use core::ops::Range;
use std::collections::BTreeMap;

use super::block::{Block, Link};
use super::latent::Latent;
use super::specification::{Model, Specification};
use crate::model::ResponseFunction;
use crate::responses::Responses;

/// Which part of the parameter vector belongs to what.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    pub(crate) blocks: Vec<Block>,
    /// Per item: its block and its position in it.
    pub(crate) place: Vec<(usize, usize)>,
    /// Per group, where its elements begin.
    latent: Vec<(Latent, usize)>,
    pub(crate) length: usize,
}

impl Layout {
    pub(crate) fn new(responses: &Responses, specification: &Specification) -> Self {
        let dimensions = specification.dimensions();
        let mut blocks = Vec::new();
        let mut scales: BTreeMap<(bool, usize), Vec<usize>> = BTreeMap::new();
        for (item, own) in specification.items.iter().enumerate() {
            // An item's own function says how many categories it has, even when some were not chosen here.
            let categories = own.fixed.as_ref().map_or(responses.categories(item), ResponseFunction::categories);
            match own.model {
                Model::RatingScale | Model::GradedRatingScale if own.fixed.is_none() => {
                    scales.entry((own.model == Model::GradedRatingScale, categories)).or_default().push(item);
                }
                _ => blocks.push(Block::single(item, own, dimensions, categories)),
            }
        }
        for ((graded, categories), items) in scales {
            blocks.push(Block::rating_scale(items, graded, dimensions, categories));
        }
        let mut length = 0;
        let mut place = vec![(0, 0); specification.items.len()];
        for (number, block) in blocks.iter_mut().enumerate() {
            block.start = length;
            length += block.length;
            block.items.iter().enumerate().for_each(|(position, item)| place[*item] = (number, position));
        }
        let mut latent = Vec::new();
        for group in &specification.latent {
            latent.push((group.clone(), length));
            length += group.elements().len();
        }
        Self { blocks, place, latent, length }
    }

    pub(crate) fn block_values<'v>(&self, block: &Block, values: &'v [f64]) -> &'v [f64] {
        &values[block.start..block.start + block.length]
    }

    /// One response function an item, or nothing where the values describe none.
    pub(crate) fn functions(&self, values: &[f64]) -> Option<Vec<ResponseFunction>> {
        let function = |(block, position): &(usize, usize)| {
            let block = &self.blocks[*block];
            block.function(self.block_values(block, values), *position)
        };
        self.place.iter().map(function).collect()
    }

    /// Categories of an item.
    pub(crate) fn categories(&self, item: usize) -> usize {
        self.blocks[self.place[item].0].categories()
    }

    /// How the derivatives of an item become those of the whole vector.
    pub(crate) fn links(&self, item: usize, values: &[f64]) -> Vec<Link> {
        let (number, position) = self.place[item];
        let block = &self.blocks[number];
        let mut links = block.links(self.block_values(block, values), position);
        links.iter_mut().for_each(|link| link.parameter += block.start);
        links
    }

    /// Σ ln density of the priors.
    pub(crate) fn log_prior(&self, values: &[f64]) -> f64 {
        let of = |block: &Block| -> f64 {
            let priors = block.priors(self.block_values(block, values));
            priors.iter().map(|(_, value, _, prior)| prior.log_density(*value)[0]).sum()
        };
        self.blocks.iter().map(of).sum()
    }

    /// One distribution a group.
    pub(crate) fn latent(&self, values: &[f64]) -> Vec<Latent> {
        self.latent.iter().map(|(latent, start)| latent.with_values(&values[*start..])).collect()
    }

    /// The dimensions of each group that are not specific.
    pub(crate) fn general(&self, values: &[f64]) -> Vec<Latent> {
        self.latent(values).iter().map(Latent::general).collect()
    }

    /// Where a group's elements begin.
    pub(crate) fn latent_start(&self, group: usize) -> usize {
        self.latent[group].1
    }

    /// The values reached, but those from before for blocks in which one moved further than `reach`.
    pub(crate) fn nearer(&self, mut before: Vec<f64>, reached: &[f64], reach: f64) -> Vec<f64> {
        let mut take = |range: Range<usize>| {
            let moved =
                before[range.clone()].iter().zip(&reached[range.clone()]).map(|(one, other)| (other - one).abs());
            if moved.fold(0.0, f64::max) <= reach {
                before[range.clone()].copy_from_slice(&reached[range]);
            }
        };
        self.blocks.iter().for_each(|block| take(block.start..block.start + block.length));
        self.latent.iter().for_each(|(group, start)| take(*start..start + group.elements().len()));
        before
    }

    /// Values to start from.
    pub(crate) fn start(&self, responses: &Responses) -> Vec<f64> {
        let shares = shares(responses);
        let mut values = Vec::with_capacity(self.length);
        for block in &self.blocks {
            let own: Vec<Vec<f64>> = block.items.iter().map(|item| shares[*item].clone()).collect();
            values.extend(block.start(&own));
        }
        for (latent, _) in &self.latent {
            values.extend(latent.values());
        }
        values
    }
}

/// Share of each category among the answers to an item; half an answer is added to each, so that none is 0.
fn shares(responses: &Responses) -> Vec<Vec<f64>> {
    let shares = |item: usize| -> Vec<f64> {
        let counts: Vec<f64> = responses.counts(item).iter().map(|count| *count as f64 + 0.5).collect();
        let total: f64 = counts.iter().sum();
        counts.iter().map(|count| count / total).collect()
    };
    (0..responses.items()).map(shares).collect()
}
