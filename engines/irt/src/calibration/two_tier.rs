//! Integration in two tiers: general dimensions that every item may measure, and specific ones of which an item
//! measures at most one (bifactor and two-tier models, testlets, second-order areas).
//!
//! Given the general abilities the specific ones are independent of each other, so the integral over all of them is a
//! product of integrals over one: the cost is that of one dimension more than the general ones, however many specific
//! dimensions there are (Gibbons & Hedeker 1992, *Psychometrika* 57, 423–436; Cai 2010, *Psychometrika* 75, 581–612).

use pulp::{Simd, WithSimd};

use super::expectation::arch;
use super::integration::{Pass, Setting};
use super::nodes::{Grid, Nodes, TILE, Tile};
use super::scores::ItemScores;
use crate::model::ResponseFunction;
use crate::numeric::symmetric::Symmetric;
use crate::responses::Responses;

/// Points of a specific dimension: few items measure one, so its posterior is wide.
const SPECIFIC_GRID: Grid = Grid { points: 21, lowest: -6.0, highest: 6.0 };

/// The two tiers of a test.
pub(crate) struct TwoTier<'a> {
    responses: &'a Responses,
    stride: usize,
    general: Nodes,
    /// Nodes of the items of each family: general nodes padded to tiles, once for each specific point.
    families: Vec<Nodes>,
    /// Each item's family; the last one has no specific dimension.
    family_of: Vec<usize>,
    /// Weights of the specific points; one point of weight 1 where there is no specific dimension.
    specific: Vec<Vec<f64>>,
}

impl<'a> TwoTier<'a> {
    /// For items that measure the dimensions named; the last `specific` of all `dimensions` are the specific ones.
    pub(crate) fn new(
        responses: &'a Responses,
        stride: usize,
        items: &[Vec<usize>],
        (dimensions, specific, grid): (usize, usize, &Grid),
    ) -> Self {
        let first = dimensions - specific;
        let general = Nodes::new(grid, first);
        let family = |own: &Vec<usize>| own.iter().find(|one| **one >= first).map_or(specific, |one| one - first);
        let density: Vec<f64> = (0..SPECIFIC_GRID.points)
            .map(|index| libm::exp(-0.5 * SPECIFIC_GRID.point(index) * SPECIFIC_GRID.point(index)))
            .collect();
        let total: f64 = density.iter().sum();
        let density: Vec<f64> = density.iter().map(|value| value / total).collect();
        let mut families: Vec<Nodes> =
            (0..specific).map(|one| Nodes::beside(&general, dimensions, Some((first + one, &SPECIFIC_GRID)))).collect();
        families.push(Nodes::beside(&general, dimensions, None));
        let mut weights = vec![density; specific];
        weights.push(vec![1.0]);
        Self { responses, stride, general, families, family_of: items.iter().map(family).collect(), specific: weights }
    }

    pub(crate) fn item_nodes(&self, item: usize) -> &Nodes {
        &self.families[self.family_of[item]]
    }

    pub(crate) fn general_nodes(&self) -> &Nodes {
        &self.general
    }

    fn persons(&self) -> impl Iterator<Item = usize> {
        (0..self.responses.persons()).step_by(self.stride)
    }

    /// One pass over the people; `weights` of the general nodes, one row a group.
    pub(crate) fn pass(&self, setting: Setting<'_>, functions: &[ResponseFunction], weights: &[Vec<Tile>]) -> Pass {
        let tables = self.tables(functions);
        let mut pass = Pass {
            log_likelihood: 0.0,
            counts: tables.iter().map(|table| vec![[0.0; TILE]; table.len()]).collect(),
            people: vec![vec![[0.0; TILE]; self.general.tiles()]; weights.len()],
        };
        let person = Person::new(self);
        arch(setting.wide).dispatch(Persons {
            tiers: self,
            setting,
            weights,
            tables: &tables,
            person,
            pass: &mut pass,
        });
        pass
    }

    /// Per item: categories × tiles of its nodes.
    fn tables(&self, functions: &[ResponseFunction]) -> Vec<Vec<Tile>> {
        functions
            .iter()
            .enumerate()
            .map(|(item, function)| super::expectation::item_table(self.item_nodes(item), function))
            .collect()
    }

    /// Σ E[s_i] E[s_i]ᵀ: the cross-product information of Berndt, Hall, Hall & Hausman (1974), *Annals of Economic and
    /// Social Measurement* 3, 653–665.
    pub(crate) fn cross_products(
        &self,
        setting: Setting<'_>,
        (functions, weights): (&[ResponseFunction], &[Vec<Tile>]),
        scores: &[ItemScores],
        latent: &[(usize, Vec<Vec<f64>>)],
    ) -> Symmetric {
        let tables = self.tables(functions);
        let length = scores.iter().flat_map(|item| &item.parameters).max().map_or(0, |last| last + 1);
        let length = latent.iter().map(|(start, rows)| start + rows.len()).fold(length, usize::max);
        let mut sum = Symmetric::zeros(length);
        let mut person = Person::new(self);
        for (place, index) in self.persons().enumerate() {
            let group = setting.groups.get(place).map_or(0, |group| usize::from(*group));
            person.posterior(self, index, &weights[group], &tables);
            let mut mean = vec![0.0; length];
            for response in self.responses.of(index) {
                let item = usize::from(response.item);
                let ItemScores { parameters, categories } = &scores[item];
                let weights = person.joint(self.family_of[item]);
                let own = categories[usize::from(response.category)].chunks_exact(weights.len());
                for (name, row) in parameters.iter().zip(own) {
                    let products = row.as_flattened().iter().zip(weights.as_flattened());
                    mean[*name] += products.map(|(score, weight)| score * weight).sum::<f64>();
                }
            }
            let (start, rows) = &latent[group];
            for (offset, row) in rows.iter().enumerate() {
                let products = row.iter().zip(person.general.as_flattened());
                mean[start + offset] += products.map(|(score, weight)| score * weight).sum::<f64>();
            }
            for row in 0..length {
                let factor = mean[row];
                sum.row_mut(row)[..=row].iter_mut().zip(&mean).for_each(|(cell, other)| *cell += factor * other);
            }
        }
        sum.mirror();
        sum
    }
}

struct Persons<'a> {
    tiers: &'a TwoTier<'a>,
    setting: Setting<'a>,
    weights: &'a [Vec<Tile>],
    tables: &'a [Vec<Tile>],
    person: Person,
    pass: &'a mut Pass,
}

impl WithSimd for Persons<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Self { tiers, setting, weights, tables, mut person, pass } = self;
        for (place, index) in tiers.persons().enumerate() {
            let group = setting.groups.get(place).map_or(0, |group| usize::from(*group));
            pass.log_likelihood += person.posterior(tiers, index, &weights[group], tables);
            add(&mut pass.people[group], &person.general);
            for response in tiers.responses.of(index) {
                let item = usize::from(response.item);
                let joint = person.joint(tiers.family_of[item]);
                let start = usize::from(response.category) * joint.len();
                add(&mut pass.counts[item][start..start + joint.len()], joint);
            }
        }
    }
}

#[inline(always)]
fn add(sum: &mut [Tile], more: &[Tile]) {
    for (sum, more) in sum.iter_mut().zip(more) {
        for lane in 0..TILE {
            sum[lane] += more[lane];
        }
    }
}

/// Room for one person's posterior.
struct Person {
    /// Per family: specific points × tiles of the general nodes, first the likelihood, then the joint posterior.
    families: Vec<Vec<Tile>>,
    /// Per family: the integral over its specific dimension.
    integrals: Vec<Vec<Tile>>,
    /// Posterior of the general nodes.
    general: Vec<Tile>,
}

impl Person {
    fn new(tiers: &TwoTier<'_>) -> Self {
        let tiles = tiers.general.tiles();
        let rows = |weights: &Vec<f64>| vec![[0.0; TILE]; weights.len() * tiles];
        Self {
            families: tiers.specific.iter().map(rows).collect(),
            integrals: vec![vec![[0.0; TILE]; tiles]; tiers.specific.len()],
            general: vec![[0.0; TILE]; tiles],
        }
    }

    fn joint(&self, family: usize) -> &[Tile] {
        &self.families[family]
    }

    /// Fills the posterior; returns the logarithm of the marginal likelihood.
    #[inline(always)]
    fn posterior(&mut self, tiers: &TwoTier<'_>, index: usize, weights: &[Tile], tables: &[Vec<Tile>]) -> f64 {
        let tiles = weights.len();
        for (rows, specific) in self.families.iter_mut().zip(&tiers.specific) {
            for (rows, weight) in rows.chunks_exact_mut(tiles).zip(specific) {
                rows.fill([*weight; TILE]);
            }
        }
        for response in tiers.responses.of(index) {
            let item = usize::from(response.item);
            let rows = &mut self.families[tiers.family_of[item]];
            let (start, length) = (usize::from(response.category) * rows.len(), rows.len());
            for (row, factor) in rows.iter_mut().zip(&tables[item][start..start + length]) {
                for lane in 0..TILE {
                    row[lane] *= factor[lane];
                }
            }
        }
        self.general.copy_from_slice(weights);
        for (rows, integral) in self.families.iter().zip(&mut self.integrals) {
            integral.fill([0.0; TILE]);
            rows.chunks_exact(tiles).for_each(|rows| add(integral, rows));
            for (product, factor) in self.general.iter_mut().zip(integral.iter()) {
                for lane in 0..TILE {
                    product[lane] *= factor[lane];
                }
            }
        }
        let total: f64 = self.general.as_flattened().iter().sum();
        self.general.as_flattened_mut().iter_mut().for_each(|value| *value /= total);
        for (rows, integral) in self.families.iter_mut().zip(&mut self.integrals) {
            for (share, posterior) in integral.as_flattened_mut().iter_mut().zip(self.general.as_flattened()) {
                *share = if *share > 0.0 { posterior / *share } else { 0.0 };
            }
            for rows in rows.chunks_exact_mut(tiles) {
                for (row, share) in rows.iter_mut().zip(integral.iter()) {
                    for lane in 0..TILE {
                        row[lane] *= share[lane];
                    }
                }
            }
        }
        libm::log(total)
    }
}
