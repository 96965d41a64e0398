//! Ability after each answer by expectation propagation (EP): the normal distribution whose means and variances agree
//! with the exact one-dimensional calculations. Deterministic, a few microseconds an answer, logits.
//!
//! One site a dimension, not one an answer: between-item answers of a dimension multiply to one function of one
//! ability, whose moments the grid of `likelihood.rs` gives exactly. So only the correlations between dimensions are
//! approximated; with D = 1, or independent dimensions, the result is exact.
//! Not here: choosing the next item (`selection`), priors estimated from data.

use super::likelihood::Likelihood;
use super::{Answer, CategoryError, DimensionError, Posterior, Prior, UncertainItem};
use crate::model::{Item, ResponseFunction};
use crate::numeric::cholesky;

/// A sweep that moves no mean by more than this many standard deviations and no variance by more than this fraction
/// ends the iteration. A sweep shrinks changes to a tenth on ordinary input, to nine tenths at worst, so what is left is
/// below 1e-9. What is left cannot be told from the ratio of two changes: that was tried and left more than 1e-8.
const CONVERGED: f64 = 1e-10;

/// Sweeps after which the iteration stops even if it has not converged; ten are typical.
const MOST_SWEEPS: usize = 200;

/// Sweeps after which steps are halved, the usual remedy for a cycle (Vehtari et al. 2020).
const UNDAMPED_SWEEPS: usize = 25;

/// How an iteration ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Convergence {
    pub sweeps: usize,
    /// Largest change in the last sweep: of a mean in standard deviations, of a variance as a fraction.
    pub change: f64,
    /// Site updates left out in the last sweep, because the distribution without the site was not normalisable or had
    /// no mass on the grid. Such a site keeps its last value.
    pub skipped: usize,
    /// Whether an update had to be left out or nothing settled, so that the iteration was begun again with no site
    /// precision below zero.
    /// The standard error may then be a little too small; two random answers in 100,000 at correlations
    /// up to .9, one in 1,000 at .95.
    pub floored: bool,
}

impl Convergence {
    /// Whether the posterior is a fixed point (closed form): every site updated and nothing moved by more than 1e-10.
    pub fn is_complete(&self) -> bool {
        self.change <= CONVERGED && self.skipped == 0
    }
}

/// Natural parameters of the normal factor that stands for a dimension's answers. The precision may be negative:
/// answers to items with a guessing floor can leave one less sure than before.
#[derive(Debug, Clone, Copy, Default)]
struct Site {
    precision: f64,
    shift: f64,
}

/// The state of one person: prior, the likelihood of each dimension's answers, and the current approximation.
///
/// ```
/// use melek_irt::ability::{ExpectationPropagation, Prior};
/// use melek_irt::model::Item;
/// let prior = Prior::new([0.0, 0.0], [[1.0, 0.7], [0.7, 1.0]])?;
/// let mut person = ExpectationPropagation::new(&prior);
/// person.update(&Item::new(1.5, 0.0, 0.25)?, 0, true)?;
/// let posterior = person.posterior();
/// assert!(posterior.mean[0] > posterior.mean[1] && posterior.mean[1] > 0.0); // the second learns from the first
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct ExpectationPropagation<const D: usize> {
    prior: Prior<D>,
    likelihoods: [Likelihood; D],
    sites: [Site; D],
    approximation: Posterior<D>,
}

impl<const D: usize> ExpectationPropagation<D> {
    /// A person who has answered nothing.
    pub fn new(prior: &Prior<D>) -> Self {
        let likelihoods = core::array::from_fn(|d| Likelihood::flat(prior.mean()[d], prior.covariance()[d][d]));
        Self { prior: prior.clone(), likelihoods, sites: [Site::default(); D], approximation: prior.posterior() }
    }

    /// Takes one answer in and iterates to the fixed point from the last one; returns how that ended.
    ///
    /// # Formula
    /// For each dimension d in turn: cavity = marginal without site d; site := moments of cavity × likelihood_d
    /// ÷ cavity; until nothing moves by more than 1e-10.
    ///
    /// # Arguments
    /// - `item`: the item answered. `dimension`: the one it measures, counted from 0, below D.
    /// - `correct`: right or wrong; for partial credit see [`ExpectationPropagation::update_category`].
    ///
    /// # Source
    /// Minka (2001), *Uncertainty in Artificial Intelligence* 17, 362–369; one site for a group of factors as in
    /// Vehtari et al. (2020), *Journal of Machine Learning Research* 21(17).
    ///
    /// # Accuracy
    /// One update at a time equals [`posterior`] of all answers to 1e-8, in any order of the answers. Against the
    /// exact posterior see [`posterior`].
    ///
    /// # Limits
    /// An unknown dimension is an error and changes nothing. A site whose cavity has no positive variance cannot be
    /// updated: guesses can make a site's precision negative, and the other sites then lean on the rest. If the iteration
    /// ends with such a site or does not settle, it begins again with precisions floored at zero
    /// ([`Convergence::floored`]). After 25 sweeps steps are halved, after 200 the iteration stops, which
    /// [`Convergence::is_complete`] tells; seen only with correlations above .9 and discriminations above 3.
    pub fn update(&mut self, item: &Item, dimension: usize, correct: bool) -> Result<Convergence, DimensionError> {
        self.take(&Answer { item: *item, dimension, correct })?;
        Ok(self.iterate(dimension))
    }

    /// Takes in an answer to an item of several categories; as [`ExpectationPropagation::update`] in all else.
    ///
    /// # Formula
    /// The likelihood of the answer is P(X = category | θ_d) of the response function.
    ///
    /// # Arguments
    /// - `function`: of one slope; any form. `dimension`: the one it measures, counted from 0, below D.
    /// - `category`: counted from 0, the lowest.
    ///
    /// # Source
    /// As [`ExpectationPropagation::update`]; the models as [`crate::model::Form`].
    ///
    /// # Accuracy
    /// As [`posterior`], on `tests/reference/posterior_categories.csv`. Two categories without a floor give what `update` gives.
    ///
    /// # Limits
    /// Another number of slopes, an unknown dimension or category is an error and changes nothing.
    ///
    /// ```
    /// use melek_irt::ability::{ExpectationPropagation, Prior};
    /// use melek_irt::model::{Form, ResponseFunction};
    /// let partial = Form::DivideByTotal { scoring: vec![1.0, 2.0], intercepts: vec![0.5, 0.0] };
    /// let item = ResponseFunction::new(vec![1.2], partial)?;
    /// let mut person = ExpectationPropagation::new(&Prior::new([0.0, 0.0], [[1.0, 0.7], [0.7, 1.0]])?);
    /// person.update_category(&item, 0, 2)?;
    /// assert!(person.posterior().mean[0] > person.posterior().mean[1]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn update_category(
        &mut self,
        function: &ResponseFunction,
        dimension: usize,
        category: usize,
    ) -> Result<Convergence, CategoryError> {
        DimensionError::check::<D>(dimension)?;
        let [slope] = *function.slopes() else { return Err(CategoryError::Slopes(function.slopes().len())) };
        let categories = function.categories();
        if category >= categories {
            return Err(CategoryError::Category { category, categories });
        }
        let mut probabilities = vec![0.0; categories];
        self.likelihoods[dimension].multiply(|theta| {
            function.fill_probabilities(slope * theta, &mut probabilities);
            probabilities[category]
        });
        Ok(self.iterate(dimension))
    }

    /// Takes in an answer to an item whose parameters are known with an error only, which makes the interval wider; as
    /// [`ExpectationPropagation::update`] in all else.
    ///
    /// # Formula
    /// The likelihood of the answer is [`UncertainItem::likelihood`].
    ///
    /// # Source
    /// As there.
    ///
    /// # Accuracy
    /// What it does to coverage is in `docs/adaptive-testing.md`.
    ///
    /// # Limits
    /// As [`ExpectationPropagation::update`]. Errors are independent between items: an item answered twice counts twice.
    pub fn update_uncertain(
        &mut self,
        item: &UncertainItem,
        dimension: usize,
        correct: bool,
    ) -> Result<Convergence, DimensionError> {
        if item.is_sure() {
            return self.update(item.item(), dimension, correct);
        }
        DimensionError::check::<D>(dimension)?;
        self.likelihoods[dimension].multiply(|theta| item.likelihood(theta, correct));
        Ok(self.iterate(dimension))
    }

    /// The same answers under another prior: the fixed point from the last sites on. `None` when the grids of the likelihoods,
    /// which were laid out for the first prior, do not reach far enough.
    pub(super) fn set_prior(&mut self, prior: &Prior<D>) -> Option<Convergence> {
        if !(0..D).all(|dimension| self.reaches(prior, dimension)) {
            return None;
        }
        self.prior = prior.clone();
        if !self.rebuild() {
            self.sites = [Site::default(); D];
            self.approximation = prior.posterior();
        }
        Some(self.iterate(0))
    }

    /// Whether the grid of a dimension holds a prior.
    pub(super) fn reaches(&self, prior: &Prior<D>, dimension: usize) -> bool {
        self.likelihoods[dimension].covers(prior.mean()[dimension], prior.covariance()[dimension][dimension])
    }

    pub(super) fn prior(&self) -> &Prior<D> {
        &self.prior
    }

    /// The current normal approximation, logits.
    pub fn posterior(&self) -> &Posterior<D> {
        &self.approximation
    }

    /// Answers taken in for each dimension: a count (closed form), at the position of the dimension.
    ///
    /// ```
    /// use melek_irt::ability::{ExpectationPropagation, Prior};
    /// use melek_irt::model::Item;
    /// let mut person = ExpectationPropagation::new(&Prior::new([0.0, 0.0], [[1.0, 0.0], [0.0, 1.0]])?);
    /// person.update(&Item::new(1.0, 0.0, 0.0)?, 1, true)?;
    /// assert_eq!(person.answers_per_dimension(), [0, 1]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn answers_per_dimension(&self) -> [usize; D] {
        core::array::from_fn(|dimension| self.likelihoods[dimension].answers())
    }

    fn take(&mut self, answer: &Answer) -> Result<(), DimensionError> {
        answer.check::<D>()?;
        self.likelihoods[answer.dimension].multiply_item(&answer.item, answer.correct);
        Ok(())
    }

    /// Sweeps from the last fixed point, the changed dimension first; if that leaves a site out or does not settle, again from
    /// the prior with precisions floored at zero, where every site has a cavity. So each answer counts, and the result depends
    /// on the answers alone.
    fn iterate(&mut self, changed: usize) -> Convergence {
        let mut end = self.sweep_to_the_end(changed, f64::NEG_INFINITY);
        if !end.is_complete() {
            self.sites = [Site::default(); D];
            self.approximation = self.prior.posterior();
            end = Convergence { floored: true, ..self.sweep_to_the_end(0, 0.0) };
        }
        if end.sweeps > 0 {
            self.rebuild();
        }
        end
    }

    /// Updates one site after the other, from the dimension whose likelihood changed on, until none moves any more.
    fn sweep_to_the_end(&mut self, changed: usize, least_precision: f64) -> Convergence {
        if self.answers_per_dimension() == [0; D] {
            return Convergence { sweeps: 0, change: 0.0, skipped: 0, floored: false };
        }
        // Of the last update of each site.
        let mut changes = [f64::INFINITY; D];
        let mut skipped = [false; D];
        let mut updates = 0;
        while updates < MOST_SWEEPS * D && changes.iter().any(|change| *change > CONVERGED) {
            let dimension = (changed + updates) % D;
            let step = if updates < UNDAMPED_SWEEPS * D { 1.0 } else { 0.5 };
            let answered = self.likelihoods[dimension].answers() > 0;
            let change = if answered { self.refine(dimension, step, least_precision) } else { Some(0.0) };
            skipped[dimension] = change.is_none();
            changes[dimension] = change.unwrap_or(0.0);
            updates += 1;
        }
        Convergence {
            sweeps: updates.div_ceil(D),
            change: changes.into_iter().fold(0.0, f64::max),
            skipped: skipped.into_iter().filter(|skipped| *skipped).count(),
            floored: false,
        }
    }

    /// Updates one site; the largest relative change it made, or `None` when its cavity is no normal distribution.
    ///
    /// A precision below the least is raised to it, and the shift then chosen so that the mean is still right.
    fn refine(&mut self, dimension: usize, step: f64, least_precision: f64) -> Option<f64> {
        let variance = self.approximation.covariance[dimension][dimension];
        let mean = self.approximation.mean[dimension];
        let site = self.sites[dimension];
        let cavity_precision = 1.0 / variance - site.precision;
        if cavity_precision <= 0.0 {
            return None;
        }
        let cavity_shift = mean / variance - site.shift;
        let tilted = self.likelihoods[dimension].moments(cavity_shift / cavity_precision, 1.0 / cavity_precision)?;
        let matched = (1.0 / tilted.variance - cavity_precision).max(least_precision);
        let precision = step * (matched - site.precision);
        let shift = step * (tilted.mean * (matched + cavity_precision) - cavity_shift - site.shift);
        self.sites[dimension] = Site { precision: site.precision + precision, shift: site.shift + shift };
        self.spread(dimension, precision, shift);
        let moved = (tilted.mean - mean).abs() / variance.sqrt();
        Some(moved.max((1.0 / (variance * (matched + cavity_precision)) - 1.0).abs()))
    }

    /// Carries a change of one site to all means and covariances: the rank-one (Sherman–Morrison) update.
    fn spread(&mut self, dimension: usize, precision: f64, shift: f64) {
        let Posterior { mean, covariance } = &mut self.approximation;
        let column: [f64; D] = core::array::from_fn(|row| covariance[row][dimension]);
        let denominator = 1.0 + precision * column[dimension];
        let pull = (shift - precision * mean[dimension]) / denominator;
        let shrink = precision / denominator;
        for row in 0..D {
            mean[row] += column[row] * pull;
            for other in 0..D {
                covariance[row][other] -= column[row] * column[other] * shrink;
            }
        }
    }

    /// Recomputes the approximation from prior and sites, so that rounding of the rank-one updates does not add up; `false`,
    /// and nothing changed, when prior and sites make no distribution.
    fn rebuild(&mut self) -> bool {
        let mut precision = *self.prior.precision();
        let mut pull = [0.0; D];
        for (dimension, site) in self.sites.iter().enumerate() {
            precision[dimension][dimension] += site.precision;
            pull[dimension] = site.shift - site.precision * self.prior.mean()[dimension];
        }
        let Ok(factor) = cholesky::factor(&precision) else { return false };
        let covariance = cholesky::inverse(&factor);
        let moved = cholesky::product(&covariance, &pull);
        let mean = core::array::from_fn(|dimension| self.prior.mean()[dimension] + moved[dimension]);
        self.approximation = Posterior { mean, covariance };
        true
    }
}

/// The posterior of all answers at once.
///
/// # Formula
/// p(θ | answers) ∝ N(θ; prior) · Π likelihood(answer; θ of its dimension), approximated by the normal distribution at
/// EP's fixed point.
///
/// # Arguments
/// `prior`: of the person's population. `answers`: any number, any order; typically 12 … 40.
///
/// # Source
/// Minka (2001), *Uncertainty in Artificial Intelligence* 17, 362–369.
///
/// # Accuracy
/// D = 1: the exact moments to 1e-10. D > 1: means within 0.005 standard deviations and standard deviations within 1 %
/// of dense quadrature (D = 2, 3) and of importance sampling with 4,000,000 draws (D = 5); the worst case is a person
/// who has everything right, whose posterior is skewed. The fixed point itself agrees with another program's to 1e-9.
/// All on `tests/reference/posterior_moments.csv`.
///
/// # Limits
/// No answer gives the prior. The grid's step is an eighth of a prior standard deviation, so a dimension's standard
/// error must stay above a ninth of it (some 80 well-placed answers in one dimension).
///
/// ```
/// use melek_irt::ability::{Answer, Prior, posterior};
/// use melek_irt::model::Item;
/// let prior = Prior::new([0.0], [[1.0]])?;
/// let item = Item::new(1.0, 0.0, 0.0)?;
/// let posterior = posterior(&prior, &[Answer { item, dimension: 0, correct: true }])?;
/// assert!((posterior.mean[0] - 0.413_241_928_283_814).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn posterior<const D: usize>(prior: &Prior<D>, answers: &[Answer]) -> Result<Posterior<D>, DimensionError> {
    let mut person = ExpectationPropagation::new(prior);
    for answer in answers {
        person.take(answer)?;
    }
    person.iterate(0);
    Ok(person.approximation)
}
