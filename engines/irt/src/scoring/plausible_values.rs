//! Abilities drawn from what is known of a person after the answers, for statistics of groups: plausible values.

use rand::Rng;

use super::newton::Hill;
use super::scorer::{Scorer, ScoringError};
use crate::numeric::random::{standard_normal, uniform};
use crate::numeric::symmetric::{Factor, Symmetric};
use crate::responses::Response;

/// Degrees of freedom of the proposals: heavy enough tails to reach every part of a posterior that is normal in its own
/// tails.
const DEGREES: usize = 5;

/// Proposals between two draws. A draw keeps to within (1 − 1/M)^12 of the posterior in total variation, M the largest
/// ratio of posterior to proposal (Mengersen & Tweedie 1996, *Annals of Statistics* 24, 101–121, thm. 2.1): 1e-7 for the
/// M ≈ 1.3 of a normal posterior.
const PROPOSALS: usize = 12;

/// A proposal as the chain sees it.
struct Place {
    theta: Vec<f64>,
    /// ln posterior − ln proposal density, up to constants.
    weight: f64,
}

/// Multivariate t around the posterior mode.
struct Proposal<'a> {
    hill: Hill<'a>,
    mode: Vec<f64>,
    factor: Factor,
}

impl Scorer {
    /// Abilities drawn from a person's posterior, logits: one row a draw, one number a dimension.
    ///
    /// # Formula
    /// θ ~ p(θ | x) ∝ φ(θ) Π_j P_j(x_j | θ), by independence Metropolis–Hastings with proposals from a t distribution of 5
    /// degrees around the mode with the inverse observed information as its scale
    ///
    /// # Arguments
    /// - `answers`: as [`Scorer::expected_a_posteriori`].
    /// - `count`: draws, typically 5 … 20.
    /// - `rng`: a seeded generator; its raw words alone decide the draws.
    ///
    /// # Source
    /// Mislevy (1991), *Psychometrika* 56, 177–196; the chain Tierney (1994), *Annals of Statistics* 22, 1701–1728, sec.
    /// 2.3.2.
    ///
    /// # Accuracy
    /// The posterior itself, without a grid: mean and spread of 20,000 draws agree with [`Scorer::expected_a_posteriori`]
    /// within their sampling error. Successive draws are correlated by less than .001 unless the posterior has two far
    /// peaks.
    ///
    /// # Limits
    /// Without answers the draws come from the population. The items' own errors are not in them.
    ///
    /// ```
    /// use melek_irt::model::ResponseFunction;
    /// use melek_irt::responses::Response;
    /// use melek_irt::scoring::{Population, Scorer};
    /// use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
    /// let scorer = Scorer::new(vec![ResponseFunction::two_parameter(1.0, 0.0)?], Population::standard(1)?)?;
    /// let answers = [Response { item: 0, category: 1 }];
    /// let values = scorer.plausible_values(&answers, 5, &mut ChaCha8Rng::seed_from_u64(7))?;
    /// assert_eq!(values.len(), 5);
    /// assert_eq!(values, scorer.plausible_values(&answers, 5, &mut ChaCha8Rng::seed_from_u64(7))?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn plausible_values<R: Rng + ?Sized>(
        &self,
        answers: &[Response],
        count: usize,
        rng: &mut R,
    ) -> Result<Vec<Vec<f64>>, ScoringError> {
        let mode = self.maximum_a_posteriori(answers)?;
        let mut scale = Symmetric::zeros(self.dimensions());
        for (row, cells) in mode.covariance.iter().enumerate() {
            cells.iter().enumerate().for_each(|(column, value)| scale.add(row, column, *value));
        }
        let Ok(factor) = scale.factor() else { return Err(ScoringError::Impossible) };
        let hill = Hill { scorer: self, answers, with_population: true };
        let proposal = Proposal { hill, mode: mode.ability, factor };
        let mut here = proposal.draw(rng);
        let mut values = Vec::with_capacity(count);
        for _ in 0..count {
            for _ in 0..PROPOSALS {
                let there = proposal.draw(rng);
                if libm::log(uniform(rng)) < there.weight - here.weight {
                    here = there;
                }
            }
            values.push(here.theta.clone());
        }
        Ok(values)
    }
}

impl Proposal<'_> {
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> Place {
        let normal: Vec<f64> = self.mode.iter().map(|_| standard_normal(rng)).collect();
        let square = |_| {
            let z = standard_normal(rng);
            z * z
        };
        let chi_square: f64 = (0..DEGREES).map(square).sum();
        let stretch = (DEGREES as f64 / chi_square).sqrt();
        let scaled: Vec<f64> = normal.iter().map(|z| z * stretch).collect();
        let deviation = self.factor.times(&scaled);
        let theta: Vec<f64> = self.mode.iter().zip(&deviation).map(|(mode, change)| mode + change).collect();
        let distance: f64 = scaled.iter().map(|z| z * z).sum();
        let degrees = DEGREES as f64;
        let log_proposal = -0.5 * (degrees + theta.len() as f64) * libm::log(1.0 + distance / degrees);
        let weight = self.hill.value(&theta) - log_proposal;
        Place { theta, weight }
    }
}
