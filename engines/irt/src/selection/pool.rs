//! The items a test may draw on. A position in the pool is the item's name here; its text and identity are the
//! caller's.

use crate::model::Item;

/// A pool that the content rules could not be applied to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PoolError {
    #[error("item {position} measures dimension {dimension}, but there are only {dimensions}, counted from 0")]
    Dimension { position: usize, dimension: usize, dimensions: usize },
    #[error("family {family} has items of dimensions {one} and {other}: variants of one template measure one thing")]
    FamilyAcrossDimensions { family: u32, one: usize, other: usize },
}

/// An item as the choice sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PoolItem {
    pub item: Item,
    /// Counted from 0.
    pub dimension: usize,
    /// Variants of one template share a number; nobody sees two of them. `None`: an item on its own.
    pub family: Option<u32>,
}

/// Items over D dimensions.
#[derive(Debug, Clone, PartialEq)]
pub struct Pool<const D: usize> {
    items: Vec<PoolItem>,
}

impl<const D: usize> Pool<D> {
    /// A pool whose items all measure a dimension below D and whose families keep to one dimension.
    pub fn new(items: Vec<PoolItem>) -> Result<Self, PoolError> {
        let mut families = std::collections::BTreeMap::new();
        for (position, item) in items.iter().enumerate() {
            let dimension = item.dimension;
            if dimension >= D {
                return Err(PoolError::Dimension { position, dimension, dimensions: D });
            }
            if let Some(family) = item.family {
                let one = *families.entry(family).or_insert(dimension);
                if one != dimension {
                    return Err(PoolError::FamilyAcrossDimensions { family, one, other: dimension });
                }
            }
        }
        Ok(Self { items })
    }

    /// All items, by position.
    pub fn items(&self) -> &[PoolItem] {
        &self.items
    }
}
