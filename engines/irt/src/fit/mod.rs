//! Whether a calibration can be believed: of the whole test, of each item, of pairs of items and of each person; and how
//! reliable what it says of people is.
//!
//! Every statistic reads a [`Fitted`]: answers, specification and calibration that belong together. One statistic a
//! file; scores of people, fairness between groups and linking are elsewhere.
//!
//! | question | function |
//! |---|---|
//! | does the model describe the test? | [`limited_information`] with RMSEA, SRMSR, TLI, CFI |
//! | which of two models is better? | [`likelihood_ratio`], [`information_criteria`] |
//! | which item does not fit? | [`summed_score_fit`], [`mean_squares`] |
//! | which two items belong together? | [`local_dependence`], [`residual_correlations`] |
//! | who answered unusually? | [`person_fit`] |
//! | how reliable is the test? | [`marginal_reliability`], [`empirical_reliability`], [`conditional_reliability`], [`test_information`] |

mod answer_residuals;
mod approximation;
mod baseline;
pub(crate) mod chi_square;
mod collapsing;
mod comparison;
mod empirical_reliability;
mod expected_ability;
mod fitted;
mod information;
mod information_criteria;
mod limited_information;
mod local_dependence;
mod mean_squares;
mod moments;
mod pair_counts;
mod person_fit;
mod residual_correlations;
mod standardized_residual;
mod sum_scores;
mod summed_score;

pub use approximation::Approximation;
pub use baseline::Baseline;
pub use comparison::{ComparisonError, LikelihoodRatio, likelihood_ratio};
pub use empirical_reliability::empirical_reliability;
pub use fitted::{FitError, Fitted};
pub use information::{conditional_reliability, marginal_reliability, test_information};
pub use information_criteria::{InformationCriteria, information_criteria};
pub use limited_information::{LimitedInformation, limited_information};
pub use local_dependence::{PairFit, local_dependence};
pub use mean_squares::{MeanSquares, mean_squares};
pub use moments::Moments;
pub use person_fit::{PersonFit, person_fit};
pub use residual_correlations::{ResidualCorrelations, residual_correlations};
pub use summed_score::{ItemFit, summed_score_fit};
