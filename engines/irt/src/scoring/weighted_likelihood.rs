//! Maximum likelihood freed of its first bias, in one dimension: weighted likelihood (WLE).

use super::curve::Curve;
use super::estimate::{Direction, Estimate, Score};
use super::scorer::{Scorer, ScoringError};
use crate::responses::Response;

/// Step of the search for a change of sign, and its end, in logits.
const STEP: f64 = 0.5;
const FARTHEST: f64 = 30.0;

/// An interval this short, in logits, ends the search.
const SHORT: f64 = 1e-12;

/// Halvings at most: 2⁻⁶⁰ of a step.
const MOST_HALVINGS: usize = 60;

impl Scorer {
    /// Weighted-likelihood ability with the root of the inverse expected information there, logits.
    ///
    /// # Formula
    /// Σ_j ∂ ln P_j(x_j | θ̂) + J/(2I) = 0, I = Σ_j Σ_k P′²/P, J = Σ_j Σ_k P′P″/P over the items answered; variance 1/I
    ///
    /// # Arguments
    /// `answers`: as [`Scorer::expected_a_posteriori`], of a scorer in one dimension.
    ///
    /// # Source
    /// Warm (1989), *Psychometrika* 54, 427–450, eq. 12–13; items with more categories Samejima (1993), ONR 93-1, and
    /// Penfield & Bergeron (2005), *Applied Psychological Measurement* 29, 218–233.
    ///
    /// # Accuracy
    /// Agrees with mpmath within 1e-8 on `tests/reference/scoring_people.csv`.
    ///
    /// # Limits
    /// Finite also after only right or only wrong answers. Of several roots the one next to the node of highest likelihood
    /// is taken. Without a root within 30 logits it is infinite, without answers undetermined.
    ///
    /// ```
    /// use melek_irt::model::ResponseFunction;
    /// use melek_irt::responses::Response;
    /// use melek_irt::scoring::{Population, Scorer};
    /// let scorer = Scorer::new(vec![ResponseFunction::two_parameter(1.0, 0.0)?], Population::standard(1)?)?;
    /// let right = scorer.weighted_likelihood(&[Response { item: 0, category: 1 }])?;
    /// assert!((right.finite().map_or(0.0, |score| score.ability[0]) - 3.0_f64.ln()).abs() < 1e-9);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn weighted_likelihood(&self, answers: &[Response]) -> Result<Estimate, ScoringError> {
        if self.dimensions() != 1 {
            return Err(ScoringError::OneDimensionOnly { dimensions: self.dimensions() });
        }
        self.check(answers)?;
        if !self.any_slope(answers) {
            return Ok(Estimate::Undetermined);
        }
        let start = self.highest_node(&self.flat, answers)?[0];
        let slope = |theta: f64| self.weighted_slope(answers, theta);
        let up = slope(start)[0] > 0.0;
        let direction = if up { 1.0 } else { -1.0 };
        let mut near = start;
        let far = loop {
            let far = near + direction * STEP;
            if (slope(far)[0] > 0.0) != up {
                break far;
            }
            if far.abs() > FARTHEST {
                return Ok(Estimate::Infinite(vec![if up { Direction::Above } else { Direction::Below }]));
            }
            near = far;
        };
        let theta = root(near.min(far), near.max(far), |theta| slope(theta)[0]);
        let [_, information] = slope(theta);
        Ok(Estimate::Finite(Score { ability: vec![theta], covariance: vec![vec![1.0 / information]] }))
    }

    /// Derivative of the weighted log-likelihood, and the expected information.
    fn weighted_slope(&self, answers: &[Response], theta: f64) -> [f64; 2] {
        let (mut slope, mut information, mut skew) = (0.0, 0.0, 0.0);
        let mut curve = Curve::default();
        for answer in answers {
            let function = &self.functions[usize::from(answer.item)];
            let a = function.slopes()[0];
            curve.fill(function, a * theta);
            slope += a * curve.logarithm(usize::from(answer.category))[1];
            information += a * a * curve.information();
            skew += a * a * a * curve.skew();
        }
        [if information > 0.0 { slope + skew / (2.0 * information) } else { slope }, information]
    }
}

/// Where a function falls through 0 between two points: false position with the weights of Dowell & Jarratt (1971),
/// *BIT* 11, 168–174 (Illinois).
fn root(mut low: f64, mut high: f64, f: impl Fn(f64) -> f64) -> f64 {
    let (mut at_low, mut at_high) = (f(low), f(high));
    let mut last = 0.0;
    for _ in 0..MOST_HALVINGS {
        if high - low < SHORT {
            break;
        }
        let cut = (low * at_high - high * at_low) / (at_high - at_low);
        let point = if cut > low && cut < high { cut } else { 0.5 * (low + high) };
        let value = f(point);
        if value == 0.0 {
            return point;
        }
        let side = value.signum();
        if side > 0.0 {
            (low, at_low) = (point, value);
            at_high *= if last == side { 0.5 } else { 1.0 };
        } else {
            (high, at_high) = (point, value);
            at_low *= if last == side { 0.5 } else { 1.0 };
        }
        last = side;
    }
    if at_low.abs() < at_high.abs() { low } else { high }
}
