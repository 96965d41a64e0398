//! What a person's answer differs by from the score expected at the person's ability, with the moments of that score.
//!
//! y = x − E[x | θ̂], W = E[(x − E x)²], C = E[(x − E x)⁴] at the expected ability θ̂; x the category, from 0 (Wright &
//! Masters 1982, *Rating Scale Analysis*, ch. 5).

use super::fitted::{FitError, Fitted};

/// One answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct AnswerResidual {
    pub(super) item: usize,
    pub(super) residual: f64,
    pub(super) variance: f64,
    pub(super) fourth: f64,
}

/// Calls `visit` with the residuals of each person who answered anything, in order.
pub(super) fn visit(fitted: &Fitted<'_>, mut visit: impl FnMut(&[AnswerResidual])) -> Result<(), FitError> {
    let mut probabilities = Vec::new();
    let mut residuals = Vec::new();
    for (person, ability) in fitted.abilities()?.iter().enumerate() {
        let Some(ability) = ability else { continue };
        residuals.clear();
        for answer in fitted.responses.of(person) {
            let function = &fitted.functions[usize::from(answer.item)];
            probabilities.resize(function.categories(), 0.0);
            function.fill_probabilities(function.predictor(&ability.mean), &mut probabilities);
            residuals.push(residual(usize::from(answer.item), usize::from(answer.category), &probabilities));
        }
        visit(&residuals);
    }
    Ok(())
}

fn residual(item: usize, category: usize, probabilities: &[f64]) -> AnswerResidual {
    let mean: f64 = probabilities.iter().enumerate().map(|(score, p)| score as f64 * p).sum();
    let (mut variance, mut fourth) = (0.0, 0.0);
    for (score, probability) in probabilities.iter().enumerate() {
        let square = (score as f64 - mean) * (score as f64 - mean);
        variance += square * probability;
        fourth += square * square * probability;
    }
    AnswerResidual { item, residual: category as f64 - mean, variance, fourth }
}
