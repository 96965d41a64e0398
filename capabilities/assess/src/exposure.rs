//! How often each item of the bank in force has been shown, shared by all sessions of this process and, through the
//! committed counts, by all processes. An item is counted when it is put before a person, not when it is answered.

use std::sync::atomic::{AtomicI64, Ordering};

/// Counts by position in the pool. What is committed comes from the database; what is under way is added until its commit
/// returns, so that a burst of simultaneous starts cannot run past the ceiling.
#[derive(Debug)]
pub struct Counters {
    started: Count,
    shown: Vec<Count>,
}

#[derive(Debug, Default)]
struct Count {
    committed: AtomicI64,
    under_way: AtomicI64,
}

impl Count {
    fn new(committed: i64) -> Count {
        Count { committed: AtomicI64::new(committed), under_way: AtomicI64::new(0) }
    }

    fn total(&self) -> u64 {
        let total = self.committed.load(Ordering::Relaxed) + self.under_way.load(Ordering::Relaxed);
        total.max(0) as u64
    }
}

impl Counters {
    pub fn new(started: i64, shown: Vec<i64>) -> Counters {
        Counters { started: Count::new(started), shown: shown.into_iter().map(Count::new).collect() }
    }

    pub fn started(&self) -> u64 {
        self.started.total()
    }

    pub fn shown(&self) -> Vec<u64> {
        self.shown.iter().map(Count::total).collect()
    }

    pub fn reserve_start(&self) {
        self.started.under_way.fetch_add(1, Ordering::Relaxed);
    }

    pub fn reserve(&self, position: usize) {
        self.shown[position].under_way.fetch_add(1, Ordering::Relaxed);
    }

    /// Ends a reservation, whether its commit succeeded (the count is then in `committed`) or not.
    pub fn release_start(&self) {
        self.started.under_way.fetch_sub(1, Ordering::Relaxed);
    }

    pub fn release(&self, position: usize) {
        self.shown[position].under_way.fetch_sub(1, Ordering::Relaxed);
    }

    /// Takes over the count the database returned; counts only grow, so an older answer arriving late changes nothing.
    pub fn committed_start(&self, started: i64) {
        self.started.committed.fetch_max(started, Ordering::Relaxed);
    }

    pub fn committed(&self, position: usize, shown: i64) {
        self.shown[position].committed.fetch_max(shown, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reservation_counts_until_its_commit_takes_its_place() {
        let counters = Counters::new(3, vec![1, 0]);
        counters.reserve(1);
        assert_eq!(counters.shown(), [1, 1]);
        counters.committed(1, 1);
        counters.release(1);
        assert_eq!(counters.shown(), [1, 1]);
        counters.committed(1, 0);
        assert_eq!(counters.shown(), [1, 1]);
    }
}
