//! A person's ability given answers and times together.
//!
//! The head of `joint_moments.rs` says how. Where able people are fast, times sharpen the ability; with correlation 0
//! they change nothing.

use super::ability_grid::points;
use super::joint_moments::moments;
use super::population::{JointError, JointModel, Population, Record, evidence};
use crate::ability::Estimate;

/// Ability and speed of one person.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct JointPosterior {
    /// Logits.
    pub ability: Estimate,
    /// Log seconds.
    pub speed: Estimate,
    /// Posterior correlation of the two, −1 … 1.
    pub correlation: f64,
}

/// Posterior means and deviations of ability and speed given a person's answers and times.
///
/// # Formula
/// Moments of ∝ L(θ) Π_j f(t_j | τ) N(θ, τ; μ, Σ), the sum over a grid in θ, closed in τ.
///
/// # Arguments
/// `model`: calibrated items and a grid. `population`: −1 < ρ < 1, deviations above 0. `record`: any number of answers
/// and times.
///
/// # Source
/// van der Linden, Klein Entink & Fox (2010), *Applied Psychological Measurement* 34, 327–347; van der Linden (2007),
/// *Psychometrika* 72, 287–308.
///
/// # Accuracy
/// Agrees with two-dimensional quadrature by numpy to 1e-8 on `tests/reference/response_time_posterior.csv`.
///
/// # Limits
/// Without answers and times it is the population, as far as the grid reaches. Using times for a score rewards speed:
/// say so to whoever is scored, or use it for diagnosis only.
///
/// ```
/// use melek_irt::calibration::Grid;
/// use melek_irt::model::ResponseFunction;
/// use melek_irt::response_time::{
///     JointModel, LognormalItem, LognormalModel, Population, Record, Time, joint_posterior,
/// };
/// use melek_irt::responses::Response;
/// let items = [ResponseFunction::two_parameter(1.5, 0.0)?];
/// let times = LognormalModel::new(vec![LognormalItem::new(3.0, 2.0)?], 0.3)?;
/// let model = JointModel { items: &items, times: &times, grid: Grid::standard(1) };
/// let population = Population {
///     ability_mean: 0.0, ability_deviation: 1.0, speed_mean: 0.0, speed_deviation: 0.3, correlation: 0.6,
/// };
/// let right = [Response { item: 0, category: 1 }];
/// let fast = joint_posterior(&model, &population, &Record { answers: &right, times: &[Time::new(0, 10.0)?] })?;
/// let slow = joint_posterior(&model, &population, &Record { answers: &right, times: &[Time::new(0, 40.0)?] })?;
/// assert!(fast.ability.mean > slow.ability.mean);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn joint_posterior(
    model: &JointModel,
    population: &Population,
    record: &Record,
) -> Result<JointPosterior, JointError> {
    population.check()?;
    let points = points(&model.grid).map_err(JointError::Grid)?;
    let (answers, times) = evidence(model, &points, 0, record)?;
    let moments = moments(population, &points, &answers, &times);
    let (ability, speed) = (moments.ability_variance.sqrt(), moments.speed_variance.sqrt());
    Ok(JointPosterior {
        ability: Estimate { mean: moments.ability, standard_error: ability },
        speed: Estimate { mean: moments.speed, standard_error: speed },
        correlation: if ability > 0.0 { moments.covariance / (ability * speed) } else { 0.0 },
    })
}
