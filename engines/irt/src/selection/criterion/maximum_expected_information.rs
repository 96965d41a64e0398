//! Maximum expected information: the item that is expected to be most informative at the estimate after its answer.

use crate::ability::GridPosterior;
use crate::model::Item;

/// Information expected at the next estimate, per squared logit.
///
/// # Formula
/// Σ_u P(u | answers) · I(θ̂_u), with θ̂_u the posterior mean after answer u
///
/// # Arguments
/// `answers`: likelihood of a right and of a wrong answer at each node of the posterior's grid.
///
/// # Source
/// van der Linden (1998), *Psychometrika* 63, 201–216, eq. 16, with Fisher information.
///
/// # Accuracy
/// The quadrature of the grid.
pub fn score(item: &Item, answers: [&[f64]; 2], posterior: &GridPosterior<'_>) -> f64 {
    let expected = answers.map(|likelihood| {
        let mut chance = 0.0;
        for (mass, likelihood) in posterior.masses().iter().zip(likelihood) {
            chance += mass * likelihood;
        }
        let mut after = posterior.clone();
        after.update(likelihood);
        chance * item.information(after.estimate().mean)
    });
    expected[0] + expected[1]
}
