//! The likelihood of one dimension's answers, tabulated on a fixed grid of abilities, and its moments under a normal
//! weight.
//!
//! Because every item measures one dimension, all answers of a dimension multiply to one function of one ability. On
//! an equally spaced grid the trapezoid rule for such a smooth function times a normal density converges faster than
//! any power of the step (Trefethen & Weideman 2014, *SIAM Review* 56, 385–458), and the table costs one exponential a
//! node and answer. Grid in logits, scaled to the prior.

use crate::model::Item;

/// Half the grid's width in prior standard deviations. The prior's mass beyond is 1e-15.
const HALF_WIDTH: f64 = 8.0;

/// Nodes to a prior standard deviation. With step h and posterior standard deviation s the rule's relative error is
/// about 2 exp(−2π² s²/h²): 1e-13 at s = 1.25 h, which is a dimension with about 40 well-placed answers.
const NODES_PER_DEVIATION: f64 = 8.0;

/// 2 · 8 · 8 + 1, so that the prior mean is a node.
const NODES: usize = 129;

/// Mean and variance of a normal density × likelihood.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moments {
    pub mean: f64,
    pub variance: f64,
}

/// Product of the likelihoods of one dimension's answers, up to a factor, on a grid of abilities.
#[derive(Debug, Clone)]
pub(crate) struct Likelihood {
    first: f64,
    step: f64,
    values: [f64; NODES],
    answers: usize,
}

impl Likelihood {
    /// The likelihood of no answer, on a grid around a prior mean.
    pub fn flat(prior_mean: f64, prior_variance: f64) -> Self {
        let deviation = prior_variance.sqrt();
        Self {
            first: prior_mean - HALF_WIDTH * deviation,
            step: deviation / NODES_PER_DEVIATION,
            values: [1.0; NODES],
            answers: 0,
        }
    }

    pub fn answers(&self) -> usize {
        self.answers
    }

    /// Multiplies one answer in and rescales the largest value to 1, so that long tests do not underflow.
    pub fn multiply(&mut self, item: &Item, correct: bool) {
        let mut largest = 0.0_f64;
        for (node, value) in self.values.iter_mut().enumerate() {
            *value *= item.likelihood(self.first + self.step * node as f64, correct);
            largest = largest.max(*value);
        }
        if largest > 0.0 {
            for value in &mut self.values {
                *value /= largest;
            }
        }
        self.answers += 1;
    }

    /// Mean and variance of the density proportional to N(mean, variance) × likelihood; `None` when nothing of it is
    /// left on the grid.
    ///
    /// The normal weights are built outwards from the node nearest to the mean, where the weight is 1, by two
    /// multiplications a node instead of an exponential: w(k+1) = w(k) · r(k), r(k+1) = r(k) · exp(−h²/variance).
    pub fn moments(&self, mean: f64, variance: f64) -> Option<Moments> {
        let position = ((mean - self.first) / self.step).clamp(0.0, (NODES - 1) as f64);
        let centre = libm::round(position) as usize;
        let offset = self.first + self.step * centre as f64 - mean;
        let shrink = libm::exp(-self.step * self.step / variance);
        let half = libm::exp(-0.5 * self.step * self.step / variance);
        let tilt = libm::exp(-self.step * offset / variance);

        let above = sums(self.values[centre + 1..].iter(), half * tilt, shrink);
        let below = sums(self.values[..centre].iter().rev(), half / tilt, shrink);
        let mass = self.values[centre] + above[0] + below[0];
        let first = (above[1] - below[1]) / mass;
        let second = (above[2] + below[2]) / mass;
        let moments = Moments {
            mean: self.first + self.step * (centre as f64 + first),
            variance: self.step * self.step * (second - first * first),
        };
        (mass > 0.0 && moments.mean.is_finite() && moments.variance > 0.0).then_some(moments)
    }
}

/// Mass and first two moments, in steps away from the centre, of the nodes on one side of it.
fn sums<'a>(values: impl Iterator<Item = &'a f64>, first_ratio: f64, shrink: f64) -> [f64; 3] {
    let (mut weight, mut ratio, mut distance) = (1.0, first_ratio, 0.0);
    let mut sums = [0.0; 3];
    for value in values {
        weight *= ratio;
        ratio *= shrink;
        distance += 1.0;
        let mass = weight * value;
        sums[0] += mass;
        sums[1] += mass * distance;
        sums[2] += mass * distance * distance;
    }
    sums
}
