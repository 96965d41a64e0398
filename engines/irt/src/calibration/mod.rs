//! From the answers of many people to the parameters of items and the abilities of groups.

mod acceleration;
mod block;
mod calibrate;
mod coding;
mod cross_product;
mod diagnosis;
mod estimate;
mod expectation;
mod information;
mod integration;
mod latent;
mod layout;
mod maximisation;
mod missing_information;
mod nodes;
mod pilot;
mod pilot_fit;
mod posterior_covariance;
mod prior;
mod score_basis;
mod score_expansion;
mod scores;
mod specification;
mod stochastic;
mod two_tier;

pub use calibrate::{Options, Progress, calibrate};
pub use diagnosis::CalibrationError;
pub use estimate::{Calibration, ItemErrors, ItemEstimate, LatentEstimate, Rating, Warning};
pub(crate) use expectation::{item_table, person_posterior};
pub use latent::Latent;
pub use nodes::Grid;
pub(crate) use nodes::{Nodes, TILE, Tile};
pub use pilot::{PilotAnswer, PilotError, PilotItem, calibrate_pilot_item};
pub use pilot_fit::{PilotFit, PilotGroup};
pub use prior::ParameterPrior;
pub use specification::{ItemSpecification, Model, Parameter, Specification};
