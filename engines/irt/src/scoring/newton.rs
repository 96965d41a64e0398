//! The highest point of a log-likelihood, with or without the population's density, by Newton's method.
//!
//! Where the observed information is not positive definite (below the floor of guessing a likelihood may be convex) the
//! expected information takes its place for a step, which is Fisher's scoring. A step that goes down is halved.

use super::curve::Curve;
use super::scorer::Scorer;
use crate::numeric::symmetric::Symmetric;
use crate::responses::Response;

/// Steps at most; Newton's method doubles the digits at each once it is near.
pub(super) const MOST_STEPS: usize = 200;

/// A step this short, in logits, ends the climb: the error left is its square.
const SHORT_STEP: f64 = 1e-9;

/// Longest change of a dimension in one step, in logits.
const LONGEST_STEP: f64 = 2.0;

/// Beyond it, in logits, no ability can be told from an infinite one: the chances of answers differ from their limits
/// by less than the arithmetic can show.
const FARTHEST: f64 = 30.0;

/// Halvings of a step that made things worse.
const MOST_HALVINGS: usize = 30;

/// Value, gradient, and minus the second derivatives: those of the answers given, and expected over answers.
#[derive(Debug, Clone)]
pub(super) struct Evaluation {
    pub(super) value: f64,
    pub(super) gradient: Vec<f64>,
    pub(super) observed: Symmetric,
    pub(super) expected: Symmetric,
}

/// Where a climb ended.
#[derive(Debug, Clone)]
pub(super) enum Climb {
    Top {
        theta: Vec<f64>,
        at: Evaluation,
    },
    /// Beyond all abilities, with the last step.
    Away {
        step: Vec<f64>,
        value: f64,
    },
    /// The answers say nothing about some direction, or no end came in sight.
    Lost,
}

/// Log-likelihood of answers; plus the population's log-density where `with_population` holds.
#[derive(Clone, Copy)]
pub(super) struct Hill<'a> {
    pub(super) scorer: &'a Scorer,
    pub(super) answers: &'a [Response],
    pub(super) with_population: bool,
}

impl Hill<'_> {
    pub(super) fn at(&self, theta: &[f64]) -> Evaluation {
        let dimensions = theta.len();
        let mut here = Evaluation {
            value: 0.0,
            gradient: vec![0.0; dimensions],
            observed: Symmetric::zeros(dimensions),
            expected: Symmetric::zeros(dimensions),
        };
        if self.with_population {
            let population = &self.scorer.population;
            here.value = population.log_density(theta);
            here.gradient = population.log_gradient(theta);
            here.observed = population.precision().clone();
            here.expected = population.precision().clone();
        }
        let mut curve = Curve::default();
        for answer in self.answers {
            let function = &self.scorer.functions[usize::from(answer.item)];
            curve.fill(function, function.predictor(theta));
            let [value, first, second] = curve.logarithm(usize::from(answer.category));
            let information = curve.information();
            here.value += value;
            for (row, slope) in function.slopes().iter().enumerate() {
                here.gradient[row] += slope * first;
                for (column, other) in function.slopes().iter().enumerate() {
                    here.observed.add(row, column, -slope * other * second);
                    here.expected.add(row, column, slope * other * information);
                }
            }
        }
        here
    }

    /// The value alone.
    pub(super) fn value(&self, theta: &[f64]) -> f64 {
        let mut value = if self.with_population { self.scorer.population.log_density(theta) } else { 0.0 };
        let mut probabilities = Vec::new();
        for answer in self.answers {
            let function = &self.scorer.functions[usize::from(answer.item)];
            probabilities.resize(function.categories(), 0.0);
            function.fill_probabilities(function.predictor(theta), &mut probabilities);
            value += libm::log(probabilities[usize::from(answer.category)].max(f64::MIN_POSITIVE));
        }
        value
    }

    pub(super) fn climb(&self, start: &[f64]) -> Climb {
        let mut theta = start.to_vec();
        let mut at = self.at(&theta);
        for _ in 0..MOST_STEPS {
            let Some(mut step) = direction(&at) else { return Climb::Lost };
            let longest = largest(&step);
            if longest < SHORT_STEP {
                return Climb::Top { theta, at };
            }
            let shorter = (LONGEST_STEP / longest).min(1.0);
            step.iter_mut().for_each(|change| *change *= shorter);
            let Some((reached, there)) = self.upwards(&theta, &mut step, &at) else {
                // No way leads up: the arithmetic shows no higher point.
                return Climb::Top { theta, at };
            };
            (theta, at) = (reached, there);
            if largest(&theta) > FARTHEST {
                return Climb::Away { step, value: at.value };
            }
        }
        Climb::Lost
    }

    fn upwards(&self, theta: &[f64], step: &mut [f64], here: &Evaluation) -> Option<(Vec<f64>, Evaluation)> {
        for _ in 0..MOST_HALVINGS {
            let reached: Vec<f64> = theta.iter().zip(&*step).map(|(value, change)| value + change).collect();
            let there = self.at(&reached);
            if there.value >= here.value - 1e-12 * here.value.abs() {
                return Some((reached, there));
            }
            step.iter_mut().for_each(|change| *change *= 0.5);
        }
        None
    }
}

fn direction(at: &Evaluation) -> Option<Vec<f64>> {
    let factor = at.observed.factor().or_else(|_| at.expected.factor()).ok()?;
    let mut step = at.gradient.clone();
    factor.solve(&mut step);
    step.iter().all(|change| change.is_finite()).then_some(step)
}

fn largest(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |largest, value| f64::max(largest, value.abs()))
}

/// The inverse as rows.
pub(super) fn inverse(information: &Symmetric) -> Option<Vec<Vec<f64>>> {
    let inverse = information.factor().ok()?.inverse();
    Some((0..inverse.order()).map(|row| inverse.row(row).to_vec()).collect())
}
