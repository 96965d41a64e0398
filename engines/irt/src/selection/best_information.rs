//! How much the best item left would tell: what a test that should end when nothing useful is left looks at.

use super::several_dimensions::Sitting;

/// Largest Fisher information of the items that the rules allow next, each about its own dimension at its posterior mean,
/// logits⁻²; 0 when none is left.
///
/// # Formula
/// max over candidates i of I_i(μ_{d(i)}), with I of [`crate::model::Item::information`].
///
/// # Arguments
/// `sitting`: pool, rules, posterior and progress of a person. Exposure is not looked at.
///
/// # Source
/// Minimum information as a stopping rule: Dodd, Koch & De Ayala (1989), *Applied Psychological Measurement* 13, 129–143.
///
/// # Accuracy
/// Exact: a closed form of the information, item by item.
///
/// # Limits
/// 0 when the test is whole.
pub fn best_information<const D: usize>(sitting: &Sitting<'_, D>) -> f64 {
    let Sitting { pool, quotas, posterior, progress } = sitting;
    let information = |position: usize| {
        let item = &pool.items()[position];
        item.item.information(posterior.mean[item.dimension])
    };
    progress.candidates(pool, quotas).into_iter().map(information).fold(0.0, f64::max)
}
