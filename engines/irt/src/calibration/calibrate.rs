//! Marginal maximum likelihood: from answers to item parameters.
//!
//! Expectation and maximisation (Bock & Aitkin 1981) on a small sample of the people first, then on all, mixed by
//! Anderson's method; finished by Newton's steps with the observed information where standard errors are asked for, so
//! that the point where it stops is the maximum and not a slow place on the way.

use core::ops::ControlFlow;

use super::acceleration::Acceleration;
use super::coding::Coding;
use super::diagnosis::{self, CalibrationError};
use super::estimate::{Calibration, Warning};
use super::expectation::{Expectation, Step, expect, item_counts, log_likelihood};
use super::information::{Point, complete};
use super::layout::Layout;
use super::maximisation::{evaluate, evaluate_latent, maximise, maximise_latent};
use super::missing_information::missing_information;
use super::nodes::{Grid, Nodes, TILE, Tile};
use super::specification::Specification;
use crate::model::ResponseFunction;
use crate::numeric::symmetric::Symmetric;
use crate::responses::Responses;

/// Patterns of a group of items: a table of 64 codes a group stays in the nearest cache.
const PATTERNS: usize = 64;

/// Patterns while pairs of codes are counted: their table grows with the square.
const PAIR_PATTERNS: usize = 16;

/// People of the sample that gives starting values, and answers an item must have in it.
const SAMPLE: usize = 2000;
const SAMPLE_ANSWERS: usize = 200;

/// How far the sample is followed, and the iteration on all before Newton's steps: largest change of a parameter.
const SAMPLE_TOLERANCE: f64 = 2e-2;
const NEWTON_TOLERANCE: f64 = 1e-4;

/// Newton's steps at most; with the information of the first each makes the error a hundred times smaller.
const NEWTON_STEPS: usize = 12;

/// Movement after which the information is taken anew: below it standard errors change by a thousandth at most.
const INFORMATION_TOLERANCE: f64 = 5e-4;

/// A grid is fine enough when halving its step moves the log-likelihood by no more.
const GRID_TOLERANCE: f64 = 0.01;
/// People from whom that is estimated.
const GRID_SAMPLE: usize = 1000;
const MOST_REFINEMENTS: usize = 3;

/// How to calibrate.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Points of ability; `None` takes the standard grid and refines it until it is fine enough.
    pub grid: Option<Grid>,
    /// The largest change of any parameter at which the iteration ends, in logits; typically 1e-4 … 1e-7.
    pub tolerance: f64,
    /// Passes over the people at most.
    pub most_iterations: usize,
    /// Threads, where the feature `threads` is on; the result is the same for any number.
    pub threads: usize,
    /// Whether the machine's widest arithmetic may be used; the result is the same.
    pub wide: bool,
    pub standard_errors: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { grid: None, tolerance: 1e-4, most_iterations: 500, threads: 1, wide: true, standard_errors: false }
    }
}

/// Where a calibration stands after a pass over the people.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// Passes so far.
    pub iteration: usize,
    /// Log-likelihood plus log-prior at the parameters of this pass; of the sample while `sample` holds.
    pub log_posterior: f64,
    /// Largest change of a parameter in this pass, in logits.
    pub change: f64,
    pub sample: bool,
}

/// Item parameters and abilities of groups by marginal maximum likelihood.
///
/// # Formula
/// Maximises Σ_i ln Σ_q w_q Π_j P_j(x_ij | θ_q) + Σ ln prior over the free parameters; w_q the normal weights of the
/// grid.
///
/// # Arguments
/// - `responses`: at least one person; every estimated item needs two categories that occur.
/// - `specification`: one entry an item, one latent distribution a group.
/// - `options`: see [`Options`].
/// - `watch`: called after each pass; `Break` ends the iteration with the best parameters so far.
///
/// # Source
/// Bock & Aitkin (1981), *Psychometrika* 46, 443–459; standard errors Louis (1982), *JRSS* B 44, 226–233.
///
/// # Accuracy
/// Agrees with mirt 1.47 at its tolerance 1e-7 within 1e-3 in log-likelihood and parameters and 1 % in standard errors
/// on the eight data sets of `tests/reference/calibration`.
///
/// # Limits
/// What the data cannot determine is named in [`Calibration::warnings`].
///
/// ```
/// use std::ops::ControlFlow;
/// use melek_irt::calibration::{Model, Options, Specification, calibrate};
/// use melek_irt::responses::Responses;
/// let rows = [[1, 1, 0], [1, 0, 0], [0, 1, 1], [0, 0, 0], [1, 1, 1], [1, 0, 1], [0, 1, 0], [1, 1, 0]];
/// let responses = Responses::from_rows(3, rows.map(|row| row.map(Some)))?;
/// let fit = calibrate(&responses, &Specification::uniform(Model::Rasch, 3), &Options::default(), &mut |_| {
///     ControlFlow::Continue(())
/// })?;
/// assert!(fit.converged && fit.log_likelihood < 0.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn calibrate(
    responses: &Responses,
    specification: &Specification,
    options: &Options,
    watch: &mut dyn FnMut(&Progress) -> ControlFlow<()>,
) -> Result<Calibration, CalibrationError> {
    diagnosis::check(responses, specification)?;
    let dimensions = specification.dimensions();
    let mut run = Run {
        layout: Layout::new(responses, specification),
        groups: specification.groups.clone(),
        options,
        nodes: Nodes::new(&options.grid.unwrap_or(Grid::standard(dimensions)), dimensions),
        iterations: 0,
        watch,
        stopped: false,
    };
    let mut values = run.layout.start(responses);
    if let Some(stride) = sample_stride(responses) {
        values = run.sample(responses, values, stride);
    }
    let coding = Coding::new(responses, PATTERNS, 1);
    let mut grid = options.grid.unwrap_or(Grid::standard(dimensions));
    let mut warnings = diagnosis::beforehand(responses, run.layout.length);
    let mut found = run.climb(&coding, values, run.tolerance(), false);
    for refinement in 0..=MOST_REFINEMENTS {
        let change = run.grid_change(&coding, &found, &grid);
        if change <= GRID_TOLERANCE || run.stopped {
            break;
        }
        if options.grid.is_some() || refinement == MOST_REFINEMENTS || dimensions > 1 {
            warnings.push(Warning::CoarseGrid { change });
            break;
        }
        grid = grid.halved();
        run.nodes = Nodes::new(&grid, dimensions);
        found = run.climb(&coding, found.values, run.tolerance(), false);
    }
    let information = if options.standard_errors { run.finish(responses, &coding, &mut found) } else { None };
    if found.change > options.tolerance {
        warnings.push(Warning::NotConverged { iterations: run.iterations, change: found.change });
    }
    let outcome = diagnosis::Outcome { layout: &run.layout, values: &found.values, information, grid };
    let mut calibration = outcome.calibration(specification, warnings);
    calibration.log_likelihood = found.expectation.log_likelihood;
    calibration.log_prior = log_prior(&run.layout, &found.values);
    calibration.iterations = run.iterations;
    calibration.converged = found.change <= options.tolerance;
    Ok(calibration)
}

/// Every how many-th person is in the sample, where one is worth its while.
fn sample_stride(responses: &Responses) -> Option<usize> {
    let per_item = responses.total() / responses.items().max(1);
    let stride = (responses.persons() / SAMPLE).min(per_item / SAMPLE_ANSWERS);
    (stride >= 3).then_some(stride)
}

fn log_prior(layout: &Layout, values: &[f64]) -> f64 {
    let of = |block| layout_priors(layout, block, values);
    (0..layout.blocks.len()).map(of).sum()
}

fn layout_priors(layout: &Layout, block: usize, values: &[f64]) -> f64 {
    let block = &layout.blocks[block];
    let own = layout.block_values(block, values);
    block.priors(own).iter().map(|(_, value, _, prior)| prior.log_density(*value)[0]).sum()
}

/// A point the iteration reached, and the expectation at it.
struct Found {
    values: Vec<f64>,
    functions: Vec<ResponseFunction>,
    expectation: Expectation,
    change: f64,
}

struct Run<'a> {
    layout: Layout,
    groups: Vec<u16>,
    options: &'a Options,
    nodes: Nodes,
    iterations: usize,
    watch: &'a mut dyn FnMut(&Progress) -> ControlFlow<()>,
    stopped: bool,
}

impl Run<'_> {
    fn tolerance(&self) -> f64 {
        if self.options.standard_errors { self.options.tolerance.max(NEWTON_TOLERANCE) } else { self.options.tolerance }
    }

    /// Expectation at values that describe response functions and a latent distribution.
    fn expect(&mut self, coding: &Coding, values: &[f64]) -> Option<(Vec<ResponseFunction>, Expectation)> {
        let functions = self.layout.functions(values)?;
        let weights = self.weights(values, &self.nodes)?;
        self.iterations += 1;
        let expectation = expect(&self.step(coding, &weights), &functions);
        expectation.log_likelihood.is_finite().then_some((functions, expectation))
    }

    /// The parameters that fit the expected counts best.
    fn image(&self, coding: &Coding, values: &[f64], functions: &[ResponseFunction], at: &Expectation) -> Vec<f64> {
        let counts = self.counts(coding, functions, at);
        let mut image = values.to_vec();
        for block in &self.layout.blocks {
            let own = maximise(block, self.layout.block_values(block, values), &self.nodes, &counts);
            image[block.start..block.start + block.length].copy_from_slice(&own);
        }
        for (group, latent) in self.layout.latent(values).iter().enumerate() {
            let own = maximise_latent(latent, &self.nodes, &at.people[group]);
            let start = self.layout.latent_start(group);
            image[start..start + own.len()].copy_from_slice(&own);
        }
        image
    }

    fn counts(&self, coding: &Coding, functions: &[ResponseFunction], at: &Expectation) -> Vec<Vec<Tile>> {
        let categories: Vec<usize> = functions.iter().map(ResponseFunction::categories).collect();
        item_counts(coding, &at.counts, self.nodes.tiles(), &categories)
    }

    fn sample(&mut self, responses: &Responses, values: Vec<f64>, stride: usize) -> Vec<f64> {
        let coding = Coding::new(responses, PATTERNS, stride);
        let all = self.groups.clone();
        self.groups = all.iter().copied().step_by(stride).collect();
        let found = self.climb(&coding, values, SAMPLE_TOLERANCE, true);
        self.groups = all;
        found.values
    }

    /// Iterates until no parameter changes by more than the tolerance.
    fn climb(&mut self, coding: &Coding, start: Vec<f64>, tolerance: f64, sample: bool) -> Found {
        let mut acceleration = Acceleration::default();
        let mut best: Option<(Found, f64)> = None;
        let mut trial = start.clone();
        let mut fallback = start;
        loop {
            let reached = self.expect(coding, &trial);
            let posterior = reached
                .as_ref()
                .map_or(f64::NEG_INFINITY, |(_, at)| at.log_likelihood + log_prior(&self.layout, &trial));
            let worse = best.as_ref().is_some_and(|(_, best)| posterior < best - 1e-9 * best.abs());
            let Some((functions, expectation)) = reached.filter(|_| !worse) else {
                if trial == fallback {
                    // The plain step itself leads nowhere better: this is as far as the arithmetic goes.
                    break;
                }
                acceleration.restart();
                trial.clone_from(&fallback);
                continue;
            };
            let image = self.image(coding, &trial, &functions, &expectation);
            let change = largest_change(&trial, &image);
            let point = core::mem::take(&mut trial);
            let progress = Progress { iteration: self.iterations, log_posterior: posterior, change, sample };
            let interrupted = (self.watch)(&progress).is_break();
            trial = acceleration.next(&point, &image);
            fallback = image;
            best = Some((Found { values: point, functions, expectation, change }, posterior));
            if interrupted {
                self.stopped = true;
            }
            if change <= tolerance || self.stopped || self.iterations >= self.options.most_iterations {
                break;
            }
            if self.layout.functions(&trial).is_none() {
                acceleration.restart();
                trial.clone_from(&fallback);
            }
        }
        match best {
            Some((found, _)) => found,
            None => self.unreached(fallback),
        }
    }

    /// A point at which nothing could be computed: reported as not converged.
    fn unreached(&self, values: Vec<f64>) -> Found {
        let people = vec![vec![[0.0; TILE]; self.nodes.tiles()]; self.layout.latent(&values).len()];
        let functions = self.layout.functions(&values).unwrap_or_default();
        let expectation = Expectation { log_likelihood: f64::NEG_INFINITY, counts: Vec::new(), people };
        Found { values, functions, expectation, change: f64::INFINITY }
    }

    /// How much halving the step moves the log-likelihood, estimated from every how many-th person.
    fn grid_change(&mut self, coding: &Coding, found: &Found, grid: &Grid) -> f64 {
        let stride = (coding.persons() / GRID_SAMPLE).max(1);
        let finer_nodes = Nodes::new(&grid.halved(), self.nodes.dimensions);
        let likelihood = |nodes: &Nodes| {
            let weights = self.weights(&found.values, nodes)?;
            let step = Step { nodes, ..self.step(coding, &weights) };
            Some(log_likelihood(&step, &found.functions, stride))
        };
        match (likelihood(&self.nodes), likelihood(&finer_nodes)) {
            (Some(coarse), Some(finer)) => stride as f64 * (finer - coarse).abs(),
            _ => 0.0,
        }
    }

    /// Newton's steps to the maximum; the observed information there.
    fn finish(&mut self, responses: &Responses, coding: &Coding, found: &mut Found) -> Option<Symmetric> {
        let pairs = Coding::new(responses, PAIR_PATTERNS, 1);
        let mut information = self.information(coding, &pairs, found)?;
        let mut moved = 0.0;
        for _ in 0..NEWTON_STEPS {
            let Ok(factor) = information.factor() else { break };
            let mut step = self.gradient(coding, found);
            factor.solve(&mut step);
            let change = step.iter().fold(0.0_f64, |largest, one| largest.max(one.abs()));
            if change <= self.options.tolerance || self.stopped {
                found.change = found.change.min(change);
                break;
            }
            let reached: Vec<f64> = found.values.iter().zip(&step).map(|(value, step)| value + step).collect();
            let before = found.expectation.log_likelihood + log_prior(&self.layout, &found.values);
            let after = self.expect(coding, &reached);
            let after = after.filter(|(_, at)| {
                at.log_likelihood + log_prior(&self.layout, &reached) >= before - 1e-9 * before.abs()
            });
            match after {
                Some((functions, expectation)) => *found = Found { values: reached, functions, expectation, change },
                None => *found = self.climb(coding, found.values.clone(), self.options.tolerance, false),
            }
            moved += change;
            if moved > INFORMATION_TOLERANCE {
                information = self.information(coding, &pairs, found)?;
                moved = 0.0;
            }
        }
        Some(information)
    }

    fn information(&self, coding: &Coding, pairs: &Coding, found: &Found) -> Option<Symmetric> {
        let counts = self.counts(coding, &found.functions, &found.expectation);
        let weights = self.weights(&found.values, &self.nodes)?;
        let point = Point { layout: &self.layout, values: &found.values, functions: &found.functions };
        let mut information = complete(&point, &self.nodes, &counts, &found.expectation.people);
        let missing = missing_information(&point, &self.step(pairs, &weights));
        for row in 0..self.layout.length {
            information.row_mut(row).iter_mut().zip(missing.row(row)).for_each(|(cell, missing)| *cell -= missing);
        }
        Some(information)
    }

    fn weights(&self, values: &[f64], nodes: &Nodes) -> Option<Vec<Vec<Tile>>> {
        self.layout.latent(values).iter().map(|latent| latent.weights(nodes)).collect()
    }

    fn step<'a>(&'a self, coding: &'a Coding, weights: &'a [Vec<Tile>]) -> Step<'a> {
        let Options { threads, wide, .. } = *self.options;
        Step { coding, nodes: &self.nodes, weights, groups: &self.groups, threads, wide }
    }

    /// Gradient of the marginal log-likelihood plus log-prior (Fisher's identity).
    fn gradient(&self, coding: &Coding, found: &Found) -> Vec<f64> {
        let counts = self.counts(coding, &found.functions, &found.expectation);
        let mut gradient = vec![0.0; self.layout.length];
        for block in &self.layout.blocks {
            let own = evaluate(block, self.layout.block_values(block, &found.values), &self.nodes, &counts);
            let own = own.map_or_else(|| vec![0.0; block.length], |at| at.gradient);
            gradient[block.start..block.start + block.length].copy_from_slice(&own);
        }
        for (group, latent) in self.layout.latent(&found.values).iter().enumerate() {
            if let Some(at) = evaluate_latent(latent, &self.nodes, &found.expectation.people[group]) {
                let start = self.layout.latent_start(group);
                gradient[start..start + at.gradient.len()].copy_from_slice(&at.gradient);
            }
        }
        gradient
    }
}

fn largest_change(from: &[f64], to: &[f64]) -> f64 {
    from.iter().zip(to).fold(0.0, |largest, (from, to)| f64::max(largest, (to - from).abs()))
}
