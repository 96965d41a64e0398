//! Thresholds without looking: the times of an item as a mixture of rapid guesses and solution behaviour.
//!
//! ln T ~ p N(m₁, s₁²) + (1 − p) N(m₂, s₂²) by EM; the threshold is the time at which both are equally likely, between
//! the two means. An item has one only where two components describe its times better than one by the Bayesian
//! information criterion. Sources: Schnipke & Scrams (1997), *Journal of Educational Measurement* 34, 213–232 (mixture of
//! two lognormals); Schwarz (1978), *Annals of Statistics* 6, 461–464 (criterion); Hathaway (1985), *Annals of
//! Statistics* 13, 795–800 (bounded ratio of deviations, without which the likelihood has no maximum).

use core::f64::consts::PI;

use super::thresholds::{ThresholdError, Thresholds};
use super::times::Times;

/// Fewer times than this say nothing about five parameters; ten a parameter is the usual rule.
const FEWEST_TIMES: usize = 50;

/// A component's variance is at least this share of that of all times: a ratio of deviations of one to ten.
const SMALLEST_VARIANCE: f64 = 0.01;

/// Shares of the fastest times that start as rapid guesses; the most likely end is kept.
const STARTS: [f64; 5] = [0.05, 0.1, 0.2, 0.35, 0.5];

/// Steps from each start before the most likely is chosen.
const FIRST_STEPS: usize = 50;

/// Steps after which the chosen one is left as it is: so many are needed only where two components are hardly more
/// likely than one. A smaller change of the log likelihood ends it before.
const MOST_STEPS: usize = 1_000;
const TOLERANCE: f64 = 1e-10;

/// Times that no mixture describes.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum MixtureError {
    #[error("{times} times; a mixture needs at least {FEWEST_TIMES}")]
    TooFew { times: usize },
    #[error("a time of {0} seconds; a time is a finite number above 0")]
    NotPositive(f64),
    #[error("all times are {0} seconds")]
    AllEqual(f64),
}

/// A normal distribution of log seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Component {
    pub mean: f64,
    pub deviation: f64,
}

/// Two kinds of answers to one item by their time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mixture {
    /// Share of rapid guesses, 0 … 1.
    pub share: f64,
    /// The component with the lower mean, log seconds.
    pub rapid: Component,
    pub effortful: Component,
    /// Of the log times.
    pub log_likelihood: f64,
    /// The criterion of one component less that of two; above 0 where two are better.
    pub advantage: f64,
}

impl Mixture {
    /// The time in seconds at which a rapid guess and solution behaviour are equally likely, if two components describe
    /// the times better than one and such a time lies between their means.
    ///
    /// # Formula
    /// The root of p φ((x − m₁)/s₁)/s₁ = (1 − p) φ((x − m₂)/s₂)/s₂ in m₁ < x < m₂, x = ln t.
    ///
    /// # Source
    /// Schnipke & Scrams (1997), *Journal of Educational Measurement* 34, 213–232; equal posterior odds (Bayes rule).
    ///
    /// # Accuracy
    /// Bisection to the last bit.
    ///
    /// # Limits
    /// `None` where one component is enough or one is above the other throughout.
    ///
    /// ```
    /// use melek_irt::response_time::{Component, Mixture};
    /// let (rapid, effortful) = (Component { mean: 1.0, deviation: 0.3 }, Component { mean: 3.0, deviation: 0.3 });
    /// let mixture = Mixture { share: 0.5, rapid, effortful, log_likelihood: 0.0, advantage: 10.0 };
    /// assert!((mixture.threshold().unwrap() - 2.0_f64.exp()).abs() < 1e-12); // half-way
    /// ```
    pub fn threshold(&self) -> Option<f64> {
        let rapid = self.rapid.weighted_log_density(self.share);
        let effortful = self.effortful.weighted_log_density(1.0 - self.share);
        let excess = |x: f64| rapid(x) - effortful(x);
        let (mut low, mut high) = (self.rapid.mean, self.effortful.mean);
        if !(self.advantage > 0.0 && low < high && excess(low) > 0.0 && excess(high) < 0.0) {
            return None;
        }
        loop {
            let middle = low + (high - low) / 2.0;
            if !(low < middle && middle < high) {
                return Some(libm::exp(low));
            }
            if excess(middle) > 0.0 {
                low = middle;
            } else {
                high = middle;
            }
        }
    }

    /// Components in the order of their means, after one step of EM.
    fn step(&self, logarithms: &[f64], smallest: f64) -> Self {
        let (mut weight, mut sum, mut total, mut log_likelihood) = (0.0, 0.0, 0.0, 0.0);
        let mut rapid = Vec::with_capacity(logarithms.len());
        let first = self.rapid.weighted_log_density(self.share);
        let second = self.effortful.weighted_log_density(1.0 - self.share);
        for x in logarithms {
            let (first, second) = (first(*x), second(*x));
            let smaller = libm::exp(-(first - second).abs());
            log_likelihood += first.max(second) + libm::log1p(smaller);
            let own = if first < second { smaller } else { 1.0 } / (1.0 + smaller);
            rapid.push(own);
            weight += own;
            sum += own * x;
            total += x;
        }
        let count = logarithms.len() as f64;
        // A component without times stays where it was.
        let mean = |sum: f64, weight: f64, before: f64| if weight > 0.0 { sum / weight } else { before };
        let first = mean(sum, weight, self.rapid.mean);
        let second = mean(total - sum, count - weight, self.effortful.mean);
        let (mut one, mut other) = (0.0, 0.0);
        for (x, own) in logarithms.iter().zip(&rapid) {
            one += own * (x - first) * (x - first);
            other += (1.0 - own) * (x - second) * (x - second);
        }
        let deviation = |square: f64, weight: f64| mean(square, weight, smallest).max(smallest).sqrt();
        Self {
            share: weight / count,
            rapid: Component { mean: first, deviation: deviation(one, weight) },
            effortful: Component { mean: second, deviation: deviation(other, count - weight) },
            log_likelihood,
            advantage: self.advantage,
        }
    }
}

impl Component {
    /// ln(weight · density) as a function of x.
    fn weighted_log_density(&self, weight: f64) -> impl Fn(f64) -> f64 {
        let constant = libm::log(weight) - libm::log(self.deviation) - 0.5 * libm::log(2.0 * PI);
        let (mean, precision) = (self.mean, 0.5 / (self.deviation * self.deviation));
        move |x| constant - precision * (x - mean) * (x - mean)
    }

    /// Mean and deviation of numbers, of which there is at least one; the variance at least `smallest`.
    fn of(numbers: &[f64], smallest: f64) -> Self {
        let count = numbers.len() as f64;
        let mean = numbers.iter().sum::<f64>() / count;
        let variance = numbers.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / count;
        Self { mean, deviation: variance.max(smallest).sqrt() }
    }
}

/// The most likely mixture of rapid guesses and solution behaviour for the times of one item.
///
/// # Formula
/// Maximum over p, m₁ ≤ m₂, s₁, s₂ of Σ ln (p φ((x − m₁)/s₁)/s₁ + (1 − p) φ((x − m₂)/s₂)/s₂), x = ln t, both variances at
/// least a hundredth of that of x; advantage = 2 (ℓ₂ − ℓ₁) − 3 ln n.
///
/// # Arguments
/// `seconds`: at least 50, finite and above 0, in any order.
///
/// # Source
/// Schnipke & Scrams (1997), *Journal of Educational Measurement* 34, 213–232; criterion of Schwarz (1978), *Annals of
/// Statistics* 6, 461–464.
///
/// # Accuracy
/// Agrees with direct maximisation by scipy to 1e-4 in every parameter on `tests/reference/response_time_mixture.csv`.
///
/// # Limits
/// Where one component is enough the climb ends once two cannot become the better description, before the maximum.
/// Where the components overlap the likelihood may have several maxima; the highest of five starts is given. Skewed times
/// of honest people can look like a mixture, so see that the threshold is short before acting on it.
///
/// ```
/// use melek_irt::response_time::lognormal_mixture;
/// let quick = (0..10).map(|n| 1.5 + 0.1 * f64::from(n));
/// let slow = (0..90).map(|n| 20.0 + 0.5 * f64::from(n));
/// let mixture = lognormal_mixture(&quick.chain(slow).collect::<Vec<_>>())?;
/// assert!((mixture.share - 0.1).abs() < 0.01);
/// assert!(mixture.threshold().is_some_and(|seconds| seconds > 2.4 && seconds < 20.0));
/// # Ok::<(), melek_irt::response_time::MixtureError>(())
/// ```
pub fn lognormal_mixture(seconds: &[f64]) -> Result<Mixture, MixtureError> {
    if seconds.len() < FEWEST_TIMES {
        return Err(MixtureError::TooFew { times: seconds.len() });
    }
    if let Some(bad) = seconds.iter().find(|value| !(**value > 0.0 && value.is_finite())) {
        return Err(MixtureError::NotPositive(*bad));
    }
    let mut logarithms: Vec<f64> = seconds.iter().map(|value| libm::log(*value)).collect();
    logarithms.sort_unstable_by(f64::total_cmp);
    if logarithms[0] == logarithms[logarithms.len() - 1] {
        return Err(MixtureError::AllEqual(seconds[0]));
    }
    let single = Component::of(&logarithms, 0.0);
    let smallest = SMALLEST_VARIANCE * single.deviation * single.deviation;
    let mut best = start(&logarithms, STARTS[0], smallest);
    for share in &STARTS[1..] {
        let other = start(&logarithms, *share, smallest);
        if other.log_likelihood > best.log_likelihood {
            best = other;
        }
    }
    let density = single.weighted_log_density(1.0);
    let of_one: f64 = logarithms.iter().map(|x| density(*x)).sum();
    let advantage =
        |mixture: &Mixture| 2.0 * (mixture.log_likelihood - of_one) - 3.0 * libm::log(logarithms.len() as f64);
    for step in 0..MOST_STEPS {
        let next = best.step(&logarithms, smallest);
        let gain = next.log_likelihood - best.log_likelihood;
        best = next;
        // Gains of EM fall as a rule, so that so many more steps cannot make two components the better description.
        let hopeless = advantage(&best) + 2.0 * gain * ((MOST_STEPS - step) as f64) < 0.0;
        if gain.abs() < TOLERANCE || hopeless {
            break;
        }
    }
    if best.rapid.mean > best.effortful.mean {
        best = Mixture { share: 1.0 - best.share, rapid: best.effortful, effortful: best.rapid, ..best };
    }
    Ok(Mixture { advantage: advantage(&best), ..best })
}

/// The mixture after the first steps from the fastest `share` of ascending times.
fn start(logarithms: &[f64], share: f64, smallest: f64) -> Mixture {
    let count = ((share * logarithms.len() as f64) as usize).max(1);
    let (fast, slow) = logarithms.split_at(count);
    let mut mixture = Mixture {
        share,
        rapid: Component::of(fast, smallest),
        effortful: Component::of(slow, smallest),
        log_likelihood: f64::NEG_INFINITY,
        advantage: 0.0,
    };
    for _ in 0..FIRST_STEPS {
        mixture = mixture.step(logarithms, smallest);
    }
    mixture
}

/// Thresholds of every item by its mixture of times, seconds; 0 where one component is enough.
///
/// # Formula
/// [`Mixture::threshold`] item by item.
///
/// # Arguments
/// `times`: at least 50 an item, not all equal.
///
/// # Source
/// Schnipke & Scrams (1997), *Journal of Educational Measurement* 34, 213–232.
///
/// # Accuracy
/// As [`lognormal_mixture`].
///
/// # Limits
/// As [`lognormal_mixture`]; an item with fewer times is an error that names it.
///
/// ```
/// use melek_irt::response_time::{Times, mixture_thresholds};
/// let rows = (0..100).map(|n| [Some(if n < 10 { 1.5 + 0.1 * f64::from(n) } else { 20.0 + 0.5 * f64::from(n) })]);
/// let thresholds = mixture_thresholds(&Times::from_rows(1, rows)?)?;
/// assert!(thresholds.seconds()[0] > 2.4 && thresholds.seconds()[0] < 25.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn mixture_thresholds(times: &Times) -> Result<Thresholds, ThresholdError> {
    let mut by_item = vec![Vec::new(); times.items()];
    for time in times.all() {
        by_item[usize::from(time.item())].push(time.seconds());
    }
    let mut thresholds = Vec::with_capacity(by_item.len());
    for (item, seconds) in by_item.iter().enumerate() {
        if seconds.is_empty() {
            return Err(ThresholdError::NoTimes { item });
        }
        let mixture = lognormal_mixture(seconds).map_err(|source| ThresholdError::Mixture { item, source })?;
        thresholds.push(mixture.threshold().unwrap_or(0.0));
    }
    Thresholds::new(thresholds)
}
