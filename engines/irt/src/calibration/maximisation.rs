//! The maximisation step: the best parameters of a block, or of a group's ability, given the expected counts.
//!
//! Fisher scoring: with expected counts r_qk of category k and n_q people at node q, gradient Σ r_qk ∂ln P_k and
//! information Σ n_q Σ ∂P_k ∂P_k / P_k, which is positive definite for every model (Bock & Aitkin 1981, eq. 10–12).

use super::block::Block;
use super::latent::Latent;
use super::nodes::{Nodes, TILE, Tile};
use crate::model::{Derivatives, ResponseFunction};
use crate::numeric::symmetric::Symmetric;

/// Scoring steps of one maximisation: the outer iteration repeats anyway.
const MOST_STEPS: usize = 5;

/// A step this short, in logits, ends the maximisation: the error left is its square.
const SHORT_STEP: f64 = 1e-3;

/// Longest change of a parameter in one step, in logits.
const LONGEST_STEP: f64 = 1.5;

/// Halvings of a step that made things worse.
const MOST_HALVINGS: usize = 12;

/// Value of the expected complete-data log-likelihood with its first derivatives and information.
#[derive(Debug, Clone)]
pub(crate) struct Evaluation {
    pub(crate) objective: f64,
    pub(crate) gradient: Vec<f64>,
    pub(crate) information: Symmetric,
}

/// At a block's values, or nothing where they describe no response function. `counts` of every item of the test.
pub(crate) fn evaluate(block: &Block, values: &[f64], nodes: &Nodes, counts: &[Vec<Tile>]) -> Option<Evaluation> {
    let mut total =
        Evaluation { objective: 0.0, gradient: vec![0.0; block.length], information: Symmetric::zeros(block.length) };
    for (position, item) in block.items.iter().enumerate() {
        let function = block.function(values, position)?;
        let local = local_evaluation(&function, nodes, &counts[*item]);
        total.objective += local.objective;
        let links = block.links(values, position);
        for one in &links {
            total.gradient[one.parameter] += one.derivative * local.gradient[one.local];
            for other in &links {
                let information = one.derivative * other.derivative * local.information.get(one.local, other.local);
                total.information.add(one.parameter, other.parameter, information);
            }
        }
    }
    for (parameter, value, derivative, prior) in block.priors(values) {
        let [density, first, second] = prior.log_density(value);
        total.objective += density;
        total.gradient[parameter] += derivative * first;
        total.information.add(parameter, parameter, (-second * derivative * derivative).max(0.0));
    }
    total.objective.is_finite().then_some(total)
}

/// By the slopes of all dimensions, then the form's own parameters.
fn local_evaluation(function: &ResponseFunction, nodes: &Nodes, counts: &[Tile]) -> Evaluation {
    let (tiles, dimensions) = (nodes.tiles(), nodes.dimensions);
    let length = dimensions + function.own().len();
    let mut sum = Evaluation { objective: 0.0, gradient: vec![0.0; length], information: Symmetric::zeros(length) };
    let mut at = Derivatives::default();
    let mut slope = vec![0.0; length];
    for node in 0..nodes.count {
        let count = |category: usize| counts[category * tiles + node / TILE][node % TILE];
        let people: f64 = (0..function.categories()).map(count).sum();
        if people <= 0.0 {
            continue;
        }
        let theta = nodes.at(node);
        function.derivatives(function.predictor(theta), &mut at);
        for category in 0..function.categories() {
            let probability = at.probability[category].max(f64::MIN_POSITIVE);
            for (slope, ability) in slope.iter_mut().zip(theta) {
                *slope = at.by_predictor[category] * ability;
            }
            slope[dimensions..].copy_from_slice(at.by_own(category));
            let observed = count(category);
            sum.objective += observed * libm::log(probability);
            let (weight, expected) = (observed / probability, people / probability);
            for row in 0..length {
                sum.gradient[row] += weight * slope[row];
                let scaled = expected * slope[row];
                for (cell, other) in sum.information.row_mut(row)[..=row].iter_mut().zip(&slope) {
                    *cell += scaled * other;
                }
            }
        }
    }
    sum.information.mirror();
    sum
}

/// The block's values after a few scoring steps that never make the objective worse.
pub(crate) fn maximise(block: &Block, values: &[f64], nodes: &Nodes, counts: &[Vec<Tile>]) -> Vec<f64> {
    climb(values.to_vec(), |values| evaluate(block, values, nodes, counts))
}

/// The same for the free elements of a group's ability.
pub(crate) fn maximise_latent(latent: &Latent, nodes: &Nodes, people: &[Tile]) -> Vec<f64> {
    climb(latent.values(), |values| evaluate_latent(&latent.with_values(values), nodes, people))
}

pub(crate) fn evaluate_latent(latent: &Latent, nodes: &Nodes, people: &[Tile]) -> Option<Evaluation> {
    let (gradient, information) = latent.gradient(nodes, people)?;
    Some(Evaluation { objective: latent.objective(nodes, people)?, gradient, information })
}

fn climb(mut values: Vec<f64>, evaluate: impl Fn(&[f64]) -> Option<Evaluation>) -> Vec<f64> {
    if values.is_empty() {
        return values;
    }
    let Some(mut here) = evaluate(&values) else { return values };
    for _ in 0..MOST_STEPS {
        let step = scoring_step(&here);
        let Some((reached, there, length)) = shortened(&values, &step, &here, &evaluate) else { break };
        values = reached;
        here = there;
        if length < SHORT_STEP {
            break;
        }
    }
    values
}

/// Information⁻¹ gradient, with the information steepened until it can be inverted, no parameter moving too far.
fn scoring_step(here: &Evaluation) -> Vec<f64> {
    let mut step = here.gradient.clone();
    let mut ridge = 0.0;
    loop {
        let mut information = here.information.clone();
        for row in 0..information.order() {
            let diagonal = information.get(row, row).abs();
            information.add(row, row, ridge * (diagonal + 1e-6));
        }
        match information.factor() {
            Ok(factor) => {
                factor.solve(&mut step);
                break;
            }
            Err(_) if ridge < 1e3 => ridge = if ridge == 0.0 { 1e-8 } else { ridge * 100.0 },
            Err(_) => break,
        }
    }
    let longest = step.iter().fold(0.0_f64, |longest, change| longest.max(change.abs()));
    if longest > LONGEST_STEP {
        step.iter_mut().for_each(|change| *change *= LONGEST_STEP / longest);
    }
    step
}

fn shortened(
    values: &[f64],
    step: &[f64],
    here: &Evaluation,
    evaluate: &impl Fn(&[f64]) -> Option<Evaluation>,
) -> Option<(Vec<f64>, Evaluation, f64)> {
    let longest = step.iter().fold(0.0_f64, |longest, change| longest.max(change.abs()));
    let mut share = 1.0;
    for _ in 0..MOST_HALVINGS {
        let reached: Vec<f64> = values.iter().zip(step).map(|(value, change)| value + share * change).collect();
        match evaluate(&reached) {
            Some(there) if there.objective >= here.objective - 1e-9 * here.objective.abs() => {
                return Some((reached, there, share * longest));
            }
            _ => share *= 0.5,
        }
    }
    None
}
