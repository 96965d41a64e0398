//! Ordered categories by cumulative logits: the graded response model of Samejima (1969), *Psychometrika* Monograph 17.
//!
//! P(X ≥ k) = 1 / (1 + exp(−(u + b_k))), k = 1 … K − 1, with u the predictor a·θ and falling intercepts
//! b_1 > b_2 > …; P(X = k) is the difference of two neighbours. The graded rating scale of Muraki (1990), *Applied
//! Psychological Measurement* 14, 59–71, is this model with b_k = a (t_k + c).

use super::derivatives::Derivatives;
use super::logistic::both_sides;

/// P(X = k) is taken as a difference on the side where neither neighbour is near 1.
pub(super) fn probabilities(intercepts: &[f64], predictor: f64, out: &mut [f64]) {
    let (mut reached, mut short) = (1.0, 0.0);
    for (category, probability) in out.iter_mut().enumerate() {
        let next = intercepts.get(category).map_or((0.0, 1.0), |intercept| both_sides(predictor + intercept));
        *probability = if next.0 > 0.5 { next.1 - short } else { reached - next.0 };
        (reached, short) = next;
    }
}

/// Own parameters: the intercepts.
pub(super) fn derivatives(intercepts: &[f64], predictor: f64, out: &mut Derivatives) {
    let categories = intercepts.len() + 1;
    // P(X ≥ k) and P(X < k) of the boundary above the category that comes next, and its density.
    let (mut reached, mut short, mut density) = (1.0, 0.0, 0.0);
    for category in 0..categories {
        let next = intercepts.get(category).map_or((0.0, 1.0), |intercept| both_sides(predictor + intercept));
        let next_density = next.0 * next.1;
        out.probability[category] = if next.0 > 0.5 { next.1 - short } else { reached - next.0 };
        out.by_predictor[category] = density - next_density;
        let own = out.by_own(category);
        own.fill(0.0);
        if category > 0 {
            own[category - 1] = density;
        }
        if category + 1 < categories {
            own[category] = -next_density;
        }
        (reached, short, density) = (next.0, next.1, next_density);
    }
}
