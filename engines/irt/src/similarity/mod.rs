//! Whether two people in one room gave answers more alike than their abilities explain.
//!
//! Counts agreeing answers over the items that both were given, and compares the count with what two people of their
//! abilities would share by chance. Abilities in logits, probabilities from [`crate::model::ResponseFunction`]. A small
//! p-value is a reason to look, never a proof: friends share teachers, and a leaked key makes strangers alike.

mod generalized_binomial;
mod match_distribution;
mod multiplicity;
mod omega;
mod pair;
mod room;

pub use generalized_binomial::{GeneralizedBinomial, generalized_binomial};
pub use match_distribution::{MatchDistributionError, match_distribution};
pub use multiplicity::{MultiplicityError, benjamini_hochberg, holm};
pub use omega::{Omega, omega};
pub use pair::{Examinee, SimilarityError, SimilarityTest};
pub use room::{Control, Finding, Index, Policy, RoomReport, compare_room};
