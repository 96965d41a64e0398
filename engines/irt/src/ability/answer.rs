//! One scored answer: which item, which dimension it measures, right or wrong, or a category of several.

use crate::model::Item;

/// An answer to an item of a dimension that the prior does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("dimension {dimension} does not exist: the prior has {dimensions}, counted from 0")]
pub struct DimensionError {
    pub dimension: usize,
    pub dimensions: usize,
}

/// An answer in a category that cannot be scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CategoryError {
    #[error(transparent)]
    Dimension(#[from] DimensionError),
    #[error("the item has {0} slopes: one that measures a single dimension has one")]
    Slopes(usize),
    #[error("category {category} does not exist: the item has {categories}, counted from 0")]
    Category { category: usize, categories: usize },
}

/// A scored answer. An item left unanswered counts as wrong; an item never shown is no answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Answer {
    pub item: Item,
    /// Counted from 0.
    pub dimension: usize,
    pub correct: bool,
}

impl DimensionError {
    pub(super) fn check<const D: usize>(dimension: usize) -> Result<(), Self> {
        if dimension < D { Ok(()) } else { Err(Self { dimension, dimensions: D }) }
    }
}

impl Answer {
    pub(crate) fn check<const D: usize>(&self) -> Result<(), DimensionError> {
        DimensionError::check::<D>(self.dimension)
    }
}
