//! The number of successes in independent trials whose chances differ: the generalised (Poisson) binomial distribution.
//!
//! f_n(m) = (1 − p_n) f_(n−1)(m) + p_n f_(n−1)(m − 1), f_0(0) = 1. Source: Lord & Wingersky (1984), *Applied
//! Psychological Measurement* 8, 453–461; van der Linden & Sotaridona (2006), *Journal of Educational and Behavioral
//! Statistics* 31, 283–304.

/// Chances that are none. Trials count from 0.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum MatchDistributionError {
    #[error("chance {probability} of trial {trial} is outside 0 … 1")]
    Probability { trial: usize, probability: f64 },
}

/// Probabilities of 0, 1, …, n successes; they sum to 1.
///
/// # Formula
/// f_n(m) = (1 − p_n) f_(n−1)(m) + p_n f_(n−1)(m − 1)
///
/// # Arguments
/// `probabilities`: of n independent trials, each 0 … 1.
///
/// # Source
/// Lord & Wingersky (1984), *Applied Psychological Measurement* 8, 453–461; van der Linden & Sotaridona (2006), *Journal
/// of Educational and Behavioral Statistics* 31, 283–304.
///
/// # Accuracy
/// Only sums of terms ≥ 0, so even the smallest probability keeps its relative precision: 1e-13 against exact fractions
/// on `tests/reference/similarity_distribution.csv`.
///
/// # Limits
/// No trials give probability 1 of 0. The work grows with the square of n.
///
/// ```
/// use melek_irt::similarity::match_distribution;
/// assert_eq!(match_distribution(&[0.5, 0.5])?, [0.25, 0.5, 0.25]);
/// # Ok::<(), melek_irt::similarity::MatchDistributionError>(())
/// ```
pub fn match_distribution(probabilities: &[f64]) -> Result<Vec<f64>, MatchDistributionError> {
    let mut distribution = Vec::with_capacity(probabilities.len() + 1);
    distribution.push(1.0);
    for (trial, &probability) in probabilities.iter().enumerate() {
        if !(0.0..=1.0).contains(&probability) {
            return Err(MatchDistributionError::Probability { trial, probability });
        }
        distribution.push(0.0);
        for matches in (1..distribution.len()).rev() {
            distribution[matches] =
                (1.0 - probability) * distribution[matches] + probability * distribution[matches - 1];
        }
        distribution[0] *= 1.0 - probability;
    }
    Ok(distribution)
}

/// Chance of at least `matches` successes, 0 … 1; summed from the small end.
pub(super) fn tail(distribution: &[f64], matches: usize) -> f64 {
    distribution.iter().skip(matches).rev().sum::<f64>().min(1.0)
}
