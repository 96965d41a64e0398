//! What a calibration found: parameters, their errors, the abilities of the groups, and what to be careful about.

use super::block::Link;
use super::latent::Latent;
use super::nodes::Grid;
use crate::model::ResponseFunction;
use crate::numeric::symmetric::Symmetric;

/// One item as estimated.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemEstimate {
    pub function: ResponseFunction,
    /// Common thresholds and the item's location, for the rating scales.
    pub rating: Option<Rating>,
    /// Standard errors, when they were asked for and the information could be inverted.
    pub errors: Option<ItemErrors>,
}

/// Thresholds common to all items of a rating scale, in logits, and the item's own shift of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Rating {
    pub thresholds: Vec<f64>,
    pub location: f64,
    pub threshold_errors: Vec<Option<f64>>,
    pub location_error: Option<f64>,
}

/// Standard errors on the scale of the parameters; `None` for what was not estimated.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemErrors {
    /// One a dimension.
    pub slopes: Vec<Option<f64>>,
    /// Intercept, lower, upper; or intercepts; or scoring and then intercepts: the order of [`crate::model::Form`].
    pub own: Vec<Option<f64>>,
}

/// The abilities of a group as estimated, with the standard errors of what was free: means, then variances and
/// covariances by rows of the lower triangle.
#[derive(Debug, Clone, PartialEq)]
pub struct LatentEstimate {
    pub latent: Latent,
    pub errors: Vec<Option<f64>>,
}

/// Something a reader of the estimates must know.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Warning {
    #[error(
        "stopped after {iterations} iterations while a parameter still moved by {change:.1e}; allow more iterations"
    )]
    NotConverged { iterations: usize, change: f64 },
    #[error("the data do not determine {}; fix or drop parameters, or add a prior", place(*.item))]
    NotIdentified { item: Option<usize> },
    #[error("item {} separates right from wrong perfectly: its slope of {slope:.1} has no finite best value; drop it or add a prior", .item + 1)]
    Separation { item: usize, slope: f64 },
    #[error("item {} runs against the others: its slope is {slope:.2}; look at its key", .item + 1)]
    Reversed { item: usize, slope: f64 },
    #[error(
        "{persons} people for {parameters} parameters; estimates of fewer people than parameters cannot be trusted"
    )]
    FewPersons { persons: usize, parameters: usize },
    #[error("halving the step of the grid still moves the log-likelihood by {change:.3}; ask for more points")]
    CoarseGrid { change: f64 },
    #[error("the log-likelihood comes from random draws; its standard error is {error:.2}")]
    DrawnLikelihood { error: f64 },
    #[error("{0} people answered nothing and say nothing")]
    EmptyPersons(usize),
    #[error("in item {} nobody has score {score}; its neighbours are treated as next to each other", .item + 1)]
    UnusedScore { item: usize, score: u8 },
}

fn place(item: Option<usize>) -> String {
    item.map_or_else(|| "the spread of ability".to_owned(), |item| format!("all parameters of item {}", item + 1))
}

/// A calibrated test.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    pub items: Vec<ItemEstimate>,
    pub groups: Vec<LatentEstimate>,
    /// Marginal log-likelihood without the density of any prior.
    pub log_likelihood: f64,
    /// Σ ln density of the priors.
    pub log_prior: f64,
    /// Number of parameters estimated.
    pub parameters: usize,
    /// Passes over the people.
    pub iterations: usize,
    pub converged: bool,
    pub grid: Grid,
    pub warnings: Vec<Warning>,
    pub(crate) links: Vec<Vec<Link>>,
    pub(crate) covariance: Option<Symmetric>,
}

impl Calibration {
    /// The response functions, one an item.
    ///
    /// # Source
    /// Definition.
    pub fn functions(&self) -> Vec<ResponseFunction> {
        self.items.iter().map(|item| item.function.clone()).collect()
    }

    /// Sampling covariances of the slopes and own parameters of some items, in their order: for each item one row a
    /// slope and one an own parameter, 0 for what was not estimated. `None` without standard errors.
    ///
    /// # Formula
    /// J I⁻¹ Jᵀ, I the observed information and J the derivatives of the item parameters by the estimated ones.
    ///
    /// # Arguments
    /// `items`: positions from 0; an unknown one is skipped.
    ///
    /// # Source
    /// Delta method, Rao (1973), *Linear Statistical Inference*, sec. 6a.2; information by Louis (1982), *JRSS* B 44,
    /// 226–233.
    pub fn covariance(&self, items: &[usize]) -> Option<Vec<Vec<f64>>> {
        let covariance = self.covariance.as_ref()?;
        let mut rows: Vec<Vec<&Link>> = Vec::new();
        for item in items {
            let Some(estimate) = self.items.get(*item) else { continue };
            let length = estimate.function.slopes().len() + estimate.function.own().len();
            rows.extend((0..length).map(|local| self.links[*item].iter().filter(|link| link.local == local).collect()));
        }
        let cell = |row: &Vec<&Link>, column: &Vec<&Link>| sandwich(covariance, row, column);
        Some(rows.iter().map(|row| rows.iter().map(|column| cell(row, column)).collect()).collect())
    }
}

/// Σ d_a d_b cov(a, b) over the links of two local parameters.
pub(crate) fn sandwich(covariance: &Symmetric, row: &[&Link], column: &[&Link]) -> f64 {
    let mut sum = 0.0;
    for one in row {
        for other in column {
            sum += one.derivative * other.derivative * covariance.get(one.parameter, other.parameter);
        }
    }
    sum
}
