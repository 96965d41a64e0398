//! Where a score of an item lies on the ability scale at a response probability.

use crate::model::{Form, ResponseFunction};

/// Halvings until a bracket of 2⁶⁰ leaves neighbouring doubles.
const HALVINGS: usize = 120;

/// The predictor is looked for within ± 2²⁰: beyond, every probability is 0 or 1 to the last bit.
const DOUBLINGS: usize = 20;

/// Ability in logits at which a person reaches at least a category with the given probability, or `None` where no ability
/// does.
///
/// # Formula
/// θ with P(X ≥ k | θ) = p. Logistic: θ = (ln((p − c)/(d − p)) − b)/a with intercept b, asymptotes c and d; graded:
/// θ = (ln(p/(1 − p)) − b_k)/a; divide-by-total: by bisection.
///
/// # Arguments
/// `function`: one dimension, slope above 0, rising scores. `category`: 1 … K − 1. `probability`: typically .50, .67 or .80.
///
/// # Source
/// Huynh (2006), *Educational Measurement: Issues and Practice* 25(2), 19–20; several categories: Huynh (1998), *Journal
/// of Educational and Behavioral Statistics* 23, 35–56 (score locations by cumulative probability).
///
/// # Accuracy
/// Agrees with scipy's root finding to 1e-11 on `tests/reference/standard_setting_pages.csv`.
///
/// # Limits
/// `None` at or below the lower and at or above the upper asymptote, for a slope not above 0, scores that do not rise,
/// several dimensions, and categories that the item does not have.
///
/// ```
/// use melek_irt::model::ResponseFunction;
/// use melek_irt::standard_setting::location;
/// let item = ResponseFunction::two_parameter(1.0, -0.5)?;
/// assert!((location(&item, 1, 0.5).unwrap() - 0.5).abs() < 1e-15);
/// assert_eq!(location(&item, 2, 0.5), None);
/// # Ok::<(), melek_irt::model::ResponseFunctionError>(())
/// ```
pub fn location(function: &ResponseFunction, category: usize, probability: f64) -> Option<f64> {
    let [slope] = *function.slopes() else { return None };
    let is_there = (1..function.categories()).contains(&category);
    if !(is_there && slope > 0.0 && probability > 0.0 && probability < 1.0) {
        return None;
    }
    let predictor = match function.form() {
        Form::Logistic { intercept, lower, upper } => (probability > *lower && probability < *upper)
            .then(|| libm::log((probability - lower) / (upper - probability)) - intercept),
        Form::Graded { intercepts } => Some(libm::log(probability / (1.0 - probability)) - intercepts[category - 1]),
        Form::DivideByTotal { scoring, .. } => {
            let rises = scoring.first().is_some_and(|first| *first > 0.0) && scoring.is_sorted_by(|a, b| a < b);
            rises.then(|| by_bisection(function, category, probability)).flatten()
        }
    };
    predictor.map(|predictor| predictor / slope).filter(|location| location.is_finite())
}

fn by_bisection(function: &ResponseFunction, category: usize, probability: f64) -> Option<f64> {
    let mut probabilities = vec![0.0; function.categories()];
    let mut is_reached = |predictor: f64| {
        function.fill_probabilities(predictor, &mut probabilities);
        probabilities[category..].iter().sum::<f64>() >= probability
    };
    let mut bracket = None;
    for power in 0..DOUBLINGS {
        let reach = f64::from(1_u32 << power);
        if !is_reached(-reach) && is_reached(reach) {
            bracket = Some((-reach, reach));
            break;
        }
    }
    let (mut low, mut high) = bracket?;
    for _ in 0..HALVINGS {
        let middle = 0.5 * (low + high);
        if is_reached(middle) { high = middle } else { low = middle }
    }
    Some(0.5 * (low + high))
}
