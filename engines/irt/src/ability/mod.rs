//! What a person can do, given a prior and the answers so far: a mean and a covariance over D correlated dimensions,
//! each item measuring exactly one of them (between-item dimensionality).

mod answer;
mod estimate;
mod expectation_propagation;
mod grid;
pub mod importance_sampling;
mod likelihood;
pub mod population;
mod posterior;
mod prediction;
mod prior;
mod uncertain_item;

pub use answer::{Answer, CategoryError, DimensionError};
pub use estimate::{Estimate, Interval};
pub use expectation_propagation::{Convergence, ExpectationPropagation, posterior};
pub use grid::{Grid, GridError, GridPosterior};
pub use posterior::Posterior;
pub use prediction::predicted_probability;
pub use prior::{Prior, PriorError};
pub use uncertain_item::{BankSpread, ItemErrors, ItemErrorsError, UncertainItem};
