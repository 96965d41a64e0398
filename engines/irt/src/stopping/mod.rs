//! When a test has said enough. Counts and logits; time limits and a person who leaves are the caller's.

use crate::ability::Estimate;

/// Why a test ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The standard error is small enough and every minimum is met.
    Precision,
    /// The test has its maximum number of items.
    Maximum,
}

/// A variable-length stopping rule.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule {
    /// Items a test has at least.
    pub minimum: usize,
    /// Items a test has at most.
    pub maximum: usize,
    /// Standard error in logits at or below which the test ends; 0.316 is reliability .90 when abilities have variance 1.
    pub standard_error: f64,
    /// Items every dimension has at least before the test may end for precision.
    pub minimum_per_dimension: usize,
}

impl Rule {
    /// Why the test ends after these answers, or `None` to go on.
    ///
    /// # Formula
    /// Maximum when n ≥ maximum; Precision when n ≥ minimum, every dimension has its minimum and SE ≤ the threshold.
    ///
    /// # Arguments
    /// - `estimate`: the one the threshold is about, usually the composite, logits.
    /// - `per_dimension`: answers of each dimension; their sum is n.
    ///
    /// # Source
    /// Thissen & Mislevy (2000), in Wainer, *Computerized Adaptive Testing*, ch. 5 (target precision with limits on
    /// length).
    ///
    /// # Accuracy
    /// Exact.
    ///
    /// # Limits
    /// If both hold the reason is Precision. A standard error that is NaN never ends a test for precision.
    ///
    /// ```
    /// use melek_irt::{ability::Estimate, stopping::{Reason, Rule}};
    /// let rule = Rule { minimum: 4, maximum: 30, standard_error: 0.316, minimum_per_dimension: 2 };
    /// let sure = Estimate { mean: 0.1, standard_error: 0.3 };
    /// assert_eq!(rule.decide(&sure, &[2, 2]), Some(Reason::Precision));
    /// assert_eq!(rule.decide(&sure, &[4, 1]), None);
    /// assert_eq!(rule.decide(&sure, &[29, 1]), Some(Reason::Maximum));
    /// ```
    pub fn decide(&self, estimate: &Estimate, per_dimension: &[usize]) -> Option<Reason> {
        let answers: usize = per_dimension.iter().sum();
        let minima_met =
            answers >= self.minimum && per_dimension.iter().all(|&count| count >= self.minimum_per_dimension);
        if minima_met && estimate.standard_error <= self.standard_error {
            Some(Reason::Precision)
        } else if answers >= self.maximum {
            Some(Reason::Maximum)
        } else {
            None
        }
    }
}
