//! Response functions: values in closed form, and what every one of them obeys.

use melek_irt::model::{Form, Item, ResponseFunction, ResponseFunctionError};
use proptest::prelude::*;

use crate::table::assert_near;

fn forms() -> impl Strategy<Value = Form> {
    let logistic = (-3.0..3.0, 0.0..0.4, 0.6..1.0).prop_map(|(intercept, lower, upper)| Form::Logistic {
        intercept,
        lower,
        upper,
    });
    let graded = prop::collection::vec(0.1..1.5, 1..6).prop_map(|gaps| {
        let mut at = 2.0;
        let fall = |gap: &f64| {
            at -= gap;
            at
        };
        Form::Graded { intercepts: gaps.iter().map(fall).collect() }
    });
    let total = prop::collection::vec((-1.0..4.0, -2.0..2.0), 1..6).prop_map(|steps| {
        let (scoring, intercepts) = steps.into_iter().unzip();
        Form::DivideByTotal { scoring, intercepts }
    });
    prop_oneof![logistic, graded, total]
}

proptest! {
    #[test]
    fn probabilities_are_a_distribution(form in forms(), slope in -3.0..3.0, theta in -8.0..8.0) {
        let function = ResponseFunction::new(vec![slope], form).unwrap();
        let probabilities = function.probabilities(&[theta]);
        prop_assert_eq!(probabilities.len(), function.categories());
        prop_assert!(probabilities.iter().all(|p| (0.0..=1.0).contains(p)));
        prop_assert!((probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        let expected: f64 = probabilities.iter().enumerate().map(|(category, p)| category as f64 * p).sum();
        prop_assert!((function.expected_score(&[theta]) - expected).abs() < 1e-12);
    }

    #[test]
    fn information_is_that_of_the_score_differenced(form in forms(), theta in -3.0..3.0) {
        let function = ResponseFunction::new(vec![1.0], form).unwrap();
        let step = 1e-5;
        let (above, below) = (function.probabilities(&[theta + step]), function.probabilities(&[theta - step]));
        let slopes = above.iter().zip(&below).map(|(above, below)| (above - below) / (2.0 * step));
        let terms = slopes.zip(function.probabilities(&[theta])).map(|(slope, p)| slope * slope / p);
        prop_assert!((function.information(&[theta]) - terms.sum::<f64>()).abs() < 1e-6);
    }
}

#[test]
fn a_logistic_function_is_the_item_of_an_adaptive_test() {
    let item = Item::new(1.4, -0.3, 0.25).unwrap();
    let form = Form::Logistic { intercept: 1.4 * 0.3, lower: 0.25, upper: 1.0 };
    let function = ResponseFunction::new(vec![1.4], form.clone()).unwrap();
    assert_eq!((function.slopes(), function.form()), (&[1.4][..], &form));
    for theta in [-6.0, -1.0, 0.0, 2.5, 6.0] {
        assert_near(function.probabilities(&[theta])[1], item.probability(theta), 1e-14);
        assert_near(1.96 * function.information(&[theta]), item.information(theta), 1e-13);
    }
}

#[test]
fn several_dimensions_enter_through_their_weighted_sum() {
    let form = Form::Graded { intercepts: vec![1.0, -1.0] };
    let two = ResponseFunction::new(vec![0.5, 1.5], form.clone()).unwrap();
    let one = ResponseFunction::new(vec![1.0], form).unwrap();
    assert_near(two.predictor(&[1.0, -1.0]), -1.0, 1e-15);
    assert_eq!(two.probabilities(&[1.0, -1.0]), one.probabilities(&[-1.0]));
}

#[test]
fn a_graded_function_of_two_categories_is_the_two_parameter_model() {
    let graded = ResponseFunction::new(vec![1.3], Form::Graded { intercepts: vec![0.4] }).unwrap();
    let logistic = ResponseFunction::two_parameter(1.3, 0.4).unwrap();
    for theta in [-4.0, 0.2, 5.0] {
        assert_near(graded.probabilities(&[theta])[0], logistic.probabilities(&[theta])[0], 1e-15);
    }
}

#[test]
fn parameters_that_describe_nothing_are_refused() {
    let logistic = |lower, upper| ResponseFunction::new(vec![1.0], Form::Logistic { intercept: 0.0, lower, upper });
    assert_eq!(logistic(0.5, 0.5).err(), Some(ResponseFunctionError::Asymptotes { lower: 0.5, upper: 0.5 }));
    let graded = ResponseFunction::new(vec![1.0], Form::Graded { intercepts: vec![0.0, 0.0] });
    assert_eq!(graded.err(), Some(ResponseFunctionError::Order { before: 0.0, after: 0.0 }));
    let uneven = Form::DivideByTotal { scoring: vec![1.0], intercepts: vec![0.0, 1.0] };
    let uneven = ResponseFunction::new(vec![1.0], uneven);
    assert_eq!(uneven.err(), Some(ResponseFunctionError::Categories { scoring: 1, intercepts: 2 }));
    assert_eq!(
        ResponseFunction::new(vec![], logistic(0.0, 1.0).unwrap().form().clone()).err(),
        Some(ResponseFunctionError::NoSlope)
    );
    assert!(matches!(ResponseFunction::two_parameter(f64::NAN, 0.0), Err(ResponseFunctionError::NotFinite(_))));
}
