//! Calibration: known answers, several ways to the same answer, and what is refused or warned of. The comparison with
//! other programs is in `calibration_references.rs`.

use std::ops::ControlFlow;

use melek_irt::calibration::{
    Calibration, CalibrationError, Grid, ItemSpecification, Latent, Model, Options, Parameter, ParameterPrior,
    Progress, Specification, Warning, calibrate,
};
use melek_irt::model::{Form, ResponseFunction};
use melek_irt::responses::{Responses, ResponsesBuilder};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use crate::table::assert_near;

fn uniform(rng: &mut ChaCha8Rng) -> f64 {
    (rng.next_u64() >> 11) as f64 / 9_007_199_254_740_992.0
}

fn normal(rng: &mut ChaCha8Rng) -> f64 {
    (-2.0 * (1.0 - uniform(rng)).ln()).sqrt() * (core::f64::consts::TAU * uniform(rng)).cos()
}

/// Answers to items drawn from their own response functions; every item is skipped with the given probability.
fn answers(functions: &[ResponseFunction], people: &[Vec<f64>], skipped: f64, seed: u64) -> Responses {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut builder = ResponsesBuilder::new(functions.len()).unwrap();
    for theta in people {
        let mut row = Vec::new();
        for (item, function) in functions.iter().enumerate() {
            let mut rest = uniform(&mut rng);
            let probabilities = function.probabilities(theta);
            let category = probabilities.iter().position(|p| {
                rest -= p;
                rest < 0.0
            });
            if uniform(&mut rng) >= skipped {
                row.push((item, category.unwrap_or(probabilities.len() - 1) as u8));
            }
        }
        builder.person(row).unwrap();
    }
    builder.build()
}

fn people(count: usize, dimensions: usize, seed: u64) -> Vec<Vec<f64>> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    (0..count).map(|_| (0..dimensions).map(|_| normal(&mut rng)).collect()).collect()
}

fn two_parameter_items(count: usize) -> Vec<ResponseFunction> {
    let item = |n: usize| ResponseFunction::two_parameter(0.8 + 0.1 * (n % 9) as f64, 1.5 - 0.4 * (n % 8) as f64);
    (0..count).map(|n| item(n).unwrap()).collect()
}

fn fit(responses: &Responses, specification: &Specification, options: &Options) -> Calibration {
    calibrate(responses, specification, options, &mut |_| ControlFlow::Continue(())).unwrap()
}

fn largest_difference(one: &Calibration, other: &Calibration) -> f64 {
    let numbers = |calibration: &Calibration| -> Vec<f64> {
        let of = |function: &ResponseFunction| {
            let own = match function.form() {
                Form::Logistic { intercept, lower, upper } => vec![*intercept, *lower, *upper],
                Form::Graded { intercepts } => intercepts.clone(),
                Form::DivideByTotal { scoring, intercepts } => [scoring.clone(), intercepts.clone()].concat(),
            };
            [function.slopes().to_vec(), own].concat()
        };
        calibration.functions().iter().flat_map(of).collect()
    };
    numbers(one).iter().zip(numbers(other)).fold(0.0, |largest, (a, b)| f64::max(largest, (a - b).abs()))
}

#[test]
fn without_any_difference_between_people_an_item_is_as_easy_as_its_share_of_right_answers() {
    // With slope 0 the intercept is the logit of the share, in closed form.
    let rows = (0..100).map(|n| [Some(u8::from(n < 73)), Some(u8::from(n % 2 == 0))]);
    let responses = Responses::from_rows(2, rows).unwrap();
    let mut specification = Specification::uniform(Model::Rasch, 2);
    specification.latent = vec![Latent { covariance: vec![vec![1e-8]], ..Latent::standard(1) }];
    let grid = Some(Grid { points: 801, lowest: -1e-3, highest: 1e-3 });
    let found = fit(&responses, &specification, &Options { grid, tolerance: 1e-9, ..Options::default() });
    let Form::Logistic { intercept, .. } = found.items[0].function.form() else { panic!("not logistic") };
    assert_near(*intercept, (0.73_f64 / 0.27).ln(), 1e-6);
    assert_near(found.log_likelihood, 73.0 * 0.73_f64.ln() + 27.0 * 0.27_f64.ln() + 100.0 * 0.5_f64.ln(), 1e-4);
}

#[test]
fn one_thread_or_several_wide_or_narrow_give_the_same_numbers() {
    let responses = answers(&two_parameter_items(12), &people(9_000, 1, 1), 0.1, 2);
    let specification = Specification::uniform(Model::TwoParameter, 12);
    let plain = Options { wide: false, standard_errors: true, ..Options::default() };
    let alone = fit(&responses, &specification, &plain);
    assert!(alone.converged, "{:?}", alone.warnings);
    assert_eq!(alone, fit(&responses, &specification, &Options { threads: 3, ..plain.clone() }));
    assert_eq!(alone, fit(&responses, &specification, &Options { wide: true, ..plain }));
}

#[test]
fn an_item_that_the_first_sample_cannot_tell_about_holds_nothing_up() {
    let all = answers(&two_parameter_items(12), &people(8_000, 1, 1), 0.0, 2);
    let mut builder = ResponsesBuilder::new(13).unwrap();
    for person in 0..8_000 {
        // The sample takes every fourth person, and none of those who got the last item wrong.
        let wrong = person % 4 == 1 && person < 1_000;
        let own = all.of(person).iter().map(|r| (usize::from(r.item), r.category));
        builder.person(own.chain([(12, u8::from(!wrong))])).unwrap();
    }
    let (mut on_sample, specification) = (0, Specification::uniform(Model::TwoParameter, 13));
    let found = calibrate(&builder.build(), &specification, &Options::default(), &mut |progress: &Progress| {
        on_sample += usize::from(progress.sample);
        ControlFlow::Continue(())
    });
    let found = found.unwrap();
    assert!(found.converged && (1..=12).contains(&on_sample), "{on_sample} {:?}", found.warnings);
    assert!(found.items[12].function.slopes()[0].abs() < 0.5);
}

#[test]
fn the_order_of_people_does_not_matter() {
    let mut everybody = people(400, 1, 3);
    let items = two_parameter_items(8);
    let responses = answers(&items, &everybody, 0.0, 4);
    let rows = |order: &mut dyn Iterator<Item = usize>| {
        let mut builder = ResponsesBuilder::new(8).unwrap();
        for person in order {
            builder.person(responses.of(person).iter().map(|r| (usize::from(r.item), r.category))).unwrap();
        }
        builder.build()
    };
    everybody.clear();
    let specification = Specification::uniform(Model::TwoParameter, 8);
    let options = Options { tolerance: 1e-8, standard_errors: true, ..Options::default() };
    let forward = fit(&rows(&mut (0..400)), &specification, &options);
    let backward = fit(&rows(&mut (0..400).rev()), &specification, &options);
    assert!(largest_difference(&forward, &backward) < 1e-6);
    assert_near(forward.log_likelihood, backward.log_likelihood, 1e-7);
}

#[test]
fn one_specific_dimension_in_two_tiers_equals_the_full_grid() {
    let function = |n: usize| {
        let specific = if n.is_multiple_of(2) { 0.9 } else { 0.0 };
        let form = Form::Logistic { intercept: 0.2 * n as f64 - 1.0, lower: 0.0, upper: 1.0 };
        ResponseFunction::new(vec![1.2, specific], form).unwrap()
    };
    let items: Vec<_> = (0..10).map(function).collect();
    let responses = answers(&items, &people(600, 2, 5), 0.0, 6);
    let mut specification = Specification::uniform(Model::TwoParameter, 10);
    for (n, item) in specification.items.iter_mut().enumerate() {
        item.dimensions = if n.is_multiple_of(2) { vec![0, 1] } else { vec![0] };
    }
    specification.latent = vec![Latent::two_tier(1, 1)];
    let options = Options { tolerance: 1e-6, standard_errors: true, ..Options::default() };
    let reduced = fit(&responses, &specification, &options);
    specification.latent = vec![Latent::standard(2)];
    let grid = Some(Grid { points: 41, lowest: -6.0, highest: 6.0 });
    let full = fit(&responses, &specification, &Options { grid, ..options });
    assert_near(reduced.log_likelihood, full.log_likelihood, 1e-3);
    assert!(largest_difference(&reduced, &full) < 2e-3);
    let error = |fit: &Calibration| fit.items[0].errors.clone().unwrap().slopes[0].unwrap();
    assert!((error(&reduced) / error(&full) - 1.0).abs() < 0.2, "{} {}", error(&reduced), error(&full));
}

#[test]
fn random_draws_agree_with_the_grid_within_a_fraction_of_a_standard_error() {
    let function = |n: usize| {
        let slopes = if n.is_multiple_of(2) { vec![1.3, 0.0] } else { vec![0.0, 1.1] };
        let form = Form::Logistic { intercept: 0.15 * n as f64 - 0.9, lower: 0.0, upper: 1.0 };
        ResponseFunction::new(slopes, form).unwrap()
    };
    let items: Vec<_> = (0..12).map(function).collect();
    let mut everybody = people(500, 2, 7);
    everybody.iter_mut().for_each(|theta| theta[1] = 0.6 * theta[0] + 0.8 * theta[1]);
    let responses = answers(&items, &everybody, 0.0, 8);
    let mut specification = Specification::uniform(Model::TwoParameter, 12);
    for (n, item) in specification.items.iter_mut().enumerate() {
        item.dimensions = vec![n % 2];
    }
    specification.latent = vec![Latent::correlated(2)];
    let options = Options { standard_errors: true, ..Options::default() };
    let grid = fit(&responses, &specification, &options);
    let drawn = fit(&responses, &specification, &Options { seed: Some(9), ..options });
    let error = grid.items[0].errors.clone().unwrap().slopes[0].unwrap();
    assert!(largest_difference(&grid, &drawn) < 0.5 * error, "{} {error}", largest_difference(&grid, &drawn));
    let correlation = |fit: &Calibration| fit.groups[0].latent.covariance[0][1];
    assert!((correlation(&grid) - correlation(&drawn)).abs() < 0.02);
    assert!((grid.log_likelihood - drawn.log_likelihood).abs() < 4.0);
}

#[test]
fn a_second_group_finds_its_own_mean_and_spread() {
    let items = two_parameter_items(20);
    let mut everybody = people(4_000, 1, 10);
    everybody[2_000..].iter_mut().for_each(|theta| theta[0] = 0.5 + 0.7 * theta[0]);
    let responses = answers(&items, &everybody, 0.0, 11);
    let mut specification = Specification::uniform(Model::TwoParameter, 20);
    specification.groups = (0..4_000).map(|person| u16::from(person >= 2_000)).collect();
    specification.latent = vec![Latent::standard(1), Latent::free_group()];
    let found = fit(&responses, &specification, &Options { standard_errors: true, ..Options::default() });
    let focal = &found.groups[1];
    let errors: Vec<f64> = focal.errors.iter().map(|error| error.unwrap()).collect();
    assert!((focal.latent.mean[0] - 0.5).abs() < 4.0 * errors[0], "{focal:?}");
    assert!((focal.latent.covariance[0][0] - 0.49).abs() < 4.0 * errors[1], "{focal:?}");
    assert!(errors[0] < 0.05 && errors[1] < 0.06);
}

#[test]
fn known_items_keep_their_parameters_and_carry_their_scale_to_new_ones() {
    let items = two_parameter_items(16);
    let everybody: Vec<_> = people(3_000, 1, 12).iter().map(|theta| vec![0.8 * theta[0] - 0.4]).collect();
    let responses = answers(&items, &everybody, 0.0, 13);
    let mut specification = Specification::uniform(Model::TwoParameter, 16);
    for (item, function) in items.iter().enumerate().take(8) {
        specification.items[item].fixed = Some(function.clone());
    }
    specification.latent = vec![Latent::free_group()];
    let found = fit(&responses, &specification, &Options { standard_errors: true, ..Options::default() });
    assert_eq!(found.items[3].function, items[3]);
    assert_eq!(found.items[3].errors.as_ref().unwrap().slopes, [None]);
    assert!((found.groups[0].latent.mean[0] + 0.4).abs() < 0.1, "{:?}", found.groups);
    let error = found.items[12].errors.clone().unwrap().slopes[0].unwrap();
    assert!((found.items[12].function.slopes()[0] - items[12].slopes()[0]).abs() < 4.0 * error);
}

#[test]
fn a_test_whose_every_item_is_known_is_only_judged() {
    let items = two_parameter_items(5);
    let responses = answers(&items, &people(200, 1, 24), 0.0, 25);
    let mut specification = Specification::uniform(Model::TwoParameter, 5);
    specification.items.iter_mut().zip(&items).for_each(|(item, known)| item.fixed = Some(known.clone()));
    let found = fit(&responses, &specification, &Options { standard_errors: true, ..Options::default() });
    assert!(found.converged && found.parameters == 0 && found.functions() == items);
    specification.items[0].fixed =
        Some(ResponseFunction::new(vec![1.0], Form::Graded { intercepts: vec![1.0, -1.0] }).unwrap());
    let refused = calibrate(&responses, &specification, &Options::default(), &mut |_| ControlFlow::Continue(()));
    assert_eq!(refused.err(), Some(CalibrationError::KnownCategories { item: 0, known: 3, categories: 2 }));
}

#[test]
fn the_covariance_of_an_item_holds_the_squares_of_its_errors() {
    let responses = answers(&two_parameter_items(6), &people(500, 1, 14), 0.0, 15);
    let options = Options { standard_errors: true, ..Options::default() };
    let found = fit(&responses, &Specification::uniform(Model::TwoParameter, 6), &options);
    let covariance = found.covariance(&[2]).unwrap();
    let errors = found.items[2].errors.clone().unwrap();
    assert_near(covariance[0][0].sqrt(), errors.slopes[0].unwrap(), 1e-14);
    assert_near(covariance[1][1].sqrt(), errors.own[0].unwrap(), 1e-14);
    assert_near(covariance[2][2], 0.0, 0.0);
    assert_eq!(
        fit(&responses, &Specification::uniform(Model::TwoParameter, 6), &Options::default()).covariance(&[2]),
        None
    );
}

#[test]
fn robust_errors_are_the_spread_over_samples_though_the_model_is_wrong() {
    // Rasch fits of items with unequal slopes: 300 samples give the spread to 4 %.
    let items: Vec<_> = (0..8).map(|n| ResponseFunction::two_parameter([0.3, 2.5][n % 2], 0.0).unwrap()).collect();
    let specification = Specification::uniform(Model::Rasch, 8);
    let plain = Options { standard_errors: true, ..Options::default() };
    let robust = Options { robust: true, ..plain.clone() };
    let (mut spread, mut sum, mut errors, mut plain_errors) = (0.0, 0.0, 0.0, 0.0);
    for sample in 0..300 {
        let responses = answers(&items, &people(300, 1, 1_000 + sample), 0.0, 5_000 + sample);
        let found = fit(&responses, &specification, &robust);
        let variance = found.groups[0].latent.covariance[0][0];
        sum += variance / 300.0;
        spread += variance * variance / 300.0;
        errors += found.groups[0].errors[0].unwrap() / 300.0;
        plain_errors += fit(&responses, &specification, &plain).groups[0].errors[0].unwrap() / 300.0;
    }
    let spread = (spread - sum * sum).sqrt();
    assert!((errors / spread - 1.0).abs() < 0.12, "{errors} {plain_errors} {spread}");
    assert!((plain_errors / spread - 1.0).abs() > (errors / spread - 1.0).abs(), "{errors} {plain_errors} {spread}");
}

#[test]
fn a_prior_holds_a_slope_that_the_data_would_let_go() {
    // One item repeats another: its slope has no finite maximum without a prior.
    let responses = Responses::from_rows(
        3,
        (0..60).map(|n| [Some(u8::from(n % 2 == 0)), Some(u8::from(n % 2 == 0)), Some(u8::from(n % 3 == 0))]),
    )
    .unwrap();
    let mut specification = Specification::uniform(Model::TwoParameter, 3);
    let free = fit(&responses, &specification, &Options { most_iterations: 300, ..Options::default() });
    assert!(free.items[0].function.slopes()[0] > 6.0);
    let prior = ParameterPrior::LogNormal { mean: 0.0, deviation: 0.5 };
    specification.items.iter_mut().for_each(|item| item.priors.push((Parameter::Slope, prior)));
    let held = fit(&responses, &specification, &Options { most_iterations: 300, ..Options::default() });
    assert!(held.items[0].function.slopes()[0] < 4.0 && held.log_prior.is_finite());
}

#[test]
fn densities_of_priors_agree_with_closed_forms_and_their_differences() {
    let normal = ParameterPrior::Normal { mean: 0.5, deviation: 2.0 };
    assert_near(normal.log_density(0.5)[0], -(2.0 * (2.0 * core::f64::consts::PI).sqrt()).ln(), 1e-14);
    let beta = ParameterPrior::Beta { first: 2.0, second: 1.0 };
    assert_near(beta.log_density(0.25)[0], 0.5_f64.ln(), 1e-14);
    let log_normal = ParameterPrior::LogNormal { mean: 0.0, deviation: 1.0 };
    assert_near(log_normal.log_density(1.0)[0], -0.5 * (2.0 * core::f64::consts::PI).ln(), 1e-14);
    for prior in [normal, ParameterPrior::Beta { first: 5.0, second: 17.0 }, log_normal] {
        let (value, step) = (0.3, 1e-5);
        let [_, first, second] = prior.log_density(value);
        let (above, below) = (prior.log_density(value + step), prior.log_density(value - step));
        assert_near((above[0] - below[0]) / (2.0 * step), first, 1e-6);
        assert_near((above[1] - below[1]) / (2.0 * step), second, 1e-5);
    }
    assert_eq!(beta.log_density(1.0)[0], f64::NEG_INFINITY);
}

#[test]
fn an_interrupted_calibration_keeps_the_best_so_far() {
    let responses = answers(&two_parameter_items(10), &people(300, 1, 16), 0.0, 17);
    let specification = Specification::uniform(Model::TwoParameter, 10);
    let mut seen: Vec<Progress> = Vec::new();
    let stopped = calibrate(&responses, &specification, &Options::default(), &mut |progress| {
        seen.push(*progress);
        if seen.len() == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })
    .unwrap();
    assert!(!stopped.converged);
    assert!(matches!(stopped.warnings[..], [.., Warning::NotConverged { .. }]));
    assert_near(stopped.log_likelihood, seen[2].log_posterior, 1e-9);
    assert!(seen[0].log_posterior < seen[2].log_posterior);
}

#[test]
fn a_coarse_grid_is_refined_unless_it_was_asked_for() {
    let responses = answers(&two_parameter_items(60), &people(500, 1, 18), 0.0, 19);
    let specification = Specification::uniform(Model::TwoParameter, 60);
    let coarse = Grid { points: 15, lowest: -6.0, highest: 6.0 };
    let asked = fit(&responses, &specification, &Options { grid: Some(coarse), ..Options::default() });
    assert!(asked.warnings.iter().any(|warning| matches!(warning, Warning::CoarseGrid { change } if *change > 0.01)));
    assert_eq!(fit(&responses, &specification, &Options::default()).grid, Grid::standard(1));
}

#[test]
fn what_cannot_be_calibrated_is_refused_by_name() {
    let refused = |rows: Vec<Vec<Option<u8>>>, model: Model| {
        let items = rows.first().map_or(1, Vec::len);
        let responses = Responses::from_rows(items, rows).unwrap();
        calibrate(&responses, &Specification::uniform(model, items), &Options::default(), &mut |_| {
            ControlFlow::Continue(())
        })
        .err()
    };
    let two = |a: u8, b: Option<u8>| vec![Some(a), b];
    assert_eq!(refused(vec![], Model::Rasch), Some(CalibrationError::NoPersons));
    assert_eq!(refused(vec![two(0, None), two(1, None)], Model::Rasch), Some(CalibrationError::EmptyItem { item: 1 }));
    let constant = refused(vec![two(0, Some(3)), two(1, Some(3))], Model::Graded);
    assert_eq!(constant, Some(CalibrationError::ConstantItem { item: 1, score: 3 }));
    let many = refused(vec![two(0, Some(0)), two(1, Some(1)), two(1, Some(2))], Model::TwoParameter);
    assert_eq!(many, Some(CalibrationError::TooManyCategories { item: 1, categories: 3 }));
}

#[test]
fn a_specification_that_does_not_fit_the_answers_is_refused() {
    let responses = answers(&two_parameter_items(3), &people(50, 1, 20), 0.0, 21);
    let refused = |change: &dyn Fn(&mut Specification)| {
        let mut specification = Specification::uniform(Model::TwoParameter, 3);
        change(&mut specification);
        calibrate(&responses, &specification, &Options::default(), &mut |_| ControlFlow::Continue(())).err()
    };
    assert_eq!(
        refused(&|s| s.items.push(ItemSpecification::new(Model::Rasch))),
        Some(CalibrationError::ItemCount { specified: 4, items: 3 })
    );
    assert_eq!(refused(&|s| s.groups = vec![0; 2]), Some(CalibrationError::GroupCount { groups: 2, persons: 50 }));
    assert_eq!(refused(&|s| s.groups = vec![1; 50]), Some(CalibrationError::UnknownGroup { group: 1, described: 1 }));
    assert_eq!(
        refused(&|s| s.items[0].dimensions = vec![1]),
        Some(CalibrationError::UnknownDimension { item: 0, dimension: 1, dimensions: 1 })
    );
    assert_eq!(refused(&|s| s.latent = vec![Latent::correlated(5)]), Some(CalibrationError::TooManyDimensions(5)));
    let several = |s: &mut Specification| {
        s.latent = vec![Latent::two_tier(1, 2)];
        s.items[2].dimensions = vec![0, 1, 2];
    };
    assert_eq!(refused(&several), Some(CalibrationError::SeveralSpecific { item: 2 }));
}

#[test]
fn what_must_be_known_of_the_data_is_said() {
    let rows = [[Some(0), Some(0)], [Some(2), Some(1)], [Some(2), Some(0)], [None, None], [Some(0), Some(1)]];
    let responses = Responses::from_rows(2, rows).unwrap();
    let mut specification = Specification::uniform(Model::GeneralizedPartialCredit, 2);
    specification.items.iter_mut().for_each(|item| {
        item.priors.push((Parameter::Slope, ParameterPrior::LogNormal { mean: 0.0, deviation: 0.3 }));
        item.priors.push((Parameter::Intercept, ParameterPrior::Normal { mean: 0.0, deviation: 1.0 }));
    });
    let found = fit(&responses, &specification, &Options::default());
    assert!(found.warnings.contains(&Warning::UnusedScore { item: 0, score: 1 }));
    assert!(found.warnings.contains(&Warning::EmptyPersons(1)));
    let few = fit(
        &Responses::from_rows(2, [[Some(0), Some(1)], [Some(1), Some(0)], [Some(1), Some(1)]]).unwrap(),
        &specification,
        &Options::default(),
    );
    assert!(few.warnings.contains(&Warning::FewPersons { persons: 3, parameters: 4 }));
    assert_eq!(specification.dimensions(), Latent::free_spread().dimensions());
}
