//! Random items, priors and answers within the ranges that calibrated banks have.

use melek_irt::ability::{Answer, Prior};
use melek_irt::model::Item;
use proptest::prelude::*;

pub fn item() -> impl Strategy<Value = Item> {
    (0.3..3.0, -3.5..3.5, prop_oneof![Just(0.0), Just(1.0 / 14.0), Just(0.25), 0.0..0.5])
        .prop_map(|(discrimination, difficulty, lower)| Item::new(discrimination, difficulty, lower).unwrap())
}

pub fn answers<const D: usize>(most: usize) -> impl Strategy<Value = Vec<Answer>> {
    let answer =
        (item(), 0..D, any::<bool>()).prop_map(|(item, dimension, correct)| Answer { item, dimension, correct });
    proptest::collection::vec(answer, 0..=most)
}

/// A prior with one common correlation and different variances.
pub fn prior<const D: usize>() -> impl Strategy<Value = Prior<D>> {
    (0.0..0.95, proptest::array::uniform::<_, D>((-1.0..1.0, 0.5..1.6))).prop_map(|(correlation, dimensions)| {
        let covariance = core::array::from_fn(|row: usize| {
            core::array::from_fn(|column: usize| {
                let deviations = dimensions[row].1 * dimensions[column].1;
                if row == column { deviations } else { correlation * deviations }
            })
        });
        Prior::new(dimensions.map(|(mean, _)| mean), covariance).unwrap()
    })
}
