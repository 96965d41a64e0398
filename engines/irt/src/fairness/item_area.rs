//! The area between the response functions that an item has in two groups: the size of a difference in the model.
//!
//! Signed: ∫ (E_R − E_F) dθ, unsigned: ∫ |E_R − E_F| dθ, with E the expected score in the reference and in the focal
//! group and θ in logits. Both calibrations must lie on one scale; linking is not decided here.

use crate::model::{Form, ResponseFunction};

/// Response functions without an area between them.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum AreaError {
    #[error("a response function of {dimensions} abilities bounds no area; it must have one")]
    Dimensions { dimensions: usize },
    #[error("one response function has {reference} categories, the other {focal}; their scores cannot be compared")]
    Categories { reference: usize, focal: usize },
    #[error("the closed form is for logistic items; take the integral over a range")]
    NotLogistic,
    #[error("slope {0} is not above 0, so the curve has no difficulty")]
    Slope(f64),
    #[error("the curves run to different asymptotes, so the area is infinite; take the integral over a range")]
    Asymptotes,
    #[error("from {from} to {to} logits is no range of finite, growing numbers")]
    Range { from: f64, to: f64 },
}

/// Areas between two response functions, in logits times points of score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    /// Above 0 the item favours the reference group; differences of both directions cancel.
    pub signed: f64,
    /// At least |signed|; equal when the curves do not cross.
    pub unsigned: f64,
}

/// The areas between two logistic curves over all abilities, in closed form.
///
/// # Formula
/// signed = (d − c) Δ and unsigned = (d − c) (|Δ| + 2 k ln(1 + e^(−|Δ|/k))), with Δ = b_F − b_R the difference of
/// difficulties, k = |a_F − a_R| / (a_F a_R), and c, d the asymptotes. This is Raju's |2 (a₂ − a₁)/(a₁ a₂) ln(1 + e^(a₁
/// a₂ (b₂ − b₁)/(a₂ − a₁))) − (b₂ − b₁)| written so that nothing overflows or cancels and equal slopes are no
/// exception.
///
/// # Arguments
/// Logistic items of one ability with slopes above 0 and the same asymptotes.
///
/// # Source
/// Raju (1988), *Psychometrika* 53, 495–502, with D = 1; an upper asymptote d below 1 scales like 1 − c does there.
///
/// # Accuracy
/// Agrees with mpmath's integration (50 digits) to 1e-12 on `tests/reference/fairness_area.csv`.
///
/// # Limits
/// Counts abilities that nobody has as much as others: with different slopes much of the area may lie far out. Take
/// [`area_between`] over the abilities that occur.
///
/// ```
/// use melek_irt::fairness::logistic_area;
/// use melek_irt::model::ResponseFunction;
/// let reference = ResponseFunction::two_parameter(1.0, 0.0)?; // difficulty 0
/// let focal = ResponseFunction::two_parameter(1.0, -0.5)?; // difficulty 0.5
/// let area = logistic_area(&reference, &focal)?;
/// assert_eq!((area.signed, area.unsigned), (0.5, 0.5));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn logistic_area(reference: &ResponseFunction, focal: &ResponseFunction) -> Result<Area, AreaError> {
    let [first, second] = [curve(reference)?, curve(focal)?];
    if first.lower != second.lower || first.upper != second.upper {
        return Err(AreaError::Asymptotes);
    }
    let difference = second.difficulty - first.difficulty;
    let turn = (second.slope - first.slope).abs() / (second.slope * first.slope);
    let crossing = if turn > 0.0 { 2.0 * turn * libm::log1p(libm::exp(-difference.abs() / turn)) } else { 0.0 };
    let height = first.upper - first.lower;
    Ok(Area { signed: height * difference, unsigned: height * (difference.abs() + crossing) })
}

struct Curve {
    slope: f64,
    difficulty: f64,
    lower: f64,
    upper: f64,
}

fn curve(of: &ResponseFunction) -> Result<Curve, AreaError> {
    let slope = only_slope(of)?;
    let Form::Logistic { intercept, lower, upper } = *of.form() else { return Err(AreaError::NotLogistic) };
    if slope <= 0.0 {
        return Err(AreaError::Slope(slope));
    }
    Ok(Curve { slope, difficulty: -intercept / slope, lower, upper })
}

fn only_slope(of: &ResponseFunction) -> Result<f64, AreaError> {
    match of.slopes() {
        [slope] => Ok(*slope),
        slopes => Err(AreaError::Dimensions { dimensions: slopes.len() }),
    }
}

/// Panels of the range; curves of slope 10 over twelve logits are then integrated to rounding.
const PANELS: usize = 512;

/// Halvings that place a crossing to the last bit of a double.
const HALVINGS: usize = 60;

/// Nodes and weights of Gauss–Legendre quadrature with five nodes on −1 … 1 (Abramowitz & Stegun 1964, table 25.4).
const GAUSS: [(f64, f64); 5] = [
    (-0.906_179_845_938_664, 0.236_926_885_056_189_08),
    (-0.538_469_310_105_683_1, 0.478_628_670_499_366_47),
    (0.0, 0.568_888_888_888_888_9),
    (0.538_469_310_105_683_1, 0.478_628_670_499_366_47),
    (0.906_179_845_938_664, 0.236_926_885_056_189_08),
];

/// The areas between two response functions over a range of ability, for any number of categories.
///
/// # Formula
/// ∫ (E_R − E_F) dθ and ∫ |E_R − E_F| dθ over the range, E = Σ k P(X = k): Gauss–Legendre quadrature with five nodes on
/// each of 512 panels, a panel divided where the curves cross.
///
/// # Arguments
/// `reference`, `focal`: one ability, as many categories. `range`: from and to in logits, finite, typically −4 … 4.
///
/// # Source
/// Raju (1988), *Psychometrika* 53, 495–502, with limits; expected scores: Flowers, Oshima & Raju (1999), *Applied
/// Psychological Measurement* 23, 309–326. Quadrature: Abramowitz & Stegun (1964), 25.4.29.
///
/// # Accuracy
/// Agrees with mpmath's integration (50 digits) to 1e-12 on `tests/reference/fairness_area.csv`.
///
/// # Limits
/// Two crossings within one panel are taken for none; what that misses is below the square of a panel's width. A slope
/// times the range beyond 1,000 costs digits.
///
/// ```
/// use melek_irt::fairness::area_between;
/// use melek_irt::model::ResponseFunction;
/// let reference = ResponseFunction::two_parameter(1.0, 0.0)?;
/// let focal = ResponseFunction::two_parameter(2.0, 0.0)?; // crosses at 0
/// let area = area_between(&reference, &focal, (-40.0, 40.0))?;
/// assert!(area.signed.abs() < 1e-12 && (area.unsigned - 2.0_f64.ln()).abs() < 1e-9);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn area_between(
    reference: &ResponseFunction,
    focal: &ResponseFunction,
    range: (f64, f64),
) -> Result<Area, AreaError> {
    only_slope(reference)?;
    only_slope(focal)?;
    let (first, second) = (reference.categories(), focal.categories());
    if first != second {
        return Err(AreaError::Categories { reference: first, focal: second });
    }
    let (from, to) = range;
    if !(from.is_finite() && to.is_finite() && from < to) {
        return Err(AreaError::Range { from, to });
    }
    let difference = |theta: f64| reference.expected_score(&[theta]) - focal.expected_score(&[theta]);
    let edge = |panel: usize| from + (to - from) * panel as f64 / PANELS as f64;
    let mut area = Area { signed: 0.0, unsigned: 0.0 };
    for panel in 0..PANELS {
        let (left, right) = (edge(panel), edge(panel + 1));
        let middle = crossing(difference, left, right).unwrap_or(right);
        for part in [integral(difference, left, middle), integral(difference, middle, right)] {
            area.signed += part;
            area.unsigned += part.abs();
        }
    }
    Ok(area)
}

/// Where a function changes its sign between two points, if it does.
fn crossing(function: impl Fn(f64) -> f64, mut left: f64, mut right: f64) -> Option<f64> {
    let (start, end) = (function(left), function(right));
    if start * end >= 0.0 {
        return None;
    }
    for _ in 0..HALVINGS {
        let middle = left + (right - left) / 2.0;
        if function(middle) * start > 0.0 { left = middle } else { right = middle }
    }
    Some(right)
}

fn integral(function: impl Fn(f64) -> f64, left: f64, right: f64) -> f64 {
    let (centre, half) = (left + (right - left) / 2.0, (right - left) / 2.0);
    half * GAUSS.iter().map(|(node, weight)| weight * function(centre + half * node)).sum::<f64>()
}
