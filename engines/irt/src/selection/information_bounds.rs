//! Upper bounds of the items' information on small intervals of ability, so that the most informative of thousands is found
//! by reading one row and computing a few: branch and bound, exact. Logits.

use crate::model::Item;

/// Bounds cover abilities from −RANGE to RANGE; beyond, information is computed.
const RANGE: f64 = 6.0;

/// Cells to a logit. Information of an item with a = 3 changes by a tenth within 1/16 logit.
const CELLS_PER_LOGIT: f64 = 16.0;

/// Rounds a bound up when it is stored in single precision.
const ROUNDED_UP: f64 = 1.0 + 1e-6;

/// Golden-section steps: the place of the peak to 1e-9 of a bracket of 80 logits.
const PEAK_STEPS: usize = 60;

/// Largest information of each item in each cell of ability.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct InformationBounds {
    items: usize,
    /// Cell by cell, item by item.
    bounds: Vec<f32>,
}

impl InformationBounds {
    pub fn new<'a>(items: impl ExactSizeIterator<Item = &'a Item>) -> Self {
        let cells = (2.0 * RANGE * CELLS_PER_LOGIT) as usize;
        let count = items.len();
        let mut bounds = vec![0.0; cells * count];
        for (position, item) in items.enumerate() {
            let peak = peak(item);
            let mut below = item.information(-RANGE);
            for cell in 0..cells {
                let start = cell as f64 / CELLS_PER_LOGIT - RANGE;
                let end = start + 1.0 / CELLS_PER_LOGIT;
                let above = item.information(end);
                let inside = if (start..end).contains(&peak) { item.information(peak) } else { 0.0 };
                bounds[cell * count + position] = (below.max(above).max(inside) * ROUNDED_UP) as f32;
                below = above;
            }
        }
        Self { items: count, bounds }
    }

    /// Bounds by position in the pool for abilities near `theta`; `None` beyond the range.
    pub fn near(&self, theta: f64) -> Option<&[f32]> {
        let place = (theta + RANGE) * CELLS_PER_LOGIT;
        let cell = place as usize;
        (place >= 0.0).then(|| self.bounds.get(cell * self.items..(cell + 1) * self.items)).flatten()
    }
}

/// Ability at which an item is most informative. Information rises up to it and falls beyond (Magis 2013, *Applied
/// Psychological Measurement* 37, 304–315), so golden-section search finds it.
fn peak(item: &Item) -> f64 {
    const GOLDEN: f64 = 0.618_033_988_749_894_8;
    let reach = 40.0 / item.discrimination().max(1.0);
    let (mut low, mut high) = (item.difficulty() - reach, item.difficulty() + reach);
    for _ in 0..PEAK_STEPS {
        let span = GOLDEN * (high - low);
        let (one, other) = (high - span, low + span);
        if item.information(one) < item.information(other) { low = one } else { high = other }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_information_exceeds_its_bound_and_bounds_are_near() {
        let item = |n: u32| {
            let a = 0.4 + 0.13 * f64::from(n % 20);
            let item = Item::new(a, -3.5 + 0.14 * f64::from(n), [0.0, 0.2, 0.33][n as usize % 3]).unwrap();
            item.with_upper([1.0, 0.95][n as usize % 2]).unwrap()
        };
        let items: Vec<Item> = (0..50).map(item).collect();
        let bounds = InformationBounds::new(items.iter());
        for step in 0..1_200 {
            let theta = -6.0 + 0.01 * f64::from(step);
            let row = bounds.near(theta).unwrap();
            for (item, &bound) in items.iter().zip(row) {
                let information = item.information(theta);
                assert!(information <= f64::from(bound), "{item:?} at {theta}");
                assert!(f64::from(bound) <= 1.5 * information + 1e-6, "{item:?} at {theta}: {bound} {information}");
            }
        }
        assert!(bounds.near(6.1).is_none() && bounds.near(-6.1).is_none() && bounds.near(f64::NAN).is_none());
    }
}
