use melek_irt::fairness::{
    Class, Effect, Groups, Matching, PurificationOptions, SibtestConvention, SibtestOptions, Strata, Weight,
    area_between, breslow_day, generalised_mantel_haenszel, logistic, logistic_area, mantel, mantel_haenszel,
    mantel_haenszel_of_all, power, sibtest, standardisation,
};
use melek_irt::model::{Form, ResponseFunction};
use melek_irt::responses::Responses;

use crate::table::{self, assert_near, assert_relative};

/// Answers as `0110.1`, a point where there is none, with the group of each person.
pub fn people(name: &str) -> (Responses, Groups) {
    let rows = table::read(name);
    let answers: Vec<Vec<Option<u8>>> =
        rows.iter().map(|row| row.text("answers").bytes().map(|cell| cell.checked_sub(b'0')).collect()).collect();
    let groups: Vec<u16> = rows.iter().map(|row| row.text("group").parse().unwrap()).collect();
    (Responses::from_rows(answers[0].len(), answers).unwrap(), Groups::new(&groups).unwrap())
}

/// Reference group and first focal group of the dichotomous answers.
pub fn pair() -> (Responses, Groups) {
    let (responses, groups) = people("fairness_answers.csv");
    (responses, groups.pair(0, 1).unwrap())
}

#[test]
fn two_groups_agree_with_numpy() {
    let (responses, groups) = pair();
    for row in table::read("fairness_two_groups.csv") {
        let strata = Strata::new(&responses, &groups, row.count("item"), Matching::Total).unwrap();
        let tested = mantel_haenszel(&strata).unwrap();
        assert_relative(tested.chi_square, row.number("chi_square"), 1e-10);
        assert_relative(tested.p, row.number("p"), 1e-9);
        assert_relative(tested.alpha, row.number("alpha"), 1e-12);
        assert_relative(tested.lambda_variance, row.number("variance"), 1e-12);
        assert_near(tested.delta, -2.35 * row.number("alpha").ln(), 1e-12);
        assert_near(tested.delta_standard_error, 2.35 * row.number("variance").sqrt(), 1e-12);
        assert_eq!((strata.item(), tested.adequacy.people), (row.count("item"), row.count("people")));
        let standard = standardisation(&strata, Weight::Focal).unwrap();
        assert_near(standard.p_dif, row.number("p_dif"), 1e-12);
        assert_near(standard.standard_error, row.number("p_dif_error"), 1e-12);
        let homogeneity = breslow_day(&strata).unwrap();
        assert_relative(homogeneity.chi_square, row.number("homogeneity"), 1e-9);
        assert_eq!(homogeneity.degrees_of_freedom, row.count("homogeneity_df"));
        assert_relative(homogeneity.p, row.number("homogeneity_p"), 1e-9);
    }
}

#[test]
fn logistic_regression_agrees_with_numpy() {
    let (responses, groups) = pair();
    for row in table::read("fairness_logistic.csv") {
        let strata = Strata::new(&responses, &groups, row.count("item"), Matching::Total).unwrap();
        let effect = match row.text("effect") {
            "uniform" => Effect::Uniform,
            "nonuniform" => Effect::NonUniform,
            _ => Effect::Both,
        };
        let tested = logistic(&strata, effect).unwrap();
        assert_near(tested.chi_square, row.number("chi_square"), 1e-9);
        assert_near(tested.gain, row.number("gain"), 1e-11);
        for (coefficient, column) in tested.coefficients.iter().zip(["constant", "slope", "shift", "turn"]) {
            assert_near(*coefficient, row.number(column), 1e-8);
        }
    }
}

#[test]
fn a_purified_score_flags_what_numpy_flags() {
    let (responses, groups) = pair();
    let all = mantel_haenszel_of_all(&responses, &groups, PurificationOptions::default());
    assert!(all.purification.settled);
    for row in table::read("fairness_purified.csv") {
        let item = row.count("item");
        let tested = all.items[item].unwrap();
        assert_relative(tested.chi_square, row.number("chi_square"), 1e-9);
        assert_relative(tested.alpha, row.number("alpha"), 1e-12);
        assert_eq!(all.purification.flagged.contains(&item), row.count("flagged") == 1);
        assert_eq!(all.purification.rounds, row.count("rounds"));
    }
}

#[test]
fn three_groups_agree_with_numpy() {
    let (responses, groups) = people("fairness_answers.csv");
    for row in table::read("fairness_many_groups.csv") {
        let strata = Strata::new(&responses, &groups, row.count("item"), Matching::Total).unwrap();
        let tested = generalised_mantel_haenszel(&strata).unwrap();
        assert_relative(tested.chi_square, row.number("chi_square"), 1e-9);
        assert_relative(tested.p, row.number("p"), 1e-8);
        assert_eq!((tested.degrees_of_freedom, tested.adequacy.power), (2, None));
    }
}

#[test]
fn ordered_categories_agree_with_numpy() {
    let (responses, groups) = people("fairness_ordered_answers.csv");
    for row in table::read("fairness_ordered.csv") {
        let strata = Strata::new(&responses, &groups, row.count("item"), Matching::Total).unwrap();
        let tested = mantel(&strata).unwrap();
        assert_relative(tested.chi_square, row.number("chi_square"), 1e-10);
        assert_relative(tested.p, row.number("p"), 1e-9);
        assert_near(tested.mean_difference, row.number("difference"), 1e-12);
        assert_near(tested.standard_error, row.number("error"), 1e-12);
        assert_near(tested.relative_difference, row.number("relative"), 1e-12);
    }
}

#[test]
fn sibtest_agrees_with_numpy_in_both_conventions() {
    let (responses, groups) = pair();
    for row in table::read("fairness_sibtest.csv") {
        let convention = match row.text("convention") {
            "mirt" => SibtestConvention::Mirt,
            _ => SibtestConvention::Published,
        };
        let options = SibtestOptions { convention, ..SibtestOptions::default() };
        let tested = sibtest(&responses, &groups, row.count("item"), &options).unwrap();
        assert_near(tested.beta, row.number("beta"), 1e-11);
        assert_near(tested.standard_error, row.number("error"), 1e-12);
        assert_near(tested.chi_square, row.number("chi_square"), 1e-8);
        assert_relative(tested.p, row.number("p"), 1e-8);
        assert_near(tested.crossing.beta, row.number("crossing"), 1e-11);
        assert_near(tested.crossing.chi_square, row.number("crossing_chi_square"), 1e-8);
        assert_eq!(tested.crossing.degrees_of_freedom, row.count("crossing_df"));
        assert_relative(tested.crossing.p, row.number("crossing_p"), 1e-8);
        assert_relative(tested.crossing.at.unwrap(), row.number("at"), 1e-7);
        assert_eq!(tested.scores, row.count("scores"));
    }
}

#[test]
fn power_agrees_with_scipy() {
    for row in table::read("fairness_power.csv") {
        let found = power(row.number("effect"), row.number("error"), row.number("significance"));
        assert_near(found, row.number("power"), 1e-14);
    }
}

/// The curve of a difficulty.
fn curve(slope: f64, difficulty: f64, [lower, upper]: [f64; 2]) -> ResponseFunction {
    ResponseFunction::new(vec![slope], Form::Logistic { intercept: -slope * difficulty, lower, upper }).unwrap()
}

#[test]
fn areas_agree_with_integration_by_mpmath() {
    for row in table::read("fairness_area.csv") {
        let asymptotes = [row.number("lower"), row.number("upper")];
        let reference = curve(row.number("reference_a"), row.number("reference_b"), asymptotes);
        let focal = curve(row.number("focal_a"), row.number("focal_b"), asymptotes);
        let area = match row.text("range") {
            "all" => logistic_area(&reference, &focal).unwrap(),
            _ => area_between(&reference, &focal, (-4.0, 4.0)).unwrap(),
        };
        assert_near(area.signed, row.number("signed"), 1e-12);
        assert_near(area.unsigned, row.number("unsigned"), 1e-12);
    }
}

#[test]
fn the_closed_form_is_the_integral_over_all_abilities() {
    let (reference, focal) = (curve(1.7, -0.3, [0.1, 1.0]), curve(0.9, 0.8, [0.1, 1.0]));
    let (closed, integral) =
        (logistic_area(&reference, &focal).unwrap(), area_between(&reference, &focal, (-45.0, 45.0)).unwrap());
    assert_near(closed.signed, integral.signed, 1e-12);
    assert_near(closed.unsigned, integral.unsigned, 1e-12);
}

#[test]
fn a_graded_item_harder_by_half_a_logit_has_half_an_area_a_step() {
    let item = |shift: f64| {
        let intercepts = vec![1.2 - shift, 0.0 - shift, -1.3 - shift];
        ResponseFunction::new(vec![1.0], Form::Graded { intercepts }).unwrap()
    };
    let area = area_between(&item(0.0), &item(0.5), (-50.0, 50.0)).unwrap();
    assert_near(area.signed, 1.5, 1e-12);
    assert_near(area.unsigned, 1.5, 1e-12);
}

#[test]
fn items_made_to_differ_are_found_and_the_others_mostly_not() {
    let (responses, groups) = pair();
    let all = mantel_haenszel_of_all(&responses, &groups, PurificationOptions::default());
    for item in [2, 5, 9] {
        assert!(all.purification.flagged.contains(&item), "item {item} was made to differ");
        assert_ne!(all.items[item].unwrap().class, Class::A);
    }
    // Items 7 and 11 change their direction: the test of both effects sees them.
    for item in [7, 11] {
        let strata = Strata::new(&responses, &groups, item, Matching::Total).unwrap();
        assert!(logistic(&strata, Effect::NonUniform).unwrap().p < 0.01);
    }
}
