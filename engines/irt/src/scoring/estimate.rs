//! What a method says of a person: an ability with its uncertainty, or why there is none.

/// An ability with its uncertainty, in logits.
///
/// ```
/// use melek_irt::scoring::Score;
/// let score = Score { ability: vec![0.5], covariance: vec![vec![0.09]] };
/// assert!((score.standard_error(0) - 0.3).abs() < 1e-15);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// One a dimension.
    pub ability: Vec<f64>,
    /// Posterior or sampling covariance of the estimate, by the method.
    pub covariance: Vec<Vec<f64>>,
}

impl Score {
    /// Standard error of a dimension, logits: the root of its variance (closed form).
    ///
    /// # Arguments
    /// `dimension`: from 0.
    pub fn standard_error(&self, dimension: usize) -> f64 {
        self.covariance[dimension][dimension].sqrt()
    }
}

/// Where the likelihood of a dimension is largest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// It rises towards −∞ without end.
    Below,
    /// At a finite ability.
    Within,
    /// It rises towards ∞ without end.
    Above,
}

/// What a method that does not lean on a population found.
#[derive(Debug, Clone, PartialEq)]
pub enum Estimate {
    Finite(Score),
    /// The likelihood has no largest value at a finite ability, as after only right answers; one entry a dimension.
    Infinite(Vec<Direction>),
    /// The answers do not determine the ability: there are none, or they say nothing about a dimension.
    Undetermined,
}

impl Estimate {
    /// The score, where there is a finite one.
    ///
    /// # Source
    /// Definition.
    pub fn finite(&self) -> Option<&Score> {
        match self {
            Self::Finite(score) => Some(score),
            _ => None,
        }
    }
}
