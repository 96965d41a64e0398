//! Random draws for simulated people, from raw words of a seeded generator.

use rand::Rng;

/// 0 ≤ u < 1.
pub fn uniform(rng: &mut impl Rng) -> f64 {
    (rng.next_u64() >> 11) as f64 / 9_007_199_254_740_992.0
}

/// Standard normal, by Box & Muller (1958).
pub fn standard_normal(rng: &mut impl Rng) -> f64 {
    let radius = (-2.0 * (1.0 - uniform(rng)).ln()).sqrt();
    radius * (core::f64::consts::TAU * uniform(rng)).cos()
}
