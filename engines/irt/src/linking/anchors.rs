//! The items common to two calibrations, and what can be wrong with them.

use core::fmt;

use crate::fairness::AreaError;
use crate::model::{Form, ResponseFunction, ResponseFunctionError};

/// One of the two calibrations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormSide {
    New,
    Old,
}

impl fmt::Display for FormSide {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::New => "new",
            Self::Old => "old",
        })
    }
}

/// Two calibrations that cannot be put on one scale. Anchors count from 0.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum LinkingError {
    #[error("{0} anchors; two scales need at least 2 items in common")]
    TooFewAnchors(usize),
    #[error("the response function of anchor {anchor} has {slopes} slopes; linking is for one dimension")]
    Dimensions { anchor: usize, slopes: usize },
    #[error("the two response functions of anchor {anchor} differ in model or number of categories")]
    Unlike { anchor: usize },
    #[error("anchor {anchor} has more than two categories; link polytomous items by their curves")]
    NotDichotomous { anchor: usize },
    #[error("the slope of anchor {anchor} in the {side} calibration is {slope}; this method needs it above 0")]
    Slope { anchor: usize, side: FormSide, slope: f64 },
    #[error("the slopes of the {side} calibration have the mean {mean}; a scale needs it above 0")]
    SlopeMean { side: FormSide, mean: f64 },
    #[error("the anchors of the {side} calibration are all equally difficult, so their spread sets no unit")]
    NoSpread { side: FormSide },
    #[error("no step brought the curves nearer after {steps} steps; they are still {distance:.1e} apart")]
    NotConverged { steps: usize, distance: f64 },
    #[error("slope {slope} and intercept {intercept} are no transformation; the slope must be finite and above 0")]
    Transformation { slope: f64, intercept: f64 },
    #[error("the area between the two curves of anchor {anchor} cannot be measured")]
    Area { anchor: usize, source: AreaError },
    #[error(transparent)]
    Function(#[from] ResponseFunctionError),
}

/// One item in both calibrations, each in the parameters of its own scale.
#[derive(Debug, Clone, PartialEq)]
pub struct Anchor {
    pub new: ResponseFunction,
    pub old: ResponseFunction,
}

/// At least two anchors of one dimension, each of the same model and number of categories in both calibrations.
#[derive(Debug, Clone, PartialEq)]
pub struct Anchors(Vec<Anchor>);

impl Anchors {
    /// The anchors, or which of them cannot be used.
    ///
    /// # Arguments
    /// `anchors`: at least 2; in practice at least a fifth of the test, and 20 items (Kolen & Brennan 2014, sec. 8.1).
    ///
    /// # Source
    /// Common-item design: Kolen & Brennan (2014), *Test Equating, Scaling, and Linking*, 3rd ed., ch. 6.
    pub fn new(anchors: Vec<Anchor>) -> Result<Self, LinkingError> {
        if anchors.len() < 2 {
            return Err(LinkingError::TooFewAnchors(anchors.len()));
        }
        for (anchor, Anchor { new, old }) in anchors.iter().enumerate() {
            if let Some(other) = [new, old].into_iter().find(|function| function.slopes().len() != 1) {
                return Err(LinkingError::Dimensions { anchor, slopes: other.slopes().len() });
            }
            if !alike(new, old) {
                return Err(LinkingError::Unlike { anchor });
            }
        }
        Ok(Self(anchors))
    }

    /// The anchors in their order.
    pub fn items(&self) -> &[Anchor] {
        &self.0
    }

    /// Number of anchors, at least 2.
    ///
    /// # Source
    /// Definition.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Parameters that all anchors have in one calibration: for each anchor its slope, then intercept, lower and upper
    /// asymptote; or intercepts; or scores, then intercepts. The order of [`crate::calibration::Calibration::covariance`].
    ///
    /// # Source
    /// Definition.
    pub fn parameters(&self) -> usize {
        self.0.iter().map(|anchor| 1 + anchor.new.own().len()).sum()
    }
}

fn alike(new: &ResponseFunction, old: &ResponseFunction) -> bool {
    let same_form = matches!(
        (new.form(), old.form()),
        (Form::Logistic { .. }, Form::Logistic { .. })
            | (Form::Graded { .. }, Form::Graded { .. })
            | (Form::DivideByTotal { .. }, Form::DivideByTotal { .. })
    );
    same_form && new.categories() == old.categories()
}
