//! One ability on a fixed grid: the posterior as masses on equally spaced nodes, updated by one multiplication a node and
//! answer, its mean and standard deviation by the trapezoid rule. Logits.
//!
//! For tests of one dimension whose score has to agree with programs that score on a stated grid. Scores of the product
//! come from `expectation_propagation.rs`, whose grid follows the prior.

use super::Estimate;
use crate::model::Item;

/// A grid or a prior on it that cannot hold an ability.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum GridError {
    #[error("a grid needs at least 3 nodes, not {0}")]
    Nodes(usize),
    #[error("a grid from {first} to {last} is empty or infinite")]
    Range { first: f64, last: f64 },
    #[error("the prior N({mean}, {deviation}²) is not a normal distribution with mass on the grid")]
    Prior { mean: f64, deviation: f64 },
}

/// Equally spaced abilities with a normal prior on them.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    first: f64,
    step: f64,
    prior: Vec<f64>,
}

impl Grid {
    /// `nodes` equally spaced abilities from `first` to `last`, weighted by N(mean, deviation²).
    ///
    /// # Formula
    /// mass_q ∝ φ((θ_q − mean)/deviation), half of it at the two ends (trapezoid rule), adding up to 1.
    ///
    /// # Arguments
    /// - `nodes`: 3 or more; 33 on −4 … 4 is what catR uses, 61 on −6 … 6 is exact to 1e-6 for tests up to 60 items.
    /// - `first`, `last`: logits, finite, first < last.
    /// - `mean`, `deviation`: of the prior, logits, deviation > 0.
    ///
    /// # Source
    /// Bock & Mislevy (1982), *Applied Psychological Measurement* 6, 431–444.
    pub fn new(nodes: usize, (first, last): (f64, f64), (mean, deviation): (f64, f64)) -> Result<Self, GridError> {
        if nodes < 3 {
            return Err(GridError::Nodes(nodes));
        }
        if !(first.is_finite() && last.is_finite() && first < last) {
            return Err(GridError::Range { first, last });
        }
        let step = (last - first) / (nodes - 1) as f64;
        let mass = |node: usize| {
            let distance = (first + step * node as f64 - mean) / deviation;
            let end = if node == 0 || node == nodes - 1 { 0.5 } else { 1.0 };
            end * libm::exp(-0.5 * distance * distance)
        };
        let prior: Vec<f64> = (0..nodes).map(mass).collect();
        let total: f64 = prior.iter().sum();
        if !(deviation > 0.0 && total > 0.0 && total.is_finite()) {
            return Err(GridError::Prior { mean, deviation });
        }
        Ok(Self { first, step, prior: prior.iter().map(|mass| mass / total).collect() })
    }

    /// Number of abilities on the grid.
    pub fn nodes(&self) -> usize {
        self.prior.len()
    }

    /// The abilities, logits, in rising order: first + step · node (closed form).
    pub fn abilities(&self) -> impl Iterator<Item = f64> + '_ {
        (0..self.prior.len()).map(|node| self.first + self.step * node as f64)
    }
}

/// The posterior of one person on a grid.
///
/// ```
/// use melek_irt::ability::{Grid, GridPosterior};
/// use melek_irt::model::Item;
/// let grid = Grid::new(61, (-6.0, 6.0), (0.0, 1.0))?;
/// let mut person = GridPosterior::new(&grid);
/// person.update(&grid.likelihood(&Item::new(1.0, 0.0, 0.0)?, true));
/// assert!((person.estimate().mean - 0.413_241_928_283_814).abs() < 1e-6);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct GridPosterior<'a> {
    grid: &'a Grid,
    mass: Vec<f64>,
}

impl Grid {
    /// Likelihood of an answer at each node, 0 … 1: what [`GridPosterior::update`] takes (closed form, see
    /// [`Item::likelihood`]).
    pub fn likelihood(&self, item: &Item, correct: bool) -> Vec<f64> {
        self.abilities().map(|theta| item.likelihood(theta, correct)).collect()
    }
}

impl<'a> GridPosterior<'a> {
    /// A person who has answered nothing: the prior.
    pub fn new(grid: &'a Grid) -> Self {
        Self { grid, mass: grid.prior.clone() }
    }

    /// Takes an answer in by its likelihood at each node.
    ///
    /// # Formula
    /// mass_q ← mass_q · likelihood_q / Σ
    ///
    /// # Source
    /// Bock & Mislevy (1982), eq. 4.
    ///
    /// # Limits
    /// An answer that is impossible at every node leaves the posterior as it is.
    pub fn update(&mut self, likelihood: &[f64]) {
        let mut total = 0.0;
        for (mass, likelihood) in self.mass.iter().zip(likelihood) {
            total += mass * likelihood;
        }
        if total > 0.0 {
            let scale = 1.0 / total;
            for (mass, likelihood) in self.mass.iter_mut().zip(likelihood) {
                *mass *= likelihood * scale;
            }
        }
    }

    /// Mean and standard deviation of the posterior: EAP and its standard error, logits.
    ///
    /// # Formula
    /// mean = Σ θ_q mass_q, variance = Σ (θ_q − mean)² mass_q
    ///
    /// # Source
    /// Bock & Mislevy (1982), eqs. 6 and 7.
    ///
    /// # Accuracy
    /// Agrees with catR on its grid to 1e-7.
    pub fn estimate(&self) -> Estimate {
        let (mut first, mut second) = (0.0, 0.0);
        for (node, mass) in self.mass.iter().enumerate() {
            let place = node as f64;
            first += place * mass;
            second += place * place * mass;
        }
        let Grid { first: start, step, .. } = self.grid;
        Estimate { mean: start + step * first, standard_error: step * (second - first * first).max(0.0).sqrt() }
    }

    /// Mass of each node, adding up to 1 (closed form: what [`GridPosterior::update`] left).
    pub fn masses(&self) -> &[f64] {
        &self.mass
    }
}
