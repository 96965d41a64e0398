//! Properties of times on random input, and what is refused.

use melek_irt::ability::Estimate;
use melek_irt::calibration::Grid;
use melek_irt::model::ResponseFunction;
use melek_irt::response_time::*;
use melek_irt::responses::Response;
use proptest::prelude::*;

use super::{Joint, mixed_items, population, scale, simulated};
use crate::table::assert_near;

/// Twenty to forty people, five items, a fifth of the cells empty; three full rows keep every item answered.
fn cells() -> impl Strategy<Value = Vec<Vec<Option<f64>>>> {
    let cell = |empty: u32| prop_oneof![4 => (1.0_f64..5.0).prop_map(|log| Some(log.exp())), empty => Just(None)];
    let full = proptest::collection::vec(proptest::collection::vec(cell(0), 5), 3);
    let sparse = proptest::collection::vec(proptest::collection::vec(cell(1), 5), 20..40);
    (full, sparse).prop_map(|(full, sparse)| [full, sparse].concat())
}

fn model_of(rows: &[Vec<Option<f64>>]) -> Option<LognormalModel> {
    calibrate_times(&Times::from_rows(5, rows).unwrap()).ok().map(|calibration| calibration.model)
}

fn assert_same(one: &LognormalModel, other: &LognormalModel, shift: f64) {
    for (a, b) in one.items().iter().zip(other.items()) {
        assert_near(b.intensity(), a.intensity() + shift, 1e-7);
        assert_near(b.discrimination(), a.discrimination(), 1e-7 * a.discrimination());
    }
    assert_near(one.speed_deviation(), other.speed_deviation(), 1e-7);
}

fn binary_answers(pattern: u32) -> Vec<Response> {
    (0..8).map(|item| Response { item, category: u8::from(pattern >> item & 1 == 1) }).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_order_of_people_changes_no_parameter(rows in cells(), by in 1_usize..20) {
        let mut turned = rows.clone();
        turned.rotate_left(by);
        if let (Some(one), Some(other)) = (model_of(&rows), model_of(&turned)) {
            assert_same(&one, &other, 0.0);
        }
    }

    #[test]
    fn a_slower_clock_shifts_every_intensity_by_its_logarithm(rows in cells(), factor in 0.1_f64..10.0) {
        let scaled: Vec<Vec<Option<f64>>> =
            rows.iter().map(|row| row.iter().map(|cell| cell.map(|seconds| factor * seconds)).collect()).collect();
        if let (Some(one), Some(other)) = (model_of(&rows), model_of(&scaled)) {
            assert_same(&one, &other, factor.ln());
        }
    }

    #[test]
    fn a_person_who_takes_a_multiple_of_every_time_is_slower_by_its_logarithm(
        seconds in proptest::collection::vec(1.0_f64..200.0, 2..12), factor in 0.1_f64..10.0,
    ) {
        let (model, _) = simulated(1, 1);
        let times = |by: f64| -> Vec<Time> {
            (0..).zip(&seconds).map(|(item, seconds)| Time::new(item, by * seconds).unwrap()).collect()
        };
        let of = |by: f64| speed_by_likelihood(&model, &times(by)).unwrap();
        prop_assert!((of(factor).mean - of(1.0).mean + factor.ln()).abs() < 1e-12);
        let fit = |by: f64| time_fit(&model, &times(by)).unwrap();
        prop_assert!((fit(factor).statistic - fit(1.0).statistic).abs() < 1e-9 * (1.0 + fit(1.0).statistic));
    }

    #[test]
    fn p_values_of_times_are_probabilities(seconds in proptest::collection::vec(1e-6_f64..1e6, 2..12)) {
        let (model, _) = simulated(1, 1);
        let times: Vec<Time> = (0..).zip(seconds).map(|(item, seconds)| Time::new(item, seconds).unwrap()).collect();
        prop_assert!((0.0..=1.0).contains(&time_fit(&model, &times).unwrap().p_value));
        let residuals = time_residuals(&model, &times).unwrap();
        prop_assert!(residuals.iter().all(|one| (0.0..=1.0).contains(&one.p_value)));
    }

    #[test]
    fn without_flags_the_effort_moderated_score_is_the_plain_one(
        categories in (0_u8..2, 0_u8..2, 0_u8..3, 0_u8..3),
    ) {
        let categories = [categories.0, categories.1, categories.2, categories.3];
        let answers: Vec<(Response, bool)> =
            (0..).zip(categories).map(|(item, category)| (Response { item, category }, false)).collect();
        let items = mixed_items();
        let score = effort_moderated(&scale(&items), &answers).unwrap();
        prop_assert_eq!(score.all_answers, score.effortful_answers);
        let flagged: Vec<(Response, bool)> = answers.iter().map(|(answer, _)| (*answer, true)).collect();
        let nothing_left = effort_moderated(&scale(&items), &flagged).unwrap().effortful_answers;
        prop_assert!((nothing_left.mean - 0.3).abs() < 1e-9 && (nothing_left.standard_error - 1.1).abs() < 1e-9);
    }

    #[test]
    fn without_correlation_times_say_nothing_about_ability(pattern in 0_u32..256, seconds in 0.1_f64..500.0) {
        let joint = Joint::read();
        let answers = binary_answers(pattern);
        let times: Vec<Time> = (0..8).map(|item| Time::new(item, seconds).unwrap()).collect();
        let with = Record { answers: &answers, times: &times };
        let of = |record: &Record| joint_posterior(&joint.model(), &population(0.0), record).unwrap();
        let (both, alone) = (of(&with), of(&Record { times: &[], ..with }));
        prop_assert!((both.ability.mean - alone.ability.mean).abs() < 1e-12);
        let speed = speed_posterior(&joint.times, &times).unwrap();
        prop_assert!((both.speed.mean - speed.mean).abs() < 1e-12 && both.correlation.abs() < 1e-12);
        let scale = AbilityScale {
            items: &joint.items,
            population: Estimate { mean: 0.0, standard_error: 1.0 },
            grid: joint.model().grid,
        };
        let flagless: Vec<(Response, bool)> = answers.iter().map(|answer| (*answer, false)).collect();
        let plain = effort_moderated(&scale, &flagless).unwrap().all_answers;
        prop_assert!((both.ability.mean - plain.mean).abs() < 1e-12);
    }

    #[test]
    fn a_mixture_is_at_least_as_likely_as_one_component_and_does_not_mind_the_order(
        logs in proptest::collection::vec(0.0_f64..6.0, 50..120), by in 1_usize..40,
    ) {
        let mut seconds: Vec<f64> = logs.iter().map(|log| log.exp()).collect();
        let mixture = lognormal_mixture(&seconds).unwrap();
        prop_assert!((0.0..=1.0).contains(&mixture.share) && mixture.rapid.mean <= mixture.effortful.mean);
        prop_assert!(mixture.advantage + 3.0 * (logs.len() as f64).ln() > -1e-3);
        seconds.rotate_left(by);
        prop_assert_eq!(lognormal_mixture(&seconds).unwrap(), mixture);
    }
}

#[test]
fn the_order_of_people_does_not_change_the_population() {
    let joint = Joint::read();
    let mut records = joint.records();
    let one = estimate_population(&joint.model(), &records).unwrap();
    records.reverse();
    let other = estimate_population(&joint.model(), &records).unwrap();
    assert_near(one.population.correlation, other.population.correlation, 1e-8);
    assert_near(one.correlation_error, other.correlation_error, 1e-8);
}

#[test]
fn a_time_of_nothing_or_below_is_refused_with_its_person_and_item() {
    for seconds in [0.0, -1.0, f64::INFINITY] {
        let source = TimeError::NotPositive { item: 1, seconds };
        assert_eq!(Time::new(1, seconds), Err(source));
        let rows = [[Some(3.0), Some(4.0)], [Some(2.0), Some(seconds)]];
        assert_eq!(Times::from_rows(2, rows), Err(TimesError::Time { person: 1, source }));
    }
    assert!(Time::new(1, f64::NAN).is_err());
    let kept = Time::new(1, 2.0).unwrap();
    assert_eq!((kept.item(), kept.seconds(), kept.logarithm()), (1, 2.0, 2.0_f64.ln()));
}

#[test]
fn times_that_fit_no_table_are_refused_by_name() {
    let nobody: [[Option<f64>; 1]; 0] = [];
    assert_eq!(Times::from_rows(0, nobody), Err(TimesError::Items(0)));
    let short = [[Some(1.0)]];
    assert_eq!(Times::from_rows(2, short), Err(TimesError::RowLength { person: 0, cells: 1, items: 2 }));
    assert_eq!(Times::new(2, [[(2, 1.0)]]), Err(TimesError::UnknownItem { person: 0, item: 2, items: 2 }));
    assert_eq!(Times::new(2, [[(1, 1.0), (1, 2.0)]]), Err(TimesError::Twice { person: 0, item: 1 }));
}

#[test]
fn times_without_information_give_an_error_and_no_parameters() {
    let of = |rows: &[[Option<f64>; 2]]| calibrate_times(&Times::from_rows(2, rows).unwrap());
    let unanswered = of(&[[Some(3.0), None], [Some(4.0), None]]);
    assert_eq!(unanswered, Err(LognormalCalibrationError::NoTimes { item: 1 }));
    let equal = of(&[[Some(3.0), Some(7.0)], [Some(4.0), Some(7.0)], [Some(9.0), Some(7.0)]]);
    assert!(matches!(equal, Err(LognormalCalibrationError::AllEqual { item: 1, times: 3, .. })));
    let single = of(&[[Some(3.0), None], [Some(4.0), None], [None, Some(2.0)], [None, Some(5.0)]]);
    assert_eq!(single, Err(LognormalCalibrationError::OneTimeEach));
    let copied = of(&[[Some(3.0), Some(6.0)], [Some(4.0), Some(8.0)], [Some(9.0), Some(18.0)]]);
    assert!(matches!(copied, Err(LognormalCalibrationError::Collapsed { .. })), "{copied:?}");
    let nobody: [[Option<f64>; 2]; 0] = [];
    assert_eq!(of(&nobody), Err(LognormalCalibrationError::NoTimes { item: 0 }));
}

#[test]
fn people_who_do_not_differ_in_speed_give_an_error_and_no_spread() {
    // Each person is slow on one item and fast on the other: speeds are less alike than chance, σ goes to 0.
    let rows = [[8.0, 20.0], [10.0, 16.0], [16.0, 10.0], [20.0, 8.0], [12.0, 13.0]];
    let times = Times::from_rows(2, rows.map(|row| row.map(Some))).unwrap();
    let found = calibrate_times(&times);
    assert!(matches!(found, Err(LognormalCalibrationError::NoSpread { .. })), "{found:?}");
}

#[test]
fn models_and_people_that_do_not_fit_together_are_refused() {
    let (model, times) = simulated(30, 3);
    assert!(matches!(LognormalItem::new(f64::NAN, 1.0), Err(LognormalParameterError::Intensity(_))));
    assert_eq!(LognormalItem::new(1.0, 0.0), Err(LognormalParameterError::Discrimination(0.0)));
    assert_eq!(LognormalModel::new(Vec::new(), 0.0), Err(LognormalParameterError::SpeedDeviation(0.0)));
    assert_eq!(LognormalItem::new(1e4, 1.0), Err(LognormalParameterError::Intensity(1e4)));
    let small = LognormalModel::new(model.items()[..3].to_vec(), 0.4).unwrap();
    let wrong = LognormalCalibrationError::Items { model: 3, times: 12 };
    assert_eq!(lognormal_errors(&times, &small), Err(wrong));
    let unknown = SpeedError::UnknownItem { item: 3, items: 3 };
    assert_eq!(speed_posterior(&small, times.of(0)), Err(unknown));
    assert_eq!(time_residuals(&small, times.of(0)).map(|_| ()), Err(unknown));
    assert_eq!(speed_by_likelihood(&model, &[]), Err(SpeedError::TooFew { times: 0, minimum: 1 }));
    assert_eq!(time_fit(&model, &times.of(0)[..1]), Err(SpeedError::TooFew { times: 1, minimum: 2 }));
}

#[test]
fn thresholds_that_cannot_be_set_are_refused_by_name() {
    assert_eq!(Thresholds::new(vec![1.0, -1.0]), Err(ThresholdError::Seconds { item: 1, seconds: -1.0 }));
    let times = Times::from_rows(2, [[Some(3.0), None], [Some(4.0), None]]).unwrap();
    assert_eq!(normative_thresholds(&times, 0.1), Err(ThresholdError::NoTimes { item: 1 }));
    assert_eq!(normative_thresholds(&times, 1.0), Err(ThresholdError::Share(1.0)));
    let few = ThresholdError::Mixture { item: 0, source: MixtureError::TooFew { times: 2 } };
    assert_eq!(mixture_thresholds(&times), Err(few));
    assert_eq!(lognormal_mixture(&[2.0; 50]), Err(MixtureError::AllEqual(2.0)));
    assert_eq!(lognormal_mixture(&[0.0; 50]), Err(MixtureError::NotPositive(0.0)));
    let one = Thresholds::new(vec![3.0]).unwrap();
    assert_eq!(response_time_effort(&[], &one), Err(ThresholdError::Empty));
    let unknown = ThresholdError::UnknownItem { item: 1, items: 1 };
    assert_eq!(one.is_rapid(&Time::new(1, 2.0).unwrap()), Err(unknown));
    assert_eq!(
        response_time_fidelity(&times, &Thresholds::new(vec![3.0; 2]).unwrap()),
        Err(ThresholdError::NoTimes { item: 1 })
    );
}

#[test]
fn answers_no_ability_gives_are_refused_with_what_is_wrong() {
    let items = mixed_items();
    let score = |item, category| effort_moderated(&scale(&items), &[(Response { item, category }, false)]);
    assert_eq!(score(4, 0), Err(AnswerError::UnknownItem { item: 4, items: 4 }));
    assert_eq!(score(2, 3), Err(AnswerError::UnknownCategory { item: 2, category: 3, categories: 3 }));
    let grid = Grid { points: 1, lowest: 0.0, highest: 1.0 };
    let bad = AnswerError::Grid { points: 1, lowest: 0.0, highest: 1.0 };
    assert_eq!(effort_moderated(&AbilityScale { grid, ..scale(&items) }, &[]), Err(bad.clone()));
    let fixed = AbilityScale { population: Estimate { mean: 0.0, standard_error: 0.0 }, ..scale(&items) };
    assert_eq!(effort_moderated(&fixed, &[]), Err(AnswerError::Population { mean: 0.0, deviation: 0.0 }));
    let joint = Joint::read();
    let empty = Record { answers: &[], times: &[] };
    let model = JointModel { grid, ..joint.model() };
    assert_eq!(joint_posterior(&model, &population(0.2), &empty), Err(JointError::Grid(bad)));
    let certain = JointError::Population { correlation: 1.0, ability: 1.0, speed: 0.4 };
    assert_eq!(joint_posterior(&joint.model(), &population(1.0), &empty), Err(certain));
    assert_eq!(estimate_population(&joint.model(), &[empty; 5]), Err(JointError::TooFew(0)));
    let two = [ResponseFunction::new(vec![1.0, 1.0], items[0].form().clone()).unwrap()];
    let found = effort_moderated(&scale(&two), &[(Response { item: 0, category: 0 }, false)]);
    assert_eq!(found, Err(AnswerError::Dimensions { item: 0, dimensions: 2 }));
}

#[test]
fn without_answers_and_times_the_population_is_left() {
    let joint = Joint::read();
    let posterior = joint_posterior(&joint.model(), &population(0.5), &Record { answers: &[], times: &[] }).unwrap();
    assert_near(posterior.ability.mean, 0.0, 1e-9);
    assert_near(posterior.ability.standard_error, 1.0, 1e-9);
    assert_near(posterior.speed.standard_error, 0.4, 1e-9);
    assert_near(posterior.correlation, 0.5, 1e-9);
}
