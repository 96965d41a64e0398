//! Whether two items have more in common than ability: the chi-square of their two-way table, LD-X².
//!
//! X²_ij = Σ_k Σ_l (O_kl − E_kl)² / E_kl, E_kl = N_ij Σ_q w_q P_i(k | θ_q) P_j(l | θ_q), over the people who answered both.
//! Unlike Q3 it needs no estimate of ability.

use super::chi_square::probability_above;
use super::fitted::{FitError, Fitted};
use super::pair_counts::PairCounts;
use crate::numeric::symmetric::inner;

/// The table of two items beside the model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairFit {
    pub lower: usize,
    pub higher: usize,
    /// ≥ 0.
    pub statistic: f64,
    pub degrees_of_freedom: usize,
    /// Chance of so large a statistic if it were chi-square; see the limits of [`local_dependence`].
    pub p_value: f64,
    /// (X² − ν)/√(2ν), negative when the scores go together less than the model says; beyond 10 two items are usually
    /// looked at together.
    pub signed: f64,
}

/// LD-X² of all pairs of items that somebody answered both of, by higher item and then lower item.
///
/// # Formula
/// Σ_k Σ_l (O_kl − E_kl)² / E_kl; see the head of this file. With several groups expected counts are summed over them.
///
/// # Arguments
/// Any number of people; expected counts below 5 make the statistic erratic.
///
/// # Source
/// Chen & Thissen (1997), *Journal of Educational and Behavioral Statistics* 22, 265–289; standardized as in Cai,
/// Thissen & du Toit (2011), *IRTPRO*.
///
/// # Accuracy
/// Rounding: the tests count the tables by hand.
///
/// # Limits
/// Degrees of freedom are those of a table with fitted margins, (K_i − 1)(K_j − 1), although margins are not fitted
/// exactly: Chen & Thissen find the statistic smaller than its chi-square.
///
/// ```
/// use std::ops::ControlFlow;
/// use melek_irt::calibration::{Model, Options, Specification, calibrate};
/// use melek_irt::fit::{Fitted, local_dependence};
/// use melek_irt::responses::Responses;
/// // The last two of five items are answered alike.
/// let rows = (0_u8..160).map(|n| [n & 1, n >> 1 & 1, n >> 2 & 1, n >> 3 & 1, n >> 3 & 1].map(Some));
/// let responses = Responses::from_rows(5, rows.chain((0..20).map(|n| [Some(n % 2); 5])))?;
/// let specification = Specification::uniform(Model::Rasch, 5);
/// let calibration =
///     calibrate(&responses, &specification, &Options::default(), &mut |_| ControlFlow::Continue(()))?;
/// let pairs = local_dependence(&Fitted::new(&responses, &specification, &calibration)?)?;
/// assert!(pairs.iter().all(|pair| (pair.signed > 10.0) == ((pair.lower, pair.higher) == (3, 4))));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn local_dependence(fitted: &Fitted<'_>) -> Result<Vec<PairFit>, FitError> {
    let counts = PairCounts::new(fitted);
    if let Some(group) = counts.iter().position(|counts| counts.persons == 0.0) {
        return Err(FitError::NoAnswers { group });
    }
    let items: Vec<Vec<Vec<f64>>> = (0..fitted.functions.len()).map(|item| fitted.probabilities(item)).collect();
    let mut found = Vec::new();
    for higher in 0..items.len() {
        for lower in 0..higher {
            found.extend(pair(fitted, &counts, &items, (lower, higher)));
        }
    }
    Ok(found)
}

fn pair(
    fitted: &Fitted<'_>,
    counts: &[PairCounts],
    items: &[Vec<Vec<f64>>],
    (lower, higher): (usize, usize),
) -> Option<PairFit> {
    let (rows, columns) = (&items[lower], &items[higher]);
    let cells = rows.len() * columns.len();
    let (mut observed, mut expected, mut people) = (vec![0.0; cells], vec![0.0; cells], 0.0);
    for (weights, group) in fitted.weights.iter().zip(counts) {
        let own = group.pair(lower, higher);
        let answered = f64::from(own.iter().sum::<u32>());
        people += answered;
        for cell in 0..cells {
            let (row, column) = (&rows[cell / columns.len()], &columns[cell % columns.len()]);
            let weighted: Vec<f64> = row.iter().zip(weights).map(|(p, weight)| p * weight).collect();
            observed[cell] += f64::from(own[cell]);
            expected[cell] += answered * inner(&weighted, column);
        }
    }
    if people == 0.0 {
        return None;
    }
    let terms = observed.iter().zip(&expected).filter(|(_, expected)| **expected > 0.0);
    let statistic: f64 = terms.map(|(o, e)| (o - e) * (o - e) / e).sum();
    let degrees_of_freedom = (rows.len() - 1) * (columns.len() - 1);
    let degrees = degrees_of_freedom as f64;
    let excess = (statistic - degrees) / (2.0 * degrees).sqrt();
    let together = covariance(&observed, columns.len(), people) >= covariance(&expected, columns.len(), people);
    Some(PairFit {
        lower,
        higher,
        statistic,
        degrees_of_freedom,
        p_value: probability_above(statistic, degrees_of_freedom),
        signed: if together { excess } else { -excess.abs() },
    })
}

/// Covariance of the scores in a table.
fn covariance(table: &[f64], columns: usize, people: f64) -> f64 {
    let mean = |value: fn(f64, f64) -> f64| {
        let one = |(cell, count): (usize, &f64)| count * value((cell / columns) as f64, (cell % columns) as f64);
        table.iter().enumerate().map(one).sum::<f64>() / people
    };
    mean(|row, column| row * column) - mean(|row, _| row) * mean(|_, column| column)
}
