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

/// At least [`gain`], without a logarithm: ln(1 + x) ≤ x (6 + x)/(6 + 4x) for x ≥ 0 (Topsøe 2007, in *Inequality Theory and
/// Applications* 4, eq. 22); within 1 % up to x = 1.
pub(super) fn bound<const D: usize>(covariance: &Matrix<D>, dimension: usize, information: f64) -> f64 {
    let x = information * covariance[dimension][dimension];
    x * (6.0 + x) / (6.0 + 4.0 * x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_is_never_below_the_gain_and_near_it() {
        for step in 0..4_000 {
            let information = 0.005 * f64::from(step);
            let (gain, bound) = (gain(&[[1.0]], 0, information), bound(&[[1.0]], 0, information));
            assert!(bound >= gain * (1.0 - 1e-15), "{information}");
            assert!(information > 1.0 || bound <= 1.011 * gain, "{information}");
        }
    }
}
