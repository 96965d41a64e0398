//! The lognormal model of a time: ln T ~ N(β − τ, 1/α²).
//!
//! van der Linden (2006), *Journal of Educational and Behavioral Statistics* 31, 181–204. Time intensity β in
//! log seconds, discrimination α per log second, speed τ in log seconds with mean 0 in the population, which is what
//! fixes the origin of β.

use core::f64::consts::PI;

/// Largest |β|: the logarithm of the longest time a double holds is 710.
const LARGEST_INTENSITY: f64 = 1e3;

/// Ranges of α and σ, far beyond any test and narrow enough that no square leaves the range of numbers.
const DISCRIMINATIONS: core::ops::RangeInclusive<f64> = 1e-3..=1e6;
const SPEED_DEVIATIONS: core::ops::RangeInclusive<f64> = 1e-6..=1e3;

/// Parameters that describe no lognormal model. Items count from 0.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum LognormalParameterError {
    #[error("time intensity {0} is outside −1,000 … 1,000 log seconds")]
    Intensity(f64),
    #[error("discrimination {0} of times is outside 1e-3 … 1e6 per log second")]
    Discrimination(f64),
    #[error("standard deviation {0} of speed is outside 1e-6 … 1e3 log seconds")]
    SpeedDeviation(f64),
}

/// How long an item takes.
///
/// ```
/// use melek_irt::response_time::LognormalItem;
/// let item = LognormalItem::new(3.4, 2.0)?; // e^3.4 = 30 seconds in the middle
/// assert!((item.expected_seconds(0.0) - (3.4_f64 + 0.125).exp()).abs() < 1e-12);
/// assert!(item.log_density(30.0, 0.0) > item.log_density(300.0, 0.0));
/// # Ok::<(), melek_irt::response_time::LognormalParameterError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LognormalItem {
    intensity: f64,
    discrimination: f64,
}

impl LognormalItem {
    /// An item, or the parameter that is out of range.
    ///
    /// # Arguments
    /// - `intensity` β, log seconds, |β| ≤ 1,000: typically 2 … 5 (7 seconds to 2½ minutes).
    /// - `discrimination` α, per log second, 0.001 … 1,000,000: typically 1 … 3.
    ///
    /// # Source
    /// van der Linden (2006), *Journal of Educational and Behavioral Statistics* 31, 181–204.
    pub fn new(intensity: f64, discrimination: f64) -> Result<Self, LognormalParameterError> {
        if intensity.is_nan() || intensity.abs() > LARGEST_INTENSITY {
            return Err(LognormalParameterError::Intensity(intensity));
        }
        if !DISCRIMINATIONS.contains(&discrimination) {
            return Err(LognormalParameterError::Discrimination(discrimination));
        }
        Ok(Self { intensity, discrimination })
    }

    /// Time intensity β, log seconds.
    pub fn intensity(&self) -> f64 {
        self.intensity
    }

    /// Discrimination α, per log second: 1/α is the standard deviation of a person's log time.
    pub fn discrimination(&self) -> f64 {
        self.discrimination
    }

    /// α², the precision of a log time.
    pub(crate) fn precision(&self) -> f64 {
        self.discrimination * self.discrimination
    }

    /// Natural logarithm of the density of a time, per second.
    ///
    /// # Formula
    /// ln f(t) = ln α − ln t − ½ ln 2π − ½ (α (ln t − β + τ))²
    ///
    /// # Arguments
    /// `seconds` t, above 0. `speed` τ, log seconds, typically −1 … 1.
    ///
    /// # Source
    /// van der Linden (2006), *Journal of Educational and Behavioral Statistics* 31, 181–204.
    ///
    /// # Accuracy
    /// Agrees with scipy `lognorm.logpdf` to 1e-12 on `tests/reference/response_time_density.csv`.
    ///
    /// # Limits
    /// −∞ at 0 seconds, NaN below.
    pub fn log_density(&self, seconds: f64, speed: f64) -> f64 {
        let logarithm = libm::log(seconds);
        if logarithm == f64::NEG_INFINITY {
            return logarithm;
        }
        let standardised = self.discrimination * (logarithm - self.intensity + speed);
        libm::log(self.discrimination) - logarithm - 0.5 * libm::log(2.0 * PI) - 0.5 * standardised * standardised
    }

    /// Expected time in seconds of a person of given speed.
    ///
    /// # Formula
    /// E T = exp(β − τ + 1/(2 α²))
    ///
    /// # Arguments
    /// `speed` τ, log seconds, typically −1 … 1.
    ///
    /// # Source
    /// Mean of a lognormal variable; van der Linden (2011), *Journal of Educational Measurement* 48, 44–60.
    ///
    /// # Accuracy
    /// Agrees with scipy `lognorm.mean` to a relative 1e-13 on `tests/reference/response_time_density.csv`.
    ///
    /// # Limits
    /// Infinite when α is so small that the mean leaves the range of numbers.
    pub fn expected_seconds(&self, speed: f64) -> f64 {
        libm::exp(self.intensity - speed + 0.5 / self.precision())
    }
}

/// The items of a test with the spread of speed in the population, τ ~ N(0, σ²).
#[derive(Debug, Clone, PartialEq)]
pub struct LognormalModel {
    items: Vec<LognormalItem>,
    speed_deviation: f64,
}

impl LognormalModel {
    /// A model, or why σ is out of range.
    ///
    /// # Arguments
    /// `items`: by position. `speed_deviation` σ, log seconds, 1e-6 … 1,000: typically 0.2 … 0.5.
    ///
    /// # Source
    /// van der Linden (2006), *Journal of Educational and Behavioral Statistics* 31, 181–204, with the mean of speed 0.
    pub fn new(items: Vec<LognormalItem>, speed_deviation: f64) -> Result<Self, LognormalParameterError> {
        if SPEED_DEVIATIONS.contains(&speed_deviation) {
            Ok(Self { items, speed_deviation })
        } else {
            Err(LognormalParameterError::SpeedDeviation(speed_deviation))
        }
    }

    /// The items, by position.
    pub fn items(&self) -> &[LognormalItem] {
        &self.items
    }

    /// Standard deviation σ of speed in the population, log seconds.
    pub fn speed_deviation(&self) -> f64 {
        self.speed_deviation
    }
}
