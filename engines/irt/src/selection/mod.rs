//! Which item comes next: the one that tells most about the person, within the content rules and the ceiling on how
//! often an item may be shown.

mod content;
pub mod d_optimal;
mod exposure;
mod pool;

pub use content::Rules;
pub use exposure::{CeilingError, Exposure, ExposureCeiling, ExposureControl};
pub use pool::{Pool, PoolError, PoolItem};

use crate::ability::Posterior;

/// One person's test so far, as the choice of the next item sees it.
#[derive(Debug, Clone, Copy)]
pub struct Sitting<'a, const D: usize> {
    pub pool: &'a Pool<D>,
    pub posterior: &'a Posterior<D>,
    /// Positions in the pool of the items shown, in any order, each once.
    pub administered: &'a [usize],
    /// Positions in the pool of the items that this person must not get: withdrawn, seen in an earlier test.
    pub excluded: &'a [usize],
}
