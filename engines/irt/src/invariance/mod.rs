//! Whether items mean the same in every group of people: differential item functioning by item response theory.
//!
//! A multiple-group calibration lets the abilities of the groups differ, so that a difference between groups is not
//! taken for one of an item; an item under suspicion is estimated for each group apart, the anchors for all together.
//! Two tests compare: [`likelihood_ratio`] and [`wald`], both with anchors that are purified of what was found.
//! [`effect_size`] says how large a difference is in points of the item's score. One dimension; group 0 sets the scale.
//! Methods on observed scores, without a model of ability, are elsewhere.

mod chi_square;
mod contrast;
mod design;
mod effect_size;
mod fit;
mod likelihood_ratio;
mod purification;
mod screening;
mod wald;

pub use chi_square::noncentral_chi_square_above;
pub use contrast::Contrast;
pub use design::{Design, InvarianceError, Untested};
pub use effect_size::{EffectSize, effect_size};
pub use fit::GroupFit;
pub use likelihood_ratio::likelihood_ratio;
pub use screening::{ItemTest, Outcome, Plan, Screening, Stage};
pub use wald::wald;
