//! Progressive choice: chance at the start, information at the end.

use rand::Rng;

use crate::numeric::random;

/// Score of each candidate, per squared logit.
///
/// # Formula
/// (1 − s) R + s I(θ̂), with R uniform on 0 … the largest information among the candidates
///
/// # Arguments
/// - `candidates`: positions. `information` of each at the estimate.
/// - `share` s of the test that is behind, 0 … 1. `rng`: one word a candidate.
///
/// # Source
/// Revuelta & Ponsoda (1998), *Journal of Educational Measurement* 35, 311–327.
pub fn scores<R: Rng + ?Sized>(
    candidates: &[usize],
    information: impl Fn(usize) -> f64,
    share: f64,
    rng: &mut R,
) -> Vec<f64> {
    let informations: Vec<f64> = candidates.iter().map(|&position| information(position)).collect();
    let largest = informations.iter().copied().fold(0.0, f64::max);
    informations.iter().map(|own| (1.0 - share) * largest * random::uniform(rng) + share * own).collect()
}
