//! Posterior-weighted information: the item that is most informative on average over the abilities the person may have. While
//! the estimate is rough it prefers items that tell something over a wide range and leaves the sharp ones for later.

/// Posterior mean of the Fisher information, per squared logit.
///
/// # Formula
/// Σ_q mass_q · I(θ_q)
///
/// # Arguments
/// `information`: I(θ_q) at each node. `masses`: the posterior on the same nodes.
///
/// # Source
/// van der Linden (1998), *Psychometrika* 63, 201–216, eq. 12.
///
/// # Accuracy
/// The quadrature of the grid.
pub fn score(information: &[f64], masses: &[f64]) -> f64 {
    let mut score = 0.0;
    for (information, mass) in information.iter().zip(masses) {
        score += information * mass;
    }
    score
}
