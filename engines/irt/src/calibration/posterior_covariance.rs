//! One person's posterior covariance V of the functions of `score_expansion.rs`, a factor L of it with as few columns as V has
//! variances worth mentioning, and the rows that the person adds to the sums of `missing_information.rs`.

use super::cross_product::{Panel, Single};
use super::missing_information::Task;
use super::nodes::{Nodes, TILE, Tile};
use super::score_expansion::Expansion;
use crate::numeric::symmetric::inner;

/// Posterior weight of a node below which it is passed over.
const NEGLIGIBLE: f64 = 1e-9;

/// Share of the variance of φ that L may leave out: about five digits of what is subtracted.
const LEFT_OUT: f64 = 1e-5;

/// People who touch fewer than this share of the parameters are summed cell by cell.
const DENSE: f64 = 0.3;

/// Functions of the basis and their products at every node: what a person's V is made of.
pub(super) struct Moments {
    pub(super) leading: usize,
    pub(super) count: usize,
    pub(super) tiles: usize,
    /// Nodes × tiles: φ_b for every b, then φ_a φ_b for every leading a and b ≥ a.
    pub(super) values: Vec<Tile>,
}

impl Moments {
    pub(super) fn new(expansion: &Expansion, nodes: &Nodes) -> Self {
        let (leading, count) = (expansion.leading, expansion.basis.len());
        let length = count + (0..leading).map(|first| count - first).sum::<usize>();
        let tiles = length.div_ceil(TILE);
        let mut values = vec![[0.0; TILE]; nodes.count * tiles];
        for (node, row) in values.chunks_exact_mut(tiles.max(1)).enumerate() {
            let at: Vec<f64> = (0..count).map(|number| expansion.basis.function(number)[node]).collect();
            let products =
                (0..leading).flat_map(|first| at[first..].iter().map(|second| at[first] * second).collect::<Vec<_>>());
            let entries = at.iter().copied().chain(products);
            row.as_flattened_mut().iter_mut().zip(entries).for_each(|(cell, value)| *cell = value);
        }
        Self { leading, count, tiles, values }
    }
}

/// Room for one person.
pub(super) struct Person {
    pub(super) posterior: Vec<Tile>,
    /// Nodes that are not negligible, with their weights.
    pub(super) window: Vec<(usize, f64)>,
    /// Posterior means of the functions of the basis and of their products.
    pub(super) means: Vec<Tile>,
    /// V: leading functions × basis.
    pub(super) covariance: Vec<f64>,
    pub(super) variances: Vec<f64>,
    /// Lᵀ: rank × leading functions.
    pub(super) factor: Vec<f64>,
    /// Codes, and the group after them.
    pub(super) terms: Vec<usize>,
    /// The active parameters the person touches, all of them when most are; and where each of them stands in the list.
    pub(super) columns: Vec<usize>,
    pub(super) column_of: Vec<usize>,
    /// A: leading functions × tiles of the columns.
    pub(super) combination: Vec<Single>,
    /// A row made of them.
    pub(super) row: Vec<Single>,
}

impl Person {
    pub(super) fn new(task: &Task<'_>) -> Self {
        let active = task.expansion.active.len();
        Self {
            posterior: vec![[0.0; TILE]; task.step.nodes.tiles()],
            window: Vec::new(),
            means: vec![[0.0; TILE]; task.moments.tiles],
            covariance: vec![0.0; task.moments.leading * task.moments.count],
            variances: Vec::new(),
            factor: Vec::new(),
            terms: Vec::new(),
            columns: (0..active).collect(),
            column_of: (0..active).collect(),
            combination: Vec::new(),
            row: Vec::new(),
        }
    }

    /// Posterior means, and V from them.
    #[inline(always)]
    pub(super) fn integrate(&mut self, moments: &Moments, nodes: usize, scale: f64) {
        self.window.clear();
        for (node, weight) in self.posterior.as_flattened()[..nodes].iter().enumerate() {
            if weight * scale > NEGLIGIBLE {
                self.window.push((node, weight * scale));
            }
        }
        for (tile, mean) in self.means.iter_mut().enumerate() {
            let mut sum = [0.0; TILE];
            for (node, weight) in &self.window {
                let values = &moments.values[node * moments.tiles + tile];
                for lane in 0..TILE {
                    sum[lane] += weight * values[lane];
                }
            }
            *mean = sum;
        }
        let (means, products) = self.means.as_flattened().split_at(moments.count);
        let mut next = products.iter();
        for first in 0..moments.leading {
            for (second, product) in (first..moments.count).zip(&mut next) {
                let value = product - means[first] * means[second];
                self.covariance[first * moments.count + second] = value;
                if second < moments.leading {
                    self.covariance[second * moments.count + first] = value;
                }
            }
        }
    }

    /// L by Cholesky's method, the largest variance first, until what is left is not worth mentioning.
    #[inline(always)]
    pub(super) fn factor(&mut self, moments: &Moments) {
        let Moments { leading, count, .. } = *moments;
        self.factor.clear();
        self.variances.clear();
        self.variances.extend((0..leading).map(|number| self.covariance[number * count + number]));
        let total: f64 = self.variances.iter().sum();
        for rank in 0..leading {
            let mut pivot = 0;
            let mut rest = 0.0;
            for (number, variance) in self.variances.iter().enumerate() {
                rest += variance.max(0.0);
                if *variance > self.variances[pivot] {
                    pivot = number;
                }
            }
            let largest = self.variances[pivot];
            if !(rest > LEFT_OUT * total && largest > 0.0) {
                break;
            }
            let root = largest.sqrt();
            self.factor.extend_from_slice(&self.covariance[pivot * count..pivot * count + leading]);
            let (before, own) = self.factor.split_at_mut(rank * leading);
            for earlier in before.chunks_exact(leading) {
                let factor = earlier[pivot];
                own.iter_mut().zip(earlier).for_each(|(value, earlier)| *value -= factor * earlier);
            }
            for (value, variance) in own.iter_mut().zip(&mut self.variances) {
                *value /= root;
                *variance -= *value * *value;
            }
            self.variances[pivot] = 0.0;
        }
    }

    /// Lists the parameters; whether they are all.
    #[inline(always)]
    pub(super) fn choose_columns(&mut self, expansion: &Expansion) -> bool {
        let active = expansion.active.len();
        let touched: usize = self.terms.iter().map(|term| expansion.terms[*term].width).sum();
        if touched as f64 >= DENSE * active as f64 {
            if self.columns.len() < active {
                self.columns = (0..active).collect();
                self.column_of.clone_from(&self.columns);
            }
            return true;
        }
        self.columns.clear();
        for (start, length) in self.terms.iter().flat_map(|term| &expansion.terms[*term].runs) {
            self.columns.extend(*start..start + length);
        }
        self.columns.sort_unstable();
        self.columns.dedup();
        for (place, parameter) in self.columns.iter().enumerate() {
            self.column_of[*parameter] = place;
        }
        false
    }

    /// A.
    #[inline(always)]
    pub(super) fn combine(&mut self, expansion: &Expansion) {
        let tiles = self.columns.len().div_ceil(TILE);
        self.combination.clear();
        self.combination.resize(expansion.leading * tiles, [0.0; TILE]);
        for term in self.terms.iter().map(|term| &expansion.terms[*term]).filter(|term| term.width > 0) {
            let rows = self.combination.chunks_exact_mut(tiles);
            for (row, mut values) in rows.zip(term.singles.chunks_exact(term.width)) {
                let row = row.as_flattened_mut();
                for (start, length) in &term.runs {
                    let (own, rest) = values.split_at(*length);
                    let start = self.column_of[*start];
                    row[start..start + length].iter_mut().zip(own).for_each(|(sum, value)| *sum += value);
                    values = rest;
                }
            }
        }
    }

    /// Pushes the rows of (A L)ᵀ.
    #[inline(always)]
    pub(super) fn push_covariance(&mut self, leading: usize, rows: &mut Panel, sum: &mut [Tile]) {
        for weights in self.factor.chunks_exact(leading) {
            combine(&self.combination, weights, &mut self.row);
            rows.push(sum, &self.row);
        }
    }

    /// Pushes E[s].
    #[inline(always)]
    pub(super) fn push_mean(&mut self, task: &Task<'_>, rows: &mut Panel, sum: &mut [Tile]) {
        let (expansion, Moments { leading, count, .. }) = (task.expansion, task.moments);
        let means = &self.means.as_flattened()[..*count];
        combine(&self.combination, &means[..*leading], &mut self.row);
        if task.is_shared() {
            for (cell, column) in self.row.as_flattened_mut().iter_mut().zip(&self.columns) {
                let parameter = expansion.active[*column];
                *cell += inner(&expansion.shared[parameter * count..(parameter + 1) * count], means) as f32;
            }
        }
        rows.push(sum, &self.row);
    }
}

/// Σ weight row, into `out`.
#[inline(always)]
fn combine(rows: &[Single], weights: &[f64], out: &mut Vec<Single>) {
    let tiles = rows.len() / weights.len().max(1);
    out.resize(tiles, [0.0; TILE]);
    for (tile, out) in out.iter_mut().enumerate() {
        let mut sum = [0.0; TILE];
        for (weight, row) in weights.iter().zip(rows[tile..].iter().step_by(tiles)) {
            for lane in 0..TILE {
                sum[lane] += *weight as f32 * row[lane];
            }
        }
        *out = sum;
    }
}
