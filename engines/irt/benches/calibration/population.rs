//! Made-up items, and the answers that people of a known ability give to them: the data of every measurement of
//! calibration, drawn from a stated seed in the run that needs them.
//!
//! Slopes are lognormal around 1.1 to 1.3 per logit, difficulties standard normal in logits, lower asymptotes uniform
//! between .1 and .3: what banks of achievement tests look like.
#![allow(dead_code, reason = "each measurement draws its own kinds of item")]

use anyhow::Result;
use melek_irt::model::{Form, ResponseFunction};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, LogNormal, StandardNormal, Uniform};

/// A standard normal draw: an ability or a difficulty, in logits.
pub fn normal(rng: &mut ChaCha8Rng) -> f64 {
    StandardNormal.sample(rng)
}

/// A uniform draw.
pub fn uniform(rng: &mut ChaCha8Rng, lowest: f64, highest: f64) -> Result<f64> {
    Ok(Uniform::new(lowest, highest)?.sample(rng))
}

fn slope(rng: &mut ChaCha8Rng, centre: f64) -> Result<f64> {
    Ok(LogNormal::new(centre, 0.3)?.sample(rng))
}

/// Right or wrong, without guessing.
pub fn two_parameter(rng: &mut ChaCha8Rng) -> Result<ResponseFunction> {
    let slope = slope(rng, 0.1)?;
    Ok(ResponseFunction::two_parameter(slope, -slope * normal(rng))?)
}

/// Right or wrong, with guessing.
pub fn three_parameter(rng: &mut ChaCha8Rng) -> Result<ResponseFunction> {
    let slope = slope(rng, 0.1)?;
    let intercept = -slope * normal(rng);
    let form = Form::Logistic { intercept, lower: uniform(rng, 0.1, 0.3)?, upper: 1.0 };
    Ok(ResponseFunction::new(vec![slope], form)?)
}

/// Five ordered categories whose thresholds lie .5 to 1.1 logits apart.
pub fn graded(rng: &mut ChaCha8Rng) -> Result<ResponseFunction> {
    let slope = slope(rng, 0.25)?;
    let (centre, distance) = (0.5 * normal(rng), uniform(rng, 0.5, 1.1)?);
    let threshold = |step: usize| centre + (step as f64 - 1.5) * distance;
    let intercepts = (0..4).map(|step| -slope * threshold(step)).collect();
    Ok(ResponseFunction::new(vec![slope], Form::Graded { intercepts })?)
}

/// Right or wrong on one of two dimensions.
pub fn of_dimension(dimension: usize, rng: &mut ChaCha8Rng) -> Result<ResponseFunction> {
    let slope = slope(rng, 0.2)?;
    let mut slopes = vec![0.0; 2];
    slopes[dimension] = slope;
    let form = Form::Logistic { intercept: -slope * normal(rng), lower: 0.0, upper: 1.0 };
    Ok(ResponseFunction::new(slopes, form)?)
}

/// The category that a person of this ability answers with.
pub fn answer(function: &ResponseFunction, ability: &[f64], rng: &mut ChaCha8Rng) -> Result<u8> {
    let mut rest = uniform(rng, 0.0, 1.0)?;
    let mut category = 0;
    for probability in function.probabilities(ability) {
        if rest < probability {
            break;
        }
        rest -= probability;
        category += 1;
    }
    Ok(category.min(function.categories() as u8 - 1))
}

/// So many different items of a bank, each as likely as the next: what is missing says nothing about ability.
pub fn some_items(bank: usize, count: usize, rng: &mut ChaCha8Rng) -> Result<Vec<usize>> {
    let any = Uniform::new(0, bank)?;
    let mut items = Vec::with_capacity(count);
    while items.len() < count {
        let item = any.sample(rng);
        if !items.contains(&item) {
            items.push(item);
        }
    }
    Ok(items)
}
