//! The expectation step: what each person's answers say about ability, and how many people of each ability gave each
//! answer.
//!
//! A person's likelihood at all nodes is a product of table rows, one a code, kept in registers tile by tile; the
//! posterior is then added to the rows of the same codes. Cost: two passes of one multiplication or addition a node and
//! a code. Work is cut into pieces by the number of people alone and added up in their order, so the result does not
//! depend on the number of threads.

use core::ops::Range;

use pulp::{Arch, Simd, WithSimd};

use super::coding::Coding;
use super::nodes::{Nodes, TILE, Tile};
use crate::model::ResponseFunction;
use crate::numeric::parallel;

/// People for whom cutting is worth while; so many times as many make two pieces, nine times as many three, because
/// clearing and adding a table for each piece takes time too.
const PIECE: usize = 500;

/// Pieces at most.
const MOST_PIECES: usize = 32;

/// Below this the product of likelihoods has lost its precision and is taken again as a sum of logarithms.
const SMALLEST_SUM: f64 = 1e-270;

/// What an expectation step needs to know.
#[derive(Clone, Copy)]
pub(crate) struct Step<'a> {
    pub(crate) coding: &'a Coding,
    pub(crate) nodes: &'a Nodes,
    /// One row of node weights a group.
    pub(crate) weights: &'a [Vec<Tile>],
    /// Each coded person's group; empty when there is one.
    pub(crate) groups: &'a [u16],
    pub(crate) threads: usize,
    /// Whether the machine's widest arithmetic may be used; the result is the same.
    pub(crate) wide: bool,
}

/// The outcome: marginal log-likelihood, and expected numbers of people by node.
#[derive(Debug, Clone)]
pub(crate) struct Expectation {
    pub(crate) log_likelihood: f64,
    /// Codes × tiles.
    pub(crate) counts: Vec<Tile>,
    /// Groups × tiles.
    pub(crate) people: Vec<Vec<Tile>>,
}

impl Expectation {
    fn add(&mut self, more: &Self) {
        self.log_likelihood += more.log_likelihood;
        add(&mut self.counts, &more.counts);
        self.people.iter_mut().zip(&more.people).for_each(|(sum, more)| add(sum, more));
    }
}

/// Likelihood of every code at every node: codes × tiles.
pub(crate) fn table(step: &Step<'_>, functions: &[ResponseFunction]) -> Vec<Tile> {
    let tiles = step.nodes.tiles();
    let cells = parallel::map(step.threads, functions, |function| item_table(step.nodes, function));
    let mut table = vec![[0.0; TILE]; step.coding.len() * tiles];
    for (code, rows) in table.chunks_exact_mut(tiles).enumerate() {
        let mut first = true;
        for (item, category) in step.coding.meaning(code) {
            let start = usize::from(*category) * tiles;
            let source = &cells[usize::from(*item)][start..start + tiles];
            if first {
                rows.copy_from_slice(source);
                first = false;
            } else {
                for (row, factor) in rows.iter_mut().zip(source) {
                    row.iter_mut().zip(factor).for_each(|(value, factor)| *value *= factor);
                }
            }
        }
    }
    table
}

/// Categories × tiles of one item.
pub(crate) fn item_table(nodes: &Nodes, function: &ResponseFunction) -> Vec<Tile> {
    let (tiles, categories) = (nodes.tiles(), function.categories());
    let mut rows = vec![[0.0; TILE]; categories * tiles];
    let mut probabilities = vec![0.0; categories];
    for node in 0..nodes.count {
        function.fill_probabilities(function.predictor(nodes.at(node)), &mut probabilities);
        for (category, probability) in probabilities.iter().enumerate() {
            rows[category * tiles + node / TILE][node % TILE] = *probability;
        }
    }
    rows
}

/// The whole step.
pub(crate) fn expect(step: &Step<'_>, functions: &[ResponseFunction]) -> Expectation {
    let table = table(step, functions);
    let ranges = pieces(step.coding.persons(), MOST_PIECES);
    let mut total: Option<Expectation> = None;
    parallel::each(step.threads, &ranges, |range| part(step, &table, range.clone()), &mut |part| match &mut total {
        Some(total) => total.add(&part),
        None => total = Some(part),
    });
    total.unwrap_or_else(|| part(step, &table, 0..0))
}

/// People cut into at most so many pieces, in the same way for any number of threads.
pub(crate) fn pieces(persons: usize, most: usize) -> Vec<Range<usize>> {
    let pieces = (persons / PIECE).isqrt().clamp(1, most.clamp(1, MOST_PIECES));
    let size = persons.div_ceil(pieces);
    (0..pieces).map(|piece| (piece * size).min(persons)..((piece + 1) * size).min(persons)).collect()
}

fn add(sum: &mut [Tile], more: &[Tile]) {
    for (sum, more) in sum.iter_mut().zip(more) {
        sum.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
    }
}

fn part(step: &Step<'_>, table: &[Tile], range: Range<usize>) -> Expectation {
    let tiles = step.nodes.tiles();
    let mut expectation = Expectation {
        log_likelihood: 0.0,
        counts: vec![[0.0; TILE]; table.len()],
        people: vec![vec![[0.0; TILE]; tiles]; step.weights.len()],
    };
    let posterior = vec![[0.0; TILE]; tiles];
    arch(step.wide).dispatch(Persons { step, table, range, posterior, expectation: &mut expectation });
    expectation
}

/// The widest arithmetic of the machine, or the plainest.
pub(crate) fn arch(wide: bool) -> Arch {
    if wide { Arch::new() } else { Arch::Scalar }
}

/// The loop over people, compiled once for every width of arithmetic: all it calls is inlined into each.
struct Persons<'a> {
    step: &'a Step<'a>,
    table: &'a [Tile],
    range: Range<usize>,
    posterior: Vec<Tile>,
    expectation: &'a mut Expectation,
}

impl WithSimd for Persons<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Self { step, table, range, mut posterior, expectation } = self;
        for person in range {
            let codes = step.coding.of(person);
            let group = step.groups.get(person).map_or(0, |group| usize::from(*group));
            let (scale, log_sum) = person_posterior(&step.weights[group], table, codes, &mut posterior);
            expectation.log_likelihood += log_sum;
            scale_and_add(&mut posterior, scale, &mut expectation.people[group]);
            spread(&posterior, codes, &mut expectation.counts);
        }
    }
}

/// Marginal log-likelihood of every `stride`-th person.
pub(crate) fn log_likelihood(step: &Step<'_>, functions: &[ResponseFunction], stride: usize) -> f64 {
    let table = table(step, functions);
    let sum = |range: &Range<usize>| -> f64 {
        let mut posterior = vec![[0.0; TILE]; step.nodes.tiles()];
        let of = |person: usize| {
            let group = step.groups.get(person).map_or(0, |group| usize::from(*group));
            person_posterior(&step.weights[group], &table, step.coding.of(person), &mut posterior).1
        };
        range.clone().map(|place| place * stride).map(of).sum()
    };
    let persons = step.coding.persons().div_ceil(stride);
    parallel::map(step.threads, &pieces(persons, MOST_PIECES), sum).into_iter().sum()
}

/// Fills the posterior up to a factor; returns that factor and the logarithm of the person's marginal likelihood.
#[inline(always)]
pub(crate) fn person_posterior(weights: &[Tile], table: &[Tile], codes: &[u32], posterior: &mut [Tile]) -> (f64, f64) {
    let tiles = weights.len();
    let mut sum = 0.0;
    for (tile, (weight, out)) in weights.iter().zip(posterior.iter_mut()).enumerate() {
        let mut product = *weight;
        for code in codes {
            let row = &table[*code as usize * tiles + tile];
            for lane in 0..TILE {
                product[lane] *= row[lane];
            }
        }
        let mut sums = [0.0; 8];
        for eight in product.as_chunks::<8>().0 {
            for lane in 0..8 {
                sums[lane] += eight[lane];
            }
        }
        sum += ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]));
        *out = product;
    }
    if sum > SMALLEST_SUM { (1.0 / sum, libm::log(sum)) } else { by_logarithms(weights, table, codes, posterior) }
}

#[cold]
#[inline(never)]
fn by_logarithms(weights: &[Tile], table: &[Tile], codes: &[u32], posterior: &mut [Tile]) -> (f64, f64) {
    let tiles = weights.len();
    let mut largest = f64::NEG_INFINITY;
    for (tile, (weight, out)) in weights.iter().zip(posterior.iter_mut()).enumerate() {
        for lane in 0..TILE {
            let factors = codes.iter().map(|code| libm::log(table[*code as usize * tiles + tile][lane]));
            out[lane] = libm::log(weight[lane]) + factors.sum::<f64>();
            largest = largest.max(out[lane]);
        }
    }
    let mut sum = 0.0;
    for value in posterior.iter_mut().flatten() {
        *value = libm::exp(*value - largest);
        sum += *value;
    }
    (1.0 / sum, largest + libm::log(sum))
}

/// Makes the posterior sum to 1 and adds it to the people of the group.
#[inline(always)]
fn scale_and_add(posterior: &mut [Tile], scale: f64, people: &mut [Tile]) {
    for (row, total) in posterior.iter_mut().zip(people) {
        for lane in 0..TILE {
            row[lane] *= scale;
            total[lane] += row[lane];
        }
    }
}

/// Adds a posterior to the rows of its codes.
#[inline(always)]
fn spread(posterior: &[Tile], codes: &[u32], counts: &mut [Tile]) {
    let tiles = posterior.len();
    for (tile, share) in posterior.iter().enumerate() {
        for code in codes {
            let count = &mut counts[*code as usize * tiles + tile];
            for lane in 0..TILE {
                count[lane] += share[lane];
            }
        }
    }
}

/// Expected counts of one item's categories at every node (categories × tiles), gathered from the codes.
pub(crate) fn item_counts(coding: &Coding, counts: &[Tile], tiles: usize, categories: &[usize]) -> Vec<Vec<Tile>> {
    let mut items: Vec<Vec<Tile>> = categories.iter().map(|count| vec![[0.0; TILE]; count * tiles]).collect();
    for code in 0..coding.len() {
        let rows = &counts[code * tiles..(code + 1) * tiles];
        for (item, category) in coding.meaning(code) {
            let start = usize::from(*category) * tiles;
            add(&mut items[usize::from(*item)][start..start + tiles], rows);
        }
    }
    items
}
