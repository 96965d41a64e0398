//! What a whole adaptive test does to many simulated people: does its interval cover the truth, how long is it, how
//! often is each item shown. For checking a bank and a blueprint before anyone sits the test.

pub mod one_dimension;
mod simulate;
mod summary;
mod tally;

pub use simulate::{Level, Plan, SimulationError, simulate};
pub use summary::{Accuracy, ExposureSummary, Fifth, Length, Shares, Stops, Summary};
