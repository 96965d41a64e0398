//! Mantel's test for ordered categories: the same mean score in both groups at every level.
//!
//! χ² = (Σ F − Σ E(F))² / Σ Var(F) with F the sum of the focal group's scores at a level, E(F) = n_F/T Σ y n_y and
//! Var(F) = n_R n_F / (T² (T − 1)) (T Σ y² n_y − (Σ y n_y)²) (Mantel 1963, *Journal of the American Statistical
//! Association* 58, 690–700; for items Zwick, Donoghue & Grima 1993). Size: the standardised mean difference of Dorans
//! & Schmitt (1991), ETS RR-91-47, with the standard error of Zwick & Thayer (1996) under no difference.

use super::adequacy::{Adequacy, SIGNIFICANCE};
use super::moments::Moments;
use super::strata::Strata;
use super::tail::chi_square_above;
use super::{Class, FairnessError};

/// |SMD|/SD of a moderate and a large difference (classes AA, BB, CC of the National Assessment of Educational
/// Progress): Zwick, Thayer & Mazzeo (1997), *Applied Measurement in Education* 10, 321–344.
const MODERATE: f64 = 0.17;
const LARGE: f64 = 0.25;

/// Whether an item of several ordered categories is harder for one of two groups.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mantel {
    pub item: usize,
    /// One degree of freedom, no continuity correction.
    pub chi_square: f64,
    pub p: f64,
    /// Standardised mean difference, in points of the item: below 0 the item favours the reference group.
    pub mean_difference: f64,
    pub standard_error: f64,
    /// The mean difference in standard deviations of the item over all people.
    pub relative_difference: f64,
    /// A: not significant at .05 or below .17 standard deviations; C from .25; B between.
    pub class: Class,
    /// The power is that of finding a mean difference of .25 standard deviations.
    pub adequacy: Adequacy,
}

/// Mantel's test of an item with ordered categories, with the standardised mean difference.
///
/// # Formula
/// As in the head of `mantel.rs`; mean difference = Σ (n_F/N_F) (mean of the focal group − mean of the reference group)
/// over the levels with both groups, N_F their focal people; its standard error √Σ (n_F/N_F)² (1/n_F + 1/n_R)² Var(F).
///
/// # Arguments
/// `strata`: two groups, two or more categories; the scores that the categories stand for are the y.
///
/// # Source
/// Mantel (1963), *Journal of the American Statistical Association* 58, 690–700; Zwick, Donoghue & Grima (1993),
/// *Journal of Educational Measurement* 30, 233–251; Dorans & Schmitt (1991), ETS RR-91-47; Zwick & Thayer (1996),
/// *Journal of Educational and Behavioral Statistics* 21, 187–201.
///
/// # Accuracy
/// Agrees with numpy to a relative 1e-10 on `tests/reference/fairness_ordered.csv`; for two categories χ² is that of
/// Mantel and Haenszel without correction.
///
/// # Limits
/// Sees differences of the mean only. The size of a difference depends on the distances between scores.
///
/// ```
/// use melek_irt::fairness::{Groups, Matching, Strata, mantel};
/// use melek_irt::responses::Responses;
/// // One level; scores 0, 1, 2 four times each in one group, and 2, 2, 5 times in the other.
/// let score = |person: usize| [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 0, 0, 1, 1, 2, 2, 2, 2, 2][person];
/// let rows: Vec<[Option<u8>; 1]> = (0..21).map(|person| [Some(score(person))]).collect();
/// let groups: Vec<u16> = (0..21).map(|person| u16::from(person >= 12)).collect();
/// let responses = Responses::from_rows(1, rows)?;
/// let strata = Strata::new(&responses, &Groups::new(&groups)?, 0, Matching::Levels(&[0; 21]))?;
/// assert!((mantel(&strata)?.mean_difference - (12.0 / 9.0 - 1.0)).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn mantel(strata: &Strata) -> Result<Mantel, FairnessError> {
    strata.require_two_groups()?;
    let item = strata.item();
    let levels: Vec<[Moments; 2]> = strata
        .by_group()
        .map(|groups| [moments(groups[0], strata.scores()), moments(groups[1], strata.scores())])
        .collect();
    let shared: Vec<_> =
        levels.iter().filter(|[reference, focal]| reference.people > 0.0 && focal.people > 0.0).collect();
    let focal_people: f64 = shared.iter().map(|[_, focal]| focal.people).sum();
    let (mut excess, mut variance, mut difference, mut difference_variance) = (0.0, 0.0, 0.0, 0.0);
    for [reference, focal] in shared {
        let both = reference.with(focal);
        let own = both.spread() * reference.people * focal.people / (both.people * both.people * (both.people - 1.0));
        let weight = focal.people / focal_people;
        let contrast = weight * (1.0 / focal.people + 1.0 / reference.people);
        excess += focal.sum - focal.people * both.mean();
        variance += own;
        difference += weight * (focal.mean() - reference.mean());
        difference_variance += contrast * contrast * own;
    }
    if variance <= 0.0 {
        return Err(FairnessError::NoVariation { item });
    }
    let chi_square = excess * excess / variance;
    let p = chi_square_above(chi_square, 1);
    let deviation = levels.iter().flatten().fold(Moments::default(), |sum, one| sum.with(one)).variance().sqrt();
    let (relative, standard_error) = (difference / deviation, difference_variance.sqrt());
    Ok(Mantel {
        item,
        chi_square,
        p,
        mean_difference: difference,
        standard_error,
        relative_difference: relative,
        class: Class::by_size(relative.abs(), MODERATE, LARGE).if_significant(p < SIGNIFICANCE),
        adequacy: Adequacy::of(strata).with_power(LARGE * deviation, standard_error),
    })
}

fn moments(counts: &[u64], scores: &[u8]) -> Moments {
    let mut moments = Moments::default();
    for (count, score) in counts.iter().zip(scores) {
        moments.add(*count as f64, f64::from(*score));
    }
    moments
}
