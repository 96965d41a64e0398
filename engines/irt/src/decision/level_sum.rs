//! From a joint posterior to classes of people by a sum of levels: each competence counts the level it reaches, the sum is a
//! share of what is asked, and cuts of the share, such as 80 and 68 percent, make the classes. How sure is each class?
//!
//! Levels of correlated areas are correlated, so the chances of single levels do not multiply; the joint posterior is drawn
//! from instead, at fixed points. Abilities and cut scores in logits, shares in percent.

use crate::ability::Posterior;
use crate::numeric::cholesky;
use crate::numeric::normal;

/// Points of the rule: with 2,048 the chance of a class is within .003 of the exact one, on average within .0012.
const POINTS: usize = 2_048;

/// A sum is compared with its cut with this much room for rounding, as a fraction of the whole: shares are ratios of small whole
/// numbers, which are farther apart.
const ROUNDING: f64 = 1e-9;

/// Sums and classes that make no sense.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum LevelSumError {
    #[error("a sum of levels needs at least one competence")]
    NoCompetence,
    #[error("competence {competence} lies in dimension {dimension}, but there are only {dimensions}, counted from 0")]
    Dimension { competence: usize, dimension: usize, dimensions: usize },
    #[error("cut score {cut} of competence {competence} is not a finite number above the one before")]
    CutScore { competence: usize, cut: f64 },
    #[error("the whole that shares are taken of is {0}, not a finite number above 0")]
    Whole(f64),
    #[error("class cut {0} is not a finite percentage above the one before")]
    ClassCut(f64),
    #[error("covariance is not positive definite at dimension {0}")]
    Covariance(usize),
}

/// One competence of the sum.
#[derive(Debug, Clone, PartialEq)]
pub struct Competence {
    /// The dimension that tells its level, counted from 0.
    pub dimension: usize,
    /// Rising cut scores, logits: the level is the number of them reached. With as many as the post asks for, levels
    /// beyond count no more.
    pub cuts: Vec<f64>,
}

/// A sum of levels and its classes.
#[derive(Debug, Clone, PartialEq)]
pub struct LevelSum<const D: usize> {
    competences: Vec<Competence>,
    whole: f64,
    class_cuts: Vec<f64>,
    points: Vec<[f64; D]>,
}

impl<const D: usize> LevelSum<D> {
    /// A sum of levels over competences.
    ///
    /// # Arguments
    /// - `competences`: one or more.
    /// - `whole`: the sum of levels that is 100 percent: what the post asks for, or all there is; > 0.
    /// - `class_cuts`: rising percentages at which the next class begins, such as 68 and 80.
    pub fn new(competences: Vec<Competence>, whole: f64, class_cuts: Vec<f64>) -> Result<Self, LevelSumError> {
        if competences.is_empty() {
            return Err(LevelSumError::NoCompetence);
        }
        for (competence, Competence { dimension, cuts }) in competences.iter().enumerate() {
            if *dimension >= D {
                return Err(LevelSumError::Dimension { competence, dimension: *dimension, dimensions: D });
            }
            if let Some(cut) = first_not_rising(cuts) {
                return Err(LevelSumError::CutScore { competence, cut });
            }
        }
        if !(whole.is_finite() && whole > 0.0) {
            return Err(LevelSumError::Whole(whole));
        }
        if let Some(cut) = first_not_rising(&class_cuts) {
            return Err(LevelSumError::ClassCut(cut));
        }
        Ok(Self { competences, whole, class_cuts, points: points() })
    }

    /// The share of the whole that somebody of known ability reaches, percent.
    ///
    /// # Formula
    /// 100 · Σ level / whole, level = number of cut scores ≤ θ of the competence's dimension
    ///
    /// # Arguments
    /// `ability`: logits.
    ///
    /// # Source
    /// Definition.
    pub fn share(&self, ability: &[f64; D]) -> f64 {
        100.0 * self.levels(ability) as f64 / self.whole
    }

    /// The class of somebody of known ability: the number of class cuts that the share reaches (closed form: a
    /// count).
    pub fn class(&self, ability: &[f64; D]) -> usize {
        self.class_of(self.levels(ability))
    }

    /// Probability of each class, from the lowest to the highest, adding up to 1.
    ///
    /// # Formula
    /// P(class = k) = ∫ [class(θ) = k] N(θ; mean, covariance) dθ: all dimensions but the last by 2,048 points
    /// θ = mean + L Φ⁻¹(u_n), u_n the tent transform of (n + ½) √(prime_d) modulo 1, the same points for everybody; the last,
    /// which is normal given the others, in closed form between its cut scores.
    ///
    /// # Arguments
    /// `posterior`: joint, logits.
    ///
    /// # Source
    /// Richtmyer points with the tent transform: Genz & Bretz (2009), *Computation of Multivariate Normal and t Probabilities*, §4.2.2; the
    /// last dimension in closed form ibid. §4.1.
    ///
    /// # Accuracy
    /// Within .003 of 4,000,000 draws on `tests/reference/level_sum.csv`; D = 1 is exact to rounding.
    ///
    /// # Limits
    /// A covariance that is not positive definite is an error. No draw is random: the same posterior gives the same probabilities.
    ///
    /// ```
    /// use melek_irt::ability::Prior;
    /// use melek_irt::decision::{Competence, LevelSum};
    /// let competence = |dimension| Competence { dimension, cuts: vec![0.0] };
    /// let both = LevelSum::new(vec![competence(0), competence(1)], 2.0, vec![50.0, 100.0])?;
    /// let close = both.probabilities(&Prior::new([0.0, 0.0], [[1.0, 0.5], [0.5, 1.0]])?.posterior())?;
    /// assert!((close[2] - 1.0 / 3.0).abs() < 0.003); // ¼ + asin(ρ)/2π
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn probabilities(&self, posterior: &Posterior<D>) -> Result<Vec<f64>, LevelSumError> {
        let factor = cholesky::factor(&posterior.covariance).map_err(LevelSumError::Covariance)?;
        let last = D - 1;
        let deviation = factor[last][last];
        let mut steps: Vec<f64> =
            self.of_dimension(last).flat_map(|competence| competence.cuts.iter().copied()).collect();
        steps.sort_by(f64::total_cmp);
        let mut chances = vec![0.0; self.class_cuts.len() + 1];
        for point in &self.points {
            let mut away = *point;
            away[last] = 0.0;
            let away = cholesky::product(&factor, &away);
            let mut ability: [f64; D] = core::array::from_fn(|d| posterior.mean[d] + away[d]);
            let middle = ability[last];
            ability[last] = f64::NEG_INFINITY;
            let others = self.levels(&ability);
            let mut below = 0.0;
            for (reached, cut) in steps.iter().map(Some).chain([None]).enumerate() {
                let up_to = cut.map_or(1.0, |cut| normal::probability_below((cut - middle) / deviation));
                chances[self.class_of(others + reached)] += up_to - below;
                below = up_to;
            }
        }
        Ok(chances.into_iter().map(|chance| chance / POINTS as f64).collect())
    }

    fn of_dimension(&self, dimension: usize) -> impl Iterator<Item = &Competence> {
        self.competences.iter().filter(move |competence| competence.dimension == dimension)
    }

    fn levels(&self, ability: &[f64; D]) -> usize {
        let reached = |competence: &Competence| {
            competence.cuts.iter().take_while(|&&cut| ability[competence.dimension] >= cut).count()
        };
        self.competences.iter().map(reached).sum()
    }

    fn class_of(&self, levels: usize) -> usize {
        let share = 100.0 * levels as f64 / self.whole;
        self.class_cuts.iter().take_while(|&&cut| share >= cut * (1.0 - ROUNDING)).count()
    }
}

fn first_not_rising(cuts: &[f64]) -> Option<f64> {
    let mut before = f64::NEG_INFINITY;
    cuts.iter().copied().find(|&cut| {
        let rises = cut.is_finite() && cut > before;
        before = cut;
        !rises
    })
}

/// Points of the standard normal distribution: half a step off, so that no coordinate is 0 or 1.
fn points<const D: usize>() -> Vec<[f64; D]> {
    let roots = square_roots_of_primes::<D>();
    let coordinate = |n: usize, root: f64| {
        let place = (n as f64 + 0.5) * root;
        let tent = (2.0 * (place - libm::floor(place)) - 1.0).abs();
        normal::quantile(tent.clamp(f64::EPSILON, 1.0 - f64::EPSILON))
    };
    (0..POINTS).map(|n| roots.map(|root| coordinate(n, root))).collect()
}

fn square_roots_of_primes<const D: usize>() -> [f64; D] {
    let mut primes = (2_u32..).filter(|n| (2..*n).take_while(|d| d * d <= *n).all(|d| n % d != 0));
    core::array::from_fn(|_| f64::from(primes.next().unwrap_or(2)).sqrt())
}
