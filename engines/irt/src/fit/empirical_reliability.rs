//! Share of true differences in the expected abilities of the people who were there.
//!
//! s²(θ̂) / (s²(θ̂) + mean of the posterior variances), θ̂ expected abilities (Brown & Croudace 2015, in Reise & Revicki
//! (eds.), *Handbook of Item Response Theory Modeling*, ch. 15).

use super::fitted::{FitError, Fitted};

/// Empirical reliability of expected abilities, one a dimension, 0 … 1.
///
/// # Formula
/// s²(θ̂) / (s²(θ̂) + (1/N) Σ SE²), s² with divisor N − 1
///
/// # Arguments
/// At least two people who answered something. Expected abilities as in [`super::mean_squares`].
///
/// # Source
/// Brown & Croudace (2015), in Reise & Revicki (eds.), *Handbook of Item Response Theory Modeling*, ch. 15; Bechger,
/// Maris, Verstralen & Béguin (2003), *Applied Psychological Measurement* 27, 319–334.
///
/// # Accuracy
/// Within 1e-3 of mirt 1.47 on `tests/reference/calibration`.
///
/// # Limits
/// Of several groups together it contains the differences between them.
///
/// ```
/// use std::ops::ControlFlow;
/// use melek_irt::calibration::{Model, Options, Specification, calibrate};
/// use melek_irt::fit::{Fitted, empirical_reliability};
/// use melek_irt::responses::Responses;
/// let rows = (0_u8..160).map(|n| [n & 1, n >> 1 & 1, n >> 2 & 1, n >> 3 & 1].map(Some));
/// let responses = Responses::from_rows(4, rows.chain((0..20).map(|n| [Some(n % 2); 4])))?;
/// let specification = Specification::uniform(Model::Rasch, 4);
/// let calibration =
///     calibrate(&responses, &specification, &Options::default(), &mut |_| ControlFlow::Continue(()))?;
/// let reliability = empirical_reliability(&Fitted::new(&responses, &specification, &calibration)?)?;
/// assert!((0.0..0.5).contains(&reliability[0])); // four items say little
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn empirical_reliability(fitted: &Fitted<'_>) -> Result<Vec<f64>, FitError> {
    let abilities: Vec<_> = fitted.abilities()?.iter().flatten().collect();
    let found = abilities.len();
    if found < 2 {
        return Err(FitError::Persons { found, needed: 2 });
    }
    let people = found as f64;
    let one = |dimension: usize| {
        let mean = abilities.iter().map(|ability| ability.mean[dimension]).sum::<f64>() / people;
        let squares =
            abilities.iter().map(|ability| (ability.mean[dimension] - mean) * (ability.mean[dimension] - mean));
        let variance = squares.sum::<f64>() / (people - 1.0);
        let error = abilities.iter().map(|ability| ability.deviation[dimension] * ability.deviation[dimension]);
        variance / (variance + error.sum::<f64>() / people)
    };
    Ok((0..fitted.nodes.dimensions).map(one).collect())
}
