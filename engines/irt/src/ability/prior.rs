//! The ability distribution of the population before any answer: multivariate normal, in logits.

use rand::Rng;

use super::Posterior;
use crate::numeric::cholesky::{self, Matrix};
use crate::numeric::random::standard_normals;

/// A mean or covariance that is no normal distribution.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum PriorError {
    #[error("a prior needs at least one dimension")]
    NoDimension,
    #[error("mean of dimension {dimension} is {mean}, not a finite number")]
    Mean { dimension: usize, mean: f64 },
    #[error("covariance of dimensions {row} and {column} is {above} above the diagonal and {below} below it")]
    Asymmetric { row: usize, column: usize, above: f64, below: f64 },
    #[error("covariance is not positive definite: dimension {dimension} is a combination of those before it, or worse")]
    NotPositiveDefinite { dimension: usize },
}

/// A multivariate normal ability distribution over D dimensions, in logits.
#[derive(Debug, Clone, PartialEq)]
pub struct Prior<const D: usize> {
    mean: [f64; D],
    covariance: Matrix<D>,
    factor: Matrix<D>,
    precision: Matrix<D>,
}

impl<const D: usize> Prior<D> {
    /// A prior, checked to be a proper normal distribution.
    ///
    /// # Formula
    /// θ ~ N(mean, covariance)
    ///
    /// # Arguments
    /// - `mean`: logits, finite; 0 in the reference group.
    /// - `covariance`: squared logits, symmetric to the last bit, positive definite; variances of 1 and correlations
    ///   of .5 … .85 between areas of one domain are typical.
    ///
    /// # Source
    /// Segall (1996), *Psychometrika* 61, 331–354, multivariate normal prior of the adaptive test.
    ///
    /// # Accuracy
    /// Refused as singular when a Cholesky pivot is below 1e-10 of its variance (correlation above about 1 − 5e-11).
    ///
    /// # Limits
    /// D = 0 is an error.
    ///
    /// ```
    /// use melek_irt::ability::{Prior, PriorError};
    /// assert!(Prior::new([0.0, 0.0], [[1.0, 0.7], [0.7, 1.0]]).is_ok());
    /// let impossible = Prior::new([0.0, 0.0], [[1.0, 1.2], [1.2, 1.0]]);
    /// assert_eq!(impossible, Err(PriorError::NotPositiveDefinite { dimension: 1 }));
    /// ```
    pub fn new(mean: [f64; D], covariance: [[f64; D]; D]) -> Result<Self, PriorError> {
        if D == 0 {
            return Err(PriorError::NoDimension);
        }
        for (dimension, &mean) in mean.iter().enumerate() {
            if !mean.is_finite() {
                return Err(PriorError::Mean { dimension, mean });
            }
        }
        for (row, values) in covariance.iter().enumerate() {
            for (column, &below) in values.iter().enumerate().take(row) {
                let above = covariance[column][row];
                if above != below {
                    return Err(PriorError::Asymmetric { row: column, column: row, above, below });
                }
            }
        }
        let factor =
            cholesky::factor(&covariance).map_err(|dimension| PriorError::NotPositiveDefinite { dimension })?;
        let precision = cholesky::inverse(&factor);
        Ok(Self { mean, covariance, factor, precision })
    }

    /// Mean ability, logits.
    pub fn mean(&self) -> &[f64; D] {
        &self.mean
    }

    /// Covariance, squared logits.
    pub fn covariance(&self) -> &[[f64; D]; D] {
        &self.covariance
    }

    /// The posterior of a person who has answered nothing: the prior itself (closed form).
    pub fn posterior(&self) -> Posterior<D> {
        Posterior { mean: self.mean, covariance: self.covariance }
    }

    /// The ability of a person drawn at random from the population, logits.
    ///
    /// # Formula
    /// θ = mean + L z, with L Lᵀ = covariance and z standard normal
    ///
    /// # Arguments
    /// `rng`: a seeded generator; its raw words alone decide the draw.
    ///
    /// # Source
    /// Cholesky sampling; normal draws by the polar method of Marsaglia & Bray (1964), *SIAM Review* 6, 260–264.
    ///
    /// # Accuracy
    /// Exact in distribution to rounding.
    ///
    /// # Limits
    /// None.
    ///
    /// ```
    /// use melek_irt::ability::Prior;
    /// use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
    /// let prior = Prior::new([0.0, 0.0], [[1.0, 0.7], [0.7, 1.0]])?;
    /// let one = prior.draw(&mut ChaCha8Rng::seed_from_u64(1));
    /// assert_eq!(one, prior.draw(&mut ChaCha8Rng::seed_from_u64(1)));
    /// # Ok::<(), melek_irt::ability::PriorError>(())
    /// ```
    pub fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> [f64; D] {
        let deviation = self.deviation(rng);
        core::array::from_fn(|dimension| self.mean[dimension] + deviation[dimension])
    }

    /// A draw's distance from the mean.
    pub(crate) fn deviation<R: Rng + ?Sized>(&self, rng: &mut R) -> [f64; D] {
        cholesky::product(&self.factor, &standard_normals(rng))
    }

    pub(crate) fn precision(&self) -> &Matrix<D> {
        &self.precision
    }
}
