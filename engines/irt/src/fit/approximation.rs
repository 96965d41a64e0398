//! How far a model is from the truth for each degree of freedom, with an interval: the RMSEA.
//!
//! √(max(X/ν − 1, 0) / (N − 1)) (Steiger 1990, *Multivariate Behavioral Research* 25, 173–180); its interval from the
//! non-central chi-square distributions that put the statistic at their 95th and 5th percentile (Browne & Cudeck 1992,
//! *Sociological Methods & Research* 21, 230–258).

use super::chi_square::noncentrality;

/// Root mean square error of approximation; 0 is exact, below .05 close.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Approximation {
    pub rmsea: f64,
    /// Ends of the 90 % interval.
    pub lower: f64,
    pub upper: f64,
}

/// Chances of a smaller statistic at the ends of the interval.
const LOWER_END: f64 = 0.95;
const UPPER_END: f64 = 0.05;

pub(super) fn approximation(statistic: f64, degrees_of_freedom: usize, persons: f64) -> Approximation {
    let degrees = degrees_of_freedom as f64;
    let error = |excess: f64| (excess.max(0.0) / degrees / (persons - 1.0).max(1.0)).sqrt();
    Approximation {
        rmsea: error(statistic - degrees),
        lower: error(noncentrality(statistic, degrees_of_freedom, LOWER_END)),
        upper: error(noncentrality(statistic, degrees_of_freedom, UPPER_END)),
    }
}
