use melek_irt::model::{Item, ParameterError};
use proptest::prelude::*;

use crate::strategies;
use crate::table::{self, Row, assert_near, assert_relative};

fn item_of(row: &Row) -> Item {
    Item::new(row.number("discrimination"), row.number("difficulty"), row.number("lower")).unwrap()
}

#[test]
fn probability_and_information_agree_with_mpmath() {
    for row in table::read("item.csv") {
        let (item, theta) = (item_of(&row), row.number("theta"));
        // The exponent a (θ − b) is rounded once, which a large exponent magnifies.
        let magnified = 1.0 + (item.discrimination() * (theta - item.difficulty())).abs();
        assert_relative(item.probability(theta), row.number("right"), 1e-15 * magnified);
        assert_relative(item.likelihood(theta, false), row.number("wrong"), 1e-15 * magnified);
        assert_relative(item.information(theta), row.number("information"), 3e-15 * magnified);
    }
}

#[test]
fn ability_at_a_probability_agrees_with_mpmath() {
    for row in table::read("ability_at.csv") {
        let ability = item_of(&row).ability_at(row.number("probability")).unwrap();
        assert_near(ability, row.number("ability"), 1e-12);
    }
}

#[test]
fn parameters_that_describe_no_item_are_refused_by_name() {
    assert_eq!(Item::new(0.0, 0.0, 0.0), Err(ParameterError::Discrimination(0.0)));
    assert_eq!(Item::new(10.1, 0.0, 0.0), Err(ParameterError::Discrimination(10.1)));
    assert!(matches!(Item::new(f64::NAN, 0.0, 0.0), Err(ParameterError::Discrimination(_))));
    assert_eq!(Item::new(1.0, -20.5, 0.0), Err(ParameterError::Difficulty(-20.5)));
    assert!(matches!(Item::new(1.0, f64::INFINITY, 0.0), Err(ParameterError::Difficulty(_))));
    assert_eq!(Item::new(1.0, 0.0, 1.0), Err(ParameterError::LowerAsymptote(1.0)));
    assert_eq!(Item::new(1.0, 0.0, -0.1), Err(ParameterError::LowerAsymptote(-0.1)));
}

#[test]
fn at_the_ends_of_the_scale_a_blind_answer_or_a_sure_one_is_left_and_no_information() {
    let item = Item::new(1.7, 0.3, 0.25).unwrap();
    assert_eq!((item.probability(f64::NEG_INFINITY), item.probability(f64::INFINITY)), (0.25, 1.0));
    assert_eq!((item.information(f64::NEG_INFINITY), item.information(f64::INFINITY)), (0.0, 0.0));
    assert_eq!(item.likelihood(f64::INFINITY, false), 0.0);
}

#[test]
fn no_ability_has_a_probability_at_or_below_the_floor_or_at_one() {
    let item = Item::new(1.7, 0.3, 0.25).unwrap();
    assert_eq!([0.0, 0.25, 1.0, 1.5, f64::NAN].map(|probability| item.ability_at(probability)), [None; 5]);
}

proptest! {
    #[test]
    fn probability_lies_between_floor_and_one_and_rises_with_ability(
        item in strategies::item(), theta in -40.0..40.0, step in 0.0..5.0,
    ) {
        let (here, above) = (item.probability(theta), item.probability(theta + step));
        prop_assert!(item.lower() <= here && here <= above && above <= 1.0);
    }

    #[test]
    fn information_is_never_negative_and_at_most_that_of_the_item_without_floor(
        item in strategies::item(), theta in -40.0..40.0,
    ) {
        let bound = item.discrimination() * item.discrimination() / 4.0;
        prop_assert!((0.0..=bound).contains(&item.information(theta)));
    }

    #[test]
    fn ability_at_a_probability_is_the_inverse_of_probability(item in strategies::item(), share in 0.01..0.99) {
        let probability = item.lower() + (1.0 - item.lower()) * share;
        let ability = item.ability_at(probability).unwrap();
        prop_assert!((item.probability(ability) - probability).abs() < 1e-13);
    }
}
