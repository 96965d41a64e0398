//! The time of each item below which an answer cannot have been thought about.

use super::mixture::MixtureError;
use super::times::Time;
use crate::responses::Response;

/// Thresholds that cannot be set. Items count from 0.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum ThresholdError {
    #[error("a threshold of {seconds} seconds for item {item}; it is a finite number from 0 up")]
    Seconds { item: usize, seconds: f64 },
    #[error("a share of {0} of the mean time; it lies above 0 and below 1")]
    Share(f64),
    #[error("nobody has a time on item {item}; leave it out")]
    NoTimes { item: usize },
    #[error("item {item} has no threshold; there are {items}")]
    UnknownItem { item: u16, items: usize },
    #[error("the times of item {item}")]
    Mixture { item: usize, source: MixtureError },
    #[error("no times, so no share of them")]
    Empty,
}

/// A threshold in seconds for every item; 0 where no answer counts as rapid.
#[derive(Debug, Clone, PartialEq)]
pub struct Thresholds {
    seconds: Vec<f64>,
}

impl Thresholds {
    /// Thresholds set by hand, for example by looking at the times of each item.
    ///
    /// # Arguments
    /// `seconds`: by position of the item, finite and at least 0; typically 2 … 10.
    ///
    /// # Source
    /// Wise & Kong (2005), *Applied Measurement in Education* 18, 163–183 (visual inspection).
    pub fn new(seconds: Vec<f64>) -> Result<Self, ThresholdError> {
        match seconds.iter().enumerate().find(|(_, value)| !(**value >= 0.0 && value.is_finite())) {
            Some((item, value)) => Err(ThresholdError::Seconds { item, seconds: *value }),
            None => Ok(Self { seconds }),
        }
    }

    /// Seconds, by position of the item.
    pub fn seconds(&self) -> &[f64] {
        &self.seconds
    }

    /// Whether an answer came below the item's threshold: a rapid guess rather than solution behaviour.
    ///
    /// # Formula
    /// t < threshold
    ///
    /// # Arguments
    /// `time`: of an item that has a threshold; another is an error.
    ///
    /// # Source
    /// Wise & Kong (2005), *Applied Measurement in Education* 18, 163–183: SB = 1 when RT ≥ T.
    ///
    /// ```
    /// use melek_irt::response_time::{Thresholds, Time};
    /// let thresholds = Thresholds::new(vec![3.0])?;
    /// assert!(thresholds.is_rapid(&Time::new(0, 2.9)?)?);
    /// assert!(!thresholds.is_rapid(&Time::new(0, 3.0)?)?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn is_rapid(&self, time: &Time) -> Result<bool, ThresholdError> {
        let threshold = self.seconds.get(usize::from(time.item()));
        let unknown = ThresholdError::UnknownItem { item: time.item(), items: self.seconds.len() };
        Ok(time.seconds() < *threshold.ok_or(unknown)?)
    }

    /// For every answer, whether it was a rapid guess; an answer without a time is none.
    ///
    /// # Formula
    /// t < threshold
    ///
    /// # Arguments
    /// `answers` and `times` of one person, matched by item.
    ///
    /// # Source
    /// Wise & Kong (2005), *Applied Measurement in Education* 18, 163–183.
    ///
    /// # Limits
    /// An answer without a time counts as effortful, so that a lost time never costs a person an answer.
    ///
    /// ```
    /// use melek_irt::response_time::{Thresholds, Time};
    /// use melek_irt::responses::Response;
    /// let thresholds = Thresholds::new(vec![3.0, 3.0])?;
    /// let answers = [Response { item: 0, category: 1 }, Response { item: 1, category: 0 }];
    /// assert_eq!(thresholds.rapid_guesses(&answers, &[Time::new(1, 1.0)?])?, [false, true]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn rapid_guesses(&self, answers: &[Response], times: &[Time]) -> Result<Vec<bool>, ThresholdError> {
        let rapid = |answer: &Response| match times.iter().find(|time| time.item() == answer.item) {
            Some(time) => self.is_rapid(time),
            None => Ok(false),
        };
        answers.iter().map(rapid).collect()
    }
}
