use melek_irt::ability::Estimate;
use melek_irt::stopping::{Reason, Rule};

const RULE: Rule = Rule { minimum: 6, maximum: 10, standard_error: 0.3, minimum_per_dimension: 2 };

fn decide(standard_error: f64, per_dimension: &[usize]) -> Option<Reason> {
    RULE.decide(&Estimate { mean: 0.0, standard_error }, per_dimension)
}

#[test]
fn a_precise_test_goes_on_until_every_minimum_is_met() {
    assert_eq!(decide(0.2, &[2, 2]), None);
    assert_eq!(decide(0.2, &[5, 1]), None);
    assert_eq!(decide(0.2, &[4, 2]), Some(Reason::Precision));
}

#[test]
fn the_threshold_itself_is_precise_enough() {
    assert_eq!(decide(0.3, &[3, 3]), Some(Reason::Precision));
    assert_eq!(decide(0.300_000_1, &[3, 3]), None);
}

#[test]
fn the_maximum_ends_every_test() {
    assert_eq!(decide(0.9, &[9, 1]), Some(Reason::Maximum));
    assert_eq!(decide(f64::NAN, &[5, 5]), Some(Reason::Maximum));
    assert_eq!(decide(0.2, &[5, 5]), Some(Reason::Precision));
}
