//! The transformation at which the curves are nearest: damped Newton steps in A and B.
//!
//! Levenberg (1944), *Quarterly of Applied Mathematics* 2, 164–168; Marquardt (1963), *SIAM Journal* 11, 431–441: the
//! second derivatives where they are positive definite, otherwise the products of first ones; damping is raised until a
//! step brings the curves nearer. Derivatives of the minimum by the parameters follow from the implicit-function theorem.

use super::anchors::{Anchors, FormSide, LinkingError};
use super::curves::{Compared, Criterion, Distance, distance, mixed};
use super::link::Link;
use super::transformation::Transformation;
use crate::model::{Form, ResponseFunction};

/// Newton's method takes about 5 from a start by moments.
const MOST_STEPS: usize = 200;

/// A step this small, in logits or as a change of the slope, moves no reported digit; the error left is its square.
const SMALLEST_STEP: f64 = 1e-9;

/// First damping after a step that failed, and the factor by which it changes.
const DAMPING: f64 = 1e-3;
const DAMPING_FACTOR: f64 = 10.0;

/// A determinant below this fraction of the diagonal's product: the curves do not tell A from B.
const SMALLEST_DETERMINANT: f64 = 1e-12;

pub(super) fn nearest(anchors: &Anchors, criterion: &Criterion, compared: Compared) -> Result<Link, LinkingError> {
    let at = |transformation: &Transformation| distance(anchors, criterion, compared, transformation);
    let mut transformation = start(anchors)?;
    let mut here = at(&transformation);
    let mut damping = 0.0;
    for _ in 0..MOST_STEPS {
        let not_converged = LinkingError::NotConverged { steps: MOST_STEPS, distance: here.value };
        let step = step(&here, damping).ok_or(not_converged)?;
        let moved = Transformation::new(transformation.slope() + step[0], transformation.intercept() + step[1]);
        let small = step.iter().all(|part| part.abs() <= SMALLEST_STEP);
        // Rounding of a sum of squares, so that the last step is not refused for it.
        let allowed = here.value * (1.0 + 1e-12) + 1e-28;
        match moved.map(|moved| (moved, at(&moved))) {
            Ok((moved, there)) if there.value <= allowed => {
                (transformation, here) = (moved, there);
                damping = if damping <= DAMPING { 0.0 } else { damping / DAMPING_FACTOR };
                if small {
                    return link(anchors, criterion, compared, transformation);
                }
            }
            _ if small && damping == 0.0 => return link(anchors, criterion, compared, transformation),
            _ => damping = (damping * DAMPING_FACTOR).max(DAMPING),
        }
    }
    Err(LinkingError::NotConverged { steps: MOST_STEPS, distance: here.value })
}

/// A by the mean sizes of slopes, B by least squares on the intercepts: −d_new a B/A + d_new ≈ d_old.
fn start(anchors: &Anchors) -> Result<Transformation, LinkingError> {
    let size = |slopes: &mut dyn Iterator<Item = f64>| slopes.map(f64::abs).sum::<f64>();
    let new = size(&mut anchors.items().iter().map(|anchor| anchor.new.slopes()[0]));
    let old = size(&mut anchors.items().iter().map(|anchor| anchor.old.slopes()[0]));
    for (sum, side) in [(new, FormSide::New), (old, FormSide::Old)] {
        if sum <= 0.0 {
            return Err(LinkingError::SlopeMean { side, mean: 0.0 });
        }
    }
    let (mut products, mut squares) = (0.0, 0.0);
    for anchor in anchors.items() {
        let new = lines(&anchor.new);
        for ((slope, intercept), (_, old)) in new.into_iter().zip(lines(&anchor.old)) {
            products += slope * (intercept - old);
            squares += slope * slope;
        }
    }
    let unit = new / old;
    Transformation::new(unit, if squares > 0.0 { unit * products / squares } else { 0.0 })
}

/// Slopes and intercepts of the logits an item is made of.
fn lines(function: &ResponseFunction) -> Vec<(f64, f64)> {
    let slope = function.slopes()[0];
    match function.form() {
        Form::Logistic { intercept, .. } => vec![(slope, *intercept)],
        Form::Graded { intercepts } => intercepts.iter().map(|intercept| (slope, *intercept)).collect(),
        Form::DivideByTotal { scoring, intercepts } => {
            scoring.iter().zip(intercepts).map(|(score, intercept)| (score * slope, *intercept)).collect()
        }
    }
}

/// −(M + λ diag M)⁻¹ g, or nothing where M is singular.
fn step(here: &Distance, damping: f64) -> Option<[f64; 2]> {
    let [aa, ab, bb] = if is_definite(&here.curvature) { here.curvature } else { here.products };
    let damped = [aa * (1.0 + damping), ab, bb * (1.0 + damping)];
    is_definite(&damped).then(|| solve(&damped, here.gradient).map(|part| -part))
}

fn is_definite([aa, ab, bb]: &[f64; 3]) -> bool {
    *aa > 0.0 && *bb > 0.0 && aa * bb - ab * ab > SMALLEST_DETERMINANT * aa * bb
}

fn solve([aa, ab, bb]: &[f64; 3], right: [f64; 2]) -> [f64; 2] {
    let determinant = aa * bb - ab * ab;
    [(bb * right[0] - ab * right[1]) / determinant, (aa * right[1] - ab * right[0]) / determinant]
}

/// Derivatives of the minimum: −H⁻¹ C, column by column.
fn link(
    anchors: &Anchors,
    criterion: &Criterion,
    compared: Compared,
    transformation: Transformation,
) -> Result<Link, LinkingError> {
    let here = distance(anchors, criterion, compared, &transformation);
    if !is_definite(&here.curvature) {
        return Err(LinkingError::NotConverged { steps: MOST_STEPS, distance: here.value });
    }
    let mixed = mixed(anchors, criterion, compared, &transformation);
    let derivatives = |columns: &[Vec<f64>; 2]| {
        let mut by = [Vec::new(), Vec::new()];
        for (a, b) in columns[0].iter().zip(&columns[1]) {
            let solution = solve(&here.curvature, [*a, *b]);
            by[0].push(-solution[0]);
            by[1].push(-solution[1]);
        }
        by
    };
    Ok(Link { transformation, by_new: derivatives(&mixed.new), by_old: derivatives(&mixed.old) })
}
