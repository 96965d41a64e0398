//! The next item of a test of one dimension that is scored on a grid: eight classical rules by name.

use rand::Rng;

use super::choice::{Choice, Place, choose as choose_among, choose_by_information};
use super::criterion::{
    kullback_leibler, maximum_expected_information, maximum_information, minimum_expected_variance,
    posterior_weighted_information, progressive, stratified,
};
use super::{Exposure, Pool, Progress, Quotas};
use crate::ability::{Estimate, Grid, GridPosterior};

/// How the next item is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// The most informative at the estimate, [`maximum_information`].
    MaximumInformation,
    /// [`posterior_weighted_information`].
    PosteriorWeightedInformation,
    /// [`kullback_leibler`].
    KullbackLeibler,
    /// [`maximum_expected_information`].
    MaximumExpectedInformation,
    /// [`minimum_expected_variance`].
    MinimumExpectedVariance,
    /// [`stratified`], in this many strata.
    Stratified(usize),
    /// [`progressive`].
    Progressive,
    /// At random among this many of the most informative: Kingsbury & Zara (1989), *Applied Measurement in Education* 2,
    /// 359–375.
    Randomesque(usize),
}

/// A pool with the likelihood of each answer on the grid, computed once.
#[derive(Debug, Clone)]
pub struct PoolOnGrid<'a> {
    pub pool: &'a Pool<1>,
    pub grid: &'a Grid,
    /// Item by item, node by node.
    right: Vec<f64>,
    wrong: Vec<f64>,
    /// Information, for [`Rule::PosteriorWeightedInformation`].
    information: Vec<f64>,
    /// Logarithms of both, for [`Rule::KullbackLeibler`].
    logarithms: Vec<[f64; 2]>,
    strata: Vec<usize>,
}

impl<'a> PoolOnGrid<'a> {
    /// Tables of likelihoods: 16 bytes an item and node; for [`Rule::KullbackLeibler`] their logarithms, for
    /// [`Rule::Stratified`] the stratum of each item.
    pub fn new(pool: &'a Pool<1>, grid: &'a Grid, rule: Rule) -> Self {
        let table = |correct| pool.items().iter().flat_map(|item| grid.likelihood(&item.item, correct)).collect();
        let strata = match rule {
            Rule::Stratified(strata) => stratified::strata(pool.items().iter().map(|item| &item.item), strata),
            _ => Vec::new(),
        };
        let (right, wrong): (Vec<f64>, Vec<f64>) = (table(true), table(false));
        let logarithms = match rule {
            Rule::KullbackLeibler => {
                right.iter().zip(&wrong).map(|(&right, &wrong)| [libm::log(right), libm::log(wrong)]).collect()
            }
            _ => Vec::new(),
        };
        let information = match rule {
            Rule::PosteriorWeightedInformation => {
                let of_item = |item: &super::PoolItem| -> Vec<f64> {
                    grid.abilities().map(|theta| item.item.information(theta)).collect()
                };
                pool.items().iter().flat_map(of_item).collect()
            }
            _ => Vec::new(),
        };
        Self { pool, grid, right, wrong, information, logarithms, strata }
    }

    /// Likelihood of an answer to the item at a position, node by node (closed form, see [`Grid::likelihood`]).
    pub fn likelihood(&self, position: usize, correct: bool) -> &[f64] {
        self.of_item(if correct { &self.right } else { &self.wrong }, position)
    }

    fn of_item<'b, T>(&self, table: &'b [T], position: usize) -> &'b [T] {
        let nodes = self.grid.nodes();
        &table[position * nodes..(position + 1) * nodes]
    }
}

/// One person's test so far, as the choice of the next item sees it.
#[derive(Debug, Clone, Copy)]
pub struct Sitting<'a> {
    pub on_grid: &'a PoolOnGrid<'a>,
    pub quotas: &'a Quotas,
    pub posterior: &'a GridPosterior<'a>,
    pub estimate: Estimate,
    pub progress: &'a Progress,
}

/// The next item, or `None` when the rules leave none.
///
/// # Formula
/// Of the items that the content rules allow and the ceiling permits, the one with the largest score − price; the score is
/// the rule's. With probability ε the least exposed instead. When the ceiling permits none, the least exposed.
///
/// # Arguments
/// - `sitting`: tables, rules, posterior with its estimate, items given and left.
/// - `rule`: the rule by name. `exposure`: counters, ceiling, prices, ε. The caller counts the showing.
/// - `rng`: the seeded generator; two words a call, [`Rule::Progressive`] one more a candidate.
///
/// # Source
/// Of each rule in its own file.
///
/// # Accuracy
/// Exact: bounds decide only which items need no calculation. Maximum information gives catR's sequence.
///
/// # Limits
/// `None` when the test is whole or no item is left.
pub fn choose<R: Rng + ?Sized>(
    sitting: &Sitting<'_>,
    rule: Rule,
    exposure: &Exposure<'_>,
    rng: &mut R,
) -> Option<Choice> {
    let Sitting { on_grid, quotas, posterior, estimate, progress } = *sitting;
    let candidates = || progress.candidates(on_grid.pool, quotas);
    let items = on_grid.pool.items();
    let item = |position: usize| &items[position].item;
    let information = |position: usize| maximum_information::score(item(position), estimate.mean);
    let right = |position: usize| on_grid.likelihood(position, true);
    match rule {
        Rule::MaximumInformation => {
            let mean = &[estimate.mean];
            let place = Place { pool: on_grid.pool, quotas, progress, mean, best_few: 1 };
            choose_by_information(&place, (|_, information| information, information), exposure, rng)
        }
        Rule::Randomesque(among) => choose_among((candidates(), among), information, exposure, rng),
        Rule::PosteriorWeightedInformation => {
            let at_nodes = |position: usize| on_grid.of_item(&on_grid.information, position);
            let score = |position| posterior_weighted_information::score(at_nodes(position), posterior.masses());
            choose_among((candidates(), 1), score, exposure, rng)
        }
        Rule::KullbackLeibler => {
            let logarithms = |position: usize| on_grid.of_item(&on_grid.logarithms, position);
            let (masses, theta) = (posterior.masses(), estimate.mean);
            let score = |position| kullback_leibler::score(item(position), logarithms(position), masses, theta);
            choose_among((candidates(), 1), score, exposure, rng)
        }
        Rule::MaximumExpectedInformation => {
            let score = |position: usize| {
                let answers = [right(position), on_grid.likelihood(position, false)];
                maximum_expected_information::score(item(position), answers, posterior)
            };
            choose_among((candidates(), 1), score, exposure, rng)
        }
        Rule::MinimumExpectedVariance => {
            let score = |position| minimum_expected_variance::score(right(position), posterior);
            choose_among((candidates(), 1), score, exposure, rng)
        }
        Rule::Stratified(strata) => {
            let stage = stratified::stage(progress.given().len(), quotas.length(), strata);
            let score = |position: usize| {
                stratified::score(item(position), on_grid.strata[position].abs_diff(stage), estimate.mean)
            };
            choose_among((candidates(), 1), score, exposure, rng)
        }
        Rule::Progressive => {
            let candidates = candidates();
            let share = progress.given().len() as f64 / quotas.length() as f64;
            let scores = progressive::scores(&candidates, information, share, rng);
            let score = |position| candidates_score(&candidates, &scores, position);
            choose_among((candidates.clone(), 1), score, exposure, rng)
        }
    }
}

fn candidates_score(candidates: &[usize], scores: &[f64], position: usize) -> f64 {
    candidates.binary_search(&position).map_or(f64::NEG_INFINITY, |index| scores[index])
}
