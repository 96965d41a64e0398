//! Mean–geometric mean linking: the unit by the geometric mean of the ratios of slopes.

use super::anchors::{Anchors, FormSide, LinkingError};
use super::link::Link;
use super::moments::{Moments, Pair, Unit, mean};

/// The transformation to the old scale that makes mean logarithms of slopes and mean difficulties of the anchors agree.
///
/// # Formula
/// A = exp(mean(ln a_new − ln a_old)), B = mean(b_old) − A mean(b_new), with b = −d/a.
///
/// # Arguments
/// `anchors`: dichotomous logistic items, all slopes above 0.
///
/// # Source
/// Mislevy & Bock (1990), *BILOG 3*; Ogasawara (2000), *Economic Review, Otaru University of Commerce* 51(1), 1–23.
///
/// # Accuracy
/// Closed form: agrees with numpy to 1e-12 on `tests/reference/linking.csv`; with equateIRT 2.5.1 to 1e-9.
///
/// # Limits
/// Going back gives exactly the inverse, as with all methods of moments but not with one-sided curves. A slope not above 0 and
/// polytomous items are errors.
///
/// ```
/// use melek_irt::linking::{Anchor, Anchors, mean_geometric_mean};
/// use melek_irt::model::ResponseFunction;
/// let item = |slope, intercept| ResponseFunction::two_parameter(slope, intercept);
/// let anchors = Anchors::new(vec![
///     Anchor { new: item(2.0, 0.0)?, old: item(1.0, 0.0)? },
///     Anchor { new: item(1.0, 1.0)?, old: item(2.0, 2.0)? },
/// ])?;
/// assert!((mean_geometric_mean(&anchors)?.transformation.slope() - 1.0).abs() < 1e-15);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn mean_geometric_mean(anchors: &Anchors) -> Result<Link, LinkingError> {
    let moments = Moments::new(anchors)?;
    for (slopes, side) in [(&moments.slope.new, FormSide::New), (&moments.slope.old, FormSide::Old)] {
        if let Some(anchor) = slopes.iter().position(|slope| *slope <= 0.0) {
            return Err(LinkingError::Slope { anchor, side, slope: slopes[anchor] });
        }
    }
    let ratios: Vec<f64> =
        moments.slope.new.iter().zip(&moments.slope.old).map(|(new, old)| libm::log(*new) - libm::log(*old)).collect();
    let unit = libm::exp(mean(&ratios));
    let each = unit / anchors.count() as f64;
    let by = Pair {
        new: moments.slope.new.iter().map(|slope| each / slope).collect(),
        old: moments.slope.old.iter().map(|slope| -each / slope).collect(),
    };
    moments.link(Unit::OfSlopes(unit, by))
}
