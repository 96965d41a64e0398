//! The maximisation step: the best parameters of a block, or of a group's ability, given the expected counts.
//!
//! Fisher scoring: with expected counts r_qk of category k and n_q people at node q, gradient Σ r_qk ∂ln P_k and
//! information Σ n_q Σ ∂P_k ∂P_k / P_k, which is positive definite for every model (Bock & Aitkin 1981, eq. 10–12).

use super::block::Block;
use super::integration::Integration;
use super::latent::Latent;
use super::nodes::{Nodes, TILE, Tile};
use crate::model::{Derivatives, ResponseFunction};
use crate::numeric::symmetric::Symmetric;

/// Scoring steps of one maximisation: the outer iteration repeats anyway.
const MOST_STEPS: usize = 4;

/// A step this short, in logits, is taken without asking whether it helps, and ends the maximisation: the error left is
/// its square, and the outer iteration comes back.
const SHORT_STEP: f64 = 0.05;

/// Longest change of a parameter in one step, in logits.
const LONGEST_STEP: f64 = 1.5;

/// Halvings of a step that made things worse.
const MOST_HALVINGS: u32 = 12;

/// First derivatives and information of the expected complete-data log-likelihood.
#[derive(Debug, Clone)]
pub(crate) struct Evaluation {
    pub(crate) gradient: Vec<f64>,
    pub(crate) information: Symmetric,
}

impl Evaluation {
    fn zeros(length: usize) -> Self {
        Self { gradient: vec![0.0; length], information: Symmetric::zeros(length) }
    }
}

/// At a block's values, or nothing where they describe no response function. `counts` of every item of the test.
pub(crate) fn evaluate(
    block: &Block,
    values: &[f64],
    integration: &Integration<'_>,
    counts: &[Vec<Tile>],
) -> Option<Evaluation> {
    let mut total = Evaluation::zeros(block.length);
    for (position, item) in block.items.iter().enumerate() {
        let function = block.function(values, position)?;
        let links = block.links(values, position);
        let mut needed: Vec<usize> = links.iter().map(|link| link.local).collect();
        needed.sort_unstable();
        needed.dedup();
        let local = local_evaluation(&function, &needed, integration.item_nodes(*item), &counts[*item]);
        let place = |local: usize| needed.partition_point(|known| *known < local);
        for one in &links {
            let row = place(one.local);
            total.gradient[one.parameter] += one.derivative * local.gradient[row];
            for other in &links {
                let information = local.information.get(row, place(other.local));
                total.information.add(one.parameter, other.parameter, one.derivative * other.derivative * information);
            }
        }
    }
    for (parameter, value, derivative, prior) in block.priors(values) {
        let [_, first, second] = prior.log_density(value);
        total.gradient[parameter] += derivative * first;
        total.information.add(parameter, parameter, (-second * derivative * derivative).max(0.0));
    }
    Some(total)
}

/// By the needed ones of the slopes of all dimensions and the form's own parameters after them.
fn local_evaluation(function: &ResponseFunction, needed: &[usize], nodes: &Nodes, counts: &[Tile]) -> Evaluation {
    let (tiles, dimensions, categories) = (nodes.tiles(), nodes.dimensions, function.categories());
    let mut sum = Evaluation::zeros(needed.len());
    let mut at = Derivatives::default();
    let mut slope = vec![0.0; needed.len()];
    for node in 0..nodes.count {
        let count = |category: usize| counts[category * tiles + node / TILE][node % TILE];
        let people: f64 = (0..categories).map(count).sum();
        if people <= NOBODY {
            continue;
        }
        let theta = nodes.at(node);
        function.derivatives(function.predictor(theta), &mut at);
        for category in 0..categories {
            let by_predictor = at.by_predictor[category];
            let own = at.by_own(category);
            for (slope, local) in slope.iter_mut().zip(needed) {
                *slope = if *local < dimensions { by_predictor * theta[*local] } else { own[*local - dimensions] };
            }
            let inverse = 1.0 / at.probability[category].max(f64::MIN_POSITIVE);
            let (weight, expected) = (count(category) * inverse, people * inverse);
            for row in 0..needed.len() {
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

/// Expected people at a node below which it is passed over: all nodes together then miss less than rounding.
const NOBODY: f64 = 1e-13;

/// The expected complete-data log-likelihood of a block, priors included.
fn objective(block: &Block, values: &[f64], integration: &Integration<'_>, counts: &[Vec<Tile>]) -> Option<f64> {
    let mut sum = 0.0;
    for (position, item) in block.items.iter().enumerate() {
        let nodes = integration.item_nodes(*item);
        let tiles = nodes.tiles();
        let function = block.function(values, position)?;
        let mut probabilities = vec![0.0; function.categories()];
        for node in 0..nodes.count {
            function.fill_probabilities(function.predictor(nodes.at(node)), &mut probabilities);
            for (category, probability) in probabilities.iter().enumerate() {
                let count = counts[*item][category * tiles + node / TILE][node % TILE];
                if count > NOBODY {
                    sum += count * libm::log(probability.max(f64::MIN_POSITIVE));
                }
            }
        }
    }
    sum += block.priors(values).iter().map(|(_, value, _, prior)| prior.log_density(*value)[0]).sum::<f64>();
    sum.is_finite().then_some(sum)
}

/// The block's values after a few scoring steps that never make the objective worse.
pub(crate) fn maximise(block: &Block, values: &[f64], integration: &Integration<'_>, counts: &[Vec<Tile>]) -> Vec<f64> {
    Part::Items { block, integration, counts }.climb(values.to_vec())
}

/// The same for the free elements of a group's ability.
pub(crate) fn maximise_latent(latent: &Latent, nodes: &Nodes, people: &[Tile]) -> Vec<f64> {
    Part::Ability { latent, nodes, people }.climb(latent.values())
}

pub(crate) fn evaluate_latent(latent: &Latent, nodes: &Nodes, people: &[Tile]) -> Option<Evaluation> {
    let (gradient, information) = latent.gradient(nodes, people)?;
    Some(Evaluation { gradient, information })
}

/// A part of the parameters whose expected complete-data log-likelihood does not depend on the others.
enum Part<'a> {
    Items { block: &'a Block, integration: &'a Integration<'a>, counts: &'a [Vec<Tile>] },
    Ability { latent: &'a Latent, nodes: &'a Nodes, people: &'a [Tile] },
}

impl Part<'_> {
    fn evaluate(&self, values: &[f64]) -> Option<Evaluation> {
        match *self {
            Self::Items { block, integration, counts } => evaluate(block, values, integration, counts),
            Self::Ability { latent, nodes, people } => evaluate_latent(&latent.with_values(values), nodes, people),
        }
    }

    fn objective(&self, values: &[f64]) -> Option<f64> {
        match *self {
            Self::Items { block, integration, counts } => objective(block, values, integration, counts),
            Self::Ability { latent, nodes, people } => latent.with_values(values).objective(nodes, people),
        }
    }

    /// Whether the values describe anything: graded intercepts may cross, a variance may turn negative.
    fn describes(&self, values: &[f64]) -> bool {
        match *self {
            Self::Items { block, .. } => {
                (0..block.items.len()).all(|position| block.function(values, position).is_some())
            }
            Self::Ability { latent, nodes, .. } => latent.with_values(values).weights(nodes).is_some(),
        }
    }

    fn climb(&self, mut values: Vec<f64>) -> Vec<f64> {
        if values.is_empty() {
            return values;
        }
        let mut height = None;
        for _ in 0..MOST_STEPS {
            let Some(here) = self.evaluate(&values) else { break };
            let step = scoring_step(&here);
            let moved = |share: f64| -> Vec<f64> {
                values.iter().zip(&step).map(|(value, step)| value + share * step).collect()
            };
            let longest = step.iter().fold(0.0_f64, |longest, change| longest.max(change.abs()));
            if longest < SHORT_STEP {
                let reached = moved(1.0);
                return if self.describes(&reached) { reached } else { values };
            }
            let Some(before) = height.or_else(|| self.objective(&values)) else { break };
            let higher = (0..MOST_HALVINGS).find_map(|halvings| {
                let reached = moved(1.0 / f64::from(1_u32 << halvings));
                let height = self.describes(&reached).then(|| self.objective(&reached))??;
                (height >= before - 1e-9 * before.abs()).then_some((reached, height))
            });
            let Some((reached, reached_height)) = higher else { break };
            values = reached;
            height = Some(reached_height);
        }
        values
    }
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
