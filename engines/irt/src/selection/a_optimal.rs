//! Bayesian A-optimality: the item that shrinks the sum of the posterior variances most.

use crate::numeric::cholesky::Matrix;

/// Fall of the trace of the posterior covariance by an item of one dimension, squared logits, ≥ 0.
///
/// # Formula
/// I · Σ_k Σ_kd² / (1 + I Σ_dd): the trace of the rank-one (Sherman–Morrison) update of Σ.
///
/// # Arguments
/// - `covariance` Σ of the posterior, squared logits.
/// - `dimension` d, below D. `information` I of the item at the posterior mean, per squared logit, ≥ 0.
///
/// # Source
/// Mulder & van der Linden (2009), *Psychometrika* 74, 273–296, A-optimality, with the prior precision added.
///
/// # Accuracy
/// Equals the difference of traces to a relative 1e-12.
///
/// ```
/// use melek_irt::selection::a_optimal;
/// assert_eq!(a_optimal::gain(&[[2.0]], 0, 0.5), 1.0); // variance 2 becomes 1
/// ```
pub fn gain<const D: usize>(covariance: &Matrix<D>, dimension: usize, information: f64) -> f64 {
    let mut squares = 0.0;
    for row in covariance {
        squares += row[dimension] * row[dimension];
    }
    information * squares / (1.0 + information * covariance[dimension][dimension])
}
