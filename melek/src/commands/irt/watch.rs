//! What a person sees while a calibration runs: iteration, log-likelihood, and how long it may still take.

use std::time::{Duration, Instant};

use indicatif::ProgressBar;
use melek_irt::calibration::Progress;

use crate::progress;

/// Passes back from which the pace is judged.
const BACK: usize = 12;

pub struct Watch {
    bar: ProgressBar,
    tolerance: f64,
    /// When each pass over all people ended, and its largest change.
    passes: Vec<(Instant, f64)>,
}

impl Watch {
    pub fn new(tolerance: f64) -> Self {
        Self { bar: progress::spinner("calibrating"), tolerance, passes: Vec::new() }
    }

    pub fn see(&mut self, at: &Progress) {
        if at.sample {
            self.bar.set_message(format!("iteration {}, on a sample first", at.iteration));
            return;
        }
        self.passes.push((Instant::now(), at.change));
        let left = self.left().map(|left| format!(", about {} s left", left.as_secs() + 1)).unwrap_or_default();
        let Progress { iteration, log_posterior, .. } = at;
        self.bar.set_message(format!("iteration {iteration}, log-likelihood {log_posterior:.3}{left}"));
    }

    pub fn end(&self) {
        self.bar.finish_and_clear();
    }

    /// Changes shrink by about the same share a pass: passes to come times the time of one.
    fn left(&self) -> Option<Duration> {
        let (last, change) = *self.passes.last()?;
        let first = self.passes.len().checked_sub(BACK.min(self.passes.len()))?;
        let passes = (self.passes.len() - 1 - first) as f64;
        let (start, before) = self.passes[first];
        let share = (before / change).ln() / passes;
        let to_come = ((change / self.tolerance).ln() / share).max(0.0);
        let seconds = (last - start).as_secs_f64() / passes * to_come;
        (share > 0.0 && seconds.is_finite()).then(|| Duration::from_secs_f64(seconds.min(86_400.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_left_follows_from_the_pace() {
        let start = Instant::now();
        let pass = |number: u32, change: f64| (start + Duration::from_secs(u64::from(number)), change);
        let mut watch = Watch::new(1e-4);
        assert_eq!(watch.left(), None);
        watch.passes = vec![pass(0, 1.0), pass(1, 0.1), pass(2, 0.01)];
        let left = watch.left().expect("a pace").as_secs_f64();
        assert!((left - 2.0).abs() < 1e-9, "{left}");
        watch.passes = vec![pass(0, 0.1), pass(1, 0.2)];
        assert_eq!(watch.left(), None);
    }
}
