//! A person's expected ability after the answers, and its standard deviation, in logits, on a grid.
//!
//! E[θ | x] = Σ_q θ_q w_q Π_j P_j(x_j | θ_q) / Σ_q w_q Π_j P_j(x_j | θ_q) (Bock & Mislevy 1982, *Applied Psychological
//! Measurement* 6, 431–444). For the statistics of fit only; scores are the business of another module.

use super::fitted::{Fitted, probabilities};
use crate::calibration::Nodes;

/// Mean and standard deviation of the posterior, one a dimension.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Ability {
    pub(super) mean: Vec<f64>,
    pub(super) deviation: Vec<f64>,
}

/// One a person; nothing for a person without answers.
pub(super) fn expected_abilities(fitted: &Fitted<'_>, nodes: &Nodes, weights: &[Vec<f64>]) -> Vec<Option<Ability>> {
    let logarithms: Vec<Vec<Vec<f64>>> =
        fitted.functions.iter().map(|function| logarithms_of(probabilities(function, nodes))).collect();
    let log_weights = logarithms_of(weights.to_vec());
    let mut posterior = vec![0.0; nodes.count];
    let one = |person: usize| {
        let answers = fitted.responses.of(person);
        if answers.is_empty() {
            return None;
        }
        posterior.copy_from_slice(&log_weights[fitted.group(person)]);
        for answer in answers {
            let row = &logarithms[usize::from(answer.item)][usize::from(answer.category)];
            posterior.iter_mut().zip(row).for_each(|(sum, term)| *sum += term);
        }
        Some(summary(&mut posterior, nodes))
    };
    (0..fitted.responses.persons()).map(one).collect()
}

fn logarithms_of(mut rows: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    rows.iter_mut().flatten().for_each(|value| *value = libm::log(value.max(f64::MIN_POSITIVE)));
    rows
}

fn summary(posterior: &mut [f64], nodes: &Nodes) -> Ability {
    let largest = posterior.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut total = 0.0;
    for value in posterior.iter_mut() {
        *value = libm::exp(*value - largest);
        total += *value;
    }
    let mut ability = Ability { mean: Vec::new(), deviation: Vec::new() };
    for dimension in 0..nodes.dimensions {
        let at = |node: usize| nodes.at(node)[dimension];
        let mean = posterior.iter().enumerate().map(|(node, weight)| weight * at(node)).sum::<f64>() / total;
        let square = |(node, weight): (usize, &f64)| weight * (at(node) - mean) * (at(node) - mean);
        let variance = posterior.iter().enumerate().map(square).sum::<f64>() / total;
        ability.mean.push(mean);
        ability.deviation.push(variance.sqrt());
    }
    ability
}
