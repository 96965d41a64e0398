//! The one source of "now" and of time-ordered ids.
//!
//! Unit: milliseconds since 1970-01-01T00:00Z in an `i64`, as every `…_ms` column.
//! The system clock runs by itself; the manual one moves only by `advance`, so that tests never sleep.
//! Time spans inside the process (how long a request took) use `std::time::Instant`, not this.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use uuid::Uuid;

use crate::secret;

/// Tells the time in epoch milliseconds; cheap to clone, clones of a manual clock move together.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System,
    Manual(Arc<AtomicI64>),
}

impl Clock {
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands at `ms` until it is moved.
    pub fn manual(ms: i64) -> Self {
        Self(Source::Manual(Arc::new(AtomicI64::new(ms))))
    }

    pub fn now_ms(&self) -> i64 {
        match &self.0 {
            Source::System => system_now_ms(),
            Source::Manual(now) => now.load(Ordering::SeqCst),
        }
    }

    /// Moves a manual clock forward (backward when negative); the system clock cannot be moved.
    pub fn advance(&self, ms: i64) {
        if let Source::Manual(now) = &self.0 {
            now.fetch_add(ms, Ordering::SeqCst);
        }
    }

    /// A fresh UUIDv7 of this moment: sorts by time, 74 random bits.
    pub fn new_id(&self) -> Uuid {
        let random = secret::bytes::<10>();
        let ms = u64::try_from(self.now_ms()).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(ms, &random).into_uuid()
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the system clock")]
fn system_now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manual_clock_moves_only_when_told_and_its_clones_move_with_it() {
        let clock = Clock::manual(1_000);
        let clone = clock.clone();
        clock.advance(500);
        assert_eq!(clone.now_ms(), 1_500);
    }

    #[test]
    fn ids_made_later_sort_later() {
        let clock = Clock::manual(1_700_000_000_000);
        let first = clock.new_id();
        clock.advance(1);
        assert!(first < clock.new_id());
        assert_eq!(first.get_version_num(), 7);
    }
}
