//! Probabilities of an item's categories with their first and second derivatives by the predictor u = a·θ, and their
//! limits at both ends.
//!
//! Logistic P = c + (d − c) L: P′ = (d − c) L (1 − L), P″ = P′ (1 − 2L). Graded: the difference of two such with c = 0,
//! d = 1. Divide-by-total: P′ = P (s − m), P″ = P ((s − m)² − v), m and v mean and variance of the scoring s.

use crate::model::{Derivatives, Form, ResponseFunction};

/// Filled again for every item and ability.
#[derive(Debug, Clone, Default)]
pub(super) struct Curve {
    at: Derivatives,
    second: Vec<f64>,
}

/// Smallest probability a ratio is taken of: below it the arithmetic has no digits left.
const SMALLEST: f64 = f64::MIN_POSITIVE;

impl Curve {
    pub(super) fn fill(&mut self, function: &ResponseFunction, predictor: f64) {
        function.derivatives(predictor, &mut self.at);
        self.second.resize(function.categories(), 0.0);
        match function.form() {
            Form::Logistic { intercept, .. } => {
                let bend = -libm::tanh(0.5 * (predictor + intercept));
                for (second, first) in self.second.iter_mut().zip(&self.at.by_predictor) {
                    *second = first * bend;
                }
            }
            Form::Graded { intercepts } => {
                let bend = |intercept: &f64| {
                    let half = 0.5 * (predictor + intercept);
                    let root = 2.0 * libm::cosh(half);
                    -libm::tanh(half) / (root * root)
                };
                let mut above = 0.0;
                for (category, second) in self.second.iter_mut().enumerate() {
                    let below = intercepts.get(category).map_or(0.0, bend);
                    *second = above - below;
                    above = below;
                }
            }
            Form::DivideByTotal { scoring, .. } => {
                let score = |category: usize| if category == 0 { 0.0 } else { scoring[category - 1] };
                let probability = &self.at.probability;
                let mean: f64 = probability.iter().enumerate().map(|(k, p)| score(k) * p).sum();
                let square = |k: usize| (score(k) - mean) * (score(k) - mean);
                let variance: f64 = probability.iter().enumerate().map(|(k, p)| square(k) * p).sum();
                for (k, second) in self.second.iter_mut().enumerate() {
                    *second = probability[k] * (square(k) - variance);
                }
            }
        }
    }

    /// ln P of a category and its first two derivatives.
    pub(super) fn logarithm(&self, category: usize) -> [f64; 3] {
        let probability = self.at.probability[category].max(SMALLEST);
        let first = self.at.by_predictor[category] / probability;
        [libm::log(probability), first, self.second[category] / probability - first * first]
    }

    /// Fisher information Σ P′²/P.
    pub(super) fn information(&self) -> f64 {
        self.ratio(&self.at.by_predictor)
    }

    /// Σ P′ P″/P, twice the numerator of Warm's correction.
    pub(super) fn skew(&self) -> f64 {
        self.ratio(&self.second)
    }

    fn ratio(&self, other: &[f64]) -> f64 {
        let terms = self.at.by_predictor.iter().zip(other).zip(&self.at.probability);
        terms.filter(|(_, p)| **p > SMALLEST).map(|((first, other), p)| first * other / p).sum()
    }
}

/// ln P of a category where the predictor tends to ∞ (`rising`) or −∞; −∞ for one that then never happens.
pub(super) fn log_limit(function: &ResponseFunction, category: usize, rising: bool) -> f64 {
    let probability = match function.form() {
        Form::Logistic { lower, upper, .. } => {
            let right = if rising { *upper } else { *lower };
            if category == 1 { right } else { 1.0 - right }
        }
        Form::Graded { intercepts } => {
            let survivor = if rising { intercepts.len() } else { 0 };
            f64::from(u8::from(category == survivor))
        }
        Form::DivideByTotal { scoring, intercepts } => {
            let score = |k: usize| (if k == 0 { 0.0 } else { scoring[k - 1] }) * if rising { 1.0 } else { -1.0 };
            let weight = |k: usize| if k == 0 { 1.0 } else { libm::exp(intercepts[k - 1]) };
            let largest = (0..=scoring.len()).map(score).fold(f64::NEG_INFINITY, f64::max);
            let total: f64 = (0..=scoring.len()).filter(|k| score(*k) == largest).map(weight).sum();
            if score(category) == largest { weight(category) / total } else { 0.0 }
        }
    };
    libm::log(probability)
}
