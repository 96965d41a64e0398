//! How surely people are sorted into levels: what accuracy, consistency and kappa are, whatever the score.
//!
//! Both methods ([`super::rudner()`] for abilities, [`super::lee()`] for total scores) say for each ability how likely
//! each level is to be awarded; the rest is averaging, and is here.

use super::characteristic_curve::CurveError;

/// What cannot be classified. People, cuts and points count from 0.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum ClassificationError {
    #[error("at least one cut score is needed to tell two levels apart")]
    NoCuts,
    #[error("cut score {after} follows {before}; they must rise")]
    Order { before: f64, after: f64 },
    #[error("cut score {position} is {cut}")]
    NotFinite { position: usize, cut: f64 },
    #[error("nobody is to be classified")]
    NoPeople,
    #[error("person {person} has ability {mean} with standard error {standard_error}")]
    Estimate { person: usize, mean: f64, standard_error: f64 },
    #[error("at ability {ability} the test has no information, so estimates have no standard error")]
    NoInformation { ability: f64 },
    #[error(transparent)]
    Curve(#[from] CurveError),
}

/// Classification at one ability.
#[derive(Debug, Clone, PartialEq)]
pub struct Conditional {
    /// In logits.
    pub ability: f64,
    /// Share of people; all shares sum to 1.
    pub weight: f64,
    /// The level in which the ability lies, from 0.
    pub level: usize,
    /// Probability of being put into each level.
    pub probabilities: Vec<f64>,
    /// Probability of being put into the right level.
    pub accuracy: f64,
    /// Probability of being put into the same level by two parallel tests.
    pub consistency: f64,
}

/// Classification by one cut alone: at or above it, or below.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CutAgreement {
    pub cut: f64,
    pub accuracy: f64,
    pub consistency: f64,
    /// Consistency beyond chance; `None` when everybody is on one side.
    pub kappa: Option<f64>,
    /// Share of people put above the cut who lie below it.
    pub false_positive: f64,
    /// Share of people put below the cut who lie at or above it.
    pub false_negative: f64,
}

/// How surely people are sorted into levels; level 0 lies below the first cut.
#[derive(Debug, Clone, PartialEq)]
pub struct Classification {
    /// Share of people in the right level.
    pub accuracy: f64,
    /// Share of people whom two parallel tests put into the same level.
    pub consistency: f64,
    /// Consistency of two tests that know only how many people each level gets.
    pub chance: f64,
    /// (consistency − chance)/(1 − chance); `None` when everybody is in one level.
    pub kappa: Option<f64>,
    /// Shares of people by level (row) and level awarded (column); they sum to 1.
    pub table: Vec<Vec<f64>>,
    pub cuts: Vec<CutAgreement>,
    pub conditional: Vec<Conditional>,
}

impl Conditional {
    /// From the probability of reaching at least each cut.
    pub(super) fn new(ability: f64, weight: f64, level: usize, reached: &[f64]) -> Self {
        let at = |cut: usize| match cut {
            0 => 1.0,
            cut => reached.get(cut - 1).copied().unwrap_or(0.0),
        };
        // Differences of probabilities that fall can be −1e-17.
        let probabilities: Vec<f64> = (0..=reached.len()).map(|level| (at(level) - at(level + 1)).max(0.0)).collect();
        let consistency = probabilities.iter().map(|probability| probability * probability).sum();
        Self { ability, weight, level, accuracy: probabilities[level], consistency, probabilities }
    }
}

impl Classification {
    pub(super) fn new(cuts: &[f64], conditional: Vec<Conditional>) -> Self {
        let levels = cuts.len() + 1;
        let mut table = vec![vec![0.0; levels]; levels];
        for one in &conditional {
            for (cell, probability) in table[one.level].iter_mut().zip(&one.probabilities) {
                *cell += one.weight * probability;
            }
        }
        let mean = |of: fn(&Conditional) -> f64| conditional.iter().map(|one| one.weight * of(one)).sum::<f64>();
        let awarded = (0..levels).map(|level| table.iter().map(|row| row[level]).sum::<f64>());
        let (consistency, chance) = (mean(|one| one.consistency), awarded.map(|share| share * share).sum());
        Self {
            accuracy: mean(|one| one.accuracy),
            consistency,
            chance,
            kappa: kappa(consistency, chance),
            cuts: cuts.iter().enumerate().map(|(position, cut)| of_cut(&conditional, position, *cut)).collect(),
            table,
            conditional,
        }
    }
}

fn kappa(consistency: f64, chance: f64) -> Option<f64> {
    let kappa = (consistency - chance) / (1.0 - chance);
    (kappa.is_finite() && chance < 1.0 - 1e-12).then_some(kappa)
}

fn of_cut(conditional: &[Conditional], position: usize, cut: f64) -> CutAgreement {
    let (mut consistency, mut above, mut false_positive, mut false_negative) = (0.0, 0.0, 0.0, 0.0);
    for one in conditional {
        let passes: f64 = one.probabilities[position + 1..].iter().sum();
        let fails: f64 = one.probabilities[..=position].iter().sum();
        consistency += one.weight * (passes * passes + fails * fails);
        above += one.weight * passes;
        if one.level > position { false_negative += one.weight * fails } else { false_positive += one.weight * passes }
    }
    let chance = above * above + (1.0 - above) * (1.0 - above);
    let accuracy = 1.0 - false_positive - false_negative;
    CutAgreement { cut, accuracy, consistency, kappa: kappa(consistency, chance), false_positive, false_negative }
}

/// Cut scores that rise, at least one.
pub(super) fn check(cuts: &[f64]) -> Result<(), ClassificationError> {
    if cuts.is_empty() {
        return Err(ClassificationError::NoCuts);
    }
    if let Some(position) = cuts.iter().position(|cut| !cut.is_finite()) {
        return Err(ClassificationError::NotFinite { position, cut: cuts[position] });
    }
    match cuts.windows(2).find(|pair| pair[0] >= pair[1]) {
        Some(pair) => Err(ClassificationError::Order { before: pair[0], after: pair[1] }),
        None => Ok(()),
    }
}

/// The level of a value: how many cuts it reaches.
pub(super) fn level_of(value: f64, cuts: &[f64]) -> usize {
    cuts.partition_point(|cut| *cut <= value)
}
