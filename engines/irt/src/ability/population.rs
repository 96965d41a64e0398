//! The ability distribution of a population, estimated from the answers of many people to items that are known: mean and
//! covariance of D correlated dimensions, logits. It becomes the [`Prior`] of those who come after.
//!
//! Expectation–maximisation on the posteriors of expectation propagation: Laplace's posteriors are too narrow, and a
//! covariance estimated on them is too small. Items are not estimated here but in [`crate::calibration`].

use super::{ExpectationPropagation, Prior, PriorError};
use crate::numeric::cholesky::{self, Matrix};
use crate::numeric::symmetric::Symmetric;

/// No element of mean or covariance moved by more than this in a cycle, in units of the first prior's deviations. A cycle
/// leaves half to nine tenths of the distance, so what is left is below 1e-5, a thousandth of the sampling error.
const CONVERGED: f64 = 1e-6;

/// Cycles after which the iteration is given up; 20 … 60 are typical.
const MOST_CYCLES: usize = 1_000;

/// Halvings of a step that would leave the positive definite matrices.
const MOST_HALVINGS: u32 = 30;

/// What is estimated; the rest stays as in the prior that the people were begun with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Free {
    /// Correlations: for the group that the scale is defined by, mean 0 and variances 1.
    Correlations,
    /// Mean and correlations.
    MeanAndCorrelations,
    /// Covariance, variances included.
    Covariance,
    /// Everything: for another group on the same scale.
    MeanAndCovariance,
}

impl Free {
    fn mean(self) -> bool {
        matches!(self, Self::MeanAndCorrelations | Self::MeanAndCovariance)
    }

    fn variances(self) -> bool {
        matches!(self, Self::Covariance | Self::MeanAndCovariance)
    }
}

/// Answers from which no population can be told.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum PopulationError {
    #[error("a population needs at least two people")]
    People,
    #[error("person {0} was begun with another prior than the first")]
    OtherPrior(usize),
    #[error("nobody answered an item of dimension {0}")]
    Unanswered(usize),
    #[error("nobody answered items of both dimension {0} and dimension {1}: their correlation cannot be told")]
    NeverTogether(usize, usize),
    #[error(
        "dimension {dimension} has mean {mean:.3} and standard deviation {deviation:.3}, too far from the prior that people were begun with: begin with a prior near these"
    )]
    Far { dimension: usize, mean: f64, deviation: f64 },
    #[error("after {cycles} cycles the covariance is no longer one: {error}")]
    Degenerate { cycles: usize, error: PriorError },
    #[error("after {cycles} cycles an element still moves by {change:.1e}")]
    NotConverged { cycles: usize, change: f64 },
}

/// A population, estimated.
#[derive(Debug, Clone, PartialEq)]
pub struct Population<const D: usize> {
    pub prior: Prior<D>,
    pub cycles: usize,
    /// Largest change in the last cycle, in deviations of the first prior.
    pub change: f64,
}

/// Mean and covariance of the population that people are drawn from.
///
/// # Formula
/// E-step: posterior (m_i, Σ_i) of each person under (μ, Σ). M-step: μ = mean of m_i; S = mean of Σ_i + (m_i − μ)(m_i − μ)ᵀ;
/// Σ = S where variances are free. Where variances are fixed, one step of Fisher scoring towards the covariance of those
/// variances that is likeliest given S: Σ' = S − Σ Λ Σ off the diagonal, Λ diagonal with (Σ ∘ Σ) λ = diag(S − Σ).
///
/// # Arguments
/// - `people`: two or more, each begun with the same prior and with all answers taken in; typically 500 … 5,000 people with
///   five or more items a dimension. The first prior is where the iteration begins and what is not free stays at.
/// - `free`: what is estimated.
///
/// # Source
/// Dempster, Laird & Rubin (1977), *Journal of the Royal Statistical Society B* 39, 1–38, §4; posteriors by Minka (2001),
/// *Uncertainty in Artificial Intelligence* 17, 362–369; the prior's use in a test by Segall (1996), *Psychometrika* 61,
/// 331–354. Fixed variances: Anderson (1973), *Annals of Statistics* 1, 135–141 (scoring for covariances of linear structure).
///
/// # Accuracy
/// D = 1: the maximum of the marginal likelihood to 1e-5. D = 2: within 0.005 of its maximum by dense quadrature. Both on
/// `tests/reference/population.csv`.
///
/// # Limits
/// The grids of the people were laid out for the first prior: a mean or deviation that leaves them too far is an error that says
/// where to begin. Sums run in the order of the people.
pub fn estimate<const D: usize>(
    mut people: Vec<ExpectationPropagation<D>>,
    free: Free,
) -> Result<Population<D>, PopulationError> {
    check(&people)?;
    let first = people[0].prior().clone();
    let mut prior = first.clone();
    let mut change = f64::INFINITY;
    for cycles in 1..=MOST_CYCLES {
        let (mean, around) = moments(&mut people, &prior, free)?;
        let covariance = if free.variances() { around } else { with_fixed_variances(&prior, &around) };
        let next = Prior::new(mean, covariance).map_err(|error| PopulationError::Degenerate { cycles, error })?;
        change = distance(&prior, &next, &first);
        prior = next;
        if change <= CONVERGED {
            return Ok(Population { prior, cycles, change });
        }
    }
    Err(PopulationError::NotConverged { cycles: MOST_CYCLES, change })
}

fn check<const D: usize>(people: &[ExpectationPropagation<D>]) -> Result<(), PopulationError> {
    if people.len() < 2 {
        return Err(PopulationError::People);
    }
    if let Some(person) = people.iter().position(|person| person.prior() != people[0].prior()) {
        return Err(PopulationError::OtherPrior(person));
    }
    let mut together = [[false; D]; D];
    for person in people {
        let answered = person.answers_per_dimension();
        for (row, flags) in together.iter_mut().enumerate() {
            for (column, flag) in flags.iter_mut().enumerate() {
                *flag |= answered[row] > 0 && answered[column] > 0;
            }
        }
    }
    if let Some(dimension) = (0..D).find(|&dimension| !together[dimension][dimension]) {
        return Err(PopulationError::Unanswered(dimension));
    }
    let mut pairs = (0..D).flat_map(|row| (0..row).map(move |column| (column, row)));
    match pairs.find(|&(row, column)| !together[row][column]) {
        Some((row, column)) => Err(PopulationError::NeverTogether(row, column)),
        None => Ok(()),
    }
}

/// The mean, and the second moments around it.
fn moments<const D: usize>(
    people: &mut [ExpectationPropagation<D>],
    prior: &Prior<D>,
    free: Free,
) -> Result<([f64; D], Matrix<D>), PopulationError> {
    let count = people.len() as f64;
    let centre = *prior.mean();
    let mut first = [0.0; D];
    let mut second = [[0.0; D]; D];
    for person in people {
        if person.set_prior(prior).is_none() {
            return Err(far(prior, person));
        }
        let posterior = person.posterior();
        let away: [f64; D] = core::array::from_fn(|d| posterior.mean[d] - centre[d]);
        for row in 0..D {
            first[row] += away[row];
            for column in 0..=row {
                second[row][column] += posterior.covariance[row][column] + away[row] * away[column];
            }
        }
    }
    let moved = first.map(|sum| if free.mean() { sum / count } else { 0.0 });
    let around = core::array::from_fn(|row: usize| {
        core::array::from_fn(|column: usize| {
            second[row.max(column)][row.min(column)] / count - moved[row] * moved[column]
        })
    });
    Ok((core::array::from_fn(|d| centre[d] + moved[d]), around))
}

/// The dimension that has left the grid.
fn far<const D: usize>(prior: &Prior<D>, person: &ExpectationPropagation<D>) -> PopulationError {
    let dimension = (0..D).find(|&dimension| !person.reaches(prior, dimension)).unwrap_or_default();
    let deviation = prior.covariance()[dimension][dimension].sqrt();
    PopulationError::Far { dimension, mean: prior.mean()[dimension], deviation }
}

/// One step of scoring from the prior's covariance towards the likeliest of the same variances; halved until it is a covariance.
fn with_fixed_variances<const D: usize>(prior: &Prior<D>, around: &Matrix<D>) -> Matrix<D> {
    let now = prior.covariance();
    let mut squares = Symmetric::zeros(D);
    let mut excess = vec![0.0; D];
    for row in 0..D {
        excess[row] = around[row][row] - now[row][row];
        for (column, value) in now[row].iter().enumerate() {
            squares.add(row, column, value * value);
        }
    }
    // By Schur's product theorem the squares are positive definite when the covariance is.
    let mut weights = excess;
    match squares.factor() {
        Ok(factor) => factor.solve(&mut weights),
        Err(_) => weights.fill(0.0),
    }
    let target: Matrix<D> = core::array::from_fn(|row: usize| {
        core::array::from_fn(|column: usize| {
            let (row, column) = (row.max(column), row.min(column));
            if row == column {
                return now[row][row];
            }
            let carried: f64 = (0..D).map(|inner| now[row][inner] * weights[inner] * now[inner][column]).sum();
            around[row][column] - carried
        })
    });
    let mut share = 1.0;
    for _ in 0..MOST_HALVINGS {
        let stepped = core::array::from_fn(|row: usize| {
            core::array::from_fn(|column: usize| now[row][column] + share * (target[row][column] - now[row][column]))
        });
        if cholesky::factor(&stepped).is_ok() {
            return stepped;
        }
        share *= 0.5;
    }
    *now
}

/// Largest difference of an element, in deviations of the first prior.
fn distance<const D: usize>(one: &Prior<D>, other: &Prior<D>, first: &Prior<D>) -> f64 {
    let deviation: [f64; D] = core::array::from_fn(|d| first.covariance()[d][d].sqrt());
    let mut largest = 0.0_f64;
    for row in 0..D {
        largest = largest.max((one.mean()[row] - other.mean()[row]).abs() / deviation[row]);
        for column in 0..=row {
            let difference = one.covariance()[row][column] - other.covariance()[row][column];
            largest = largest.max(difference.abs() / (deviation[row] * deviation[column]));
        }
    }
    largest
}
