//! The items a test may draw on. A position in the pool is the item's name here; its text and identity are the
//! caller's.

use super::information_bounds::InformationBounds;
use crate::model::Item;

/// A pool that the content rules could not be applied to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PoolError {
    #[error("item {position} measures dimension {dimension}, but there are only {dimensions}, counted from 0")]
    Dimension { position: usize, dimension: usize, dimensions: usize },
    #[error("family {family} has items of dimensions {one} and {other}: variants of one template measure one thing")]
    FamilyAcrossDimensions { family: u32, one: usize, other: usize },
    #[error(
        "family {family} has items under different quotas, at {one} and {other}: variants of one template are of one kind"
    )]
    FamilyAcrossKinds { family: u32, one: usize, other: usize },
}

/// An item as the choice sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PoolItem {
    pub item: Item,
    /// Counted from 0.
    pub dimension: usize,
    /// Position of the innermost quota that counts it; `None`: no quota does.
    pub kind: Option<usize>,
    /// Variants of one template share a number; nobody sees two of them. `None`: an item on its own.
    pub family: Option<u32>,
}

/// Items over D dimensions.
#[derive(Debug, Clone, PartialEq)]
pub struct Pool<const D: usize> {
    items: Vec<PoolItem>,
    /// Positions of the items of each family; an item on its own is its only member.
    families: Vec<Vec<usize>>,
    /// Family of each item, as a position in `families`.
    family_of: Vec<usize>,
    bounds: InformationBounds<D>,
    /// Quota of each item, close together in memory: what a step reads of many items.
    kinds: Vec<u32>,
}

/// Quota of an item that no quota counts.
const NO_KIND: u32 = u32::MAX;

impl<const D: usize> Pool<D> {
    /// A pool whose items all measure a dimension below D and whose families keep to one dimension and one quota.
    pub fn new(items: Vec<PoolItem>) -> Result<Self, PoolError> {
        let mut numbered = std::collections::BTreeMap::new();
        let mut families: Vec<Vec<usize>> = Vec::new();
        let mut family_of = Vec::with_capacity(items.len());
        for (position, item) in items.iter().enumerate() {
            let dimension = item.dimension;
            if dimension >= D {
                return Err(PoolError::Dimension { position, dimension, dimensions: D });
            }
            let next = families.len();
            let place = item.family.map_or(next, |family| *numbered.entry(family).or_insert(next));
            if place == next {
                families.push(Vec::new());
            } else {
                same_family(&items, families[place][0], position)?;
            }
            families[place].push(position);
            family_of.push(place);
        }
        let bounds = InformationBounds::new(items.iter().map(|item| (&item.item, item.dimension)));
        let kinds = items.iter().map(|item| item.kind.map_or(NO_KIND, |kind| kind as u32)).collect();
        Ok(Self { items, families, family_of, bounds, kinds })
    }

    /// All items, by position.
    pub fn items(&self) -> &[PoolItem] {
        &self.items
    }

    /// Quota that counts the item at a position, or `none` for an item that none counts and for positions outside the pool.
    pub(super) fn kind(&self, position: usize, none: usize) -> usize {
        self.kinds.get(position).map_or(none, |&kind| (kind as usize).min(none))
    }

    pub(super) fn bounds(&self) -> &InformationBounds<D> {
        &self.bounds
    }

    /// Positions of the items of an item's family, itself included, in rising order.
    pub(super) fn family(&self, position: usize) -> &[usize] {
        &self.families[self.family_of[position]]
    }
}

fn same_family(items: &[PoolItem], one: usize, other: usize) -> Result<(), PoolError> {
    let (first, second) = (&items[one], &items[other]);
    let family = second.family.unwrap_or_default();
    if first.dimension != second.dimension {
        return Err(PoolError::FamilyAcrossDimensions { family, one: first.dimension, other: second.dimension });
    }
    if first.kind != second.kind {
        return Err(PoolError::FamilyAcrossKinds { family, one, other });
    }
    Ok(())
}
