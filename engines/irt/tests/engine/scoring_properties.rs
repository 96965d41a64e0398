use melek_irt::model::{Form, ResponseFunction};
use melek_irt::responses::Response;
use melek_irt::scoring::{Population, Scorer};
use proptest::prelude::*;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

fn function() -> impl Strategy<Value = ResponseFunction> {
    let logistic = (-3.0..3.0, prop_oneof![Just(0.0), 0.0..0.4]).prop_map(|(intercept, lower)| Form::Logistic {
        intercept,
        lower,
        upper: 1.0,
    });
    let graded = (-1.0..3.0, 0.1..2.0, 0.1..2.0).prop_map(|(first, second, third)| Form::Graded {
        intercepts: vec![first, first - second, first - second - third],
    });
    let partial = proptest::collection::vec(-2.0..2.0, 2)
        .prop_map(|intercepts| Form::DivideByTotal { scoring: vec![1.0, 2.0], intercepts });
    (0.4..2.0, prop_oneof![logistic, graded, partial])
        .prop_map(|(slope, form)| ResponseFunction::new(vec![slope], form).unwrap())
}

/// A test, and a person's answers to some of its items.
fn sitting() -> impl Strategy<Value = (Scorer, Vec<Response>)> {
    let one = (function(), any::<bool>(), 0_usize..64);
    (proptest::collection::vec(one, 1..12), -1.0..1.0, 0.6..1.5).prop_map(|(parts, mean, spread)| {
        let presented = parts.iter().enumerate().filter(|(_, (_, presented, _))| *presented);
        let answer = |(item, (function, _, draw)): (usize, &(ResponseFunction, bool, usize))| Response {
            item: item as u16,
            category: (draw % function.categories()) as u8,
        };
        let answers = presented.map(answer).collect();
        let population = Population::new(vec![mean], vec![vec![spread * spread]]).unwrap();
        (Scorer::new(parts.into_iter().map(|(function, ..)| function).collect(), population).unwrap(), answers)
    })
}

proptest! {
    #[test]
    fn the_posterior_mean_lies_between_the_ends_of_the_grid((scorer, answers) in sitting()) {
        let score = scorer.expected_a_posteriori(&answers).unwrap();
        prop_assert!(score.ability[0] > -6.0 && score.ability[0] < 6.0 && score.standard_error(0) > 0.0);
    }

    #[test]
    fn the_order_of_answers_does_not_matter((scorer, answers) in sitting()) {
        let turned: Vec<Response> = answers.iter().rev().copied().collect();
        let (one, other) = (scorer.expected_a_posteriori(&answers).unwrap(), scorer.expected_a_posteriori(&turned).unwrap());
        prop_assert!((one.ability[0] - other.ability[0]).abs() < 1e-11);
        let (one, other) = (scorer.maximum_a_posteriori(&answers).unwrap(), scorer.maximum_a_posteriori(&turned).unwrap());
        prop_assert!((one.ability[0] - other.ability[0]).abs() < 1e-8);
    }

    #[test]
    fn a_finite_likeliest_ability_is_likelier_than_its_neighbours((scorer, answers) in sitting()) {
        let value = |theta: f64| -> f64 {
            answers.iter().map(|answer| {
                scorer.functions()[usize::from(answer.item)].probabilities(&[theta])[usize::from(answer.category)].ln()
            }).sum()
        };
        if let Some(score) = scorer.maximum_likelihood(&answers).unwrap().finite() {
            let (theta, error) = (score.ability[0], score.standard_error(0));
            let here = value(theta);
            for away in [0.01, 0.1, 1.0, 3.0] {
                prop_assert!(value(theta - away * error) <= here + 1e-9 && value(theta + away * error) <= here + 1e-9);
            }
        }
    }

    #[test]
    fn the_shares_of_all_sums_add_to_one_and_their_means_to_the_populations((scorer, _) in sitting()) {
        let items: Vec<usize> = (0..scorer.functions().len()).collect();
        let table = scorer.sum_scores(&items).unwrap();
        let shares: f64 = table.lines.iter().map(|line| line.probability).sum();
        let mean: f64 = table.lines.iter().map(|line| line.probability * line.score.ability[0]).sum();
        let population = scorer.population().mean()[0];
        prop_assert!((shares - 1.0).abs() < 1e-12 && (mean - population).abs() < 0.01, "{shares} {mean} {population}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn the_mean_and_spread_of_many_plausible_values_are_those_of_the_posterior(
        (scorer, answers) in sitting(), seed in any::<u64>(),
    ) {
        let score = scorer.expected_a_posteriori(&answers).unwrap();
        let values = scorer.plausible_values(&answers, 4000, &mut ChaCha8Rng::seed_from_u64(seed)).unwrap();
        let mean = values.iter().map(|value| value[0]).sum::<f64>() / 4000.0;
        let square = values.iter().map(|value| (value[0] - mean).powi(2)).sum::<f64>() / 4000.0;
        // Five sampling errors of a mean and of a standard deviation, and the cut tails of the grid.
        let error = score.standard_error(0);
        prop_assert!((mean - score.ability[0]).abs() < 5.0 * error / 4000_f64.sqrt() + 1e-3);
        prop_assert!((square.sqrt() / error - 1.0).abs() < 5.0 / 8000_f64.sqrt() + 1e-2);
    }
}

#[test]
fn plausible_values_of_two_dimensions_keep_the_posteriors_correlation() {
    let form = || Form::Logistic { intercept: 0.2, lower: 0.0, upper: 1.0 };
    let item = |slopes: [f64; 2]| ResponseFunction::new(slopes.to_vec(), form()).unwrap();
    let functions = vec![item([1.0, 0.0]), item([0.0, 1.5]), item([0.7, 0.9])];
    let population = Population::new(vec![0.0, 0.5], vec![vec![1.0, 0.6], vec![0.6, 1.0]]).unwrap();
    let scorer = Scorer::new(functions, population).unwrap();
    let answers: Vec<Response> =
        [1, 0, 1].iter().zip(0..).map(|(category, item)| Response { item, category: *category }).collect();
    let score = scorer.expected_a_posteriori(&answers).unwrap();
    let values = scorer.plausible_values(&answers, 20_000, &mut ChaCha8Rng::seed_from_u64(3)).unwrap();
    let mean = |dimension: usize| values.iter().map(|value| value[dimension]).sum::<f64>() / 20_000.0;
    let means = [mean(0), mean(1)];
    let product = |row: usize, column: usize| {
        values.iter().map(|value| (value[row] - means[row]) * (value[column] - means[column])).sum::<f64>() / 20_000.0
    };
    for (row, cells) in score.covariance.iter().enumerate() {
        assert!((means[row] - score.ability[row]).abs() < 0.03);
        for (column, covariance) in cells.iter().enumerate() {
            assert!((product(row, column) - covariance).abs() < 0.03);
        }
    }
}
