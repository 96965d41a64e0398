//! Mean–sigma linking: the unit by the spread of difficulties.

use super::anchors::{Anchors, FormSide, LinkingError};
use super::link::Link;
use super::moments::{Moments, Pair, Unit};

/// The transformation to the old scale that makes means and standard deviations of the anchors' difficulties agree.
///
/// # Formula
/// A = σ(b_old) / σ(b_new), B = mean(b_old) − A mean(b_new), with b = −d/a.
///
/// # Arguments
/// `anchors`: dichotomous logistic items that are not all equally difficult.
///
/// # Source
/// Marco (1977), *Journal of Educational Measurement* 14, 139–160; Kolen & Brennan (2014), *Test Equating, Scaling, and
/// Linking*, 3rd ed., eqs. 6.7 and 6.8.
///
/// # Accuracy
/// Closed form: agrees with numpy to 1e-12 on `tests/reference/linking.csv`; with equateIRT 2.5.1 to 1e-9. The standard
/// error of A is that of numeric derivatives; equateIRT 2.5.1 reports (n − 1)/n of it for n anchors, because it divides a
/// variance with denominator n − 1 by n.
///
/// # Limits
/// Its standard error is the largest of the five methods where difficulties lie close together. No spread, a slope of 0
/// and polytomous items are errors.
///
/// ```
/// use melek_irt::linking::{Anchor, Anchors, mean_sigma};
/// use melek_irt::model::ResponseFunction;
/// let item = |difficulty: f64| ResponseFunction::two_parameter(1.0, -difficulty);
/// let anchors = Anchors::new(vec![
///     Anchor { new: item(0.0)?, old: item(0.5)? },
///     Anchor { new: item(1.0)?, old: item(2.0)? },
/// ])?;
/// let link = mean_sigma(&anchors)?.transformation;
/// assert!((link.slope() - 1.5).abs() < 1e-12 && (link.intercept() - 0.5).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn mean_sigma(anchors: &Anchors) -> Result<Link, LinkingError> {
    let moments = Moments::new(anchors)?;
    let [mean_new, mean_old] = moments.difficulty.means();
    let centred = |values: &[f64], mean: f64| values.iter().map(|value| value - mean).collect::<Vec<f64>>();
    let (new, old) = (centred(&moments.difficulty.new, mean_new), centred(&moments.difficulty.old, mean_old));
    let squares = |values: &[f64]| values.iter().map(|value| value * value).sum::<f64>();
    let (squares_new, squares_old) = (squares(&new), squares(&old));
    for (sum, side) in [(squares_new, FormSide::New), (squares_old, FormSide::Old)] {
        if sum <= 0.0 {
            return Err(LinkingError::NoSpread { side });
        }
    }
    let unit = (squares_old / squares_new).sqrt();
    let by = Pair {
        new: new.iter().map(|deviation| -unit * deviation / squares_new).collect(),
        old: old.iter().map(|deviation| unit * deviation / squares_old).collect(),
    };
    moments.link(Unit::OfDifficulties(unit, by))
}
