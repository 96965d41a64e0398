//! Mean–mean linking: the unit by the mean slopes, the origin by the mean difficulties.

use super::anchors::{Anchors, FormSide, LinkingError};
use super::link::Link;
use super::moments::{Moments, Pair, Unit};

/// The transformation to the old scale that makes mean slopes and mean difficulties of the anchors agree.
///
/// # Formula
/// A = mean(a_new) / mean(a_old), B = mean(b_old) − A mean(b_new), with b = −d/a.
///
/// # Arguments
/// `anchors`: dichotomous logistic items.
///
/// # Source
/// Loyd & Hoover (1980), *Journal of Educational Measurement* 17, 179–193; Kolen & Brennan (2014), *Test Equating,
/// Scaling, and Linking*, 3rd ed., eqs. 6.8 and 6.9.
///
/// # Accuracy
/// Closed form: agrees with numpy to 1e-12 on `tests/reference/linking.csv`; with equateIRT 2.5.1 to 1e-9.
///
/// # Limits
/// One badly estimated slope or difficulty moves the whole scale. Mean slopes not above 0, a slope of 0 and polytomous
/// items are errors.
///
/// ```
/// use melek_irt::linking::{Anchor, Anchors, mean_mean};
/// use melek_irt::model::ResponseFunction;
/// let item = |slope, intercept| ResponseFunction::two_parameter(slope, intercept);
/// let anchors = Anchors::new(vec![
///     Anchor { new: item(1.2, 0.0)?, old: item(1.0, -0.5)? },
///     Anchor { new: item(0.6, 0.6)?, old: item(0.5, 0.35)? },
/// ])?;
/// let link = mean_mean(&anchors)?.transformation;
/// assert!((link.slope() - 1.2).abs() < 1e-12 && (link.intercept() - 0.5).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn mean_mean(anchors: &Anchors) -> Result<Link, LinkingError> {
    let moments = Moments::new(anchors)?;
    let [new, old] = moments.slope.means();
    for (mean, side) in [(new, FormSide::New), (old, FormSide::Old)] {
        if mean <= 0.0 {
            return Err(LinkingError::SlopeMean { side, mean });
        }
    }
    let (slope, total) = (new / old, old * anchors.count() as f64);
    let by = Pair { new: vec![1.0 / total; anchors.count()], old: vec![-slope / total; anchors.count()] };
    moments.link(Unit::OfSlopes(slope, by))
}
