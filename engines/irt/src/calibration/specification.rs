//! What is estimated: the model of every item, what is known beforehand of its parameters, and the groups of people.

use super::latent::Latent;
use super::prior::ParameterPrior;
use crate::model::ResponseFunction;

/// The model of one item; D = 1, slope–intercept form of [`crate::model::Form`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Model {
    /// Logistic with slope 1: Rasch (1960). The spread of ability is estimated instead.
    Rasch,
    /// Logistic: Birnbaum (1968).
    TwoParameter,
    /// Logistic with a lower asymptote: Birnbaum (1968).
    ThreeParameter,
    /// Logistic with both asymptotes: Barton & Lord (1981).
    FourParameter,
    /// Cumulative logits: Samejima (1969).
    Graded,
    /// Divide-by-total with slope 1: Masters (1982).
    PartialCredit,
    /// Divide-by-total with a slope: Muraki (1992).
    GeneralizedPartialCredit,
    /// Partial credit whose thresholds are common to all items of this model: Andrich (1978).
    RatingScale,
    /// Graded whose thresholds are common to all items of this model: Muraki (1990).
    GradedRatingScale,
    /// Divide-by-total with free scoring: Bock (1972).
    Nominal,
}

impl Model {
    /// Whether the slope is 1 and the spread of ability is estimated in its place.
    pub(crate) fn has_unit_slope(self) -> bool {
        matches!(self, Self::Rasch | Self::PartialCredit | Self::RatingScale)
    }

    /// Whether the model describes items of two categories only.
    pub(crate) fn is_logistic(self) -> bool {
        matches!(self, Self::Rasch | Self::TwoParameter | Self::ThreeParameter | Self::FourParameter)
    }
}

/// A parameter of an item that a prior may describe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parameter {
    /// Every slope of the item.
    Slope,
    /// Every intercept of the item.
    Intercept,
    /// The lower asymptote, on the scale of probability.
    Lower,
    /// The upper asymptote, on the scale of probability.
    Upper,
}

/// How one item is estimated.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemSpecification {
    pub model: Model,
    /// Dimensions the item measures, from 0.
    pub dimensions: Vec<usize>,
    /// Densities that multiply the likelihood.
    pub priors: Vec<(Parameter, ParameterPrior)>,
    /// The item's known parameters; nothing of it is then estimated.
    pub fixed: Option<ResponseFunction>,
}

impl ItemSpecification {
    /// An item in one dimension without priors.
    ///
    /// # Source
    /// Definition.
    pub fn new(model: Model) -> Self {
        Self { model, dimensions: vec![0], priors: Vec::new(), fixed: None }
    }
}

/// How a test is estimated.
///
/// ```
/// use melek_irt::calibration::{Model, Specification};
/// let specification = Specification::uniform(Model::TwoParameter, 50);
/// assert_eq!(specification.items.len(), 50);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Specification {
    pub items: Vec<ItemSpecification>,
    /// Each person's group, from 0; empty when there is one group.
    pub groups: Vec<u16>,
    /// What is known and what is estimated of ability, one a group.
    pub latent: Vec<Latent>,
}

impl Specification {
    /// The same model for all items, one dimension, one group. Ability is standard normal; its spread is estimated
    /// when the model has no slope.
    ///
    /// # Arguments
    /// `items`: number of items.
    ///
    /// # Source
    /// Bock & Aitkin (1981), *Psychometrika* 46, 443–459; for the Rasch family Thissen (1982), *Psychometrika* 47, 175.
    pub fn uniform(model: Model, items: usize) -> Self {
        let latent = if model.has_unit_slope() { Latent::free_spread() } else { Latent::standard(1) };
        Self { items: vec![ItemSpecification::new(model); items], groups: Vec::new(), latent: vec![latent] }
    }

    /// Number of dimensions.
    ///
    /// # Source
    /// Definition.
    pub fn dimensions(&self) -> usize {
        self.latent.first().map_or(1, Latent::dimensions)
    }
}
