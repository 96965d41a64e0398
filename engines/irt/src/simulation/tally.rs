//! Adds people up, one at a time, into a summary.

use super::simulate::{End, Level};
use super::summary::{Accuracy, ExposureSummary, Fifth, Length, Shares, Stops, Summary};
use crate::ability::{Estimate, Posterior};
use crate::decision::Verdict;
use crate::numeric::normal;
use crate::stopping::Reason;

/// Coverage of the intervals that a simulation checks.
const COVERAGE: f64 = 0.95;

/// An item seen by fewer than one person in two hundred is as good as unused: exploration alone can show it.
const RARE: f64 = 0.005;

/// What the tally judges by.
pub(super) struct Judged<'a, const D: usize> {
    /// Items of the pool.
    pub items: usize,
    /// The composite over the population.
    pub population: Estimate,
    pub weights: [f64; D],
    pub levels: &'a [Level],
}

/// One simulated test.
pub(super) struct Person<const D: usize> {
    pub ability: [f64; D],
    pub posterior: Posterior<D>,
    /// Quotas broken.
    pub broken: usize,
    /// Positions in the pool.
    pub administered: Vec<usize>,
    pub end: End,
}

#[derive(Clone, Copy, Default)]
struct Errors {
    covered: f64,
    error: f64,
    squared: f64,
    standard_error: f64,
}

impl Errors {
    fn add(&mut self, estimate: &Estimate, truth: f64) {
        let error = estimate.mean - truth;
        self.covered += if estimate.interval(COVERAGE).contains(truth) { 1.0 } else { 0.0 };
        self.error += error;
        self.squared += error * error;
        self.standard_error += estimate.standard_error;
    }

    fn summarise(&self, people: f64) -> Accuracy {
        Accuracy {
            coverage: self.covered / people,
            bias: self.error / people,
            root_mean_square_error: (self.squared / people).sqrt(),
            mean_standard_error: self.standard_error / people,
        }
    }
}

#[derive(Clone, Copy, Default)]
struct Verdicts {
    met: f64,
    not_sure: f64,
    not_met: f64,
    right: f64,
}

/// Running sums over the people of a fifth of the population.
#[derive(Clone)]
struct Stratum {
    composite: Errors,
    shown: Vec<u64>,
    people: u32,
}

impl Stratum {
    fn summarise(&self) -> Fifth {
        let people = f64::from(self.people);
        let mean_length = self.shown.iter().sum::<u64>() as f64 / people;
        Fifth {
            people: self.people,
            composite: self.composite.summarise(people),
            mean_length,
            largest_exposure: self.shown.iter().map(|&count| count as f64 / people).fold(0.0, f64::max),
            overlap: overlap(&self.shown, people, mean_length),
        }
    }
}

/// Running sums over the people so far.
pub(super) struct Tally<'a, const D: usize> {
    judged: Judged<'a, D>,
    composite: Errors,
    strata: [Stratum; 5],
    dimensions: [Errors; D],
    lengths: Vec<usize>,
    stops: Stops,
    short_of_quotas: u32,
    verdicts: Vec<Verdicts>,
}

impl<'a, const D: usize> Tally<'a, D> {
    pub fn new(judged: Judged<'a, D>) -> Self {
        let nobody = Stratum { composite: Errors::default(), shown: vec![0; judged.items], people: 0 };
        Self {
            composite: Errors::default(),
            strata: core::array::from_fn(|_| nobody.clone()),
            dimensions: [Errors::default(); D],
            lengths: Vec::new(),
            stops: Stops::default(),
            short_of_quotas: 0,
            verdicts: vec![Verdicts::default(); judged.levels.len()],
            judged,
        }
    }

    pub fn add(&mut self, person: &Person<D>) {
        let weights = &self.judged.weights;
        let truth = weights.iter().zip(&person.ability).map(|(weight, ability)| weight * ability).sum();
        let composite = person.posterior.composite(weights);
        self.composite.add(&composite, truth);
        self.place(truth, &composite, &person.administered);
        for (dimension, errors) in self.dimensions.iter_mut().enumerate() {
            if let Some(estimate) = person.posterior.dimension(dimension) {
                errors.add(&estimate, person.ability[dimension]);
            }
        }
        self.lengths.push(person.administered.len());
        match person.end {
            Some(Reason::Precision) => self.stops.precision += 1,
            Some(Reason::Decision) => self.stops.decision += 1,
            Some(Reason::NoUsefulItem) => self.stops.no_useful_item += 1,
            Some(Reason::Maximum) => self.stops.maximum += 1,
            None => self.stops.exhausted += 1,
        }
        self.short_of_quotas += u32::from(person.broken > 0);
        self.decide(person);
    }

    /// Counts a person in the fifth of the population that the true composite ability lies in.
    fn place(&mut self, truth: f64, composite: &Estimate, administered: &[usize]) {
        let Estimate { mean, standard_error } = self.judged.population;
        let rank = normal::probability_below((truth - mean) / standard_error);
        let stratum = &mut self.strata[if rank >= 0.8 { 4 } else { libm::floor(rank * 5.0) as usize }];
        stratum.people += 1;
        stratum.composite.add(composite, truth);
        for &position in administered {
            stratum.shown[position] += 1;
        }
    }

    fn decide(&mut self, person: &Person<D>) {
        for (level, verdicts) in self.judged.levels.iter().zip(&mut self.verdicts) {
            let Some(estimate) = person.posterior.dimension(level.dimension) else { continue };
            let reached = person.ability[level.dimension] >= level.cut;
            match Verdict::from_probability(estimate.probability_at_least(level.cut)) {
                Verdict::Met => {
                    verdicts.met += 1.0;
                    verdicts.right += if reached { 1.0 } else { 0.0 };
                }
                Verdict::NotMet => {
                    verdicts.not_met += 1.0;
                    verdicts.right += if reached { 0.0 } else { 1.0 };
                }
                Verdict::NotSure => verdicts.not_sure += 1.0,
            }
        }
    }

    pub fn summarise(mut self, shown: &[u64]) -> Summary<D> {
        let count = self.lengths.len() as u32;
        let people = f64::from(count);
        let length = length(&mut self.lengths);
        let share = |verdicts: &Verdicts| Shares {
            met: verdicts.met / people,
            not_sure: verdicts.not_sure / people,
            not_met: verdicts.not_met / people,
            right: verdicts.right / (verdicts.met + verdicts.not_met),
        };
        Summary {
            people: count,
            composite: self.composite.summarise(people),
            dimensions: self.dimensions.map(|errors| errors.summarise(people)),
            exposure: exposure(shown, people, length.mean),
            fifths: core::array::from_fn(|fifth| self.strata[fifth].summarise()),
            length,
            stops: self.stops,
            short_of_quotas: self.short_of_quotas,
            levels: self.verdicts.iter().map(share).collect(),
        }
    }
}

/// Sorts the lengths and reads off the percentiles (nearest rank, rounded down).
fn length(lengths: &mut [usize]) -> Length {
    lengths.sort_unstable();
    let last = lengths.len() - 1;
    let total: usize = lengths.iter().sum();
    Length {
        mean: total as f64 / lengths.len() as f64,
        shortest: lengths[0],
        tenth_percentile: lengths[last / 10],
        median: lengths[last / 2],
        ninetieth_percentile: lengths[last * 9 / 10],
        longest: lengths[last],
    }
}

fn exposure(shown: &[u64], people: f64, mean_length: f64) -> ExposureSummary {
    let items = shown.len() as f64;
    let rates: Vec<f64> = shown.iter().map(|&count| count as f64 / people).collect();
    let share = |limit: f64| rates.iter().filter(|&&rate| rate < limit).count() as f64 / items;
    ExposureSummary {
        largest: rates.iter().copied().fold(0.0, f64::max),
        unused: share(0.5 / people),
        rare: share(RARE),
        overlap: overlap(shown, people, mean_length),
        rates,
    }
}

/// Pairs of people who share an item, over all pairs of people, to the mean length.
pub(super) fn overlap(shown: &[u64], people: f64, mean_length: f64) -> f64 {
    let shared: f64 = shown.iter().map(|&count| count as f64 * (count as f64 - 1.0)).sum();
    shared / (people * (people - 1.0)) / mean_length
}
