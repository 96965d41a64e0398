//! Stocking–Lord linking: the expected total scores of the anchors as near as possible.

use super::anchors::{Anchors, LinkingError};
use super::curves::{Compared, Criterion};
use super::link::Link;
use super::search;

/// The transformation to the old scale that brings the anchors' test characteristic curves nearest to one another.
///
/// # Formula
/// A, B minimise Σ_x w(x) (T_old(x) − T_new((x − B)/A))², T the expected total Σ_j Σ_k k P_jk of the anchors; for the
/// symmetric criterion plus Σ_x v(x) (T_old(A x + B) − T_new(x))² over points of the new scale.
///
/// # Arguments
/// `anchors`: any models, also mixed. `criterion`: as for [`super::haebara()`].
///
/// # Source
/// Stocking & Lord (1983), *Applied Psychological Measurement* 7, 201–210; several categories: Kim & Lee (2006), *Journal
/// of Educational Measurement* 43, 53–76; standard errors: Ogasawara (2001), *Applied Psychological Measurement* 25, 53–67.
///
/// # Accuracy
/// Agrees with scipy's optimiser to 1e-10 and its standard errors to a relative 1e-8 on `tests/reference/linking.csv`; with
/// equateIRT 2.5.1, whose search stops earlier, to 1e-8.
///
/// # Limits
/// Items that drift in opposite directions cancel in the total and go unseen; look at them one by one. Otherwise as
/// [`super::haebara()`].
///
/// ```
/// use melek_irt::linking::{Anchor, Anchors, Criterion, Population, Transformation, stocking_lord};
/// use melek_irt::model::{Form, ResponseFunction};
/// let truth = Transformation::new(0.9, 0.3)?;
/// let graded = |slope, intercepts| ResponseFunction::new(vec![slope], Form::Graded { intercepts });
/// let new = [graded(1.2, vec![1.0, -0.5])?, graded(0.8, vec![2.0, 0.3, -1.0])?];
/// let anchors = new.into_iter().map(|new| Ok(Anchor { old: truth.function(&new)?, new }));
/// let anchors = anchors.collect::<Result<Vec<_>, melek_irt::linking::LinkingError>>()?;
/// let criterion = Criterion { old: Population::normal(0.0, 1.0, 30)?, new: None };
/// let link = stocking_lord(&Anchors::new(anchors)?, &criterion)?.transformation;
/// assert!((link.slope() - 0.9).abs() < 1e-9 && (link.intercept() - 0.3).abs() < 1e-9);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn stocking_lord(anchors: &Anchors, criterion: &Criterion) -> Result<Link, LinkingError> {
    search::nearest(anchors, criterion, Compared::Totals)
}
