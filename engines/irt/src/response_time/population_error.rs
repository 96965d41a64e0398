//! Standard error of the correlation of ability and speed.
//!
//! A person's score is the expected complete-data score (Fisher's identity; Louis 1982, *Journal of the Royal
//! Statistical Society B* 44, 226–233): for μ it is Σ⁻¹ (m − μ); for Σ with M = E (x − μ)(x − μ)ᵀ it is
//! G = ½ Σ⁻¹ (M − Σ) Σ⁻¹, the off-diagonal element counted twice. The sum of outer products estimates the information of
//! (μ_θ, μ_τ, v_θ, v_τ, c); ρ = c/√(v_θ v_τ) by the delta method.

use super::joint_moments::Moments;
use super::population::{JointError, Population};
use crate::numeric::cholesky::{Matrix, factor, inverse, product};

pub(super) fn correlation_error(population: &Population, moments: &[Moments]) -> Result<f64, JointError> {
    let mut information: Matrix<5> = [[0.0; 5]; 5];
    for one in moments {
        let score = score(population, one);
        for (row, left) in information.iter_mut().zip(score) {
            for (cell, right) in row.iter_mut().zip(score) {
                *cell += left * right;
            }
        }
    }
    let covariance = inverse(&factor(&information).map_err(|parameter| JointError::Flat { parameter })?);
    let (ability, speed) = (population.ability_deviation, population.speed_deviation);
    let half = -0.5 * population.correlation;
    let gradient = [0.0, 0.0, half / (ability * ability), half / (speed * speed), 1.0 / (ability * speed)];
    let variance: f64 = product(&covariance, &gradient).iter().zip(gradient).map(|(a, b)| a * b).sum();
    Ok(variance.sqrt())
}

fn score(population: &Population, one: &Moments) -> [f64; 5] {
    let (ability, speed) = (population.ability_deviation, population.speed_deviation);
    let (a, b, c) = (ability * ability, speed * speed, population.correlation * ability * speed);
    let determinant = a * b - c * c;
    // Σ⁻¹ = [[p, r], [r, q]].
    let (p, q, r) = (b / determinant, a / determinant, -c / determinant);
    let (x, y) = (one.ability - population.ability_mean, one.speed - population.speed_mean);
    let (u, v) = (one.ability_variance + x * x - a, one.speed_variance + y * y - b);
    let w = one.covariance + x * y - c;
    [
        p * x + r * y,
        r * x + q * y,
        0.5 * (p * p * u + 2.0 * p * r * w + r * r * v),
        0.5 * (r * r * u + 2.0 * r * q * w + q * q * v),
        p * r * u + (p * q + r * r) * w + r * q * v,
    ]
}
