//! What is asked of a search for items that differ, and what it found.

use super::contrast::Contrast;
use super::design::{InvarianceError, Untested};
use super::effect_size::EffectSize;
use crate::calibration::{Latent, Options};
use crate::model::{Form, ResponseFunction};

/// How to look for items that differ.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Items known to mean the same in all groups, from 0; all others are then free in the first round ("add
    /// constraints"). Empty: each item is freed alone, with all others as anchors ("drop constraints").
    pub anchors: Vec<usize>,
    /// An item whose probability lies below differs.
    pub significance: f64,
    /// Rounds at most. With 1 there is no purification; otherwise what was found is freed and the rest are the anchors
    /// of the next round, until a round finds the same.
    pub most_rounds: usize,
    pub calibration: Options,
}

impl Default for Plan {
    fn default() -> Self {
        Self { anchors: Vec::new(), significance: 0.05, most_rounds: 1, calibration: Options::default() }
    }
}

impl Plan {
    pub(super) fn check(&self, items: usize) -> Result<(), InvarianceError> {
        if !(self.significance > 0.0 && self.significance < 1.0) {
            return Err(InvarianceError::Significance(self.significance));
        }
        match self.anchors.iter().copied().find(|item| *item >= items) {
            Some(item) => Err(InvarianceError::UnknownItem { item, items }),
            None => Ok(()),
        }
    }
}

/// Where a search stands: before an item of a round is tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stage {
    /// From 1.
    pub round: usize,
    pub item: usize,
}

/// The test of one item.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemTest {
    pub item: usize,
    /// Chi-square distributed where the item does not differ; a likelihood ratio may be negative by as much as the
    /// tolerance of the calibrations.
    pub statistic: f64,
    pub degrees: usize,
    /// Chance of a larger statistic where the item does not differ.
    pub probability: f64,
    /// The same held against all items tested: Holm (1979), *Scandinavian Journal of Statistics* 6, 65–70.
    pub adjusted: f64,
    pub flagged: bool,
    /// People of the group in which fewest answered the item.
    pub smallest_group: usize,
    /// The item's response function in each group.
    pub functions: Vec<ResponseFunction>,
    /// Size of the difference, one a focal group.
    pub effects: Vec<EffectSize>,
    /// Differences of the parameters with their errors; nothing where the information about them cannot be inverted.
    pub contrast: Option<Contrast>,
    /// Whether the calibrations compared had converged.
    pub converged: bool,
}

impl ItemTest {
    /// Probability, 0 … 1, that the test finds the item harder by so many logits in every focal group; nothing without a
    /// [`ItemTest::contrast`].
    ///
    /// # Formula
    /// [`Contrast::power`] at intercepts that are lower by δ; of the step to category k in divide-by-total models by k δ, as
    /// if ability were less by δ.
    ///
    /// # Arguments
    /// - `logits` δ: of intercept at slope 1; half a logit is a usual question.
    /// - `significance`: between 0 and 1, typically 0.05.
    ///
    /// # Source
    /// Satorra & Saris (1985), *Psychometrika* 50, 83–90; for the likelihood ratio it is the same as people become many.
    ///
    /// # Accuracy
    /// As [`Contrast::power`].
    ///
    /// # Limits
    /// The significance itself at δ = 0.
    pub fn power(&self, logits: f64, significance: f64) -> Option<f64> {
        let contrast = self.contrast.as_ref()?;
        let (groups, function) = (self.functions.len() - 1, self.functions.first()?);
        let (length, steps) = (contrast.difference.len() / groups.max(1), function.categories() - 1);
        let mut own = vec![0.0; length];
        match function.form() {
            // A slope first, where it is estimated; asymptotes after the intercept.
            Form::Logistic { .. } => *own.get_mut(length.checked_sub(1)?.min(1))? = -logits,
            Form::Graded { .. } => own[length.checked_sub(steps)?..].fill(-logits),
            Form::DivideByTotal { .. } => {
                let intercepts = own[length.checked_sub(steps)?..].iter_mut();
                intercepts.enumerate().for_each(|(step, value)| *value = -logits * (step + 1) as f64);
            }
        }
        contrast.power(&own.repeat(groups), significance)
    }
}

/// What became of an item.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    Tested(ItemTest),
    Untested(Untested),
}

impl Outcome {
    /// The test, if there was one.
    ///
    /// # Source
    /// Definition.
    pub fn test(&self) -> Option<&ItemTest> {
        match self {
            Self::Tested(test) => Some(test),
            Self::Untested(_) => None,
        }
    }
}

/// What a search found.
#[derive(Debug, Clone, PartialEq)]
pub struct Screening {
    /// One an item, in the last round.
    pub outcomes: Vec<Outcome>,
    /// Items taken to mean the same in all groups in the last round, an item under test aside.
    pub anchors: Vec<usize>,
    /// Abilities of the groups, with the items found free.
    pub groups: Vec<Latent>,
    /// Log-likelihood of the calibration of the last round before any item was tested.
    pub log_likelihood: f64,
    /// People of each group.
    pub sizes: Vec<usize>,
    pub rounds: usize,
    /// Whether the last round found the same items as the one before.
    pub settled: bool,
}

impl Screening {
    /// Items that differ, from 0.
    ///
    /// # Source
    /// Definition.
    pub fn flagged(&self) -> Vec<usize> {
        self.outcomes.iter().filter_map(Outcome::test).filter(|test| test.flagged).map(|test| test.item).collect()
    }
}

/// Holm's adjusted probabilities in place of the raw ones.
pub(super) fn adjust(tests: &mut [&mut ItemTest]) {
    tests.sort_by(|one, other| one.probability.total_cmp(&other.probability));
    let count = tests.len();
    let mut largest = 0.0_f64;
    for (rank, test) in tests.iter_mut().enumerate() {
        largest = largest.max((count - rank) as f64 * test.probability).min(1.0);
        test.adjusted = largest;
    }
}
