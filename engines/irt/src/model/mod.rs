//! How likely a right answer is: the item and its blind-guessing floor.

pub mod chance;
mod item;

pub use chance::ChanceError;
pub use item::{Item, ParameterError};
