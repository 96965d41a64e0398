//! A pilot item, answered without counting, put onto the scale of the scored items: discrimination and difficulty from people whose
//! ability their scored answers tell. Logits, D = 1; the lower asymptote is known from the type of task.
//!
//! Each person's ability is integrated over, not taken as its mean: taken as the mean, its error would flatten the curve. The scored
//! items stay as they are. Whether the curve fits is judged in `pilot_fit.rs`; all items together are calibrated in `calibrate.rs`.

use super::pilot_fit::{self, PilotFit};
use crate::ability::{BankSpread, Estimate, ItemErrors, ItemErrorsError};
use crate::linking::{Population, PopulationError};
use crate::model::{Item, ParameterError};
use crate::numeric::cholesky::{self, Matrix};

/// Nodes of Gauss–Hermite quadrature a person.
const NODES: usize = 21;

/// Two answers of which one is right are the least that has a direction; hundreds are what an estimate needs.
const FEWEST_PEOPLE: usize = 2;

/// Newton's method doubles the digits a step; a regular item takes five to eight.
const MOST_STEPS: usize = 100;

/// A step that does not climb after so many halvings is none.
const MOST_HALVINGS: usize = 50;

/// Longest step in ln a and in b: where the function is far from a parabola, the next one is looked at from nearby.
const LONGEST_STEP: [f64; 2] = [1.0, 2.0];

/// When the next step would raise the function by less than half of this, it is the last: it squares an error of 1e-6 standard errors.
const LAST_DECREMENT: f64 = 1e-12;

/// Neither is a rise sought that is lost in rounding: so many times the last digit of the function.
const LAST_DIGITS: f64 = 1e3 * f64::EPSILON;

/// Share right above the lower asymptote that the search begins with at most, and its complement at least.
const LARGEST_FIRST_SHARE: f64 = 0.98;

/// What one person did with a pilot item.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PilotAnswer {
    /// Ability in the item's dimension by the scored answers alone, logits; a standard error of 0 is a known ability.
    pub ability: Estimate,
    pub correct: bool,
}

/// Answers from which no item can be estimated. People count from 0 here and from 1 in the sentences.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum PilotError {
    #[error("{0} people answered the item; wait for at least 2, better 300")]
    FewPeople(usize),
    #[error("all {people} people are {}; wait until somebody is not, or drop the item", if *.correct { "right" } else { "wrong" })]
    SameAnswer { people: usize, correct: bool },
    #[error(
        "the ability of person {} is {mean} ± {standard_error}; leave out who has no finite one with an error ≥ 0",
        .person + 1
    )]
    Ability { person: usize, mean: f64, standard_error: f64 },
    #[error("the prior N({mean}, {deviation}²) needs a finite mean and a deviation above 0 (∞ for none)")]
    Prior { mean: f64, deviation: f64 },
    #[error("the lower asymptote is not one: {0}")]
    Lower(ParameterError),
    #[error("the answers are likeliest where no item is: {0}; look at the key, give priors, or wait for more people")]
    NoItem(ParameterError),
    #[error(
        "at discrimination {discrimination:.3} and difficulty {difficulty:.3} the answers do not tell the one from the other; look at the key, give priors, or wait for more people"
    )]
    NotIdentified { discrimination: f64, difficulty: f64 },
    #[error(
        "still {gain:.1e} below the top after {steps} steps, at discrimination {discrimination:.3} and difficulty {difficulty:.3}; look at the key, give narrower priors, or wait for more people"
    )]
    NotConverged { steps: usize, discrimination: f64, difficulty: f64, gain: f64 },
    #[error(transparent)]
    Errors(#[from] ItemErrorsError),
    #[error(transparent)]
    Quadrature(#[from] PopulationError),
}

/// A pilot item as estimated.
#[derive(Debug, Clone, PartialEq)]
pub struct PilotItem {
    /// On the scale of the abilities.
    pub item: Item,
    /// Standard errors of ln a and of b, and their correlation. They contain the prior, so that an [`crate::ability::UncertainItem`] is
    /// made with `new`, not `within`: the bank would count twice.
    pub errors: ItemErrors,
    pub people: usize,
    /// Share of right answers, 0 … 1.
    pub share_right: f64,
    /// Marginal log-likelihood without the density of the priors.
    pub log_likelihood: f64,
    /// `None` for fewer than 30 people or too few different abilities.
    pub fit: Option<PilotFit>,
}

/// Discrimination and difficulty of an item that did not count, on the scale of the items that did.
///
/// # Formula
/// The maximum over (ln a, b) of Σ_p ln ∫ P(x_p | θ) φ(θ; m_p, s_p) dθ + ln φ(ln a; μ_a, σ_a) + ln φ(b; μ_b, σ_b), integrals by
/// Gauss–Hermite quadrature with 21 nodes a person. Newton's method with halved steps; where the negative Hessian is not positive
/// definite, the sum of squared scores stands in for it. Standard errors from the inverse of the negative Hessian at the maximum.
///
/// # Arguments
/// - `answers`: 2 people or more, typically 300 … 1,000, the mean and standard error (logits) of each by scored answers alone. Somebody
///   has to be right and somebody wrong.
/// - `lower`: lower asymptote, 0 ≤ c < 1, from [`crate::model::chance`].
/// - `prior`: mean and standard deviation of ln a and of b; the bank's own by [`BankSpread::estimate`], or the weak N(0, .5²) and N(0, 2²).
///   A deviation of ∞ is no prior.
///
/// # Source
/// One EM cycle of Wainer & Mislevy (1990), in Wainer, *Computerized Adaptive Testing: A Primer*, ch. 4, carried on to the maximum, which
/// for one item with the posteriors held fixed is the same function; compared with others in Ban, Hanson, Wang, Yi & Harris (2001),
/// *Journal of Educational Measurement* 38, 191–212. The weak prior is that of BILOG-MG, Zimowski, Muraki, Mislevy & Bock (2003). Squared
/// scores: Berndt, Hall, Hall & Hausman (1974), *Annals of Economic and Social Measurement* 3, 653–665.
///
/// # Accuracy
/// Agrees with R's `optim` on dense integration to 1e-6 (parameters) and 1e-5 (standard errors, as fractions), and for known abilities
/// with R's `glm` to 1e-10, on `tests/reference/pilot_items.csv`. Intervals of 95 % cover 92 … 98 % of 200 items of 300 people each.
///
/// # Limits
/// The order of the people changes nothing, to the last bit. Supposes that the posteriors are right: parameters of scored items that
/// carry errors make the standard errors too short. With a wrong key the discrimination falls to what the prior holds up, and
/// [`PilotItem::fit`] shows it. Without priors, and where c > 0, few people may have no maximum inside the range of parameters, which is
/// an error, or several, of which the one uphill of the start is returned.
///
/// ```
/// use melek_irt::ability::{BankSpread, Estimate};
/// use melek_irt::calibration::{PilotAnswer, calibrate_pilot_item};
/// // 120 people from −1.5 to 1.5: the abler somebody is, the more often right, one half of them in all.
/// let answer = |n: usize| {
///     let mean = -1.5 + n as f64 / 40.0;
///     PilotAnswer { ability: Estimate { mean, standard_error: 0.3 }, correct: n as f64 * 0.618 % 1.0 < n as f64 / 120.0 }
/// };
/// let answers: Vec<PilotAnswer> = (0..120).map(answer).collect();
/// let weak = BankSpread { log_discrimination: [0.0, 0.5], difficulty: [0.0, 2.0] };
/// let pilot = calibrate_pilot_item(&answers, 0.0, &weak)?;
/// assert!(pilot.item.difficulty().abs() < 0.1 && pilot.errors.difficulty() < 0.2);
/// # Ok::<(), melek_irt::calibration::PilotError>(())
/// ```
pub fn calibrate_pilot_item(answers: &[PilotAnswer], lower: f64, prior: &BankSpread) -> Result<PilotItem, PilotError> {
    check(answers, lower, prior)?;
    let mut answers = answers.to_vec();
    // Sums in an order of their own, so that the order of the people does not change the last bit.
    answers.sort_by(|one, other| {
        let by_mean = one.ability.mean.total_cmp(&other.ability.mean);
        let by_error = one.ability.standard_error.total_cmp(&other.ability.standard_error);
        by_mean.then(by_error).then(one.correct.cmp(&other.correct))
    });
    let nodes = Population::normal(0.0, 1.0, NODES)?;
    let marginal = Marginal { answers: &answers, lower, prior, nodes: nodes.points() };
    let top = marginal.climb()?;
    let [log, difficulty] = top.at;
    let item = Item::new(libm::exp(log), difficulty, lower).map_err(PilotError::NoItem)?;
    let covariance = cholesky::inverse(&cholesky::factor(&top.information).map_err(|_| top.not_identified())?);
    let [log_error, error] = [covariance[0][0].sqrt(), covariance[1][1].sqrt()];
    let correlation = (covariance[1][0] / (log_error * error)).clamp(-1.0, 1.0);
    let right = answers.iter().filter(|answer| answer.correct).count();
    Ok(PilotItem {
        item,
        errors: ItemErrors::new(log_error, error, correlation)?,
        people: answers.len(),
        share_right: right as f64 / answers.len() as f64,
        log_likelihood: top.log_likelihood,
        fit: pilot_fit::judge(&answers, |answer| marginal.right(&answer.ability, &item)),
    })
}

fn check(answers: &[PilotAnswer], lower: f64, prior: &BankSpread) -> Result<(), PilotError> {
    Item::new(1.0, 0.0, lower).map_err(PilotError::Lower)?;
    for [mean, deviation] in [prior.log_discrimination, prior.difficulty] {
        if !(mean.is_finite() && deviation > 0.0) {
            return Err(PilotError::Prior { mean, deviation });
        }
    }
    let people = answers.len();
    if people < FEWEST_PEOPLE {
        return Err(PilotError::FewPeople(people));
    }
    for (person, answer) in answers.iter().enumerate() {
        let Estimate { mean, standard_error } = answer.ability;
        if !(mean.is_finite() && standard_error.is_finite() && standard_error >= 0.0) {
            return Err(PilotError::Ability { person, mean, standard_error });
        }
    }
    let correct = answers[0].correct;
    if answers.iter().all(|answer| answer.correct == correct) {
        return Err(PilotError::SameAnswer { people, correct });
    }
    Ok(())
}

/// The function that is maximised, of (ln a, b).
struct Marginal<'a> {
    answers: &'a [PilotAnswer],
    lower: f64,
    prior: &'a BankSpread,
    /// Of a standard normal distribution.
    nodes: &'a [(f64, f64)],
}

/// The function and its derivatives at a point.
#[derive(Clone, Copy)]
struct Point {
    /// ln a and b.
    at: [f64; 2],
    /// Log-likelihood plus the logarithms of the priors without their constants.
    value: f64,
    log_likelihood: f64,
    gradient: [f64; 2],
    /// Negative Hessian; lower triangle.
    information: Matrix<2>,
    /// Sum of squared scores, and the prior's negative Hessian; lower triangle.
    squares: Matrix<2>,
}

impl Point {
    fn not_identified(&self) -> PilotError {
        PilotError::NotIdentified { discrimination: libm::exp(self.at[0]), difficulty: self.at[1] }
    }

    fn not_converged(&self, steps: usize, decrement: f64) -> PilotError {
        let [log, difficulty] = self.at;
        PilotError::NotConverged { steps, discrimination: libm::exp(log), difficulty, gain: 0.5 * decrement }
    }

    /// Step uphill, twice the rise it promises, and whether it is Newton's.
    fn uphill(&self) -> Result<([f64; 2], f64, bool), PilotError> {
        let newton = cholesky::factor(&self.information);
        let is_newton = newton.is_ok();
        let factor = newton.or_else(|_| cholesky::factor(&self.squares)).map_err(|_| self.not_identified())?;
        let step = cholesky::product(&cholesky::inverse(&factor), &self.gradient);
        Ok((step, step[0] * self.gradient[0] + step[1] * self.gradient[1], is_newton))
    }
}

impl Marginal<'_> {
    /// The maximum uphill of where people of the mean ability are right as often as all are.
    fn climb(&self) -> Result<Point, PilotError> {
        let mut now = self.at(self.first());
        let mut decrement = f64::INFINITY;
        for steps in 0..MOST_STEPS {
            let (step, promised, is_newton) = now.uphill()?;
            decrement = promised;
            let moved = |share: f64| [now.at[0] + share * step[0], now.at[1] + share * step[1]];
            if decrement <= LAST_DECREMENT.max(LAST_DIGITS * now.value.abs()) {
                return if is_newton { Ok(self.at(moved(1.0))) } else { Err(now.not_identified()) };
            }
            let longest = (LONGEST_STEP[0] / step[0].abs()).min(LONGEST_STEP[1] / step[1].abs()).min(1.0);
            // Rises for a small enough share, because the step points uphill.
            let shares = core::iter::successors(Some(longest), |share| Some(share / 2.0)).take(MOST_HALVINGS);
            let mut tried = shares.map(|share| self.at(moved(share)));
            let better = tried.find(|point| point.value > now.value);
            now = better.ok_or_else(|| now.not_converged(steps, decrement))?;
        }
        Err(now.not_converged(MOST_STEPS, decrement))
    }

    fn first(&self) -> [f64; 2] {
        let people = self.answers.len() as f64;
        let mean = self.answers.iter().map(|answer| answer.ability.mean).sum::<f64>() / people;
        let right = self.answers.iter().filter(|answer| answer.correct).count() as f64 / people;
        let above = (right - self.lower) / (1.0 - self.lower);
        let share = above.clamp(1.0 - LARGEST_FIRST_SHARE, LARGEST_FIRST_SHARE);
        let [log, deviation] = self.prior.log_discrimination;
        let log = if deviation.is_finite() { log } else { 0.0 };
        [log, mean - libm::log(share / (1.0 - share)) / libm::exp(log)]
    }

    fn at(&self, at: [f64; 2]) -> Point {
        let zero = [[0.0; 2]; 2];
        let mut point =
            Point { at, value: 0.0, log_likelihood: 0.0, gradient: [0.0; 2], information: zero, squares: zero };
        for answer in self.answers {
            let [likelihood, log, difficulty, log_log, log_difficulty, difficulty_difficulty] = self.person(answer, at);
            point.log_likelihood += libm::log(likelihood);
            let score = [log / likelihood, difficulty / likelihood];
            let curvature = [[log_log, log_difficulty], [log_difficulty, difficulty_difficulty]];
            for row in 0..2 {
                point.gradient[row] += score[row];
                for column in 0..=row {
                    let square = score[row] * score[column];
                    point.squares[row][column] += square;
                    point.information[row][column] += square - curvature[row][column] / likelihood;
                }
            }
        }
        point.value = point.log_likelihood;
        for (row, [mean, deviation]) in [self.prior.log_discrimination, self.prior.difficulty].into_iter().enumerate() {
            let away = (at[row] - mean) / deviation;
            let precision = 1.0 / (deviation * deviation);
            point.value -= 0.5 * away * away;
            point.gradient[row] -= away / deviation;
            point.information[row][row] += precision;
            point.squares[row][row] += precision;
        }
        point
    }

    /// Probability of the answer that was given, averaged over the person's ability, and its derivatives by ln a, b, then ln a
    /// twice, ln a and b, b twice.
    fn person(&self, answer: &PilotAnswer, [log, difficulty]: [f64; 2]) -> [f64; 6] {
        let slope = libm::exp(log);
        let range = 1.0 - self.lower;
        let sign = if answer.correct { 1.0 } else { -1.0 };
        let mut sums = [0.0; 6];
        for &(node, weight) in self.nodes {
            let u = slope * (answer.ability.mean + answer.ability.standard_error * node - difficulty);
            let small = libm::exp(-u.abs());
            let (large, small) = (1.0 / (1.0 + small), small / (1.0 + small));
            let (rising, falling) = if u >= 0.0 { (large, small) } else { (small, large) };
            let likelihood = if answer.correct { self.lower + range * rising } else { range * falling };
            let first = sign * range * rising * falling;
            let second = first * (falling - rising);
            // u depends on ln a with slope u, on b with slope −a.
            sums[0] += weight * likelihood;
            sums[1] += weight * first * u;
            sums[2] -= weight * first * slope;
            sums[3] += weight * (second * u + first) * u;
            sums[4] -= weight * (second * u + first) * slope;
            sums[5] += weight * second * slope * slope;
        }
        sums
    }

    /// Probability of a right answer, averaged over the person's ability.
    fn right(&self, ability: &Estimate, item: &Item) -> f64 {
        let at = |node: f64| item.probability(ability.mean + ability.standard_error * node);
        self.nodes.iter().map(|(node, weight)| weight * at(*node)).sum()
    }
}
