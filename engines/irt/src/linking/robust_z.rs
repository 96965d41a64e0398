//! Drift of anchors as their distance from the bulk of the anchors, in robust standard deviations.

use super::anchors::{Anchor, Anchors, FormSide, LinkingError};
use super::moments::mean;
use super::transformation::Transformation;
use crate::model::{Form, ResponseFunction};

/// An anchor is stable below this |z|: the 5 % on either side of a normal distribution. Huynh & Meyer (2010), *Practical
/// Assessment, Research & Evaluation* 15(2).
pub const LARGEST_STABLE_Z: f64 = 1.645;

/// Interquartile range of a normal distribution in standard deviations is 1.349; its inverse as Huynh & Meyer (2010) round
/// it.
const DEVIATION_PER_RANGE: f64 = 0.74;

/// Distances from the median below this are rounding of the parameters, not drift.
const ROUNDING: f64 = 1e-9;

/// Anchors are good enough to link from this correlation, and within these ratios of standard deviations. Huynh & Meyer
/// (2010).
const LEAST_CORRELATION: f64 = 0.95;
const RATIOS: core::ops::RangeInclusive<f64> = 0.90..=1.10;

/// How well two calibrations of the same items agree.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Agreement {
    pub correlation: f64,
    /// Standard deviation in the new calibration, on the old scale, divided by that in the old one.
    pub deviation_ratio: f64,
}

impl Agreement {
    /// Whether the anchors as a whole are good enough that none needs to go.
    ///
    /// # Formula
    /// correlation ≥ .95 and .90 ≤ ratio of standard deviations ≤ 1.10
    ///
    /// # Source
    /// Huynh & Meyer (2010), *Practical Assessment, Research & Evaluation* 15(2).
    pub fn is_sufficient(&self) -> bool {
        self.correlation >= LEAST_CORRELATION && RATIOS.contains(&self.deviation_ratio)
    }

    fn of(new: &[f64], old: &[f64]) -> Option<Self> {
        let (mean_new, mean_old) = (mean(new), mean(old));
        let (mut squares_new, mut squares_old, mut products) = (0.0, 0.0, 0.0);
        for (new, old) in new.iter().zip(old) {
            squares_new += (new - mean_new) * (new - mean_new);
            squares_old += (old - mean_old) * (old - mean_old);
            products += (new - mean_new) * (old - mean_old);
        }
        let least = ROUNDING * ROUNDING;
        (squares_new > least && squares_old > least).then(|| Self {
            correlation: products / (squares_new * squares_old).sqrt(),
            deviation_ratio: (squares_new / squares_old).sqrt(),
        })
    }
}

/// Robust z of every anchor, and what the stable ones say.
#[derive(Debug, Clone, PartialEq)]
pub struct RobustZ {
    /// Of ln a_new − ln a_old, one an anchor.
    pub slope: Vec<f64>,
    /// Of b_old − A b_new, one an anchor; of several thresholds the one farthest out.
    pub location: Vec<f64>,
    /// Of the slopes, `None` where a calibration has them all equal.
    pub slopes: Option<Agreement>,
    /// Of the locations, `None` where a calibration has them all equal.
    pub locations: Option<Agreement>,
    /// From the stable anchors: A by their mean ln a_new − ln a_old, B by their mean b_old − A b_new.
    pub transformation: Transformation,
}

impl RobustZ {
    /// Anchors of which a |z| reaches the limit, ascending.
    ///
    /// # Source
    /// Huynh & Meyer (2010), *Practical Assessment, Research & Evaluation* 15(2).
    pub fn unstable(&self, limit: f64) -> Vec<usize> {
        let is_out = |anchor: &usize| self.slope[*anchor].abs() >= limit || self.location[*anchor].abs() >= limit;
        (0..self.slope.len()).filter(is_out).collect()
    }
}

/// How far each anchor lies from the bulk of the anchors, in robust standard deviations.
///
/// # Formula
/// z = (x − median(x)) / (0.74 · IQR(x)), first of x = ln a_new − ln a_old; A = exp(mean x) over the anchors with
/// |z| < limit; then of x = b_old − A b_new, and B = mean x over the anchors with both |z| < limit. Quartiles by linear
/// interpolation. Locations b: difficulties, thresholds of graded items, steps −(d_k − d_(k−1)) / (a (s_k − s_(k−1))) of
/// divide-by-total items, all in one list.
///
/// # Arguments
/// `anchors`: slopes above 0; of divide-by-total items also rising scores. `limit` > 0, typically
/// [`LARGEST_STABLE_Z`].
///
/// # Source
/// Huynh & Meyer (2010), *Practical Assessment, Research & Evaluation* 15(2).
///
/// # Accuracy
/// Agrees with numpy to 1e-10 on `tests/reference/linking_robust_z.csv`.
///
/// # Limits
/// By construction some anchors of a stable set reach 1.645: look at [`Agreement::is_sufficient`] first, and take out no
/// more than a fifth. Differences that are equal but for rounding have z = 0; beside them another one has z = ±∞. If no
/// anchor is stable, the median stands for the mean.
///
/// ```
/// use melek_irt::linking::{Anchor, Anchors, LARGEST_STABLE_Z, robust_z};
/// use melek_irt::model::ResponseFunction;
/// let item = |difficulty: f64| ResponseFunction::two_parameter(1.0, -difficulty);
/// let shifts = [0.51, 0.49, 0.5, 0.52, 0.48, 1.4]; // the last one became harder
/// let mut anchors = Vec::new();
/// for (n, shift) in shifts.into_iter().enumerate() {
///     anchors.push(Anchor { new: item(n as f64 - 2.0)?, old: item(n as f64 - 2.0 + shift)? });
/// }
/// let found = robust_z(&Anchors::new(anchors)?, LARGEST_STABLE_Z)?;
/// assert_eq!(found.unstable(LARGEST_STABLE_Z), [5]);
/// assert!((found.transformation.intercept() - 0.5).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn robust_z(anchors: &Anchors, limit: f64) -> Result<RobustZ, LinkingError> {
    for (anchor, pair) in anchors.items().iter().enumerate() {
        for (function, side) in [(&pair.new, FormSide::New), (&pair.old, FormSide::Old)] {
            if function.slopes()[0] <= 0.0 {
                return Err(LinkingError::Slope { anchor, side, slope: function.slopes()[0] });
            }
        }
    }
    let slopes = |of: fn(&Anchor) -> &ResponseFunction| -> Vec<f64> {
        anchors.items().iter().map(|anchor| of(anchor).slopes()[0]).collect()
    };
    let (new_slopes, old_slopes) = (slopes(|anchor| &anchor.new), slopes(|anchor| &anchor.old));
    let ratios: Vec<f64> =
        new_slopes.iter().zip(&old_slopes).map(|(new, old)| libm::log(*new) - libm::log(*old)).collect();
    let slope = scores(&ratios);
    let unit = libm::exp(stable_mean(&ratios, &slope, limit));

    let (mut owner, mut new_locations, mut old_locations) = (Vec::new(), Vec::new(), Vec::new());
    for (anchor, pair) in anchors.items().iter().enumerate() {
        let (new, old) = (locations(&pair.new), locations(&pair.old));
        let (Some(new), Some(old)) = (new, old) else { return Err(LinkingError::Unlike { anchor }) };
        owner.extend(new.iter().map(|_| anchor));
        new_locations.extend(new.iter().map(|location| unit * location));
        old_locations.extend(old);
    }
    let shifts: Vec<f64> = old_locations.iter().zip(&new_locations).map(|(old, new)| old - new).collect();
    let each = scores(&shifts);
    let mut location = vec![0.0_f64; anchors.count()];
    let mut worst = Vec::with_capacity(each.len());
    for (z, anchor) in each.iter().zip(&owner) {
        if z.abs() > location[*anchor].abs() {
            location[*anchor] = *z;
        }
        worst.push(z.abs().max(slope[*anchor].abs()));
    }
    let new_on_old: Vec<f64> = new_slopes.iter().map(|slope| slope / unit).collect();
    Ok(RobustZ {
        transformation: Transformation::new(unit, stable_mean(&shifts, &worst, limit))?,
        slopes: Agreement::of(&new_on_old, &old_slopes),
        locations: Agreement::of(&new_locations, &old_locations),
        slope,
        location,
    })
}

/// Where an item lies, one number a category above the lowest; nothing for scores that do not rise.
fn locations(function: &ResponseFunction) -> Option<Vec<f64>> {
    let slope = function.slopes()[0];
    match function.form() {
        Form::Logistic { intercept, .. } => Some(vec![-intercept / slope]),
        Form::Graded { intercepts } => Some(intercepts.iter().map(|intercept| -intercept / slope).collect()),
        Form::DivideByTotal { scoring, intercepts } => {
            let (mut score_before, mut intercept_before, mut steps) = (0.0, 0.0, Vec::new());
            for (score, intercept) in scoring.iter().zip(intercepts) {
                if *score <= score_before {
                    return None;
                }
                steps.push(-(intercept - intercept_before) / (slope * (score - score_before)));
                (score_before, intercept_before) = (*score, *intercept);
            }
            Some(steps)
        }
    }
}

fn scores(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = quantile(&sorted, 0.5);
    let deviation = DEVIATION_PER_RANGE * (quantile(&sorted, 0.75) - quantile(&sorted, 0.25));
    let score = |value: &f64| {
        let distance = value - middle;
        if distance.abs() < ROUNDING { 0.0 } else { distance / deviation }
    };
    values.iter().map(score).collect()
}

/// Quantile by linear interpolation between order statistics: definition 7 of Hyndman & Fan (1996), *American
/// Statistician* 50, 361–365. `sorted` has at least one value.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let place = share * (sorted.len() - 1) as f64;
    let below = place.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (place - place.floor()) * (sorted[above] - sorted[below])
}

/// Mean of the values whose |z| is below the limit, or the median when there are none.
fn stable_mean(values: &[f64], scores: &[f64], limit: f64) -> f64 {
    let stable: Vec<f64> =
        values.iter().zip(scores).filter(|(_, z)| z.abs() < limit).map(|(value, _)| *value).collect();
    if stable.is_empty() {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        return quantile(&sorted, 0.5);
    }
    mean(&stable)
}
