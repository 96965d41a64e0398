//! The content rules: every dimension its minimum, no family twice, no item twice. Decides which items may come next
//! whatever they tell about the person; how often they were shown to others is `exposure.rs`.

use std::collections::BTreeSet;

use super::Sitting;

/// What every test must satisfy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Items each dimension gets at least in a test of `maximum_items`; 2 for an interval per dimension.
    pub minimum_per_dimension: usize,
    /// Items a test has at most.
    pub maximum_items: usize,
}

/// Positions of the items that the rules allow next.
///
/// An item is out when it, or another of its family, was shown, or when it is excluded. Once the positions left are no
/// more than the items that dimensions still lack, only those dimensions are in: so the minima are met whatever is
/// chosen before. (Content balancing as in Kingsbury & Zara 1989, *Applied Measurement in Education* 2, 359–375, steers
/// towards shares and may miss a minimum; looking ahead cannot.) A dimension
/// lacks no more than it still has to offer, so an exhausted dimension does not block the rest.
pub(super) fn candidates<const D: usize>(sitting: &Sitting<'_, D>, rules: &Rules) -> Vec<usize> {
    let items = sitting.pool.items();
    let positions_left = rules.maximum_items.saturating_sub(sitting.administered.len());
    if positions_left == 0 {
        return Vec::new();
    }
    let mut free = free(sitting);
    let lacking = lacking(sitting, rules, &free);
    if positions_left <= lacking.iter().sum() {
        free.retain(|&position| lacking[items[position].dimension] > 0);
    }
    free
}

fn free<const D: usize>(sitting: &Sitting<'_, D>) -> Vec<usize> {
    let items = sitting.pool.items();
    let mut out = vec![false; items.len()];
    let mut families = BTreeSet::new();
    for &position in sitting.excluded.iter().chain(sitting.administered) {
        if let Some(flag) = out.get_mut(position) {
            *flag = true;
        }
    }
    for &position in sitting.administered {
        families.extend(items.get(position).and_then(|item| item.family));
    }
    (0..items.len())
        .filter(|&position| !out[position] && items[position].family.is_none_or(|family| !families.contains(&family)))
        .collect()
}

/// Items each dimension still needs for its minimum, as far as the free ones can give them (a family counts once).
fn lacking<const D: usize>(sitting: &Sitting<'_, D>, rules: &Rules, free: &[usize]) -> [usize; D] {
    let items = sitting.pool.items();
    let mut shown = [0; D];
    for item in sitting.administered.iter().filter_map(|&position| items.get(position)) {
        shown[item.dimension] += 1;
    }
    let mut offered = [0; D];
    let mut families = BTreeSet::new();
    for item in free.iter().map(|&position| &items[position]) {
        if item.family.is_none_or(|family| families.insert(family)) {
            offered[item.dimension] += 1;
        }
    }
    core::array::from_fn(|dimension| {
        rules.minimum_per_dimension.saturating_sub(shown[dimension]).min(offered[dimension])
    })
}
