//! Which item comes next: the one that tells most about the person, within the content rules and the ceiling on how
//! often an item may be shown. Tests of several dimensions in `several_dimensions.rs`, of one dimension in
//! `one_dimension.rs`; what both share beside them. Rules of any kind: `shadow_test.rs`.

pub mod a_optimal;
mod best_information;
mod choice;
pub mod criterion;
pub mod d_optimal;
mod eligibility;
mod exposure;
mod information_bounds;
pub mod one_dimension;
mod pool;
mod progress;
mod quotas;
pub mod several_dimensions;
#[cfg(feature = "shadow-test")]
pub mod shadow_test;
pub mod sympson_hetter;

pub use best_information::best_information;
pub use choice::Choice;
pub use eligibility::Eligibility;
pub use exposure::{CeilingError, Exposure, ExposureCeiling, ExposureControl, Showings, price_factor};
pub use pool::{Pool, PoolError, PoolItem};
pub use progress::Progress;
pub use quotas::{Quota, QuotaError, Quotas, Scope};
