//! How often an item may be shown to all people together. Counters are the caller's; nothing is remembered here.

use crate::numeric::random;

/// A ceiling that no test could keep.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum CeilingError {
    #[error("exposure rate {0} is outside 0 < rate ≤ 1")]
    Rate(f64),
    #[error("slack {0} is not a finite number of showings ≥ 0")]
    Slack(f64),
}

/// A hard limit on the share of tests in which an item is shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ExposureCeiling {
    rate: f64,
    slack: f64,
}

impl ExposureCeiling {
    /// No ceiling: everybody may see everything.
    pub const NONE: Self = Self { rate: 1.0, slack: f64::INFINITY };

    /// A ceiling.
    ///
    /// # Arguments
    /// - `rate`: share of started tests, 0 < rate ≤ 1; typically .25 for a large bank, .5 for a small one.
    /// - `slack`: showings above the rate that are let pass, ≥ 0: what the first few people need.
    pub fn new(rate: f64, slack: f64) -> Result<Self, CeilingError> {
        if !(rate > 0.0 && rate <= 1.0) {
            return Err(CeilingError::Rate(rate));
        }
        if !(slack.is_finite() && slack >= 0.0) {
            return Err(CeilingError::Slack(slack));
        }
        Ok(Self { rate, slack })
    }

    /// The share of tests, 0 … 1: as it was given (closed form).
    pub fn rate(&self) -> f64 {
        self.rate
    }

    /// Whether one more showing keeps the ceiling, in closed form: shown + 1 ≤ rate · started + slack. `started` includes
    /// the test now running; the count is of showings, answered or not.
    ///
    /// ```
    /// use melek_irt::selection::ExposureCeiling;
    /// let ceiling = ExposureCeiling::new(0.5, 0.0)?;
    /// assert!(ceiling.permits(49, 100) && !ceiling.permits(50, 100));
    /// # Ok::<(), melek_irt::selection::CeilingError>(())
    /// ```
    pub fn permits(&self, shown: u64, started: u64) -> bool {
        shown as f64 + 1.0 <= self.rate * started as f64 + self.slack
    }
}

/// How exposure weighs against information: the priced rule, information − λ · exposure rate, under a hard ceiling.
///
/// The price is the gradient of a quadratic penalty on exposure rates, so it falls on what is already common and leaves
/// the choice among equals to the least shown. It needs no state beyond the counters. The rule is this project's own; its
/// figures are its evidence (`docs/adaptive-testing.md`).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ExposureControl {
    pub ceiling: ExposureCeiling,
    /// Price λ of an item in units of the criterion per unit of exposure rate, ≥ 0; 0 lets information alone decide below
    /// the ceiling.
    pub price: f64,
    /// Largest price that chance puts on an item for one person, ≥ 0: people who sit the test at the same moment, whose
    /// prices are the same, see different items of nearly equal worth. Drawn once for person and item, from the seed alone.
    pub spread: f64,
    /// Share ε of positions that go to the least exposed item, 0 … 1, so that no item stays unseen.
    pub exploration: f64,
}

impl ExposureControl {
    /// Information alone decides.
    pub const NONE: Self = Self { ceiling: ExposureCeiling::NONE, price: 0.0, spread: 0.0, exploration: 0.0 };
}

/// How often items were shown: to whom is said where it is used.
#[derive(Debug, Clone, Copy, Default)]
pub struct Showings<'a> {
    /// Tests started, the one now running included.
    pub started: u64,
    /// Showings of each item, by position in the pool; an item beyond the end has none.
    pub shown: &'a [u64],
}

impl Showings<'_> {
    fn of(&self, position: usize) -> u64 {
        self.shown.get(position).copied().unwrap_or(0)
    }
}

/// The exposure control with the counters as they stand.
#[derive(Debug, Clone, Copy)]
pub struct Exposure<'a> {
    pub control: ExposureControl,
    /// To all people at this moment, what is under way included: what the ceiling looks at.
    pub counts: Showings<'a>,
    /// What prices rest on: showings to all people when this person started, and to simulated people before the first real
    /// one. Kept for the whole test, so that a path can be played again.
    pub priced: Showings<'a>,
    /// Positions that the ceiling refused when this choice was first made: for playing a path again, with a ceiling of
    /// [`ExposureCeiling::NONE`]; else empty.
    pub refused: &'a [usize],
    /// Seed of the person's own prices.
    pub seed: u64,
    /// Factor of all prices for this person at this position, see [`price_factor`]; 1 to leave them as they are.
    pub price_factor: f64,
}

/// How much dearer items are at a position of a person's test.
///
/// # Formula
/// (1 + exp(−k/4)) · (typical/SE)^1.5, the second factor within ⅓ … 2
///
/// At the start of a test the estimate is rough and a sharp item is half wasted, so it costs up to twice as much and is kept
/// for those who are measured where it tells most. Somebody whose standard error is large for the number of items given (ability far from
/// most items) gains more precision from the same information, dSE/dI = −SE³/2, so pays less. The exponent 1.5 in place of
/// 3 and the 4 items are from simulation (`docs/adaptive-testing.md`).
///
/// # Arguments
/// - `given` k: items so far. `standard_error`: of the person now. `typical`: mean over people with as many items; both
///   logits, > 0.
///
/// # Source
/// This project's own.
pub fn price_factor(given: usize, standard_error: f64, typical: f64) -> f64 {
    let start = 1.0 + libm::exp(-(given as f64) / 4.0);
    let ratio = typical / standard_error;
    let person = ratio * ratio.sqrt();
    if person.is_finite() { start * person.clamp(1.0 / 3.0, 2.0) } else { start }
}

impl Exposure<'_> {
    /// Showings that the least exposed item is found by.
    pub(super) fn count(&self, position: usize) -> u64 {
        self.priced.of(position)
    }

    /// Whether nothing is refused whatever was shown.
    pub(super) fn permits_all(&self) -> bool {
        self.control.ceiling == ExposureCeiling::NONE && self.refused.is_empty()
    }

    pub(super) fn permits(&self, position: usize) -> bool {
        self.control.ceiling.permits(self.counts.of(position), self.counts.started) && !self.refused.contains(&position)
    }

    /// λ · (showings ÷ tests) · factor + the person's own price.
    pub(super) fn price(&self, position: usize) -> f64 {
        if self.control.price == 0.0 && self.control.spread == 0.0 {
            return 0.0;
        }
        let rate = self.priced.of(position) as f64 / self.priced.started.max(1) as f64;
        self.price_factor * self.control.price * rate + self.control.spread * self.own(position)
    }

    /// 0 ≤ u < 1 for this person and item: SplitMix64 (Steele, Lea & Flood 2014, *OOPSLA*, 453–472) of seed and position.
    fn own(&self, position: usize) -> f64 {
        let mut word = self.seed.wrapping_add((position as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        random::unit(word ^ (word >> 31))
    }
}
