//! Observed information of the marginal likelihood, exactly: Louis' identity, which equals that of Oakes.
//!
//! I = −Σ E[∂²ln f_i] − Σ (E[s_i s_iᵀ] − E[s_i] E[s_i]ᵀ), f_i the complete-data density of person i and s_i its score, all
//! expectations over the person's posterior (Louis 1982, *Journal of the Royal Statistical Society* B 44, 226–233; Oakes
//! 1999, ibid. 61, 479–482). A person's score is a sum over codes, so E[s_i s_iᵀ] needs only how many people of each
//! ability gave each pair of codes: a table of pairs, filled once.

use super::coding::Coding;
use super::expectation::{Step, item_counts, person_posterior, table};
use super::layout::Layout;
use super::maximisation::{evaluate, evaluate_latent};
use super::nodes::{Nodes, TILE, Tile};
use crate::model::{Derivatives, ResponseFunction};
use crate::numeric::symmetric::Symmetric;

/// Step of the central difference of a gradient; relative error about 1e-10.
const DIFFERENCE: f64 = 1e-5;

/// Numbers the table of pairs may hold; beyond it every person's pairs are multiplied out at once.
const LARGEST_TABLE: usize = 4_000_000;

/// Everything at one point of the parameter space.
pub(crate) struct Point<'a> {
    pub(crate) layout: &'a Layout,
    pub(crate) values: &'a [f64],
    pub(crate) functions: &'a [ResponseFunction],
}

/// Expected complete-data information −E[∂² ln f], priors included, from a gradient differenced at fixed counts.
pub(crate) fn complete(point: &Point<'_>, nodes: &Nodes, counts: &[Vec<Tile>], people: &[Vec<Tile>]) -> Symmetric {
    let mut information = Symmetric::zeros(point.layout.length);
    for block in &point.layout.blocks {
        let values = point.layout.block_values(block, point.values);
        let gradient = |values: &[f64]| evaluate(block, values, nodes, counts).map(|at| at.gradient);
        difference(&mut information, block.start, values, gradient);
    }
    for (group, latent) in point.layout.latent(point.values).iter().enumerate() {
        let gradient =
            |values: &[f64]| evaluate_latent(&latent.with_values(values), nodes, &people[group]).map(|at| at.gradient);
        difference(&mut information, point.layout.latent_start(group), &latent.values(), gradient);
    }
    information
}

fn difference(
    information: &mut Symmetric,
    start: usize,
    values: &[f64],
    gradient: impl Fn(&[f64]) -> Option<Vec<f64>>,
) {
    let mut moved = values.to_vec();
    for column in 0..values.len() {
        let step = DIFFERENCE * values[column].abs().max(1.0);
        moved[column] = values[column] + step;
        let above = gradient(&moved);
        moved[column] = values[column] - step;
        let below = gradient(&moved);
        moved[column] = values[column];
        let (Some(above), Some(below)) = (above, below) else { continue };
        for row in 0..values.len() {
            let second = -(above[row] - below[row]) / (2.0 * step);
            information.add(start + row, start + column, 0.5 * second);
            information.add(start + column, start + row, 0.5 * second);
        }
    }
}

/// Scores of every code at the nodes that are kept: for each code, its parameters and one row of values a parameter.
struct Scores {
    parameters: Vec<Vec<usize>>,
    /// Per code: parameters × kept nodes.
    values: Vec<Vec<f64>>,
    kept: Vec<usize>,
}

impl Scores {
    fn new(point: &Point<'_>, step: &Step<'_>, kept: Vec<usize>) -> Self {
        let cells: Vec<_> =
            (0..point.functions.len()).map(|item| cell_scores(point, step.nodes, item, &kept)).collect();
        let (mut parameters, mut values) = (Vec::new(), Vec::new());
        for code in 0..step.coding.len() {
            let mut own: Vec<usize> = Vec::new();
            let mut rows: Vec<f64> = Vec::new();
            for (item, category) in step.coding.meaning(code) {
                let (names, by_category) = &cells[usize::from(*item)];
                for (name, row) in names.iter().zip(by_category[usize::from(*category)].chunks_exact(kept.len())) {
                    match own.iter().position(|known| known == name) {
                        Some(place) => {
                            let sum = &mut rows[place * kept.len()..(place + 1) * kept.len()];
                            sum.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
                        }
                        None => {
                            own.push(*name);
                            rows.extend_from_slice(row);
                        }
                    }
                }
            }
            parameters.push(own);
            values.push(rows);
        }
        Self { parameters, values, kept }
    }

    fn row(&self, code: usize, parameter: usize) -> &[f64] {
        &self.values[code][parameter * self.kept.len()..(parameter + 1) * self.kept.len()]
    }
}

/// Parameters of an item, and for each category the derivatives of ln P at the kept nodes: parameters × nodes.
fn cell_scores(point: &Point<'_>, nodes: &Nodes, item: usize, kept: &[usize]) -> (Vec<usize>, Vec<Vec<f64>>) {
    let (number, position) = point.layout.place[item];
    let block = &point.layout.blocks[number];
    let links = block.links(point.layout.block_values(block, point.values), position);
    let mut names: Vec<usize> = links.iter().map(|link| block.start + link.parameter).collect();
    names.sort_unstable();
    names.dedup();
    let function = &point.functions[item];
    let mut scores = vec![vec![0.0; names.len() * kept.len()]; function.categories()];
    let mut at = Derivatives::default();
    for (place, node) in kept.iter().enumerate() {
        let theta = nodes.at(*node);
        function.derivatives(function.predictor(theta), &mut at);
        for (category, score) in scores.iter_mut().enumerate() {
            let probability = at.probability[category].max(f64::MIN_POSITIVE);
            for link in &links {
                let slope = if link.local < theta.len() {
                    at.by_predictor[category] * theta[link.local]
                } else {
                    at.by_own(category)[link.local - theta.len()]
                };
                let row = names.partition_point(|name| *name < block.start + link.parameter);
                score[row * kept.len() + place] += link.derivative * slope / probability;
            }
        }
    }
    (names, scores)
}

/// Adds Σ_i (E[s_i s_iᵀ] − E[s_i] E[s_i]ᵀ), negated: what not knowing the abilities takes away.
pub(crate) fn subtract_missing(information: &mut Symmetric, point: &Point<'_>, step: &Step<'_>) {
    let kept: Vec<usize> = (0..step.nodes.count).collect();
    let likelihood = table(step, point.functions);
    let latent = latent_scores(point, step.nodes);
    let scores = Scores::new(point, step, kept);
    let pairs = step.coding.len() * (step.coding.len() + 1) / 2 * scores.kept.len();
    let mut missing = Missing::new(point.layout.length, pairs <= LARGEST_TABLE, step.coding, scores.kept.len());
    let arch = if step.wide { pulp::Arch::new() } else { pulp::Arch::Scalar };
    arch.dispatch(|| {
        for person in 0..step.coding.persons() {
            let group = step.groups.get(person).map_or(0, |group| usize::from(*group));
            let codes = step.coding.of(person);
            let (scale, _) = person_posterior(&step.weights[group], &likelihood, codes, &mut missing.posterior);
            missing.person(codes, scale, &scores, &latent[group]);
        }
    });
    missing.settle(step.coding, &scores);
    for row in 0..point.layout.length {
        for (cell, value) in information.row_mut(row).iter_mut().zip(missing.sum.row(row)) {
            *cell -= value;
        }
    }
}

/// Per group: the parameters of its ability, and one row of node values each.
fn latent_scores(point: &Point<'_>, nodes: &Nodes) -> Vec<(usize, Vec<Vec<f64>>)> {
    let groups = point.layout.latent(point.values);
    let scores = |(group, latent): (usize, &super::latent::Latent)| {
        (point.layout.latent_start(group), latent.scores(nodes).unwrap_or_default())
    };
    groups.iter().enumerate().map(scores).collect()
}

/// Σ E[s sᵀ] − E[s] E[s]ᵀ while it is summed over people.
struct Missing {
    sum: Symmetric,
    posterior: Vec<Tile>,
    weights: Vec<f64>,
    /// People by pair of codes and node; empty when pairs are multiplied out at once.
    pairs: Vec<f64>,
    mean: Vec<f64>,
    touched: Vec<usize>,
}

impl Missing {
    fn new(length: usize, tabulated: bool, coding: &Coding, nodes: usize) -> Self {
        let pairs = if tabulated { coding.len() * (coding.len() + 1) / 2 * nodes } else { 0 };
        Self {
            sum: Symmetric::zeros(length),
            posterior: vec![[0.0; TILE]; nodes.div_ceil(TILE)],
            weights: vec![0.0; nodes],
            pairs: vec![0.0; pairs],
            mean: vec![0.0; length],
            touched: Vec::new(),
        }
    }

    #[inline(always)]
    fn person(&mut self, codes: &[u32], scale: f64, scores: &Scores, latent: &(usize, Vec<Vec<f64>>)) {
        let nodes = self.weights.len();
        for (weight, value) in self.weights.iter_mut().zip(self.posterior.as_flattened()) {
            *weight = value * scale;
        }
        self.touched.clear();
        for code in codes {
            for (place, parameter) in scores.parameters[*code as usize].iter().enumerate() {
                if self.mean[*parameter] == 0.0 {
                    self.touched.push(*parameter);
                }
                self.mean[*parameter] += dot(scores.row(*code as usize, place), &self.weights);
            }
        }
        self.latent(codes, scores, latent);
        if self.pairs.is_empty() {
            self.multiply_out(codes, scores);
        } else {
            for (place, code) in codes.iter().enumerate() {
                for other in &codes[..=place] {
                    let (high, low) = ((*code).max(*other) as usize, (*code).min(*other) as usize);
                    let start = (high * (high + 1) / 2 + low) * nodes;
                    let row = &mut self.pairs[start..start + nodes];
                    for (count, weight) in row.iter_mut().zip(&self.weights) {
                        *count += weight;
                    }
                }
            }
        }
        self.touched.sort_unstable();
        self.touched.dedup();
        for place in 0..self.touched.len() {
            let row = self.touched[place];
            let factor = self.mean[row];
            for column in &self.touched[..=place] {
                self.sum.add(row, *column, -factor * self.mean[*column]);
            }
        }
        for parameter in &self.touched {
            self.mean[*parameter] = 0.0;
        }
    }

    /// The person's products with the scores of the group's ability.
    #[inline(always)]
    fn latent(&mut self, codes: &[u32], scores: &Scores, (start, rows): &(usize, Vec<Vec<f64>>)) {
        for (place, row) in rows.iter().enumerate() {
            let weighted: Vec<f64> = row.iter().zip(&self.weights).map(|(score, weight)| score * weight).collect();
            self.mean[start + place] = weighted.iter().sum();
            self.touched.push(start + place);
            for (other, second) in rows[..=place].iter().enumerate() {
                self.sum.add(start + place, start + other, dot(&weighted, second));
            }
            for code in codes {
                for (own, parameter) in scores.parameters[*code as usize].iter().enumerate() {
                    self.sum.add(start + place, *parameter, dot(&weighted, scores.row(*code as usize, own)));
                }
            }
        }
    }

    #[inline(always)]
    fn multiply_out(&mut self, codes: &[u32], scores: &Scores) {
        let mut weighted = vec![0.0; self.weights.len()];
        for (place, code) in codes.iter().enumerate() {
            for (own, parameter) in scores.parameters[*code as usize].iter().enumerate() {
                let row = scores.row(*code as usize, own);
                weighted.iter_mut().zip(row).zip(&self.weights).for_each(|((out, a), w)| *out = a * w);
                for other in &codes[..=place] {
                    for (second, column) in scores.parameters[*other as usize].iter().enumerate() {
                        let product = dot(&weighted, scores.row(*other as usize, second));
                        let same = code == other;
                        add_pair(&mut self.sum, (*parameter, *column), product, same);
                    }
                }
            }
        }
    }

    /// Turns the table of pairs into products of scores and fills the other triangle.
    fn settle(&mut self, coding: &Coding, scores: &Scores) {
        let nodes = self.weights.len();
        if !self.pairs.is_empty() {
            let mut weighted = vec![0.0; nodes];
            for high in 0..coding.len() {
                for low in 0..=high {
                    let start = (high * (high + 1) / 2 + low) * nodes;
                    let counts = &self.pairs[start..start + nodes];
                    if (high != low && coding.unit_of[high] == coding.unit_of[low]) || counts.iter().all(|n| *n == 0.0)
                    {
                        continue;
                    }
                    for (own, parameter) in scores.parameters[high].iter().enumerate() {
                        let row = scores.row(high, own);
                        weighted.iter_mut().zip(row).zip(counts).for_each(|((out, a), n)| *out = a * n);
                        for (second, column) in scores.parameters[low].iter().enumerate() {
                            let product = dot(&weighted, scores.row(low, second));
                            add_pair(&mut self.sum, (*parameter, *column), product, high == low);
                        }
                    }
                }
            }
        }
        self.sum.mirror();
    }
}

/// Adds a product of the scores of two codes to the lower triangle. Two different codes stand for two ordered pairs, so
/// parameters they share (thresholds of a rating scale) get the product twice on the diagonal.
fn add_pair(sum: &mut Symmetric, (one, other): (usize, usize), product: f64, same_code: bool) {
    if same_code {
        if other <= one {
            sum.add(one, other, product);
        }
    } else if one == other {
        sum.add(one, other, 2.0 * product);
    } else {
        sum.add(one.max(other), one.min(other), product);
    }
}

#[inline(always)]
fn dot(left: &[f64], right: &[f64]) -> f64 {
    let (left_chunks, left_rest) = left.as_chunks::<8>();
    let (right_chunks, right_rest) = right.as_chunks::<8>();
    let mut sums = [0.0; 8];
    for (a, b) in left_chunks.iter().zip(right_chunks) {
        for lane in 0..8 {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let rest: f64 = left_rest.iter().zip(right_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f64>() + rest
}

/// The whole observed information at a point, from one expectation there.
pub(crate) fn observed(point: &Point<'_>, step: &Step<'_>, counts: &[Tile], people: &[Vec<Tile>]) -> Symmetric {
    let categories: Vec<usize> = point.functions.iter().map(ResponseFunction::categories).collect();
    let items = item_counts(step.coding, counts, step.nodes.tiles(), &categories);
    let mut information = complete(point, step.nodes, &items, people);
    subtract_missing(&mut information, point, step);
    information
}
