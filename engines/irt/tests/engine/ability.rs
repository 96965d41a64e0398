use melek_irt::ability::{
    Answer, DimensionError, Estimate, ExpectationPropagation, Posterior, Prior, PriorError, importance_sampling,
    posterior, predicted_probability,
};
use melek_irt::model::Item;
use proptest::prelude::*;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use crate::strategies;
use crate::table::{self, assert_near, assert_relative};

#[test]
fn intervals_and_probabilities_above_a_cut_agree_with_scipy() {
    for row in table::read("estimate.csv") {
        let estimate = Estimate { mean: row.number("mean"), standard_error: row.number("standard_error") };
        let interval = estimate.interval(row.number("coverage"));
        assert_near(interval.lower, row.number("lower"), 1e-12);
        assert_near(interval.upper, row.number("upper"), 1e-12);
        let above = estimate.probability_at_least(row.number("cut"));
        // Far in the tail the distance in standard errors is rounded once, which its square magnifies.
        let distance = (estimate.mean - row.number("cut")) / estimate.standard_error;
        assert_relative(above, row.number("probability_at_least"), 1e-15 * (4.0 + distance * distance));
    }
}

#[test]
fn a_predicted_probability_agrees_with_integration_in_r() {
    for row in table::read("predicted_probability.csv") {
        let item = Item::new(row.number("a"), row.number("b"), row.number("c")).unwrap();
        let ability = Estimate { mean: row.number("mean"), standard_error: row.number("error") };
        assert_near(predicted_probability(&item, &ability), row.number("probability"), 1e-8);
    }
}

#[test]
fn without_uncertainty_the_cut_alone_decides() {
    let sure = Estimate { mean: 0.4, standard_error: 0.0 };
    assert_eq!([0.3, 0.4, 0.5].map(|cut| sure.probability_at_least(cut)), [1.0, 1.0, 0.0]);
    assert!(sure.probability_at_least(f64::NAN).is_nan());
}

#[test]
fn an_interval_of_everything_is_the_whole_line_and_an_impossible_coverage_is_no_interval() {
    let estimate = Estimate { mean: 0.4, standard_error: 0.3 };
    let everything = estimate.interval(1.0);
    assert_eq!((everything.lower, everything.upper), (f64::NEG_INFINITY, f64::INFINITY));
    let nothing = estimate.interval(0.0);
    assert_eq!((nothing.lower, nothing.upper), (0.4, 0.4));
    assert!([-0.1, 1.1, f64::NAN].iter().all(|&coverage| estimate.interval(coverage).lower.is_nan()));
}

/// A case of `reference/posterior.py`.
struct Case<const D: usize> {
    prior: Prior<D>,
    answers: Vec<Answer>,
}

fn square<const D: usize>(name: &str, table: &str, method: Option<&str>) -> (Posterior<D>, f64) {
    let mut result = Posterior { mean: [0.0; D], covariance: [[0.0; D]; D] };
    let mut sampling_error = 0.0;
    for row in table::read(table) {
        if row.text("case") != name || method.is_some_and(|method| row.text("method") != method) {
            continue;
        }
        let (line, value) = (row.count("row"), row.number("value"));
        if method.is_some() {
            sampling_error = row.number("sampling_error");
        }
        match row.text("column") {
            "-1" => result.mean[line] = value,
            column => result.covariance[line][column.parse::<usize>().unwrap()] = value,
        }
    }
    (result, sampling_error)
}

fn case<const D: usize>(name: &str) -> Case<D> {
    let (prior, _) = square::<D>(name, "posterior_priors.csv", None);
    let answer = |row: table::Row| Answer {
        item: Item::new(row.number("a"), row.number("b"), row.number("c")).unwrap(),
        dimension: row.count("dimension"),
        correct: row.count("correct") == 1,
    };
    let rows = table::read("posterior_answers.csv");
    let answers = rows.into_iter().filter(|row| row.text("case") == name).map(answer).collect();
    Case { prior: Prior::new(prior.mean, prior.covariance).unwrap(), answers }
}

/// Largest distance of two posteriors: means in standard deviations, covariances as correlations.
fn distance<const D: usize>(one: &Posterior<D>, other: &Posterior<D>) -> f64 {
    let deviation = |dimension: usize| other.covariance[dimension][dimension].sqrt();
    let mut largest = 0.0_f64;
    for row in 0..D {
        largest = largest.max((one.mean[row] - other.mean[row]).abs() / deviation(row));
        for column in 0..D {
            let difference = one.covariance[row][column] - other.covariance[row][column];
            largest = largest.max(difference.abs() / (deviation(row) * deviation(column)));
        }
    }
    largest
}

/// The accuracy stated for D > 1: means to 0.005 standard deviations, standard deviations of the dimensions and of
/// their mean to 1 %, both beyond the sampling error of the reference.
fn check<const D: usize>(name: &str) {
    let Case { prior, answers } = case::<D>(name);
    let ours = posterior(&prior, &answers).unwrap();
    let (fixed_point, _) = square::<D>(name, "posterior_moments.csv", Some("propagation"));
    let away = distance(&ours, &fixed_point);
    assert!(away < 1e-9, "{name}: {away} from the fixed point found by another program");

    let (exact, sampling_error) = square::<D>(name, "posterior_moments.csv", Some("exact"));
    let equal = [1.0 / D as f64; D];
    let views = |posterior: &Posterior<D>| -> Vec<Estimate> {
        (0..D).filter_map(|d| posterior.dimension(d)).chain([posterior.composite(&equal)]).collect()
    };
    for (ours, exact) in views(&ours).iter().zip(views(&exact)) {
        assert_near((ours.mean - exact.mean) / exact.standard_error, 0.0, 0.005 + 4.0 * sampling_error);
        assert_near(ours.standard_error / exact.standard_error, 1.0, 0.01 + 4.0 * sampling_error);
    }
}

#[test]
fn one_dimension_is_exact() {
    for name in ["one_right_above_a_floor", "one_dimension", "one_dimension_long"] {
        let Case { prior, answers } = case::<1>(name);
        let (exact, _) = square::<1>(name, "posterior_moments.csv", Some("exact"));
        assert!(distance(&posterior(&prior, &answers).unwrap(), &exact) < 1e-10, "{name}");
    }
}

#[test]
fn two_and_three_dimensions_agree_with_dense_quadrature() {
    for name in ["two_short", "two_dimensions", "two_all_right", "two_all_wrong"] {
        check::<2>(name);
    }
    for name in ["three_short", "three_dimensions", "three_negative", "three_close"] {
        check::<3>(name);
    }
}

#[test]
fn five_dimensions_agree_with_importance_sampling_of_four_million_draws() {
    for name in ["five_short", "five_dimensions", "five_long", "five_all_right"] {
        check::<5>(name);
    }
}

#[test]
fn our_importance_sampling_agrees_with_dense_quadrature() {
    let Case { prior, answers } = case::<2>("two_dimensions");
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    let sampled = importance_sampling::posterior(&prior, &answers, 400_000, &mut rng).unwrap().unwrap();
    let (exact, _) = square::<2>("two_dimensions", "posterior_moments.csv", Some("exact"));
    let away = distance(&sampled.posterior, &exact);
    assert!(away < 4.0 / sampled.effective_size.sqrt(), "{away}, effective size {}", sampled.effective_size);
}

#[test]
fn importance_sampling_without_a_draw_says_so() {
    let prior = Prior::new([0.0], [[1.0]]).unwrap();
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    assert_eq!(importance_sampling::posterior(&prior, &[], 0, &mut rng), Ok(None));
}

#[test]
fn a_right_answer_far_above_can_leave_one_less_sure_because_it_may_be_a_guess() {
    let prior = Prior::new([0.0], [[1.0]]).unwrap();
    let item = Item::new(2.5, 2.0, 0.2).unwrap();
    let after = posterior(&prior, &[Answer { item, dimension: 0, correct: true }]).unwrap();
    assert!(after.covariance[0][0] > 1.0, "{after:?}");
}

#[test]
fn a_dimension_that_does_not_exist_is_refused_and_changes_nothing() {
    let prior = Prior::new([0.0, 0.0], [[1.0, 0.5], [0.5, 1.0]]).unwrap();
    let item = Item::new(1.0, 0.0, 0.0).unwrap();
    let mut person = ExpectationPropagation::new(&prior);
    let refused = Err(DimensionError { dimension: 2, dimensions: 2 });
    assert_eq!(person.update(&item, 2, true), refused);
    assert_eq!(person.posterior(), &prior.posterior());
    assert_eq!(posterior(&prior, &[Answer { item, dimension: 2, correct: true }]).err(), refused.err());
}

#[test]
fn a_mean_or_covariance_that_is_no_distribution_is_refused() {
    assert_eq!(Prior::<0>::new([], []), Err(PriorError::NoDimension));
    assert!(matches!(Prior::new([f64::NAN], [[1.0]]), Err(PriorError::Mean { dimension: 0, .. })));
    let asymmetric = Prior::new([0.0; 2], [[1.0, 0.5], [0.4, 1.0]]);
    assert_eq!(asymmetric, Err(PriorError::Asymmetric { row: 0, column: 1, above: 0.5, below: 0.4 }));
    let negative = Prior::new([0.0], [[-1.0]]);
    assert_eq!(negative, Err(PriorError::NotPositiveDefinite { dimension: 0 }));
}

#[test]
fn draws_from_the_prior_have_its_mean_and_covariance() {
    let prior = Prior::new([0.5, -0.2], [[1.0, 0.6], [0.6, 2.0]]).unwrap();
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let draws: Vec<[f64; 2]> = (0..100_000).map(|_| prior.draw(&mut rng)).collect();
    let mean = |value: &dyn Fn(&[f64; 2]) -> f64| draws.iter().map(value).sum::<f64>() / 1e5;
    assert_near(mean(&|draw| draw[0]), 0.5, 0.015);
    assert_near(mean(&|draw| draw[1]), -0.2, 0.02);
    assert_near(mean(&|draw| (draw[0] - 0.5) * (draw[1] + 0.2)), 0.6, 0.03);
    assert_near(mean(&|draw| (draw[1] + 0.2) * (draw[1] + 0.2)), 2.0, 0.04);
}

fn one_by_one<const D: usize>(prior: &Prior<D>, answers: &[Answer]) -> Posterior<D> {
    let mut person = ExpectationPropagation::new(prior);
    for answer in answers {
        let end = person.update(&answer.item, answer.dimension, answer.correct).unwrap();
        assert!(end.is_complete(), "{end:?} on {answers:?}");
    }
    person.posterior().clone()
}

proptest! {
    #[test]
    fn a_predicted_probability_lies_between_chance_and_certainty_and_rises_with_ability(
        a in 0.3..3.0, b in -3.0..3.0, c in 0.0..0.5, mean in -3.0..3.0, standard_error in 0.0..1.5,
    ) {
        let item = Item::new(a, b, c).unwrap();
        let at = |mean| predicted_probability(&item, &Estimate { mean, standard_error });
        prop_assert!(c <= at(mean) && at(mean) < at(mean + 0.1) && at(mean) <= 1.0);
    }

    #[test]
    fn answers_one_by_one_give_what_all_at_once_give(
        prior in strategies::prior::<5>(), answers in strategies::answers::<5>(40),
    ) {
        let at_once = posterior(&prior, &answers).unwrap();
        prop_assert!(distance(&one_by_one(&prior, &answers), &at_once) < 1e-8);
    }

    #[test]
    fn answers_that_fit_no_ability_still_end_at_a_proper_distribution(
        correlation in 0.7..0.97, variance in 0.5..4.0,
        answers in proptest::collection::vec((0.2..10.0, -4.0..4.0, 0.0..0.6, 0_usize..5, any::<bool>()), 1..20),
    ) {
        let covariance = core::array::from_fn(|row: usize| {
            core::array::from_fn(|column: usize| if row == column { variance } else { correlation * variance })
        });
        let mut person = ExpectationPropagation::new(&Prior::<5>::new([0.0; 5], covariance).unwrap());
        for (discrimination, difficulty, lower, dimension, correct) in answers {
            let item = Item::new(discrimination, difficulty, lower).unwrap();
            let end = person.update(&item, dimension, correct).unwrap();
            prop_assert!(end.skipped == 0 && end.change < 1e-3, "{:?}", end);
        }
        let after = person.posterior();
        prop_assert!(Prior::new(after.mean, after.covariance).is_ok(), "{:?}", after);
    }

    #[test]
    fn the_order_of_answers_does_not_matter(
        prior in strategies::prior::<3>(), answers in strategies::answers::<3>(20), turn in 0_usize..20,
    ) {
        let mut turned = answers.clone();
        turned.rotate_left(turn.min(answers.len()));
        turned.reverse();
        prop_assert!(distance(&one_by_one(&prior, &answers), &one_by_one(&prior, &turned)) < 1e-8);
    }

    #[test]
    fn the_covariance_stays_symmetric_and_positive_definite(
        prior in strategies::prior::<5>(), answers in strategies::answers::<5>(40),
    ) {
        let after = posterior(&prior, &answers).unwrap();
        prop_assert!(Prior::new(after.mean, after.covariance).is_ok(), "{after:?}");
    }

    #[test]
    fn a_right_answer_never_lowers_and_a_wrong_one_never_raises_the_ability(
        prior in strategies::prior::<3>(), answers in strategies::answers::<3>(12),
        item in strategies::item(), dimension in 0_usize..3,
    ) {
        let mut person = ExpectationPropagation::new(&prior);
        for answer in &answers {
            person.update(&answer.item, answer.dimension, answer.correct).unwrap();
        }
        let before = person.posterior().mean[dimension];
        let mut wrong = person.clone();
        person.update(&item, dimension, true).unwrap();
        wrong.update(&item, dimension, false).unwrap();
        prop_assert!(wrong.posterior().mean[dimension] < before && before < person.posterior().mean[dimension]);
    }

    #[test]
    fn nothing_answered_leaves_the_prior(prior in strategies::prior::<4>()) {
        prop_assert_eq!(posterior(&prior, &[]).unwrap(), prior.posterior());
    }

    #[test]
    fn shifting_prior_and_items_shifts_the_ability(
        prior in strategies::prior::<2>(), answers in strategies::answers::<2>(12), shift in -3.0..3.0,
    ) {
        let moved_prior = Prior::new(prior.mean().map(|mean| mean + shift), *prior.covariance()).unwrap();
        let moved_answers: Vec<Answer> = answers.iter().map(|answer| Answer {
            item: Item::new(answer.item.discrimination(), answer.item.difficulty() + shift, answer.item.lower()).unwrap(),
            ..*answer
        }).collect();
        let mut moved = posterior(&moved_prior, &moved_answers).unwrap();
        moved.mean = moved.mean.map(|mean| mean - shift);
        prop_assert!(distance(&moved, &posterior(&prior, &answers).unwrap()) < 1e-9);
    }
}

#[test]
fn a_score_is_the_same_to_the_last_bit_on_every_machine() {
    let Case { prior, answers } = case::<5>("five_dimensions");
    let after = posterior(&prior, &answers).unwrap();
    let bits = after.mean.map(f64::to_bits);
    let expected = [
        0xbfd5_229e_6dd2_1bb0,
        0xbfcc_cbf2_b9af_04a9,
        0xbfd5_776a_afbb_431c,
        0xbfd4_298a_53ee_5e0a,
        0x3fc5_e79f_7856_3fdb,
    ];
    assert_eq!(bits, expected);
}
