//! Plays the test: draws a person, chooses, answers, updates, stops; one person after the other with shared counters.
//!
//! Everyone answers by the model with the parameters of the pool. So the result is what the procedure does when the
//! bank is right; errors of calibration and of the prior are not in it. Logits.

use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use super::summary::Summary;
use super::tally::{Judged, Person, Tally};
use crate::ability::{ExpectationPropagation, Prior};
use crate::numeric::random;
use crate::selection::several_dimensions::{Criterion, Sitting, choose};
use crate::selection::{Choice, Exposure, ExposureControl, Pool, Progress, Quotas, Showings, best_information};
use crate::stopping::{Reason, Rule, Standing};

/// A simulation that would tell nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SimulationError {
    #[error("a simulation needs at least one person")]
    NoPeople,
    #[error("the pool has no items")]
    NoItems,
    #[error("cut score {position} is of dimension {dimension}, but there are only {dimensions}, counted from 0")]
    CutDimension { position: usize, dimension: usize, dimensions: usize },
}

/// A level to decide about: the cut score of a dimension, logits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level {
    pub dimension: usize,
    pub cut: f64,
}

/// The test to play and the people to play it.
#[derive(Debug, Clone)]
pub struct Plan<'a, const D: usize> {
    pub pool: &'a Pool<D>,
    /// The population the people are drawn from, also the prior of the test.
    pub prior: &'a Prior<D>,
    /// Weights of the composite that the stopping rule looks at.
    pub weights: [f64; D],
    pub quotas: &'a Quotas,
    pub criterion: Criterion,
    pub stopping: Rule,
    pub exposure: ExposureControl,
    /// Levels to report verdicts on, in any number; may be empty.
    pub levels: &'a [Level],
    /// Cut scores that a person's test may end for, if the stopping rule looks at decisions: people get them in turn.
    pub posts: &'a [[Option<f64>; D]],
    pub people: u32,
}

/// Accuracy, length, stops, exposure and verdicts over the simulated people.
///
/// # Formula
/// θ ~ prior; each item by [`choose`]; each answer right with probability P(θ_d); posterior by
/// [`ExpectationPropagation`]; end by [`Rule::decide`] or when no item is left.
///
/// # Arguments
/// `plan`: the test; 2,000 people give a coverage of .95 a standard error of half a point, 10,000 a fifth.
/// `seed`: the same seed gives the same summary on every machine.
///
/// # Source
/// Monte-Carlo simulation of an adaptive test, as in Thissen & Mislevy (2000), in Wainer, *Computerized Adaptive
/// Testing*, ch. 5.
///
/// # Accuracy
/// Monte Carlo; because people are drawn from the prior, a right posterior covers 95 % at every length.
///
/// # Limits
/// No people, no items or a level of a dimension that does not exist is an error.
pub fn simulate<const D: usize>(plan: &Plan<'_, D>, seed: u64) -> Result<Summary<D>, SimulationError> {
    check(plan)?;
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut shown = vec![0; plan.pool.items().len()];
    let mut tally = Tally::new(Judged {
        items: shown.len(),
        population: plan.prior.posterior().composite(&plan.weights),
        weights: plan.weights,
        levels: plan.levels,
    });
    let untouched = Progress::new(plan.pool, plan.quotas, &[]);
    for started in 1..=u64::from(plan.people) {
        tally.add(&play(plan, untouched.clone(), (started, &mut shown), &mut rng));
    }
    Ok(tally.summarise(&shown))
}

fn check<const D: usize>(plan: &Plan<'_, D>) -> Result<(), SimulationError> {
    if plan.people == 0 {
        return Err(SimulationError::NoPeople);
    }
    if plan.pool.items().is_empty() {
        return Err(SimulationError::NoItems);
    }
    match plan.levels.iter().enumerate().find(|(_, level)| level.dimension >= D) {
        Some((position, level)) => {
            Err(SimulationError::CutDimension { position, dimension: level.dimension, dimensions: D })
        }
        None => Ok(()),
    }
}

fn play<const D: usize>(
    plan: &Plan<'_, D>,
    mut progress: Progress,
    (started, shown): (u64, &mut [u64]),
    rng: &mut impl Rng,
) -> Person<D> {
    let ability = plan.prior.draw(rng);
    let mut state = ExpectationPropagation::new(plan.prior);
    let posts = plan.posts.len().max(1) as u64;
    let cuts = plan.posts.get((started % posts) as usize).unwrap_or(&[None; D]);
    let end = loop {
        let sitting =
            Sitting { pool: plan.pool, quotas: plan.quotas, posterior: state.posterior(), progress: &progress };
        let answers = state.answers_per_dimension();
        let standing = Standing { posterior: state.posterior(), weights: &plan.weights, answers, cuts };
        if let Some(reason) = plan.stopping.decide(&standing, || best_information(&sitting)) {
            break Some(reason);
        }
        let exposure = Exposure {
            control: plan.exposure,
            counts: Showings { started, shown },
            priced: Showings { started, shown },
            refused: &[],
            seed: started,
            price_factor: 1.0,
        };
        let Some(Choice { position, .. }) = choose(&sitting, plan.criterion, &exposure, rng) else {
            break None;
        };
        shown[position] += 1;
        progress.give(plan.pool, plan.quotas, position);
        let chosen = plan.pool.items()[position];
        let correct = random::uniform(rng) < chosen.item.probability(ability[chosen.dimension]);
        // A pool item's dimension is below D by construction, so the update cannot fail.
        let _ = state.update(&chosen.item, chosen.dimension, correct);
    };
    Person {
        ability,
        posterior: state.posterior().clone(),
        broken: progress.broken(plan.quotas).len(),
        administered: progress.given().to_vec(),
        end,
    }
}

/// Why the simulated test ended; `None` when no item was left.
pub(super) type End = Option<Reason>;
