//! Whether more answers are worth asking for: how likely they are to end "not sure yet". Abilities and cut scores in logits,
//! information per squared logit. Which answers come is the choice of items (`selection`), when to stop is `stopping`.

use super::{MET_FROM, NOT_MET_UP_TO, Verdict};
use crate::ability::Estimate;
use crate::numeric::normal;

/// Probability, 0 … 1, that the verdict is met or not met once further answers have brought this much information.
///
/// # Formula
/// N(m, v) now and N(m', w) then, w = 1/(1/v + I). Seen from now, m' ~ N(m, v − w), so with d = m − cut and z = Φ⁻¹:
/// Φ((d − z(.8) √w)/√(v − w)) + Φ((z(.2) √w − d)/√(v − w)); .8 and .2 are [`MET_FROM`] and [`NOT_MET_UP_TO`].
///
/// # Arguments
/// - `now`: the ability after the answers so far, logits.
/// - `cut`: the cut score, logits, any real.
/// - `information`: Fisher information I of the answers to come, per squared logit, ≥ 0: the sum of
///   [`crate::model::Item::information`] at the mean; typically .2 … .6 an item, 1 … 6 for the rest of a test.
///
/// # Source
/// Preposterior analysis: Raiffa & Schlaifer (1961), *Applied Statistical Decision Theory*, ch. 5 and sec. 11.4; the verdict's
/// rule: Rudner (2009), *Practical Assessment, Research & Evaluation* 14(8).
///
/// # Accuracy
/// Agrees with dense integration in R over ability and what is observed to 1e-12 on `tests/reference/forecast.csv`. Information is
/// taken as the same at every ability the person may have.
///
/// # Limits
/// An information of 0 gives 1 or 0 by the present verdict; ∞, or a standard error of 0, gives 1. While the verdict is not sure,
/// more information never lowers the probability; a verdict just reached can be lost again, so there it falls before it rises. It is
/// the verdict at the end: a test that stops at the first sure verdict reaches one more often. NaN, a negative or infinite standard
/// error and a negative information give NaN.
///
/// ```
/// use melek_irt::ability::Estimate;
/// use melek_irt::decision::probability_of_verdict;
/// let now = Estimate { mean: 0.1, standard_error: 0.4 };
/// assert_eq!(probability_of_verdict(&now, 0.0, 0.0), 0.0); // not sure, and nothing more is asked
/// assert!(probability_of_verdict(&now, 0.0, 2.0) < probability_of_verdict(&now, 0.0, 20.0));
/// ```
pub fn probability_of_verdict(now: &Estimate, cut: f64, information: f64) -> f64 {
    let distance = now.mean - cut;
    let possible = now.standard_error >= 0.0 && now.standard_error.is_finite() && information >= 0.0;
    if distance.is_nan() || !possible {
        return f64::NAN;
    }
    let variance = now.standard_error * now.standard_error;
    // v I, the information in units of what is known; 0 · ∞ is a person already known exactly.
    let gained = if variance == 0.0 { 0.0 } else { variance * information };
    let moves = (variance / (1.0 + 1.0 / gained)).sqrt();
    if moves == 0.0 {
        let sure = Verdict::from_probability(now.probability_at_least(cut)) != Verdict::NotSure;
        return f64::from(u8::from(sure));
    }
    let error = (variance / (1.0 + gained)).sqrt();
    let met = normal::probability_below((distance - normal::quantile(MET_FROM) * error) / moves);
    let not_met = normal::probability_below((normal::quantile(NOT_MET_UP_TO) * error - distance) / moves);
    met + not_met
}
