//! How large a difference between groups is, in points of the item's score.

use super::design::InvarianceError;
use crate::calibration::{Grid, Latent, Nodes};
use crate::fairness::Class;
use crate::model::ResponseFunction;

/// Points of the focal group's ability, over six standard deviations to either side.
const POINTS: usize = 121;
const DEVIATIONS: f64 = 6.0;

/// Expected differences for people of the focal group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EffectSize {
    /// Mean difference of the expected score, focal minus reference function (SIDS): differences in opposite directions
    /// cancel. In points.
    pub signed: f64,
    /// Mean absolute difference (UIDS): nothing cancels. In points.
    pub unsigned: f64,
    /// The signed difference in standard deviations of the expected score (ESSD), read like Cohen's d.
    pub standardised: f64,
}

/// Standardised differences from which a difference is moderate and large: Cohen's small and medium effect.
const MODERATE: f64 = 0.2;
const LARGE: f64 = 0.5;

impl EffectSize {
    /// The class of the standardised difference: A below 0.2 or where it may be chance, B below 0.5, C from there on.
    ///
    /// # Formula
    /// |ESSD| against 0.2 and 0.5
    ///
    /// # Arguments
    /// `significant`: whether the item's test says that there is a difference.
    ///
    /// # Source
    /// Meade (2010), *Journal of Applied Psychology* 95, 728–743, who reads ESSD by Cohen (1988), *Statistical Power Analysis
    /// for the Behavioral Sciences*, § 2.2.4; the letters are those of the other methods, see [`Class`].
    ///
    /// # Limits
    /// NaN is A. Differences that cancel are small here: look at [`EffectSize::unsigned`] too.
    ///
    /// ```
    /// use melek_irt::fairness::Class;
    /// use melek_irt::invariance::EffectSize;
    /// let effect = EffectSize { signed: -0.1, unsigned: 0.1, standardised: -0.3 };
    /// assert_eq!((effect.class(true), effect.class(false)), (Class::B, Class::A));
    /// ```
    pub fn class(&self, significant: bool) -> Class {
        Class::by_size(self.standardised.abs(), MODERATE, LARGE).if_significant(significant)
    }
}

/// Size of a difference between two response functions, weighted by the focal group's abilities.
///
/// # Formula
/// SIDS = ∫ (E_F(θ) − E_R(θ)) φ_F(θ) dθ, UIDS = ∫ |E_F(θ) − E_R(θ)| φ_F(θ) dθ, ESSD = SIDS / √((Var E_F + Var E_R)/2), E
/// the expected score Σ k P_k and means and variances over the focal group
///
/// # Arguments
/// - `reference`, `focal`: the item in both groups, on one scale.
/// - `ability`: the focal group's distribution, one dimension, with spread.
///
/// # Source
/// Meade (2010), *Journal of Applied Psychology* 95, 728–743; the integral over the estimated normal distribution takes
/// the place of his mean over estimated abilities, which are less spread than abilities.
///
/// # Accuracy
/// Agrees with scipy quadrature within 1e-9 (UIDS 1e-4: a kink where the functions cross) on
/// `tests/reference/invariance_effects.csv`.
///
/// # Limits
/// ESSD is 0 for equal functions and NaN where an expected score does not vary.
///
/// ```
/// use melek_irt::calibration::Latent;
/// use melek_irt::invariance::effect_size;
/// use melek_irt::model::ResponseFunction;
/// let easier = ResponseFunction::two_parameter(1.0, 0.5)?;
/// let harder = ResponseFunction::two_parameter(1.0, 0.0)?;
/// let effect = effect_size(&easier, &harder, &Latent::standard(1))?;
/// assert!(effect.signed < -0.09 && (effect.signed + effect.unsigned).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn effect_size(
    reference: &ResponseFunction,
    focal: &ResponseFunction,
    ability: &Latent,
) -> Result<EffectSize, InvarianceError> {
    let one = ability.dimensions() == 1 && reference.slopes().len() == 1 && focal.slopes().len() == 1;
    let variance = if one { ability.covariance[0][0] } else { 0.0 };
    if !(variance > 0.0 && variance.is_finite() && ability.mean[0].is_finite()) {
        return Err(InvarianceError::Ability);
    }
    let (mean, reach) = (ability.mean[0], DEVIATIONS * variance.sqrt());
    let nodes = Nodes::new(&Grid { points: POINTS, lowest: mean - reach, highest: mean + reach }, 1);
    let weights = ability.weights(&nodes).ok_or(InvarianceError::Ability)?;
    let mut sum = Moments::default();
    for (node, weight) in weights.iter().flatten().take(nodes.count).enumerate() {
        sum.add(*weight, focal.expected_score(nodes.at(node)), reference.expected_score(nodes.at(node)));
    }
    Ok(sum.effect())
}

/// Weighted sums over abilities; weights sum to 1.
#[derive(Default)]
struct Moments {
    unsigned: f64,
    focal: [f64; 2],
    reference: [f64; 2],
}

impl Moments {
    fn add(&mut self, weight: f64, focal: f64, reference: f64) {
        self.unsigned += weight * (focal - reference).abs();
        for (sums, value) in [(&mut self.focal, focal), (&mut self.reference, reference)] {
            sums[0] += weight * value;
            sums[1] += weight * value * value;
        }
    }

    fn effect(&self) -> EffectSize {
        let variance = |[mean, square]: [f64; 2]| (square - mean * mean).max(0.0);
        let signed = self.focal[0] - self.reference[0];
        let pooled = (0.5 * (variance(self.focal) + variance(self.reference))).sqrt();
        let standardised = if signed == 0.0 { 0.0 } else { signed / pooled };
        EffectSize { signed, unsigned: self.unsigned, standardised }
    }
}
