use melek_irt::ability::Estimate;
use melek_irt::linking::Population;
use melek_irt::model::ResponseFunction;
use melek_irt::standard_setting::{Classification, ClassificationError, CurveError, lee, rudner, rudner_expected};
use proptest::prelude::*;

use crate::standard_setting_panels::items;
use crate::table::{self, assert_near};

/// A statistic by its name in the tables.
fn statistic(found: &Classification, name: &str) -> f64 {
    let parts: Vec<&str> = name.split('_').collect();
    let number = |part: usize| parts[part].parse::<usize>().unwrap();
    match name {
        "accuracy" => found.accuracy,
        "consistency" => found.consistency,
        "chance" => found.chance,
        "kappa" => found.kappa.unwrap(),
        _ if parts[0] == "table" => found.table[number(1)][number(2)],
        _ => {
            let cut = &found.cuts[number(1)];
            match parts[2..].join("_").as_str() {
                "accuracy" => cut.accuracy,
                "consistency" => cut.consistency,
                "kappa" => cut.kappa.unwrap(),
                "false_positive" => cut.false_positive,
                _ => cut.false_negative,
            }
        }
    }
}

fn population() -> Population {
    Population::normal(0.0, 1.0, 41).unwrap()
}

#[test]
fn classification_by_scores_and_by_abilities_agrees_with_numpy_and_scipy() {
    let all = items();
    let long: Vec<ResponseFunction> = (0..6).flat_map(|_| all.clone()).collect();
    let abilities = [-0.5, 0.3, 1.2];
    let found = [
        ("lee", "eight", lee(&all[..8], &population(), &[5.0, 8.0])),
        ("lee", "twelve", lee(&all, &population(), &[7.0, 11.0, 15.5])),
        ("lee", "long", lee(&long, &population(), &[55.0, 80.0])),
        ("rudner_expected", "twelve", rudner_expected(&all, &population(), &abilities)),
        ("rudner_expected", "long", rudner_expected(&long, &population(), &abilities)),
    ];
    let rows = table::read("classification.csv");
    for (method, test, found) in &found {
        let found = found.as_ref().unwrap();
        let own = rows.iter().filter(|row| row.text("method") == *method && row.text("test") == *test);
        for row in own {
            assert_near(statistic(found, row.text("statistic")), row.number("value"), 1e-11);
        }
    }
}

#[test]
fn classification_of_people_agrees_with_scipy() {
    let rows = table::read("classification_rudner.csv");
    let numbers = |name: &str| -> Vec<f64> {
        rows.iter()
            .filter(|row| row.text("name") == name && row.text("kind") == "person")
            .map(|row| row.number("value"))
            .collect()
    };
    let people: Vec<Estimate> = numbers("mean")
        .into_iter()
        .zip(numbers("error"))
        .map(|(mean, standard_error)| Estimate { mean, standard_error })
        .collect();
    let found = rudner(&people, &[-0.5, 0.3, 1.2]).unwrap();
    for row in rows.iter().filter(|row| row.text("kind") == "result") {
        assert_near(statistic(&found, row.text("name")), row.number("value"), 1e-12);
    }
}

#[test]
fn cuts_that_do_not_rise_and_people_without_numbers_are_refused() {
    let person = Estimate { mean: 0.0, standard_error: 0.3 };
    assert_eq!(rudner(&[person], &[]).err(), Some(ClassificationError::NoCuts));
    assert_eq!(rudner(&[], &[0.0]).err(), Some(ClassificationError::NoPeople));
    let order = ClassificationError::Order { before: 1.0, after: 1.0 };
    assert_eq!(rudner(&[person], &[1.0, 1.0]).err(), Some(order));
    let infinite = ClassificationError::NotFinite { position: 0, cut: f64::INFINITY };
    assert_eq!(lee(&items(), &population(), &[f64::INFINITY]).err(), Some(infinite));
    let negative = Estimate { standard_error: -0.1, ..person };
    let refused = ClassificationError::Estimate { person: 1, mean: 0.0, standard_error: -0.1 };
    assert_eq!(rudner(&[person, negative], &[0.0]).err(), Some(refused));
    assert_eq!(lee(&[], &population(), &[1.0]).err(), Some(ClassificationError::Curve(CurveError::NoItems)));
    let far = Population::new(vec![(5000.0, 1.0)]).unwrap();
    let none = ClassificationError::NoInformation { ability: 5000.0 };
    assert_eq!(rudner_expected(&items(), &far, &[0.0]).err(), Some(none));
}

#[test]
fn a_person_measured_without_error_is_always_in_the_right_level() {
    let found = rudner(&[Estimate { mean: 0.4, standard_error: 0.0 }], &[0.0, 0.4]).unwrap();
    assert_eq!((found.accuracy, found.consistency, found.conditional[0].level), (1.0, 1.0, 2));
    assert_eq!((found.kappa, found.cuts[0].kappa), (None, None));
}

#[test]
fn a_cut_beyond_the_highest_score_is_reached_by_nobody() {
    let found = lee(&items(), &population(), &[1000.0]).unwrap();
    assert_near(found.accuracy, 1.0, 1e-12);
    assert_eq!(found.kappa, None);
}

fn people() -> impl Strategy<Value = Vec<Estimate>> {
    let one = (-3.0..3.0, 0.05..1.0).prop_map(|(mean, standard_error)| Estimate { mean, standard_error });
    proptest::collection::vec(one, 1..40)
}

fn holds_for_any(found: &Classification) -> Result<(), TestCaseError> {
    let within = -1e-12..=1.0 + 1e-12;
    let levels = found.cuts.len() + 1;
    let largest = |one: &melek_irt::standard_setting::Conditional| {
        one.weight * one.probabilities.iter().copied().fold(0.0, f64::max)
    };
    let best: f64 = found.conditional.iter().map(largest).sum();
    prop_assert!(within.contains(&found.accuracy) && within.contains(&found.consistency));
    prop_assert!(found.accuracy <= best + 1e-12 && found.consistency <= best + 1e-12);
    prop_assert!(found.consistency >= 1.0 / levels as f64 - 1e-12);
    prop_assert!(found.consistency >= found.chance - 1e-12);
    prop_assert!((found.table.iter().flatten().sum::<f64>() - 1.0).abs() < 1e-10);
    for one in &found.conditional {
        prop_assert!(one.probabilities.iter().all(|probability| within.contains(probability)));
        prop_assert!((one.probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-10);
    }
    for cut in &found.cuts {
        prop_assert!(cut.accuracy >= found.accuracy - 1e-12 && cut.consistency >= found.consistency - 1e-12);
        prop_assert!(cut.false_positive >= 0.0 && cut.false_negative >= 0.0);
    }
    Ok(())
}

proptest! {
    #[test]
    fn shares_are_probabilities_and_one_cut_alone_is_easier_than_all(
        people in people(), first in -1.5..0.0, second in 0.1..1.5, score in 3.0..12.0,
    ) {
        holds_for_any(&rudner(&people, &[first, second]).unwrap())?;
        holds_for_any(&rudner_expected(&items(), &population(), &[first, second]).unwrap())?;
        holds_for_any(&lee(&items(), &population(), &[score, score + 2.5]).unwrap())?;
    }

    #[test]
    fn with_one_cut_people_are_right_more_often_than_consistent(people in people(), cut in -1.5..1.5) {
        let found = rudner(&people, &[cut]).unwrap();
        prop_assert!(found.accuracy >= found.consistency - 1e-12);
        prop_assert!(found.accuracy >= 0.5);
    }
}
