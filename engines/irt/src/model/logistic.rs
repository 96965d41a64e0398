//! Two categories, wrong and right: the logistic curve between a lower and an upper asymptote.
//!
//! P(right) = c + (d − c) / (1 + exp(−(u + b))) with u the predictor a·θ and b the intercept. With c = 0 and d = 1 it is
//! the two-parameter model (one-parameter or Rasch with a = 1), with d = 1 the three-parameter model of Birnbaum (1968),
//! with both free the four-parameter model of Barton & Lord (1981), ETS RR-81-20. D = 1.

use super::derivatives::Derivatives;

/// 1 / (1 + e^−x) and 1 / (1 + e^x) from one exponential.
pub(super) fn both_sides(x: f64) -> (f64, f64) {
    let small = libm::exp(-x.abs());
    let large = 1.0 / (1.0 + small);
    if x < 0.0 { (small * large, large) } else { (large, small * large) }
}

/// Probabilities of wrong and right; the wrong one keeps its precision where right is nearly certain.
pub(super) fn probabilities([intercept, lower, upper]: [f64; 3], predictor: f64, out: &mut [f64]) {
    let (rising, falling) = both_sides(predictor + intercept);
    out[0] = (1.0 - upper) + (upper - lower) * falling;
    out[1] = lower + (upper - lower) * rising;
}

/// Own parameters in the order intercept, lower, upper.
pub(super) fn derivatives([intercept, lower, upper]: [f64; 3], predictor: f64, out: &mut Derivatives) {
    let (rising, falling) = both_sides(predictor + intercept);
    out.probability[0] = (1.0 - upper) + (upper - lower) * falling;
    out.probability[1] = lower + (upper - lower) * rising;
    let slope = (upper - lower) * rising * falling;
    for (category, sign) in [(0, -1.0), (1, 1.0)] {
        out.by_predictor[category] = sign * slope;
        out.by_own(category).copy_from_slice(&[sign * slope, sign * falling, sign * rising]);
    }
}
