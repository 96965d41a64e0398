//! What a linking method found: the transformation, and how it depends on each parameter of the anchors.

use super::covariance::{CovarianceError, ParameterCovariance};
use super::transformation::Transformation;

/// A transformation with its derivatives by the anchors' parameters, in the order of [`super::Anchors::parameters`].
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    pub transformation: Transformation,
    /// ∂A and ∂B by the parameters of the new calibration.
    pub(super) by_new: [Vec<f64>; 2],
    /// ∂A and ∂B by the parameters of the old calibration.
    pub(super) by_old: [Vec<f64>; 2],
}

/// Standard errors of A and B, and their covariance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LinkErrors {
    pub slope: f64,
    /// In logits of the old scale.
    pub intercept: f64,
    pub covariance: f64,
}

impl Link {
    /// Standard errors of A and B from the sampling errors of both calibrations.
    ///
    /// # Formula
    /// cov(A, B) = J_new Σ_new J_newᵀ + J_old Σ_old J_oldᵀ with J the derivatives of A and B by the parameters. For the
    /// characteristic-curve methods J = −H⁻¹ C, H the second derivatives of the criterion by A and B and C its mixed
    /// derivatives by A, B and the parameters (implicit-function theorem).
    ///
    /// # Arguments
    /// `new`, `old`: covariances of the anchors' parameters in the order of [`super::Anchors::parameters`], from
    /// independent samples of people.
    ///
    /// # Source
    /// Ogasawara (2000), *Economic Review, Otaru University of Commerce* 51(1), 1–23 (moments); Ogasawara (2001), *Applied
    /// Psychological Measurement* 25, 53–67 (response functions).
    ///
    /// # Accuracy
    /// Agrees with numeric derivatives of an independent optimiser to a relative 1e-8 on `tests/reference/linking.csv`.
    ///
    /// # Limits
    /// The error of a finite set of anchors that drift is not in it; with few anchors it is the larger part. People who
    /// sat both forms make the two calibrations dependent; then the errors are too large.
    ///
    /// ```
    /// use melek_irt::linking::{Anchor, Anchors, ParameterCovariance, mean_mean};
    /// use melek_irt::model::ResponseFunction;
    /// let item = |slope, intercept| ResponseFunction::two_parameter(slope, intercept);
    /// let anchors = Anchors::new(vec![
    ///     Anchor { new: item(1.2, 0.0)?, old: item(1.0, -0.1)? },
    ///     Anchor { new: item(1.0, 0.5)?, old: item(0.8, 0.6)? },
    /// ])?;
    /// // Per anchor: slope, intercept, lower, upper; the asymptotes were not estimated.
    /// let variances = [0.01, 0.02, 0.0, 0.0, 0.01, 0.02, 0.0, 0.0];
    /// let cell = |row: usize, column: usize| if row == column { variances[row] } else { 0.0 };
    /// let covariance = ParameterCovariance::new((0..8).map(|r| (0..8).map(|c| cell(r, c)).collect()).collect())?;
    /// let errors = mean_mean(&anchors)?.errors(&covariance, &covariance)?;
    /// assert!(errors.slope > 0.09 && errors.slope < 0.13);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn errors(&self, new: &ParameterCovariance, old: &ParameterCovariance) -> Result<LinkErrors, CovarianceError> {
        for (covariance, derivatives) in [(new, &self.by_new), (old, &self.by_old)] {
            if covariance.order() != derivatives[0].len() {
                let (rows, parameters) = (covariance.order(), derivatives[0].len());
                return Err(CovarianceError::Order { rows, parameters });
            }
        }
        let cell = |row: usize, column: usize| {
            new.form(&self.by_new[row], &self.by_new[column]) + old.form(&self.by_old[row], &self.by_old[column])
        };
        // Semidefinite forms can be −0 or a rounding error below it.
        let root = |variance: f64| variance.max(0.0).sqrt();
        Ok(LinkErrors { slope: root(cell(0, 0)), intercept: root(cell(1, 1)), covariance: cell(0, 1) })
    }
}

impl LinkErrors {
    /// Standard error that linking adds to an ability of the new scale when it is written on the old one, in old logits.
    ///
    /// # Formula
    /// √(θ² var A + 2 θ cov(A, B) + var B)
    ///
    /// # Arguments
    /// `theta`: ability on the new scale, in logits.
    ///
    /// # Source
    /// Delta method on θ_old = A θ + B; Ogasawara (2001), *Applied Psychological Measurement* 25, 53–67.
    ///
    /// # Accuracy
    /// Rounding.
    ///
    /// # Limits
    /// The standard error of the ability itself comes on top, A times as large as on the new scale.
    ///
    /// ```
    /// use melek_irt::linking::LinkErrors;
    /// let errors = LinkErrors { slope: 0.03, intercept: 0.04, covariance: 0.0 };
    /// assert!((errors.of_ability(1.0) - 0.05).abs() < 1e-15);
    /// ```
    pub fn of_ability(&self, theta: f64) -> f64 {
        let (slope, intercept) = (self.slope * self.slope, self.intercept * self.intercept);
        (theta * theta * slope + 2.0 * theta * self.covariance + intercept).max(0.0).sqrt()
    }
}
