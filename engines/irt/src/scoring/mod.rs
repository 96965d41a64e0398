//! What the answers of a person say about ability once the items are known: one estimate a method, each with its
//! standard error, from any pattern of missing answers. Abilities are in logits.
//!
//! Bayesian methods ([`Scorer::expected_a_posteriori`], [`Scorer::maximum_a_posteriori`], sum scores, plausible values)
//! need a population and always have a finite answer, the population itself where nobody asked anything.
//! [`Scorer::maximum_likelihood`] needs none and may have no finite answer, which its type says.
//! [`Scorer::weighted_likelihood`] lies between the two. The items are taken as known: errors of their calibration are
//! not in the standard errors. The adaptive test scores step by step in [`crate::ability`].

mod curve;
mod estimate;
mod expected_a_posteriori;
mod maximum_a_posteriori;
mod maximum_likelihood;
mod newton;
mod plausible_values;
mod population;
mod scorer;
mod subscores;
mod sum_scores;
mod weighted_likelihood;

pub use estimate::{Direction, Estimate, Score};
pub use population::{Population, PopulationError};
pub use scorer::{Scorer, ScoringError};
pub use subscores::{Subscore, SubscoreError, subscores};
pub use sum_scores::{SumScore, SumScoreTable};
