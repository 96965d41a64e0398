//! How far the anchors' curves are apart after a transformation, with all derivatives that a search and its standard
//! errors need.
//!
//! Compared on the old scale at x, the new item answers at θ_new = (x − B)/A; on the new scale at x, the old item answers
//! at θ_old = A x + B. So in either case one of the two items is moved, and only through its ability. Residual
//! r = P_old − P_new of each category; criterion F = ½ Σ w r² over categories (Haebara) or ½ Σ w (Σ k r)² over totals
//! (Stocking–Lord).

use super::anchors::{Anchor, Anchors};
use super::population::Population;
use super::transformation::Transformation;
use crate::model::{Derivatives, ResponseFunction};

/// Half the distance over which second derivatives are differences of exact first ones: the error of 1e-11 is that of
/// rounding (1e-16/1e-5) and of the next term (1e-10 times a fourth derivative below 1).
const HALF_STEP: f64 = 1e-5;

/// Where the curves are compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Criterion {
    /// People on the old scale; the new items are moved there.
    pub old: Population,
    /// People on the new scale, to which the old items are moved as well: the symmetric criterion. `None`: one direction.
    pub new: Option<Population>,
}

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compared {
    /// Every category of every anchor.
    Categories,
    /// The expected total score of all anchors.
    Totals,
}

/// A residual and its derivatives by A and B; second ones in the order AA, AB, BB.
#[derive(Debug, Clone, Copy, Default)]
struct Residual {
    value: f64,
    gradient: [f64; 2],
    curvature: [f64; 3],
}

impl Residual {
    fn add(&mut self, other: &Self, factor: f64) {
        self.value += factor * other.value;
        (0..2).for_each(|n| self.gradient[n] += factor * other.gradient[n]);
        (0..3).for_each(|n| self.curvature[n] += factor * other.curvature[n]);
    }
}

/// The criterion and its derivatives by A and B; matrices in the order AA, AB, BB.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Distance {
    pub(super) value: f64,
    pub(super) gradient: [f64; 2],
    /// Second derivatives.
    pub(super) curvature: [f64; 3],
    /// Second derivatives as if all residuals were 0: never indefinite.
    pub(super) products: [f64; 3],
}

impl Distance {
    fn add(&mut self, residual: &Residual, weight: f64) {
        let [a, b] = residual.gradient;
        self.value += 0.5 * weight * residual.value * residual.value;
        for (n, product) in [a * a, a * b, b * b].into_iter().enumerate() {
            self.products[n] += weight * product;
            self.curvature[n] += weight * (product + residual.value * residual.curvature[n]);
        }
        self.gradient[0] += weight * residual.value * a;
        self.gradient[1] += weight * residual.value * b;
    }
}

/// One place where curves are compared: abilities on both scales, which item moves, and how its ability depends on A, B.
struct Place {
    new: f64,
    old: f64,
    weight: f64,
    moves_old: bool,
    by: [f64; 2],
    second: [f64; 3],
}

fn places(criterion: &Criterion, at: &Transformation) -> Vec<Place> {
    let (slope, intercept) = (at.slope(), at.intercept());
    let on_old = criterion.old.points().iter().map(|&(old, weight)| {
        let new = (old - intercept) / slope;
        let by = [-new / slope, -1.0 / slope];
        let second = [2.0 * new / (slope * slope), 1.0 / (slope * slope), 0.0];
        Place { new, old, weight, moves_old: false, by, second }
    });
    let on_new = criterion.new.iter().flat_map(|population| population.points()).map(|&(new, weight)| Place {
        new,
        old: at.ability(new),
        weight,
        moves_old: true,
        by: [new, 1.0],
        second: [0.0; 3],
    });
    on_old.chain(on_new).collect()
}

/// A response function at one ability: exact first derivatives, and their slopes along the predictor.
#[derive(Default)]
struct Curve {
    here: Derivatives,
    above: Derivatives,
    below: Derivatives,
}

impl Curve {
    fn fill(&mut self, function: &ResponseFunction, theta: f64, with_slopes: bool) {
        let predictor = function.slopes()[0] * theta;
        function.derivatives(predictor, &mut self.here);
        if with_slopes {
            function.derivatives(predictor + HALF_STEP, &mut self.above);
            function.derivatives(predictor - HALF_STEP, &mut self.below);
        }
    }

    /// ∂²P/∂u² of a category.
    fn second(&self, category: usize) -> f64 {
        (self.above.by_predictor[category] - self.below.by_predictor[category]) / (2.0 * HALF_STEP)
    }

    /// ∂P/∂own and ∂²P/∂u∂own of a category and own parameter.
    fn own(&mut self, category: usize, parameter: usize) -> (f64, f64) {
        let difference = self.above.by_own(category)[parameter] - self.below.by_own(category)[parameter];
        (self.here.by_own(category)[parameter], difference / (2.0 * HALF_STEP))
    }
}

/// Room for the two curves of an anchor.
#[derive(Default)]
struct Curves {
    moving: Curve,
    resting: Curve,
}

impl Curves {
    fn fill(&mut self, anchor: &Anchor, place: &Place) {
        let (moving, resting) = if place.moves_old {
            ((&anchor.old, place.old), (&anchor.new, place.new))
        } else {
            ((&anchor.new, place.new), (&anchor.old, place.old))
        };
        self.moving.fill(moving.0, moving.1, true);
        self.resting.fill(resting.0, resting.1, false);
    }

    /// P_old − P_new of a category, with derivatives by A and B.
    fn residual(&self, anchor: &Anchor, place: &Place, category: usize) -> Residual {
        let (slope, sign) =
            if place.moves_old { (anchor.old.slopes()[0], 1.0) } else { (anchor.new.slopes()[0], -1.0) };
        let moving = &self.moving.here;
        let first = sign * moving.by_predictor[category] * slope;
        let second = sign * self.moving.second(category) * slope * slope;
        let [a, b] = place.by;
        let bends = [a * a, a * b, b * b];
        Residual {
            value: sign * (moving.probability[category] - self.resting.here.probability[category]),
            gradient: [first * a, first * b],
            curvature: core::array::from_fn(|n| second * bends[n] + first * place.second[n]),
        }
    }
}

/// The criterion at a transformation.
pub(super) fn distance(anchors: &Anchors, criterion: &Criterion, compared: Compared, at: &Transformation) -> Distance {
    let mut distance = Distance::default();
    let mut curves = Curves::default();
    for place in places(criterion, at) {
        let mut total = Residual::default();
        for anchor in anchors.items() {
            curves.fill(anchor, &place);
            for category in 0..anchor.new.categories() {
                let residual = curves.residual(anchor, &place, category);
                match compared {
                    Compared::Categories => distance.add(&residual, place.weight),
                    Compared::Totals => total.add(&residual, category as f64),
                }
            }
        }
        if compared == Compared::Totals {
            distance.add(&total, place.weight);
        }
    }
    distance
}

/// Mixed derivatives of the criterion by A or B and by each parameter of the new and of the old calibration.
pub(super) struct Mixed {
    pub(super) new: [Vec<f64>; 2],
    pub(super) old: [Vec<f64>; 2],
}

pub(super) fn mixed(anchors: &Anchors, criterion: &Criterion, compared: Compared, at: &Transformation) -> Mixed {
    let zeros = || [vec![0.0; anchors.parameters()], vec![0.0; anchors.parameters()]];
    let mut mixed = Mixed { new: zeros(), old: zeros() };
    let mut curves = Curves::default();
    for place in places(criterion, at) {
        let total = total(anchors, &place, compared);
        let mut start = 0;
        for anchor in anchors.items() {
            curves.fill(anchor, &place);
            for category in 0..anchor.new.categories() {
                let (residual, score) = match total {
                    Some(total) => (total, category as f64),
                    None => (curves.residual(anchor, &place, category), 1.0),
                };
                mixed.add(Term { anchor, place: &place, category, start }, &mut curves, &residual, score);
            }
            start += 1 + anchor.new.own().len();
        }
    }
    mixed
}

/// The residual of the total score, when totals are compared.
fn total(anchors: &Anchors, place: &Place, compared: Compared) -> Option<Residual> {
    if compared == Compared::Categories {
        return None;
    }
    let (mut total, mut curves) = (Residual::default(), Curves::default());
    for anchor in anchors.items() {
        curves.fill(anchor, place);
        for category in 1..anchor.new.categories() {
            total.add(&curves.residual(anchor, place, category), category as f64);
        }
    }
    Some(total)
}

/// One category of an anchor at a place; `start` is the position of the anchor's first parameter.
#[derive(Clone, Copy)]
struct Term<'a> {
    anchor: &'a Anchor,
    place: &'a Place,
    category: usize,
    start: usize,
}

impl Mixed {
    /// Adds w s (∇r ∂r/∂α + r ∂∇r/∂α) for each parameter α of the anchor, s the category's score.
    fn add(&mut self, term: Term<'_>, curves: &mut Curves, residual: &Residual, score: f64) {
        let Term { anchor, place, category, start } = term;
        let (moving, resting, moved_at, rests_at) = if place.moves_old {
            (&mut self.old, &mut self.new, place.old, place.new)
        } else {
            (&mut self.new, &mut self.old, place.new, place.old)
        };
        let (slope, sign) =
            if place.moves_old { (anchor.old.slopes()[0], 1.0) } else { (anchor.new.slopes()[0], -1.0) };
        let weight = sign * score * place.weight;
        let first = curves.moving.here.by_predictor[category];
        let second = curves.moving.second(category);
        for n in 0..2 {
            let by = place.by[n];
            let of_slope = residual.gradient[n] * first * moved_at
                + residual.value * (second * moved_at * slope * by + first * by);
            moving[n][start] += weight * of_slope;
            resting[n][start] -= weight * residual.gradient[n] * curves.resting.here.by_predictor[category] * rests_at;
        }
        for parameter in 0..anchor.new.own().len() {
            let (own, along) = curves.moving.own(category, parameter);
            let resting_own = curves.resting.here.by_own(category)[parameter];
            for n in 0..2 {
                let of_own = residual.gradient[n] * own + residual.value * along * slope * place.by[n];
                moving[n][start + 1 + parameter] += weight * of_own;
                resting[n][start + 1 + parameter] -= weight * residual.gradient[n] * resting_own;
            }
        }
    }
}
