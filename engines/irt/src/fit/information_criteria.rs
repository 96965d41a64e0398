//! What a model's likelihood is worth after paying for its parameters; the smallest is the best.

use crate::calibration::Calibration;

/// Criteria of one calibration, each on the scale of −2 log-likelihood.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct InformationCriteria {
    /// Akaike: pays 2 a parameter.
    pub aic: f64,
    /// Bayes, Schwarz: pays ln N.
    pub bic: f64,
    /// Bayes adjusted for sample size: pays ln((N + 2)/24).
    pub sabic: f64,
    /// Hannan–Quinn: pays 2 ln ln N.
    pub hannan_quinn: f64,
}

/// AIC, BIC, its adjusted form and Hannan–Quinn's criterion.
///
/// # Formula
/// −2 ln L + k c, k parameters, c = 2, ln N, ln((N + 2)/24), 2 ln ln N
///
/// # Arguments
/// `persons` N: people of the calibration, those without answers too; at least 3. The likelihood is taken without any
/// prior.
///
/// # Source
/// Akaike (1974), *IEEE Transactions on Automatic Control* 19, 716–723; Schwarz (1978), *Annals of Statistics* 6,
/// 461–464; Sclove (1987), *Psychometrika* 52, 333–343; Hannan & Quinn (1979), *JRSS* B 41, 190–195.
///
/// # Accuracy
/// Rounding.
///
/// # Limits
/// Comparable between models of the same answers only.
///
/// ```
/// use std::ops::ControlFlow;
/// use melek_irt::calibration::{Model, Options, Specification, calibrate};
/// use melek_irt::fit::information_criteria;
/// use melek_irt::responses::Responses;
/// let rows = [[1, 1, 0], [1, 0, 0], [0, 1, 1], [0, 0, 0], [1, 1, 1], [1, 0, 1], [0, 1, 0], [1, 1, 0]];
/// let responses = Responses::from_rows(3, rows.map(|row| row.map(Some)))?;
/// let fit = calibrate(&responses, &Specification::uniform(Model::Rasch, 3), &Options::default(), &mut |_| {
///     ControlFlow::Continue(())
/// })?;
/// let criteria = information_criteria(&fit, responses.persons());
/// assert_eq!(criteria.aic, -2.0 * fit.log_likelihood + 8.0); // three difficulties and a spread
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn information_criteria(calibration: &Calibration, persons: usize) -> InformationCriteria {
    let (deviance, parameters) = (-2.0 * calibration.log_likelihood, calibration.parameters as f64);
    let people = persons as f64;
    let with = |price: f64| deviance + parameters * price;
    InformationCriteria {
        aic: with(2.0),
        bic: with(libm::log(people)),
        sabic: with(libm::log((people + 2.0) / 24.0)),
        hannan_quinn: with(2.0 * libm::log(libm::log(people))),
    }
}
