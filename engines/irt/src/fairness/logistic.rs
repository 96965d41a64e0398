//! Logistic regression: does the group add to what the level says about the answer?
//!
//! logit P(right) = β₀ + β₁ s + β₂ g + β₃ s g with s the level and g = 1 in the focal group (Swaminathan & Rogers 1990,
//! *Journal of Educational Measurement* 27, 361–370). β₂ is a uniform difference, β₃ one that grows with the level.
//! Tested by −2 (ln L of the smaller model − ln L of the larger one).

use super::adequacy::{Adequacy, SIGNIFICANCE};
use super::binomial_regression::{self, Cell, Fit, NoFit};
use super::odds_ratio::OddsRatio;
use super::strata::{Fourfold, Strata};
use super::tail::chi_square_above;
use super::{Class, FairnessError};

/// ΔR² of a moderate and a large difference: Jodoin & Gierl (2001), *Applied Measurement in Education* 14, 329–349.
const JODOIN_GIERL: (f64, f64) = (0.035, 0.070);

/// The same after Zumbo & Thomas (1997), and the level of significance they ask for: Zumbo (1999), *A Handbook on the
/// Theory and Methods of Differential Item Functioning*, 27.
const ZUMBO_THOMAS: (f64, f64) = (0.13, 0.26);
const ZUMBO_THOMAS_SIGNIFICANCE: f64 = 0.01;

/// Which difference is tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// The same at every level, given the level: β₂. One degree of freedom.
    Uniform,
    /// Growing with the level, given level and group: β₃. One degree of freedom.
    NonUniform,
    /// Either of them, given the level: β₂ and β₃. Two degrees of freedom.
    Both,
}

/// What the group adds to the level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Logistic {
    pub item: usize,
    pub effect: Effect,
    /// Likelihood-ratio statistic.
    pub chi_square: f64,
    pub degrees_of_freedom: usize,
    pub p: f64,
    /// Gain of Nagelkerke's R², 0 … 1.
    pub gain: f64,
    /// Constant, level, focal group, level in the focal group, of the larger model: logits, logits a level. The last
    /// one is 0 for a uniform effect.
    pub coefficients: [f64; 4],
    /// Class after Jodoin & Gierl: significant at .05, and a gain from .035 (B) or .070 (C).
    pub class: Class,
    /// Class after Zumbo & Thomas: significant at .01, and a gain from .13 (B) or .26 (C).
    pub class_zumbo_thomas: Class,
    /// The power is that of the Mantel–Haenszel test on the same people to find |delta| = 1.5.
    pub adequacy: Adequacy,
}

/// The likelihood-ratio test that the group adds nothing to the level, with the gain of R² as effect size.
///
/// # Formula
/// χ² = 2 (ln L₁ − ln L₀); R² = (1 − (L_c/L)^(2/n)) / (1 − L_c^(2/n)) with L_c the likelihood of the constant alone and
/// n people; gain = R² of the larger model − R² of the smaller one. Models as in the head of `logistic.rs`; fitted by
/// Newton's method until a step would change no coefficient by more than 1e-6 standard errors; that step is then taken.
///
/// # Arguments
/// `strata`: two groups, wrong and right; the levels are used as numbers. `effect`: which difference is tested.
///
/// # Source
/// Swaminathan & Rogers (1990), *Journal of Educational Measurement* 27, 361–370; R² Nagelkerke (1991), *Biometrika*
/// 78, 691–692; classes Jodoin & Gierl (2001), *Applied Measurement in Education* 14, 329–349, and Zumbo & Thomas
/// (1997) in Zumbo (1999), *A Handbook on the Theory and Methods of Differential Item Functioning*.
///
/// # Accuracy
/// Agrees with numpy, person by person, to 1e-9 (χ²), 1e-11 (gain) and 1e-8 (coefficients) on
/// `tests/reference/fairness_logistic.csv`.
///
/// # Limits
/// Supposes that the logit grows evenly with the level; where it does not, or guessing is frequent, and the groups
/// differ in ability, it finds differences that are not there. Answers that the predictors tell for certain (only right
/// answers in one group) and levels that do not vary within the groups are errors.
///
/// ```
/// use melek_irt::fairness::{Effect, Groups, Matching, Strata, logistic};
/// use melek_irt::responses::Responses;
/// // Both groups are right 5, 10, 15 times of 20 at levels 0, 1, 2: the group adds nothing.
/// let right = |person: usize| person % 20 < [5, 10, 15][person / 20 % 3];
/// let rows: Vec<[Option<u8>; 1]> = (0..120).map(|person| [Some(u8::from(right(person)))]).collect();
/// let groups: Vec<u16> = (0..120).map(|person| (person / 60) as u16).collect();
/// let levels: Vec<u32> = (0..120).map(|person| person / 20 % 3).collect();
/// let responses = Responses::from_rows(1, rows)?;
/// let strata = Strata::new(&responses, &Groups::new(&groups)?, 0, Matching::Levels(&levels))?;
/// let verdict = logistic(&strata, Effect::Both)?;
/// assert!(verdict.chi_square.abs() < 1e-9 && (verdict.coefficients[1] - 3.0_f64.ln()).abs() < 1e-9);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn logistic(strata: &Strata, effect: Effect) -> Result<Logistic, FairnessError> {
    let item = strata.item();
    let levels = strata.fourfolds()?;
    let scale = Scale::of(&levels);
    let cells: Vec<Cell> = levels.iter().flat_map(|level| scale.cells(level)).collect();
    let models = Models::fit(&cells, effect).map_err(|no_fit| match no_fit {
        NoFit::Certain => FairnessError::Certain { item },
        NoFit::Dependent => FairnessError::Dependent { item },
    })?;
    let degrees_of_freedom = if effect == Effect::Both { 2 } else { 1 };
    let chi_square = (2.0 * (models.larger - models.smaller)).max(0.0);
    let p = chi_square_above(chi_square, degrees_of_freedom);
    let gain = nagelkerke(&levels, models.larger) - nagelkerke(&levels, models.smaller);
    let class = |(moderate, large): (f64, f64), significance| {
        Class::by_size(gain, moderate, large).if_significant(p < significance)
    };
    Ok(Logistic {
        item,
        effect,
        chi_square,
        degrees_of_freedom,
        p,
        gain,
        coefficients: scale.undo(models.coefficients),
        class: class(JODOIN_GIERL, SIGNIFICANCE),
        class_zumbo_thomas: class(ZUMBO_THOMAS, ZUMBO_THOMAS_SIGNIFICANCE),
        adequacy: Adequacy::of_odds_ratio(strata, OddsRatio::common(&levels).as_ref()),
    })
}

/// Log-likelihoods of the two models, and the coefficients of the larger one.
struct Models {
    smaller: f64,
    larger: f64,
    coefficients: [f64; 4],
}

impl Models {
    fn fit(cells: &[Cell], effect: Effect) -> Result<Self, NoFit> {
        let level = || binomial_regression::fit::<2>(cells).map(|fit| fit.log_likelihood);
        let group = || binomial_regression::fit::<3>(cells);
        let product = || binomial_regression::fit::<4>(cells);
        Ok(match effect {
            Effect::Uniform => {
                let Fit { coefficients: [constant, slope, shift], log_likelihood } = group()?;
                let coefficients = [constant, slope, shift, 0.0];
                Self { smaller: level()?, larger: log_likelihood, coefficients }
            }
            Effect::NonUniform => {
                let Fit { coefficients, log_likelihood } = product()?;
                Self { smaller: group()?.log_likelihood, larger: log_likelihood, coefficients }
            }
            Effect::Both => {
                let Fit { coefficients, log_likelihood } = product()?;
                Self { smaller: level()?, larger: log_likelihood, coefficients }
            }
        })
    }
}

/// Levels with mean 0 and standard deviation 1, so that the product of level and group is no near copy of the group.
struct Scale {
    mean: f64,
    deviation: f64,
}

impl Scale {
    fn of(levels: &[Fourfold]) -> Self {
        let people: f64 = levels.iter().map(Fourfold::people).sum();
        let mean = levels.iter().map(|one| one.people() * one.level).sum::<f64>() / people;
        let squares = levels.iter().map(|one| one.people() * (one.level - mean) * (one.level - mean));
        let deviation = (squares.sum::<f64>() / people).sqrt();
        Self { mean, deviation: if deviation > 0.0 { deviation } else { 1.0 } }
    }

    fn cells(&self, level: &Fourfold) -> [Cell; 2] {
        let x = (level.level - self.mean) / self.deviation;
        [
            Cell { predictors: [1.0, x, 0.0, 0.0], right: level.reference_right, wrong: level.reference_wrong },
            Cell { predictors: [1.0, x, 1.0, x], right: level.focal_right, wrong: level.focal_wrong },
        ]
    }

    /// Coefficients for levels as they are.
    fn undo(&self, [constant, slope, shift, turn]: [f64; 4]) -> [f64; 4] {
        let (slope, turn) = (slope / self.deviation, turn / self.deviation);
        [constant - slope * self.mean, slope, shift - turn * self.mean, turn]
    }
}

fn nagelkerke(levels: &[Fourfold], log_likelihood: f64) -> f64 {
    let (right, wrong) =
        (levels.iter().map(Fourfold::right).sum::<f64>(), levels.iter().map(Fourfold::wrong).sum::<f64>());
    let people = right + wrong;
    let constant_only = right * libm::log(right / people) + wrong * libm::log(wrong / people);
    let explained = -libm::expm1(2.0 / people * (constant_only - log_likelihood));
    explained / -libm::expm1(2.0 / people * constant_only)
}
