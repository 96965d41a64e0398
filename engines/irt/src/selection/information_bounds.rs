//! Upper bounds of the items' information on small intervals of ability, in falling order, so that the most informative of
//! thousands is found by computing the first few: branch and bound, exact. Logits.

use crate::model::Item;

/// Bounds cover abilities from −RANGE to RANGE; beyond, information is computed.
const RANGE: f64 = 6.0;

/// Cells to a logit. Information of an item with a = 3 changes by a tenth within 1/16 logit.
const CELLS_PER_LOGIT: f64 = 16.0;

/// Rounds a bound up when it is stored in single precision.
const ROUNDED_UP: f64 = 1.0 + 1e-6;

/// Golden-section steps: the place of the peak to 1e-9 of a bracket of 80 logits.
const PEAK_STEPS: usize = 60;

/// Largest information of each item of each of D dimensions in each cell of ability.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct InformationBounds<const D: usize> {
    items: usize,
    /// Cell by cell, dimension by dimension, the largest first, equals by position: bound and position in the pool.
    falling: Vec<(f32, u32)>,
    /// Where a dimension ends in a cell.
    ends: [usize; D],
}

impl<const D: usize> InformationBounds<D> {
    /// Of items and their dimensions, below D.
    pub fn new<'a>(items: impl ExactSizeIterator<Item = (&'a Item, usize)>) -> Self {
        let cells = (2.0 * RANGE * CELLS_PER_LOGIT) as usize;
        let count = items.len();
        let mut of_dimension: [Vec<(usize, &Item)>; D] = core::array::from_fn(|_| Vec::new());
        for (position, (item, dimension)) in items.enumerate() {
            of_dimension[dimension].push((position, item));
        }
        let mut falling = vec![(0.0, 0); cells * count];
        let mut ends = [0; D];
        let mut start = 0;
        for (members, end) in of_dimension.iter().zip(&mut ends) {
            *end = start + members.len();
            for (place, &(position, item)) in members.iter().enumerate() {
                let largest = |cell: usize, bound: f64| {
                    falling[cell * count + start + place] = ((bound * ROUNDED_UP) as f32, position as u32);
                };
                in_cells(item, cells, largest);
            }
            for cell in 0..cells {
                falling[cell * count..][start..*end].sort_by(|one, other| other.0.total_cmp(&one.0));
            }
            start = *end;
        }
        Self { items: count, falling, ends }
    }

    /// Bounds and positions of the items of a dimension for abilities near `theta`, the largest first; `None` beyond the range.
    pub fn near(&self, dimension: usize, theta: f64) -> Option<&[(f32, u32)]> {
        let place = (theta + RANGE) * CELLS_PER_LOGIT;
        let cell = place as usize * self.items;
        let start = if dimension == 0 { 0 } else { self.ends[dimension - 1] };
        (place >= 0.0).then(|| self.falling.get(cell + start..cell + self.ends[dimension])).flatten()
    }
}

/// Calls with each cell and the largest information of an item in it.
fn in_cells(item: &Item, cells: usize, mut largest: impl FnMut(usize, f64)) {
    let peak = peak(item);
    let mut below = item.information(-RANGE);
    for cell in 0..cells {
        let start = cell as f64 / CELLS_PER_LOGIT - RANGE;
        let end = start + 1.0 / CELLS_PER_LOGIT;
        let above = item.information(end);
        let inside = if (start..end).contains(&peak) { item.information(peak) } else { 0.0 };
        largest(cell, below.max(above).max(inside));
        below = above;
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
        let bounds = InformationBounds::<2>::new(items.iter().enumerate().map(|(n, item)| (item, n % 2)));
        for step in 0..1_200 {
            let theta = -6.0 + 0.01 * f64::from(step);
            for dimension in 0..2 {
                let falling = bounds.near(dimension, theta).unwrap();
                assert!(falling.is_sorted_by(|one, other| one.0 >= other.0) && falling.len() == 25);
                for &(bound, position) in falling {
                    let item = &items[position as usize];
                    let information = item.information(theta);
                    assert!(
                        position as usize % 2 == dimension && information <= f64::from(bound),
                        "{item:?} at {theta}"
                    );
                    assert!(f64::from(bound) <= 1.5 * information + 1e-6, "{item:?} at {theta}: {bound} {information}");
                }
            }
        }
        for outside in [6.1, -6.1, f64::NAN] {
            assert!(bounds.near(1, outside).is_none());
        }
    }
}
