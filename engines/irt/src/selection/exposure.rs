//! How often an item may be shown to all people together. Counters are the caller's; nothing is remembered here.

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

/// How exposure weighs against information: the priced rule, information − λ · showings/started, under a hard ceiling.
///
/// The price is the gradient of a quadratic penalty on exposure rates, so it falls on what is already common and leaves
/// the choice among equals to the least shown. It needs no state beyond the counters, unlike the probabilistic
/// eligibility of van der Linden & Veldkamp (2004), *Journal of Educational and Behavioral Statistics* 29, 273–291, whose
/// largest rates exceed their target by chance. The rule is this project's own; its figures are its evidence:
///
/// on 90 items with a ceiling of .50 a price of 0.5 brings the overlap of two tests from .37 to .27 for one item more a
/// person, a price of 1 to .22 for two and a half (table in the crate's README). An exploration of .02 leaves no item
/// unseen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ExposureControl {
    pub ceiling: ExposureCeiling,
    /// Price λ of an item in nats of information per unit of exposure rate, ≥ 0; 0 lets information alone decide below
    /// the ceiling.
    pub price: f64,
    /// Share ε of positions that go to the least exposed item, 0 … 1, so that no item stays unseen.
    pub exploration: f64,
}

/// The exposure control with the counters as they stand.
#[derive(Debug, Clone, Copy)]
pub struct Exposure<'a> {
    pub control: ExposureControl,
    /// Tests started, the one now running included.
    pub started: u64,
    /// Showings of each item, by position in the pool; an item beyond the end has none.
    pub shown: &'a [u64],
}

impl Exposure<'_> {
    pub(super) fn count(&self, position: usize) -> u64 {
        self.shown.get(position).copied().unwrap_or(0)
    }

    pub(super) fn permits(&self, position: usize) -> bool {
        self.control.ceiling.permits(self.count(position), self.started)
    }

    /// λ · (showings / started).
    pub(super) fn price(&self, position: usize) -> f64 {
        self.control.price * self.count(position) as f64 / self.started.max(1) as f64
    }
}
