//! Thresholds as a share of the item's mean time: NT10, NT15 and their like.
//!
//! T_j = min(share · mean_i t_ij, 10 s). Source: Wise & Ma (2012), *Setting response time thresholds for a CAT item
//! pool: The normative threshold method*, annual meeting of the National Council on Measurement in Education, Vancouver
//! (NT10, NT15, NT20); Wise (2017), *Educational Measurement: Issues and Practice*
//! 36(4), 52–61.

use super::thresholds::{ThresholdError, Thresholds};
use super::times::Times;

/// Seconds; no threshold lies higher, because ten seconds are enough to read and answer. Wise & Ma (2012).
pub const LONGEST_THRESHOLD: f64 = 10.0;

/// Normative thresholds of every item, seconds.
///
/// # Formula
/// T_j = min(share · mean_i t_ij, 10 s)
///
/// # Arguments
/// `times`: of many people, those of rapid guesses included. `share`: 0 < share < 1; 0.10 for NT10, 0.15 for NT15.
///
/// # Source
/// Wise & Ma (2012), annual meeting of the National Council on Measurement in Education, Vancouver.
///
/// # Accuracy
/// Agrees with numpy to a relative 1e-14 on `tests/reference/response_time_thresholds.csv`.
///
/// # Limits
/// A few very long times lift the mean and with it the threshold. An item without times is an error.
///
/// ```
/// use melek_irt::response_time::{Times, normative_thresholds};
/// let times = Times::from_rows(2, [[Some(30.0), Some(300.0)], [Some(50.0), Some(100.0)]])?;
/// assert_eq!(normative_thresholds(&times, 0.10)?.seconds(), [4.0, 10.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn normative_thresholds(times: &Times, share: f64) -> Result<Thresholds, ThresholdError> {
    if !(share > 0.0 && share < 1.0) {
        return Err(ThresholdError::Share(share));
    }
    let (mut sums, mut counts) = (vec![0.0; times.items()], vec![0.0; times.items()]);
    for time in times.all() {
        sums[usize::from(time.item())] += time.seconds();
        counts[usize::from(time.item())] += 1.0;
    }
    if let Some(item) = counts.iter().position(|count| *count == 0.0) {
        return Err(ThresholdError::NoTimes { item });
    }
    let threshold = |(sum, count): (&f64, &f64)| (share * (sum / count)).min(LONGEST_THRESHOLD);
    Thresholds::new(sums.iter().zip(&counts).map(threshold).collect())
}
