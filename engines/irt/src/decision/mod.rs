//! From a probability to a word: is the required level met? "Not sure yet" is an answer. From a joint
//! posterior to classes by a sum of levels, and how sure each is, in `level_sum.rs`; what more answers would do to the word in
//! `forecast.rs`.

mod forecast;
mod level_sum;

pub use forecast::probability_of_verdict;
pub use level_sum::{Competence, LevelSum, LevelSumError};

/// At or above this probability a level counts as met: odds of four to one, the product's rule.
pub const MET_FROM: f64 = 0.8;

/// At or below this probability a level counts as not met: the same odds the other way.
pub const NOT_MET_UP_TO: f64 = 0.2;

/// Whether a level is reached, as far as the answers tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    Met,
    NotSure,
    NotMet,
}

impl Verdict {
    /// The verdict on a level that is reached with this probability.
    ///
    /// # Formula
    /// Met for p ≥ .8, not met for p ≤ .2, otherwise not sure.
    ///
    /// # Arguments
    /// `probability` that the ability is at least the cut score, 0 … 1, from
    /// [`crate::ability::Estimate::probability_at_least`].
    ///
    /// # Source
    /// Sequential classification by posterior probability, Rudner (2009), *Practical Assessment, Research & Evaluation* 14(8);
    /// the thresholds are this product's.
    ///
    /// # Accuracy
    /// Exact; where the posterior is right, at most one verdict in five is wrong, fewer on average.
    ///
    /// # Limits
    /// NaN is not sure.
    ///
    /// ```
    /// use melek_irt::decision::Verdict;
    /// assert_eq!(Verdict::from_probability(0.85), Verdict::Met);
    /// assert_eq!(Verdict::from_probability(0.5), Verdict::NotSure);
    /// ```
    pub fn from_probability(probability: f64) -> Self {
        if probability >= MET_FROM {
            Self::Met
        } else if probability <= NOT_MET_UP_TO {
            Self::NotMet
        } else {
            Self::NotSure
        }
    }
}
