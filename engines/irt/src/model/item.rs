//! One item: two-parameter logistic between a lower and an upper asymptote.
//!
//! Ability and difficulty in logits, discrimination per logit, D = 1. In Melek's own tests the lower asymptote is not
//! estimated: it is the chance of a blind answer, given by the item's type (see [`crate::model::chance`]), and the upper
//! one is 1.

/// Largest discrimination accepted, per logit. Estimates above 4 are a sign of failed calibration; the margin to 10
/// leaves room for simulation while keeping the quadrature of [`crate::ability`] exact to 1e-7.
const LARGEST_DISCRIMINATION: f64 = 10.0;

/// Largest |difficulty| accepted, in logits: beyond 20 no person of a standard-normal population is informative.
const LARGEST_DIFFICULTY: f64 = 20.0;

/// A parameter that describes no item.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum ParameterError {
    #[error("discrimination {0} is outside 0 < a ≤ 10")]
    Discrimination(f64),
    #[error("difficulty {0} is outside −20 … 20 logits")]
    Difficulty(f64),
    #[error("lower asymptote {0} is outside 0 ≤ c < 1")]
    LowerAsymptote(f64),
    #[error("upper asymptote {upper} is outside {lower} < d ≤ 1, where {lower} is the lower one")]
    UpperAsymptote { lower: f64, upper: f64 },
}

/// A two-parameter logistic item between fixed asymptotes.
///
/// ```
/// use melek_irt::model::Item;
/// let item = Item::new(1.5, -0.4, 0.25)?;
/// assert!((item.probability(-0.4) - 0.625).abs() < 1e-15); // half-way between the floor and 1
/// # Ok::<(), melek_irt::model::ParameterError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Item {
    discrimination: f64,
    difficulty: f64,
    lower: f64,
    upper: f64,
}

impl Item {
    /// An item whose upper asymptote is 1, or the parameter that is out of range.
    ///
    /// # Arguments
    /// - `discrimination` a, per logit: 0 < a ≤ 10, typically 0.5 … 2.5.
    /// - `difficulty` b, in logits: |b| ≤ 20, typically −3 … 3.
    /// - `lower` c, the chance of a blind right answer: 0 ≤ c < 1, typically 0 … 0.33.
    ///
    /// # Source
    /// Birnbaum (1968), in Lord & Novick, *Statistical Theories of Mental Test Scores*, ch. 17; D = 1.
    pub fn new(discrimination: f64, difficulty: f64, lower: f64) -> Result<Self, ParameterError> {
        if !(discrimination > 0.0 && discrimination <= LARGEST_DISCRIMINATION) {
            return Err(ParameterError::Discrimination(discrimination));
        }
        if !(difficulty.is_finite() && difficulty.abs() <= LARGEST_DIFFICULTY) {
            return Err(ParameterError::Difficulty(difficulty));
        }
        if !(0.0..1.0).contains(&lower) {
            return Err(ParameterError::LowerAsymptote(lower));
        }
        Ok(Self { discrimination, difficulty, lower, upper: 1.0 })
    }

    /// The same item with another upper asymptote: the four-parameter model.
    ///
    /// # Arguments
    /// `upper` d, the probability that the ablest are right: c < d ≤ 1, typically .95 … 1.
    ///
    /// # Source
    /// Barton & Lord (1981), *An Upper Asymptote for the Three-Parameter Logistic Item-Response Model*, ETS RR-81-20.
    pub fn with_upper(self, upper: f64) -> Result<Self, ParameterError> {
        if !(upper > self.lower && upper <= 1.0) {
            return Err(ParameterError::UpperAsymptote { lower: self.lower, upper });
        }
        Ok(Self { upper, ..self })
    }

    /// Discrimination a, per logit.
    pub fn discrimination(&self) -> f64 {
        self.discrimination
    }

    /// Difficulty b, in logits: the ability half-way between the asymptotes.
    pub fn difficulty(&self) -> f64 {
        self.difficulty
    }

    /// Lower asymptote c, a probability.
    pub fn lower(&self) -> f64 {
        self.lower
    }

    /// Upper asymptote d, a probability.
    pub fn upper(&self) -> f64 {
        self.upper
    }

    /// Probability of a right answer, 0 … 1.
    ///
    /// # Formula
    /// P(θ) = c + (d − c) / (1 + exp(−a (θ − b)))
    ///
    /// # Arguments
    /// `theta`: ability in logits, any real; typically −4 … 4.
    ///
    /// # Source
    /// Birnbaum (1968), in Lord & Novick, ch. 17, with D = 1; Lord (1980), *Applications of Item Response Theory*,
    /// eq. 2-1.
    ///
    /// # Accuracy
    /// Agrees with mpmath (300 digits) to a relative 1e-14 on `tests/reference/item.csv`.
    ///
    /// # Limits
    /// θ = −∞ gives c, θ = ∞ gives d, NaN gives NaN.
    ///
    /// ```
    /// use melek_irt::model::Item;
    /// let item = Item::new(1.0, 0.0, 0.2)?;
    /// assert_eq!(item.probability(f64::NEG_INFINITY), 0.2);
    /// assert_eq!(item.probability(f64::INFINITY), 1.0);
    /// # Ok::<(), melek_irt::model::ParameterError>(())
    /// ```
    pub fn probability(&self, theta: f64) -> f64 {
        self.lower + (self.upper - self.lower) * self.logistic(theta)
    }

    /// Probability of the answer that was given, 0 … 1: `probability` for a right one, its complement for a wrong one.
    ///
    /// # Formula
    /// 1 − P(θ) = (1 − d) + (d − c) / (1 + exp(a (θ − b))), which keeps its precision where P is near 1.
    ///
    /// # Arguments
    /// `theta`: ability in logits, any real. `correct`: whether the answer was right.
    ///
    /// # Source
    /// As [`Item::probability`].
    ///
    /// # Accuracy
    /// Agrees with mpmath (300 digits) to a relative 1e-14 on `tests/reference/item.csv`.
    ///
    /// # Limits
    /// As [`Item::probability`].
    ///
    /// ```
    /// use melek_irt::model::Item;
    /// let item = Item::new(1.0, 0.0, 0.2)?;
    /// assert!((item.likelihood(1.3, true) + item.likelihood(1.3, false) - 1.0).abs() < 1e-15);
    /// # Ok::<(), melek_irt::model::ParameterError>(())
    /// ```
    pub fn likelihood(&self, theta: f64, correct: bool) -> f64 {
        if correct {
            self.probability(theta)
        } else {
            (1.0 - self.upper) + (self.upper - self.lower) * self.complement(theta)
        }
    }

    /// Fisher information about ability, per squared logit, ≥ 0.
    ///
    /// # Formula
    /// I(θ) = a² (P − c)² (d − P)² / ((d − c)² P (1 − P))
    ///
    /// # Arguments
    /// `theta`: ability in logits, any real; typically −4 … 4.
    ///
    /// # Source
    /// Birnbaum (1968), in Lord & Novick, ch. 20; Lord (1980), ch. 5; with an upper asymptote Magis (2013), *Applied
    /// Psychological Measurement* 37, 304–315; D = 1.
    ///
    /// # Accuracy
    /// Agrees with mpmath (300 digits) to a relative 1e-13 on `tests/reference/item.csv`.
    ///
    /// # Limits
    /// 0 at θ = ±∞, never negative; NaN gives NaN.
    ///
    /// ```
    /// use melek_irt::model::Item;
    /// let item = Item::new(2.0, 0.5, 0.0)?;
    /// assert!((item.information(0.5) - 1.0).abs() < 1e-15); // a²/4 at the difficulty
    /// # Ok::<(), melek_irt::model::ParameterError>(())
    /// ```
    pub fn information(&self, theta: f64) -> f64 {
        let (rising, falling) = (self.logistic(theta), self.complement(theta));
        let (right, wrong) = (self.likelihood(theta, true), self.likelihood(theta, false));
        if right == 0.0 || wrong == 0.0 {
            return 0.0;
        }
        let steepest = self.discrimination * (self.upper - self.lower);
        steepest * steepest * rising * falling * (rising / right) * (falling / wrong)
    }

    /// Ability in logits at which a right answer has the given probability, or `None` where no ability has it.
    ///
    /// # Formula
    /// θ = b + ln((p − c)/(d − p)) / a
    ///
    /// # Arguments
    /// `probability`: c < p < d; typically 0.5 or the 0.67 of standard setting.
    ///
    /// # Source
    /// The inverse of [`Item::probability`]; as response-probability location in Huynh (2006), *Educational
    /// Measurement: Issues and Practice* 25(2), 19–20.
    ///
    /// # Accuracy
    /// Agrees with mpmath (300 digits) to 1e-12 on `tests/reference/ability_at.csv`.
    ///
    /// # Limits
    /// `None` for p ≤ c, p ≥ d or NaN.
    ///
    /// ```
    /// use melek_irt::model::Item;
    /// let item = Item::new(1.0, 0.0, 0.25)?;
    /// assert_eq!(item.ability_at(0.2), None);
    /// assert!((item.probability(item.ability_at(0.67).unwrap()) - 0.67).abs() < 1e-15);
    /// # Ok::<(), melek_irt::model::ParameterError>(())
    /// ```
    pub fn ability_at(&self, probability: f64) -> Option<f64> {
        let reachable = probability > self.lower && probability < self.upper;
        reachable.then(|| {
            self.difficulty + libm::log((probability - self.lower) / (self.upper - probability)) / self.discrimination
        })
    }

    fn logistic(&self, theta: f64) -> f64 {
        1.0 / (1.0 + libm::exp(-self.discrimination * (theta - self.difficulty)))
    }

    fn complement(&self, theta: f64) -> f64 {
        1.0 / (1.0 + libm::exp(self.discrimination * (theta - self.difficulty)))
    }
}
