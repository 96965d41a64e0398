//! Whether a calibrated test describes how people answered single items and pairs of items.
//!
//! M = N eᵀ (Ξ⁻¹ − Ξ⁻¹ Δ (Δᵀ Ξ⁻¹ Δ)⁻¹ Δᵀ Ξ⁻¹) e, e observed minus expected moments, Ξ the covariances of one person's
//! moments, Δ the derivatives of the expected moments by the estimated parameters: chi-square with as many degrees of
//! freedom as there are moments less the rank of Δ (Maydeu-Olivares & Joe 2005, 2006). It needs no table of all
//! possible patterns, so it keeps its distribution where Pearson's chi-square has none. Computed as the squared length
//! of L⁻¹ e orthogonal to L⁻¹ Δ with Ξ = L Lᵀ.

use super::approximation::{Approximation, approximation};
use super::baseline::{Baseline, baseline};
use super::chi_square::probability_above;
use super::fitted::{FitError, Fitted};
use super::moments::{ModelMoments, Moments};
use super::pair_counts::PairCounts;
use super::standardized_residual::standardized_residual;
use crate::numeric::symmetric::inner;

/// A column that keeps no more than this share of its length beside the others is a combination of them.
const DEPENDENT: f64 = 1e-9;

/// The test of a whole model, with the indices made from it.
#[derive(Debug, Clone, PartialEq)]
pub struct LimitedInformation {
    /// ≥ 0.
    pub statistic: f64,
    pub degrees_of_freedom: usize,
    /// Chance of so large a statistic when the model holds.
    pub p_value: f64,
    pub approximation: Approximation,
    /// Root of the mean squared difference between observed and expected correlations of scores.
    pub srmsr: f64,
    pub baseline: Baseline,
}

impl LimitedInformation {
    /// Tucker–Lewis index: 1 where the model is as good as its degrees of freedom allow, may exceed 1.
    ///
    /// # Formula
    /// (X_0/ν_0 − X/ν) / (X_0/ν_0 − 1), X_0 and ν_0 of the baseline
    ///
    /// # Source
    /// Tucker & Lewis (1973), *Psychometrika* 38, 1–10; for item response models Cai, Chung &
    /// Lee (2023), *Prevention Science* 24, 455–466.
    pub fn tucker_lewis(&self) -> f64 {
        let own = self.statistic / self.degrees_of_freedom as f64;
        let baseline = self.baseline.statistic / self.baseline.degrees_of_freedom as f64;
        (baseline - own) / (baseline - 1.0)
    }

    /// Comparative fit index, 0 … 1.
    ///
    /// # Formula
    /// 1 − max(X − ν, 0) / max(X_0 − ν_0, X − ν, 0)
    ///
    /// # Source
    /// Bentler (1990), *Psychological Bulletin* 107, 238–246.
    ///
    /// # Limits
    /// 1 where neither the model nor the baseline misfits.
    pub fn comparative_fit(&self) -> f64 {
        let own = (self.statistic - self.degrees_of_freedom as f64).max(0.0);
        let baseline = (self.baseline.statistic - self.baseline.degrees_of_freedom as f64).max(own);
        if baseline > 0.0 { 1.0 - own / baseline } else { 1.0 }
    }
}

/// How well a calibrated model reproduces single answers and pairs of answers.
///
/// # Formula
/// N eᵀ (Ξ⁻¹ − Ξ⁻¹ Δ (Δᵀ Ξ⁻¹ Δ)⁻¹ Δᵀ Ξ⁻¹) e, summed over the groups; see the head of this file
///
/// # Arguments
/// `moments`: for items with two categories all three are the same statistic. With more categories
/// [`Moments::Categories`] has most power and the largest table, [`Moments::Scores`] is the usual choice and
/// [`Moments::CategoriesThenScores`] judges short tests for which the scores leave no degrees of freedom.
///
/// # Source
/// Maydeu-Olivares & Joe (2006), *Psychometrika* 71, 713–732; Cai & Hansen (2013), *British Journal of Mathematical and
/// Statistical Psychology* 66, 245–276; Cai & Monroe (2014), CRESST Report 839.
///
/// # Accuracy
/// Within 1e-4 of direct sums with differenced derivatives (`reference/limited_information.py`), and of mirt 1.47 where
/// its derivatives are right, on `tests/reference/calibration`; the README there names the four faults of mirt's M2.
///
/// # Limits
/// - With missing answers each moment is that of the people who gave it, weighted by √(their share). The covariances
///   are still those of complete answers, so the statistic is too small: it is conservative.
/// - Memory grows with the square and time with the cube of the number of moments; [`Moments::Categories`] of 30 items
///   with five categories has 7,080. Fifty items of two categories (1,275 moments) take a fifth of a second, a hundred
///   (5,050) twenty seconds and 0.4 GB.
/// - The parameters must be maximum likelihood estimates; a strong prior makes the statistic too large.
///
/// ```
/// use std::ops::ControlFlow;
/// use melek_irt::calibration::{Model, Options, Specification, calibrate};
/// use melek_irt::fit::{Fitted, Moments, limited_information};
/// use melek_irt::responses::Responses;
/// // All 16 patterns of four items, each as often as the number of right answers allows.
/// let rows = (0_u8..160).map(|n| [n & 1, n >> 1 & 1, n >> 2 & 1, n >> 3 & 1].map(Some));
/// let responses = Responses::from_rows(4, rows.chain((0..20).map(|n| [Some(n % 2); 4])))?;
/// let specification = Specification::uniform(Model::Rasch, 4);
/// let calibration =
///     calibrate(&responses, &specification, &Options::default(), &mut |_| ControlFlow::Continue(()))?;
/// let fit = limited_information(&Fitted::new(&responses, &specification, &calibration)?, Moments::Scores)?;
/// assert_eq!(fit.degrees_of_freedom, 4 + 6 - 5);
/// assert!(fit.p_value > 0.9); // every pair of items is answered as a Rasch model says
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn limited_information(fitted: &Fitted<'_>, moments: Moments) -> Result<LimitedInformation, FitError> {
    let counts = PairCounts::new(fitted);
    let mut residual = Vec::new();
    let mut columns = vec![Vec::new(); fitted.calibration.parameters];
    for (group, counts) in counts.iter().enumerate() {
        if counts.persons == 0.0 {
            return Err(FitError::NoAnswers { group });
        }
        whiten(&ModelMoments::new(fitted, group, moments), (group, counts), &mut residual, &mut columns)?;
    }
    let used = orthogonalize(&mut columns);
    for column in &columns[..used] {
        remove(&mut residual, column);
    }
    let degrees_of_freedom = residual.len() - used;
    if degrees_of_freedom == 0 {
        return Err(FitError::TooFewMoments { moments: residual.len(), used });
    }
    let statistic = inner(&residual, &residual);
    let persons = counts.iter().map(|counts| counts.persons).sum();
    Ok(LimitedInformation {
        statistic,
        degrees_of_freedom,
        p_value: probability_above(statistic, degrees_of_freedom),
        approximation: approximation(statistic, degrees_of_freedom, persons),
        srmsr: standardized_residual(fitted, &counts),
        baseline: baseline(&counts, moments),
    })
}

/// Appends L⁻¹ e √N of a group to the residual and L⁻¹ Δ √N to the columns.
fn whiten(
    model: &ModelMoments<'_>,
    (group, counts): (usize, &PairCounts),
    residual: &mut Vec<f64>,
    columns: &mut [Vec<f64>],
) -> Result<(), FitError> {
    let root = counts.persons.sqrt();
    let factor = model.covariance().factor().map_err(|moment| FitError::Singular { moment, group })?;
    let differences = model.observed(counts).into_iter().zip(&model.expected);
    let mut own: Vec<f64> = differences.map(|((mean, people), expected)| people / root * (mean - expected)).collect();
    factor.solve_lower(&mut own);
    residual.extend(own);
    let mut derivatives = model.derivatives();
    factor.solve_lower_all(&mut derivatives);
    for (column, own) in columns.iter_mut().zip(derivatives) {
        column.extend(own.iter().map(|value| root * value));
    }
    Ok(())
}

/// Makes the first columns an orthonormal basis of all; returns how many there are.
fn orthogonalize(columns: &mut [Vec<f64>]) -> usize {
    let mut used = 0;
    for next in 0..columns.len() {
        let before = inner(&columns[next], &columns[next]).sqrt();
        let (basis, rest) = columns.split_at_mut(next);
        let own = &mut rest[0];
        // Twice is enough: Giraud, Langou & Rozložník (2005), Computers & Mathematics with Applications 50, 1069–1075.
        for _ in 0..2 {
            basis[..used].iter().for_each(|column| remove(own, column));
        }
        let length = inner(own, own).sqrt();
        if length > DEPENDENT * before {
            own.iter_mut().for_each(|value| *value /= length);
            columns.swap(used, next);
            used += 1;
        }
    }
    used
}

/// Takes the part along a unit vector out of a vector.
fn remove(vector: &mut [f64], unit: &[f64]) {
    let along = inner(vector, unit);
    vector.iter_mut().zip(unit).for_each(|(value, direction)| *value -= along * direction);
}
