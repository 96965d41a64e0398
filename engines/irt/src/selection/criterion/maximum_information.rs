//! Maximum information: the item whose Fisher information at the estimate is largest.

use crate::model::Item;

/// Fisher information at the estimate, per squared logit.
///
/// # Formula
/// I(θ̂), see [`Item::information`].
///
/// # Arguments
/// `theta`: the estimate, logits.
///
/// # Source
/// Lord (1980), *Applications of Item Response Theory*, ch. 10; Weiss (1982), *Applied Psychological Measurement* 6,
/// 473–492.
pub fn score(item: &Item, theta: f64) -> f64 {
    item.information(theta)
}
