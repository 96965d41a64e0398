//! How likely an answer is: response functions of items with two or more categories, the item of an adaptive test with
//! its fixed floor, and that floor by item type.

pub mod chance;
mod derivatives;
mod divide_by_total;
mod graded;
mod item;
mod logistic;
mod response_function;

pub use chance::ChanceError;
pub(crate) use derivatives::Derivatives;
pub use item::{Item, ParameterError};
pub use response_function::{Form, ResponseFunction, ResponseFunctionError};
