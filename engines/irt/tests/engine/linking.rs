use std::collections::BTreeMap;

use melek_irt::fairness::{AreaError, logistic_area};
use melek_irt::linking::{
    Anchor, Anchors, CovarianceError, Criterion, Cusum, CusumError, DriftLimit, FormSide, LARGEST_STABLE_Z, Link,
    LinkingError, Method, Observation, ParameterCovariance, Population, PopulationError, Purification, Reason,
    Transformation, average_run_length, haebara, mean_geometric_mean, mean_mean, mean_sigma, purify, robust_z,
    stocking_lord, weighted_difference,
};
use melek_irt::model::{Form, ResponseFunction};
use proptest::prelude::*;

use crate::table::{self, Row, assert_near, assert_relative};

fn function_of(model: &str, values: &[f64]) -> ResponseFunction {
    let own = values[1..].to_vec();
    let form = match model {
        "logistic" => Form::Logistic { intercept: own[0], lower: own[1], upper: own[2] },
        "graded" => Form::Graded { intercepts: own },
        _ => {
            let (scoring, intercepts) = own.split_at(own.len() / 2);
            Form::DivideByTotal { scoring: scoring.to_vec(), intercepts: intercepts.to_vec() }
        }
    };
    ResponseFunction::new(vec![values[0]], form).unwrap()
}

/// One calibration of a set of the tables: its items and the covariances of their parameters.
fn side_of(rows: &[&Row]) -> (Vec<ResponseFunction>, ParameterCovariance) {
    let mut items: BTreeMap<usize, (String, Vec<f64>)> = BTreeMap::new();
    for row in rows {
        let item = items.entry(row.count("anchor")).or_insert((row.text("model").to_owned(), Vec::new()));
        item.1.push(row.number("value"));
    }
    let cell = |row: usize, column: usize| {
        let common = rows[row].number("loading") * rows[column].number("loading");
        common + if row == column { rows[row].number("variance") } else { 0.0 }
    };
    let covariance = (0..rows.len()).map(|row| (0..rows.len()).map(|column| cell(row, column)).collect()).collect();
    let functions = items.values().map(|(model, values)| function_of(model, values)).collect();
    (functions, ParameterCovariance::new(covariance).unwrap())
}

/// The anchors of a set, with the covariances of the new and of the old calibration.
fn set_of(parameters: &[Row], set: &str) -> (Anchors, ParameterCovariance, ParameterCovariance) {
    let [(new, new_covariance), (old, old_covariance)] = ["new", "old"].map(|side| {
        let own = parameters.iter().filter(|row| row.text("set") == set && row.text("side") == side);
        side_of(&own.collect::<Vec<_>>())
    });
    let anchors = new.into_iter().zip(old).map(|(new, old)| Anchor { new, old }).collect();
    (Anchors::new(anchors).unwrap(), new_covariance, old_covariance)
}

fn standard() -> Population {
    Population::normal(0.0, 1.0, 30).unwrap()
}

fn one_sided() -> Criterion {
    Criterion { old: standard(), new: None }
}

fn method_of(name: &str) -> Method {
    let symmetric = || Criterion { old: standard(), new: Some(Population::normal(0.3, 0.9, 30).unwrap()) };
    match name {
        "mean_mean" => Method::MeanMean,
        "mean_sigma" => Method::MeanSigma,
        "mean_geometric_mean" => Method::MeanGeometricMean,
        "haebara" => Method::Haebara(one_sided()),
        "haebara_symmetric" => Method::Haebara(symmetric()),
        "stocking_lord" => Method::StockingLord(one_sided()),
        "stocking_lord_symmetric" => Method::StockingLord(symmetric()),
        other => panic!("no method {other}"),
    }
}

#[test]
fn constants_and_their_standard_errors_agree_with_scipy_and_numeric_derivatives() {
    let parameters = table::read("linking_parameters.csv");
    for row in table::read("linking.csv") {
        let (anchors, new, old) = set_of(&parameters, row.text("set"));
        let link = method_of(row.text("method")).link(&anchors).unwrap();
        let closed = row.text("method").starts_with("mean");
        let (constant, error) = if closed { (1e-12, 1e-9) } else { (1e-10, 1e-8) };
        assert_near(link.transformation.slope(), row.number("slope"), constant);
        assert_near(link.transformation.intercept(), row.number("intercept"), constant);
        let errors = link.errors(&new, &old).unwrap();
        assert_relative(errors.slope, row.number("slope_error"), error);
        assert_relative(errors.intercept, row.number("intercept_error"), error);
        assert_near(errors.covariance, row.number("covariance"), error * errors.slope * errors.intercept);
    }
}

#[test]
fn points_of_the_normal_distribution_agree_with_numpy() {
    let mut by_count: BTreeMap<usize, Vec<(f64, f64)>> = BTreeMap::new();
    for row in table::read("linking_nodes.csv") {
        by_count.entry(row.count("points")).or_default().push((row.number("ability"), row.number("weight")));
    }
    for (count, expected) in by_count {
        let population = Population::normal(0.0, 1.0, count).unwrap();
        for ((ability, weight), (expected_ability, expected_weight)) in population.points().iter().zip(expected) {
            assert_near(*ability, expected_ability, 1e-12);
            assert_near(*weight, expected_weight, 1e-12);
        }
    }
}

#[test]
fn evenly_spaced_points_have_the_moments_of_the_normal_distribution() {
    let population = Population::even(81, 8.0).unwrap();
    let moment = |power: i32| population.points().iter().map(|(x, weight)| weight * x.powi(power)).sum::<f64>();
    for (power, expected) in [(0, 1.0), (1, 0.0), (2, 1.0), (4, 3.0)] {
        assert_near(moment(power), expected, 1e-11);
    }
}

#[test]
fn areas_and_differences_between_curves_agree_with_quadrature() {
    for row in table::read("linking_area.csv") {
        let lower = row.number("lower");
        let item = |slope: &str, intercept: &str| {
            function_of("logistic", &[row.number(slope), row.number(intercept), lower, 1.0])
        };
        let (old, new) = (item("old_slope", "old_intercept"), item("new_slope", "new_intercept"));
        let area = logistic_area(&old, &new).unwrap();
        assert_near(area.signed, row.number("signed"), 1e-9);
        assert_near(area.unsigned, row.number("unsigned"), 1e-9);
        assert_near(weighted_difference(&old, &new, &standard()), row.number("difference"), 1e-12);
    }
}

/// Robust z of slope and location.
type Scores = (f64, f64);

fn drifting_sets() -> BTreeMap<usize, (Anchors, Vec<Scores>)> {
    let mut sets: BTreeMap<usize, (Vec<Anchor>, Vec<Scores>)> = BTreeMap::new();
    for row in table::read("linking_robust_z.csv") {
        let item = |slope: &str, intercept: &str| {
            ResponseFunction::two_parameter(row.number(slope), row.number(intercept)).unwrap()
        };
        let set = sets.entry(row.count("set")).or_default();
        set.0.push(Anchor { new: item("new_slope", "new_intercept"), old: item("old_slope", "old_intercept") });
        set.1.push((row.number("slope_z"), row.number("location_z")));
    }
    sets.into_iter().map(|(number, (anchors, z))| (number, (Anchors::new(anchors).unwrap(), z))).collect()
}

#[test]
fn robust_z_and_the_agreement_of_anchors_agree_with_numpy() {
    let agreements = table::read("linking_agreement.csv");
    for (number, (anchors, expected)) in drifting_sets() {
        let found = robust_z(&anchors, LARGEST_STABLE_Z).unwrap();
        for (anchor, (slope, location)) in expected.iter().enumerate() {
            assert_near(found.slope[anchor], *slope, 1e-10);
            assert_near(found.location[anchor], *location, 1e-10);
        }
        let row = &agreements[number];
        assert_near(found.transformation.slope(), row.number("slope"), 1e-12);
        assert_near(found.transformation.intercept(), row.number("intercept"), 1e-12);
        let (slopes, locations) = (found.slopes.unwrap(), found.locations.unwrap());
        assert_near(slopes.correlation, row.number("slope_correlation"), 1e-12);
        assert_near(slopes.deviation_ratio, row.number("slope_ratio"), 1e-12);
        assert_near(locations.correlation, row.number("correlation"), 1e-12);
        assert_near(locations.deviation_ratio, row.number("ratio"), 1e-12);
    }
}

#[test]
fn purification_takes_out_the_anchors_that_a_numpy_loop_takes_out_in_the_same_order() {
    let sets = drifting_sets();
    let rows = table::read("linking_purified.csv");
    for end in rows.iter().filter(|row| row.text("order") == "-1") {
        let limit = match end.text("statistic") {
            "robust_z" => DriftLimit::RobustZ(end.number("limit")),
            "unsigned_area" => DriftLimit::UnsignedArea(end.number("limit")),
            _ => DriftLimit::WeightedDifference { limit: end.number("limit"), population: standard() },
        };
        let same = |row: &&Row| row.text("set") == end.text("set") && row.text("statistic") == end.text("statistic");
        let expected: Vec<&Row> = rows.iter().filter(same).filter(|row| row.text("order") != "-1").collect();
        let rule = Purification { method: Method::MeanMean, limit, fewest: 8 };
        let found = purify(&sets[&end.count("set")].0, &rule).unwrap();
        assert_eq!((found.removed.len(), found.kept.len()), (expected.len(), end.count("anchor")));
        for (removal, row) in found.removed.iter().zip(expected) {
            let size = match removal.reason {
                Reason::SlopeZ { z, .. } | Reason::LocationZ { z, .. } => z.abs(),
                Reason::Area { area, .. } => area,
                Reason::Difference { difference, .. } => difference,
            };
            assert_eq!(removal.anchor, row.count("anchor"));
            assert_near(size, row.number("value"), 1e-9);
        }
        assert_near(found.link.transformation.slope(), end.number("value"), 1e-12);
    }
}

#[test]
fn purification_that_would_leave_too_few_anchors_stops_and_says_so() {
    let (anchors, _) = &drifting_sets()[&0];
    let limit = DriftLimit::UnsignedArea(0.3);
    let rule = Purification { method: Method::MeanMean, limit, fewest: anchors.count() - 1 };
    let found = purify(anchors, &rule).unwrap();
    assert_eq!((found.removed.len(), found.exhausted), (1, true));
}

#[test]
fn an_area_that_cannot_be_measured_names_the_anchor_among_all() {
    let (anchors, _) = &drifting_sets()[&0];
    let mut all = anchors.items().to_vec();
    let last = all.len() - 1;
    all[last].old = function_of("logistic", &[1.0, 0.0, 0.2, 1.0]);
    let limit = DriftLimit::UnsignedArea(0.3);
    let rule = Purification { method: Method::MeanMean, limit, fewest: 2 };
    let error = purify(&Anchors::new(all).unwrap(), &rule).unwrap_err();
    assert!(matches!(error, LinkingError::Area { anchor, source: AreaError::Asymptotes } if anchor == last));
}

#[test]
fn good_anchors_are_kept_as_a_whole_and_bad_ones_are_not() {
    let agreements = drifting_sets().into_values().map(|(anchors, _)| robust_z(&anchors, LARGEST_STABLE_Z).unwrap());
    for found in agreements {
        let sufficient = |agreement: melek_irt::linking::Agreement| agreement.is_sufficient();
        let locations = found.locations.unwrap();
        let expected = locations.correlation >= 0.95 && (0.9..=1.1).contains(&locations.deviation_ratio);
        assert_eq!(sufficient(locations), expected);
        assert!(!found.unstable(LARGEST_STABLE_Z).is_empty());
    }
}

#[test]
fn thresholds_of_a_polytomous_item_are_looked_at_one_by_one() {
    let item = |shift: f64, model: &str| match model {
        "graded" => function_of("graded", &[1.0, 1.0, -1.0 - shift]),
        _ => function_of("divide", &[1.0, 1.0, 2.0, 1.0, 0.2 - shift]),
    };
    for model in ["graded", "divide"] {
        let anchors = (0..6).map(|n| {
            let noise = 0.01 * f64::from(n);
            Anchor { new: item(0.0, model), old: item(if n == 4 { 0.9 } else { noise }, model) }
        });
        let found = robust_z(&Anchors::new(anchors.collect()).unwrap(), LARGEST_STABLE_Z).unwrap();
        assert!(found.location[4] > 20.0 && found.location[0].abs() < 2.0, "{:?}", found.location);
        assert_eq!((found.slope, found.slopes), (vec![0.0; 6], None));
    }
}

#[test]
fn cumulative_sums_agree_with_numpy_and_find_an_item_that_became_easier() {
    let rows = table::read("linking_cusum.csv");
    let chart = Cusum::new(function_of("divide", &[1.1, 1.0, 2.0, 0.4, -0.3]), 0.25, 6.0).unwrap();
    let observations: Vec<Observation> = rows
        .iter()
        .map(|row| Observation { ability: row.number("ability"), category: row.count("category") })
        .collect();
    let steps = chart.run(&observations).unwrap();
    for (step, row) in steps.iter().zip(&rows) {
        assert_near(step.residual, row.number("residual"), 1e-12);
        assert_near(step.upper, row.number("upper"), 1e-11);
        assert_near(step.lower, row.number("lower"), 1e-11);
        assert_eq!(step.signals, step.upper > 6.0 || step.lower < -6.0);
    }
}

#[test]
fn run_lengths_agree_with_a_markov_chain() {
    for row in table::read("linking_run_length.csv") {
        let length = average_run_length(row.number("reference"), row.number("limit"), row.number("shift"));
        assert_relative(length, row.number("length"), 0.06);
    }
}

#[test]
fn answers_and_settings_from_which_no_sums_follow_are_refused() {
    let item = ResponseFunction::two_parameter(1.0, 0.0).unwrap();
    let settings = |reference, limit| Cusum::new(item.clone(), reference, limit).err();
    assert_eq!(settings(-0.1, 4.0), Some(CusumError::Settings { reference: -0.1, limit: 4.0 }));
    assert_eq!(settings(0.5, 0.0), Some(CusumError::Settings { reference: 0.5, limit: 0.0 }));
    let chart = Cusum::new(item.clone(), 0.5, 4.0).unwrap();
    let run = |ability, category| chart.run(&[Observation { ability, category }]).err();
    assert_eq!(run(0.0, 2), Some(CusumError::Category { position: 0, category: 2, categories: 2 }));
    assert_eq!(run(-800.0, 1), Some(CusumError::NoVariance { position: 0, ability: -800.0 }));
    let two = ResponseFunction::new(vec![1.0, 1.0], item.form().clone()).unwrap();
    assert_eq!(Cusum::new(two, 0.5, 4.0).err(), Some(CusumError::Dimensions(2)));
}

fn pair(new: (f64, f64), old: (f64, f64)) -> Anchor {
    let item = |(slope, intercept)| ResponseFunction::two_parameter(slope, intercept).unwrap();
    Anchor { new: item(new), old: item(old) }
}

#[test]
fn fewer_than_two_anchors_link_nothing() {
    assert_eq!(Anchors::new(Vec::new()), Err(LinkingError::TooFewAnchors(0)));
    assert_eq!(Anchors::new(vec![pair((1.0, 0.0), (1.0, 0.0))]), Err(LinkingError::TooFewAnchors(1)));
}

#[test]
fn anchors_of_different_models_or_of_several_dimensions_are_named() {
    let good = pair((1.0, 0.0), (1.0, 0.1));
    let graded = function_of("graded", &[1.0, 0.5]);
    let unlike = Anchor { new: graded.clone(), ..good.clone() };
    assert_eq!(Anchors::new(vec![good.clone(), unlike]), Err(LinkingError::Unlike { anchor: 1 }));
    let longer = Anchor { new: graded.clone(), old: function_of("graded", &[1.0, 0.5, 0.0]) };
    assert_eq!(Anchors::new(vec![longer, good.clone()]), Err(LinkingError::Unlike { anchor: 0 }));
    let two = ResponseFunction::new(vec![1.0, 1.0], good.new.form().clone()).unwrap();
    let several = Anchor { new: two.clone(), ..good.clone() };
    assert_eq!(Anchors::new(vec![good.clone(), several]), Err(LinkingError::Dimensions { anchor: 1, slopes: 2 }));
    assert!(matches!(Transformation::IDENTITY.function(&two), Err(LinkingError::Dimensions { slopes: 2, .. })));
    let polytomous = Anchors::new(vec![good, Anchor { new: graded.clone(), old: graded }]).unwrap();
    assert_eq!(mean_mean(&polytomous).err(), Some(LinkingError::NotDichotomous { anchor: 1 }));
}

#[test]
fn slopes_and_spreads_that_set_no_unit_are_errors() {
    let anchors = |pairs: [Anchor; 2]| Anchors::new(pairs.to_vec()).unwrap();
    let falling = anchors([pair((-1.0, 0.0), (1.0, 0.0)), pair((0.5, 1.0), (1.0, 1.0))]);
    assert_eq!(mean_mean(&falling).err(), Some(LinkingError::SlopeMean { side: FormSide::New, mean: -0.25 }));
    let slope = Some(LinkingError::Slope { anchor: 0, side: FormSide::New, slope: -1.0 });
    assert_eq!(mean_geometric_mean(&falling).err(), slope);
    assert_eq!(robust_z(&falling, LARGEST_STABLE_Z).err(), slope);
    let flat = anchors([pair((1.0, 0.0), (0.0, 0.0)), pair((1.0, 1.0), (0.0, 1.0))]);
    assert_eq!(mean_sigma(&flat).err(), Some(LinkingError::Slope { anchor: 0, side: FormSide::Old, slope: 0.0 }));
    for method in [haebara, stocking_lord] {
        let expected = LinkingError::SlopeMean { side: FormSide::Old, mean: 0.0 };
        assert_eq!(method(&flat, &one_sided()).err(), Some(expected));
    }
    let equal = anchors([pair((1.0, 0.5), (1.0, 0.0)), pair((2.0, 1.0), (1.0, 1.0))]);
    assert_eq!(mean_sigma(&equal).err(), Some(LinkingError::NoSpread { side: FormSide::New }));
}

#[test]
fn a_single_point_of_ability_does_not_tell_unit_from_origin() {
    let anchors = Anchors::new(vec![pair((1.0, 0.5), (1.0, 0.0)), pair((1.0, -0.5), (1.2, -1.0))]).unwrap();
    let criterion = Criterion { old: Population::normal(0.0, 1.0, 1).unwrap(), new: None };
    assert!(matches!(stocking_lord(&anchors, &criterion), Err(LinkingError::NotConverged { .. })));
}

#[test]
fn numbers_that_are_no_covariance_matrix_are_refused_at_their_place() {
    let refused = |rows: &[&[f64]]| ParameterCovariance::new(rows.iter().map(|row| row.to_vec()).collect()).err();
    assert_eq!(refused(&[&[1.0, 0.0], &[0.0]]), Some(CovarianceError::NotSquare { row: 1, cells: 1, rows: 2 }));
    let infinite = f64::INFINITY;
    let not_finite = CovarianceError::NotFinite { row: 0, column: 1, value: infinite };
    assert_eq!(refused(&[&[1.0, infinite], &[infinite, 1.0]]), Some(not_finite));
    let not_symmetric = CovarianceError::NotSymmetric { row: 1, column: 0, difference: 0.5 };
    assert_eq!(refused(&[&[1.0, 0.5], &[0.0, 1.0]]), Some(not_symmetric));
    assert_eq!(refused(&[&[1.0, 2.0], &[2.0, 1.0]]), Some(CovarianceError::Indefinite { row: 1, pivot: -3.0 }));
    assert!(matches!(refused(&[&[-1.0]]), Some(CovarianceError::Indefinite { row: 0, .. })));
    assert!(matches!(refused(&[&[0.0, 0.1], &[0.1, 1.0]]), Some(CovarianceError::Indefinite { row: 0, .. })));
    assert_eq!(refused(&[&[1.0, 1.0, 0.0], &[1.0, 1.0, 0.0], &[0.0, 0.0, 0.0]]), None);
}

#[test]
fn covariances_of_other_parameters_are_refused() {
    let anchors = Anchors::new(vec![pair((1.0, 0.5), (1.0, 0.0)), pair((2.0, 1.0), (1.0, 1.0))]).unwrap();
    assert_eq!(anchors.parameters(), 8);
    let short = ParameterCovariance::new(vec![vec![1.0]]).unwrap();
    let error = mean_mean(&anchors).unwrap().errors(&short, &short).err();
    assert_eq!(error, Some(CovarianceError::Order { rows: 1, parameters: 8 }));
}

#[test]
fn points_that_make_no_distribution_are_refused() {
    assert_eq!(Population::normal(0.0, 1.0, 0), Err(PopulationError::Points(0)));
    assert_eq!(Population::normal(0.0, 1.0, 201), Err(PopulationError::Points(201)));
    assert_eq!(Population::normal(0.0, 0.0, 5), Err(PopulationError::Normal { mean: 0.0, deviation: 0.0 }));
    assert_eq!(Population::even(1, 4.0), Err(PopulationError::Points(1)));
    assert_eq!(Population::new(Vec::new()), Err(PopulationError::Points(0)));
    assert_eq!(Population::new(vec![(0.0, 0.0)]), Err(PopulationError::NoWeight));
    let point = PopulationError::Point { point: 1, ability: 0.0, weight: -1.0 };
    assert_eq!(Population::new(vec![(0.0, 1.0), (0.0, -1.0)]), Err(point));
}

fn functions() -> impl Strategy<Value = ResponseFunction> {
    let logistic = (0.4..2.5, -2.5..2.5, 0.0..0.3).prop_map(|(a, d, c)| function_of("logistic", &[a, d, c, 1.0]));
    let graded = (0.4..2.5, -2.0..2.0, 0.2..1.5, 0.2..1.5)
        .prop_map(|(a, d, first, second)| function_of("graded", &[a, d + first, d, d - second]));
    let divide = (0.4..2.0, -1.5..1.5, -1.5..1.5, 0.5..1.5)
        .prop_map(|(a, d, e, score)| function_of("divide", &[a, score, score + 1.0, d, e]));
    prop_oneof![logistic, graded, divide]
}

fn transformations() -> impl Strategy<Value = Transformation> {
    (0.6..1.7, -1.0..1.0).prop_map(|(slope, intercept)| Transformation::new(slope, intercept).unwrap())
}

fn assert_is(link: &Link, slope: f64, intercept: f64) -> Result<(), TestCaseError> {
    let found = link.transformation;
    prop_assert!((found.slope() - slope).abs() < 1e-7, "{found:?} is not {slope} {intercept}");
    prop_assert!((found.intercept() - intercept).abs() < 1e-7, "{found:?} is not {slope} {intercept}");
    Ok(())
}

proptest! {
    #[test]
    fn a_form_linked_to_itself_stays_where_it_is(items in proptest::collection::vec(functions(), 4..10)) {
        let anchors = items.iter().map(|item| Anchor { new: item.clone(), old: item.clone() }).collect();
        let anchors = Anchors::new(anchors).unwrap();
        for link in [haebara(&anchors, &one_sided()), stocking_lord(&anchors, &one_sided())] {
            assert_is(&link.unwrap(), 1.0, 0.0)?;
        }
    }

    #[test]
    fn every_method_finds_a_transformation_without_noise(
        lines in proptest::collection::vec((0.5..2.0, -1.5..1.5), 4..12), truth in transformations(),
    ) {
        let anchors = lines.iter().map(|(slope, intercept)| {
            let new = ResponseFunction::two_parameter(*slope, *intercept).unwrap();
            Anchor { old: truth.function(&new).unwrap(), new }
        });
        let anchors = Anchors::new(anchors.collect()).unwrap();
        for name in ["mean_mean", "mean_geometric_mean", "mean_sigma", "haebara", "stocking_lord_symmetric"] {
            assert_is(&method_of(name).link(&anchors).unwrap(), truth.slope(), truth.intercept())?;
        }
    }

    #[test]
    fn transformed_and_back_is_the_same_item(item in functions(), there in transformations()) {
        let back = there.inverse().unwrap().function(&there.function(&item).unwrap()).unwrap();
        for theta in [-2.0, 0.0, 1.5] {
            for (one, other) in item.probabilities(&[theta]).iter().zip(back.probabilities(&[theta])) {
                prop_assert!((one - other).abs() < 1e-13);
            }
        }
        let none = there.then(&there.inverse().unwrap()).unwrap();
        prop_assert!((none.slope() - 1.0).abs() < 1e-14 && none.intercept().abs() < 1e-14);
    }

    #[test]
    fn a_transformed_item_answers_as_before_at_the_transformed_ability(
        item in functions(), there in transformations(), theta in -4.0..4.0,
    ) {
        let moved = there.function(&item).unwrap().probabilities(&[there.ability(theta)]);
        for (one, other) in item.probabilities(&[theta]).iter().zip(moved) {
            prop_assert!((one - other).abs() < 1e-13);
        }
    }

    #[test]
    fn standard_errors_are_never_negative_and_grow_with_the_covariances(
        lines in proptest::collection::vec((0.5..2.0, -1.5..1.5, -0.2..0.2), 3..8), variance in 1e-6..0.1,
    ) {
        let anchors = lines.iter().map(|(slope, intercept, noise)| {
            pair((*slope, *intercept), (slope * (1.0 + noise), intercept + noise))
        });
        let anchors = Anchors::new(anchors.collect()).unwrap();
        let covariance = |factor: f64| {
            let order = anchors.parameters();
            let cell = |row: usize, column: usize| if row == column && row % 4 < 2 { factor * variance } else { 0.0 };
            let rows = (0..order).map(|row| (0..order).map(|column| cell(row, column)).collect());
            ParameterCovariance::new(rows.collect()).unwrap()
        };
        for name in ["mean_mean", "haebara", "stocking_lord"] {
            let link = method_of(name).link(&anchors).unwrap();
            let once = link.errors(&covariance(1.0), &covariance(1.0)).unwrap();
            let four_times = link.errors(&covariance(4.0), &covariance(4.0)).unwrap();
            prop_assert!(once.slope > 0.0 && once.intercept > 0.0 && once.of_ability(1.0) > 0.0);
            prop_assert!((four_times.slope / once.slope - 2.0).abs() < 1e-9);
        }
    }
}
