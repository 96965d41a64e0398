//! ω: whether one person's answers agree with another's more often than the first one's ability explains.
//!
//! ω = (h − Σ P_j) / √(Σ P_j (1 − P_j)), h the number of items on which copier and source agree, P_j the chance that the
//! copier gives the source's answer to item j at the copier's ability. Source: Wollack (1997), *Applied Psychological
//! Measurement* 21, 307–320, with nominal options; where only right and wrong are kept they are the two options.

use super::match_distribution::{match_distribution, tail};
use super::pair::{Examinee, Prepared, SimilarityError, SimilarityTest};
use crate::numeric::normal;

/// ω with what it is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Omega {
    /// Items both were given.
    pub common: usize,
    /// Of these, answered alike.
    pub matches: usize,
    /// Agreements expected of the copier's ability.
    pub expected: f64,
    /// Standard normal, nearly, when nobody copied.
    pub omega: f64,
    /// Chance of an ω at least as large by the normal law, 0 … 1.
    pub p_value: f64,
    /// Chance of at least as many agreements by the exact law, 0 … 1.
    pub exact_p_value: f64,
}

/// ω of a supposed copier against a supposed source.
///
/// # Formula
/// ω = (h − Σ P_j) / √(Σ P_j (1 − P_j)), p = 1 − Φ(ω); exact p = P(M ≥ h) with M a sum of independent trials P_j.
///
/// # Arguments
/// - `test`: response functions, fewest common items.
/// - `copier`, `source`: answers by item, abilities in logits.
///
/// # Source
/// Wollack (1997), *Applied Psychological Measurement* 21, 307–320; the exact law by the recursion of Lord & Wingersky
/// (1984), *Applied Psychological Measurement* 8, 453–461.
///
/// # Accuracy
/// Agrees with scipy to a relative 1e-10 on `tests/reference/similarity_pairs.csv`.
///
/// # Limits
/// The source's answers count as fixed, so ω is not symmetric. The normal law is off far in the tail and with few items:
/// use the exact p-value there. An ability estimated from copied answers is too high and hides copying. One that does
/// not belong to the answers makes an innocent pair look alike: estimate it from the same answers. Fewer common
/// items than the minimum and answers that are all certain are errors.
///
/// ```
/// use melek_irt::model::ResponseFunction;
/// use melek_irt::responses::Response;
/// use melek_irt::similarity::{Examinee, SimilarityTest, omega};
/// let items = vec![ResponseFunction::two_parameter(1.0, 0.0)?; 20];
/// let answers: Vec<Response> = (0..20).map(|item| Response { item, category: (item % 2) as u8 }).collect();
/// let person = Examinee { answers: &answers, ability: &[0.0] };
/// let omega = omega(&SimilarityTest { items: &items, minimum_common: 10 }, &person, &person)?;
/// assert_eq!((omega.common, omega.matches, omega.expected), (20, 20, 10.0));
/// assert!((omega.exact_p_value - 0.5_f64.powi(20)).abs() < 1e-18);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn omega(test: &SimilarityTest, copier: &Examinee, source: &Examinee) -> Result<Omega, SimilarityError> {
    of(&Prepared::new(test.items, copier)?, &Prepared::new(test.items, source)?, test.minimum_common)
}

pub(super) fn of(copier: &Prepared, source: &Prepared, minimum: usize) -> Result<Omega, SimilarityError> {
    let common = copier.common(source, minimum)?;
    let theirs = |second: usize| usize::from(source.answers[second].category);
    let chances: Vec<f64> = common.iter().map(|one| copier.categories(one.first)[theirs(one.second)]).collect();
    let variance: f64 = chances.iter().map(|chance| chance * (1.0 - chance)).sum();
    if variance <= 0.0 {
        return Err(SimilarityError::Certain);
    }
    let matches = common.iter().filter(|one| one.agree).count();
    let expected: f64 = chances.iter().sum();
    let omega = (matches as f64 - expected) / variance.sqrt();
    Ok(Omega {
        common: common.len(),
        matches,
        expected,
        omega,
        p_value: normal::probability_below(-omega),
        exact_p_value: tail(&match_distribution(&chances)?, matches),
    })
}
