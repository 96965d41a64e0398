//! The ability distribution of the people a person is scored with: multivariate normal, in logits.

use crate::calibration::Latent;
use crate::numeric::symmetric::{Factor, Symmetric};

/// A mean or covariance that is no normal distribution. Dimensions count from 0 here and from 1 in the sentences.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum PopulationError {
    #[error("a population needs at least one dimension")]
    NoDimension,
    #[error("{means} means but row {} of the covariance has {cells} of {rows} rows", .row + 1)]
    Shape { means: usize, row: usize, cells: usize, rows: usize },
    #[error("{value} in dimension {} is not a finite number", .dimension + 1)]
    NotFinite { dimension: usize, value: f64 },
    #[error("covariance of dimensions {} and {} is {above} above the diagonal and {below} below it", .row + 1, .column + 1)]
    Asymmetric { row: usize, column: usize, above: f64, below: f64 },
    #[error("covariance is not positive definite: dimension {} is a combination of those before it, or worse", .dimension + 1)]
    NotPositiveDefinite { dimension: usize },
}

/// A multivariate normal ability distribution.
#[derive(Debug, Clone)]
pub struct Population {
    mean: Vec<f64>,
    covariance: Vec<Vec<f64>>,
    precision: Symmetric,
    factor: Factor,
}

impl Population {
    /// A population, checked to be a proper normal distribution.
    ///
    /// # Formula
    /// θ ~ N(mean, covariance)
    ///
    /// # Arguments
    /// - `mean`: logits, finite, one a dimension; 0 in the group that sets the scale.
    /// - `covariance`: squared logits, symmetric to the last bit, positive definite; variances of 1 are typical.
    ///
    /// # Source
    /// Bock & Mislevy (1982), *Applied Psychological Measurement* 6, 431–444; several dimensions Segall (1996),
    /// *Psychometrika* 61, 331–354.
    ///
    /// # Limits
    /// No dimension, and a covariance that is singular to thirteen digits, are errors.
    ///
    /// ```
    /// use melek_irt::scoring::{Population, PopulationError};
    /// assert!(Population::new(vec![0.3], vec![vec![1.2]]).is_ok());
    /// let none = Population::new(vec![0.3], vec![vec![0.0]]);
    /// assert_eq!(none.err(), Some(PopulationError::NotPositiveDefinite { dimension: 0 }));
    /// ```
    pub fn new(mean: Vec<f64>, covariance: Vec<Vec<f64>>) -> Result<Self, PopulationError> {
        let dimensions = mean.len();
        if dimensions == 0 {
            return Err(PopulationError::NoDimension);
        }
        let rows = covariance.len();
        let wrong = covariance.iter().position(|row| row.len() != dimensions);
        if let Some(row) = wrong.or((rows != dimensions).then_some(rows.saturating_sub(1))) {
            let cells = covariance.get(row).map_or(0, Vec::len);
            return Err(PopulationError::Shape { means: dimensions, row, cells, rows });
        }
        let mut matrix = Symmetric::zeros(dimensions);
        for row in 0..dimensions {
            for value in covariance[row].iter().chain([&mean[row]]) {
                if !value.is_finite() {
                    return Err(PopulationError::NotFinite { dimension: row, value: *value });
                }
            }
            for (column, below) in covariance[row].iter().copied().enumerate() {
                let above = covariance[column][row];
                if column < row && above != below {
                    return Err(PopulationError::Asymmetric { row: column, column: row, above, below });
                }
                matrix.add(row, column, below);
            }
        }
        let factor = matrix.factor().map_err(|dimension| PopulationError::NotPositiveDefinite { dimension })?;
        Ok(Self { mean, covariance, precision: factor.inverse(), factor })
    }

    /// Standard normal and uncorrelated.
    ///
    /// # Arguments
    /// `dimensions`: at least 1; 0 is an error.
    ///
    /// # Source
    /// Bock & Mislevy (1982), *Applied Psychological Measurement* 6, 431–444.
    pub fn standard(dimensions: usize) -> Result<Self, PopulationError> {
        Self::of(&Latent::standard(dimensions))
    }

    /// The abilities of a calibrated group.
    ///
    /// # Arguments
    /// `latent`: as [`crate::calibration::calibrate`] returns it in `groups`.
    ///
    /// # Source
    /// Empirical Bayes: Bock & Aitkin (1981), *Psychometrika* 46, 443–459.
    pub fn of(latent: &Latent) -> Result<Self, PopulationError> {
        Self::new(latent.mean.clone(), latent.covariance.clone())
    }

    /// Mean ability, logits, one a dimension.
    pub fn mean(&self) -> &[f64] {
        &self.mean
    }

    /// Covariance, squared logits.
    pub fn covariance(&self) -> &[Vec<f64>] {
        &self.covariance
    }

    pub(crate) fn dimensions(&self) -> usize {
        self.mean.len()
    }

    pub(crate) fn precision(&self) -> &Symmetric {
        &self.precision
    }

    /// −½ (θ − mean)ᵀ covariance⁻¹ (θ − mean), the logarithm of the density up to a constant.
    pub(crate) fn log_density(&self, theta: &[f64]) -> f64 {
        let mut scaled: Vec<f64> = theta.iter().zip(&self.mean).map(|(x, mean)| x - mean).collect();
        self.factor.solve_lower(&mut scaled);
        -0.5 * scaled.iter().map(|z| z * z).sum::<f64>()
    }

    /// The gradient of [`Population::log_density`].
    pub(crate) fn log_gradient(&self, theta: &[f64]) -> Vec<f64> {
        let pull = |row: usize| {
            let terms = self.precision.row(row).iter().zip(theta).zip(&self.mean);
            -terms.map(|((p, x), mean)| p * (x - mean)).sum::<f64>()
        };
        (0..self.dimensions()).map(pull).collect()
    }
}
