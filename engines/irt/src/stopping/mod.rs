//! When a test has said enough. Counts and logits; time limits and a person who leaves are the caller's.

use crate::ability::{Estimate, Posterior};

/// Why a test ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The standard errors are small enough and every minimum is met.
    Precision,
    /// It is clear of every cut score on which side of it the person is.
    Decision,
    /// No item that is left would tell enough.
    NoUsefulItem,
    /// The test has its maximum number of items.
    Maximum,
}

/// A variable-length stopping rule. [`Rule::default`] ends no test: what is asked is set on top of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule {
    /// Items a test has at least.
    pub minimum: usize,
    /// Items a test has at most.
    pub maximum: usize,
    /// Items every dimension has at least before the test may end for anything but its maximum.
    pub minimum_per_dimension: usize,
    /// Standard error of the composite in logits at or below which the test ends; 0.316 is reliability .90 when abilities have
    /// variance 1.
    pub standard_error: f64,
    /// Standard error in logits that every dimension must have as well.
    pub dimension_standard_error: f64,
    /// Probability, above .5 up to 1, with which it must be clear of every cut score on which side of it the person is.
    pub decision: Option<f64>,
    /// Information in logits⁻² that the best item left must bring.
    pub least_information: f64,
}

/// Where a person's test stands.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'a, const D: usize> {
    pub posterior: &'a Posterior<D>,
    /// Of the composite that `standard_error` is about.
    pub weights: &'a [f64; D],
    /// Answers of each dimension.
    pub answers: [usize; D],
    /// Cut score that is to be decided about in each dimension, logits.
    pub cuts: &'a [Option<f64>; D],
}

impl Default for Rule {
    fn default() -> Self {
        Self {
            minimum: 0,
            maximum: usize::MAX,
            minimum_per_dimension: 0,
            standard_error: 0.0,
            dimension_standard_error: f64::INFINITY,
            decision: None,
            least_information: 0.0,
        }
    }
}

impl Rule {
    /// Why the test ends after these answers, or `None` to go on.
    ///
    /// # Formula
    /// With n answers, and once n ≥ minimum and every dimension has its minimum:
    /// Precision when SE(wᵀθ) ≤ the threshold and every SE(θ_d) ≤ that of the dimensions; Decision when there are cut scores
    /// and P(θ_d ≥ c_d) ≥ p or ≤ 1 − p for each; NoUsefulItem when the best item left brings less than the least information.
    /// Otherwise Maximum when n ≥ maximum.
    ///
    /// # Arguments
    /// - `standing`: posterior, weights, answers and cut scores.
    /// - `best_information`: largest information about its own dimension of all items left, logits⁻², from
    ///   [`crate::selection::best_information`]; asked only when the rule looks at it, because it means to look at every item.
    ///
    /// # Source
    /// Target precision with limits on length: Thissen & Mislevy (2000), in Wainer, *Computerized Adaptive Testing*, ch. 5.
    /// Decision by posterior probability: Rudner (2009), *Practical Assessment, Research & Evaluation* 14(8). No item left
    /// that is worth its while: minimum information, Dodd, Koch & De Ayala (1989), *Applied Psychological Measurement* 13, 129–143.
    ///
    /// # Accuracy
    /// Exact.
    ///
    /// # Limits
    /// Of several that hold the first in this order is the reason. What is NaN never ends a test. Ending as soon as a
    /// decision is clear leaves posterior probabilities what they are, but makes the score less precise.
    ///
    /// ```
    /// use melek_irt::{ability::Prior, stopping::{Reason, Rule, Standing}};
    /// let rule = Rule { minimum: 4, maximum: 30, minimum_per_dimension: 2, standard_error: 0.316, ..Rule::default() };
    /// let posterior = Prior::new([0.1, 0.2], [[0.09, 0.0], [0.0, 0.09]])?.posterior();
    /// let standing = |answers| Standing { posterior: &posterior, weights: &[0.5, 0.5], answers, cuts: &[None, None] };
    /// assert_eq!(rule.decide(&standing([2, 2]), || 1.0), Some(Reason::Precision));
    /// assert_eq!(rule.decide(&standing([4, 1]), || 1.0), None);
    /// assert_eq!(rule.decide(&standing([29, 1]), || 1.0), Some(Reason::Maximum));
    /// # Ok::<(), melek_irt::ability::PriorError>(())
    /// ```
    pub fn decide<const D: usize>(
        &self,
        standing: &Standing<'_, D>,
        best_information: impl FnOnce() -> f64,
    ) -> Option<Reason> {
        let answers: usize = standing.answers.iter().sum();
        let minima_met =
            answers >= self.minimum && standing.answers.iter().all(|&count| count >= self.minimum_per_dimension);
        if minima_met && self.is_precise(standing) {
            Some(Reason::Precision)
        } else if minima_met && self.is_decided(standing) {
            Some(Reason::Decision)
        } else if minima_met && self.least_information > 0.0 && best_information() < self.least_information {
            Some(Reason::NoUsefulItem)
        } else if answers >= self.maximum {
            Some(Reason::Maximum)
        } else {
            None
        }
    }

    fn is_precise<const D: usize>(&self, standing: &Standing<'_, D>) -> bool {
        let Standing { posterior, weights, .. } = standing;
        let mut dimensions = (0..D).filter_map(|dimension| posterior.dimension(dimension));
        posterior.composite(weights).standard_error <= self.standard_error
            && dimensions.all(|estimate| estimate.standard_error <= self.dimension_standard_error)
    }

    fn is_decided<const D: usize>(&self, standing: &Standing<'_, D>) -> bool {
        let Some(clear) = self.decision else { return false };
        let Standing { posterior, cuts, .. } = standing;
        let is_clear = |(estimate, cut): (Estimate, f64)| {
            let probability = estimate.probability_at_least(cut);
            probability >= clear || 1.0 - probability >= clear
        };
        let decided_about = || (0..D).filter_map(|dimension| Some((posterior.dimension(dimension)?, cuts[dimension]?)));
        decided_about().next().is_some() && decided_about().all(is_clear)
    }
}
