//! Whether two items have more in common than ability: correlations of residuals, Yen's Q3.
//!
//! Q3_ij = the correlation of x_i − E[x_i | θ̂] and x_j − E[x_j | θ̂] over the people who answered both. Without local
//! dependence it is about −1/(J − 1), not 0, because θ̂ was taken from the same answers; so the mean over all pairs is
//! taken away before pairs are judged.

use super::answer_residuals::visit;
use super::fitted::{FitError, Fitted};

/// Correlations of residuals of all pairs of items.
#[derive(Debug, Clone, PartialEq)]
pub struct ResidualCorrelations {
    /// By higher item, then lower item.
    correlations: Vec<Option<f64>>,
}

impl ResidualCorrelations {
    /// Q3 of two different items, −1 … 1; `None` where fewer than three people answered both or one's residual does
    /// not vary, and for unknown items.
    ///
    /// # Source
    /// Yen (1984), *Applied Psychological Measurement* 8, 125–145.
    pub fn between(&self, one: usize, other: usize) -> Option<f64> {
        let (lower, higher) = (one.min(other), one.max(other));
        if lower == higher {
            return None;
        }
        self.correlations.get(higher * (higher - 1) / 2 + lower).copied().flatten()
    }

    /// Mean of Q3 over all pairs that have one; 0 without any.
    ///
    /// # Source
    /// Christensen, Makransky & Horton (2017), *Applied Psychological Measurement* 41, 178–194.
    pub fn mean(&self) -> f64 {
        let known = self.correlations.iter().flatten();
        let count = known.clone().count();
        if count == 0 { 0.0 } else { known.sum::<f64>() / count as f64 }
    }

    /// Q3 less the mean over all pairs; above 0.2 two items are usually looked at together.
    ///
    /// # Source
    /// Marais (2013), in Christensen, Kreiner & Mesbah (eds.), *Rasch Models in Health*, ch. 7; limit of 0.2 by
    /// Christensen, Makransky & Horton (2017), *Applied Psychological Measurement* 41, 178–194.
    pub fn corrected(&self, one: usize, other: usize) -> Option<f64> {
        self.between(one, other).map(|correlation| correlation - self.mean())
    }
}

/// Sums over the people who answered two items.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    people: f64,
    first: f64,
    second: f64,
    first_square: f64,
    second_square: f64,
    product: f64,
}

impl Sums {
    fn correlation(&self) -> Option<f64> {
        let covariance = self.product - self.first * self.second / self.people;
        let first = self.first_square - self.first * self.first / self.people;
        let second = self.second_square - self.second * self.second / self.people;
        let scale = (first * second).sqrt();
        (self.people >= 3.0 && scale > 0.0).then(|| covariance / scale)
    }
}

/// Correlations of residuals at the people's expected abilities.
///
/// # Formula
/// Q3_ij = corr(x_i − E[x_i | θ̂], x_j − E[x_j | θ̂])
///
/// # Arguments
/// As [`super::mean_squares`].
///
/// # Source
/// Yen (1984), *Applied Psychological Measurement* 8, 125–145.
///
/// # Accuracy
/// The largest one within 1e-4 of mirt 1.47 on `tests/reference/calibration`.
///
/// # Limits
/// Has no distribution to take a p-value from; see [`super::local_dependence`].
///
/// ```
/// use std::ops::ControlFlow;
/// use melek_irt::calibration::{Model, Options, Specification, calibrate};
/// use melek_irt::fit::{Fitted, residual_correlations};
/// use melek_irt::responses::Responses;
/// // The last two of five items are answered alike.
/// let rows = (0_u8..160).map(|n| [n & 1, n >> 1 & 1, n >> 2 & 1, n >> 3 & 1, n >> 3 & 1].map(Some));
/// let responses = Responses::from_rows(5, rows.chain((0..20).map(|n| [Some(n % 2); 5])))?;
/// let specification = Specification::uniform(Model::Rasch, 5);
/// let calibration =
///     calibrate(&responses, &specification, &Options::default(), &mut |_| ControlFlow::Continue(()))?;
/// let pairs = residual_correlations(&Fitted::new(&responses, &specification, &calibration)?)?;
/// assert!(pairs.corrected(3, 4) > Some(0.2) && pairs.corrected(0, 1) < Some(0.2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn residual_correlations(fitted: &Fitted<'_>) -> Result<ResidualCorrelations, FitError> {
    let items = fitted.functions.len();
    let mut sums = vec![Sums::default(); items * items.saturating_sub(1) / 2];
    visit(fitted, |answers| {
        for (place, higher) in answers.iter().enumerate() {
            let start = higher.item * higher.item.saturating_sub(1) / 2;
            for lower in &answers[..place] {
                let own = &mut sums[start + lower.item];
                own.people += 1.0;
                own.first += lower.residual;
                own.second += higher.residual;
                own.first_square += lower.residual * lower.residual;
                own.second_square += higher.residual * higher.residual;
                own.product += lower.residual * higher.residual;
            }
        }
    })?;
    Ok(ResidualCorrelations { correlations: sums.iter().map(Sums::correlation).collect() })
}
