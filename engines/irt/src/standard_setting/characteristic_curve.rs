//! The expected total score of a test as a function of ability, and back: from a score in points to an ability.

use crate::model::{Derivatives, ResponseFunction};

/// Halvings until a bracket of 2²¹ leaves neighbouring doubles.
const HALVINGS: usize = 80;

/// Abilities are looked for within ± 2²⁰ logits.
const DOUBLINGS: usize = 20;

/// A test without a curve. Items count from 0.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum CurveError {
    #[error("a test needs at least one item")]
    NoItems,
    #[error("item {item} has {slopes} slopes; the curve is for one dimension")]
    Dimensions { item: usize, slopes: usize },
    #[error("the slope of item {item} is {slope}; a rising curve needs it above 0")]
    Slope { item: usize, slope: f64 },
}

/// The test characteristic curve of items with rising curves in one dimension.
#[derive(Debug, Clone, PartialEq)]
pub struct CharacteristicCurve<'a>(&'a [ResponseFunction]);

impl<'a> CharacteristicCurve<'a> {
    /// The curve of a test, or the item that makes it none.
    ///
    /// # Arguments
    /// `functions`: at least one, one dimension, slopes above 0.
    ///
    /// # Source
    /// Lord (1980), *Applications of Item Response Theory*, ch. 4.
    pub fn new(functions: &'a [ResponseFunction]) -> Result<Self, CurveError> {
        if functions.is_empty() {
            return Err(CurveError::NoItems);
        }
        for (item, function) in functions.iter().enumerate() {
            match *function.slopes() {
                [slope] if slope > 0.0 => {}
                [slope] => return Err(CurveError::Slope { item, slope }),
                _ => return Err(CurveError::Dimensions { item, slopes: function.slopes().len() }),
            }
        }
        Ok(Self(functions))
    }

    /// Expected total score in points.
    ///
    /// # Formula
    /// T(θ) = Σ_i Σ_k k P_ik(θ)
    ///
    /// # Arguments
    /// `theta`: ability in logits, any real.
    ///
    /// # Source
    /// Lord (1980), *Applications of Item Response Theory*, eq. 4-5.
    ///
    /// # Accuracy
    /// Rounding.
    pub fn expected(&self, theta: f64) -> f64 {
        self.0.iter().map(|function| function.expected_score(&[theta])).sum()
    }

    /// Points by which the expected total rises a logit, ≥ 0.
    ///
    /// # Formula
    /// T'(θ) = Σ_i a_i Σ_k k ∂P_ik/∂u
    ///
    /// # Arguments
    /// `theta`: ability in logits, any real.
    ///
    /// # Source
    /// Lord (1980), *Applications of Item Response Theory*, ch. 5.
    ///
    /// # Accuracy
    /// Agrees with central differences to 1e-8.
    pub fn slope(&self, theta: f64) -> f64 {
        let mut at = Derivatives::default();
        let mut of = |function: &ResponseFunction| {
            function.derivatives(function.predictor(&[theta]), &mut at);
            let rise = at.by_predictor.iter().enumerate().map(|(category, slope)| category as f64 * slope).sum::<f64>();
            function.slopes()[0] * rise
        };
        self.0.iter().map(&mut of).sum()
    }

    /// Ability in logits at which a total score is expected, or `None` where no ability expects it.
    ///
    /// # Formula
    /// θ with T(θ) = score, by bisection.
    ///
    /// # Arguments
    /// `score` in points, above the sum of lower asymptotes and below the highest score.
    ///
    /// # Source
    /// True-score inversion: Lord (1980), *Applications of Item Response Theory*, ch. 13.
    ///
    /// # Accuracy
    /// Agrees with scipy's root finding to 1e-11 on `tests/reference/standard_setting_angoff.csv`.
    ///
    /// # Limits
    /// `None` at or beyond the ends, and for NaN.
    ///
    /// ```
    /// use melek_irt::model::ResponseFunction;
    /// use melek_irt::standard_setting::CharacteristicCurve;
    /// let items = [ResponseFunction::two_parameter(1.0, 0.5)?, ResponseFunction::two_parameter(1.0, -0.5)?];
    /// let curve = CharacteristicCurve::new(&items)?;
    /// assert!(curve.ability_at(1.0).unwrap().abs() < 1e-12);
    /// assert_eq!(curve.ability_at(2.0), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn ability_at(&self, score: f64) -> Option<f64> {
        let mut bracket = None;
        for power in 0..DOUBLINGS {
            let reach = f64::from(1_u32 << power);
            if self.expected(-reach) < score && self.expected(reach) > score {
                bracket = Some((-reach, reach));
                break;
            }
        }
        let (mut low, mut high) = bracket?;
        for _ in 0..HALVINGS {
            let middle = 0.5 * (low + high);
            if self.expected(middle) >= score { high = middle } else { low = middle }
        }
        Some(0.5 * (low + high))
    }
}
