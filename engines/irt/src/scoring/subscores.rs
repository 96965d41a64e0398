//! Is the score of a part worth reporting beside the whole? Only when it tells more about the part than the whole does.
//!
//! Scores of parts are often so like one another, and so short, that the whole predicts a part's true score better than the
//! part's own score. Then the part is not reported and that is said. Any scale on which score = true score + error: sums of
//! points, or ability estimates divided by their reliability.

use crate::numeric::symmetric::Symmetric;

/// Scores from which the value of parts cannot be told.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum SubscoreError {
    #[error("at least three people are needed, not {0}")]
    People(usize),
    #[error("at least two parts are needed, not {0}")]
    Parts(usize),
    #[error("person {person} has {scores} scores for {parts} parts")]
    Scores { person: usize, scores: usize, parts: usize },
    #[error("score {score} of person {person} is not a finite number")]
    NotFinite { person: usize, score: f64 },
    #[error("reliability {reliability} of part {part} is outside 0 < reliability ≤ 1")]
    Reliability { part: usize, reliability: f64 },
    #[error("part {0}, or the whole, has the same score for everybody")]
    Constant(usize),
}

/// How well the true score of a part is predicted: proportional reduction of mean squared error, 0 … 1, from each source.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Subscore {
    /// By the part's own score: its reliability.
    pub own: f64,
    /// By the score of the whole.
    pub whole: f64,
    /// By both together.
    pub both: f64,
    /// Correlation of the true scores of part and whole.
    pub true_correlation: f64,
}

impl Subscore {
    /// Whether the part's own score is worth reporting: it predicts better than the whole (closed form: own > whole).
    pub fn adds_value(&self) -> bool {
        self.own > self.whole
    }
}

/// Value of each part's score beside the score of the whole, the sum of the parts.
///
/// # Formula
/// With s the part, x = Σ s, reliability r: own = r; Cov(s_t, x) = Cov(s, x) − (1 − r) Var(s), as errors of different parts are
/// independent; whole = Cov(s_t, x)² / (r Var(s) Var(x)); both = cᵀ M⁻¹ c / (r Var(s)), c = (r Var(s), Cov(s_t, x)), M the
/// covariance of (s, x); true correlation = Cov(s_t, x) / √(r Var(s) Var(x_t)), Var(x_t) = Var(x) − Σ (1 − r) Var(s).
///
/// # Arguments
/// - `scores`: a row a person, one score a part; three people or more, typically thousands.
/// - `reliabilities`: of each part, 0 < r ≤ 1: coefficient α of sums, or the empirical reliability of estimates.
///
/// # Source
/// Haberman (2008), *Journal of Educational and Behavioral Statistics* 33, 204–229, eqs. 6–13; the rule own > whole ibid. and
/// Sinharay (2010), *Journal of Educational Measurement* 47, 150–174.
///
/// # Accuracy
/// Agrees with regressions on the true scores of 1,000,000 simulated people to sampling error, and with numpy to 1e-12, on
/// `tests/reference/subscores.csv`.
///
/// # Limits
/// Covariances divide by n − 1. A value above 1 or a negative variance of the whole's true score means that the reliabilities do not
/// fit the scores; it is returned as it is.
pub fn subscores(scores: &[Vec<f64>], reliabilities: &[f64]) -> Result<Vec<Subscore>, SubscoreError> {
    let parts = reliabilities.len();
    check(scores, reliabilities)?;
    let covariance = covariance(scores, parts);
    let with_whole: Vec<f64> = (0..parts).map(|part| covariance.row(part).iter().sum()).collect();
    let whole: f64 = with_whole.iter().sum();
    let error = |part: usize| (1.0 - reliabilities[part]) * covariance.get(part, part);
    let true_whole = whole - (0..parts).map(error).sum::<f64>();
    let value = |part: usize| {
        let variance = covariance.get(part, part);
        if !(variance > 0.0 && whole > 0.0) {
            return Err(SubscoreError::Constant(part));
        }
        let true_variance = reliabilities[part] * variance;
        let shared = with_whole[part] - error(part);
        let determinant = variance * whole - with_whole[part] * with_whole[part];
        let explained = (true_variance * true_variance * whole - 2.0 * true_variance * shared * with_whole[part]
            + shared * shared * variance)
            / determinant;
        Ok(Subscore {
            own: reliabilities[part],
            whole: shared * shared / (true_variance * whole),
            both: explained / true_variance,
            true_correlation: shared / (true_variance * true_whole).sqrt(),
        })
    };
    (0..parts).map(value).collect()
}

fn check(scores: &[Vec<f64>], reliabilities: &[f64]) -> Result<(), SubscoreError> {
    let parts = reliabilities.len();
    if parts < 2 {
        return Err(SubscoreError::Parts(parts));
    }
    if scores.len() < 3 {
        return Err(SubscoreError::People(scores.len()));
    }
    let fits = |reliability: &f64| *reliability > 0.0 && *reliability <= 1.0;
    if let Some((part, &reliability)) = reliabilities.iter().enumerate().find(|(_, one)| !fits(one)) {
        return Err(SubscoreError::Reliability { part, reliability });
    }
    for (person, row) in scores.iter().enumerate() {
        if row.len() != parts {
            return Err(SubscoreError::Scores { person, scores: row.len(), parts });
        }
        if let Some(&score) = row.iter().find(|score| !score.is_finite()) {
            return Err(SubscoreError::NotFinite { person, score });
        }
    }
    Ok(())
}

fn covariance(scores: &[Vec<f64>], parts: usize) -> Symmetric {
    let count = scores.len() as f64;
    let means: Vec<f64> = (0..parts).map(|part| scores.iter().map(|row| row[part]).sum::<f64>() / count).collect();
    let mut covariance = Symmetric::zeros(parts);
    for row in scores {
        for one in 0..parts {
            for other in 0..parts {
                covariance.add(one, other, (row[one] - means[one]) * (row[other] - means[other]) / (count - 1.0));
            }
        }
    }
    covariance
}
