//! Haebara linking: the curves of every category of every anchor as near as possible.

use super::anchors::{Anchors, LinkingError};
use super::curves::{Compared, Criterion};
use super::link::Link;
use super::search;

/// The transformation to the old scale that brings the anchors' category curves nearest to one another.
///
/// # Formula
/// A, B minimise Σ_x w(x) Σ_j Σ_k (P_old,jk(x) − P_new,jk((x − B)/A))² over the points x of the old scale; for the
/// symmetric criterion plus Σ_x v(x) Σ_j Σ_k (P_old,jk(A x + B) − P_new,jk(x))² over those of the new scale. All
/// categories k count, so that a dichotomous item counts its one curve twice.
///
/// # Arguments
/// `anchors`: any models, also mixed. `criterion`: the points; `Population::normal(0.0, 1.0, 30)` on the old scale alone
/// is what equateIRT does.
///
/// # Source
/// Haebara (1980), *Japanese Psychological Research* 22, 144–149; several categories: Kim & Lee (2006), *Journal of
/// Educational Measurement* 43, 53–76; standard errors: Ogasawara (2001), *Applied Psychological Measurement* 25, 53–67.
///
/// # Accuracy
/// Agrees with scipy's optimiser to 1e-10 and its standard errors to a relative 1e-8 on `tests/reference/linking.csv`; with
/// equateIRT 2.5.1, whose search stops earlier, to 1e-8.
///
/// # Limits
/// Without the symmetric criterion the way back is not exactly the inverse. The minimum nearest to the start by moments
/// is taken. Anchors without slope, and curves that do not tell A from B, are errors.
///
/// ```
/// use melek_irt::linking::{Anchor, Anchors, Criterion, Population, Transformation, haebara};
/// use melek_irt::model::ResponseFunction;
/// let truth = Transformation::new(1.2, -0.4)?;
/// let mut anchors = Vec::new();
/// for n in 0..5 {
///     let new = ResponseFunction::two_parameter(1.0 + 0.2 * f64::from(n), f64::from(n) - 2.0)?;
///     anchors.push(Anchor { old: truth.function(&new)?, new });
/// }
/// let criterion = Criterion { old: Population::normal(0.0, 1.0, 30)?, new: None };
/// let link = haebara(&Anchors::new(anchors)?, &criterion)?.transformation;
/// assert!((link.slope() - 1.2).abs() < 1e-10 && (link.intercept() + 0.4).abs() < 1e-10);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn haebara(anchors: &Anchors, criterion: &Criterion) -> Result<Link, LinkingError> {
    search::nearest(anchors, criterion, Compared::Categories)
}
