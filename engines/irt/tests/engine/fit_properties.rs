//! What holds of the statistics of fit whatever the answers, and what must hold of answers simulated from the model.

use std::ops::ControlFlow;

use melek_irt::calibration::{Calibration, Latent, Model, Options, Specification, calibrate};
use melek_irt::fit::{
    Fitted, Moments, empirical_reliability, limited_information, local_dependence, marginal_reliability, mean_squares,
    person_fit, residual_correlations, summed_score_fit,
};
use melek_irt::model::{Form, ResponseFunction};
use melek_irt::responses::Responses;
use proptest::prelude::*;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use crate::table::assert_relative;

fn uniform(random: &mut ChaCha8Rng) -> f64 {
    (random.next_u64() >> 11) as f64 / 2.0_f64.powi(53)
}

fn standard_normal(random: &mut ChaCha8Rng) -> f64 {
    // Box & Muller (1958).
    let (radius, angle) = ((-2.0 * (1.0 - uniform(random)).ln()).sqrt(), std::f64::consts::TAU * uniform(random));
    radius * angle.cos()
}

/// Answers of people from a standard normal population, a share of them not given.
fn simulate(functions: &[ResponseFunction], persons: usize, missing: f64, seed: u64) -> Vec<Vec<Option<u8>>> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut rows = Vec::with_capacity(persons);
    for _ in 0..persons {
        let theta = standard_normal(&mut random);
        let mut row = Vec::with_capacity(functions.len());
        for function in functions {
            let (mut draw, given) = (uniform(&mut random), uniform(&mut random) >= missing);
            let mut category = 0;
            for probability in &function.probabilities(&[theta])[..function.categories() - 1] {
                draw -= probability;
                category += u8::from(draw >= 0.0);
                if draw < 0.0 {
                    break;
                }
            }
            row.push(given.then_some(category));
        }
        rows.push(row);
    }
    rows
}

/// Items of known parameters: nothing is estimated.
fn known(functions: &[ResponseFunction], responses: &Responses) -> (Specification, Calibration) {
    let mut specification = Specification::uniform(Model::TwoParameter, functions.len());
    for (item, function) in specification.items.iter_mut().zip(functions) {
        item.fixed = Some(function.clone());
    }
    let calibration = estimate(responses, &specification);
    (specification, calibration)
}

fn estimate(responses: &Responses, specification: &Specification) -> Calibration {
    calibrate(responses, specification, &Options::default(), &mut |_| ControlFlow::Continue(())).unwrap()
}

fn dichotomous(count: usize) -> Vec<ResponseFunction> {
    let slope = |place: usize| 0.8 + 0.3 * (place % 5) as f64;
    let difficulty = |place: usize| -2.0 + 4.0 * place as f64 / count as f64;
    (0..count).map(|j| ResponseFunction::two_parameter(slope(j), -slope(j) * difficulty(j)).unwrap()).collect()
}

fn graded(count: usize) -> Vec<ResponseFunction> {
    let one = |place: usize| {
        let (slope, shift) = (0.9 + 0.2 * (place % 4) as f64, -1.0 + 0.4 * (place % 6) as f64);
        let intercepts = [1.5, 0.2, -1.2].map(|intercept| intercept + shift).to_vec();
        ResponseFunction::new(vec![slope], Form::Graded { intercepts }).unwrap()
    };
    (0..count).map(one).collect()
}

fn mean_and_variance(values: &[f64]) -> (f64, f64) {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    (mean, values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (count - 1.0))
}

fn stars(functions: &[ResponseFunction], persons: usize) -> (Vec<f64>, Vec<f64>) {
    let responses = Responses::from_rows(functions.len(), simulate(functions, persons, 0.0, 20_261_124)).unwrap();
    let (specification, calibration) = known(functions, &responses);
    let people = person_fit(&Fitted::new(&responses, &specification, &calibration).unwrap()).unwrap();
    people.into_iter().flatten().map(|person| (person.lz_star.unwrap(), person.lz.unwrap())).unzip()
}

/// Mean and variance of 4,000 draws lie within 0.016 and 0.022 of those of the distribution (one standard error). The
/// rest of the bound is what a test of finite length leaves: terms of the order of one over the number of items in the
/// mean and variance of l_z*, see the tables of Snijders (2001) and Sinharay (2016).
#[test]
fn corrected_person_fit_of_answers_from_the_model_is_about_standard_normal() {
    for functions in [dichotomous(60), graded(30)] {
        let (corrected, plain) = stars(&functions, 4000);
        let ((mean, variance), (_, uncorrected)) = (mean_and_variance(&corrected), mean_and_variance(&plain));
        assert!(mean.abs() < 0.1, "mean {mean}");
        assert!((variance - 1.0).abs() < 0.15, "variance {variance}");
        assert!((uncorrected - 1.0).abs() > (variance - 1.0).abs(), "correction makes {uncorrected} worse: {variance}");
        let share = corrected.iter().filter(|star| **star < -1.6449).count() as f64 / 4000.0;
        assert!((0.03..0.08).contains(&share), "{share} of the people below the fifth percentile");
    }
}

/// Statistics of 40 samples from the model: their mean is the degrees of freedom within 4 standard errors √(2ν/40).
#[test]
fn limited_information_of_answers_from_the_model_has_the_mean_of_its_chi_square() {
    let functions = graded(6);
    for moments in [Moments::Scores, Moments::Categories, Moments::CategoriesThenScores] {
        let (mut sum, mut degrees) = (0.0, 0);
        for seed in 0..40 {
            let responses = Responses::from_rows(6, simulate(&functions, 1000, 0.0, seed)).unwrap();
            let (specification, calibration) = known(&functions, &responses);
            let fitted = Fitted::new(&responses, &specification, &calibration).unwrap();
            let fit = limited_information(&fitted, moments).unwrap();
            sum += fit.statistic;
            degrees = fit.degrees_of_freedom;
        }
        let (mean, expected) = (sum / 40.0, degrees as f64);
        assert!((mean - expected).abs() < 4.0 * (2.0 * expected / 40.0).sqrt(), "{moments:?}: {mean} for {expected}");
    }
}

/// The same after estimating a Rasch model, whose spread takes away a degree of freedom.
#[test]
fn the_spread_of_ability_is_counted_among_the_parameters() {
    let functions: Vec<_> =
        (0..8).map(|j| ResponseFunction::two_parameter(1.3, 1.4 - 0.4 * f64::from(j)).unwrap()).collect();
    let mut sum = 0.0;
    for seed in 100..140 {
        let responses = Responses::from_rows(8, simulate(&functions, 1000, 0.0, seed)).unwrap();
        let specification = Specification::uniform(Model::Rasch, 8);
        let calibration = estimate(&responses, &specification);
        let fit = limited_information(&Fitted::new(&responses, &specification, &calibration).unwrap(), Moments::Scores);
        let fit = fit.unwrap();
        assert_eq!(fit.degrees_of_freedom, 8 + 28 - 9);
        sum += fit.statistic;
    }
    assert!((sum / 40.0 - 27.0).abs() < 4.0 * (54.0_f64 / 40.0).sqrt(), "{}", sum / 40.0);
}

#[test]
fn groups_are_judged_together_with_their_own_abilities() {
    let functions = dichotomous(8);
    let mut rows = simulate(&functions, 800, 0.0, 5);
    let easier: Vec<_> = (0..8)
        .map(|j| {
            let Form::Logistic { intercept, .. } = functions[j].form() else { panic!("logistic") };
            ResponseFunction::two_parameter(functions[j].slopes()[0], intercept + functions[j].slopes()[0]).unwrap()
        })
        .collect();
    rows.extend(simulate(&easier, 800, 0.0, 6));
    let responses = Responses::from_rows(8, rows).unwrap();
    let mut specification = Specification::uniform(Model::TwoParameter, 8);
    specification.latent.push(Latent::free_group());
    specification.groups = [vec![0; 800], vec![1; 800]].concat();
    let calibration = estimate(&responses, &specification);
    let fitted = Fitted::new(&responses, &specification, &calibration).unwrap();
    let fit = limited_information(&fitted, Moments::Scores).unwrap();
    assert_eq!(fit.degrees_of_freedom, 2 * 36 - 18);
    assert!(fit.p_value > 0.01);
    assert!(summed_score_fit(&fitted).unwrap().iter().all(|item| item.p_value > Some(0.001)));
    assert_eq!(fit.baseline.degrees_of_freedom, 2 * 28);
}

#[test]
fn a_rasch_model_does_not_describe_items_of_different_slopes() {
    let functions: Vec<_> =
        (0..8).map(|j| ResponseFunction::two_parameter(0.4 + 0.4 * f64::from(j), 0.0).unwrap()).collect();
    let responses = Responses::from_rows(8, simulate(&functions, 2000, 0.0, 9)).unwrap();
    let specification = Specification::uniform(Model::Rasch, 8);
    let calibration = estimate(&responses, &specification);
    let fitted = Fitted::new(&responses, &specification, &calibration).unwrap();
    let fit = limited_information(&fitted, Moments::Scores).unwrap();
    assert!(fit.p_value < 1e-6 && fit.approximation.lower > 0.02 && fit.comparative_fit() < 0.99);
    assert!(fit.tucker_lewis() < 0.99);
    let items = mean_squares(&fitted).unwrap();
    assert!(items[0].unwrap().outfit > items[7].unwrap().outfit, "a flat item is noisier than a steep one");
}

fn cases() -> impl Strategy<Value = (Vec<Vec<Option<u8>>>, bool)> {
    (any::<u64>(), any::<bool>(), 0.0..0.3_f64, 60_usize..200).prop_map(|(seed, two, missing, persons)| {
        let functions = if two { dichotomous(7) } else { graded(5) };
        (simulate(&functions, persons, missing, seed), two)
    })
}

fn functions_of(two: bool) -> Vec<ResponseFunction> {
    if two { dichotomous(7) } else { graded(5) }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_order_of_people_changes_nothing((rows, two) in cases(), shift in 1_usize..50) {
        let functions = functions_of(two);
        let mut moved = rows.clone();
        moved.rotate_left(shift % rows.len());
        let find = |rows: &[Vec<Option<u8>>]| {
            let responses = Responses::from_rows(functions.len(), rows).unwrap();
            let (specification, calibration) = known(&functions, &responses);
            let fitted = Fitted::new(&responses, &specification, &calibration).unwrap();
            let whole = limited_information(&fitted, Moments::CategoriesThenScores).unwrap();
            let mut found = vec![whole.statistic, whole.srmsr, whole.baseline.statistic];
            found.extend(local_dependence(&fitted).unwrap().iter().map(|pair| pair.statistic));
            found.extend(mean_squares(&fitted).unwrap().iter().flatten().map(|item| item.infit + item.outfit_z));
            found.extend(empirical_reliability(&fitted).unwrap());
            found.extend(residual_correlations(&fitted).unwrap().between(0, 1));
            found.extend(summed_score_fit(&fitted).iter().flatten().map(|item| item.statistic));
            found
        };
        // A category that nobody chose would be numbered anew.
        prop_assume!(complete_categories(&rows, &functions));
        for (one, other) in find(&rows).into_iter().zip(find(&moved)) {
            assert_relative(one, other, 1e-9);
        }
    }

    #[test]
    fn reliabilities_and_chances_lie_between_0_and_1((rows, two) in cases()) {
        let functions = functions_of(two);
        prop_assume!(complete_categories(&rows, &functions));
        let responses = Responses::from_rows(functions.len(), &rows).unwrap();
        let (specification, calibration) = known(&functions, &responses);
        let fitted = Fitted::new(&responses, &specification, &calibration).unwrap();
        let whole = limited_information(&fitted, Moments::Categories).unwrap();
        let mut shares = empirical_reliability(&fitted).unwrap();
        shares.push(marginal_reliability(&functions, &Latent::standard(1)).unwrap());
        shares.extend([whole.p_value, whole.comparative_fit()]);
        shares.extend(local_dependence(&fitted).unwrap().iter().map(|pair| pair.p_value));
        shares.extend(summed_score_fit(&fitted).iter().flatten().filter_map(|item| item.p_value));
        for share in shares {
            prop_assert!((0.0..=1.0).contains(&share), "{}", share);
        }
        let interval = whole.approximation;
        prop_assert!(interval.lower <= interval.rmsea && interval.rmsea <= interval.upper.max(interval.rmsea));
        for person in person_fit(&fitted).unwrap().into_iter().flatten() {
            prop_assert!(person.ability.abs() < 6.0 && person.lz.is_none_or(f64::is_finite), "{person:?}");
        }
    }
}

fn complete_categories(rows: &[Vec<Option<u8>>], functions: &[ResponseFunction]) -> bool {
    functions.iter().enumerate().all(|(item, function)| {
        (0..function.categories()).all(|category| rows.iter().any(|row| row[item] == Some(category as u8)))
    })
}
