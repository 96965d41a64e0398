//! The mean of what is known of a person after the answers: expected a posteriori (EAP).

use super::estimate::Score;
use super::scorer::{Scorer, ScoringError};
use crate::calibration::Tile;
use crate::responses::{Response, Responses};

impl Scorer {
    /// Posterior mean and covariance of ability, logits.
    ///
    /// # Formula
    /// θ̂ = Σ θ_q p_q, variance Σ (θ_q − θ̂)² p_q, p_q ∝ w_q Π_j P_j(x_j | θ_q) over the nodes
    ///
    /// # Arguments
    /// `answers`: of one person, in any order, each item at most once; the category counts from 0 in the item's response
    /// function. [`Responses`] numbers the scores that occur in it, so a file scored with parameters of another file
    /// must have the same scores in every item.
    ///
    /// # Source
    /// Bock & Mislevy (1982), *Applied Psychological Measurement* 6, 431–444, eq. 5 and 6.
    ///
    /// # Accuracy
    /// Agrees with mirt 1.47 within 1e-8 on its own parameters of 26 calibrations of published and simulated data, and
    /// with adaptive quadrature within 5e-5 on `tests/reference/scoring_people.csv`: what a grid that ends at 6 logits
    /// does to able people of a population with standard deviation 1.2.
    ///
    /// # Limits
    /// Without answers it is the population's own mean and covariance. More than four dimensions are an error.
    ///
    /// ```
    /// use melek_irt::model::ResponseFunction;
    /// use melek_irt::responses::Response;
    /// use melek_irt::scoring::{Population, Scorer};
    /// let scorer = Scorer::new(vec![ResponseFunction::two_parameter(1.0, 0.0)?], Population::standard(1)?)?;
    /// let right = scorer.expected_a_posteriori(&[Response { item: 0, category: 1 }])?;
    /// let wrong = scorer.expected_a_posteriori(&[Response { item: 0, category: 0 }])?;
    /// assert!((right.ability[0] + wrong.ability[0]).abs() < 1e-12);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn expected_a_posteriori(&self, answers: &[Response]) -> Result<Score, ScoringError> {
        self.mean_and_covariance(answers, &mut Vec::new())
    }

    /// [`Scorer::expected_a_posteriori`] of everybody, in the order of the people.
    ///
    /// # Formula
    /// As [`Scorer::expected_a_posteriori`].
    ///
    /// # Arguments
    /// `responses`: answers to the items of the scorer.
    ///
    /// # Source
    /// As [`Scorer::expected_a_posteriori`].
    ///
    /// # Accuracy
    /// The same to the last bit as one at a time. 100,000 people with 30 answers take about a tenth of a second.
    pub fn expected_a_posteriori_of_all(&self, responses: &Responses) -> Result<Vec<Score>, ScoringError> {
        let mut posterior = Vec::new();
        (0..responses.persons()).map(|person| self.mean_and_covariance(responses.of(person), &mut posterior)).collect()
    }

    fn mean_and_covariance(&self, answers: &[Response], posterior: &mut Vec<Tile>) -> Result<Score, ScoringError> {
        if answers.is_empty() {
            let (ability, covariance) = (self.population.mean().to_vec(), self.population.covariance().to_vec());
            return Ok(Score { ability, covariance });
        }
        self.need_grid()?;
        self.fill_posterior(&self.weights, answers, posterior)?;
        Ok(self.moments(posterior))
    }

    /// Mean and covariance of node probabilities that sum to 1.
    pub(super) fn moments(&self, posterior: &[Tile]) -> Score {
        let dimensions = self.dimensions();
        let mut ability = vec![0.0; dimensions];
        for (node, weight) in posterior.iter().flatten().take(self.nodes.count).enumerate() {
            for (mean, theta) in ability.iter_mut().zip(self.nodes.at(node)) {
                *mean += weight * theta;
            }
        }
        let mut covariance = vec![vec![0.0; dimensions]; dimensions];
        let mut away = vec![0.0; dimensions];
        for (node, weight) in posterior.iter().flatten().take(self.nodes.count).enumerate() {
            let places = self.nodes.at(node).iter().zip(&ability);
            away.iter_mut().zip(places).for_each(|(away, (theta, mean))| *away = theta - mean);
            for (cells, one) in covariance.iter_mut().zip(&away) {
                for (cell, other) in cells.iter_mut().zip(&away) {
                    *cell += one * other * weight;
                }
            }
        }
        Score { ability, covariance }
    }
}
