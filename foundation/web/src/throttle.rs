//! Limits how often something may be tried per key (an account, an address prefix), by the program's clock.
//!
//! Generic cell rate algorithm (ITU-T I.371, 2004, annex A): one number a key, the time at which its allowance is full again.
//! Kept in memory of this process; keys whose allowance is full again are forgotten.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::Clock;

/// Keys are dropped when more than this many are remembered.
const MANY_KEYS: usize = 10_000;

pub struct Throttle {
    clock: Clock,
    /// One attempt is regained in this time.
    interval_ms: i64,
    /// Attempts in a row before waiting begins.
    burst: i64,
    full_at_ms: Mutex<HashMap<String, i64>>,
}

impl Throttle {
    /// `burst` attempts at once, then one every `interval_ms`.
    pub fn new(clock: Clock, burst: u32, interval_ms: i64) -> Self {
        Self { clock, interval_ms, burst: i64::from(burst.max(1)), full_at_ms: Mutex::default() }
    }

    /// Counts one attempt.
    ///
    /// # Errors
    /// The seconds to wait, when the allowance is used up; the attempt is then not counted.
    pub fn attempt(&self, key: &str) -> Result<(), u64> {
        let now_ms = self.clock.now_ms();
        let mut full_at_ms = self.full_at_ms.lock().unwrap_or_else(PoisonError::into_inner);
        if full_at_ms.len() > MANY_KEYS {
            full_at_ms.retain(|_, at_ms| *at_ms > now_ms);
        }
        let before_ms = full_at_ms.get(key).copied().unwrap_or(now_ms).max(now_ms);
        let after_ms = before_ms + self.interval_ms;
        let excess_ms = after_ms - now_ms - self.burst * self.interval_ms;
        if excess_ms > 0 {
            return Err(u64::try_from(excess_ms).unwrap_or_default().div_ceil(1_000));
        }
        full_at_ms.insert(key.to_owned(), after_ms);
        Ok(())
    }

    /// Forgets the key's attempts, for instance after a right password.
    pub fn forget(&self, key: &str) {
        self.full_at_ms.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_the_burst_one_attempt_comes_back_per_interval() {
        let clock = Clock::manual(0);
        let throttle = Throttle::new(clock.clone(), 3, 60_000);
        for _ in 0..3 {
            assert_eq!(throttle.attempt("a"), Ok(()));
        }
        assert_eq!(throttle.attempt("a"), Err(60));
        clock.advance(59_000);
        assert_eq!(throttle.attempt("a"), Err(1));
        clock.advance(1_000);
        assert_eq!(throttle.attempt("a"), Ok(()));
        assert_eq!(throttle.attempt("a"), Err(60));
    }

    #[test]
    fn keys_do_not_share_their_allowance_and_can_be_forgotten() {
        let throttle = Throttle::new(Clock::manual(0), 1, 1_000);
        assert_eq!(throttle.attempt("a"), Ok(()));
        assert_eq!(throttle.attempt("b"), Ok(()));
        assert!(throttle.attempt("a").is_err());
        throttle.forget("a");
        assert_eq!(throttle.attempt("a"), Ok(()));
    }
}
