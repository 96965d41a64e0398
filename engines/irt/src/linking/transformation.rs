//! The line that takes abilities, items and errors from one scale to another: θ_old = A θ_new + B.

use super::anchors::LinkingError;
use crate::model::{Form, ResponseFunction};

/// θ_old = slope · θ_new + intercept; the intercept in logits of the old scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Transformation {
    slope: f64,
    intercept: f64,
}

impl Transformation {
    /// Leaves everything where it is.
    pub const IDENTITY: Self = Self { slope: 1.0, intercept: 0.0 };

    /// A transformation, or an error for numbers that turn the scale round or leave it.
    ///
    /// # Arguments
    /// `slope` A > 0, typically 0.5 … 2. `intercept` B in logits, typically −2 … 2. Both finite.
    ///
    /// # Source
    /// Kolen & Brennan (2014), *Test Equating, Scaling, and Linking*, 3rd ed., eq. 6.2.
    pub fn new(slope: f64, intercept: f64) -> Result<Self, LinkingError> {
        if slope > 0.0 && slope.is_finite() && intercept.is_finite() {
            Ok(Self { slope, intercept })
        } else {
            Err(LinkingError::Transformation { slope, intercept })
        }
    }

    /// A: how many old logits one new logit is.
    pub fn slope(&self) -> f64 {
        self.slope
    }

    /// B: where ability 0 of the new scale lies on the old one, in logits.
    pub fn intercept(&self) -> f64 {
        self.intercept
    }

    /// An ability of the new scale on the old one, in logits.
    ///
    /// # Formula
    /// A θ + B; a standard error becomes A times as large.
    ///
    /// # Arguments
    /// `theta`: ability on the new scale, any real.
    ///
    /// # Source
    /// Kolen & Brennan (2014), eq. 6.2.
    ///
    /// # Accuracy
    /// Rounding.
    ///
    /// # Limits
    /// ±∞ stay ±∞.
    pub fn ability(&self, theta: f64) -> f64 {
        self.slope * theta + self.intercept
    }

    /// The way back: θ_new = (θ_old − B) / A.
    ///
    /// # Formula
    /// A' = 1/A, B' = −B/A
    ///
    /// # Source
    /// Kolen & Brennan (2014), eq. 6.2, solved for the new scale.
    ///
    /// # Limits
    /// An A so small that 1/A is infinite is an error.
    pub fn inverse(&self) -> Result<Self, LinkingError> {
        Self::new(1.0 / self.slope, -self.intercept / self.slope)
    }

    /// First this one, then `next`: a chain over three calibrations.
    ///
    /// # Formula
    /// A = A₂ A₁, B = A₂ B₁ + B₂
    ///
    /// # Arguments
    /// `next`: from the scale that this one leads to.
    ///
    /// # Source
    /// Battauz (2015), *Journal of Statistical Software* 68(7), sec. 2.2 (chain equating).
    ///
    /// # Limits
    /// A product that overflows is an error.
    pub fn then(&self, next: &Self) -> Result<Self, LinkingError> {
        Self::new(next.slope * self.slope, next.slope * self.intercept + next.intercept)
    }

    /// An item calibrated on the new scale, in parameters of the old one: the same answers with the same probability.
    ///
    /// # Formula
    /// a* = a/A and d* = d − a B/A for the intercepts of logistic and graded items; d_k* = d_k − s_k a B/A for
    /// divide-by-total items with scores s_k. Asymptotes and scores stay. For the difficulty b = −d/a this is
    /// b* = A b + B.
    ///
    /// # Arguments
    /// `function`: one dimension.
    ///
    /// # Source
    /// Kolen & Brennan (2014), eqs. 6.3 and 6.4; graded items: Baker (1992), *Applied Psychological Measurement* 16,
    /// 87–96; divide-by-total items: Baker (1993), *Applied Psychological Measurement* 17, 239–251.
    ///
    /// # Accuracy
    /// Probabilities agree to 1e-12 where |a θ| < 50.
    ///
    /// # Limits
    /// Several dimensions are an error, as are parameters that overflow.
    ///
    /// ```
    /// use melek_irt::linking::Transformation;
    /// use melek_irt::model::ResponseFunction;
    /// let to_old = Transformation::new(1.2, -0.3)?;
    /// let new = ResponseFunction::two_parameter(1.5, 0.6)?; // difficulty −0.4
    /// let old = to_old.function(&new)?;
    /// assert!((old.slopes()[0] - 1.25).abs() < 1e-15);
    /// assert!((old.probabilities(&[to_old.ability(0.7)])[1] - new.probabilities(&[0.7])[1]).abs() < 1e-15);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn function(&self, function: &ResponseFunction) -> Result<ResponseFunction, LinkingError> {
        let [slope] = *function.slopes() else {
            return Err(LinkingError::Dimensions { anchor: 0, slopes: function.slopes().len() });
        };
        let shift = slope * self.intercept / self.slope;
        let form = match function.form() {
            Form::Logistic { intercept, lower, upper } => {
                Form::Logistic { intercept: intercept - shift, lower: *lower, upper: *upper }
            }
            Form::Graded { intercepts } => {
                Form::Graded { intercepts: intercepts.iter().map(|intercept| intercept - shift).collect() }
            }
            Form::DivideByTotal { scoring, intercepts } => Form::DivideByTotal {
                scoring: scoring.clone(),
                intercepts: intercepts
                    .iter()
                    .zip(scoring)
                    .map(|(intercept, score)| intercept - score * shift)
                    .collect(),
            },
        };
        Ok(ResponseFunction::new(vec![slope / self.slope], form)?)
    }
}
