//! Bayesian D-optimality: the item that shrinks the volume of the posterior most.

use crate::numeric::cholesky::Matrix;

/// Growth of ln det of the posterior precision by an item of one dimension, in nats, ≥ 0.
///
/// # Formula
/// ln(1 + I Σ_dd): for an item that measures coordinate d alone, det(Σ⁻¹ + I e_d e_dᵀ) / det Σ⁻¹ = 1 + I Σ_dd.
///
/// # Arguments
/// - `covariance` Σ of the posterior, squared logits.
/// - `dimension` d, below D. `information` I of the item at the posterior mean, per squared logit, ≥ 0.
///
/// # Source
/// Segall (1996), *Psychometrika* 61, 331–354 (determinant criterion with prior).
///
/// # Accuracy
/// Equals the ratio of determinants to a relative 1e-12.
///
/// ```
/// use melek_irt::selection::d_optimal;
/// assert_eq!(d_optimal::gain(&[[2.0]], 0, 0.5), 2.0_f64.ln());
/// ```
pub fn gain<const D: usize>(covariance: &Matrix<D>, dimension: usize, information: f64) -> f64 {
    libm::log1p(information * covariance[dimension][dimension])
}
