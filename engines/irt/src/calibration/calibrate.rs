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
use super::information::{Information, Point, complete};
use super::integration::{Integration, Pass, Setting, step, weights};
use super::latent::Latent;
use super::layout::Layout;
use super::maximisation::{evaluate, evaluate_latent, maximise, maximise_latent};
use super::missing_information::missing_information;
use super::nodes::{Grid, Nodes};
use super::scores::ItemScores;
use super::specification::Specification;
use super::stochastic::Chain;
use super::two_tier::TwoTier;
use crate::model::ResponseFunction;
use crate::numeric::parallel;
use crate::numeric::symmetric::Symmetric;
use crate::responses::Responses;

/// Patterns of a group of items: a table of 64 codes a group stays in the nearest cache.
const PATTERNS: usize = 64;

/// People of the sample that gives starting values, and answers an item must have in it.
const SAMPLE: usize = 2000;
const SAMPLE_ANSWERS: usize = 200;

/// The sample has said enough when a pass raises the log-posterior by no more than this share of it.
const SAMPLE_RISE: f64 = 1e-5;

/// A parameter further from where it began, in logits, was driven away by too few answers in the sample.
const SAMPLE_REACH: f64 = 4.0;

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

/// A step is not worse while it loses less than this share of the log-likelihood: rounding of a long sum.
const SLACK: f64 = 1e-9;

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
    /// Standard errors that hold though the model may not: the sandwich I⁻¹ (Σ s sᵀ) I⁻¹ in place of I⁻¹ (White 1982,
    /// *Econometrica* 50, 1–25; Yuan, Cheng & Patton 2014, *Psychometrika* 79, 232–254). On a grid only.
    pub robust: bool,
    /// Draw abilities at random, beginning with this seed, instead of integrating over a grid: the way beyond three
    /// dimensions. See the head of `stochastic.rs`.
    pub seed: Option<u64>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            grid: None,
            tolerance: 1e-4,
            most_iterations: 500,
            threads: 1,
            wide: true,
            standard_errors: false,
            robust: false,
            seed: None,
        }
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
    diagnosis::check(responses, specification, options)?;
    if let Some(seed) = options.seed {
        return Ok(by_draws(responses, specification, (options, seed), watch));
    }
    let dimensions = specification.dimensions();
    let mut run = Run {
        layout: Layout::new(responses, specification),
        responses,
        specification,
        options,
        iterations: 0,
        watch,
        stopped: false,
    };
    let mut values = run.layout.start(responses);
    let mut grid = options.grid.unwrap_or(Grid::standard(dimensions - run.specific()));
    if let Some(stride) = sample_stride(responses) {
        let sample = run.integration(&grid, stride);
        let reached = run.climb(&sample, values.clone(), SAMPLE_TOLERANCE, Some(stride)).values;
        values = run.layout.nearer(values, &reached, SAMPLE_REACH);
    }
    let mut warnings = diagnosis::beforehand(responses, run.layout.length);
    let mut integration = run.integration(&grid, 1);
    let mut found = run.climb(&integration, values, run.tolerance(), None);
    for refinement in 0..=MOST_REFINEMENTS {
        let change = run.grid_change(&integration, &found, &grid);
        if change <= GRID_TOLERANCE || run.stopped {
            break;
        }
        if options.grid.is_some() || refinement == MOST_REFINEMENTS || dimensions > 1 {
            warnings.push(Warning::CoarseGrid { change });
            break;
        }
        grid = grid.halved();
        integration = run.integration(&grid, 1);
        found = run.climb(&integration, found.values, run.tolerance(), None);
    }
    let information = if options.standard_errors { run.finish(&integration, &mut found) } else { None };
    if found.change > options.tolerance {
        warnings.push(Warning::NotConverged { iterations: run.iterations, change: found.change });
    }
    let outcome = diagnosis::Outcome { layout: &run.layout, values: &found.values, information, grid };
    let mut calibration = outcome.calibration(specification, warnings);
    calibration.log_likelihood = found.pass.log_likelihood;
    calibration.log_prior = run.layout.log_prior(&found.values);
    calibration.iterations = run.iterations;
    calibration.converged = found.change <= options.tolerance;
    Ok(calibration)
}

/// The stochastic way.
fn by_draws(
    responses: &Responses,
    specification: &Specification,
    (options, seed): (&Options, u64),
    watch: &mut dyn FnMut(&Progress) -> ControlFlow<()>,
) -> Calibration {
    let layout = Layout::new(responses, specification);
    let dimensions = specification.dimensions();
    let start = layout.start(responses);
    let mut warnings = diagnosis::beforehand(responses, layout.length);
    let grid = Grid::standard(dimensions);
    let ended = Chain::new((responses, &layout), &specification.groups, dimensions, seed).run(start.clone(), watch);
    let Some(ended) = ended else {
        warnings.push(Warning::NotConverged { iterations: 0, change: f64::INFINITY });
        return diagnosis::Outcome { layout: &layout, values: &start, information: None, grid }
            .calibration(specification, warnings);
    };
    if ended.change > DRAWN_TOLERANCE {
        warnings.push(Warning::NotConverged { iterations: ended.rounds, change: ended.change });
    }
    warnings.push(Warning::DrawnLikelihood { error: ended.log_likelihood_error });
    let information = options.standard_errors.then_some(Information { observed: ended.information, crossed: None });
    let outcome = diagnosis::Outcome { layout: &layout, values: &ended.values, information, grid };
    let mut calibration = outcome.calibration(specification, warnings);
    calibration.log_likelihood = ended.log_likelihood;
    calibration.log_prior = layout.log_prior(&ended.values);
    calibration.iterations = ended.rounds;
    calibration.converged = ended.change <= DRAWN_TOLERANCE;
    calibration
}

/// Movement of the mean over the second half of the rounds, in logits, that counts as standing still.
const DRAWN_TOLERANCE: f64 = 0.02;

/// Every how many-th person is in the sample, where one is worth its while.
fn sample_stride(responses: &Responses) -> Option<usize> {
    let per_item = responses.total() / responses.items().max(1);
    let stride = (responses.persons() / SAMPLE).min(per_item / SAMPLE_ANSWERS);
    (stride >= 3).then_some(stride)
}

/// A point the iteration reached, and the pass over the people at it.
struct Found {
    values: Vec<f64>,
    functions: Vec<ResponseFunction>,
    pass: Pass,
    change: f64,
}

struct Run<'a> {
    layout: Layout,
    responses: &'a Responses,
    specification: &'a Specification,
    options: &'a Options,
    iterations: usize,
    watch: &'a mut dyn FnMut(&Progress) -> ControlFlow<()>,
    stopped: bool,
}

impl<'a> Run<'a> {
    fn specific(&self) -> usize {
        self.specification.latent.first().map_or(0, |latent| latent.specific)
    }

    /// Points for every `stride`-th person.
    fn integration(&self, grid: &Grid, stride: usize) -> Integration<'a> {
        let (dimensions, specific) = (self.specification.dimensions(), self.specific());
        if specific == 0 {
            let coding = Coding::new(self.responses, PATTERNS, stride, self.options.threads);
            return Integration::Grid { nodes: Nodes::new(grid, dimensions), coding };
        }
        let items: Vec<Vec<usize>> = self.specification.items.iter().map(|item| item.dimensions.clone()).collect();
        Integration::TwoTier(TwoTier::new(self.responses, stride, &items, (dimensions, specific, grid)))
    }

    /// Newton's steps take over from a looser point, where there is an observed information to take them with.
    fn tolerance(&self) -> f64 {
        let newton = self.options.standard_errors && self.specific() == 0;
        if newton { self.options.tolerance.max(NEWTON_TOLERANCE) } else { self.options.tolerance }
    }

    fn setting<'s>(&self, groups: &'s [u16]) -> Setting<'s> {
        Setting { groups, threads: self.options.threads, wide: self.options.wide }
    }

    /// A pass at values that describe response functions and a distribution of ability.
    fn pass(
        &mut self,
        integration: &Integration<'_>,
        groups: &[u16],
        values: &[f64],
    ) -> Option<(Vec<ResponseFunction>, Pass)> {
        let functions = self.layout.functions(values)?;
        self.iterations += 1;
        let pass = integration.pass(self.setting(groups), &functions, &self.layout.latent(values))?;
        Some((functions, pass))
    }

    /// The parameters that fit the expected counts best.
    fn image(&self, integration: &Integration<'_>, values: &[f64], pass: &Pass) -> Vec<f64> {
        let mut image = values.to_vec();
        let layout = &self.layout;
        let best = parallel::map(self.options.threads, &layout.blocks, |block| {
            maximise(block, layout.block_values(block, values), integration, &pass.counts)
        });
        for (block, own) in layout.blocks.iter().zip(best) {
            image[block.start..block.start + block.length].copy_from_slice(&own);
        }
        for (group, latent) in self.layout.general(values).iter().enumerate() {
            let own = maximise_latent(latent, integration.ability_nodes(), &pass.people[group]);
            let start = self.layout.latent_start(group);
            image[start..start + own.len()].copy_from_slice(&own);
        }
        image
    }

    fn log_posterior(&self, values: &[f64], pass: &Pass) -> f64 {
        pass.log_likelihood + self.layout.log_prior(values)
    }

    /// Iterates until no parameter changes by more than the tolerance, over all people or a sample.
    fn climb(
        &mut self,
        integration: &Integration<'_>,
        start: Vec<f64>,
        tolerance: f64,
        sample: Option<usize>,
    ) -> Found {
        let groups: Vec<u16> = self.specification.groups.iter().copied().step_by(sample.unwrap_or(1)).collect();
        let mut acceleration = Acceleration::default();
        let mut best: Option<(Found, f64)> = None;
        let mut trial = start.clone();
        let mut fallback = start;
        loop {
            let reached = self.pass(integration, &groups, &trial);
            let posterior = reached.as_ref().map_or(f64::NEG_INFINITY, |(_, pass)| self.log_posterior(&trial, pass));
            let worse = best.as_ref().is_some_and(|(_, best)| posterior < best - SLACK * best.abs());
            let Some((functions, pass)) = reached.filter(|_| !worse) else {
                if trial == fallback {
                    // The plain step itself leads nowhere better: this is as far as the arithmetic goes.
                    break;
                }
                acceleration.restart();
                trial.clone_from(&fallback);
                continue;
            };
            let image = self.image(integration, &trial, &pass);
            let change = largest_change(&trial, &image);
            let point = core::mem::take(&mut trial);
            let progress =
                Progress { iteration: self.iterations, log_posterior: posterior, change, sample: sample.is_some() };
            self.stopped |= (self.watch)(&progress).is_break();
            let enough =
                sample.is_some() && best.as_ref().is_some_and(|(_, before)| posterior - before < -SAMPLE_RISE * before);
            trial = acceleration.next(&point, &image);
            fallback = image;
            best = Some((Found { values: point, functions, pass, change }, posterior));
            if change <= tolerance || enough || self.stopped || self.iterations >= self.options.most_iterations {
                break;
            }
            if self.layout.functions(&trial).is_none() {
                acceleration.restart();
                trial.clone_from(&fallback);
            }
        }
        best.map_or_else(|| self.unreached(fallback), |(found, _)| found)
    }

    /// A point at which nothing could be computed: reported as not converged.
    fn unreached(&self, values: Vec<f64>) -> Found {
        let functions = self.layout.functions(&values).unwrap_or_default();
        let pass = Pass { log_likelihood: f64::NEG_INFINITY, counts: Vec::new(), people: Vec::new() };
        Found { values, functions, pass, change: f64::INFINITY }
    }

    /// How much halving the step moves the log-likelihood, estimated from every how many-th person.
    fn grid_change(&self, integration: &Integration<'_>, found: &Found, grid: &Grid) -> f64 {
        let dimensions = self.specification.dimensions();
        let stride = (self.responses.persons() / GRID_SAMPLE).max(1);
        let latent = self.layout.latent(&found.values);
        let setting = self.setting(&self.specification.groups);
        let on = |grid: &Grid| {
            let nodes = Nodes::new(grid, dimensions);
            integration.log_likelihood_on(&nodes, setting, (&found.functions, &latent), stride)
        };
        match (self.specific() == 0).then(|| on(grid).zip(on(&grid.halved()))) {
            Some(Some((coarse, finer))) => stride as f64 * (finer - coarse).abs(),
            _ => 0.0,
        }
    }

    /// Newton's steps to the maximum; the information there.
    fn finish(&mut self, integration: &Integration<'_>, found: &mut Found) -> Option<Information> {
        if found.pass.counts.is_empty() {
            return None;
        }
        if self.layout.length == 0 {
            return Some(Information { observed: Symmetric::zeros(0), crossed: None });
        }
        let groups = self.specification.groups.clone();
        if let Integration::TwoTier(tiers) = integration {
            let observed = self.cross_products(tiers, &groups, found)?;
            return Some(Information { observed, crossed: None });
        }
        let mut information = self.information(integration, found)?;
        let mut moved = 0.0;
        for _ in 0..NEWTON_STEPS {
            let Ok(factor) = information.observed.factor() else { break };
            let mut step = self.gradient(integration, found);
            factor.solve(&mut step);
            let change = step.iter().fold(0.0_f64, |largest, one| largest.max(one.abs()));
            if change <= self.options.tolerance || self.stopped {
                found.change = found.change.min(change);
                break;
            }
            let reached: Vec<f64> = found.values.iter().zip(&step).map(|(value, step)| value + step).collect();
            let before = self.log_posterior(&found.values, &found.pass);
            let after = self.pass(integration, &groups, &reached);
            let after = after.filter(|(_, pass)| self.log_posterior(&reached, pass) >= before - SLACK * before.abs());
            match after {
                Some((functions, pass)) => *found = Found { values: reached, functions, pass, change },
                None => *found = self.climb(integration, found.values.clone(), self.options.tolerance, None),
            }
            moved += change;
            if moved > INFORMATION_TOLERANCE {
                information = self.information(integration, found)?;
                moved = 0.0;
            }
        }
        Some(information)
    }

    fn information(&self, integration: &Integration<'_>, found: &Found) -> Option<Information> {
        let Integration::Grid { nodes, coding } = integration else { return None };
        let weights = weights(&self.layout.latent(&found.values), nodes)?;
        let point = Point { layout: &self.layout, values: &found.values, functions: &found.functions };
        let mut observed = complete(&point, integration, &found.pass);
        let setting = self.setting(&self.specification.groups);
        let step = step(coding, nodes, &weights, setting);
        let sums = missing_information(&point, &step, &found.pass.people, self.options.robust);
        for row in 0..self.layout.length {
            observed.row_mut(row).iter_mut().zip(sums.missing.row(row)).for_each(|(cell, missing)| *cell -= missing);
        }
        Some(Information { observed, crossed: sums.crossed })
    }

    fn cross_products(&self, tiers: &TwoTier<'_>, groups: &[u16], found: &Found) -> Option<Symmetric> {
        let latent = self.layout.latent(&found.values);
        let weights = weights(&latent, tiers.general_nodes())?;
        let point = Point { layout: &self.layout, values: &found.values, functions: &found.functions };
        let scores: Vec<_> =
            (0..found.functions.len()).map(|item| ItemScores::new(&point, tiers.item_nodes(item), item)).collect();
        let general = |(group, latent): (usize, &Latent)| {
            Some((self.layout.latent_start(group), latent.general().scores(tiers.general_nodes())?))
        };
        let abilities: Option<Vec<_>> = latent.iter().enumerate().map(general).collect();
        Some(tiers.cross_products(self.setting(groups), (&found.functions, &weights), &scores, &abilities?))
    }

    /// Gradient of the marginal log-likelihood plus log-prior (Fisher's identity).
    fn gradient(&self, integration: &Integration<'_>, found: &Found) -> Vec<f64> {
        let mut gradient = vec![0.0; self.layout.length];
        for block in &self.layout.blocks {
            let own = evaluate(block, self.layout.block_values(block, &found.values), integration, &found.pass.counts);
            let own = own.map_or_else(|| vec![0.0; block.length], |at| at.gradient);
            gradient[block.start..block.start + block.length].copy_from_slice(&own);
        }
        for (group, latent) in self.layout.general(&found.values).iter().enumerate() {
            if let Some(at) = evaluate_latent(latent, integration.ability_nodes(), &found.pass.people[group]) {
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
