//! Five areas: the population behind them, partial credit, uncertain items, classes, subscores.

use melek_irt::ability::population::{Free, PopulationError, estimate};
use melek_irt::ability::{
    BankSpread, CategoryError, DimensionError, ExpectationPropagation, ItemErrors, ItemErrorsError, Posterior, Prior,
    UncertainItem,
};
use melek_irt::decision::{Competence, LevelSum, LevelSumError};
use melek_irt::model::{Form, Item, ResponseFunction};
use melek_irt::scoring::{Subscore, SubscoreError, subscores};
use proptest::prelude::*;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use crate::strategies;
use crate::table::{self, assert_near};

fn standard<const D: usize>(correlation: f64) -> Prior<D> {
    let element = |row, column| if row == column { 1.0 } else { correlation };
    Prior::new([0.0; D], core::array::from_fn(|row| core::array::from_fn(|column| element(row, column)))).unwrap()
}

/// Estimates the population of a case of `reference/areas.py` and compares it.
fn check_population<const D: usize>(case: &str, tolerance: f64) {
    let rows = table::read("population_answers.csv");
    let of_case = |row: &&table::Row| row.text("case") == case;
    let count = rows.iter().filter(of_case).map(|row| row.count("person")).max().unwrap() + 1;
    let mut people = vec![ExpectationPropagation::new(&standard::<D>(0.3)); count];
    for row in rows.iter().filter(of_case) {
        let item = Item::new(row.number("a"), row.number("b"), 0.0).unwrap();
        people[row.count("person")].update(&item, row.count("dimension"), row.count("correct") == 1).unwrap();
    }
    let expected = table::read("population.csv");
    let expected = || expected.iter().filter(of_case);
    let free = match expected().next().unwrap().text("free") {
        "correlations" => Free::Correlations,
        "covariance" => Free::Covariance,
        _ => Free::MeanAndCovariance,
    };
    let population = estimate(people, free).unwrap();
    for row in expected() {
        let line = row.count("row");
        let ours = match row.text("column") {
            "-1" => population.prior.mean()[line],
            column => population.prior.covariance()[line][column.parse::<usize>().unwrap()],
        };
        assert_near(ours, row.number("value"), tolerance);
    }
}

#[test]
fn a_population_of_one_dimension_is_the_maximum_of_the_marginal_likelihood() {
    check_population::<1>("one_free", 1e-5);
    check_population::<1>("one_covariance", 1e-5);
}

#[test]
fn a_population_of_more_dimensions_is_near_the_maximum_of_the_marginal_likelihood() {
    check_population::<2>("two_correlations", 0.005);
    check_population::<2>("two_free", 0.005);
    check_population::<3>("three_correlations", 0.005);
}

/// People of a population with answers to `items` items of each dimension.
fn simulated<const D: usize>(
    truth: &Prior<D>,
    start: &Prior<D>,
    (count, items): (usize, usize),
    seed: u64,
) -> Vec<ExpectationPropagation<D>> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut unit = move || (rng.next_u64() >> 11) as f64 / 9_007_199_254_740_992.0;
    let mut draws = ChaCha8Rng::seed_from_u64(seed + 1);
    let person = |_| {
        let ability = truth.draw(&mut draws);
        let mut person = ExpectationPropagation::new(start);
        for (dimension, ability) in ability.iter().enumerate() {
            for _ in 0..items {
                let item = Item::new(0.8 + unit(), 3.0 * unit() - 1.5, 0.0).unwrap();
                person.update(&item, dimension, unit() < item.probability(*ability)).unwrap();
            }
        }
        person
    };
    (0..count).map(person).collect()
}

#[test]
fn correlations_of_simulated_people_are_found() {
    let truth = Prior::new([0.0; 3], [[1.0, 0.8, 0.3], [0.8, 1.0, 0.5], [0.3, 0.5, 1.0]]).unwrap();
    let population = estimate(simulated(&truth, &standard(0.0), (2_000, 8), 1), Free::Correlations).unwrap();
    for (found, true_) in population.prior.covariance().iter().flatten().zip(truth.covariance().iter().flatten()) {
        assert_near(*found, *true_, 0.07); // four standard errors, about .017 each
    }
    assert_eq!(*population.prior.mean(), [0.0; 3]);
    assert!((0..3).all(|d| population.prior.covariance()[d][d] == 1.0));
}

#[test]
fn mean_and_variances_of_another_group_are_found() {
    let truth = Prior::new([-0.6, 0.4], [[1.4, 0.7], [0.7, 0.8]]).unwrap();
    let population = estimate(simulated(&truth, &standard(0.5), (2_000, 8), 3), Free::MeanAndCovariance).unwrap();
    for (found, true_) in population.prior.mean().iter().zip(truth.mean()) {
        assert_near(*found, *true_, 0.13);
    }
    for (found, true_) in population.prior.covariance().iter().flatten().zip(truth.covariance().iter().flatten()) {
        assert_near(*found, *true_, 0.25);
    }
}

#[test]
fn answers_from_which_no_population_can_be_told_are_refused() {
    let prior = standard::<2>(0.5);
    let item = Item::new(1.0, 0.0, 0.0).unwrap();
    let answered = |dimensions: &[usize]| {
        let mut person = ExpectationPropagation::new(&prior);
        for &dimension in dimensions {
            person.update(&item, dimension, dimension == 0).unwrap();
        }
        person
    };
    let refused = |people: Vec<_>| estimate::<2>(people, Free::Correlations).unwrap_err();
    assert_eq!(refused(vec![answered(&[0, 1])]), PopulationError::People);
    assert_eq!(refused(vec![answered(&[0]), answered(&[0])]), PopulationError::Unanswered(1));
    assert_eq!(refused(vec![answered(&[0]), answered(&[1])]), PopulationError::NeverTogether(0, 1));
    let other = ExpectationPropagation::new(&standard::<2>(0.1));
    assert_eq!(refused(vec![answered(&[0, 1]), other]), PopulationError::OtherPrior(1));
    let far = Prior::new([0.0], [[0.01]]).unwrap();
    let people = simulated(&Prior::new([3.0], [[0.2]]).unwrap(), &far, (50, 20), 1);
    assert!(matches!(estimate(people, Free::MeanAndCovariance), Err(PopulationError::Far { dimension: 0, .. })));
}

fn function(row: &table::Row) -> ResponseFunction {
    let own: Vec<f64> = row.text("own").split(';').map(|number| number.parse().unwrap()).collect();
    let form = match row.text("form") {
        "graded" => Form::Graded { intercepts: own },
        _ => Form::DivideByTotal { scoring: (1..=own.len()).map(|score| score as f64).collect(), intercepts: own },
    };
    ResponseFunction::new(vec![row.number("slope")], form).unwrap()
}

/// Compares with dense quadrature: means in standard deviations, standard deviations as fractions.
fn check_categories<const D: usize>(case: &str, correlation: f64, of_mean: f64, of_deviation: f64) {
    let mut person = ExpectationPropagation::new(&standard::<D>(correlation));
    for row in table::read("posterior_categories_answers.csv").iter().filter(|row| row.text("case") == case) {
        let end = person.update_category(&function(row), row.count("dimension"), row.count("category")).unwrap();
        assert!(end.is_complete());
    }
    let mut exact = Posterior { mean: [0.0; D], covariance: [[0.0; D]; D] };
    for row in table::read("posterior_categories.csv").iter().filter(|row| row.text("case") == case) {
        match row.text("column") {
            "-1" => exact.mean[row.count("row")] = row.number("value"),
            column => exact.covariance[row.count("row")][column.parse::<usize>().unwrap()] = row.number("value"),
        }
    }
    for dimension in 0..D {
        let ours = person.posterior().dimension(dimension).unwrap();
        let exact = exact.dimension(dimension).unwrap();
        assert_near((ours.mean - exact.mean) / exact.standard_error, 0.0, of_mean);
        assert_near(ours.standard_error / exact.standard_error, 1.0, of_deviation);
    }
}

#[test]
fn partial_credit_agrees_with_dense_quadrature() {
    check_categories::<1>("one", 0.0, 1e-9, 1e-9);
    check_categories::<2>("two", 0.7, 0.005, 0.01);
    check_categories::<3>("three", 0.7, 0.005, 0.01);
}

#[test]
fn a_category_that_cannot_be_scored_is_refused_and_changes_nothing() {
    let mut person = ExpectationPropagation::new(&standard::<2>(0.5));
    let item = ResponseFunction::two_parameter(1.0, 0.0).unwrap();
    let two = ResponseFunction::new(vec![1.0, 0.5], Form::Graded { intercepts: vec![0.0] }).unwrap();
    let dimension = CategoryError::Dimension(DimensionError { dimension: 2, dimensions: 2 });
    assert_eq!(person.update_category(&item, 2, 0), Err(dimension));
    assert_eq!(person.update_category(&item, 0, 2), Err(CategoryError::Category { category: 2, categories: 2 }));
    assert_eq!(person.update_category(&two, 0, 0), Err(CategoryError::Slopes(2)));
    assert_eq!(person.posterior(), &standard::<2>(0.5).posterior());
}

#[test]
fn an_uncertain_item_agrees_with_quadrature_over_both_parameters() {
    for row in table::read("uncertain_item.csv") {
        let item = Item::new(row.number("a"), row.number("b"), row.number("c")).unwrap();
        let errors = ItemErrors::new(row.number("log_error"), row.number("error"), row.number("correlation")).unwrap();
        let right = UncertainItem::new(item, errors).likelihood(row.number("theta"), true);
        let tolerance = if row.number("log_error") < 0.15 { 0.002 } else { 0.011 };
        assert_near(right, row.number("right"), tolerance);
    }
}

#[test]
fn an_item_within_its_bank_is_the_conjugate_posterior() {
    for row in table::read("uncertain_item_within.csv") {
        let item = Item::new(row.number("a"), row.number("b"), 0.0).unwrap();
        let errors = |log: &str, error: &str, correlation: &str| {
            ItemErrors::new(row.number(log), row.number(error), row.number(correlation)).unwrap()
        };
        let bank = BankSpread {
            log_discrimination: [row.number("log_mean"), row.number("log_spread")],
            difficulty: [row.number("mean"), row.number("spread")],
        };
        let within = UncertainItem::within(item, errors("log_error", "error", "correlation"), &bank).unwrap();
        assert_near(within.item().discrimination(), row.number("a_within"), 1e-12);
        assert_near(within.item().difficulty(), row.number("b_within"), 1e-12);
        let expected =
            UncertainItem::new(*within.item(), errors("log_error_within", "error_within", "correlation_within"));
        assert_near(within.likelihood(1.7, true), expected.likelihood(1.7, true), 1e-12);
    }
}

#[test]
fn the_spread_of_a_bank_is_what_its_estimates_vary_beyond_their_errors() {
    let items: Vec<Item> = [0.5, 1.0, 2.0].map(|a| Item::new(a, a, 0.0).unwrap()).to_vec();
    let log_two = 2.0_f64.ln();
    let errors = vec![ItemErrors::new(0.5 * log_two, 0.0, 0.0).unwrap(); 3];
    let spread = BankSpread::estimate(&items, &errors).unwrap();
    assert_near(spread.log_discrimination[0], 0.0, 1e-15);
    assert_near(spread.log_discrimination[1], (0.75_f64).sqrt() * log_two, 1e-15);
    let large = vec![ItemErrors::new(5.0, 5.0, 0.0).unwrap(); 3];
    assert_eq!(BankSpread::estimate(&items, &large).unwrap().difficulty[1], 0.0);
    assert_eq!(BankSpread::estimate(&items[..2], &errors[..2]), Err(ItemErrorsError::FewItems(2)));
    assert_eq!(BankSpread::estimate(&items, &errors[..2]), Err(ItemErrorsError::Lengths { items: 3, errors: 2 }));
    assert_eq!(ItemErrors::new(-0.1, 0.1, 0.0), Err(ItemErrorsError::StandardError(-0.1)));
    assert_eq!(ItemErrors::new(0.1, 0.1, 1.5), Err(ItemErrorsError::Correlation(1.5)));
}

/// Six competences as in `reference/areas.py`.
fn competences() -> Vec<Competence> {
    let mut competences: Vec<Competence> =
        (0..4).map(|dimension| Competence { dimension, cuts: vec![-1.0, 0.0, 1.0] }).collect();
    competences.push(Competence { dimension: 4, cuts: vec![-0.5, 0.6] });
    competences.push(Competence { dimension: 4, cuts: vec![0.2] });
    competences
}

#[test]
fn chances_of_classes_agree_with_four_million_draws() {
    for row in table::read("level_sum.csv") {
        let deviation: [f64; 5] = core::array::from_fn(|d| row.number(&format!("deviation{d}")));
        let correlation = |one, other| if one == other { 1.0 } else { row.number("correlation") };
        let covariance = core::array::from_fn(|one| {
            core::array::from_fn(|other| correlation(one, other) * (deviation[one] * deviation[other]))
        });
        let posterior = Posterior { mean: core::array::from_fn(|d| row.number(&format!("mean{d}"))), covariance };
        let cuts = vec![row.number("low"), row.number("high")];
        let sum = LevelSum::<5>::new(competences(), row.number("whole"), cuts).unwrap();
        for (class, chance) in sum.probabilities(&posterior).unwrap().into_iter().enumerate() {
            assert_near(chance, row.number(&format!("p{class}")), 0.0035);
        }
    }
}

#[test]
fn with_one_dimension_chances_of_classes_are_exact() {
    let competence = Competence { dimension: 0, cuts: vec![-0.4, 0.9] };
    let sum = LevelSum::<1>::new(vec![competence], 2.0, vec![50.0, 100.0]).unwrap();
    let posterior = Posterior { mean: [0.2], covariance: [[0.09]] };
    let above = |cut: f64| posterior.dimension(0).unwrap().probability_at_least(cut);
    let chances = sum.probabilities(&posterior).unwrap();
    for (chance, exact) in chances.iter().zip([1.0 - above(-0.4), above(-0.4) - above(0.9), above(0.9)]) {
        assert_near(*chance, exact, 1e-13);
    }
}

#[test]
fn shares_that_meet_a_cut_exactly_are_in_the_class_above() {
    let five = (0..5).map(|dimension| Competence { dimension, cuts: vec![-1.0, 0.0] }).collect();
    let sum = LevelSum::<5>::new(five, 10.0, vec![70.0, 80.0]).unwrap();
    let reached = |zeros: usize| core::array::from_fn(|d| if d < zeros { 0.0 } else { -0.5 });
    assert_eq!([1, 2, 3].map(|zeros| sum.share(&reached(zeros))), [60.0, 70.0, 80.0]);
    assert_eq!([1, 2, 3].map(|zeros| sum.class(&reached(zeros))), [0, 1, 2]);
}

#[test]
fn sums_of_levels_that_make_no_sense_are_refused() {
    let new = |competences, whole, cuts| LevelSum::<2>::new(competences, whole, cuts).unwrap_err();
    let one = |dimension, cuts| vec![Competence { dimension, cuts }];
    assert_eq!(new(vec![], 1.0, vec![]), LevelSumError::NoCompetence);
    let dimension = LevelSumError::Dimension { competence: 0, dimension: 2, dimensions: 2 };
    assert_eq!(new(one(2, vec![0.0]), 1.0, vec![]), dimension);
    let cut = LevelSumError::CutScore { competence: 0, cut: 0.0 };
    assert_eq!(new(one(0, vec![0.0, 0.0]), 1.0, vec![]), cut);
    assert_eq!(new(one(0, vec![0.0]), 0.0, vec![]), LevelSumError::Whole(0.0));
    assert_eq!(new(one(0, vec![0.0]), 1.0, vec![80.0, 68.0]), LevelSumError::ClassCut(68.0));
    let sum = LevelSum::<2>::new(one(0, vec![0.0]), 1.0, vec![50.0]).unwrap();
    let impossible = Posterior { mean: [0.0; 2], covariance: [[1.0, 2.0], [2.0, 1.0]] };
    assert_eq!(sum.probabilities(&impossible), Err(LevelSumError::Covariance(1)));
}

#[test]
fn values_of_subscores_agree_with_numpy_and_with_regressions_on_true_scores() {
    for case in ["exact", "people"] {
        let scores: Vec<Vec<f64>> = table::read("subscores_scores.csv")
            .iter()
            .filter(|row| row.text("case") == case)
            .map(|row| ["s0", "s1", "s2"].iter().map(|column| row.number(column)).collect())
            .collect();
        let rows = table::read("subscores.csv");
        let rows: Vec<&table::Row> = rows.iter().filter(|row| row.text("case") == case).collect();
        let reliabilities: Vec<f64> = rows.iter().map(|row| row.number("reliability")).collect();
        for (row, value) in rows.iter().zip(subscores(&scores, &reliabilities).unwrap()) {
            let Subscore { own, whole, both, true_correlation } = value;
            let ours = [own, whole, both, true_correlation];
            for (ours, column) in ours.into_iter().zip(["own", "whole", "both", "true_correlation"]) {
                assert_near(ours, row.number(column), 1e-12);
            }
            if case == "exact" {
                let columns = ["simulated_own", "simulated_whole", "simulated_both", "simulated_correlation"];
                for (ours, column) in ours.into_iter().zip(columns) {
                    assert_near(ours, row.number(column), 0.003);
                }
            }
            assert_eq!(value.adds_value(), own > whole);
        }
    }
}

#[test]
fn a_part_of_the_same_true_score_as_the_rest_adds_nothing() {
    // Two parts of one true score t, errors e: scores t ± e in all combinations, reliability ½.
    let signs = [-1.0, 1.0];
    let rows = signs.iter().flat_map(|t| signs.iter().flat_map(move |e| signs.map(|f| vec![t + e, t + f])));
    let rows: Vec<Vec<f64>> = rows.collect();
    let values = subscores(&rows, &[0.5, 0.5]).unwrap();
    assert_near(values[0].whole, 2.0 / 3.0, 1e-12);
    assert_near(values[0].both, 2.0 / 3.0, 1e-12);
    assert_near(values[0].true_correlation, 1.0, 1e-12);
    assert!(!values[0].adds_value());
}

#[test]
fn scores_from_which_no_value_can_be_told_are_refused() {
    let row = |scores: &[f64]| scores.to_vec();
    let fine = vec![row(&[1.0, 2.0]), row(&[2.0, 1.0]), row(&[3.0, 3.0])];
    assert_eq!(subscores(&fine, &[0.5]), Err(SubscoreError::Parts(1)));
    assert_eq!(subscores(&fine[..2], &[0.5, 0.5]), Err(SubscoreError::People(2)));
    let reliability = SubscoreError::Reliability { part: 1, reliability: 1.2 };
    assert_eq!(subscores(&fine, &[0.5, 1.2]), Err(reliability));
    let short = vec![fine[0].clone(), row(&[1.0]), fine[2].clone()];
    assert_eq!(subscores(&short, &[0.5, 0.5]), Err(SubscoreError::Scores { person: 1, scores: 1, parts: 2 }));
    let same = vec![row(&[1.0, 2.0]), row(&[1.0, 1.0]), row(&[1.0, 3.0])];
    assert_eq!(subscores(&same, &[0.5, 0.5]), Err(SubscoreError::Constant(0)));
}

proptest! {
    #[test]
    fn two_categories_give_what_right_and_wrong_give(
        prior in strategies::prior::<3>(), answers in strategies::answers::<3>(12),
    ) {
        let (mut one, mut other) = (ExpectationPropagation::new(&prior), ExpectationPropagation::new(&prior));
        for answer in answers {
            let form = Form::Logistic {
                intercept: -answer.item.discrimination() * answer.item.difficulty(),
                lower: answer.item.lower(),
                upper: 1.0,
            };
            let function = ResponseFunction::new(vec![answer.item.discrimination()], form).unwrap();
            one.update(&answer.item, answer.dimension, answer.correct).unwrap();
            other.update_category(&function, answer.dimension, usize::from(answer.correct)).unwrap();
        }
        for d in 0..3 {
            prop_assert!((one.posterior().mean[d] - other.posterior().mean[d]).abs() < 1e-8);
        }
    }

    #[test]
    fn errors_of_an_item_leave_a_probability_that_rises_with_ability(
        item in strategies::item(), log in 0.0..0.3, error in 0.0..0.3, correlation in -1.0..1.0, theta in -4.0..4.0,
    ) {
        let uncertain = UncertainItem::new(item, ItemErrors::new(log, error, correlation).unwrap());
        let right = uncertain.likelihood(theta, true);
        prop_assert!((0.0..=1.0).contains(&right));
        prop_assert!((right + uncertain.likelihood(theta, false) - 1.0).abs() < 1e-14);
        prop_assert!(uncertain.likelihood(theta + 0.1, true) > right);
        let sure = UncertainItem::new(item, ItemErrors::new(0.0, 0.0, 0.0).unwrap());
        prop_assert_eq!(sure.likelihood(theta, true), item.probability(theta));
    }

    #[test]
    fn errors_of_items_never_make_an_interval_shorter_for_a_person_who_answers_as_expected(
        difficulty in -2.0..2.0, discrimination in 0.5..2.5, correct in any::<bool>(),
    ) {
        let item = Item::new(discrimination, difficulty, 0.0).unwrap();
        let uncertain = UncertainItem::new(item, ItemErrors::new(0.12, 0.12, 0.0).unwrap());
        let (mut sure, mut unsure) = (ExpectationPropagation::new(&standard::<2>(0.7)), ExpectationPropagation::new(&standard::<2>(0.7)));
        for answer in [correct, !correct] {
            sure.update(&item, 0, answer).unwrap();
            unsure.update_uncertain(&uncertain, 0, answer).unwrap();
        }
        prop_assert!(unsure.posterior().covariance[0][0] >= sure.posterior().covariance[0][0]);
    }

    #[test]
    fn chances_of_classes_add_up_to_one_and_a_higher_mean_never_lowers_the_highest(
        prior in strategies::prior::<5>(), shift in 0.0..1.0,
    ) {
        let sum = LevelSum::<5>::new(competences(), 15.0, vec![68.0, 80.0]).unwrap();
        let mut posterior = prior.posterior();
        let before = sum.probabilities(&posterior).unwrap();
        posterior.mean = posterior.mean.map(|mean| mean + shift);
        let after = sum.probabilities(&posterior).unwrap();
        prop_assert!((before.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        prop_assert!(after[2] >= before[2] && after[0] <= before[0]);
    }

    #[test]
    fn both_scores_together_predict_at_least_as_well_as_either(
        rows in proptest::collection::vec(proptest::collection::vec(-3.0..3.0, 3), 5..30), reliability in 0.2..1.0,
    ) {
        for value in subscores(&rows, &[reliability; 3]).unwrap() {
            prop_assert!(value.both >= value.own - 1e-9 && value.both >= value.whole - 1e-9, "{:?}", value);
        }
    }
}
