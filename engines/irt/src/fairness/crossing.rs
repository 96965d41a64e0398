//! The crossing form of SIBTEST: differences below and above a score do not cancel.
//!
//! The crossing score is where the regression of the corrected differences on the matching score, weighted with the
//! larger group at each score, is zero. Scores up to it and scores above it give two sums of differences; the squares
//! of both, each divided by its variance, are added (Chalmers 2018, *Psychometrika* 83, 376–386).

use super::sibtest::{Contribution, Level, SibtestConvention};
use super::tail::chi_square_above;

/// Scores at which the larger group has no more than this share of all people do not place the crossing (so in the R
/// package mirt 1.47).
const SMALLEST_SHARE: f64 = 0.01;

/// The sum of differences that do not cancel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Crossing {
    /// |Σ below − Σ above| of the weighted differences; at least |β| when they have different signs.
    pub beta: f64,
    /// (Σ below)²/variance + (Σ above)²/variance.
    pub chi_square: f64,
    /// 2, or 1 when one side has no compared score.
    pub degrees_of_freedom: usize,
    /// Approximate: the score of the crossing was placed by the same answers.
    pub p: f64,
    /// Matching score above which the differences count reversed; `None` where the regression is flat or a single score
    /// has no regression.
    pub at: Option<f64>,
}

impl Crossing {
    pub(super) fn of(contributions: &[Contribution], at: Option<f64>) -> Self {
        let sums = |above: bool| {
            let own = contributions.iter().filter(|one| at.is_some_and(|at| one.score > at) == above);
            own.fold((0.0, 0.0), |(sum, variance), one| (sum + one.difference, variance + one.variance))
        };
        let sides = [sums(false), sums(true)];
        let [(below, _), (above, _)] = sides;
        let tested = sides.iter().filter(|(_, variance)| *variance > 0.0);
        let degrees_of_freedom = tested.clone().count();
        let chi_square = tested.map(|(sum, variance)| sum * sum / variance).sum();
        let p = chi_square_above(chi_square, degrees_of_freedom);
        Self { beta: (below - above).abs(), chi_square, degrees_of_freedom, p, at }
    }
}

/// The score where the weighted regression line of the differences is zero.
pub(super) fn score(levels: &[Level], people: f64, convention: SibtestConvention) -> Option<f64> {
    let weight = |level: &Level| level.groups[0].people.max(level.groups[1].people);
    let used: Vec<&Level> = levels
        .iter()
        .filter(|level| level.groups.iter().all(|own| own.people > 0.0))
        .filter(|level| weight(level) / people > SMALLEST_SHARE)
        .filter(|level| level.compared || convention == SibtestConvention::Mirt)
        .collect();
    let all: f64 = used.iter().map(|level| weight(level)).sum();
    let mean = |of: &dyn Fn(&Level) -> f64| used.iter().map(|level| weight(level) * of(level)).sum::<f64>() / all;
    let (centre, height) = (mean(&|level| level.score), mean(&|level| level.difference));
    let spread = mean(&|level| (level.score - centre) * (level.score - centre));
    let slope = mean(&|level| (level.score - centre) * (level.difference - height)) / spread;
    let at = centre - height / slope;
    let at = if convention == SibtestConvention::Mirt { one_significant_digit(at) } else { at };
    at.is_finite().then_some(at)
}

fn one_significant_digit(x: f64) -> f64 {
    if x == 0.0 || !x.is_finite() {
        return x;
    }
    let unit = libm::pow(10.0, libm::floor(libm::log10(x.abs())));
    libm::rint(x / unit) * unit
}

#[cfg(test)]
mod tests {
    use super::one_significant_digit;

    #[test]
    fn one_digit_is_kept() {
        for (x, expected) in [(12.94, 10.0), (15.6, 20.0), (8.33, 8.0), (-0.347, -0.3), (153.5, 200.0), (0.0, 0.0)] {
            assert!((one_significant_digit(x) - expected).abs() < 1e-12, "{x}");
        }
    }
}
