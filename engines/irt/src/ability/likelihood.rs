//! The likelihood of one dimension's answers, tabulated on a fixed grid of abilities, and its moments under a normal
//! weight.
//!
//! Because every item measures one dimension, all answers of a dimension multiply to one function of one ability. On
//! an equally spaced grid the trapezoid rule for such a smooth function times a normal density converges faster than
//! any power of the step (Trefethen & Weideman 2014, *SIAM Review* 56, 385–458). Exponentials of equally spaced numbers are a
//! geometric sequence, so a table and its moments cost a handful of exponentials; sequences run in eight lanes side by side,
//! in a fixed order. Grid in logits, scaled to the prior.
#![allow(clippy::needless_range_loop, reason = "lanes of several arrays advance together")]

use core::f64::consts::LN_2;
use core::ops::Range;

use pulp::{Arch, Simd, WithSimd};

use crate::model::Item;

/// Half the grid's width in prior standard deviations. The prior's mass beyond is 1e-15.
const HALF_WIDTH: f64 = 8.0;

/// Nodes to a prior standard deviation. With step h and posterior standard deviation s the rule's relative error is
/// about 2 exp(−2π² s²/h²): 1e-13 at s = 1.25 h, which is a dimension with about 40 well-placed answers.
const NODES_PER_DEVIATION: f64 = 8.0;

/// A normal distribution is covered when this many of its standard deviations to both sides are: 6e-7 lies beyond.
const COVERED_DEVIATIONS: f64 = 5.0;

/// 2 · 8 · 8 + 1, so that the prior mean is a node.
const NODES: usize = 129;

/// Nodes worked on side by side: independent sequences keep the adders of a machine busy.
const LANES: usize = 8;

/// Blocks of lanes that hold the nodes.
const BLOCKS: usize = NODES.div_ceil(LANES);

/// Blocks that cannot hold more than e^−46 = 1e-20 of the mass of the largest node are left out of moments.
const NEGLIGIBLE: f64 = -46.0;

/// Exponents within this keep e^x and its products with numbers near 1 finite and normal.
const SAFE_EXPONENT: f64 = 600.0;

/// Precision, in steps of the grid, of weights too narrow to be worth a sequence: a deviation of 0.7 steps.
const NARROW: f64 = 2.0;

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
    /// 0 beyond the last node.
    values: [[f64; LANES]; BLOCKS],
    /// Logarithms, of each block: at least that of the largest value, and at most that of the node in the middle.
    most: [f64; BLOCKS],
    inside: [f64; BLOCKS],
    answers: usize,
}

/// Place of the node in the middle of a block.
const INSIDE: usize = 3;

/// The first node of each block.
const FIRST_NODES: [f64; BLOCKS] = {
    let mut nodes = [0.0; BLOCKS];
    let mut block = 0;
    while block < BLOCKS {
        nodes[block] = (block * LANES) as f64;
        block += 1;
    }
    nodes
};

/// Logarithm of what is taken for 0: of the smallest normal number, with room.
const NOTHING: f64 = -1023.0 * LN_2;

impl Likelihood {
    /// The likelihood of no answer, on a grid around a prior mean.
    pub fn flat(prior_mean: f64, prior_variance: f64) -> Self {
        let deviation = prior_variance.sqrt();
        let value = |block: usize, lane: usize| if block * LANES + lane < NODES { 1.0 } else { 0.0 };
        Self {
            first: prior_mean - HALF_WIDTH * deviation,
            step: deviation / NODES_PER_DEVIATION,
            values: core::array::from_fn(|block| core::array::from_fn(|lane| value(block, lane))),
            most: [0.0; BLOCKS],
            inside: core::array::from_fn(|block| if block * LANES + INSIDE < NODES { 0.0 } else { NOTHING }),
            answers: 0,
        }
    }

    pub fn answers(&self) -> usize {
        self.answers
    }

    /// Whether nearly all of a normal distribution lies on the grid.
    pub fn covers(&self, mean: f64, variance: f64) -> bool {
        let reach = COVERED_DEVIATIONS * variance.sqrt();
        mean - reach >= self.first && mean + reach <= self.at((NODES - 1) as f64)
    }

    fn at(&self, node: f64) -> f64 {
        self.first + self.step * node
    }

    /// Multiplies in the likelihood of one answer, a function of ability in logits.
    pub fn multiply(&mut self, mut likelihood: impl FnMut(f64) -> f64) {
        for block in 0..BLOCKS {
            for lane in 0..LANES {
                let node = block * LANES + lane;
                if node < NODES {
                    self.values[block][lane] *= likelihood(self.at(node as f64));
                }
            }
        }
        self.rescale();
    }

    /// Multiplies in the likelihood of a right or wrong answer; agrees with [`Item::likelihood`] to a relative 1e-13.
    ///
    /// e(k) = exp(−a (θ_k − b)) is a geometric sequence: rising = 1/(1 + e), falling = e/(1 + e).
    pub fn multiply_item(&mut self, item: &Item, correct: bool) {
        let start = -item.discrimination() * (self.first - item.difficulty());
        let fall = item.discrimination() * self.step;
        let end = start - fall * (BLOCKS * LANES) as f64;
        if !(start.abs() < SAFE_EXPONENT && end.abs() < SAFE_EXPONENT) {
            return self.multiply(|theta| item.likelihood(theta, correct));
        }
        let mut e: [f64; LANES] = core::array::from_fn(|lane| libm::exp(start - fall * lane as f64));
        let ratio = libm::exp(-fall * LANES as f64);
        let span = item.upper() - item.lower();
        let (floor, by_rising) = if correct { (item.lower(), 1.0) } else { (1.0 - item.upper(), 0.0) };
        let by_e = 1.0 - by_rising;
        for block in &mut self.values {
            for lane in 0..LANES {
                block[lane] *= floor + span * (by_rising + by_e * e[lane]) / (1.0 + e[lane]);
                e[lane] *= ratio;
            }
        }
        self.rescale();
    }

    /// Rescales the largest value to 1, so that long tests do not underflow, and notes the size of the blocks.
    fn rescale(&mut self) {
        let mut lanes = [0.0_f64; LANES];
        for block in &self.values {
            for lane in 0..LANES {
                lanes[lane] = if block[lane] > lanes[lane] { block[lane] } else { lanes[lane] };
            }
        }
        let largest = lanes.iter().copied().fold(0.0, f64::max);
        if largest > 0.0 {
            let scale = 1.0 / largest;
            for block in &mut self.values {
                for value in block {
                    *value *= scale;
                }
            }
        }
        for (block, values) in self.values.iter().enumerate() {
            let most = values.iter().fold(0.0, |most: f64, &value| if value > most { value } else { most });
            self.most[block] = f64::from(power_of_two(most) + 1) * LN_2;
            self.inside[block] = f64::from(power_of_two(values[INSIDE])) * LN_2;
        }
        self.answers += 1;
    }

    /// Mean and variance of the density proportional to N(mean, variance) × likelihood; `None` when nothing of it is
    /// left on the grid.
    ///
    /// With k the node, c the place of the mean and p = h²/variance, the weight w(k) = exp(−p (k − c)²/2) has the ratio
    /// w(k + 8)/w(k) = exp(−8 p (k + 4 − c)), which itself shrinks by exp(−64 p) a block: two multiplications a node. Blocks
    /// that hold nothing of note are left out.
    pub fn moments(&self, mean: f64, variance: f64) -> Option<Moments> {
        let precision = self.step * self.step / variance;
        let centre = (mean - self.first) / self.step;
        let (reference, [mass, first, second]) =
            Arch::new().dispatch(WeightedSums { likelihood: self, centre, precision })?;
        let (first, second) = (first / mass, second / mass);
        let moments =
            Moments { mean: self.at(reference + first), variance: self.step * self.step * (second - first * first) };
        (mass > 0.0 && moments.mean.is_finite() && moments.variance > 0.0).then_some(moments)
    }

    /// Blocks from the first to the last that may hold more than [`NEGLIGIBLE`], and the one whose inside node holds most.
    #[inline(always)]
    fn blocks_of_note(&self, centre: f64, precision: f64) -> Option<(Range<usize>, usize)> {
        let larger = |one: f64, other: f64| if one > other { one } else { other };
        let (mut bounds, mut held) = ([0.0; BLOCKS], [0.0; BLOCKS]);
        for block in 0..BLOCKS {
            let from_centre = FIRST_NODES[block] - centre;
            let beside = larger(larger(from_centre, -from_centre - (LANES - 1) as f64), 0.0);
            let inside = from_centre + INSIDE as f64;
            bounds[block] = self.most[block] - 0.5 * precision * beside * beside;
            held[block] = self.inside[block] - 0.5 * precision * inside * inside;
        }
        let most = held.into_iter().fold(f64::NEG_INFINITY, larger);
        let fullest = held.iter().position(|&held| held == most)?;
        let of_note = |bound: &f64| *bound >= most + NEGLIGIBLE;
        Some((bounds.iter().position(of_note)?..bounds.iter().rposition(of_note)? + 1, fullest))
    }
}

/// Mass and first two moments of weight × value over blocks, in nodes.
struct Sums {
    distance: [f64; LANES],
    lanes: [[f64; LANES]; 3],
}

impl Sums {
    #[inline(always)]
    fn new(first_distance: f64) -> Self {
        Self { distance: core::array::from_fn(|lane| first_distance + lane as f64), lanes: [[0.0; LANES]; 3] }
    }

    #[inline(always)]
    fn add(&mut self, weight: &[f64; LANES], values: &[f64; LANES]) {
        for lane in 0..LANES {
            let mass = weight[lane] * values[lane];
            let moment = mass * self.distance[lane];
            self.lanes[0][lane] += mass;
            self.lanes[1][lane] += moment;
            self.lanes[2][lane] += moment * self.distance[lane];
            self.distance[lane] += LANES as f64;
        }
    }

    /// Under weights of which the first and its ratio to the next are given, the ratio shrinking by a factor a node.
    #[inline(always)]
    fn add_sequence(&mut self, blocks: &[[f64; LANES]], [first, ratio]: [f64; 2], shrink: f64) {
        let square = |x: f64| x * x;
        let mut weight = [first; LANES];
        let mut next = ratio;
        for lane in 1..LANES {
            weight[lane] = weight[lane - 1] * next;
            next *= shrink;
        }
        // Powers by squaring: w(k + 8)/w(k) = r⁸ s²⁸ with r = w(k + 1)/w(k) and s the factor.
        let fourth = square(square(shrink));
        let eighth = square(fourth);
        let mut ratios = [square(square(square(ratio))) * (square(eighth) * eighth * fourth); LANES];
        for lane in 1..LANES {
            ratios[lane] = ratios[lane - 1] * eighth;
        }
        let shrink = square(square(square(eighth)));
        for values in blocks {
            self.add(&weight, values);
            for lane in 0..LANES {
                weight[lane] *= ratios[lane];
                ratios[lane] *= shrink;
            }
        }
    }

    #[inline(always)]
    fn total(&self) -> [f64; 3] {
        let total = |lanes: &[f64; LANES]| {
            ((lanes[0] + lanes[4]) + (lanes[1] + lanes[5])) + ((lanes[2] + lanes[6]) + (lanes[3] + lanes[7]))
        };
        [total(&self.lanes[0]), total(&self.lanes[1]), total(&self.lanes[2])]
    }
}

/// Sums under normal weights about a centre, and the node that distances are counted from; `None` when no block is of note.
/// Compiled for every width of arithmetic, with the same result to the last bit.
struct WeightedSums<'a> {
    likelihood: &'a Likelihood,
    /// In nodes, and the precision in steps.
    centre: f64,
    precision: f64,
}

impl WithSimd for WeightedSums<'_> {
    type Output = Option<(f64, [f64; 3])>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> Self::Output {
        let Self { likelihood, centre, precision } = self;
        let (blocks, fullest) = likelihood.blocks_of_note(centre, precision)?;
        let start = (blocks.start * LANES) as f64;
        let reference = (fullest * LANES + INSIDE) as f64;
        // Weights are relative to the largest among these blocks.
        let top = centre.clamp(start, (blocks.end * LANES - 1) as f64);
        let exponent = |node: f64| -0.5 * precision * (node - top) * (node + top - 2.0 * centre);
        let mut sums = Sums::new(start - reference);
        if precision < NARROW && exponent(start) > -SAFE_EXPONENT {
            let first = [libm::exp(exponent(start)), libm::exp(-precision * (start + 0.5 - centre))];
            sums.add_sequence(&likelihood.values[blocks], first, libm::exp(-precision));
        } else {
            // A weight much narrower than the grid: sequences would begin at 0.
            for block in blocks {
                let weight = core::array::from_fn(|lane| libm::exp(exponent((block * LANES + lane) as f64)));
                sums.add(&weight, &likelihood.values[block]);
            }
        }
        Some((reference, sums.total()))
    }
}

/// The largest power of two not above a positive number; −1023 for 0 and numbers below the normal range.
fn power_of_two(value: f64) -> i32 {
    ((value.to_bits() >> 52) & 0x7ff) as i32 - 1023
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Mean and variance by a plain sum over all nodes.
    fn plain(likelihood: &Likelihood, mean: f64, variance: f64) -> Moments {
        let mut sums = [0.0; 3];
        for node in 0..NODES {
            let x = likelihood.at(node as f64) - mean;
            let mass = likelihood.values[node / LANES][node % LANES] * libm::exp(-0.5 * x * x / variance);
            sums = [sums[0] + mass, sums[1] + mass * x, sums[2] + mass * x * x];
        }
        let first = sums[1] / sums[0];
        Moments { mean: mean + first, variance: sums[2] / sums[0] - first * first }
    }

    #[test]
    fn moments_agree_with_a_plain_sum_over_all_nodes() {
        let mut likelihood = Likelihood::flat(0.3, 1.2);
        for n in 0..40_u32 {
            let item =
                Item::new(0.5 + 0.1 * f64::from(n % 17), f64::from(n % 7) - 3.0, [0.0, 0.25][n as usize % 2]).unwrap();
            likelihood.multiply_item(&item, n % 3 == 0);
            for (mean, variance) in [(0.3, 1.2), (-2.0, 0.4), (3.0, 0.2), (0.0, 0.08), (6.0, 0.5), (0.5, 3.0)] {
                let (ours, plain) = (likelihood.moments(mean, variance).unwrap(), plain(&likelihood, mean, variance));
                let deviation = plain.variance.sqrt();
                assert!(
                    (ours.mean - plain.mean).abs() < 1e-11 * deviation,
                    "{n} {mean} {variance}: {ours:?} {plain:?}"
                );
                assert!(
                    (ours.variance / plain.variance - 1.0).abs() < 1e-10,
                    "{n} {mean} {variance}: {ours:?} {plain:?}"
                );
            }
        }
    }

    #[test]
    fn a_table_built_by_geometric_sequences_is_the_one_built_node_by_node() {
        for (a, b, c, d) in
            [(0.3, -3.0, 0.0, 1.0), (1.7, 0.4, 0.25, 1.0), (10.0, 2.0, 0.1, 0.95), (3.0, -20.0, 0.0, 1.0)]
        {
            let item = Item::new(a, b, c).unwrap().with_upper(d).unwrap();
            for correct in [false, true] {
                let (mut one, mut other) = (Likelihood::flat(0.1, 1.44), Likelihood::flat(0.1, 1.44));
                one.multiply_item(&item, correct);
                other.multiply(|theta| item.likelihood(theta, correct));
                for (one, other) in one.values.iter().flatten().zip(other.values.iter().flatten()) {
                    assert!((one - other).abs() <= 2e-13 * other, "{item:?} {correct}: {one} {other}");
                }
            }
        }
    }

    #[test]
    fn a_weight_far_narrower_than_the_grid_still_has_moments() {
        let moments = Likelihood::flat(0.0, 1.0).moments(0.5, 1e-3).unwrap();
        assert!((moments.mean - 0.5).abs() < 1e-12, "{moments:?}");
    }
}
