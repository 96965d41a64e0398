//! Whether a pilot item's curve may be believed: right answers in groups of like ability beside what the curve expects. Abilities in
//! logits, residuals in standard deviations.

use super::pilot::PilotAnswer;
use crate::fit::chi_square::probability_above;

/// Groups at most: with five, three degrees of freedom are left and each group of 300 people holds 60.
const MOST_GROUPS: usize = 5;

/// People a group at least: below, the squared residual of a share is far from a chi-square.
const FEWEST_IN_GROUP: usize = 10;

/// Groups below which two estimated parameters leave nothing to judge by.
const FEWEST_GROUPS: usize = 3;

/// Right answers of people of like ability.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PilotGroup {
    pub people: usize,
    /// Mean of the abilities' means, logits.
    pub ability: f64,
    /// Share right, 0 … 1.
    pub observed: f64,
    /// Mean probability of a right answer by the estimated curve, averaged over each person's ability.
    pub expected: f64,
    /// (observed − expected) / standard deviation of the share; beyond ± 2.6 in five groups is rare.
    pub residual: f64,
}

/// How far the answers are from the estimated curve.
///
/// χ² = Σ_g (O_g − E_g)² / (V_g / n_g²), V_g = Σ P_p (1 − P_p): Yen's (1981) Q1, *Applied Psychological Measurement* 5, 245–262, with
/// expected shares averaged over each person's ability, so that the error of ability does not look like misfit. Groups are formed by
/// what is known before the answer; two parameters cost two degrees of freedom (Hosmer & Lemeshow 1980, *Communications in Statistics*
/// A9, 1043–1069). Caveats: about right, not exact, and less so with a strong prior; with few people only gross misfit is found,
/// with thousands misfit that does no harm: look at the groups.
#[derive(Debug, Clone, PartialEq)]
pub struct PilotFit {
    /// From the least able to the ablest.
    pub groups: Vec<PilotGroup>,
    pub chi_square: f64,
    pub degrees_of_freedom: usize,
    /// Probability of so large a statistic where the curve is right.
    pub p: f64,
}

/// Answers in rising order of ability beside the probability of a right one.
pub(super) fn judge(answers: &[PilotAnswer], right: impl Fn(&PilotAnswer) -> f64) -> Option<PilotFit> {
    let count = (answers.len() / FEWEST_IN_GROUP).min(MOST_GROUPS);
    // People of the same ability stay together, or which of them is in which group would depend on their order.
    let group = |answer: &PilotAnswer| {
        let below = answers.partition_point(|other| other.ability.mean < answer.ability.mean);
        below * count / answers.len()
    };
    if count < FEWEST_GROUPS {
        return None;
    }
    let groups: Vec<PilotGroup> =
        answers.chunk_by(|one, next| group(one) == group(next)).map(|group| compare(group, &right)).collect();
    if groups.len() < FEWEST_GROUPS {
        return None;
    }
    let chi_square = groups.iter().map(|group| group.residual * group.residual).sum();
    let degrees_of_freedom = groups.len() - 2;
    Some(PilotFit { groups, chi_square, degrees_of_freedom, p: probability_above(chi_square, degrees_of_freedom) })
}

fn compare(answers: &[PilotAnswer], right: impl Fn(&PilotAnswer) -> f64) -> PilotGroup {
    let people = answers.len() as f64;
    let (mut ability, mut observed, mut expected, mut variance) = (0.0, 0.0, 0.0, 0.0);
    for answer in answers {
        let probability = right(answer);
        ability += answer.ability.mean;
        observed += f64::from(u8::from(answer.correct));
        expected += probability;
        variance += probability * (1.0 - probability);
    }
    PilotGroup {
        people: answers.len(),
        ability: ability / people,
        observed: observed / people,
        expected: expected / people,
        residual: (observed - expected) / variance.sqrt(),
    }
}
