//! Ability and speed of one person together: moments of their posterior.
//!
//! Ability θ runs over a grid; given θ, speed is normal, so nothing is lost in its direction. With (θ, τ) bivariate
//! normal, τ | θ ~ N(μ_τ + c (θ − μ_θ), s²), c = ρ σ_τ/σ_θ, s² = σ_τ² (1 − ρ²). Times with precision A = Σ α² and
//! estimate τ̂ weigh θ by N(τ̂; μ_τ + c (θ − μ_θ), s² + 1/A). Source: van der Linden (2007), *Psychometrika* 72, 287–308;
//! van der Linden, Klein Entink & Fox (2010), *Applied Psychological Measurement* 34, 327–347.

use core::f64::consts::PI;

use super::ability_grid::Weights;
use super::population::Population;
use super::speed::Sums;

/// Means, variances and covariance of a person's ability and speed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Moments {
    pub(super) ability: f64,
    pub(super) speed: f64,
    pub(super) ability_variance: f64,
    pub(super) speed_variance: f64,
    pub(super) covariance: f64,
    /// ln ∫ L(θ) f(τ̂ | θ) φ(θ) dθ: the person's share of the log likelihood, without terms that no population changes.
    pub(super) log_marginal: f64,
}

/// Posterior moments of a person with the given log likelihood of answers over even `points` and the given times.
pub(super) fn moments(population: &Population, points: &[f64], log_likelihood: &[f64], times: &Sums) -> Moments {
    let slope = population.correlation * population.speed_deviation / population.ability_deviation;
    let spread = population.speed_deviation * population.speed_deviation;
    let spread = spread * (1.0 - population.correlation * population.correlation);
    let variance = 1.0 / (1.0 / spread + times.precision);
    let expected = |point: f64| population.speed_mean + slope * (point - population.ability_mean);
    let weights = weights(population, points, log_likelihood, times);
    let total: f64 = weights.relative.iter().sum();
    let mean = |of: &dyn Fn(f64) -> f64| {
        weights.relative.iter().zip(points).map(|(weight, point)| weight * of(*point)).sum::<f64>() / total
    };
    let speed_at = |point: f64| variance * (expected(point) / spread + times.weighted);
    let (ability, speed) = (mean(&|point| point), mean(&speed_at));
    let step = (points[points.len() - 1] - points[0]) / (points.len() - 1) as f64;
    Moments {
        ability,
        speed,
        ability_variance: mean(&|point| (point - ability) * (point - ability)),
        speed_variance: variance + mean(&|point| (speed_at(point) - speed) * (speed_at(point) - speed)),
        covariance: mean(&|point| (point - ability) * (speed_at(point) - speed)),
        log_marginal: weights.divisor + libm::log(total * step),
    }
}

/// Likelihood of answers × density of τ̂ × density of ability at every point.
fn weights(population: &Population, points: &[f64], log_likelihood: &[f64], times: &Sums) -> Weights {
    let slope = population.correlation * population.speed_deviation / population.ability_deviation;
    let spread = population.speed_deviation * population.speed_deviation;
    let spread = spread * (1.0 - population.correlation * population.correlation);
    let has_times = times.precision > 0.0;
    let (observed, variance) =
        if has_times { (times.weighted / times.precision, spread + 1.0 / times.precision) } else { (0.0, 1.0) };
    let exponent = |point: f64| {
        let z = (point - population.ability_mean) / population.ability_deviation;
        let distance = observed - population.speed_mean - slope * (point - population.ability_mean);
        let of_times = if has_times { distance * distance / variance } else { 0.0 };
        -0.5 * (z * z + of_times)
    };
    let of_times = if has_times { -0.5 * libm::log(2.0 * PI * variance) } else { 0.0 };
    let constant = -0.5 * libm::log(2.0 * PI) - libm::log(population.ability_deviation) + of_times;
    let logarithm = |(point, of_answers): (&f64, &f64)| exponent(*point) + of_answers + constant;
    Weights::of(&points.iter().zip(log_likelihood).map(logarithm).collect::<Vec<_>>())
}
