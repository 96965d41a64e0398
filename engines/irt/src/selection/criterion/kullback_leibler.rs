//! Kullback–Leibler information: how well an answer tells the estimate from every other ability the person may have.

use crate::model::Item;

/// Posterior mean of the Kullback–Leibler divergence of the answer at the estimate from the answer at each ability, nats.
///
/// # Formula
/// Σ_q mass_q · (P̂ ln(P̂/P_q) + (1 − P̂) ln((1 − P̂)/(1 − P_q))), with P̂ = P(θ̂) and P_q = P(θ_q)
///
/// # Arguments
/// - `logarithms`: ln P_q and ln(1 − P_q) at each node. `masses`: the posterior on the same nodes.
/// - `theta`: the estimate θ̂, logits.
///
/// # Source
/// Chang & Ying (1996), *Applied Psychological Measurement* 20, 213–229, with the posterior as weight.
///
/// # Accuracy
/// The quadrature of the grid.
///
/// # Limits
/// Nodes where an answer has probability 0 or 1 are left out.
pub fn score(item: &Item, logarithms: &[[f64; 2]], masses: &[f64], theta: f64) -> f64 {
    let here = [item.likelihood(theta, true), item.likelihood(theta, false)];
    let (mut covered, mut elsewhere) = (0.0, 0.0);
    for ([right, wrong], mass) in logarithms.iter().zip(masses) {
        if right.is_finite() && wrong.is_finite() {
            covered += mass;
            elsewhere += mass * (here[0] * right + here[1] * wrong);
        }
    }
    let own = |probability: f64| if probability > 0.0 { probability * libm::log(probability) } else { 0.0 };
    covered * (own(here[0]) + own(here[1])) - elsewhere
}
