//! Cut scores by item mapping: a level begins where its items are mastered with probability .67.

use std::collections::BTreeMap;

use super::isotonic;
use crate::model::Item;

/// Probability of a right answer that counts as mastery. Huynh (2006), *Educational Measurement: Issues and Practice*
/// 25(2), 19–20: the response probability of 2/3 maximises the information of a right answer; .67 in practice.
pub const RESPONSE_PROBABILITY: f64 = 0.67;

/// An item that cannot be placed on the scale.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum CutScoreError {
    #[error(
        "item {position} is guessed right with probability {lower}, so no ability marks mastery at {RESPONSE_PROBABILITY}"
    )]
    LowerAsymptote { position: usize, lower: f64 },
}

/// An item with the level it was written for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LevelItem {
    pub item: Item,
    /// Counted from 0.
    pub dimension: usize,
    /// Levels in ascending order; gaps are allowed.
    pub level: u32,
}

/// Where a level of a dimension begins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cut {
    pub dimension: usize,
    pub level: u32,
    /// Logits; never below that of a lower level of the dimension.
    pub ability: f64,
    /// The mean before levels were put in order, logits.
    pub unordered: f64,
    /// Items of the level in the dimension.
    pub items: usize,
}

/// The cut scores, by dimension, then level, ascending; levels without items are left out.
///
/// # Formula
/// For dimension and level the mean over their items of θ with P(θ) = .67; within a dimension the closest
/// non-decreasing sequence, weighted by the number of items.
///
/// # Arguments
/// `items`: any order; the lower asymptote below .67.
///
/// # Source
/// Item mapping at RP67: Mitzel, Lewis, Patz & Green (2001), in Cizek, *Setting Performance Standards*, ch. 9; Huynh
/// (2006), *Educational Measurement: Issues and Practice* 25(2), 19–20. Order: Ayer et al. (1955), *Annals of
/// Mathematical Statistics* 26, 641–647.
///
/// # Accuracy
/// Agrees with mpmath and scikit-learn's isotonic regression to 1e-12 on `tests/reference/cut_scores.csv`.
///
/// # Limits
/// Neighbouring levels may share a cut score (never descend): then the items do not tell the levels apart. No items
/// give no cuts. An item with lower asymptote ≥ .67 is an error.
///
/// ```
/// use melek_irt::model::Item;
/// use melek_irt::standard_setting::{LevelItem, cut_scores};
/// let item = Item::new(1.0, 0.0, 0.0)?;
/// let cuts = cut_scores(&[LevelItem { item, dimension: 0, level: 1 }])?;
/// assert!((cuts[0].ability - (0.67_f64 / 0.33).ln()).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn cut_scores(items: &[LevelItem]) -> Result<Vec<Cut>, CutScoreError> {
    let mut abilities: BTreeMap<usize, BTreeMap<u32, Vec<f64>>> = BTreeMap::new();
    for (position, LevelItem { item, dimension, level }) in items.iter().enumerate() {
        let ability = item
            .ability_at(RESPONSE_PROBABILITY)
            .ok_or(CutScoreError::LowerAsymptote { position, lower: item.lower() })?;
        abilities.entry(*dimension).or_default().entry(*level).or_default().push(ability);
    }
    Ok(abilities.iter().flat_map(|(&dimension, levels)| cuts_of(dimension, levels)).collect())
}

fn cuts_of(dimension: usize, levels: &BTreeMap<u32, Vec<f64>>) -> Vec<Cut> {
    let means: Vec<(f64, f64)> = levels
        .values()
        .map(|abilities| (abilities.iter().sum::<f64>() / abilities.len() as f64, abilities.len() as f64))
        .collect();
    let ordered = isotonic::non_decreasing(&means);
    levels
        .iter()
        .zip(means.iter().zip(ordered))
        .map(|((&level, abilities), (&(unordered, _), ability))| Cut {
            dimension,
            level,
            ability,
            unordered,
            items: abilities.len(),
        })
        .collect()
}
