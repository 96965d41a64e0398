//! Models as they are called on the command line and in files.

use std::fmt;

use clap::ValueEnum;
use melek_irt::calibration::Model;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ModelName {
    /// right and wrong; all slopes are 1
    Rasch,
    /// right and wrong
    #[value(name = "2pl")]
    #[serde(rename = "2pl")]
    TwoParameter,
    /// with a lower asymptote; --prior lower=beta:5,17 is recommended
    #[value(name = "3pl")]
    #[serde(rename = "3pl")]
    ThreeParameter,
    /// with a lower and an upper asymptote; give both a prior
    #[value(name = "4pl")]
    #[serde(rename = "4pl")]
    FourParameter,
    /// graded responses
    #[value(name = "grm")]
    #[serde(rename = "grm")]
    Graded,
    /// generalized partial credit
    #[value(name = "gpcm")]
    #[serde(rename = "gpcm")]
    GeneralizedPartialCredit,
    /// partial credit; all slopes are 1
    #[value(name = "pcm")]
    #[serde(rename = "pcm")]
    PartialCredit,
    /// rating scale; thresholds common to all items
    #[value(name = "rsm")]
    #[serde(rename = "rsm")]
    RatingScale,
    /// graded rating scale
    #[value(name = "grsm")]
    #[serde(rename = "grsm")]
    GradedRatingScale,
    /// categories without an order
    Nominal,
}

impl From<ModelName> for Model {
    fn from(name: ModelName) -> Self {
        match name {
            ModelName::Rasch => Self::Rasch,
            ModelName::TwoParameter => Self::TwoParameter,
            ModelName::ThreeParameter => Self::ThreeParameter,
            ModelName::FourParameter => Self::FourParameter,
            ModelName::Graded => Self::Graded,
            ModelName::GeneralizedPartialCredit => Self::GeneralizedPartialCredit,
            ModelName::PartialCredit => Self::PartialCredit,
            ModelName::RatingScale => Self::RatingScale,
            ModelName::GradedRatingScale => Self::GradedRatingScale,
            ModelName::Nominal => Self::Nominal,
        }
    }
}

impl fmt::Display for ModelName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.to_possible_value().as_ref().map_or("", |value| value.get_name()))
    }
}
