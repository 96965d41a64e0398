//! Standardisation: the difference between the groups' shares of right answers, averaged over levels.
//!
//! P-DIF = Σ w (P_F − P_R) / Σ w over the levels with people of both groups; w people of the focal group, so that it
//! reads: by so much the focal group's share of right answers differs from what equally able reference people have
//! (Dorans & Kulick 1986, *Journal of Educational Measurement* 23, 355–368).

use super::adequacy::Adequacy;
use super::odds_ratio::OddsRatio;
use super::strata::{Fourfold, Strata};
use super::{Class, FairnessError};

/// |P-DIF| from which an item should be looked at, and from which it is unusual: Dorans & Kulick (1986); Dorans,
/// Schmitt & Bleistein (1992), *Journal of Educational Measurement* 29, 309–319.
const MODERATE: f64 = 0.05;
const LARGE: f64 = 0.10;

/// Whose distribution over the levels the difference is averaged with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Weight {
    #[default]
    Focal,
    Reference,
    /// Both groups; only so does exchanging the groups just change the sign.
    Total,
}

/// The standardised difference of an item.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standardisation {
    pub item: usize,
    /// −1 … 1: below 0 the focal group is right less often than equally able reference people.
    pub p_dif: f64,
    pub standard_error: f64,
    /// A below |P-DIF| = .05, B below .10, C from there on; significance plays no part.
    pub class: Class,
    /// The power is that of the Mantel–Haenszel test on the same people to find |delta| = 1.5.
    pub adequacy: Adequacy,
}

/// The standardised difference of the shares of right answers.
///
/// # Formula
/// Σ w (P_F − P_R) / Σ w, with standard error √(Σ w² (P_F (1 − P_F)/n_F + P_R (1 − P_R)/n_R)) / Σ w
///
/// # Arguments
/// `strata`: two groups, wrong and right. `weight`: the focal group, unless there is a reason.
///
/// # Source
/// Dorans & Kulick (1986), *Journal of Educational Measurement* 23, 355–368; standard error of stratified proportions:
/// Cochran (1977), *Sampling Techniques*, ch. 5; classes Dorans, Schmitt & Bleistein (1992), *Journal of
/// Educational Measurement* 29, 309–319.
///
/// # Accuracy
/// Agrees with numpy to 1e-12 on `tests/reference/fairness_two_groups.csv`.
///
/// # Limits
/// Levels at which one group is missing are left out. The standard error is too small where levels are thin: one
/// person's answer has an estimated variance of 0.
///
/// ```
/// use melek_irt::fairness::{Class, Groups, Matching, Strata, Weight, standardisation};
/// use melek_irt::responses::Responses;
/// // One level: 30 of 40 reference people are right, 28 of 40 focal people.
/// let right = |person: usize| person % 40 < [30, 28][person / 40];
/// let rows: Vec<[Option<u8>; 1]> = (0..80).map(|person| [Some(u8::from(right(person)))]).collect();
/// let groups: Vec<u16> = (0..80).map(|person| u16::from(person >= 40)).collect();
/// let responses = Responses::from_rows(1, rows)?;
/// let strata = Strata::new(&responses, &Groups::new(&groups)?, 0, Matching::Levels(&[5; 80]))?;
/// let verdict = standardisation(&strata, Weight::Focal)?;
/// assert!((verdict.p_dif + 0.05).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn standardisation(strata: &Strata, weight: Weight) -> Result<Standardisation, FairnessError> {
    let levels = strata.fourfolds()?;
    let (mut sum, mut variance, mut weights) = (0.0, 0.0, 0.0);
    for level in levels.iter().filter(|level| level.reference() > 0.0 && level.focal() > 0.0) {
        let w = people(level, weight);
        let (focal, reference) = (level.focal_right / level.focal(), level.reference_right / level.reference());
        let spread = focal * (1.0 - focal) / level.focal() + reference * (1.0 - reference) / level.reference();
        sum += w * (focal - reference);
        variance += w * w * spread;
        weights += w;
    }
    let p_dif = sum / weights;
    Ok(Standardisation {
        item: strata.item(),
        p_dif,
        standard_error: variance.sqrt() / weights,
        class: Class::by_size(p_dif.abs(), MODERATE, LARGE),
        adequacy: Adequacy::of_odds_ratio(strata, OddsRatio::common(&levels).as_ref()),
    })
}

fn people(level: &Fourfold, weight: Weight) -> f64 {
    match weight {
        Weight::Focal => level.focal(),
        Weight::Reference => level.reference(),
        Weight::Total => level.people(),
    }
}
