//! The share of answers that were thought about: by person and by item.
//!
//! RTE_i = mean over the person's items of SB_ij, RTF_j = mean over the item's people, SB = 1 when t ≥ T. Source: Wise &
//! Kong (2005), *Applied Measurement in Education* 18, 163–183; Wise (2006), *Applied Measurement in Education* 19, 95–114.

use super::thresholds::{ThresholdError, Thresholds};
use super::times::{Time, Times};

/// Response-time effort of one person, 0 … 1.
///
/// # Formula
/// RTE = (number of times at or above the threshold) / (number of times)
///
/// # Arguments
/// `times`: of one person, at least one. `thresholds`: of every item.
///
/// # Source
/// Wise & Kong (2005), *Applied Measurement in Education* 18, 163–183. They call effort below 0.90 too low.
///
/// # Accuracy
/// Exact.
///
/// # Limits
/// No times are an error.
///
/// ```
/// use melek_irt::response_time::{Thresholds, Time, response_time_effort};
/// let thresholds = Thresholds::new(vec![3.0; 4])?;
/// let times = (0..4).zip([1.0, 20.0, 8.0, 30.0]).map(|(item, t)| Time::new(item, t)).collect::<Result<Vec<_>, _>>()?;
/// assert_eq!(response_time_effort(&times, &thresholds)?, 0.75);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn response_time_effort(times: &[Time], thresholds: &Thresholds) -> Result<f64, ThresholdError> {
    if times.is_empty() {
        return Err(ThresholdError::Empty);
    }
    let mut effortful = 0;
    for time in times {
        effortful += usize::from(!thresholds.is_rapid(time)?);
    }
    Ok(effortful as f64 / times.len() as f64)
}

/// Response-time fidelity of every item, 0 … 1: the share of people who thought about it.
///
/// # Formula
/// RTF_j = (number of times at or above T_j) / (number of times on item j)
///
/// # Arguments
/// `times`: of many people. `thresholds`: of every item.
///
/// # Source
/// Wise (2006), *Applied Measurement in Education* 19, 95–114.
///
/// # Accuracy
/// Exact.
///
/// # Limits
/// An item without times is an error.
///
/// ```
/// use melek_irt::response_time::{Thresholds, Times, response_time_fidelity};
/// let times = Times::from_rows(2, [[Some(1.0), Some(9.0)], [Some(8.0), Some(7.0)]])?;
/// assert_eq!(response_time_fidelity(&times, &Thresholds::new(vec![3.0; 2])?)?, [0.5, 1.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn response_time_fidelity(times: &Times, thresholds: &Thresholds) -> Result<Vec<f64>, ThresholdError> {
    let (mut effortful, mut counts) = (vec![0.0; times.items()], vec![0.0; times.items()]);
    for time in times.all() {
        counts[usize::from(time.item())] += 1.0;
        effortful[usize::from(time.item())] += f64::from(u8::from(!thresholds.is_rapid(time)?));
    }
    if let Some(item) = counts.iter().position(|count| *count == 0.0) {
        return Err(ThresholdError::NoTimes { item });
    }
    Ok(effortful.iter().zip(&counts).map(|(effortful, count)| effortful / count).collect())
}
