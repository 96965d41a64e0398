//! The likeliest ability after the answers, given the population: maximum a posteriori (MAP).

use super::estimate::Score;
use super::newton::{Climb, Hill, MOST_STEPS, inverse};
use super::scorer::{Scorer, ScoringError};
use crate::responses::Response;

impl Scorer {
    /// Posterior mode of ability, with the inverse of the observed information there, logits.
    ///
    /// # Formula
    /// θ̂ = argmax Σ_j ln P_j(x_j | θ) + ln φ(θ); covariance (−∂² of the same at θ̂)⁻¹
    ///
    /// # Arguments
    /// `answers`: as [`Scorer::expected_a_posteriori`].
    ///
    /// # Source
    /// Samejima (1969), *Psychometrika* Monograph 17, ch. 8; several dimensions Segall (1996), *Psychometrika* 61,
    /// 331–354, eq. 9–14.
    ///
    /// # Accuracy
    /// Agrees with mpmath within 1e-8 on `tests/reference/scoring_people.csv` and `scoring_planes.csv`.
    ///
    /// # Limits
    /// A posterior with several peaks, which floors of guessing can cause, is climbed from its highest node. Without
    /// answers it is the population's own mean and covariance.
    ///
    /// ```
    /// use melek_irt::model::ResponseFunction;
    /// use melek_irt::responses::Response;
    /// use melek_irt::scoring::{Population, Scorer};
    /// let scorer = Scorer::new(vec![ResponseFunction::two_parameter(1.0, 0.0)?], Population::standard(1)?)?;
    /// let score = scorer.maximum_a_posteriori(&[Response { item: 0, category: 1 }])?;
    /// let theta = score.ability[0]; // where 1 − P = θ
    /// assert!((1.0 / (1.0 + theta.exp()) - theta).abs() < 1e-9);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn maximum_a_posteriori(&self, answers: &[Response]) -> Result<Score, ScoringError> {
        if answers.is_empty() {
            return self.expected_a_posteriori(answers);
        }
        let start = self.highest_node(&self.weights, answers)?;
        let hill = Hill { scorer: self, answers, with_population: true };
        let missing = ScoringError::NoMaximum { steps: MOST_STEPS };
        match hill.climb(start) {
            Climb::Top { theta, at } => {
                let covariance = inverse(&at.observed).ok_or(missing)?;
                Ok(Score { ability: theta, covariance })
            }
            Climb::Away { .. } | Climb::Lost => Err(missing),
        }
    }
}
