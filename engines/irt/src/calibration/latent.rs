//! The distribution of ability in a group: normal, cut to the grid and made to sum to 1 over its nodes.
//!
//! Means and variances that are free are estimated on that discrete distribution itself, so the likelihood that is
//! maximised is the one that is reported, even where the grid cuts a tail.

use super::nodes::{Nodes, TILE, Tile};
use crate::numeric::symmetric::Symmetric;

/// What is known and what is estimated of the abilities of a group.
#[derive(Debug, Clone, PartialEq)]
pub struct Latent {
    /// Means in logits, one a dimension: known values, or where estimation starts.
    pub mean: Vec<f64>,
    /// Covariances, rows of a symmetric positive definite matrix.
    pub covariance: Vec<Vec<f64>>,
    pub free_means: bool,
    pub free_variances: bool,
    pub free_correlations: bool,
    /// How many of the last dimensions are specific: standard normal, independent of all others, at most one an item.
    pub specific: usize,
}

impl Latent {
    /// Standard normal and uncorrelated in so many dimensions, nothing estimated.
    ///
    /// # Source
    /// Bock & Aitkin (1981), *Psychometrika* 46, 443–459.
    pub fn standard(dimensions: usize) -> Self {
        let unit = |row: usize| (0..dimensions).map(|column| f64::from(u8::from(row == column))).collect();
        Self {
            mean: vec![0.0; dimensions],
            covariance: (0..dimensions).map(unit).collect(),
            free_means: false,
            free_variances: false,
            free_correlations: false,
            specific: 0,
        }
    }

    /// One dimension, mean 0, variance estimated: the Rasch family.
    ///
    /// # Source
    /// Thissen (1982), *Psychometrika* 47, 175–186.
    pub fn free_spread() -> Self {
        Self { free_variances: true, ..Self::standard(1) }
    }

    /// Standard normal in so many dimensions with estimated correlations.
    ///
    /// # Source
    /// Bock & Schilling (2003), in du Toit (ed.), *IRT from SSI*, ch. 10.
    pub fn correlated(dimensions: usize) -> Self {
        Self { free_correlations: true, ..Self::standard(dimensions) }
    }

    /// General dimensions with estimated correlations and specific ones after them: bifactor (one general dimension) and
    /// two-tier models, integrated in two tiers.
    ///
    /// # Arguments
    /// `general`: 1 or 2. `specific`: any number; an item measures at most one of them.
    ///
    /// # Source
    /// Gibbons & Hedeker (1992), *Psychometrika* 57, 423–436; Cai (2010), *Psychometrika* 75, 581–612.
    pub fn two_tier(general: usize, specific: usize) -> Self {
        Self { free_correlations: general > 1, specific, ..Self::standard(general + specific) }
    }

    /// One dimension, mean and variance estimated: a group beside the one that sets the scale.
    ///
    /// # Source
    /// Bock & Zimowski (1997), in van der Linden & Hambleton (eds.), *Handbook of Modern Item Response Theory*, ch. 25.
    pub fn free_group() -> Self {
        Self { free_means: true, free_variances: true, ..Self::standard(1) }
    }

    /// Number of dimensions.
    ///
    /// # Source
    /// Definition.
    pub fn dimensions(&self) -> usize {
        self.mean.len()
    }

    /// The dimensions that are not specific.
    pub(crate) fn general(&self) -> Self {
        let dimensions = self.dimensions() - self.specific;
        let covariance = self.covariance[..dimensions].iter().map(|row| row[..dimensions].to_vec()).collect();
        Self { mean: self.mean[..dimensions].to_vec(), covariance, specific: 0, ..*self }
    }

    /// The free elements, in the order of the parameter vector.
    pub(crate) fn elements(&self) -> Vec<Element> {
        let dimensions = self.dimensions() - self.specific;
        let mut elements = Vec::new();
        if self.free_means {
            elements.extend((0..dimensions).map(Element::Mean));
        }
        for row in 0..dimensions {
            for column in 0..=row {
                if if row == column { self.free_variances } else { self.free_correlations } {
                    elements.push(Element::Covariance(row, column));
                }
            }
        }
        elements
    }

    pub(crate) fn values(&self) -> Vec<f64> {
        let value = |element: &Element| match *element {
            Element::Mean(dimension) => self.mean[dimension],
            Element::Covariance(row, column) => self.covariance[row][column],
        };
        self.elements().iter().map(value).collect()
    }

    pub(crate) fn with_values(&self, values: &[f64]) -> Self {
        let mut changed = self.clone();
        for (element, value) in self.elements().iter().zip(values) {
            match *element {
                Element::Mean(dimension) => changed.mean[dimension] = *value,
                Element::Covariance(row, column) => {
                    changed.covariance[row][column] = *value;
                    changed.covariance[column][row] = *value;
                }
            }
        }
        changed
    }

    /// The inverse of the covariance matrix, or nothing when it is not positive definite.
    fn precision(&self) -> Option<Symmetric> {
        let dimensions = self.dimensions();
        let mut covariance = Symmetric::zeros(dimensions);
        for row in 0..dimensions {
            for column in 0..dimensions {
                covariance.add(row, column, self.covariance[row][column]);
            }
        }
        Some(covariance.factor().ok()?.inverse())
    }

    /// Weights of the nodes, summing to 1.
    pub(crate) fn weights(&self, nodes: &Nodes) -> Option<Vec<Tile>> {
        let precision = self.precision()?;
        let mut weights = vec![[0.0; TILE]; nodes.tiles()];
        let mut total = 0.0;
        for node in 0..nodes.count {
            let scaled = self.scaled(&precision, nodes.at(node));
            let square: f64 = scaled.iter().zip(nodes.at(node)).zip(&self.mean).map(|((z, x), m)| z * (x - m)).sum();
            let weight = libm::exp(-0.5 * square);
            weights[node / TILE][node % TILE] = weight;
            total += weight;
        }
        if !(total > 0.0 && total.is_finite()) {
            return None;
        }
        weights.iter_mut().flatten().for_each(|weight| *weight /= total);
        Some(weights)
    }

    /// Σ⁻¹ (x − μ).
    fn scaled(&self, precision: &Symmetric, point: &[f64]) -> Vec<f64> {
        let row =
            |row: usize| precision.row(row).iter().zip(point).zip(&self.mean).map(|((p, x), m)| p * (x - m)).sum();
        (0..self.dimensions()).map(row).collect()
    }

    /// Derivatives of the logarithm of each node's weight by the free elements: elements × nodes, centred because the
    /// weights sum to 1.
    pub(crate) fn scores(&self, nodes: &Nodes) -> Option<Vec<Vec<f64>>> {
        let (precision, weights) = (self.precision()?, self.weights(nodes)?);
        let elements = self.elements();
        let mut scores = vec![vec![0.0; nodes.count]; elements.len()];
        for node in 0..nodes.count {
            let scaled = self.scaled(&precision, nodes.at(node));
            for (score, element) in scores.iter_mut().zip(&elements) {
                score[node] = match *element {
                    Element::Mean(dimension) => scaled[dimension],
                    Element::Covariance(row, column) if row == column => 0.5 * scaled[row] * scaled[row],
                    Element::Covariance(row, column) => scaled[row] * scaled[column],
                };
            }
        }
        for score in &mut scores {
            let mean: f64 = score.iter().zip(weights.iter().flatten()).map(|(value, weight)| value * weight).sum();
            score.iter_mut().for_each(|value| *value -= mean);
        }
        Some(scores)
    }

    /// Gradient of Σ n_q ln w_q and the information of its free elements, at expected numbers of people n_q.
    pub(crate) fn gradient(&self, nodes: &Nodes, people: &[Tile]) -> Option<(Vec<f64>, Symmetric)> {
        let (scores, weights) = (self.scores(nodes)?, self.weights(nodes)?);
        let total: f64 = people.iter().flatten().sum();
        let gradient = scores.iter().map(|score| score.iter().zip(people.iter().flatten()).map(|(s, n)| s * n).sum());
        let mut information = Symmetric::zeros(scores.len());
        for row in 0..scores.len() {
            for column in 0..scores.len() {
                let products = scores[row].iter().zip(&scores[column]).zip(weights.iter().flatten());
                information.add(row, column, total * products.map(|((a, b), w)| a * b * w).sum::<f64>());
            }
        }
        Some((gradient.collect(), information))
    }

    /// Σ n_q ln w_q, the part of the complete-data likelihood that concerns the group.
    pub(crate) fn objective(&self, nodes: &Nodes, people: &[Tile]) -> Option<f64> {
        let weights = self.weights(nodes)?;
        let terms = people.iter().flatten().zip(weights.iter().flatten());
        Some(terms.filter(|(n, _)| **n > 0.0).map(|(n, w)| n * libm::log(w.max(f64::MIN_POSITIVE))).sum())
    }
}

/// One free element of a latent distribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Element {
    Mean(usize),
    Covariance(usize, usize),
}
