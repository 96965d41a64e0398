//! When a test ends.
use melek_irt::ability::Posterior;
use melek_irt::stopping::{Reason, Rule, Standing};

const WEIGHTS: [f64; 2] = [0.5, 0.5];

fn rule() -> Rule {
    Rule { minimum: 6, maximum: 10, minimum_per_dimension: 2, standard_error: 0.3, ..Rule::default() }
}

/// Independent dimensions at 0 with these standard errors.
fn posterior(standard_errors: [f64; 2]) -> Posterior<2> {
    let [first, second] = standard_errors.map(|error| error * error);
    Posterior { mean: [0.0; 2], covariance: [[first, 0.0], [0.0, second]] }
}

/// With the same standard error in both dimensions, so that of the composite is that over √2.
fn decide(standard_error: f64, answers: [usize; 2]) -> Option<Reason> {
    let posterior = posterior([standard_error * 2.0_f64.sqrt(); 2]);
    let standing = Standing { posterior: &posterior, weights: &WEIGHTS, answers, cuts: &[None; 2] };
    rule().decide(&standing, || panic!("the rule does not ask how useful the items left are"))
}

#[test]
fn a_precise_test_ends_only_when_every_minimum_is_met() {
    assert_eq!(decide(0.2, [3, 2]), None);
    assert_eq!(decide(0.2, [6, 1]), None);
    assert_eq!(decide(0.2, [4, 2]), Some(Reason::Precision));
}

#[test]
fn the_threshold_itself_is_precise_enough() {
    assert_eq!(decide(0.3 - 1e-12, [3, 3]), Some(Reason::Precision));
    assert_eq!(decide(0.300_001, [3, 3]), None);
}

#[test]
fn an_imprecise_test_ends_at_its_maximum_whatever_the_dimensions_have() {
    assert_eq!(decide(0.9, [9, 1]), Some(Reason::Maximum));
    assert_eq!(decide(f64::NAN, [5, 5]), Some(Reason::Maximum));
    assert_eq!(decide(0.2, [5, 5]), Some(Reason::Precision));
}

#[test]
fn a_rule_of_which_nothing_is_asked_ends_no_test() {
    let posterior = posterior([0.1, 0.1]);
    let standing = Standing { posterior: &posterior, weights: &WEIGHTS, answers: [500, 500], cuts: &[Some(9.0); 2] };
    assert_eq!(Rule::default().decide(&standing, || 0.0), None);
}

#[test]
fn precision_can_be_asked_of_every_dimension() {
    let asked = Rule { dimension_standard_error: 0.4, ..rule() };
    let decide = |standard_errors| {
        let posterior = posterior(standard_errors);
        let standing = Standing { posterior: &posterior, weights: &WEIGHTS, answers: [3, 3], cuts: &[None; 2] };
        (rule().decide(&standing, || 1.0), asked.decide(&standing, || 1.0))
    };
    assert_eq!(decide([0.1, 0.41]), (Some(Reason::Precision), None));
    assert_eq!(decide([0.1, 0.4 - 1e-12]), (Some(Reason::Precision), Some(Reason::Precision)));
}

#[test]
fn a_test_ends_when_every_decision_is_clear_either_way() {
    let decided = Rule { decision: Some(0.95), ..rule() };
    let posterior = posterior([0.5, 0.5]);
    let decide = |cuts: [Option<f64>; 2], answers| {
        decided.decide(&Standing { posterior: &posterior, weights: &WEIGHTS, answers, cuts: &cuts }, || 1.0)
    };
    // Φ(1.65) = .9505, Φ(1.64) = .9495: standard normal table.
    assert_eq!(decide([Some(0.5 * 1.65), None], [3, 3]), Some(Reason::Decision));
    assert_eq!(decide([Some(-0.5 * 1.65), None], [3, 3]), Some(Reason::Decision));
    assert_eq!(decide([Some(0.5 * 1.64), None], [3, 3]), None);
    assert_eq!(decide([Some(0.5 * 1.65), Some(0.1)], [3, 3]), None, "one of two is not clear");
    assert_eq!(decide([Some(0.5 * 1.65), None], [3, 2]), None, "a minimum is not met");
    assert_eq!(decide([None, None], [3, 3]), None, "nothing to decide");
}

#[test]
fn a_test_ends_when_no_item_left_tells_enough() {
    let useful = Rule { least_information: 0.05, ..rule() };
    let posterior = posterior([0.9, 0.9]);
    let decide = |answers, best: f64| {
        useful.decide(&Standing { posterior: &posterior, weights: &WEIGHTS, answers, cuts: &[None; 2] }, || best)
    };
    assert_eq!(decide([3, 3], 0.04), Some(Reason::NoUsefulItem));
    assert_eq!(decide([3, 3], 0.05), None);
    assert_eq!(decide([3, 1], 0.04), None);
}
