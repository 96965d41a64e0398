//! Generalised Mantel–Haenszel: several groups at once, wrong and right.
//!
//! With a the right answers of each focal group, e = Σ n_g m_1/T their expectation and
//! V = Σ m_1 m_0 / (T² (T − 1)) (T diag(n) − n nᵀ): χ² = (a − e)ᵀ V⁻¹ (a − e) (Somes 1986, *American Statistician* 40,
//! 106–108; for items Penfield 2001).

use super::FairnessError;
use super::adequacy::Adequacy;
use super::strata::Strata;
use super::tail::chi_square_above;
use crate::numeric::symmetric::Symmetric;

/// Whether any of several groups is treated differently.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GeneralisedMantelHaenszel {
    pub item: usize,
    pub chi_square: f64,
    /// Groups less one.
    pub degrees_of_freedom: usize,
    pub p: f64,
    /// Sizes only: the power depends on which groups differ; see the Mantel–Haenszel test of a pair.
    pub adequacy: Adequacy,
}

/// The Mantel–Haenszel test of several groups at once: are the odds of a right answer the same in all of them at every
/// level?
///
/// # Formula
/// χ² = (a − e)ᵀ V⁻¹ (a − e), degrees of freedom: groups less one; no continuity correction. Which group serves as
/// reference does not matter.
///
/// # Arguments
/// `strata`: two or more groups, wrong and right.
///
/// # Source
/// Somes (1986), *American Statistician* 40, 106–108; for items Penfield (2001), *Applied Measurement in Education* 14,
/// 235–259.
///
/// # Accuracy
/// Agrees with numpy to a relative 1e-9 on `tests/reference/fairness_many_groups.csv`; for two groups it is the
/// Mantel–Haenszel χ² without correction.
///
/// # Limits
/// Says that groups differ, not which: compare pairs afterwards. A group that shares no level with others, or only such
/// where all answers are alike, is an error.
///
/// ```
/// use melek_irt::fairness::{Groups, Matching, Strata, generalised_mantel_haenszel};
/// use melek_irt::responses::Responses;
/// // One level, three groups of 20 with 10, 10 and 16 right answers.
/// let right = |person: usize| person % 20 < [10, 10, 16][person / 20];
/// let rows: Vec<[Option<u8>; 1]> = (0..60).map(|person| [Some(u8::from(right(person)))]).collect();
/// let groups: Vec<u16> = (0..60).map(|person| (person / 20) as u16).collect();
/// let responses = Responses::from_rows(1, rows)?;
/// let strata = Strata::new(&responses, &Groups::new(&groups)?, 0, Matching::Levels(&[0; 60]))?;
/// let verdict = generalised_mantel_haenszel(&strata)?;
/// assert!((verdict.chi_square - 5.0 * 59.0 / 60.0).abs() < 1e-12); // Pearson's χ² times (T − 1)/T
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn generalised_mantel_haenszel(strata: &Strata) -> Result<GeneralisedMantelHaenszel, FairnessError> {
    strata.require_two_categories()?;
    let item = strata.item();
    let focal = strata.people().len() - 1;
    let mut excess = vec![0.0; focal];
    let mut covariance = Symmetric::zeros(focal);
    for groups in strata.by_group() {
        let people: Vec<f64> = groups.iter().map(|own| own.iter().sum::<u64>() as f64).collect();
        let all: f64 = people.iter().sum();
        let right: f64 = groups.iter().map(|own| own[1] as f64).sum();
        if all < 2.0 {
            continue;
        }
        let scale = right * (all - right) / (all * all * (all - 1.0));
        for row in 0..focal {
            excess[row] += groups[row + 1][1] as f64 - people[row + 1] * right / all;
            for column in 0..=row {
                let own = if row == column { all * people[row + 1] } else { 0.0 };
                covariance.add(row, column, scale * (own - people[row + 1] * people[column + 1]));
            }
        }
    }
    let factor = covariance.factor().map_err(|_| FairnessError::NoVariation { item })?;
    let mut half = excess;
    factor.solve_lower(&mut half);
    let chi_square = half.iter().map(|value| value * value).sum();
    Ok(GeneralisedMantelHaenszel {
        item,
        chi_square,
        degrees_of_freedom: focal,
        p: chi_square_above(chi_square, focal),
        adequacy: Adequacy::of(strata),
    })
}
