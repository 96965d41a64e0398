//! Two calibrations on one scale, and the items that moved in between.
//!
//! Every calibration chooses its own origin and unit of ability. With D = 1 and one dimension, abilities of the new
//! calibration become abilities of the old one by θ_old = A θ_new + B; the items common to both, the anchors, say what A
//! and B are. Moments of the anchors' parameters give them directly (mean–mean, mean–sigma, mean–geometric mean), the
//! anchors' response curves by least squares (Haebara, Stocking–Lord). Abilities and B are in logits, A has no unit.
//!
//! Not here: estimating the items ([`crate::calibration`]); differences between groups of one calibration and the area
//! between two curves ([`crate::fairness`]).

mod anchors;
mod covariance;
mod curves;
mod cusum;
mod haebara;
mod link;
mod mean_geometric_mean;
mod mean_mean;
mod mean_sigma;
mod method;
mod moments;
mod population;
mod purification;
mod robust_z;
mod search;
mod stocking_lord;
mod transformation;
mod weighted_difference;

pub use anchors::{Anchor, Anchors, FormSide, LinkingError};
pub use covariance::{CovarianceError, ParameterCovariance};
pub use curves::Criterion;
pub use cusum::{Cusum, CusumError, CusumStep, Observation, average_run_length};
pub use haebara::haebara;
pub use link::{Link, LinkErrors};
pub use mean_geometric_mean::mean_geometric_mean;
pub use mean_mean::mean_mean;
pub use mean_sigma::mean_sigma;
pub use method::Method;
pub use population::{Population, PopulationError};
pub use purification::{DriftLimit, Purification, Purified, Reason, Removal, purify};
pub use robust_z::{Agreement, LARGEST_STABLE_Z, RobustZ, robust_z};
pub use stocking_lord::stocking_lord;
pub use transformation::Transformation;
pub use weighted_difference::weighted_difference;
