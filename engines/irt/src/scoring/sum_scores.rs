//! Ability after the sum of the scores alone: the table that goes with a paper test.

use std::collections::BTreeMap;

use super::estimate::Score;
use super::scorer::{Scorer, ScoringError};
use crate::calibration::{TILE, Tile};
use crate::responses::{Response, Responses};

/// One line of the table.
#[derive(Debug, Clone, PartialEq)]
pub struct SumScore {
    /// Sum of the categories, each counted from 0.
    pub sum: usize,
    /// Share of the population with this sum, 0 … 1.
    pub probability: f64,
    pub score: Score,
}

/// Every possible sum of some items, from 0 upwards.
#[derive(Debug, Clone, PartialEq)]
pub struct SumScoreTable {
    pub lines: Vec<SumScore>,
}

impl Scorer {
    /// Expected ability and its standard error by the sum of the scores of some items, and how many people have it.
    ///
    /// # Formula
    /// L_s(θ) after item j = Σ_k L_(s−k)(θ) P_jk(θ), starting from L_0 = 1; θ̂_s = Σ θ_q p_q, p_q ∝ w_q L_s(θ_q); share of
    /// the population Σ w_q L_s(θ_q)
    ///
    /// # Arguments
    /// `items`: positions from 0, each once; all of a test, or those that were presented.
    ///
    /// # Source
    /// Lord & Wingersky (1984), *Applied Psychological Measurement* 8, 453–461; more categories and the table Thissen,
    /// Pommerich, Billeaud & Williams (1995), *Applied Psychological Measurement* 19, 39–49, eq. 3–8.
    ///
    /// # Accuracy
    /// Agrees with the sum over all patterns within 1e-9 on `tests/reference/scoring_sums.csv`.
    ///
    /// # Limits
    /// A sum that no ability reaches with a chance above 1e-300 has the population's own ability. No item gives the one
    /// line of the population. More than four dimensions are an error.
    ///
    /// ```
    /// use melek_irt::model::ResponseFunction;
    /// use melek_irt::scoring::{Population, Scorer};
    /// let item = ResponseFunction::two_parameter(1.0, 0.0)?;
    /// let scorer = Scorer::new(vec![item; 4], Population::standard(1)?)?;
    /// let table = scorer.sum_scores(&[0, 1, 2, 3])?;
    /// assert_eq!(table.lines.len(), 5);
    /// assert!(table.lines[2].score.ability[0].abs() < 1e-12);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn sum_scores(&self, items: &[usize]) -> Result<SumScoreTable, ScoringError> {
        if let Some(item) = items.iter().copied().find(|item| *item >= self.functions.len()) {
            return Err(ScoringError::UnknownItem { item, items: self.functions.len() });
        }
        self.need_grid()?;
        let mut likelihoods = vec![self.flat.clone()];
        for item in items {
            likelihoods = self.with_item(&likelihoods, *item);
        }
        let lines = likelihoods.iter().enumerate().map(|(sum, likelihood)| self.line(sum, likelihood)).collect();
        Ok(SumScoreTable { lines })
    }

    /// The line of everybody's own sum over the items that person answered, in the order of the people.
    ///
    /// # Formula
    /// As [`Scorer::sum_scores`], one table for each set of items that occurs.
    ///
    /// # Arguments
    /// `responses`: answers to the items of the scorer.
    ///
    /// # Source
    /// As [`Scorer::sum_scores`].
    ///
    /// # Limits
    /// A table a set of items: fast for forms of a test, slow where everybody has a set of one's own.
    pub fn sum_scores_of_all(&self, responses: &Responses) -> Result<Vec<SumScore>, ScoringError> {
        let mut tables: BTreeMap<Vec<usize>, SumScoreTable> = BTreeMap::new();
        let mut scores = Vec::with_capacity(responses.persons());
        for person in 0..responses.persons() {
            let answers = responses.of(person);
            self.check(answers)?;
            let items: Vec<usize> = answers.iter().map(|answer| usize::from(answer.item)).collect();
            let sum: usize = answers.iter().map(|answer: &Response| usize::from(answer.category)).sum();
            if let Some(table) = tables.get(&items) {
                scores.push(table.lines[sum].clone());
            } else {
                let table = self.sum_scores(&items)?;
                scores.push(table.lines[sum].clone());
                tables.insert(items, table);
            }
        }
        Ok(scores)
    }

    fn with_item(&self, likelihoods: &[Vec<Tile>], item: usize) -> Vec<Vec<Tile>> {
        let categories = self.functions[item].categories();
        let mut longer = vec![vec![[0.0; TILE]; self.nodes.tiles()]; likelihoods.len() + categories - 1];
        for (sum, likelihood) in likelihoods.iter().enumerate() {
            for category in 0..categories {
                let tiles = longer[sum + category].iter_mut().zip(likelihood).zip(self.row(item, category));
                for ((out, before), chance) in tiles {
                    for lane in 0..TILE {
                        out[lane] += before[lane] * chance[lane];
                    }
                }
            }
        }
        longer
    }

    fn line(&self, sum: usize, likelihood: &[Tile]) -> SumScore {
        let mut posterior = self.weights.clone();
        let mut probability = 0.0;
        for (weight, chance) in posterior.iter_mut().flatten().zip(likelihood.iter().flatten()) {
            *weight *= chance;
            probability += *weight;
        }
        if probability < f64::MIN_POSITIVE {
            let (ability, covariance) = (self.population.mean().to_vec(), self.population.covariance().to_vec());
            return SumScore { sum, probability: 0.0, score: Score { ability, covariance } };
        }
        posterior.iter_mut().flatten().for_each(|weight| *weight /= probability);
        SumScore { sum, probability, score: self.moments(&posterior) }
    }
}
