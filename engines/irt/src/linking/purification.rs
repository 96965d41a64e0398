//! Takes out anchors that drifted, one at a time, and says which and why.

use core::fmt;

use super::anchors::{Anchors, LinkingError};
use super::link::Link;
use super::method::Method;
use super::population::Population;
use super::robust_z::robust_z;
use super::weighted_difference::weighted_difference;
use crate::fairness::logistic_area;

/// When an anchor has drifted.
#[derive(Debug, Clone, PartialEq)]
pub enum DriftLimit {
    /// |robust z| of slope or location among the anchors that are left, typically [`super::LARGEST_STABLE_Z`] or 2.7.
    RobustZ(f64),
    /// Area between the curves, probability × logits; dichotomous items with equal asymptotes. Typically 0.3 … 0.5.
    UnsignedArea(f64),
    /// Root mean squared difference of expected scores over these people of the old scale; typically 0.10.
    WeightedDifference { limit: f64, population: Population },
}

/// How anchors are purified.
#[derive(Debug, Clone, PartialEq)]
pub struct Purification {
    pub method: Method,
    pub limit: DriftLimit,
    /// Anchors that are kept in any case, at least 2; in practice four fifths of them.
    pub fewest: usize,
}

/// Why an anchor was taken out, with the limit it broke.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reason {
    SlopeZ { z: f64, limit: f64 },
    LocationZ { z: f64, limit: f64 },
    Area { area: f64, limit: f64 },
    Difference { difference: f64, limit: f64 },
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SlopeZ { z, limit } => write!(formatter, "robust z of its slope is {z:.2}, limit {limit}"),
            Self::LocationZ { z, limit } => write!(formatter, "robust z of its location is {z:.2}, limit {limit}"),
            Self::Area { area, limit } => write!(formatter, "area between its curves is {area:.3}, limit {limit}"),
            Self::Difference { difference, limit } => {
                write!(formatter, "its expected scores differ by {difference:.3}, limit {limit}")
            }
        }
    }
}

impl Reason {
    /// How many times the limit, for ranking.
    fn excess(&self) -> f64 {
        match *self {
            Self::SlopeZ { z, limit } | Self::LocationZ { z, limit } => z.abs() / limit,
            Self::Area { area, limit } => area / limit,
            Self::Difference { difference, limit } => difference / limit,
        }
    }
}

/// An anchor that was taken out, by its position among all anchors.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Removal {
    pub anchor: usize,
    pub reason: Reason,
}

/// The link after purification.
#[derive(Debug, Clone, PartialEq)]
pub struct Purified {
    /// From the anchors that were kept; its derivatives are by their parameters only.
    pub link: Link,
    /// Positions among all anchors, ascending.
    pub kept: Vec<usize>,
    /// In the order in which they were taken out.
    pub removed: Vec<Removal>,
    /// Whether an anchor still breaks the limit but is kept because too few would be left.
    pub exhausted: bool,
}

/// Links, takes out the anchor that breaks the limit most, and links again until none does or too few are left.
///
/// # Formula
/// Each round: link with the anchors left; statistic of each of them; the largest at or above the limit goes.
///
/// # Arguments
/// `anchors`: all. `rule`: method, limit above 0, and the fewest anchors to keep (2 if it says less).
///
/// # Source
/// Iterative linking: Candell & Drasgow (1988), *Applied Psychological Measurement* 12, 253–260; for anchors Kolen &
/// Brennan (2014), *Test Equating, Scaling, and Linking*, 3rd ed., sec. 6.6. Statistics at [`super::robust_z()`],
/// [`logistic_area()`] and [`super::weighted_difference()`].
///
/// # Accuracy
/// Agrees with a numpy loop on which anchors go, in which order, on `tests/reference/linking_purified.csv`.
///
/// # Limits
/// Standard errors afterwards take the anchors kept as if they had been chosen beforehand. An anchor once out does not
/// come back. If most anchors drift the same way, that is taken for the change of scale.
///
/// ```
/// use melek_irt::linking::{Anchor, Anchors, DriftLimit, Method, Purification, purify};
/// use melek_irt::model::ResponseFunction;
/// let item = |difficulty: f64| ResponseFunction::two_parameter(1.0, -difficulty);
/// let mut anchors = Vec::new();
/// for n in 0..8 {
///     let drift = if n == 3 { 1.0 } else { 0.0 };
///     anchors.push(Anchor { new: item(f64::from(n) * 0.5)?, old: item(f64::from(n) * 0.5 + drift)? });
/// }
/// let rule = Purification { method: Method::MeanMean, limit: DriftLimit::UnsignedArea(0.3), fewest: 6 };
/// let purified = purify(&Anchors::new(anchors)?, &rule)?;
/// assert_eq!(purified.removed[0].anchor, 3);
/// assert_eq!(purified.removed[0].reason.to_string(), "area between its curves is 0.875, limit 0.3");
/// assert!(purified.link.transformation.intercept().abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn purify(anchors: &Anchors, rule: &Purification) -> Result<Purified, LinkingError> {
    let mut kept: Vec<usize> = (0..anchors.count()).collect();
    let mut removed = Vec::new();
    loop {
        let left = Anchors::new(kept.iter().map(|position| anchors.items()[*position].clone()).collect())?;
        let link = rule.method.link(&left)?;
        let worst = worst(&left, &link, &rule.limit).map_err(|error| at_position(error, &kept))?;
        match worst {
            Some((position, reason)) if kept.len() > rule.fewest.max(2) => {
                removed.push(Removal { anchor: kept.remove(position), reason });
            }
            _ => return Ok(Purified { link, kept, removed, exhausted: worst.is_some() }),
        }
    }
}

/// The anchor farthest beyond the limit, if any is; the first among equals.
fn worst(anchors: &Anchors, link: &Link, limit: &DriftLimit) -> Result<Option<(usize, Reason)>, LinkingError> {
    let mut worst: Option<(usize, Reason)> = None;
    for (position, reason) in reasons(anchors, link, limit)?.into_iter().enumerate() {
        let floor = worst.map_or(1.0, |(_, reason)| reason.excess());
        if reason.excess() > floor || (worst.is_none() && reason.excess() == 1.0) {
            worst = Some((position, reason));
        }
    }
    Ok(worst)
}

/// The statistic of every anchor, beside its limit.
fn reasons(anchors: &Anchors, link: &Link, limit: &DriftLimit) -> Result<Vec<Reason>, LinkingError> {
    if let DriftLimit::RobustZ(limit) = *limit {
        let found = robust_z(anchors, limit)?;
        let reason = |(slope, location): (&f64, &f64)| {
            if slope.abs() > location.abs() {
                Reason::SlopeZ { z: *slope, limit }
            } else {
                Reason::LocationZ { z: *location, limit }
            }
        };
        return Ok(found.slope.iter().zip(&found.location).map(reason).collect());
    }
    let reason = |(anchor, pair): (usize, &super::Anchor)| {
        let new = link.transformation.function(&pair.new)?;
        Ok(match limit {
            DriftLimit::WeightedDifference { limit, population } => {
                Reason::Difference { difference: weighted_difference(&pair.old, &new, population), limit: *limit }
            }
            DriftLimit::UnsignedArea(limit) | DriftLimit::RobustZ(limit) => {
                let area = logistic_area(&pair.old, &new).map(|area| area.unsigned);
                Reason::Area { area: area.map_err(|source| LinkingError::Area { anchor, source })?, limit: *limit }
            }
        })
    };
    anchors.items().iter().enumerate().map(reason).collect()
}

/// An error that names an anchor among those left, naming it among all.
fn at_position(error: LinkingError, kept: &[usize]) -> LinkingError {
    match error {
        LinkingError::Area { anchor, source } => LinkingError::Area { anchor: kept[anchor], source },
        LinkingError::Slope { anchor, side, slope } => LinkingError::Slope { anchor: kept[anchor], side, slope },
        LinkingError::Unlike { anchor } => LinkingError::Unlike { anchor: kept[anchor] },
        other => other,
    }
}
