//! Ability after the answers: multivariate normal approximation, in logits, and its one-dimensional views.

use super::Estimate;
use crate::numeric::cholesky::{self, Matrix};

/// Mean and covariance of a person's ability over D dimensions.
#[derive(Debug, Clone, PartialEq)]
pub struct Posterior<const D: usize> {
    /// Logits.
    pub mean: [f64; D],
    /// Squared logits, symmetric, positive definite.
    pub covariance: Matrix<D>,
}

impl<const D: usize> Posterior<D> {
    /// Estimate of one dimension, in logits; `None` when there is no such dimension.
    ///
    /// # Formula
    /// mean_d ± √Σ_dd
    ///
    /// # Arguments
    /// `dimension`: counted from 0, below D.
    ///
    /// # Source
    /// Marginal of a multivariate normal distribution.
    ///
    /// # Accuracy
    /// Exact to rounding.
    ///
    /// # Limits
    /// `None` for `dimension` ≥ D.
    ///
    /// ```
    /// use melek_irt::ability::Prior;
    /// let posterior = Prior::new([0.3, -0.1], [[1.0, 0.5], [0.5, 4.0]])?.posterior();
    /// assert_eq!(posterior.dimension(1).unwrap().standard_error, 2.0);
    /// assert_eq!(posterior.dimension(2), None);
    /// # Ok::<(), melek_irt::ability::PriorError>(())
    /// ```
    pub fn dimension(&self, dimension: usize) -> Option<Estimate> {
        (dimension < D).then(|| Estimate {
            mean: self.mean[dimension],
            standard_error: self.covariance[dimension][dimension].sqrt(),
        })
    }

    /// Estimate of a weighted sum of the dimensions, in logits.
    ///
    /// # Formula
    /// mean = wᵀ μ, standard error = √(wᵀ Σ w)
    ///
    /// # Arguments
    /// `weights` w: any reals; to stay on the scale of one dimension they sum to 1, e.g. 1/D each.
    ///
    /// # Source
    /// Linear combination of a multivariate normal distribution; as composite score in van der Linden (1999), *Journal
    /// of Educational and Behavioral Statistics* 24, 398–412.
    ///
    /// # Accuracy
    /// Exact to rounding.
    ///
    /// # Limits
    /// All weights 0 give 0 ± 0.
    ///
    /// ```
    /// use melek_irt::ability::Prior;
    /// let posterior = Prior::new([1.0, 0.0], [[1.0, 0.5], [0.5, 1.0]])?.posterior();
    /// let composite = posterior.composite(&[0.5, 0.5]);
    /// assert_eq!((composite.mean, composite.standard_error), (0.5, 0.75_f64.sqrt()));
    /// # Ok::<(), melek_irt::ability::PriorError>(())
    /// ```
    pub fn composite(&self, weights: &[f64; D]) -> Estimate {
        let mut mean = 0.0;
        let mut variance = 0.0;
        for (row, covered) in cholesky::product(&self.covariance, weights).iter().enumerate() {
            mean += weights[row] * self.mean[row];
            variance += weights[row] * covered;
        }
        Estimate { mean, standard_error: variance.max(0.0).sqrt() }
    }
}
