//! One scored answer: which item, which dimension it measures, right or wrong.

use crate::model::Item;

/// An answer to an item of a dimension that the prior does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("dimension {dimension} does not exist: the prior has {dimensions}, counted from 0")]
pub struct DimensionError {
    pub dimension: usize,
    pub dimensions: usize,
}

/// A scored answer. An item left unanswered counts as wrong; an item never shown is no answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Answer {
    pub item: Item,
    /// Counted from 0.
    pub dimension: usize,
    pub correct: bool,
}

impl Answer {
    pub(crate) fn check<const D: usize>(&self) -> Result<(), DimensionError> {
        if self.dimension < D { Ok(()) } else { Err(DimensionError { dimension: self.dimension, dimensions: D }) }
    }
}
