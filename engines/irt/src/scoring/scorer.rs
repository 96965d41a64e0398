//! A test ready to score people: the chance of every category at every node of ability, computed once.
//!
//! Nodes lie evenly on −6 … 6 logits: 121 in one dimension, 61 × 61 in two, 25³ in three, 15⁴ in four. On an even grid the
//! rectangle rule is exact to about e^(−2π² s²/h²), s the posterior standard deviation and h the step (Trefethen &
//! Weideman 2014, *SIAM Review* 56, 385–458): 1e-8 for s at least as large as h. Beyond four dimensions there is no grid:
//! methods that climb start from the population's mean, and methods that integrate say that they cannot.

use pulp::{Arch, Simd, WithSimd};

use super::population::Population;
use crate::calibration::{Grid, Latent, Nodes, TILE, Tile, item_table, person_posterior};
use crate::model::ResponseFunction;
use crate::responses::Response;

/// Dimensions of the standard grids.
const MOST_DIMENSIONS: usize = 4;

/// Most nodes a table is made for: above it the memory of a test of 100 items passes 100 MB.
const MOST_NODES: usize = 100_000;

/// What cannot be scored. Items and categories count from 0 here; items from 1 in the sentences.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ScoringError {
    #[error("there are no items")]
    NoItems,
    #[error("item {} has {slopes} slopes, but the population has {dimensions} dimensions", .item + 1)]
    Dimensions { item: usize, slopes: usize, dimensions: usize },
    #[error("the method works in one dimension, the population has {dimensions}")]
    OneDimensionOnly { dimensions: usize },
    #[error(
        "a grid of {points} points from {lowest} to {highest} in {dimensions} dimensions; needed are at least 2 rising points a dimension and at most 100,000 altogether"
    )]
    Grid { points: usize, lowest: f64, highest: f64, dimensions: usize },
    #[error("the method needs a grid over abilities, which ends at four dimensions; the population has {dimensions}")]
    TooManyDimensions { dimensions: usize },
    #[error("the population lies outside the grid of abilities from {lowest} to {highest}")]
    OutsideGrid { lowest: f64, highest: f64 },
    #[error("an answer to item {}, but there are only {items}", .item + 1)]
    UnknownItem { item: usize, items: usize },
    #[error("category {category} in item {}, which has {categories}", .item + 1)]
    UnknownCategory { item: usize, category: usize, categories: usize },
    #[error("the answers have no chance at any ability of the grid; look at the parameters of the items")]
    Impossible,
    #[error("no largest posterior was found in {steps} steps")]
    NoMaximum { steps: usize },
}

/// Items with known response functions and the population of the people, prepared for scoring.
///
/// ```
/// use melek_irt::model::ResponseFunction;
/// use melek_irt::responses::Response;
/// use melek_irt::scoring::{Population, Scorer};
/// let items = vec![ResponseFunction::two_parameter(1.2, 0.3)?, ResponseFunction::two_parameter(0.9, -0.5)?];
/// let scorer = Scorer::new(items, Population::standard(1)?)?;
/// let score = scorer.expected_a_posteriori(&[Response { item: 1, category: 1 }])?;
/// assert!(score.ability[0] > 0.0 && score.standard_error(0) < 1.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Scorer {
    pub(super) functions: Vec<ResponseFunction>,
    pub(super) population: Population,
    pub(super) nodes: Nodes,
    /// Weights of the population at the nodes, and of a population that is the same everywhere.
    pub(super) weights: Vec<Tile>,
    pub(super) flat: Vec<Tile>,
    /// Whether the nodes are a grid over abilities, and not the population's mean alone.
    has_grid: bool,
    /// (Items × categories) × tiles, and the first row of each item.
    table: Vec<Tile>,
    rows: Vec<u32>,
}

impl Scorer {
    /// A scorer on the standard grid of the number of dimensions.
    ///
    /// # Formula
    /// P_jk(θ_q) of every category k of every item j at every node θ_q, and node weights w_q ∝ φ(θ_q), Σ w_q = 1.
    ///
    /// # Arguments
    /// - `functions`: one an item, with as many slopes as the population has dimensions.
    /// - `population`: the distribution of ability; it matters to the Bayesian methods only.
    ///
    /// # Source
    /// Bock & Mislevy (1982), *Applied Psychological Measurement* 6, 431–444, eq. 3–6.
    ///
    /// # Accuracy
    /// See the head of `scorer.rs`. Tails of the population beyond −6 … 6 are cut off.
    ///
    /// # Limits
    /// In more than four dimensions only [`Scorer::maximum_a_posteriori`], [`Scorer::maximum_likelihood`] and
    /// [`Scorer::plausible_values`] work, from the population's mean as their start; the others are errors.
    pub fn new(functions: Vec<ResponseFunction>, population: Population) -> Result<Self, ScoringError> {
        let dimensions = population.dimensions();
        if dimensions > MOST_DIMENSIONS {
            let mean = Nodes::given(dimensions, population.mean().to_vec());
            return Self::on_nodes(functions, population, mean, false);
        }
        let points = match dimensions {
            1 => 121,
            2 => 61,
            3 => 25,
            _ => 15,
        };
        Self::on_grid(functions, population, &Grid { points, lowest: -6.0, highest: 6.0 })
    }

    /// A scorer on a grid of one's own, the same in every dimension.
    ///
    /// # Formula
    /// As [`Scorer::new`].
    ///
    /// # Arguments
    /// `functions` and `population` as [`Scorer::new`]; `grid`: at least two rising points, at most 100,000 nodes over
    /// all dimensions.
    ///
    /// # Source
    /// As [`Scorer::new`].
    ///
    /// # Limits
    /// A population without weight on the grid is an error.
    pub fn on_grid(
        functions: Vec<ResponseFunction>,
        population: Population,
        grid: &Grid,
    ) -> Result<Self, ScoringError> {
        let dimensions = population.dimensions();
        let Grid { points, lowest, highest } = *grid;
        let rises = lowest.is_finite() && highest.is_finite() && lowest < highest;
        let count = u32::try_from(dimensions).ok().and_then(|power| points.checked_pow(power));
        if points < 2 || !rises || count.is_none_or(|count| count > MOST_NODES) {
            return Err(ScoringError::Grid { points, lowest, highest, dimensions });
        }
        Self::on_nodes(functions, population, Nodes::new(grid, dimensions), true)
    }

    fn on_nodes(
        functions: Vec<ResponseFunction>,
        population: Population,
        nodes: Nodes,
        has_grid: bool,
    ) -> Result<Self, ScoringError> {
        let dimensions = population.dimensions();
        if functions.is_empty() {
            return Err(ScoringError::NoItems);
        }
        if let Some(item) = functions.iter().position(|function| function.slopes().len() != dimensions) {
            return Err(ScoringError::Dimensions { item, slopes: functions[item].slopes().len(), dimensions });
        }
        let (mean, covariance) = (population.mean().to_vec(), population.covariance().to_vec());
        let latent = Latent { mean, covariance, ..Latent::standard(dimensions) };
        let ends = |node: usize| nodes.at(node)[0];
        let outside = ScoringError::OutsideGrid { lowest: ends(0), highest: ends(nodes.count - 1) };
        let weights = latent.weights(&nodes).ok_or(outside)?;
        let mut flat = vec![[0.0; TILE]; nodes.tiles()];
        flat.iter_mut().flatten().take(nodes.count).for_each(|weight| *weight = 1.0);
        let (mut table, mut rows) = (Vec::new(), Vec::with_capacity(functions.len()));
        for function in &functions {
            rows.push((table.len() / nodes.tiles()) as u32);
            table.extend(item_table(&nodes, function));
        }
        Ok(Self { functions, population, nodes, weights, flat, has_grid, table, rows })
    }

    /// Refuses a method that integrates over abilities where there is no grid to do so.
    pub(super) fn need_grid(&self) -> Result<(), ScoringError> {
        if self.has_grid { Ok(()) } else { Err(ScoringError::TooManyDimensions { dimensions: self.dimensions() }) }
    }

    /// The response functions, one an item.
    pub fn functions(&self) -> &[ResponseFunction] {
        &self.functions
    }

    /// The distribution of ability.
    pub fn population(&self) -> &Population {
        &self.population
    }

    pub(super) fn dimensions(&self) -> usize {
        self.population.dimensions()
    }

    /// The chance of a category at every node.
    pub(super) fn row(&self, item: usize, category: usize) -> &[Tile] {
        let tiles = self.nodes.tiles();
        let start = (self.rows[item] as usize + category) * tiles;
        &self.table[start..start + tiles]
    }

    /// Refuses answers to what is not in the test.
    pub(super) fn check(&self, answers: &[Response]) -> Result<(), ScoringError> {
        for answer in answers {
            let (item, category) = (usize::from(answer.item), usize::from(answer.category));
            let Some(function) = self.functions.get(item) else {
                return Err(ScoringError::UnknownItem { item, items: self.functions.len() });
            };
            let categories = function.categories();
            if category >= categories {
                return Err(ScoringError::UnknownCategory { item, category, categories });
            }
        }
        Ok(())
    }

    /// Fills `out` with the product of the weights and the chances of the answers, summing to 1.
    pub(super) fn fill_posterior(
        &self,
        weights: &[Tile],
        answers: &[Response],
        out: &mut Vec<Tile>,
    ) -> Result<(), ScoringError> {
        self.check(answers)?;
        let code = |answer: &Response| self.rows[usize::from(answer.item)] + u32::from(answer.category);
        let codes: Vec<u32> = answers.iter().map(code).collect();
        out.resize(self.nodes.tiles(), [0.0; TILE]);
        let (scale, log_sum) = Arch::new().dispatch(Product { weights, table: &self.table, codes: &codes, out });
        if !(scale.is_finite() && log_sum.is_finite()) {
            return Err(ScoringError::Impossible);
        }
        out.iter_mut().flatten().for_each(|value| *value *= scale);
        Ok(())
    }

    /// The node at which the product of weights and chances of the answers is largest.
    pub(super) fn highest_node(&self, weights: &[Tile], answers: &[Response]) -> Result<&[f64], ScoringError> {
        let mut posterior = Vec::new();
        self.fill_posterior(weights, answers, &mut posterior)?;
        let mut best = (0, f64::NEG_INFINITY);
        for (node, value) in posterior.iter().flatten().take(self.nodes.count).enumerate() {
            if *value > best.1 {
                best = (node, *value);
            }
        }
        Ok(self.nodes.at(best.0))
    }
}

/// One person's posterior, compiled for every width of arithmetic.
struct Product<'a> {
    weights: &'a [Tile],
    table: &'a [Tile],
    codes: &'a [u32],
    out: &'a mut [Tile],
}

impl WithSimd for Product<'_> {
    type Output = (f64, f64);

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> (f64, f64) {
        person_posterior(self.weights, self.table, self.codes, self.out)
    }
}
