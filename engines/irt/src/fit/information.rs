//! How much the items of a test say about ability, alone and compared with what was known before.
//!
//! I(θ) = Σ_j a_j² Σ_k (∂P_jk/∂u)²/P_jk per squared logit; 1/√I is the standard error of the most likely ability. Beside the
//! spread σ of the people the share of true differences at θ is I/(I + 1/σ²).

use super::fitted::FitError;
use crate::calibration::Latent;
use crate::model::ResponseFunction;

/// Step and reach of the integral over ability, in standard deviations; on the rectangle rule see the head of `nodes.rs`.
const STEP: f64 = 0.05;
const REACH: f64 = 10.0;

/// Fisher information of a test about ability, ≥ 0, per squared logit.
///
/// # Formula
/// Σ_j a_j² Σ_k (∂P_jk/∂u)² / P_jk
///
/// # Arguments
/// `functions`: items in one dimension. `theta`: ability in logits.
///
/// # Source
/// Birnbaum (1968), in Lord & Novick, sec. 17.4; Samejima (1969), *Psychometrika* Monograph 17, eq. 6-6.
///
/// # Limits
/// 0 without items. Items of more dimensions are an error.
///
/// ```
/// use melek_irt::fit::test_information;
/// use melek_irt::model::ResponseFunction;
/// let items = vec![ResponseFunction::two_parameter(2.0, 0.0)?; 5];
/// assert!((test_information(&items, 0.0)? - 5.0 * 4.0 * 0.25).abs() < 1e-14);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn test_information(functions: &[ResponseFunction], theta: f64) -> Result<f64, FitError> {
    let mut sum = 0.0;
    for function in functions {
        let [slope] = function.slopes() else {
            return Err(FitError::Dimensions { dimensions: function.slopes().len() });
        };
        sum += slope * slope * function.information(&[theta]);
    }
    Ok(sum)
}

/// Share of true differences in what a test says about people at one ability, 0 … 1.
///
/// # Formula
/// I(θ) / (I(θ) + 1/σ²)
///
/// # Arguments
/// `functions`: items in one dimension. `latent`: the people, σ² their variance. `theta`: ability in logits.
///
/// # Source
/// Nicewander (2018), *Psychological Methods* 23, 351–362; Raju, Price, Oshima & Nering
/// (2007), *Applied Psychological Measurement* 31, 169–180.
///
/// # Limits
/// As [`test_information`].
///
/// ```
/// use melek_irt::calibration::Latent;
/// use melek_irt::fit::conditional_reliability;
/// use melek_irt::model::ResponseFunction;
/// let items = vec![ResponseFunction::two_parameter(2.0, 0.0)?; 9];
/// assert!((conditional_reliability(&items, &Latent::standard(1), 0.0)? - 0.9).abs() < 1e-14);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn conditional_reliability(functions: &[ResponseFunction], latent: &Latent, theta: f64) -> Result<f64, FitError> {
    let (_, variance) = one_dimension(latent)?;
    let information = test_information(functions, theta)?;
    Ok(information / (information + 1.0 / variance))
}

/// Share of true differences in what a test says, over all people, 0 … 1.
///
/// # Formula
/// ∫ I(θ) / (I(θ) + 1/σ²) φ(θ; μ, σ²) dθ
///
/// # Arguments
/// `functions`: items in one dimension. `latent`: the people, normal with mean μ and variance σ².
///
/// # Source
/// Green, Bock, Humphreys, Linn & Reckase (1984), *Journal of Educational Measurement* 21, 347–360, averaged as
/// in Andersson & Xin (2018), *Educational and Psychological Measurement* 78, 32–45.
///
/// # Accuracy
/// Within 1e-4 of mirt 1.47 on `tests/reference/calibration` where σ = 1. With an estimated σ mirt's
/// `marginal_rxx` adds σ² where the formula has 1/σ² and integrates over a standard normal.
///
/// # Limits
/// As [`test_information`].
///
/// ```
/// use melek_irt::calibration::Latent;
/// use melek_irt::fit::marginal_reliability;
/// use melek_irt::model::ResponseFunction;
/// let items = vec![ResponseFunction::two_parameter(1.0, 0.0)?; 20];
/// let narrow = Latent { covariance: vec![vec![0.25]], ..Latent::standard(1) };
/// assert!(marginal_reliability(&items, &narrow)? < marginal_reliability(&items, &Latent::standard(1))?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn marginal_reliability(functions: &[ResponseFunction], latent: &Latent) -> Result<f64, FitError> {
    let (mean, variance) = one_dimension(latent)?;
    let (mut sum, mut total) = (0.0, 0.0);
    let points = (REACH / STEP) as i32;
    for point in -points..=points {
        let z = STEP * f64::from(point);
        let weight = libm::exp(-0.5 * z * z);
        sum += weight * conditional_reliability(functions, latent, mean + z * variance.sqrt())?;
        total += weight;
    }
    Ok(sum / total)
}

fn one_dimension(latent: &Latent) -> Result<(f64, f64), FitError> {
    match (latent.mean.as_slice(), latent.covariance.as_slice()) {
        ([mean], [row]) if row.len() == 1 && row[0] > 0.0 => Ok((*mean, row[0])),
        ([_], _) => Err(FitError::Spread { group: 0 }),
        (means, _) => Err(FitError::Dimensions { dimensions: means.len() }),
    }
}
