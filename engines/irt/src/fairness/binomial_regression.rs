//! Logistic regression of counts by Newton's method, which for this model is iteratively reweighted least squares.
//!
//! Maximises ln L = Σ r ln p + w ln(1 − p) over β, p = 1/(1 + e^−xβ), r right and w wrong answers of people with
//! predictors x: β ← β + (Xᵀ W X)⁻¹ Xᵀ (r − n p), W = n p (1 − p) (McCullagh & Nelder 1989, *Generalized Linear
//! Models*, § 4.4). The function is concave, so a step that does not raise it is halved.

use crate::numeric::cholesky::{self, Matrix};

/// A step that does not raise the function after so many halvings is none.
const MOST_HALVINGS: usize = 50;

/// Newton's method doubles the digits a step; a regular fit takes about six.
const MOST_STEPS: usize = 100;

/// When the next step would raise the log-likelihood by less than half of this, it is the last: it squares an error of
/// 1e-6 standard errors.
const LAST_DECREMENT: f64 = 1e-12;

/// Neither is a rise sought that is lost in rounding: so many times the last digit of the log-likelihood.
const LAST_DIGITS: f64 = 1e3 * f64::EPSILON;

/// A coefficient whose standard error grows beyond 100 logits runs to infinity: answers are predicted for certain.
/// Predictors here are of the size of 1, where a regular fit has errors below 10.
const LARGEST_VARIANCE: f64 = 1e4;

/// People with the same predictors.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    /// Constant, level, group, level in the group; a model takes the first ones.
    pub(super) predictors: [f64; 4],
    pub(super) right: f64,
    pub(super) wrong: f64,
}

/// Why there is no fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoFit {
    /// A combination of predictors tells right from wrong for certain.
    Certain,
    /// The predictors depend on each other.
    Dependent,
}

/// Coefficients of the first D predictors and the log-likelihood at its maximum.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fit<const D: usize> {
    pub(super) coefficients: [f64; D],
    pub(super) log_likelihood: f64,
}

/// The fit of the first D predictors.
pub(super) fn fit<const D: usize>(cells: &[Cell]) -> Result<Fit<D>, NoFit> {
    let mut coefficients = [0.0; D];
    let mut log_likelihood = log_likelihood_at(cells, &coefficients);
    for _ in 0..MOST_STEPS {
        let (gradient, information) = derivatives(cells, &coefficients);
        let factor = cholesky::factor(&information).map_err(|_| NoFit::Dependent)?;
        let covariance = cholesky::inverse(&factor);
        if (0..D).any(|at| covariance[at][at] > LARGEST_VARIANCE) {
            return Err(NoFit::Certain);
        }
        let step = cholesky::product(&covariance, &gradient);
        let decrement: f64 = step.iter().zip(&gradient).map(|(step, slope)| step * slope).sum();
        let moved = |share: f64| core::array::from_fn(|at| coefficients[at] + share * step[at]);
        if decrement <= LAST_DECREMENT.max(LAST_DIGITS * log_likelihood.abs()) {
            let coefficients = moved(1.0);
            return Ok(Fit { coefficients, log_likelihood: log_likelihood_at(cells, &coefficients) });
        }
        // Rises for a small enough share, because the step points uphill.
        let shares = core::iter::successors(Some(1.0), |share| Some(share / 2.0)).take(MOST_HALVINGS);
        let mut tried = shares.map(|share| (moved(share), log_likelihood_at(cells, &moved(share))));
        let better = tried.find(|(_, reached)| *reached > log_likelihood);
        (coefficients, log_likelihood) = better.ok_or(NoFit::Certain)?;
    }
    Err(NoFit::Certain)
}

fn logit<const D: usize>(cell: &Cell, coefficients: &[f64; D]) -> f64 {
    coefficients.iter().zip(&cell.predictors).map(|(coefficient, x)| coefficient * x).sum()
}

fn log_likelihood_at<const D: usize>(cells: &[Cell], coefficients: &[f64; D]) -> f64 {
    let softplus = |x: f64| x.max(0.0) + libm::log1p(libm::exp(-x.abs()));
    let of = |cell: &Cell| {
        let u = logit(cell, coefficients);
        -cell.right * softplus(-u) - cell.wrong * softplus(u)
    };
    cells.iter().map(of).sum()
}

fn derivatives<const D: usize>(cells: &[Cell], coefficients: &[f64; D]) -> ([f64; D], Matrix<D>) {
    let (mut gradient, mut information) = ([0.0; D], [[0.0; D]; D]);
    for cell in cells {
        let u = logit(cell, coefficients);
        let (p, q) = (1.0 / (1.0 + libm::exp(-u)), 1.0 / (1.0 + libm::exp(u)));
        let (rest, weight) = (cell.right * q - cell.wrong * p, (cell.right + cell.wrong) * p * q);
        for (row, x) in cell.predictors[..D].iter().enumerate() {
            gradient[row] += x * rest;
            for (column, y) in cell.predictors[..=row].iter().enumerate() {
                information[row][column] += weight * x * y;
            }
        }
    }
    (gradient, information)
}
