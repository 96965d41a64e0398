//! The likelihood of a person's answers at even points of one ability.
//!
//! The rectangle rule on an even grid, as in [`crate::calibration::Grid`]: its error is far below 1e-6 where the step is
//! below the posterior standard deviation and the grid covers the posterior.

use crate::calibration::Grid;
use crate::model::ResponseFunction;
use crate::responses::Response;

/// Answers or a grid that give no ability. Items and categories count from 0.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum AnswerError {
    #[error("a grid of {points} points from {lowest} to {highest} logits; at least 2 rising finite points are needed")]
    Grid { points: usize, lowest: f64, highest: f64 },
    #[error("an answer to item {item}, but there are only {items} items")]
    UnknownItem { item: u16, items: usize },
    #[error("category {category} of item {item}, which has {categories}")]
    UnknownCategory { item: u16, category: u8, categories: usize },
    #[error("item {item} measures {dimensions} dimensions; one is needed")]
    Dimensions { item: u16, dimensions: usize },
    #[error("a population of mean {mean} and standard deviation {deviation}; the deviation must be above 0")]
    Population { mean: f64, deviation: f64 },
    #[error("no ability from {lowest} to {highest} logits can give these answers")]
    Impossible { lowest: f64, highest: f64 },
}

/// The points, or what is wrong with the grid.
pub(super) fn points(grid: &Grid) -> Result<Vec<f64>, AnswerError> {
    let Grid { points, lowest, highest } = *grid;
    if points < 2 || !lowest.is_finite() || !highest.is_finite() || lowest >= highest {
        return Err(AnswerError::Grid { points, lowest, highest });
    }
    Ok((0..points).map(|index| grid.point(index)).collect())
}

/// The log likelihood of `answers` at every one of `points`, which are not empty; finite at one of them at least.
pub(super) fn log_likelihood<'a>(
    items: &[ResponseFunction],
    answers: impl IntoIterator<Item = &'a Response>,
    points: &[f64],
) -> Result<Vec<f64>, AnswerError> {
    let mut logarithms = vec![0.0; points.len()];
    let mut probabilities = Vec::new();
    for answer in answers {
        let function = function_of(items, answer)?;
        probabilities.resize(function.categories(), 0.0);
        for (logarithm, point) in logarithms.iter_mut().zip(points) {
            function.fill_probabilities(function.predictor(&[*point]), &mut probabilities);
            *logarithm += libm::log(probabilities[usize::from(answer.category)]);
        }
    }
    if logarithms.iter().all(|logarithm| *logarithm == f64::NEG_INFINITY) {
        return Err(AnswerError::Impossible { lowest: points[0], highest: points[points.len() - 1] });
    }
    Ok(logarithms)
}

/// Weights that are proportional to e^logarithms, the largest 1, with the logarithm of what they were divided by.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Weights {
    pub(super) relative: Vec<f64>,
    pub(super) divisor: f64,
}

impl Weights {
    pub(super) fn of(logarithms: &[f64]) -> Self {
        let divisor = logarithms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let relative = logarithms.iter().map(|logarithm| libm::exp(logarithm - divisor)).collect();
        Self { relative, divisor }
    }
}

fn function_of<'a>(items: &'a [ResponseFunction], answer: &Response) -> Result<&'a ResponseFunction, AnswerError> {
    let Response { item, category } = *answer;
    let unknown = AnswerError::UnknownItem { item, items: items.len() };
    let function = items.get(usize::from(item)).ok_or(unknown)?;
    let (dimensions, categories) = (function.slopes().len(), function.categories());
    if dimensions != 1 {
        return Err(AnswerError::Dimensions { item, dimensions });
    }
    if usize::from(category) >= categories {
        return Err(AnswerError::UnknownCategory { item, category, categories });
    }
    Ok(function)
}
