//! Minimum expected posterior variance: the item after whose answer the estimate is expected to be surest.

use crate::ability::GridPosterior;

/// Fall of the posterior variance to be expected, squared grid steps, ≥ 0. The largest fall leaves the smallest variance.
///
/// # Formula
/// Var(θ) − E_u Var(θ | u) = Var_u E(θ | u) = Σ_u P(u) (θ̄_u − θ̄)² (law of total variance)
///
/// # Arguments
/// `right`: probability of a right answer at each node of the posterior's grid.
///
/// # Source
/// van der Linden (1998), *Psychometrika* 63, 201–216, eq. 19; Owen (1975), *Journal of the American Statistical
/// Association* 70, 351–356.
///
/// # Accuracy
/// The quadrature of the grid.
///
/// # Limits
/// 0 for an item whose answer is certain.
pub fn score(right: &[f64], posterior: &GridPosterior<'_>) -> f64 {
    let (mut mean, mut chance, mut first) = (0.0, 0.0, 0.0);
    for (node, (&mass, &right)) in posterior.masses().iter().zip(right).enumerate() {
        let place = node as f64;
        mean += mass * place;
        chance += mass * right;
        first += mass * right * place;
    }
    if chance <= 0.0 || chance >= 1.0 {
        return 0.0;
    }
    let moved = first - chance * mean;
    moved * moved / (chance * (1.0 - chance))
}
