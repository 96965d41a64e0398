//! a-stratified choice with blocking of difficulty: the least discriminating items first, while the estimate is rough, so that
//! the best are kept for where they tell most.

use crate::model::Item;

/// Larger than any distance of a difficulty from an estimate: the right stratum comes before the right difficulty.
const BEYOND_ANY_DISTANCE: f64 = 1e3;

/// Stratum of each item, 0 the least discriminating.
///
/// # Formula
/// Items are sorted by difficulty and cut into blocks of `strata`; in each block the least discriminating goes to stratum 0,
/// the next to 1, and so on.
///
/// # Source
/// Chang, Qian & Ying (2001), *Applied Psychological Measurement* 25, 333–341.
///
/// # Limits
/// 0 strata count as 1.
pub fn strata<'a>(items: impl Iterator<Item = &'a Item>, strata: usize) -> Vec<usize> {
    let items: Vec<&Item> = items.collect();
    let mut by_difficulty: Vec<usize> = (0..items.len()).collect();
    by_difficulty.sort_by(|&one, &other| items[one].difficulty().total_cmp(&items[other].difficulty()));
    let mut stratum = vec![0; items.len()];
    for block in by_difficulty.chunks_mut(strata.max(1)) {
        block.sort_by(|&one, &other| items[one].discrimination().total_cmp(&items[other].discrimination()));
        for (place, &position) in block.iter().enumerate() {
            stratum[position] = place;
        }
    }
    stratum
}

/// Stratum from which the next item comes: `given` of `length` items are behind (closed form).
pub fn stage(given: usize, length: usize, strata: usize) -> usize {
    (given * strata / length.max(1)).min(strata.saturating_sub(1))
}

/// Nearness of the item's difficulty to the estimate, logits below 0; items of another stratum come after all of this one.
///
/// # Formula
/// −|b − θ̂| − 1000 · strata away
///
/// # Source
/// Chang & Ying (1999), *Applied Psychological Measurement* 23, 211–222.
pub fn score(item: &Item, strata_away: usize, theta: f64) -> f64 {
    -(item.difficulty() - theta).abs() - BEYOND_ANY_DISTANCE * strata_away as f64
}
