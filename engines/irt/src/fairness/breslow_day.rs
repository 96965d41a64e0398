//! Breslow–Day: the same odds ratio at every level. Where it differs, the difference depends on ability.
//!
//! At a level with n_R and n_F people and m_1 right answers, the number of right answers of the reference group that
//! the common odds ratio α expects is the root E between max(0, m_1 − n_F) and min(n_R, m_1) of E (n_F − m_1 + E) = α
//! (n_R − E)(m_1 − E); its variance is V = 1/(1/E + 1/(n_R − E) + 1/(m_1 − E) + 1/(n_F − m_1 + E)).

use super::FairnessError;
use super::adequacy::Adequacy;
use super::odds_ratio::OddsRatio;
use super::strata::{Fourfold, Strata};
use super::tail::chi_square_above;

/// Whether the difference between two groups depends on the level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BreslowDay {
    pub item: usize,
    pub chi_square: f64,
    /// Compared levels less one.
    pub degrees_of_freedom: usize,
    /// Probability of such a χ² or a larger one when the odds ratio is the same at every level.
    pub p: f64,
    /// The power is that of the Mantel–Haenszel test on the same people to find |delta| = 1.5.
    pub adequacy: Adequacy,
}

/// The Breslow–Day test that the odds ratio is the same at every level.
///
/// # Formula
/// χ² = Σ (A − E)² / V over the levels at which both groups and both answers occur; degrees of freedom: those levels
/// less one. E and V as in the head of `breslow_day.rs`, at the common odds ratio of Mantel and Haenszel.
///
/// # Arguments
/// `strata`: two groups, wrong and right.
///
/// # Source
/// Breslow & Day (1980), *Statistical Methods in Cancer Research* 1, IARC Scientific Publications 32, 142; for items
/// Penfield (2003), *Alberta Journal of Educational Research* 49, 231–243, and Aguerri et al. (2009), *Quality and
/// Quantity* 43, 35–44. Without Tarone's correction.
///
/// # Accuracy
/// Agrees with root finding by scipy to a relative 1e-9 on `tests/reference/fairness_two_groups.csv`.
///
/// # Limits
/// χ² is a good description only where most levels expect five or more of each answer in each group; take fewer,
/// broader levels ([`super::Matching::Levels`]) when people are few. One level only, or an odds ratio of 0 or infinity,
/// is an error.
///
/// ```
/// use melek_irt::fairness::{Groups, Matching, Strata, breslow_day};
/// use melek_irt::responses::Responses;
/// // Level 0: 10 of 20 and 15 of 20 are right; level 1: 15 of 20 and 10 of 20. The groups change places.
/// let right = |person: usize| person % 20 < [10, 15, 15, 10][person / 20];
/// let rows: Vec<[Option<u8>; 1]> = (0..80).map(|person| [Some(u8::from(right(person)))]).collect();
/// let groups: Vec<u16> = (0..80).map(|person| (person / 20 % 2) as u16).collect();
/// let levels: Vec<u32> = (0..80).map(|person| person / 40).collect();
/// let responses = Responses::from_rows(1, rows)?;
/// let strata = Strata::new(&responses, &Groups::new(&groups)?, 0, Matching::Levels(&levels))?;
/// let verdict = breslow_day(&strata)?;
/// assert!(verdict.p < 0.05 && verdict.degrees_of_freedom == 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn breslow_day(strata: &Strata) -> Result<BreslowDay, FairnessError> {
    let item = strata.item();
    let levels: Vec<Fourfold> = strata.fourfolds()?.into_iter().filter(Fourfold::compares).collect();
    if levels.is_empty() {
        return Err(FairnessError::NoVariation { item });
    }
    let ratio = OddsRatio::common(&levels).ok_or(FairnessError::NoRatio { item })?;
    if levels.len() == 1 {
        return Err(FairnessError::OneLevel { item });
    }
    let term = |level: &Fourfold| {
        let expected = expected_right(level, ratio.alpha);
        let difference = level.reference_right - expected;
        let cells = [
            expected,
            level.reference() - expected,
            level.right() - expected,
            level.focal() - level.right() + expected,
        ];
        difference * difference * cells.iter().map(|cell| 1.0 / cell).sum::<f64>()
    };
    let chi_square = levels.iter().map(term).sum();
    let degrees_of_freedom = levels.len() - 1;
    Ok(BreslowDay {
        item,
        chi_square,
        degrees_of_freedom,
        p: chi_square_above(chi_square, degrees_of_freedom),
        adequacy: Adequacy::of_odds_ratio(strata, Some(&ratio)),
    })
}

/// Right answers of the reference group expected under an odds ratio: the root of (α − 1) E² − b E + α n_R m_1 = 0 with
/// b = α (n_R + m_1) + n_F − m_1 that lies between the margins, written so that α = 1 is no exception and nothing
/// cancels.
fn expected_right(level: &Fourfold, alpha: f64) -> f64 {
    let (reference, right) = (level.reference(), level.right());
    let b = alpha * (reference + right) + level.focal() - right;
    let root = (b * b - 4.0 * alpha * (alpha - 1.0) * reference * right).max(0.0).sqrt();
    if b >= 0.0 { 2.0 * alpha * reference * right / (b + root) } else { (b - root) / (2.0 * (alpha - 1.0)) }
}
