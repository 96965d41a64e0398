//! Observed information of the marginal likelihood, exactly: Louis' identity, which equals that of Oakes.
//!
//! I = −Σ E[∂²ln f_i] − Σ (E[s_i s_iᵀ] − E[s_i] E[s_i]ᵀ), f_i the complete-data density of person i and s_i its score, all
//! expectations over the person's posterior (Louis 1982, *Journal of the Royal Statistical Society* B 44, 226–233; Oakes
//! 1999, ibid. 61, 479–482). A person's score is a sum over codes, so E[s_i s_iᵀ] needs only how many people of each
//! ability gave each pair of codes: a table of pairs, filled once.

use super::coding::Coding;
use super::expectation::{Step, arch, person_posterior, table};
use super::layout::Layout;
use super::maximisation::{evaluate, evaluate_latent};
use super::nodes::{Nodes, TILE, Tile};
use super::pairs::Pairs;
use core::ops::Range;

use pulp::{Simd, WithSimd};

use crate::model::{Derivatives, ResponseFunction};
use crate::numeric::symmetric::Symmetric;

/// Step of the central difference of a gradient; relative error about 1e-10.
const DIFFERENCE: f64 = 1e-5;

/// Longest step of the nodes that are kept, in standard deviations of the narrowest posterior: the error of a smooth
/// integral is then e^(−2π²/2.25) ≈ 2e-4 of what not knowing the abilities takes away.
const LONGEST_STEP: f64 = 1.5;

/// Nodes are kept in groups of so many; a group whose posterior weights are all below `NEGLIGIBLE` is passed over.
const GROUP: usize = 8;
const NEGLIGIBLE: f64 = 1e-9;

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
    kept: Kept,
}

/// Every how many-th node is kept, their number, and that number rounded up to whole groups.
#[derive(Debug, Clone, Copy)]
struct Kept {
    stride: usize,
    count: usize,
    padded: usize,
}

impl Kept {
    /// As few as the narrowest posterior allows: its variance is at least 1/(1 + information).
    fn new(point: &Point<'_>, nodes: &Nodes) -> Self {
        let mut stride = 1;
        if nodes.dimensions == 1 && nodes.count > 2 {
            let information = |node: usize| -> f64 {
                let theta = nodes.at(node);
                let of = |function: &ResponseFunction| {
                    function.slopes()[0] * function.slopes()[0] * function.information(theta)
                };
                point.functions.iter().map(of).sum()
            };
            let largest = (0..nodes.count).map(information).fold(0.0, f64::max);
            let step = nodes.at(1)[0] - nodes.at(0)[0];
            while 2.0 * stride as f64 * step <= LONGEST_STEP / (1.0 + largest).sqrt() {
                stride *= 2;
            }
        }
        let count = nodes.count.div_ceil(stride);
        Self { stride, count, padded: count.next_multiple_of(GROUP) }
    }

    fn nodes(self) -> impl Iterator<Item = usize> {
        (0..self.count).map(move |place| place * self.stride)
    }
}

impl Scores {
    fn new(point: &Point<'_>, step: &Step<'_>, kept: Kept) -> Self {
        let cells: Vec<_> = (0..point.functions.len()).map(|item| cell_scores(point, step.nodes, item, kept)).collect();
        let (mut parameters, mut values) = (Vec::new(), Vec::new());
        for code in 0..step.coding.len() {
            let mut own: Vec<usize> = Vec::new();
            let mut rows: Vec<f64> = Vec::new();
            for (item, category) in step.coding.meaning(code) {
                let (names, by_category) = &cells[usize::from(*item)];
                for (name, row) in names.iter().zip(by_category[usize::from(*category)].chunks_exact(kept.padded)) {
                    match own.iter().position(|known| known == name) {
                        Some(place) => {
                            let sum = &mut rows[place * kept.padded..(place + 1) * kept.padded];
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
        &self.values[code][parameter * self.kept.padded..(parameter + 1) * self.kept.padded]
    }
}

/// Parameters of an item, and for each category the derivatives of ln P at the kept nodes: parameters × nodes.
fn cell_scores(point: &Point<'_>, nodes: &Nodes, item: usize, kept: Kept) -> (Vec<usize>, Vec<Vec<f64>>) {
    let (number, position) = point.layout.place[item];
    let block = &point.layout.blocks[number];
    let links = block.links(point.layout.block_values(block, point.values), position);
    let mut names: Vec<usize> = links.iter().map(|link| block.start + link.parameter).collect();
    names.sort_unstable();
    names.dedup();
    let function = &point.functions[item];
    let mut scores = vec![vec![0.0; names.len() * kept.padded]; function.categories()];
    let mut at = Derivatives::default();
    for (place, node) in kept.nodes().enumerate() {
        let theta = nodes.at(node);
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
                score[row * kept.padded + place] += link.derivative * slope / probability;
            }
        }
    }
    (names, scores)
}

/// Adds Σ_i (E[s_i s_iᵀ] − E[s_i] E[s_i]ᵀ), negated: what not knowing the abilities takes away.
pub(crate) fn subtract_missing(information: &mut Symmetric, point: &Point<'_>, step: &Step<'_>) {
    let kept = Kept::new(point, step.nodes);
    let likelihood = table(step, point.functions);
    let latent = latent_scores(point, step.nodes, kept);
    let scores = Scores::new(point, step, kept);
    let mut missing = Missing::new(point.layout.length, step.coding, step.nodes, kept);
    arch(step.wide).dispatch(Persons {
        step,
        likelihood: &likelihood,
        scores: &scores,
        latent: &latent,
        missing: &mut missing,
    });
    missing.settle(step.coding, &scores);
    for row in 0..point.layout.length {
        for (cell, value) in information.row_mut(row).iter_mut().zip(missing.sum.row(row)) {
            *cell -= value;
        }
    }
}

/// The loop over people, compiled once for every width of arithmetic.
struct Persons<'a> {
    step: &'a Step<'a>,
    likelihood: &'a [Tile],
    scores: &'a Scores,
    latent: &'a [(usize, Vec<Vec<f64>>)],
    missing: &'a mut Missing,
}

impl WithSimd for Persons<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Self { step, likelihood, scores, latent, missing } = self;
        for person in 0..step.coding.persons() {
            let group = step.groups.get(person).map_or(0, |group| usize::from(*group));
            let codes = step.coding.of(person);
            person_posterior(&step.weights[group], likelihood, codes, &mut missing.posterior);
            missing.person(step.coding, codes, scores, &latent[group]);
        }
        if let Some(pairs) = &mut missing.pairs {
            pairs.flush();
        }
    }
}

/// Per group: the parameters of its ability, and one row of kept nodes each.
fn latent_scores(point: &Point<'_>, nodes: &Nodes, kept: Kept) -> Vec<(usize, Vec<Vec<f64>>)> {
    let groups = point.layout.latent(point.values);
    let row = |score: &Vec<f64>| {
        let mut row: Vec<f64> = kept.nodes().map(|node| score[node]).collect();
        row.resize(kept.padded, 0.0);
        row
    };
    let scores = |(group, latent): (usize, &super::latent::Latent)| {
        let rows = latent.scores(nodes).unwrap_or_default().iter().map(row).collect();
        (point.layout.latent_start(group), rows)
    };
    groups.iter().enumerate().map(scores).collect()
}

/// Σ E[s sᵀ] − E[s] E[s]ᵀ while it is summed over people.
struct Missing {
    sum: Symmetric,
    posterior: Vec<Tile>,
    weights: Vec<f64>,
    /// People by pair of codes and node; nothing when pairs are multiplied out at once.
    pairs: Option<Pairs>,
    mean: Vec<f64>,
    touched: Vec<usize>,
    weighted: Vec<f64>,
}

impl Missing {
    fn new(length: usize, coding: &Coding, nodes: &Nodes, kept: Kept) -> Self {
        let tabulated = Pairs::size(coding, kept.padded) <= LARGEST_TABLE;
        Self {
            sum: Symmetric::zeros(length),
            posterior: vec![[0.0; TILE]; nodes.tiles()],
            weights: vec![0.0; kept.padded],
            pairs: tabulated.then(|| Pairs::new(coding, kept.padded)),
            mean: vec![0.0; length],
            touched: Vec::new(),
            weighted: vec![0.0; kept.padded],
        }
    }

    /// The person's weights of the kept nodes, summing to 1, and the groups of nodes that are not negligible.
    #[inline(always)]
    fn weigh(&mut self, kept: Kept) -> Range<usize> {
        let values = self.posterior.as_flattened();
        let mut sum = 0.0;
        for place in 0..kept.count {
            self.weights[place] = values[place * kept.stride];
            sum += self.weights[place];
        }
        self.weights.iter_mut().for_each(|weight| *weight /= sum);
        let matters = |group: &[f64]| group.iter().any(|weight| *weight > NEGLIGIBLE);
        let groups = self.weights.chunks_exact(GROUP);
        let first = groups.clone().position(matters).unwrap_or(0);
        let last = groups.rev().position(matters).map_or(0, |behind| kept.padded / GROUP - behind);
        first * GROUP..last * GROUP
    }

    #[inline(always)]
    fn person(&mut self, coding: &Coding, codes: &[u32], scores: &Scores, latent: &(usize, Vec<Vec<f64>>)) {
        let window = self.weigh(scores.kept);
        self.touched.clear();
        for code in codes {
            for (place, parameter) in scores.parameters[*code as usize].iter().enumerate() {
                if self.mean[*parameter] == 0.0 {
                    self.touched.push(*parameter);
                }
                let row = &scores.row(*code as usize, place)[window.clone()];
                self.mean[*parameter] += dot(row, &self.weights[window.clone()]);
            }
        }
        self.latent(codes, scores, latent);
        match &mut self.pairs {
            Some(pairs) => pairs.add(coding, codes, &self.weights, &window),
            None => self.multiply_out(codes, scores, window),
        }
        self.subtract_means();
    }

    /// −E[s] E[s]ᵀ of the person: along whole rows where most parameters are touched, else cell by cell.
    #[inline(always)]
    fn subtract_means(&mut self) {
        self.touched.sort_unstable();
        self.touched.dedup();
        let dense = 4 * self.touched.len() > self.mean.len();
        for (place, row) in self.touched.iter().enumerate() {
            let factor = self.mean[*row];
            let cells = self.sum.row_mut(*row);
            if dense {
                cells[..=*row].iter_mut().zip(&self.mean).for_each(|(cell, mean)| *cell -= factor * mean);
            } else {
                self.touched[..=place].iter().for_each(|column| cells[*column] -= factor * self.mean[*column]);
            }
        }
        self.touched.iter().for_each(|parameter| self.mean[*parameter] = 0.0);
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
    fn multiply_out(&mut self, codes: &[u32], scores: &Scores, window: Range<usize>) {
        let weights = &self.weights[window.clone()];
        let weighted = &mut self.weighted[window.clone()];
        for (place, code) in codes.iter().enumerate() {
            for (own, parameter) in scores.parameters[*code as usize].iter().enumerate() {
                let row = &scores.row(*code as usize, own)[window.clone()];
                weighted.iter_mut().zip(row).zip(weights).for_each(|((out, a), w)| *out = a * w);
                for other in &codes[..=place] {
                    for (second, column) in scores.parameters[*other as usize].iter().enumerate() {
                        let product = dot(weighted, &scores.row(*other as usize, second)[window.clone()]);
                        let same = code == other;
                        add_pair(&mut self.sum, (*parameter, *column), product, same);
                    }
                }
            }
        }
    }

    /// Turns the table of pairs into products of scores and fills the other triangle.
    fn settle(&mut self, coding: &Coding, scores: &Scores) {
        if let Some(pairs) = &self.pairs {
            let mut weighted = vec![0.0; self.weights.len()];
            for high in 0..coding.len() {
                for low in 0..=high {
                    let counts = pairs.row(high, low);
                    if counts.iter().all(|count| *count == 0.0) {
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
