//! Slopes and difficulties of dichotomous anchors, and the step that all methods of moments share.
//!
//! Each method finds A its own way; B then makes the mean difficulties agree: B = mean(b_old) − A mean(b_new), Kolen &
//! Brennan (2014), eq. 6.8. Difficulty b = −d/a of slope a and intercept d; asymptotes play no part.

use super::anchors::{Anchors, FormSide, LinkingError};
use super::link::Link;
use super::transformation::Transformation;
use crate::model::{Form, ResponseFunction};

/// One value an anchor of each calibration.
pub(super) struct Pair {
    pub(super) new: Vec<f64>,
    pub(super) old: Vec<f64>,
}

impl Pair {
    pub(super) fn means(&self) -> [f64; 2] {
        [mean(&self.new), mean(&self.old)]
    }
}

pub(super) struct Moments {
    pub(super) slope: Pair,
    pub(super) difficulty: Pair,
}

/// A with its derivatives by slopes or by difficulties, whichever it depends on.
pub(super) enum Unit {
    OfSlopes(f64, Pair),
    OfDifficulties(f64, Pair),
}

pub(super) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

impl Moments {
    pub(super) fn new(anchors: &Anchors) -> Result<Self, LinkingError> {
        let mut moments = Self {
            slope: Pair { new: Vec::new(), old: Vec::new() },
            difficulty: Pair { new: Vec::new(), old: Vec::new() },
        };
        for (anchor, pair) in anchors.items().iter().enumerate() {
            let [new, old] = [(&pair.new, FormSide::New), (&pair.old, FormSide::Old)].map(|(function, side)| {
                let (slope, intercept) = line(function).ok_or(LinkingError::NotDichotomous { anchor })?;
                if slope == 0.0 { Err(LinkingError::Slope { anchor, side, slope }) } else { Ok((slope, intercept)) }
            });
            let (new, old) = (new?, old?);
            moments.slope.new.push(new.0);
            moments.slope.old.push(old.0);
            moments.difficulty.new.push(-new.1 / new.0);
            moments.difficulty.old.push(-old.1 / old.0);
        }
        Ok(moments)
    }

    /// B from A, and the derivatives of both by slopes, intercepts and asymptotes.
    pub(super) fn link(&self, unit: Unit) -> Result<Link, LinkingError> {
        let [mean_new, mean_old] = self.difficulty.means();
        let count = self.slope.new.len();
        let (slope, by_slopes, by_difficulties) = match unit {
            Unit::OfSlopes(slope, by) => (slope, Some(by), None),
            Unit::OfDifficulties(slope, by) => (slope, None, Some(by)),
        };
        let transformation = Transformation::new(slope, mean_old - slope * mean_new)?;
        let derivatives = |side: FormSide| {
            let of = |pair: &Pair, item: usize| match side {
                FormSide::New => pair.new[item],
                FormSide::Old => pair.old[item],
            };
            // ∂B by the mean difficulty of this side, at a fixed A.
            let direct = if side == FormSide::New { -slope } else { 1.0 } / count as f64;
            let mut by = [Vec::new(), Vec::new()];
            for item in 0..count {
                let (a, b) = (of(&self.slope, item), of(&self.difficulty, item));
                let unit_by_slope = by_slopes.as_ref().map_or(0.0, |pair| of(pair, item));
                let unit_by_difficulty = by_difficulties.as_ref().map_or(0.0, |pair| of(pair, item));
                // ∂b/∂a = −b/a and ∂b/∂d = −1/a.
                let unit = [unit_by_slope - unit_by_difficulty * b / a, -unit_by_difficulty / a];
                let origin = [-unit[0] * mean_new - direct * b / a, -unit[1] * mean_new - direct / a];
                for (row, [slope, intercept]) in by.iter_mut().zip([unit, origin]) {
                    row.extend([slope, intercept, 0.0, 0.0]);
                }
            }
            by
        };
        Ok(Link { transformation, by_new: derivatives(FormSide::New), by_old: derivatives(FormSide::Old) })
    }
}

/// Slope and intercept of a dichotomous logistic item.
fn line(function: &ResponseFunction) -> Option<(f64, f64)> {
    match function.form() {
        Form::Logistic { intercept, .. } => Some((*function.slopes().first()?, *intercept)),
        Form::Graded { .. } | Form::DivideByTotal { .. } => None,
    }
}
