use std::ops::ControlFlow;

use melek_irt::calibration::{ItemSpecification, Latent, Model, Options};
use melek_irt::fairness::Class;
use melek_irt::invariance::{
    Contrast, Design, EffectSize, InvarianceError, ItemTest, Outcome, Plan, Screening, Stage, Untested, effect_size,
    likelihood_ratio, noncentral_chi_square_above, wald,
};
use melek_irt::model::ResponseFunction;
use melek_irt::responses::Responses;
use proptest::prelude::*;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use crate::table::{self, assert_near, assert_relative};

type Rows = Vec<Vec<Option<u8>>>;

/// The simulated answers of a set, and everybody's group.
fn simulated(set: &str) -> (Responses, Vec<u16>) {
    let rows = table::read("invariance_answers.csv");
    let own: Vec<_> = rows.iter().filter(|row| row.text("set") == set).collect();
    let score = |cell: char| cell.to_digit(10).map(|score| score as u8);
    let cells: Rows = own.iter().map(|row| row.text("answers").chars().map(score).collect()).collect();
    let groups = own.iter().map(|row| row.count("group") as u16).collect();
    (Responses::from_rows(cells[0].len(), cells).unwrap(), groups)
}

fn model(set: &str) -> Model {
    if set == "two" { Model::TwoParameter } else { Model::Graded }
}

fn design<'a>(responses: &'a Responses, groups: Vec<u16>, model: Model) -> Design<'a> {
    Design::new(responses, vec![ItemSpecification::new(model); responses.items()], groups).unwrap()
}

fn go(_: &Stage) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// Exact calibrations on the grid of the reference.
fn exact() -> Options {
    let grid = Some(melek_irt::calibration::Grid::standard(1));
    Options { grid, tolerance: 1e-6, ..Options::default() }
}

fn tests(screening: &Screening) -> Vec<&ItemTest> {
    screening.outcomes.iter().filter_map(Outcome::test).collect()
}

#[test]
fn groups_calibrated_together_agree_with_a_direct_maximum() {
    for row in table::read("invariance_groups.csv") {
        let (responses, groups) = simulated(row.text("set"));
        let fit = design(&responses, groups, model(row.text("set"))).calibrate(&[], &exact()).unwrap();
        let latent = &fit.calibration.groups[row.count("group")].latent;
        assert_near(fit.calibration.log_likelihood, row.number("log_likelihood"), 1e-5);
        assert_near(latent.mean[0], row.number("mean"), 1e-4);
        assert_near(latent.covariance[0][0], row.number("variance"), 2e-4);
        assert!((0..responses.items()).all(|item| fit.columns(item).len() == 1));
    }
}

fn check(kind: &str, search: impl Fn(&Design<'_>, &Plan) -> Screening, tolerance: f64) {
    let expected = table::read("invariance_tests.csv");
    for (set, anchors) in [("two", vec![0, 1, 2]), ("three", vec![0, 1])] {
        let (responses, groups) = simulated(set);
        let design = design(&responses, groups, model(set));
        let anchors = if kind == "wald" { anchors } else { Vec::new() };
        let plan = Plan { anchors, calibration: exact(), ..Plan::default() };
        let found = search(&design, &plan);
        for row in expected.iter().filter(|row| row.text("set") == set && row.text("test") == kind) {
            let test = found.outcomes[row.count("item")].test().unwrap();
            assert_eq!((test.item, test.degrees), (row.count("item"), row.count("degrees")));
            assert!(test.converged && test.functions.len() == design.sizes().len());
            assert_near(test.statistic, row.number("statistic"), tolerance * (1.0 + row.number("statistic")));
            assert_near(test.probability, row.number("probability"), 10.0 * tolerance);
        }
    }
}

#[test]
fn likelihood_ratios_of_two_and_of_three_groups_agree_with_a_direct_maximum() {
    check("ratio", |design, plan| likelihood_ratio(design, plan, &mut go).unwrap(), 1e-4);
}

#[test]
fn walds_statistics_of_two_and_of_three_groups_agree_with_a_direct_maximum() {
    check("wald", |design, plan| wald(design, plan, &mut go).unwrap(), 1e-3);
}

#[test]
fn probabilities_above_a_point_agree_with_scipy() {
    for row in table::read("invariance_power.csv") {
        let noncentrality = row.number("noncentrality");
        let above = noncentral_chi_square_above(row.number("point"), row.count("degrees"), noncentrality);
        assert_near(above, row.number("above"), 1e-10);
    }
    assert_eq!(noncentral_chi_square_above(0.0, 2, 5.0), 1.0);
    assert!(noncentral_chi_square_above(1.0, 0, 5.0).is_nan() && noncentral_chi_square_above(1.0, 2, -1.0).is_nan());
}

#[test]
fn effect_sizes_agree_with_adaptive_quadrature() {
    for row in table::read("invariance_effects.csv") {
        let of = |slope, intercept| ResponseFunction::two_parameter(row.number(slope), row.number(intercept)).unwrap();
        let deviation = row.number("deviation");
        let ability = Latent {
            mean: vec![row.number("mean")],
            covariance: vec![vec![deviation * deviation]],
            ..Latent::standard(1)
        };
        let effect = effect_size(&of("slope", "intercept"), &of("focal_slope", "focal_intercept"), &ability).unwrap();
        assert_near(effect.signed, row.number("signed"), 1e-8);
        assert_near(effect.unsigned, row.number("unsigned"), 2e-4);
        assert_near(effect.standardised, row.number("standardised"), 1e-7);
    }
}

#[test]
fn power_is_the_significance_without_a_difference_and_grows_with_it() {
    let contrast = Contrast { difference: vec![0.3, -0.2], covariance: vec![vec![0.04, 0.01], vec![0.01, 0.09]] };
    assert_near(contrast.statistic().unwrap(), (0.09 * 0.09 + 2.0 * 0.3 * 0.2 * 0.01 + 0.04 * 0.04) / 0.0035, 1e-12);
    let powers: Vec<f64> = (0..5).map(|n| contrast.power(&[0.0, 0.3 * f64::from(n)], 0.05).unwrap()).collect();
    assert_near(powers[0], 0.05, 1e-10);
    assert!(powers.windows(2).all(|pair| pair[0] < pair[1]) && powers[4] > 0.9);
    assert_eq!(contrast.power(&[0.1], 0.05), None);
    assert_eq!(contrast.power(&[0.1, 0.1], 1.0), None);
}

/// A person's answers by the two-parameter model from raw words of a generator.

#[test]
fn the_power_of_a_test_is_that_of_its_contrast_with_all_intercepts_lower() {
    for (set, own) in [("two", vec![0.0, -0.5]), ("three", vec![0.0, -0.5, -0.5])] {
        let (responses, groups) = simulated(set);
        let design = design(&responses, groups, model(set));
        let found = likelihood_ratio(&design, &Plan::default(), &mut go).unwrap();
        let test = tests(&found)[0];
        let (contrast, focal) = (test.contrast.as_ref().unwrap(), test.functions.len() - 1);
        assert_eq!(contrast.difference.len(), focal * own.len());
        let expected = contrast.power(&own.repeat(focal), 0.05).unwrap();
        assert_near(test.power(0.5, 0.05).unwrap(), expected, 1e-12);
        assert_near(test.power(0.0, 0.05).unwrap(), 0.05, 1e-9);
        let powers: Vec<f64> = (0..5).map(|n| test.power(0.2 * f64::from(n), 0.05).unwrap()).collect();
        assert!(powers.is_sorted() && powers[4] <= 1.0);
    }
}

#[test]
fn a_difference_is_classed_by_its_size_unless_it_may_be_chance() {
    let effect = |standardised: f64| EffectSize { signed: standardised, unsigned: standardised.abs(), standardised };
    for (size, class) in [(0.19, Class::A), (-0.2, Class::B), (0.49, Class::B), (-0.5, Class::C), (f64::NAN, Class::A)]
    {
        assert_eq!(effect(size).class(true), class);
        assert_eq!(effect(size).class(false), Class::A);
    }
}

fn person(items: &[(f64, f64)], theta: f64, rng: &mut ChaCha8Rng) -> Vec<Option<u8>> {
    let uniform = |rng: &mut ChaCha8Rng| (rng.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
    let right = |(slope, intercept): &(f64, f64)| 1.0 / (1.0 + (-(slope * theta + intercept)).exp());
    items.iter().map(|item| Some(u8::from(uniform(rng) < right(item)))).collect()
}

/// `size` people of evenly spread ability around a mean.
fn people(items: &[(f64, f64)], (mean, size): (f64, usize), rng: &mut ChaCha8Rng) -> Rows {
    let place = |n: usize| mean + 4.0 * ((n as f64 + 0.5) / size as f64) - 2.0;
    (0..size).map(|n| person(items, place(n), rng)).collect()
}

const ITEMS: [(f64, f64); 8] =
    [(1.0, 0.0), (1.4, 0.5), (0.9, -0.6), (1.2, 0.9), (1.1, -0.3), (1.5, 0.2), (0.8, 0.7), (1.3, -0.8)];

#[test]
fn an_item_made_much_harder_for_one_group_is_found_and_leaves_the_anchors() {
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    let mut harder = ITEMS;
    harder[5].1 -= 1.6;
    let mut rows = people(&ITEMS, (0.0, 500), &mut rng);
    rows.extend(people(&harder, (0.5, 400), &mut rng));
    let responses = Responses::from_rows(8, rows).unwrap();
    let groups = (0..900).map(|person| u16::from(person >= 500)).collect();
    let design = design(&responses, groups, Model::TwoParameter);
    let plan = Plan { significance: 0.001, most_rounds: 8, ..Plan::default() };
    for found in [likelihood_ratio(&design, &plan, &mut go).unwrap(), wald(&design, &plan, &mut go).unwrap()] {
        assert_eq!((found.flagged(), found.settled), (vec![5], true));
        assert_eq!(found.anchors, [0, 1, 2, 3, 4, 6, 7]);
        assert_eq!((found.sizes.as_slice(), found.groups.len()), (&[500, 400][..], 2));
        assert!(found.rounds >= 2 && found.log_likelihood < 0.0);
        let test = found.outcomes[5].test().unwrap();
        assert!(test.effects[0].signed < -0.15 && test.adjusted < 0.001 && test.smallest_group == 400);
        assert_relative(test.effects[0].unsigned, -test.effects[0].signed, 0.02);
    }
}

#[test]
fn anchors_that_are_named_are_not_tested_without_purification() {
    let (responses, groups) = simulated("two");
    let design = design(&responses, groups, Model::TwoParameter);
    let plan = Plan { anchors: vec![0, 1, 2], ..Plan::default() };
    let found = likelihood_ratio(&design, &plan, &mut go).unwrap();
    assert_eq!(found.outcomes[..3], [const { Outcome::Untested(Untested::Anchor) }; 3]);
    assert_eq!((found.anchors.as_slice(), tests(&found).len()), (&[0, 1, 2][..], 3));
}

#[test]
fn an_item_of_which_a_group_used_one_category_only_is_not_tested_and_says_why() {
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let mut rows = people(&ITEMS[..4], (0.0, 120), &mut rng);
    rows.iter_mut().step_by(2).for_each(|row| row[2] = Some(1));
    let responses = Responses::from_rows(4, rows).unwrap();
    let groups = (0..120).map(|person| u16::from(person % 2 == 0)).collect();
    let design = design(&responses, groups, Model::Rasch);
    let found = wald(&design, &Plan::default(), &mut go).unwrap();
    assert_eq!(found.outcomes[2], Outcome::Untested(Untested::Categories { group: 1, categories: 1, of: 2 }));
    assert_eq!((tests(&found).len(), design.smallest_group(2)), (3, 60));
}

#[test]
fn what_cannot_be_compared_is_refused_by_name() {
    let responses = Responses::from_rows(2, [[Some(0), Some(1)], [Some(1), Some(0)], [Some(1), Some(1)]]).unwrap();
    let items = || vec![ItemSpecification::new(Model::Rasch); 2];
    let new = |items, groups: &[u16]| Design::new(&responses, items, groups.to_vec()).err();
    assert_eq!(new(items(), &[0, 0, 0]), Some(InvarianceError::OneGroup));
    assert_eq!(new(items(), &[0, 2, 2]), Some(InvarianceError::EmptyGroup { group: 1, last: 2 }));
    assert_eq!(new(items(), &[0, 1]), Some(InvarianceError::GroupCount { groups: 2, persons: 3 }));
    assert_eq!(new(vec![], &[0, 1, 1]), Some(InvarianceError::ItemCount { specified: 0, items: 2 }));
    let mut other = items();
    other[1].dimensions = vec![1];
    assert_eq!(new(other, &[0, 1, 1]), Some(InvarianceError::Dimension { item: 1 }));
    let design = Design::new(&responses, items(), vec![0, 1, 1]).unwrap();
    assert_eq!(design.calibrate(&[0, 1], &exact()).err(), Some(InvarianceError::NoAnchor));
    assert_eq!(design.calibrate(&[2], &exact()).err(), Some(InvarianceError::UnknownItem { item: 2, items: 2 }));
    let plan = Plan { significance: 0.0, ..Plan::default() };
    assert_eq!(wald(&design, &plan, &mut go).err(), Some(InvarianceError::Significance(0.0)));
    let item = ResponseFunction::two_parameter(1.0, 0.0).unwrap();
    let none = effect_size(&item, &item, &Latent::standard(2)).err();
    assert_eq!(none, Some(InvarianceError::Ability));
}

#[test]
fn a_search_can_be_stopped_before_an_item() {
    let (responses, groups) = simulated("two");
    let design = design(&responses, groups, Model::TwoParameter);
    let mut stop = |stage: &Stage| if stage.item == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
    let found = likelihood_ratio(&design, &Plan::default(), &mut stop).err();
    assert_eq!(found, Some(InvarianceError::Stopped { item: 2 }));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn groups_of_the_same_answers_do_not_differ(seed in any::<u64>()) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let half = people(&ITEMS[..5], (0.0, 200), &mut rng);
        let responses = Responses::from_rows(5, half.iter().chain(&half).cloned()).unwrap();
        let groups = (0..400).map(|person| u16::from(person >= 200)).collect();
        let design = design(&responses, groups, Model::TwoParameter);
        let plan = Plan { calibration: exact(), ..Plan::default() };
        for found in [likelihood_ratio(&design, &plan, &mut go).unwrap(), wald(&design, &plan, &mut go).unwrap()] {
            for test in tests(&found) {
                prop_assert!(test.statistic.abs() < 1e-4 && test.effects[0].unsigned < 1e-3, "{}", test.statistic);
            }
        }
    }

    #[test]
    fn exchanging_the_names_of_the_groups_leaves_the_likelihood_ratio(seed in any::<u64>()) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut rows = people(&ITEMS[..5], (0.0, 200), &mut rng);
        rows.extend(people(&ITEMS[..5], (0.4, 150), &mut rng));
        let responses = Responses::from_rows(5, rows).unwrap();
        let groups: Vec<u16> = (0..350).map(|person| u16::from(person >= 200)).collect();
        let turned = groups.iter().map(|group| 1 - group).collect();
        // A finer and wider grid: exchanging stretches the scale, and the nodes stay where they are.
        let grid = melek_irt::calibration::Grid { points: 161, lowest: -9.0, highest: 9.0 };
        let calibration = Options { grid: Some(grid), ..exact() };
        let plan = Plan { calibration, ..Plan::default() };
        let one = likelihood_ratio(&design(&responses, groups, Model::TwoParameter), &plan, &mut go).unwrap();
        let other = likelihood_ratio(&design(&responses, turned, Model::TwoParameter), &plan, &mut go).unwrap();
        for (one, other) in tests(&one).iter().zip(tests(&other)) {
            prop_assert!((one.statistic - other.statistic).abs() < 1e-3, "{} {}", one.statistic, other.statistic);
        }
    }
}
