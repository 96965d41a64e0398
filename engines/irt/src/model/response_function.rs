//! How the chance of each category of an item depends on ability, in slope–intercept form.
//!
//! Ability enters every model through one number, the predictor u = a_1 θ_1 + … + a_D θ_D, so one item is its slopes and
//! a form: what the categories do with u. One form a file; D = 1, abilities in logits.

use super::derivatives::Derivatives;
use super::{divide_by_total, graded, logistic};

/// Parameters that describe no response function.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ResponseFunctionError {
    #[error("a response function needs at least one slope")]
    NoSlope,
    #[error("{0} is not a finite number")]
    NotFinite(f64),
    #[error("asymptotes {lower} and {upper} do not satisfy 0 ≤ lower < upper ≤ 1")]
    Asymptotes { lower: f64, upper: f64 },
    #[error("intercept {after} follows {before}; those of a graded item must fall")]
    Order { before: f64, after: f64 },
    #[error("{scoring} scores for {intercepts} intercepts; each category above the lowest needs one of each")]
    Categories { scoring: usize, intercepts: usize },
}

/// What the categories of an item do with the predictor u = a·θ.
#[derive(Debug, Clone, PartialEq)]
pub enum Form {
    /// Wrong and right: P(right) = lower + (upper − lower) / (1 + exp(−(u + intercept))).
    Logistic { intercept: f64, lower: f64, upper: f64 },
    /// Ordered categories: P(X ≥ k) = 1 / (1 + exp(−(u + intercepts[k − 1]))), falling intercepts.
    Graded { intercepts: Vec<f64> },
    /// Competing categories: P(X = k) ∝ exp(scoring[k − 1] u + intercepts[k − 1]), and ∝ 1 for k = 0.
    DivideByTotal { scoring: Vec<f64>, intercepts: Vec<f64> },
}

/// One item's response function: slopes per logit and a form.
///
/// ```
/// use melek_irt::model::ResponseFunction;
/// let item = ResponseFunction::two_parameter(1.5, 0.6)?;
/// assert!((item.probabilities(&[-0.4])[1] - 0.5).abs() < 1e-15); // difficulty −0.6/1.5
/// # Ok::<(), melek_irt::model::ResponseFunctionError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct ResponseFunction {
    slopes: Vec<f64>,
    form: Form,
}

impl ResponseFunction {
    /// A response function, or what is wrong with its parameters.
    ///
    /// # Arguments
    /// `slopes`: one a dimension, any finite number. `form`: finite numbers; 0 ≤ lower < upper ≤ 1; falling graded
    /// intercepts; as many scores as intercepts.
    ///
    /// # Source
    /// The heads of `logistic.rs`, `graded.rs` and `divide_by_total.rs` name the model of each form.
    pub fn new(slopes: Vec<f64>, form: Form) -> Result<Self, ResponseFunctionError> {
        if slopes.is_empty() {
            return Err(ResponseFunctionError::NoSlope);
        }
        let function = Self { slopes, form };
        let own = function.own();
        if let Some(bad) = function.slopes.iter().chain(&own).find(|value| !value.is_finite()) {
            return Err(ResponseFunctionError::NotFinite(*bad));
        }
        match &function.form {
            Form::Logistic { lower, upper, .. } if !(0.0 <= *lower && lower < upper && *upper <= 1.0) => {
                Err(ResponseFunctionError::Asymptotes { lower: *lower, upper: *upper })
            }
            Form::Graded { intercepts } => match intercepts.windows(2).find(|pair| pair[0] <= pair[1]) {
                Some(pair) => Err(ResponseFunctionError::Order { before: pair[0], after: pair[1] }),
                None => Ok(function),
            },
            Form::DivideByTotal { scoring, intercepts } if scoring.len() != intercepts.len() => {
                Err(ResponseFunctionError::Categories { scoring: scoring.len(), intercepts: intercepts.len() })
            }
            _ => Ok(function),
        }
    }

    /// The two-parameter logistic model in one dimension: P(right) = 1 / (1 + exp(−(a θ + d))).
    ///
    /// # Arguments
    /// `slope` a, per logit, typically 0.5 … 2.5. `intercept` d = −a b with b the difficulty.
    ///
    /// # Source
    /// Birnbaum (1968), in Lord & Novick, ch. 17; slope–intercept form of Bock & Aitkin (1981), *Psychometrika* 46, 443.
    pub fn two_parameter(slope: f64, intercept: f64) -> Result<Self, ResponseFunctionError> {
        Self::new(vec![slope], Form::Logistic { intercept, lower: 0.0, upper: 1.0 })
    }

    /// Slopes, per logit, one a dimension.
    pub fn slopes(&self) -> &[f64] {
        &self.slopes
    }

    /// The form.
    pub fn form(&self) -> &Form {
        &self.form
    }

    /// Number of categories, at least 1.
    ///
    /// # Source
    /// Definition.
    pub fn categories(&self) -> usize {
        match &self.form {
            Form::Logistic { .. } => 2,
            Form::Graded { intercepts } | Form::DivideByTotal { intercepts, .. } => intercepts.len() + 1,
        }
    }

    /// The predictor u = a·θ, in logits.
    ///
    /// # Source
    /// Reckase (2009), *Multidimensional Item Response Theory*, eq. 4.1 (compensatory form).
    pub fn predictor(&self, theta: &[f64]) -> f64 {
        self.slopes.iter().zip(theta).map(|(slope, ability)| slope * ability).sum()
    }

    /// Probabilities of the categories at an ability; they sum to 1.
    ///
    /// # Formula
    /// By form, see [`Form`].
    ///
    /// # Arguments
    /// `theta`: one ability in logits a dimension.
    ///
    /// # Source
    /// As [`ResponseFunction::new`].
    ///
    /// # Accuracy
    /// Rounding; a category that is nearly impossible keeps its relative precision.
    pub fn probabilities(&self, theta: &[f64]) -> Vec<f64> {
        let mut out = vec![0.0; self.categories()];
        self.fill_probabilities(self.predictor(theta), &mut out);
        out
    }

    /// Expected category, 0 … K − 1.
    ///
    /// # Formula
    /// Σ k P(X = k | θ)
    ///
    /// # Arguments
    /// `theta`: one ability in logits a dimension.
    ///
    /// # Source
    /// Definition; item true score in Lord (1980), ch. 4.
    pub fn expected_score(&self, theta: &[f64]) -> f64 {
        self.probabilities(theta).iter().enumerate().map(|(category, p)| category as f64 * p).sum()
    }

    /// Fisher information about the predictor u, ≥ 0; times a² it is the information about ability in one dimension,
    /// per squared logit.
    ///
    /// # Formula
    /// Σ (∂P_k/∂u)² / P_k
    ///
    /// # Arguments
    /// `theta`: one ability in logits a dimension.
    ///
    /// # Source
    /// Samejima (1969), eq. 6-6; Muraki (1993), *Applied Psychological Measurement* 17, 351–363.
    ///
    /// # Limits
    /// 0 where a category's probability underflows.
    pub fn information(&self, theta: &[f64]) -> f64 {
        let mut at = Derivatives::default();
        self.derivatives(self.predictor(theta), &mut at);
        let terms = at.by_predictor.iter().zip(&at.probability);
        terms
            .filter(|(_, probability)| **probability > 0.0)
            .map(|(slope, probability)| slope * slope / probability)
            .sum()
    }

    /// Parameters other than the slopes: intercept, lower, upper; or intercepts; or scoring, intercepts.
    pub(crate) fn own(&self) -> Vec<f64> {
        match &self.form {
            Form::Logistic { intercept, lower, upper } => vec![*intercept, *lower, *upper],
            Form::Graded { intercepts } => intercepts.clone(),
            Form::DivideByTotal { scoring, intercepts } => scoring.iter().chain(intercepts).copied().collect(),
        }
    }

    /// Probabilities at a predictor into `out`, which has room for the categories.
    pub(crate) fn fill_probabilities(&self, predictor: f64, out: &mut [f64]) {
        match &self.form {
            Form::Logistic { intercept, lower, upper } => {
                logistic::probabilities([*intercept, *lower, *upper], predictor, out);
            }
            Form::Graded { intercepts } => graded::probabilities(intercepts, predictor, out),
            Form::DivideByTotal { scoring, intercepts } => {
                divide_by_total::probabilities(scoring, intercepts, predictor, out);
            }
        }
    }

    /// Probabilities and their derivatives by the predictor and by the parameters of [`ResponseFunction::own`].
    pub(crate) fn derivatives(&self, predictor: f64, out: &mut Derivatives) {
        match &self.form {
            Form::Logistic { intercept, lower, upper } => {
                out.reshape(2, 3);
                logistic::derivatives([*intercept, *lower, *upper], predictor, out);
            }
            Form::Graded { intercepts } => {
                out.reshape(intercepts.len() + 1, intercepts.len());
                graded::derivatives(intercepts, predictor, out);
            }
            Form::DivideByTotal { scoring, intercepts } => {
                out.reshape(intercepts.len() + 1, 2 * intercepts.len());
                divide_by_total::derivatives(scoring, intercepts, predictor, out);
            }
        }
    }
}
