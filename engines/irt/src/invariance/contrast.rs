//! Differences between the parameters of an item in the focal groups and in the reference group, with their errors.

use super::chi_square::{above, noncentral_chi_square_above, point_above};
use super::fit::GroupFit;
use crate::numeric::symmetric::Symmetric;

/// Differences from the reference group: for each focal group in order, the estimated slopes and then the other
/// parameters in the order of [`crate::model::Form`].
#[derive(Debug, Clone, PartialEq)]
pub struct Contrast {
    pub difference: Vec<f64>,
    /// Sampling covariance of the differences.
    pub covariance: Vec<Vec<f64>>,
}

impl Contrast {
    /// Wald's statistic of no difference, ≥ 0, chi-square with as many degrees as differences; nothing where the
    /// covariance cannot be inverted.
    ///
    /// # Formula
    /// W = dᵀ V⁻¹ d, d the differences and V their covariance
    ///
    /// # Source
    /// Lord (1980), *Applications of Item Response Theory to Practical Testing Problems*, ch. 14; several groups Langer
    /// (2008), dissertation, University of North Carolina.
    pub fn statistic(&self) -> Option<f64> {
        self.quadratic(&self.difference)
    }

    /// Probability that Wald's test finds a difference of a stated size, 0 … 1.
    ///
    /// # Formula
    /// P(χ²(ν, λ) > c), λ = δᵀ V⁻¹ δ, c the point above which the central χ²(ν) lies with the significance
    ///
    /// # Arguments
    /// - `difference` δ: as many numbers as [`Contrast::difference`]; half a logit of intercept is a usual question.
    /// - `significance`: between 0 and 1, typically 0.05.
    ///
    /// # Source
    /// Non-central chi-square power: Satorra & Saris (1985), *Psychometrika* 50, 83–90.
    ///
    /// # Accuracy
    /// Of the chi-square distributions 1e-10; the covariance is that of this sample, estimated at these parameters.
    ///
    /// # Limits
    /// Nothing for another number of differences, a significance outside 0 … 1 or a covariance that cannot be inverted.
    ///
    /// ```
    /// use melek_irt::invariance::Contrast;
    /// let contrast = Contrast { difference: vec![0.1], covariance: vec![vec![0.04]] };
    /// assert!((contrast.power(&[0.0], 0.05).unwrap_or(0.0) - 0.05).abs() < 1e-9);
    /// assert!(contrast.power(&[0.6], 0.05).is_some_and(|power| power > 0.84 && power < 0.86));
    /// ```
    pub fn power(&self, difference: &[f64], significance: f64) -> Option<f64> {
        if difference.len() != self.difference.len() || !(significance > 0.0 && significance < 1.0) {
            return None;
        }
        let noncentrality = self.quadratic(difference)?;
        let critical = point_above(significance, self.difference.len());
        Some(noncentral_chi_square_above(critical, self.difference.len(), noncentrality))
    }

    /// Probability of a larger statistic where there is no difference.
    pub(super) fn probability(&self, statistic: f64) -> f64 {
        above(statistic, self.difference.len())
    }

    fn quadratic(&self, difference: &[f64]) -> Option<f64> {
        let mut matrix = Symmetric::zeros(difference.len());
        for (row, cells) in self.covariance.iter().enumerate() {
            cells.iter().enumerate().for_each(|(column, value)| matrix.add(row, column, *value));
        }
        let mut scaled = difference.to_vec();
        matrix.factor().ok()?.solve_lower(&mut scaled);
        Some(scaled.iter().map(|z| z * z).sum())
    }

    /// Of an item that was free in a fit with standard errors.
    pub(super) fn of(fit: &GroupFit, item: usize) -> Option<Self> {
        let columns = fit.columns(item);
        let covariance = fit.calibration.covariance(columns)?;
        let reference = &fit.calibration.items[*columns.first()?];
        let errors = reference.errors.as_ref()?;
        let estimated: Vec<usize> = errors
            .slopes
            .iter()
            .chain(&errors.own)
            .enumerate()
            .filter_map(|(place, error)| error.map(|_| place))
            .collect();
        let all = |column: usize| {
            let function = &fit.calibration.items[columns[column]].function;
            function.slopes().iter().copied().chain(function.own()).collect::<Vec<f64>>()
        };
        let (first, length) = (all(0), all(0).len());
        let (mut difference, mut places) = (Vec::new(), Vec::new());
        for column in 1..columns.len() {
            let own = all(column);
            for place in &estimated {
                difference.push(own[*place] - first[*place]);
                places.push((column * length + place, *place));
            }
        }
        let cell = |one: &(usize, usize), other: &(usize, usize)| {
            covariance[one.0][other.0] - covariance[one.0][other.1] - covariance[one.1][other.0]
                + covariance[one.1][other.1]
        };
        let covariance = places.iter().map(|one| places.iter().map(|other| cell(one, other)).collect()).collect();
        Some(Self { difference, covariance })
    }
}
