use melek_irt::calibration::Grid;
use melek_irt::model::{Form, ResponseFunction};
use melek_irt::responses::{Response, Responses};
use melek_irt::scoring::{Direction, Estimate, Population, PopulationError, Scorer, ScoringError};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use crate::table::{self, Row, assert_near};

fn numbers(text: &str) -> Vec<f64> {
    text.split(' ').map(|number| number.parse().unwrap()).collect()
}

fn function(row: &Row) -> ResponseFunction {
    let own = numbers(row.text("own"));
    let form = match row.text("form") {
        "logistic" => Form::Logistic { intercept: own[0], lower: own[1], upper: own[2] },
        "graded" => Form::Graded { intercepts: own },
        _ => {
            let (scoring, intercepts) = own.split_at(own.len() / 2);
            Form::DivideByTotal { scoring: scoring.to_vec(), intercepts: intercepts.to_vec() }
        }
    };
    ResponseFunction::new(numbers(row.text("slopes")), form).unwrap()
}

fn items(test: &str) -> Vec<ResponseFunction> {
    table::read("scoring_items.csv").iter().filter(|row| row.text("test") == test).map(function).collect()
}

/// The twelve items of six models, and the population of the table.
fn line() -> Scorer {
    Scorer::new(items("line"), Population::new(vec![0.3], vec![vec![1.44]]).unwrap()).unwrap()
}

fn plane() -> Scorer {
    let population = Population::new(vec![0.0, 0.0], vec![vec![1.0, 0.5], vec![0.5, 1.0]]).unwrap();
    Scorer::new(items("plane"), population).unwrap()
}

fn answers(row: &Row) -> Vec<Response> {
    let one = |pair: &str| {
        let (item, category) = pair.split_once(':').unwrap();
        Response { item: item.parse().unwrap(), category: category.parse().unwrap() }
    };
    row.text("answers").split(' ').map(one).collect()
}

fn answer(item: u16, category: u8) -> Response {
    Response { item, category }
}

fn logistic(slope: f64, intercept: f64, lower: f64) -> ResponseFunction {
    ResponseFunction::new(vec![slope], Form::Logistic { intercept, lower, upper: 1.0 }).unwrap()
}

fn scorer(functions: Vec<ResponseFunction>) -> Scorer {
    Scorer::new(functions, Population::standard(1).unwrap()).unwrap()
}

#[test]
fn the_posterior_mean_and_its_error_agree_with_adaptive_quadrature() {
    let scorer = line();
    for row in table::read("scoring_people.csv") {
        let score = scorer.expected_a_posteriori(&answers(&row)).unwrap();
        assert_near(score.ability[0], row.number("eap"), 5e-5);
        assert_near(score.standard_error(0), row.number("eap_error"), 5e-5);
    }
}

#[test]
fn the_posterior_mode_and_its_error_agree_with_mpmath() {
    let scorer = line();
    for row in table::read("scoring_people.csv") {
        let score = scorer.maximum_a_posteriori(&answers(&row)).unwrap();
        assert_near(score.ability[0], row.number("map"), 1e-8);
        assert_near(score.standard_error(0), row.number("map_error"), 1e-8);
    }
}

#[test]
fn the_likeliest_ability_agrees_with_mpmath_or_is_said_to_be_infinite() {
    let scorer = line();
    for row in table::read("scoring_people.csv") {
        match (scorer.maximum_likelihood(&answers(&row)).unwrap(), row.text("ml")) {
            (Estimate::Infinite(ends), "above") => assert_eq!(ends, [Direction::Above]),
            (Estimate::Infinite(ends), "below") => assert_eq!(ends, [Direction::Below]),
            (estimate, _) => {
                let score = estimate.finite().unwrap();
                assert_near(score.ability[0], row.number("ml"), 1e-8);
                assert_near(score.standard_error(0), row.number("ml_error"), 1e-8);
            }
        }
    }
}

#[test]
fn the_weighted_likelihood_agrees_with_mpmath_for_items_of_all_models() {
    let scorer = line();
    for row in table::read("scoring_people.csv") {
        let estimate = scorer.weighted_likelihood(&answers(&row)).unwrap();
        let score = estimate.finite().unwrap();
        assert_near(score.ability[0], row.number("wle"), 1e-8);
        assert_near(score.standard_error(0), row.number("wle_error"), 1e-8);
    }
}

#[test]
fn two_dimensions_agree_with_a_fine_grid_and_with_mpmath() {
    let scorer = plane();
    for row in table::read("scoring_planes.csv") {
        let answers = answers(&row);
        let mean = scorer.expected_a_posteriori(&answers).unwrap();
        let mode = scorer.maximum_a_posteriori(&answers).unwrap();
        let likeliest = scorer.maximum_likelihood(&answers).unwrap();
        let likeliest = &likeliest.finite().unwrap().ability;
        for (actual, column) in [
            (mean.ability[0], "eap_1"),
            (mean.ability[1], "eap_2"),
            (mean.covariance[0][0], "eap_variance_1"),
            (mean.covariance[1][0], "eap_covariance"),
            (mode.ability[0], "map_1"),
            (mode.ability[1], "map_2"),
            (mode.covariance[0][0], "map_variance_1"),
            (mode.covariance[0][1], "map_covariance"),
            (mode.covariance[1][1], "map_variance_2"),
            (likeliest[0], "ml_1"),
            (likeliest[1], "ml_2"),
        ] {
            assert_near(actual, row.number(column), 1e-7);
        }
    }
}

#[test]
fn the_table_of_sum_scores_agrees_with_the_sum_over_all_patterns() {
    let table = line().sum_scores(&[0, 1, 5, 6, 8, 10]).unwrap();
    let expected = table::read("scoring_sums.csv");
    assert_eq!(table.lines.len(), expected.len());
    for (line, row) in table.lines.iter().zip(&expected) {
        assert_eq!(line.sum, row.count("sum"));
        assert_near(line.probability, row.number("probability"), 1e-13);
        assert_near(line.score.ability[0], row.number("eap"), 1e-11);
        assert_near(line.score.standard_error(0), row.number("eap_error"), 1e-11);
    }
}

#[test]
fn everybody_at_once_scores_the_same_as_one_at_a_time() {
    let scorer = scorer((0..3).map(|n| logistic(1.0 + 0.2 * f64::from(n), 0.3, 0.1)).collect());
    let rows = [[Some(1), Some(0), Some(1)], [None, Some(1), None], [None; 3], [Some(0), Some(1), Some(0)]];
    let responses = Responses::from_rows(3, rows).unwrap();
    let all = scorer.expected_a_posteriori_of_all(&responses).unwrap();
    let sums = scorer.sum_scores_of_all(&responses).unwrap();
    for (person, score) in all.iter().enumerate() {
        assert_eq!(*score, scorer.expected_a_posteriori(responses.of(person)).unwrap());
    }
    assert_eq!(sums.iter().map(|line| line.sum).collect::<Vec<_>>(), [2, 1, 0, 1]);
    assert_eq!(sums[3], scorer.sum_scores(&[0, 1, 2]).unwrap().lines[1]);
}

#[test]
fn a_person_without_answers_is_the_population_or_has_no_estimate() {
    let scorer = line();
    for score in [scorer.expected_a_posteriori(&[]).unwrap(), scorer.maximum_a_posteriori(&[]).unwrap()] {
        assert_eq!((score.ability[0], score.covariance[0][0]), (0.3, 1.44));
    }
    assert_eq!(scorer.maximum_likelihood(&[]).unwrap(), Estimate::Undetermined);
    assert_eq!(scorer.weighted_likelihood(&[]).unwrap(), Estimate::Undetermined);
    assert_eq!((scorer.population().mean(), scorer.population().covariance()), (&[0.3][..], &[vec![1.44]][..]));
}

#[test]
fn only_right_or_only_wrong_answers_have_an_infinite_likeliest_ability_whatever_the_floor() {
    for lower in [0.0, 0.25] {
        let scorer = scorer(vec![logistic(1.3, 0.4, lower), logistic(0.8, -3.0, lower), logistic(2.0, 9.0, lower)]);
        for (category, end) in [(1, Direction::Above), (0, Direction::Below)] {
            let answers: Vec<Response> = (0..3).map(|item| answer(item, category)).collect();
            assert_eq!(scorer.maximum_likelihood(&answers).unwrap(), Estimate::Infinite(vec![end]));
        }
    }
}

#[test]
fn a_lucky_guess_on_a_hard_item_does_not_make_the_likeliest_ability_finite() {
    // Right on one item far above the person, wrong on all others: guessing explains it best.
    let scorer = scorer(vec![logistic(2.0, -6.0, 0.25), logistic(1.5, 3.0, 0.25), logistic(1.5, 2.0, 0.25)]);
    let answers = [answer(0, 1), answer(1, 0), answer(2, 0)];
    assert_eq!(scorer.maximum_likelihood(&answers).unwrap(), Estimate::Infinite(vec![Direction::Below]));
}

#[test]
fn an_item_of_negative_slope_turns_the_end_round() {
    let scorer = scorer(vec![logistic(-1.0, 0.0, 0.0)]);
    let found = scorer.maximum_likelihood(&[answer(0, 1)]).unwrap();
    assert_eq!(found, Estimate::Infinite(vec![Direction::Below]));
    assert_eq!(found.finite(), None);
}

#[test]
fn in_two_dimensions_the_infinite_one_is_named_and_an_unasked_one_is_undetermined() {
    let form = |intercept| Form::Logistic { intercept, lower: 0.0, upper: 1.0 };
    let item = |slopes: [f64; 2], intercept| ResponseFunction::new(slopes.to_vec(), form(intercept)).unwrap();
    let functions = vec![item([1.0, 0.0], 0.0), item([1.0, 0.0], 0.5), item([0.0, 1.2], 0.0), item([0.0, 1.0], 1.0)];
    let scorer = Scorer::new(functions, Population::standard(2).unwrap()).unwrap();
    let mixed = [answer(0, 1), answer(1, 0), answer(2, 0), answer(3, 0)];
    let ends = vec![Direction::Within, Direction::Below];
    assert_eq!(scorer.maximum_likelihood(&mixed).unwrap(), Estimate::Infinite(ends));
    assert_eq!(scorer.maximum_likelihood(&mixed[..2]).unwrap(), Estimate::Undetermined);
    let error = scorer.weighted_likelihood(&mixed).err();
    assert_eq!(error, Some(ScoringError::OneDimensionOnly { dimensions: 2 }));
}

#[test]
fn seven_dimensions_have_a_mode_and_plausible_values_but_no_grid() {
    // A general dimension and six of their own, as in a bifactor model.
    let item = |n: usize| {
        let slopes = (0..7).map(|dimension| if dimension == 0 || dimension == 1 + n % 6 { 1.1 } else { 0.0 }).collect();
        let form = Form::Logistic { intercept: 0.1 * n as f64 - 0.6, lower: 0.0, upper: 1.0 };
        ResponseFunction::new(slopes, form).unwrap()
    };
    let scorer = Scorer::new((0..12).map(item).collect(), Population::standard(7).unwrap()).unwrap();
    let answers: Vec<Response> = (0..12).map(|n| answer(n, u8::from(n % 3 != 0))).collect();
    let mode = scorer.maximum_a_posteriori(&answers).unwrap();
    let value = |theta: &[f64]| -> f64 {
        let one = |answer: &Response| {
            scorer.functions()[usize::from(answer.item)].probabilities(theta)[usize::from(answer.category)].ln()
        };
        answers.iter().map(one).sum::<f64>() - 0.5 * theta.iter().map(|x| x * x).sum::<f64>()
    };
    for dimension in 0..7 {
        let moved = |by: f64| {
            let mut theta = mode.ability.clone();
            theta[dimension] += by;
            value(&theta)
        };
        assert!(moved(0.01) < value(&mode.ability) && moved(-0.01) < value(&mode.ability));
    }
    let values = scorer.plausible_values(&answers, 4000, &mut ChaCha8Rng::seed_from_u64(2)).unwrap();
    let mean = values.iter().map(|value| value[0]).sum::<f64>() / 4000.0;
    assert_near(mean, mode.ability[0], 0.1);
    let none = ScoringError::TooManyDimensions { dimensions: 7 };
    assert_eq!(scorer.expected_a_posteriori(&answers).err(), Some(none.clone()));
    assert_eq!(scorer.sum_scores(&[0]).err(), Some(none));
}

#[test]
fn a_thousand_answers_do_not_underflow() {
    let scorer = scorer((0..1000).map(|n| logistic(1.2, -3.0 + 0.006 * f64::from(n), 0.0)).collect());
    let answers: Vec<Response> = (0..1000).map(|item| answer(item, u8::from(item % 2 == 0))).collect();
    let score = scorer.expected_a_posteriori(&answers).unwrap();
    let mode = scorer.maximum_a_posteriori(&answers).unwrap();
    assert_near(score.ability[0], mode.ability[0], 0.01);
    assert_near(score.standard_error(0), mode.standard_error(0), 0.005);
}

#[test]
fn what_cannot_be_scored_is_refused_by_name() {
    let one = || Population::standard(1).unwrap();
    let item = || logistic(1.0, 0.0, 0.0);
    assert_eq!(Scorer::new(vec![], one()).err(), Some(ScoringError::NoItems));
    let flat = Scorer::new(vec![item()], Population::standard(2).unwrap()).err();
    assert_eq!(flat, Some(ScoringError::Dimensions { item: 0, slopes: 1, dimensions: 2 }));
    let grid = Grid { points: 1, lowest: -6.0, highest: 6.0 };
    assert!(matches!(Scorer::on_grid(vec![item()], one(), &grid), Err(ScoringError::Grid { points: 1, .. })));
    let far = Population::new(vec![400.0], vec![vec![1.0]]).unwrap();
    assert!(matches!(Scorer::new(vec![item()], far), Err(ScoringError::OutsideGrid { .. })));
    let scorer = scorer(vec![item()]);
    assert_eq!(scorer.functions().len(), 1);
    let unknown = scorer.maximum_likelihood(&[answer(1, 0)]).err();
    assert_eq!(unknown, Some(ScoringError::UnknownItem { item: 1, items: 1 }));
    let category = scorer.expected_a_posteriori(&[answer(0, 2)]).err();
    assert_eq!(category, Some(ScoringError::UnknownCategory { item: 0, category: 2, categories: 2 }));
    assert!(matches!(scorer.sum_scores(&[0, 7]), Err(ScoringError::UnknownItem { item: 7, .. })));
}

#[test]
fn a_population_that_is_no_normal_distribution_is_refused_by_name() {
    assert_eq!(Population::standard(0).err(), Some(PopulationError::NoDimension));
    let uneven = Population::new(vec![0.0, 0.0], vec![vec![1.0, 0.4], vec![0.5, 1.0]]).err();
    assert!(matches!(uneven, Some(PopulationError::Asymmetric { row: 0, column: 1, .. })));
    let shape = Population::new(vec![0.0, 0.0], vec![vec![1.0, 0.4]]).err();
    assert_eq!(shape, Some(PopulationError::Shape { means: 2, row: 0, cells: 2, rows: 1 }));
    let infinite = Population::new(vec![f64::NAN], vec![vec![1.0]]).err();
    assert!(matches!(infinite, Some(PopulationError::NotFinite { dimension: 0, .. })));
}
