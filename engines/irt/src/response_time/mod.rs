//! What the time of an answer says: how much work an item asks, how fast a person works, whether an answer was given
//! without reading, and how ability and speed go together.
//!
//! Times are in seconds and above zero; the model lives on their natural logarithm. Speed τ is in log seconds: a person
//! of speed τ needs e^−τ times as long as one of speed 0. The clock is the caller's, and so is the decision to drop the
//! times of people who left the room.

mod ability_grid;
mod calibrate;
mod effort;
mod effort_moderated;
mod joint_moments;
mod joint_posterior;
mod lognormal;
mod mixture;
mod normative;
mod population;
mod population_error;
mod speed;
mod standard_errors;
mod thresholds;
mod time_fit;
mod time_residuals;
mod times;

pub use ability_grid::AnswerError;
pub use calibrate::{LognormalCalibration, LognormalCalibrationError, calibrate_times};
pub use effort::{response_time_effort, response_time_fidelity};
pub use effort_moderated::{AbilityScale, EffortModerated, effort_moderated};
pub use joint_posterior::{JointPosterior, joint_posterior};
pub use lognormal::{LognormalItem, LognormalModel, LognormalParameterError};
pub use mixture::{Component, Mixture, MixtureError, lognormal_mixture, mixture_thresholds};
pub use normative::{LONGEST_THRESHOLD, normative_thresholds};
pub use population::{JointError, JointModel, Population, PopulationEstimate, Record, estimate_population};
pub use speed::{SpeedError, speed_by_likelihood, speed_posterior};
pub use standard_errors::{LognormalErrors, lognormal_errors};
pub use thresholds::{ThresholdError, Thresholds};
pub use time_fit::{TimeFit, time_fit};
pub use time_residuals::{TimeResidual, time_residuals};
pub use times::{Time, TimeError, Times, TimesError};
