//! The ability under which the answers were likeliest: maximum likelihood (ML). It may be infinite, or none.

use super::curve::log_limit;
use super::estimate::{Direction, Estimate, Score};
use super::newton::{Climb, Hill, inverse};
use super::scorer::{Scorer, ScoringError};
use crate::responses::Response;

/// The likelihood's limit counts as reached when it is no further away than this, relative to the log-likelihood: the
/// sum of a hundred logarithms has no more digits.
const ROUNDING: f64 = 1e-11;

/// A dimension that still moves by more at the end of a climb that leads away, in logits, goes to infinity itself.
const MOVES: f64 = 1e-2;

impl Scorer {
    /// Maximum-likelihood ability with the inverse of the observed information there, logits; or that there is none.
    ///
    /// # Formula
    /// θ̂ = argmax Σ_j ln P_j(x_j | θ); covariance (−Σ_j ∂² ln P_j(x_j | θ̂))⁻¹
    ///
    /// # Arguments
    /// `answers`: as [`Scorer::expected_a_posteriori`].
    ///
    /// # Source
    /// Birnbaum (1968), in Lord & Novick, *Statistical Theories of Mental Test Scores*, ch. 20; infinite estimates: Albert
    /// & Anderson (1984), *Biometrika* 71, 1–10.
    ///
    /// # Accuracy
    /// Agrees with mpmath within 1e-8 on `tests/reference/scoring_people.csv` and `scoring_planes.csv`.
    ///
    /// # Limits
    /// In one dimension the estimate is infinite exactly where no ability is likelier than the limit at an end. In several
    /// it is called infinite when the climb passes 30 logits. Several peaks as [`Scorer::maximum_a_posteriori`]; the
    /// highest is looked for on the grid.
    ///
    /// ```
    /// use melek_irt::model::ResponseFunction;
    /// use melek_irt::responses::Response;
    /// use melek_irt::scoring::{Direction, Estimate, Population, Scorer};
    /// let scorer = Scorer::new(vec![ResponseFunction::two_parameter(1.0, 0.0)?], Population::standard(1)?)?;
    /// let right = scorer.maximum_likelihood(&[Response { item: 0, category: 1 }])?;
    /// assert_eq!(right, Estimate::Infinite(vec![Direction::Above]));
    /// assert_eq!(scorer.maximum_likelihood(&[])?, Estimate::Undetermined);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn maximum_likelihood(&self, answers: &[Response]) -> Result<Estimate, ScoringError> {
        self.check(answers)?;
        if !self.any_slope(answers) {
            return Ok(Estimate::Undetermined);
        }
        let start = self.highest_node(&self.flat, answers)?;
        let hill = Hill { scorer: self, answers, with_population: false };
        let climb = hill.climb(start);
        let value = match &climb {
            Climb::Top { at, .. } => at.value,
            Climb::Away { value, .. } => *value,
            Climb::Lost => f64::NEG_INFINITY,
        };
        if let Some(end) = self.better_end(answers, value) {
            return Ok(Estimate::Infinite(vec![end]));
        }
        Ok(match climb {
            Climb::Top { theta, at } => match inverse(&at.observed) {
                Some(covariance) => Estimate::Finite(Score { ability: theta, covariance }),
                None => Estimate::Undetermined,
            },
            Climb::Away { step, .. } => Estimate::Infinite(step.iter().map(|change| towards(*change)).collect()),
            Climb::Lost => Estimate::Undetermined,
        })
    }

    pub(super) fn any_slope(&self, answers: &[Response]) -> bool {
        let has_slope = |answer: &Response| self.functions[usize::from(answer.item)].slopes().iter().any(|a| *a != 0.0);
        answers.iter().any(has_slope)
    }

    /// The end of the line at which the answers are at least as likely as at any ability, in one dimension.
    fn better_end(&self, answers: &[Response], value: f64) -> Option<Direction> {
        if self.dimensions() != 1 {
            return None;
        }
        let limit = |above: bool| -> f64 { answers.iter().map(|answer| self.log_limit(answer, above)).sum() };
        let (below, above) = (limit(false), limit(true));
        let best = below.max(above);
        let reached = best > f64::NEG_INFINITY && best >= value - ROUNDING * (1.0 + value.abs());
        reached.then_some(if above >= below { Direction::Above } else { Direction::Below })
    }

    fn log_limit(&self, answer: &Response, above: bool) -> f64 {
        let function = &self.functions[usize::from(answer.item)];
        let category = usize::from(answer.category);
        match function.slopes()[0] {
            0.0 => libm::log(function.probabilities(&[0.0])[category]),
            slope => log_limit(function, category, (slope > 0.0) == above),
        }
    }
}

fn towards(change: f64) -> Direction {
    if change.abs() < MOVES {
        Direction::Within
    } else if change < 0.0 {
        Direction::Below
    } else {
        Direction::Above
    }
}
