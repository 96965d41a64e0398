//! Mantel–Haenszel: the same odds of a right answer in both groups at every level.
//!
//! χ² = (|Σ A − Σ E(A)| − ½)² / Σ Var(A) with E(A) = n_R m_1/T and Var(A) = n_R n_F m_1 m_0 / (T² (T − 1)): A right
//! answers of the n_R reference people, m_1 right and m_0 wrong answers of T people at a level (Mantel & Haenszel 1959,
//! *Journal of the National Cancer Institute* 22, 719–748; for items Holland & Thayer 1988). Delta = −2.35 ln α.

use super::adequacy::{Adequacy, LARGE_DELTA, SIGNIFICANCE};
use super::odds_ratio::OddsRatio;
use super::strata::{Fourfold, Strata};
use super::tail::chi_square_above;
use super::{Class, FairnessError};

/// Below one point of delta a difference is negligible: Dorans & Holland (1993), in Holland & Wainer, 41.
const MODERATE_DELTA: f64 = 1.0;

/// Φ⁻¹(.95): class C must exceed 1 in a one-sided test at .05 (Dorans & Holland 1993, 42).
const ONE_SIDED: f64 = 1.644_853_626_951_472_2;

/// Whether an item is harder for one of two groups than for equally able people of the other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MantelHaenszel {
    pub item: usize,
    /// With continuity correction, one degree of freedom.
    pub chi_square: f64,
    /// Probability of such a χ² or a larger one without a difference.
    pub p: f64,
    /// Common odds ratio of a right answer, reference to focal: above 1 the item favours the reference group.
    pub alpha: f64,
    /// λ = ln α, logits.
    pub lambda: f64,
    /// Variance of λ.
    pub lambda_variance: f64,
    /// −2.35 λ: below 0 the item favours the reference group, above 0 the focal one.
    pub delta: f64,
    pub delta_standard_error: f64,
    /// Size and significance together, as the Educational Testing Service has it.
    pub class: Class,
    /// The power is that of finding |delta| = 1.5.
    pub adequacy: Adequacy,
}

impl MantelHaenszel {
    /// The class by size alone: A below |delta| = 1, B below 1.5, C from there on. Among few people it is often B or C
    /// by chance.
    ///
    /// # Source
    /// Holland & Thayer (1985), ETS RR-85-43; so printed by the R package difR.
    pub fn class_by_size(&self) -> Class {
        Class::by_size(self.delta.abs(), MODERATE_DELTA, LARGE_DELTA)
    }
}

/// The Mantel–Haenszel test and its effect size on the delta scale, with class.
///
/// # Formula
/// χ² = (|Σ A − Σ n_R m_1/T| − ½)² / Σ n_R n_F m_1 m_0 / (T² (T − 1)), α = Σ (A D/T) / Σ (B C/T), λ = ln α,
/// delta = −2.35 λ; Var(λ) after Robins, Breslow & Greenland.
///
/// Class A: χ² is not significant at .05, or |delta| < 1. Class C: |delta| ≥ 1.5 and (|delta| − 1)/SE > 1.645, that is
/// |delta| is significantly above 1 at .05, one-sided. Class B: all else.
///
/// # Arguments
/// `strata`: two groups, wrong and right.
///
/// # Source
/// Holland & Thayer (1988), in Wainer & Braun, *Test Validity*, 129–145; variance Robins, Breslow & Greenland (1986),
/// *Biometrics* 42, 311–323 and Phillips & Holland (1987), *Biometrics* 43, 425–431; classes Dorans & Holland (1993),
/// in Holland & Wainer, *Differential Item Functioning*, 41–42, and Zwick (2012), ETS RR-12-08.
///
/// # Accuracy
/// Agrees with numpy to a relative 1e-10 on `tests/reference/fairness_two_groups.csv`.
///
/// # Limits
/// Blind to a difference that changes its direction between low and high levels; see [`super::breslow_day`] and
/// [`super::logistic`]. The correction is not cut off: for |Σ A − Σ E(A)| < ½ the χ² is up to ¼/Σ Var(A) instead of 0.
/// An odds ratio of 0 or infinity is an error.
///
/// ```
/// use melek_irt::fairness::{Groups, Matching, Strata, mantel_haenszel};
/// use melek_irt::responses::Responses;
/// // One level: 30 of 40 reference people are right, 20 of 40 focal people.
/// let right = |person: usize| person % 40 < [30, 20][person / 40];
/// let rows: Vec<[Option<u8>; 1]> = (0..80).map(|person| [Some(u8::from(right(person)))]).collect();
/// let groups: Vec<u16> = (0..80).map(|person| u16::from(person >= 40)).collect();
/// let responses = Responses::from_rows(1, rows)?;
/// let strata = Strata::new(&responses, &Groups::new(&groups)?, 0, Matching::Levels(&[5; 80]))?;
/// let verdict = mantel_haenszel(&strata)?;
/// assert!((verdict.alpha - 3.0).abs() < 1e-12); // (30/10) / (20/20)
/// assert!((verdict.delta + 2.35 * 3.0_f64.ln()).abs() < 1e-12); // the reference group is favoured
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn mantel_haenszel(strata: &Strata) -> Result<MantelHaenszel, FairnessError> {
    let item = strata.item();
    let levels = strata.fourfolds()?;
    let (difference, variance) = excess(&levels);
    if variance <= 0.0 {
        return Err(FairnessError::NoVariation { item });
    }
    let ratio = OddsRatio::common(&levels).ok_or(FairnessError::NoRatio { item })?;
    let corrected = difference.abs() - 0.5;
    let chi_square = corrected * corrected / variance;
    let p = chi_square_above(chi_square, 1);
    Ok(MantelHaenszel {
        item,
        chi_square,
        p,
        alpha: ratio.alpha,
        lambda: ratio.log,
        lambda_variance: ratio.variance,
        delta: ratio.delta(),
        delta_standard_error: ratio.delta_standard_error(),
        class: class(&ratio, p),
        adequacy: Adequacy::of_odds_ratio(strata, Some(&ratio)),
    })
}

/// Right answers of the reference group beyond those expected without a difference, and their variance.
fn excess(levels: &[Fourfold]) -> (f64, f64) {
    let (mut difference, mut variance) = (0.0, 0.0);
    for level in levels.iter().filter(|level| level.compares()) {
        let people = level.people();
        difference += level.reference_right - level.reference() * level.right() / people;
        variance +=
            level.reference() * level.focal() / people * (level.right() / people) * (level.wrong() / (people - 1.0));
    }
    (difference, variance)
}

fn class(ratio: &OddsRatio, p: f64) -> Class {
    let size = ratio.delta().abs();
    let exceeds_moderate = (size - MODERATE_DELTA) / ratio.delta_standard_error() > ONE_SIDED;
    match Class::by_size(size, MODERATE_DELTA, LARGE_DELTA).if_significant(p < SIGNIFICANCE) {
        Class::C if !exceeds_moderate => Class::B,
        class => class,
    }
}
