//! Many dimensions without a grid: abilities are drawn at random, parameters follow the draws with shrinking steps.
//!
//! Metropolis–Hastings Robbins–Monro (Cai 2010, *Psychometrika* 75, 33–57): in every round each person's ability makes a
//! few Metropolis steps, and the parameters make one scoring step on the complete data these draws are, its length t^−0.6
//! in round t; the answer is the mean of the later rounds (Polyak & Juditsky 1992, *SIAM Journal on Control and
//! Optimization* 30, 838–855). Cost grows with the number of dimensions, not with its power.

use core::ops::ControlFlow;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::calibrate::Progress;
use super::integration::Integration;
use super::latent::{Element, Latent};
use super::layout::Layout;
use super::maximisation::evaluate;
use super::nodes::{Nodes, TILE, Tile};
use crate::model::{Derivatives, ResponseFunction};
use crate::numeric::random::{standard_normal, uniform};
use crate::numeric::symmetric::{Factor, Symmetric};
use crate::responses::Responses;

/// Rounds before steps begin to shrink, and rounds that are averaged.
const WARM_UP: usize = 120;
const AVERAGED: usize = 400;

/// Metropolis steps of a round.
const SWEEPS: usize = 4;

/// Exponent of the shrinking step: between 1/2 and 1, so that averaging is efficient.
const SHRINKING: f64 = 0.6;

/// Share of accepted steps that is aimed at: Roberts, Gelman & Gilks (1997), *Annals of Applied Probability* 7, 110–120.
const ACCEPTED: f64 = 0.3;

/// Longest step of a parameter in one round, in logits.
const LONGEST_STEP: f64 = 0.5;

/// Every how many-th averaged round adds to the mean scores of the people.
const SCORED: usize = 5;

/// Draws a person of the importance sampling that gives the log-likelihood.
const LIKELIHOOD_DRAWS: usize = 500;

/// How much wider than the posterior those draws are spread.
const WIDENED: f64 = 1.2;

/// Where the rounds end.
pub(super) struct Ended {
    pub(super) values: Vec<f64>,
    /// Largest movement of a mean over its second half.
    pub(super) change: f64,
    pub(super) rounds: usize,
    pub(super) log_likelihood: f64,
    /// Standard error of the log-likelihood, from its own draws.
    pub(super) log_likelihood_error: f64,
    /// Cross-product information: Σ of the people's mean scores times themselves.
    pub(super) information: Symmetric,
}

/// The people and their present abilities.
pub(super) struct Chain<'a> {
    responses: &'a Responses,
    layout: &'a Layout,
    groups: &'a [u16],
    dimensions: usize,
    /// People × dimensions.
    theta: Vec<f64>,
    scale: f64,
    rng: ChaCha8Rng,
    /// Running moments of each person's draws: count, sums, sums of products (lower triangle by rows).
    moments: Vec<Vec<f64>>,
    drawn: f64,
}

impl<'a> Chain<'a> {
    pub(super) fn new(
        (responses, layout): (&'a Responses, &'a Layout),
        groups: &'a [u16],
        dimensions: usize,
        seed: u64,
    ) -> Self {
        Self {
            responses,
            layout,
            groups,
            dimensions,
            theta: vec![0.0; responses.persons() * dimensions],
            scale: 1.0,
            rng: ChaCha8Rng::seed_from_u64(seed),
            moments: vec![vec![0.0; dimensions + dimensions * (dimensions + 1) / 2]; responses.persons()],
            drawn: 0.0,
        }
    }

    /// All rounds.
    pub(super) fn run(
        mut self,
        mut values: Vec<f64>,
        watch: &mut dyn FnMut(&Progress) -> ControlFlow<()>,
    ) -> Option<Ended> {
        let length = self.layout.length;
        let mut curvature = Symmetric::zeros(length);
        let mut mean = vec![0.0; length];
        let mut half = mean.clone();
        let mut scores = vec![0.0; length * self.responses.persons()];
        let mut rounds = 0;
        for round in 0..WARM_UP + AVERAGED {
            let functions = self.layout.functions(&values)?;
            let latent = self.layout.latent(&values);
            for _ in 0..SWEEPS {
                self.sweep(&functions, &latent)?;
            }
            let (gradient, information) = self.complete(&values, &latent)?;
            let since = (round + 1).saturating_sub(WARM_UP).max(1) as f64;
            let gain = libm::pow(since, -SHRINKING);
            let share = if round == 0 { 1.0 } else { gain.min(0.3) };
            blend(&mut curvature, &information, share);
            values = self.moved(&values, &curvature, &gradient, gain)?;
            rounds = round + 1;
            if round >= WARM_UP {
                let count = since;
                let largest = mean.iter_mut().zip(&values).fold(0.0_f64, |largest, (mean, value)| {
                    let change = (value - *mean) / count;
                    *mean += change;
                    largest.max(change.abs())
                });
                self.remember();
                if round % SCORED == 0 {
                    self.add_scores(&values, &functions, &latent, &mut scores)?;
                }
                if round == WARM_UP + AVERAGED / 2 {
                    half.clone_from(&mean);
                }
                let progress = Progress { iteration: rounds, log_posterior: f64::NAN, change: largest, sample: false };
                if watch(&progress).is_break() {
                    break;
                }
            }
        }
        let change = mean.iter().zip(&half).fold(0.0_f64, |largest, (mean, half)| largest.max((mean - half).abs()));
        let (log_likelihood, log_likelihood_error) = self.log_likelihood(&mean)?;
        let information = self.cross_products(&scores, rounds);
        Some(Ended { values: mean, change, rounds, log_likelihood, log_likelihood_error, information })
    }

    fn group(&self, person: usize) -> usize {
        self.groups.get(person).map_or(0, |group| usize::from(*group))
    }

    fn likelihood(&self, functions: &[ResponseFunction], person: usize, theta: &[f64], room: &mut [f64]) -> f64 {
        let mut product = 1.0;
        for response in self.responses.of(person) {
            let function = &functions[usize::from(response.item)];
            let out = &mut room[..function.categories()];
            function.fill_probabilities(function.predictor(theta), out);
            product *= out[usize::from(response.category)];
        }
        product
    }

    /// One Metropolis step of everybody; the length of the steps follows the share that is accepted.
    fn sweep(&mut self, functions: &[ResponseFunction], latent: &[Latent]) -> Option<()> {
        let densities: Vec<Normal> = latent.iter().map(Normal::new).collect::<Option<_>>()?;
        let mut room = vec![0.0; functions.iter().map(ResponseFunction::categories).max()?];
        let mut accepted = 0;
        for person in 0..self.responses.persons() {
            let density = &densities[self.group(person)];
            let place = person * self.dimensions..(person + 1) * self.dimensions;
            let here = self.theta[place.clone()].to_vec();
            let step = density.draw(&mut self.rng);
            let there: Vec<f64> = here.iter().zip(&step).map(|(here, step)| here + self.scale * step).collect();
            let ratio = self.likelihood(functions, person, &there, &mut room)
                / self.likelihood(functions, person, &here, &mut room)
                * libm::exp(density.log_density(&there) - density.log_density(&here));
            // Where both likelihoods are nothing to the machine the step is taken: only far from every person.
            if ratio.is_nan() || uniform(&mut self.rng) < ratio {
                self.theta[place].copy_from_slice(&there);
                accepted += 1;
            }
        }
        let share = f64::from(accepted) / self.responses.persons() as f64;
        self.scale = (self.scale * libm::exp(0.5 * (share - ACCEPTED))).clamp(0.05, 3.0);
        Some(())
    }

    /// Gradient and information of the complete data that the draws are.
    fn complete(&self, values: &[f64], latent: &[Latent]) -> Option<(Vec<f64>, Symmetric)> {
        let length = self.layout.length;
        let (mut gradient, mut information) = (vec![0.0; length], Symmetric::zeros(length));
        let integration = Integration::Draws(Nodes::given(self.dimensions, self.theta.clone()));
        let counts = self.counts();
        for block in &self.layout.blocks {
            let at = evaluate(block, self.layout.block_values(block, values), &integration, &counts)?;
            for row in 0..block.length {
                gradient[block.start + row] = at.gradient[row];
                for column in 0..block.length {
                    information.add(block.start + row, block.start + column, at.information.get(row, column));
                }
            }
        }
        let densities: Vec<Normal> = latent.iter().map(Normal::new).collect::<Option<_>>()?;
        for person in 0..self.responses.persons() {
            let group = self.group(person);
            let start = self.layout.latent_start(group);
            let scores = densities[group].scores(&latent[group], self.of(person));
            for (row, score) in scores.iter().enumerate() {
                gradient[start + row] += score;
            }
        }
        for (group, latent) in latent.iter().enumerate() {
            let people = (0..self.responses.persons()).filter(|person| self.group(*person) == group).count() as f64;
            let start = self.layout.latent_start(group);
            for (row, information_of) in densities[group].information(latent).iter().enumerate() {
                information.add(start + row, start + row, people * information_of);
            }
        }
        Some((gradient, information))
    }

    fn of(&self, person: usize) -> &[f64] {
        &self.theta[person * self.dimensions..(person + 1) * self.dimensions]
    }

    /// Per item: 1 where a person gave a category.
    fn counts(&self) -> Vec<Vec<Tile>> {
        let tiles = self.responses.persons().div_ceil(TILE);
        let mut counts: Vec<Vec<Tile>> =
            (0..self.responses.items()).map(|item| vec![[0.0; TILE]; self.layout.categories(item) * tiles]).collect();
        for person in 0..self.responses.persons() {
            for response in self.responses.of(person) {
                let row = usize::from(response.category) * tiles + person / TILE;
                counts[usize::from(response.item)][row][person % TILE] = 1.0;
            }
        }
        counts
    }

    fn moved(&self, values: &[f64], curvature: &Symmetric, gradient: &[f64], gain: f64) -> Option<Vec<f64>> {
        let mut step = gradient.to_vec();
        curvature.factor().ok()?.solve(&mut step);
        let mut share = gain;
        loop {
            let reached: Vec<f64> = values
                .iter()
                .zip(&step)
                .map(|(value, step)| value + (share * step).clamp(-LONGEST_STEP, LONGEST_STEP))
                .collect();
            let describes = self.layout.functions(&reached).is_some()
                && self.layout.latent(&reached).iter().all(|latent| Normal::new(latent).is_some());
            if describes {
                return Some(reached);
            }
            share *= 0.5;
            if share < 1e-9 {
                return Some(values.to_vec());
            }
        }
    }

    fn remember(&mut self) {
        self.drawn += 1.0;
        for person in 0..self.responses.persons() {
            let theta = &self.theta[person * self.dimensions..(person + 1) * self.dimensions];
            let (sums, products) = self.moments[person].split_at_mut(self.dimensions);
            let mut cell = products.iter_mut();
            for (row, value) in theta.iter().enumerate() {
                sums[row] += value;
                theta[..=row].iter().zip(cell.by_ref()).for_each(|(other, cell)| *cell += value * other);
            }
        }
    }

    /// Adds each person's score at the present draw.
    fn add_scores(
        &self,
        values: &[f64],
        functions: &[ResponseFunction],
        latent: &[Latent],
        scores: &mut [f64],
    ) -> Option<()> {
        let links: Vec<_> = (0..functions.len()).map(|item| self.layout.links(item, values)).collect();
        let densities: Vec<Normal> = latent.iter().map(Normal::new).collect::<Option<_>>()?;
        let mut at = Derivatives::default();
        for (person, own) in scores.chunks_exact_mut(self.layout.length.max(1)).enumerate() {
            let theta = self.of(person);
            for response in self.responses.of(person) {
                let item = usize::from(response.item);
                let category = usize::from(response.category);
                functions[item].derivatives(functions[item].predictor(theta), &mut at);
                let inverse = 1.0 / at.probability[category].max(f64::MIN_POSITIVE);
                for link in &links[item] {
                    let slope = if link.local < theta.len() {
                        at.by_predictor[category] * theta[link.local]
                    } else {
                        at.by_own(category)[link.local - theta.len()]
                    };
                    own[link.parameter] += link.derivative * slope * inverse;
                }
            }
            let group = self.group(person);
            let start = self.layout.latent_start(group);
            let of_latent = densities[group].scores(&latent[group], theta);
            own[start..start + of_latent.len()].iter_mut().zip(of_latent).for_each(|(sum, score)| *sum += score);
        }
        Some(())
    }

    fn cross_products(&self, scores: &[f64], rounds: usize) -> Symmetric {
        let added = (WARM_UP..rounds).filter(|round| round % SCORED == 0).count().max(1) as f64;
        let mut sum = Symmetric::zeros(self.layout.length);
        for own in scores.chunks_exact(self.layout.length.max(1)) {
            for row in 0..own.len() {
                let factor = own[row] / (added * added);
                sum.row_mut(row)[..=row].iter_mut().zip(own).for_each(|(cell, other)| *cell += factor * other);
            }
        }
        sum.mirror();
        sum
    }

    /// Marginal log-likelihood by importance sampling around each person's draws, and its standard error.
    fn log_likelihood(&mut self, values: &[f64]) -> Option<(f64, f64)> {
        let functions = self.layout.functions(values)?;
        let latent = self.layout.latent(values);
        let mut room = vec![0.0; functions.iter().map(ResponseFunction::categories).max()?];
        let priors: Vec<Normal> = latent.iter().map(Normal::new).collect::<Option<_>>()?;
        let (mut sum, mut variance) = (0.0, 0.0);
        for person in 0..self.responses.persons() {
            let prior = &priors[self.group(person)];
            let proposal = self.around(person).unwrap_or_else(|| prior.clone());
            let (mut total, mut squares) = (0.0, 0.0);
            for _ in 0..LIKELIHOOD_DRAWS {
                let step = proposal.draw(&mut self.rng);
                let theta: Vec<f64> = proposal.mean.iter().zip(&step).map(|(mean, step)| mean + step).collect();
                let ratio = libm::exp(prior.log_density(&theta) - proposal.log_density(&theta));
                let weight = self.likelihood(&functions, person, &theta, &mut room) * ratio;
                total += weight;
                squares += weight * weight;
            }
            let draws = LIKELIHOOD_DRAWS as f64;
            let relative = squares * draws / (total * total) - 1.0;
            // The logarithm of a mean is too low by half its relative variance.
            sum += libm::log(total / draws) + 0.5 * relative / draws;
            variance += relative / draws;
        }
        Some((sum, variance.sqrt()))
    }

    /// A normal distribution a little wider than the person's draws.
    fn around(&self, person: usize) -> Option<Normal> {
        let (sums, products) = self.moments[person].split_at(self.dimensions);
        let mean: Vec<f64> = sums.iter().map(|sum| sum / self.drawn).collect();
        let mut covariance = Symmetric::zeros(self.dimensions);
        let mut cell = products.iter();
        for row in 0..self.dimensions {
            for column in 0..=row {
                let product = cell.next()? / self.drawn - mean[row] * mean[column];
                covariance.add(row, column, WIDENED * WIDENED * product + if row == column { 1e-4 } else { 0.0 });
            }
        }
        covariance.mirror();
        Normal::with(mean, &covariance)
    }
}

fn blend(sum: &mut Symmetric, new: &Symmetric, share: f64) {
    for row in 0..sum.order() {
        for (old, new) in sum.row_mut(row).iter_mut().zip(new.row(row)) {
            *old += share * (new - *old);
        }
    }
}

/// A multivariate normal distribution, ready to draw from.
#[derive(Clone)]
struct Normal {
    mean: Vec<f64>,
    factor: Factor,
    precision: Symmetric,
    log_constant: f64,
}

impl Normal {
    fn new(latent: &Latent) -> Option<Self> {
        let mut covariance = Symmetric::zeros(latent.dimensions());
        for (row, values) in latent.covariance.iter().enumerate() {
            values.iter().enumerate().for_each(|(column, value)| covariance.add(row, column, *value));
        }
        Self::with(latent.mean.clone(), &covariance)
    }

    fn with(mean: Vec<f64>, covariance: &Symmetric) -> Option<Self> {
        let factor = covariance.factor().ok()?;
        let precision = factor.inverse();
        let log_root = 0.5 * libm::log(2.0 * core::f64::consts::PI);
        let log_constant = -(0..mean.len()).map(|row| libm::log(factor.diagonal(row)) + log_root).sum::<f64>();
        Some(Self { mean, factor, precision, log_constant })
    }

    /// A draw around 0.
    fn draw(&self, rng: &mut ChaCha8Rng) -> Vec<f64> {
        let independent: Vec<f64> = self.mean.iter().map(|_| standard_normal(rng)).collect();
        self.factor.times(&independent)
    }

    /// Σ⁻¹ (x − μ)
    fn scaled(&self, point: &[f64]) -> Vec<f64> {
        let apart: Vec<f64> = point.iter().zip(&self.mean).map(|(point, mean)| point - mean).collect();
        let row = |row: usize| self.precision.row(row).iter().zip(&apart).map(|(p, x)| p * x).sum();
        (0..apart.len()).map(row).collect()
    }

    fn log_density(&self, point: &[f64]) -> f64 {
        let apart = point.iter().zip(&self.mean).map(|(point, mean)| point - mean);
        self.log_constant - 0.5 * self.scaled(point).iter().zip(apart).map(|(z, x)| z * x).sum::<f64>()
    }

    /// Derivatives of the log-density by the free elements.
    fn scores(&self, latent: &Latent, point: &[f64]) -> Vec<f64> {
        let scaled = self.scaled(point);
        let score = |element: &Element| match *element {
            Element::Mean(dimension) => scaled[dimension],
            Element::Covariance(row, column) => {
                let half = if row == column { 0.5 } else { 1.0 };
                half * (scaled[row] * scaled[column] - self.precision.get(row, column))
            }
        };
        latent.elements().iter().map(score).collect()
    }

    /// Expected information of the free elements of one draw, each for itself.
    fn information(&self, latent: &Latent) -> Vec<f64> {
        let of = |element: &Element| match *element {
            Element::Mean(dimension) => self.precision.get(dimension, dimension),
            Element::Covariance(row, column) => {
                let half = if row == column { 0.5 } else { 1.0 };
                let cross = self.precision.get(row, column);
                let own = self.precision.get(row, row) * self.precision.get(column, column);
                if row == column { half * own } else { half * (own + cross * cross) }
            }
        };
        latent.elements().iter().map(of).collect()
    }
}
