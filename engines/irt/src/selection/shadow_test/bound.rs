//! How much the best test can be worth at most: the Lagrangian bound of the rules, with length and families kept exactly.
//!
//! For any multipliers λ, L(λ) = Σ_r (λ_r⁺ · upper_r − λ_r⁻ · lower_r) + max over choices of the wanted number of items, at
//! most one a family, of Σ (value_j − Σ_r λ_r w_jr) is at least the value of every test that obeys the rules (Fisher 1981,
//! *Management Science* 27, 1–18); its minimum is the bound of the linear program. So a poor λ costs time, never
//! correctness.

use super::task::Task;

/// The bound at some multipliers, and what it says of each item.
#[derive(Debug, Clone)]
pub(super) struct Bound {
    pub multipliers: Vec<f64>,
    pub most: f64,
    /// Value − Σ λ w of each item; −∞ when it is not open.
    pub reduced: Vec<f64>,
    /// The choice that attains the bound; it need not obey the rules.
    pub chosen: Vec<usize>,
    /// Best of each family that was not chosen.
    next: f64,
}

/// Iterations without a better bound after which the step is halved.
const STALLED: usize = 6;
/// Camerini, Fratta & Maffioli (1975), *Mathematical Programming Study* 3, 26–34: the directions of two steps that
/// counteract are blended with this factor.
const DEFLECTION: f64 = 1.5;

impl Bound {
    /// `None` when there are fewer families than items wanted.
    pub fn at(task: &Task<'_>, multipliers: Vec<f64>) -> Option<Self> {
        let blueprint = task.blueprint;
        let mut reduced = vec![f64::NEG_INFINITY; task.open.len()];
        let mut best: Vec<Option<usize>> = vec![None; blueprint.families.len()];
        for position in 0..task.open.len() {
            if task.open[position] {
                let charge: f64 =
                    blueprint.columns[position].iter().map(|&(rule, weight)| multipliers[rule] * weight).sum();
                reduced[position] = task.value[position] - charge;
                let best = &mut best[blueprint.family_of[position]];
                if best.is_none_or(|best| reduced[position] > reduced[best]) {
                    *best = Some(position);
                }
            }
        }
        let mut chosen: Vec<usize> = best.into_iter().flatten().collect();
        if chosen.len() < task.wanted {
            return None;
        }
        let mut next = f64::NEG_INFINITY;
        if task.wanted < chosen.len() {
            let order = |&one: &usize, &other: &usize| reduced[other].total_cmp(&reduced[one]).then(one.cmp(&other));
            let (_, &mut after, _) = chosen.select_nth_unstable_by(task.wanted, order);
            next = reduced[after];
            chosen.truncate(task.wanted);
        }
        chosen.sort_unstable();
        let charge = |(rule, &multiplier): (usize, &f64)| {
            if multiplier > 0.0 {
                multiplier * task.upper[rule]
            } else if multiplier < 0.0 {
                multiplier * task.lower[rule]
            } else {
                0.0
            }
        };
        let most = multipliers.iter().enumerate().map(charge).sum::<f64>()
            + chosen.iter().map(|&position| reduced[position]).sum::<f64>();
        Some(Self { multipliers, most, reduced, chosen, next })
    }

    /// Lowers the bound by subgradient steps towards `known`, the value of some test, until it is within `enough` of it.
    pub fn tighten(self, task: &Task<'_>, known: f64, enough: f64, iterations: usize) -> Self {
        let (mut best, mut here) = (self.clone(), self);
        let (mut stride, mut stalled) = (1.0, 0);
        let mut last: Vec<f64> = vec![0.0; task.lower.len()];
        for _ in 0..iterations {
            if best.most - known <= enough {
                break;
            }
            let sums = task.sums(&here.chosen);
            let slope = |rule: usize| {
                let (sum, multiplier) = (sums[rule], here.multipliers[rule]);
                if multiplier > 0.0 || (multiplier == 0.0 && sum > task.upper[rule]) {
                    task.upper[rule] - sum
                } else if multiplier < 0.0 || sum < task.lower[rule] {
                    task.lower[rule] - sum
                } else {
                    0.0
                }
            };
            let slopes: Vec<f64> = (0..sums.len()).map(slope).collect();
            let against = dot(&slopes, &last);
            let norm = dot(&last, &last);
            let blend = if against < 0.0 && norm > 0.0 { -DEFLECTION * against / norm } else { 0.0 };
            let direction: Vec<f64> = slopes.iter().zip(&last).map(|(slope, last)| slope + blend * last).collect();
            let length = dot(&direction, &direction);
            if length <= 1e-18 {
                break;
            }
            let stretch = stride * (here.most - known).max(0.0) / length;
            let step = |rule: usize| {
                let from = here.multipliers[rule];
                let to = from - stretch * direction[rule];
                // A multiplier rests at 0 before it changes its side, and never goes to a side without a bound.
                let crosses = from * to < 0.0;
                let unbounded =
                    (to > 0.0 && task.upper[rule].is_infinite()) || (to < 0.0 && task.lower[rule].is_infinite());
                if crosses || unbounded { 0.0 } else { to }
            };
            let multipliers = (0..sums.len()).map(step).collect();
            let Some(there) = Self::at(task, multipliers) else { break };
            here = there;
            last = direction;
            if here.most < best.most {
                best = here.clone();
                stalled = 0;
            } else {
                stalled += 1;
                if stalled >= STALLED {
                    stride /= 2.0;
                    stalled = 0;
                    here = best.clone();
                    last.fill(0.0);
                }
            }
        }
        best
    }

    /// Items that a test worth more than `most` − `loss` may hold, and those of them that it must hold: all others would cost
    /// more than `loss` (reduced-cost fixing).
    pub fn undecided(&self, task: &Task<'_>, loss: f64) -> (Vec<usize>, Vec<usize>) {
        let blueprint = task.blueprint;
        let worst = self.chosen.iter().map(|&position| self.reduced[position]).fold(f64::INFINITY, f64::min);
        let mut of_family: Vec<Option<usize>> = vec![None; blueprint.families.len()];
        for &position in &self.chosen {
            of_family[blueprint.family_of[position]] = Some(position);
        }
        // A hair of slack for the rounding of sums.
        let loss = loss + 1e-9 * (1.0 + self.most.abs());
        let (mut may, mut must) = (Vec::new(), Vec::new());
        for (position, &own) in self.reduced.iter().enumerate() {
            if !task.open[position] {
                continue;
            }
            let chosen = of_family[blueprint.family_of[position]];
            if chosen == Some(position) {
                may.push(position);
                let others =
                    blueprint.families[blueprint.family_of[position]].iter().filter(|&&other| other != position);
                let replacement = others.map(|&other| self.reduced[other]).fold(self.next, f64::max);
                if own - replacement > loss {
                    must.push(position);
                }
            } else if chosen.map_or(worst, |chosen| self.reduced[chosen]) - own <= loss {
                may.push(position);
            }
        }
        (may, must)
    }
}

fn dot(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}
