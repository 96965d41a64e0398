use melek_irt::ability::Estimate;
use melek_irt::decision::{Verdict, probability_of_verdict};
use proptest::prelude::*;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use crate::response_time::draws::standard_normal;
use crate::table::{self, assert_near};

#[test]
fn four_to_one_decides_and_anything_between_is_not_sure_yet() {
    let verdicts = [0.0, 0.2, 0.200_1, 0.5, 0.799_9, 0.8, 1.0].map(Verdict::from_probability);
    let [none, fifth, above, even, below, four_fifths, sure] = verdicts;
    assert_eq!([none, fifth], [Verdict::NotMet; 2]);
    assert_eq!([above, even, below], [Verdict::NotSure; 3]);
    assert_eq!([four_fifths, sure], [Verdict::Met; 2]);
}

#[test]
fn what_cannot_be_computed_is_not_sure() {
    assert_eq!(Verdict::from_probability(f64::NAN), Verdict::NotSure);
}

#[test]
fn the_chance_that_more_answers_decide_agrees_with_dense_integration() {
    for row in table::read("forecast.csv") {
        let now = Estimate { mean: row.number("mean"), standard_error: row.number("error") };
        let found = probability_of_verdict(&now, row.number("cut"), row.number("information"));
        assert_near(found, row.number("probability"), 1e-12);
    }
}

#[test]
fn as_many_people_get_a_verdict_as_were_forecast() {
    const PEOPLE: usize = 100_000;
    let mut rng = ChaCha8Rng::seed_from_u64(1961);
    for (mean, error, cut, information) in [(0.1, 0.4, 0.0, 3.0), (-0.6, 0.5, 0.2, 1.0), (0.45, 0.45, 0.0, 8.0_f64)] {
        let now = Estimate { mean, standard_error: error };
        let decided = (0..PEOPLE).filter(|_| {
            let ability = mean + error * standard_normal(&mut rng);
            let observed = ability + standard_normal(&mut rng) / information.sqrt();
            let precision = 1.0 / (error * error) + information;
            let then = (mean / (error * error) + information * observed) / precision;
            let then = Estimate { mean: then, standard_error: 1.0 / precision.sqrt() };
            Verdict::from_probability(then.probability_at_least(cut)) != Verdict::NotSure
        });
        let share = decided.count() as f64 / PEOPLE as f64;
        let forecast = probability_of_verdict(&now, cut, information);
        assert_near(share, forecast, 4.0 * (forecast * (1.0 - forecast) / PEOPLE as f64).sqrt());
    }
}

#[test]
fn without_more_answers_the_present_verdict_stands_and_with_endless_ones_there_is_always_one() {
    let unsure = Estimate { mean: 0.1, standard_error: 0.4 };
    let sure = Estimate { mean: 0.6, standard_error: 0.4 };
    assert_eq!([unsure, sure].map(|now| probability_of_verdict(&now, 0.0, 0.0)), [0.0, 1.0]);
    assert_near(probability_of_verdict(&unsure, 0.0, f64::INFINITY), 1.0, 1e-15);
    let known = Estimate { mean: 0.0, standard_error: 0.0 };
    assert_eq!([0.0, 3.0, f64::INFINITY].map(|information| probability_of_verdict(&known, 0.0, information)), [1.0; 3]);
    assert_eq!([f64::NEG_INFINITY, f64::INFINITY].map(|cut| probability_of_verdict(&unsure, cut, 1.0)), [1.0; 2]);
}

#[test]
fn what_is_no_ability_or_no_information_has_no_forecast() {
    let now = Estimate { mean: 0.1, standard_error: 0.4 };
    let none = [
        probability_of_verdict(&now, f64::NAN, 1.0),
        probability_of_verdict(&now, 0.0, -1.0),
        probability_of_verdict(&now, 0.0, f64::NAN),
        probability_of_verdict(&Estimate { standard_error: -0.1, ..now }, 0.0, 1.0),
        probability_of_verdict(&Estimate { standard_error: f64::INFINITY, ..now }, 0.0, 1.0),
        probability_of_verdict(&Estimate { mean: f64::NAN, ..now }, 0.0, 1.0),
    ];
    assert!(none.iter().all(|probability| probability.is_nan()));
}

proptest! {
    #[test]
    fn a_forecast_is_a_probability_and_the_same_on_both_sides_of_the_cut(
        distance in -3.0..3.0, standard_error in 0.01..1.5, information in 0.0..50.0,
    ) {
        let at = |mean| probability_of_verdict(&Estimate { mean, standard_error }, 0.0, information);
        prop_assert!((0.0..=1.0 + 1e-15).contains(&at(distance)));
        prop_assert!((at(distance) - at(-distance)).abs() < 1e-12);
    }

    #[test]
    fn while_nothing_is_sure_more_information_never_makes_a_verdict_less_likely(
        share in -0.999..0.999, standard_error in 0.01..1.5, information in 0.0..20.0, more in 0.0..20.0,
    ) {
        // .841 standard errors are the distance at which four to one is reached.
        let now = Estimate { mean: 0.841 * share * standard_error, standard_error };
        let [less, more] = [information, information + more].map(|all| probability_of_verdict(&now, 0.0, all));
        prop_assert!(more >= less - 1e-12);
    }
}
