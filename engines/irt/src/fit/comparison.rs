//! Whether a model with more parameters describes the same answers better than chance would.

use super::chi_square::probability_above;
use crate::calibration::Calibration;

/// Why two calibrations cannot be compared by their likelihoods.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum ComparisonError {
    #[error("the restricted model has {restricted} parameters and the general one {general}; it must have fewer")]
    NotNested { restricted: usize, general: usize },
    #[error("the general model is less likely by {difference:.3}: the models are not nested, or one has not converged")]
    LessLikely { difference: f64 },
    #[error("a prior density was maximised with the likelihood, so their ratio has no known distribution")]
    Prior,
}

/// The likelihood-ratio test of two nested models.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LikelihoodRatio {
    /// ≥ 0.
    pub statistic: f64,
    pub degrees_of_freedom: usize,
    /// Chance of so large a statistic when the restricted model holds.
    pub p_value: f64,
}

/// A general model may be less likely by this much because neither maximum is exact.
const CONVERGENCE: f64 = 1e-3;

/// Twice the logarithm of the ratio of two nested models' likelihoods.
///
/// # Formula
/// 2 (ln L_general − ln L_restricted), chi-square with the difference in parameters as degrees of freedom
///
/// # Arguments
/// Both calibrated to the same answers without priors; the restricted one must be a case of the general one, which is
/// not checked beyond the number of parameters and the likelihoods.
///
/// # Source
/// Wilks (1938), *Annals of Mathematical Statistics* 9, 60–62; for item response models Bock & Aitkin (1981),
/// *Psychometrika* 46, 443–459.
///
/// # Accuracy
/// That of the two log-likelihoods, doubled.
///
/// # Limits
/// Not chi-square where the restriction lies on a boundary: a lower asymptote of 0, a variance of 0.
///
/// ```
/// use std::ops::ControlFlow;
/// use melek_irt::calibration::{Model, Options, Specification, calibrate};
/// use melek_irt::fit::likelihood_ratio;
/// use melek_irt::responses::Responses;
/// let rows = (0_u8..160).map(|n| [n & 1, n >> 1 & 1, n >> 2 & 1, n >> 3 & 1].map(Some));
/// let responses = Responses::from_rows(4, rows.chain((0..20).map(|n| [Some(n % 2); 4])))?;
/// let fit = |model| {
///     calibrate(&responses, &Specification::uniform(model, 4), &Options::default(), &mut |_| {
///         ControlFlow::Continue(())
///     })
/// };
/// let test = likelihood_ratio(&fit(Model::Rasch)?, &fit(Model::TwoParameter)?)?;
/// assert_eq!(test.degrees_of_freedom, 3);
/// assert!(test.p_value > 0.99); // the items are answered equally well
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn likelihood_ratio(restricted: &Calibration, general: &Calibration) -> Result<LikelihoodRatio, ComparisonError> {
    if restricted.parameters >= general.parameters {
        let (restricted, general) = (restricted.parameters, general.parameters);
        return Err(ComparisonError::NotNested { restricted, general });
    }
    if restricted.log_prior != 0.0 || general.log_prior != 0.0 {
        return Err(ComparisonError::Prior);
    }
    let difference = general.log_likelihood - restricted.log_likelihood;
    if difference < -CONVERGENCE {
        return Err(ComparisonError::LessLikely { difference: -difference });
    }
    let statistic = (2.0 * difference).max(0.0);
    let degrees_of_freedom = general.parameters - restricted.parameters;
    Ok(LikelihoodRatio { statistic, degrees_of_freedom, p_value: probability_above(statistic, degrees_of_freedom) })
}
