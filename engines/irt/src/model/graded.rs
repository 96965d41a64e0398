//! Ordered categories by cumulative logits: the graded response model of Samejima (1969), *Psychometrika* Monograph 17.
//!
//! P(X ≥ k) = 1 / (1 + exp(−(u + b_k))), k = 1 … K − 1, with u the predictor a·θ and falling intercepts
//! b_1 > b_2 > …; P(X = k) is the difference of two neighbours. The graded rating scale of Muraki (1990), *Applied
//! Psychological Measurement* 14, 59–71, is this model with b_k = a (t_k + c).

use super::derivatives::Derivatives;
use super::logistic::logistic;

/// P(X = k) between the cumulative arguments above and below; taken on the side where neither is near 1.
fn between(above: f64, below: f64) -> f64 {
    if below > 0.0 { logistic(-below) - logistic(-above) } else { logistic(above) - logistic(below) }
}

fn cumulative(intercepts: &[f64], predictor: f64, category: usize) -> f64 {
    match category {
        0 => f64::INFINITY,
        k if k > intercepts.len() => f64::NEG_INFINITY,
        k => predictor + intercepts[k - 1],
    }
}

pub(super) fn probabilities(intercepts: &[f64], predictor: f64, out: &mut [f64]) {
    for (category, probability) in out.iter_mut().enumerate() {
        let above = cumulative(intercepts, predictor, category);
        *probability = between(above, cumulative(intercepts, predictor, category + 1));
    }
}

/// Own parameters: the intercepts.
pub(super) fn derivatives(intercepts: &[f64], predictor: f64, out: &mut Derivatives) {
    probabilities(intercepts, predictor, &mut out.probability);
    let density = |category: usize| {
        let x = cumulative(intercepts, predictor, category);
        if x.is_infinite() { 0.0 } else { logistic(x) * logistic(-x) }
    };
    for category in 0..=intercepts.len() {
        let (above, below) = (density(category), density(category + 1));
        out.by_predictor[category] = above - below;
        let own = out.by_own(category);
        own.fill(0.0);
        if category > 0 {
            own[category - 1] = above;
        }
        if category < intercepts.len() {
            own[category] = -below;
        }
    }
}
