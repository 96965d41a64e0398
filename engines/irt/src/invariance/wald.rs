//! Whether the parameters of an item differ among groups by more than their errors: Wald's test.

use core::ops::ControlFlow;

use super::contrast::Contrast;
use super::design::{Design, InvarianceError, Untested};
use super::purification::{Comparison, Fits, Search};
use super::screening::{Plan, Screening, Stage};

/// Tests every item by the differences of its parameters among groups.
///
/// # Formula
/// W = dᵀ V⁻¹ d with d the differences of the focal groups' parameters from the reference group's and V their covariance
/// from the inverse observed information; chi-square with as many degrees as differences
///
/// # Arguments
/// - `design`: the answers, models and groups.
/// - `plan`: with anchors one calibration tests all other items in the first round; see [`Plan`].
/// - `watch`: called before each item; `Break` ends the search with an error.
///
/// # Source
/// Lord (1980), ch. 14; Langer (2008), dissertation, University of North Carolina; anchors and several groups Woods, Cai &
/// Wang (2013), *Educational and Psychological Measurement* 73, 532–547.
///
/// # Accuracy
/// Agrees with mirt 1.47 `DIF(Wald = TRUE)` within 1 % on 20 items with 4 anchors.
///
/// # Limits
/// As [`super::likelihood_ratio`]. An item whose covariance cannot be inverted is not tested. The statistic depends on
/// how the item is parametrised; here slopes and intercepts, asymptotes as probabilities.
///
/// ```
/// use std::ops::ControlFlow;
/// use melek_irt::calibration::{ItemSpecification, Model};
/// use melek_irt::invariance::{Design, Plan, wald};
/// use melek_irt::responses::Responses;
/// let half = [[1, 1, 1], [1, 1, 0], [1, 1, 1], [0, 0, 0], [1, 0, 0], [0, 0, 0], [0, 1, 1], [0, 0, 1]];
/// let rows = half.iter().chain(&half).map(|row| row.map(Some)); // both groups answer alike
/// let responses = Responses::from_rows(3, rows)?;
/// let groups = (0..16).map(|person| person / 8).collect();
/// let design = Design::new(&responses, vec![ItemSpecification::new(Model::Rasch); 3], groups)?;
/// let plan = Plan { anchors: vec![0], ..Plan::default() };
/// let found = wald(&design, &plan, &mut |_| ControlFlow::Continue(()))?;
/// let contrast = found.outcomes[2].test().and_then(|test| test.contrast.as_ref());
/// let power = contrast.and_then(|contrast| contrast.power(&[0.5], 0.05));
/// assert!(power.is_some_and(|power| power > 0.05 && power < 0.2)); // eight people find little
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn wald(
    design: &Design<'_>,
    plan: &Plan,
    watch: &mut dyn FnMut(&Stage) -> ControlFlow<()>,
) -> Result<Screening, InvarianceError> {
    Search { design, plan, compare: &compare }.run(watch)
}

fn compare(fits: &mut Fits<'_>, free: &[usize], item: usize) -> Result<Result<Comparison, Untested>, InvarianceError> {
    let fit = fits.of(free)?;
    let contrast = Contrast::of(fit, item);
    let statistic = contrast.as_ref().and_then(Contrast::statistic);
    let (Some(contrast), Some(statistic)) = (contrast, statistic) else { return Ok(Err(Untested::Singular)) };
    Ok(Ok(Comparison {
        statistic,
        degrees: contrast.difference.len(),
        probability: contrast.probability(statistic),
        contrast: Some(contrast),
        converged: fit.calibration.converged,
    }))
}
