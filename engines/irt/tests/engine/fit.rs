use std::ops::ControlFlow;

use melek_irt::calibration::{self, Calibration, Latent, Model, Options, Parameter, ParameterPrior, Specification};
use melek_irt::fit::{
    ComparisonError, FitError, Fitted, Moments, conditional_reliability, empirical_reliability, information_criteria,
    likelihood_ratio, limited_information, local_dependence, marginal_reliability, mean_squares, person_fit,
    residual_correlations, summed_score_fit, test_information,
};
use melek_irt::model::{Form, ResponseFunction};
use melek_irt::responses::Responses;

use crate::fit_reference::{FITS, Reference, function, number};
use crate::table::{self, assert_near, assert_relative};

fn fitted(reference: &Reference) -> Fitted<'_> {
    Fitted::new(&reference.responses, &reference.specification, &reference.calibration).unwrap()
}

fn calibrate(responses: &Responses, specification: &Specification) -> Calibration {
    let options = Options::default();
    calibration::calibrate(responses, specification, &options, &mut |_| ControlFlow::Continue(())).unwrap()
}

fn model_of(name: &str) -> (&'static str, Model) {
    *FITS.iter().find(|(fit, _)| *fit == name).unwrap()
}

#[test]
fn calibrations_agree_with_mirt() {
    for reference in Reference::all() {
        let calibration = &reference.calibration;
        assert!(calibration.converged, "{}", reference.name);
        assert_near(calibration.log_likelihood, reference.number("/logLik"), 1e-3);
        assert_near(calibration.parameters as f64, reference.number("/npar"), 0.0);
        let spread = calibration.groups[0].latent.covariance[0][0].sqrt();
        assert_near(spread, reference.number("/cov/values/0/0").sqrt(), 1e-3);
        for (place, item) in calibration.items.iter().enumerate() {
            let expected = function(&reference.file, place);
            let tolerance = if reference.name.contains("nominal") { 5e-3 } else { 1e-3 };
            for (found, expected) in numbers(&item.function).into_iter().zip(numbers(&expected)) {
                assert_near(found, expected, tolerance);
            }
        }
    }
}

/// Slope and the form's own parameters.
fn numbers(function: &ResponseFunction) -> Vec<f64> {
    let mut all = function.slopes().to_vec();
    match function.form() {
        Form::Logistic { intercept, lower, upper } => all.extend([intercept, lower, upper]),
        Form::Graded { intercepts } => all.extend(intercepts),
        Form::DivideByTotal { scoring, intercepts } => all.extend(scoring.iter().chain(intercepts)),
    }
    all
}

#[test]
fn standard_errors_agree_with_mirt() {
    for reference in Reference::all() {
        for (place, item) in reference.calibration.items.iter().enumerate() {
            let errors = item.errors.as_ref().unwrap();
            let id = reference.file["items"]["rows"][place].as_str().unwrap();
            let own = &reference.file["par_se"][id];
            let expected = |name: &str| {
                let column = own["cols"].as_array().unwrap().iter().position(|column| column == name)?;
                own["values"][1][column].as_f64()
            };
            // An intercept of the rating scale is a sum of thresholds, which have errors of their own.
            let intercept = if item.rating.is_some() { None } else { expected("d").or_else(|| expected("d1")) };
            let first = match item.function.form() {
                Form::DivideByTotal { scoring, .. } => errors.own[scoring.len()],
                _ => errors.own[0],
            };
            for (found, expected) in [(errors.slopes[0], expected("a1")), (first, intercept)] {
                if let Some(expected) = expected {
                    assert_near(found.unwrap(), expected, (0.01 * expected).max(2e-4));
                }
            }
        }
    }
}

#[test]
fn limited_information_agrees_with_numpy() {
    for row in table::read("limited_information.csv") {
        let (name, model) = model_of(row.text("fit"));
        let moments = match row.text("moments") {
            "scores" => Moments::Scores,
            "categories" => Moments::Categories,
            _ => Moments::CategoriesThenScores,
        };
        let reference = Reference::estimated(name, model);
        let found = limited_information(&fitted(&reference), moments).unwrap();
        assert_relative(found.statistic, row.number("statistic"), 1e-4);
        assert_eq!(found.degrees_of_freedom, row.count("degrees_of_freedom"));
        assert_relative(found.baseline.statistic, row.number("baseline"), 1e-9);
        assert_eq!(found.baseline.degrees_of_freedom, row.count("baseline_degrees_of_freedom"));
        assert_near(found.tucker_lewis(), row.number("tucker_lewis"), 1e-5);
    }
}

#[test]
fn limited_information_agrees_with_mirt_where_its_derivatives_are_right() {
    for name in ["ref_rasch__Rasch", "ref_2pl__2PL", "ref_grm__graded"] {
        let reference = Reference::estimated(name, model_of(name).1);
        let found = limited_information(&fitted(&reference), Moments::Scores).unwrap();
        assert_relative(found.statistic, reference.number("/M2/M2"), 1e-4);
        assert_eq!(found.degrees_of_freedom as f64, reference.number("/M2/df"));
        assert_relative(found.p_value, reference.number("/M2/p"), 1e-3);
        assert_near(found.approximation.rmsea, reference.number("/M2/RMSEA"), 1e-5);
        // mirt divides the ends of the interval by N, the error itself by N − 1.
        assert_near(found.approximation.lower, reference.number("/M2/RMSEA_5"), 1e-4);
        assert_near(found.approximation.upper, reference.number("/M2/RMSEA_95"), 1e-4);
        assert_near(found.srmsr, reference.number("/M2/SRMSR"), 1e-6);
        if !name.contains("grm") {
            assert_near(found.tucker_lewis(), reference.number("/M2/TLI"), 1e-5);
        }
        assert_near(found.comparative_fit(), reference.number("/M2/CFI"), 1e-5);
    }
}

#[test]
fn more_parameters_than_moments_are_an_error_that_counts_them() {
    let (name, model) = model_of("ref_nominal__nominal");
    let reference = Reference::estimated(name, model);
    let error = limited_information(&fitted(&reference), Moments::Scores).unwrap_err();
    assert_eq!(error, FitError::TooFewMoments { moments: 36, used: 36 });
    assert!(limited_information(&fitted(&reference), Moments::Categories).unwrap().p_value > 0.01);
}

#[test]
fn summed_score_statistics_agree_with_mirt() {
    for reference in Reference::all() {
        let found = summed_score_fit(&fitted(&reference)).unwrap();
        let expected = reference.numbers("/S_X2/S_X2").into_iter().zip(reference.numbers("/S_X2/df.S_X2"));
        for ((item, (statistic, degrees)), p) in found.iter().zip(expected).zip(reference.numbers("/S_X2/p.S_X2")) {
            assert_relative(item.statistic, statistic, 1e-4);
            assert_eq!(item.degrees_of_freedom as f64, degrees);
            assert_near(item.p_value.unwrap(), p, 1e-4);
            assert!(item.rmsea >= 0.0 && (item.rmsea > 0.0) == (statistic > degrees));
        }
    }
}

#[test]
fn mean_squares_agree_with_mirt() {
    for reference in Reference::all() {
        let found: Vec<_> = mean_squares(&fitted(&reference)).unwrap().into_iter().flatten().collect();
        for (place, item) in found.iter().enumerate() {
            let at = |name: &str| number(&reference.file, &format!("/infit/{name}/{place}"));
            assert_near(item.infit, at("infit"), 1e-4);
            assert_near(item.outfit, at("outfit"), 1e-4);
            assert_near(item.infit_z, at("z.infit"), 1e-3);
            let complete = reference.responses.total() == reference.responses.persons() * reference.responses.items();
            if complete {
                assert_near(item.outfit_z, at("z.outfit"), 1e-3);
            }
        }
    }
}

#[test]
fn the_largest_residual_correlation_agrees_with_mirt() {
    for reference in Reference::all() {
        let found = residual_correlations(&fitted(&reference)).unwrap();
        let items = reference.responses.items();
        let pairs = || (0..items).flat_map(|higher| (0..higher).map(move |lower| (lower, higher)));
        let largest = pairs().filter_map(|(i, j)| found.between(j, i)).fold(0.0, |most, q| f64::max(most, q.abs()));
        assert_near(largest, reference.number("/Q3_max"), 1e-3);
        let corrected: f64 = pairs().filter_map(|(i, j)| found.corrected(i, j)).sum();
        assert_near(corrected, 0.0, 1e-12);
        assert!(found.mean() < 0.0, "without local dependence Q3 is about −1/(J − 1)");
        assert_eq!((found.between(2, 2), found.between(0, items)), (None, None));
    }
}

#[test]
fn reliabilities_agree_with_mirt() {
    for reference in Reference::all() {
        let empirical = empirical_reliability(&fitted(&reference)).unwrap();
        assert_near(empirical[0], reference.number("/empirical_rxx"), 1e-4);
        let latent = &reference.calibration.groups[0].latent;
        if !latent.free_variances {
            let marginal = marginal_reliability(&reference.calibration.functions(), latent).unwrap();
            assert_near(marginal, reference.number("/marginal_rxx"), 1e-4);
        }
    }
}

#[test]
fn person_fit_agrees_with_numpy() {
    let rows = table::read("person_fit.csv");
    for name in ["ref_3pl__3PL_expbeta5_17", "ref_gpcm__gpcm", "ref_rsm__rsm"] {
        let reference = Reference::fixed(name, model_of(name).1);
        let found = person_fit(&fitted(&reference)).unwrap();
        for row in rows.iter().filter(|row| row.text("fit") == name) {
            let person = found[row.count("person")].unwrap();
            assert_near(person.ability, row.number("ability"), 1e-8);
            assert_near(person.lz.unwrap(), row.number("lz"), 1e-8);
            assert_near(person.lz_star.unwrap(), row.number("lz_star"), 1e-8);
        }
    }
}

#[test]
fn most_likely_abilities_agree_with_mirt() {
    for (name, model) in FITS {
        let reference = Reference::fixed(name, model);
        let found = person_fit(&fitted(&reference)).unwrap();
        let rows = reference.numbers("/scores/data_rows");
        for (row, expected) in rows.iter().zip(reference.numbers("/scores/MAP/theta")) {
            // mirt stops its search at 1e-4.
            assert_near(found[*row as usize - 1].unwrap().ability, expected, 2e-4);
        }
    }
}

#[test]
fn information_criteria_agree_with_mirt() {
    for reference in Reference::all() {
        let (calibration, people) = (&reference.calibration, reference.responses.persons());
        let found = information_criteria(calibration, people);
        assert_near(found.aic, reference.number("/AIC"), 1e-2);
        assert_near(found.bic, reference.number("/BIC"), 1e-2);
        let (people, parameters) = (people as f64, calibration.parameters as f64);
        assert_relative(found.sabic - found.aic, parameters * (((people + 2.0) / 24.0).ln() - 2.0), 1e-9);
        assert_relative(found.hannan_quinn - found.aic, parameters * (2.0 * people.ln().ln() - 2.0), 1e-9);
    }
}

#[test]
fn a_likelihood_ratio_counts_the_parameters_between_two_models() {
    let [restricted, general] = [Model::PartialCredit, Model::GeneralizedPartialCredit]
        .map(|model| Reference::estimated("ref_pcm__PCM", model).calibration);
    let test = likelihood_ratio(&restricted, &general).unwrap();
    assert_eq!(test.degrees_of_freedom, 7);
    assert_relative(test.statistic, 2.0 * (general.log_likelihood - restricted.log_likelihood), 1e-12);
    assert!((0.0..=1.0).contains(&test.p_value));
    let error = likelihood_ratio(&general, &restricted).unwrap_err();
    assert_eq!(error, ComparisonError::NotNested { restricted: 32, general: 25 });
}

#[test]
fn a_likelihood_ratio_refuses_a_general_model_that_is_less_likely_and_one_with_a_prior() {
    let [rasch, two] =
        [Model::Rasch, Model::TwoParameter].map(|model| Reference::estimated("ref_rasch__Rasch", model).calibration);
    let mut worse = two.clone();
    worse.log_likelihood = rasch.log_likelihood - 5.0;
    assert_eq!(likelihood_ratio(&rasch, &worse), Err(ComparisonError::LessLikely { difference: 5.0 }));
    let (name, model) = model_of("ref_3pl__3PL_expbeta5_17");
    let three = Reference::estimated(name, model).calibration;
    assert_eq!(likelihood_ratio(&two, &three), Err(ComparisonError::Prior));
    let prior = ParameterPrior::Beta { first: 5.0, second: 17.0 };
    assert!(Reference::estimated(name, model).specification.items[0].priors.contains(&(Parameter::Lower, prior)));
}

#[test]
fn answers_all_as_likely_as_each_other_have_no_person_fit() {
    let responses = Responses::from_rows(2, [[Some(1), Some(0)], [Some(0), Some(1)]]).unwrap();
    let mut specification = Specification::uniform(Model::Rasch, 2);
    for item in &mut specification.items {
        item.fixed = Some(ResponseFunction::two_parameter(1.0, 0.0).unwrap());
    }
    let reference = calibrate(&responses, &specification);
    let people = person_fit(&Fitted::new(&responses, &specification, &reference).unwrap()).unwrap();
    assert_eq!(people[0].map(|person| (person.lz, person.lz_star)), Some((None, None)));
}

/// Two items that always agree, beside two coins: tables counted by hand.
#[test]
fn two_items_that_always_agree_depend_on_each_other() {
    let rows: Vec<[Option<u8>; 4]> =
        (0..400).map(|n: u16| [n, n, n >> 1, n >> 2].map(|v| Some((v & 1) as u8))).collect();
    let responses = Responses::from_rows(4, rows).unwrap();
    let mut specification = Specification::uniform(Model::TwoParameter, 4);
    for item in &mut specification.items {
        item.fixed = Some(ResponseFunction::two_parameter(1e-9, 0.0).unwrap());
    }
    let calibration = calibrate(&responses, &specification);
    let pairs = local_dependence(&Fitted::new(&responses, &specification, &calibration).unwrap()).unwrap();
    assert_eq!(pairs.len(), 6);
    for pair in pairs {
        let statistic = if (pair.lower, pair.higher) == (0, 1) { 400.0 } else { 0.0 };
        assert_near(pair.statistic, statistic, 1e-6);
        assert_eq!(pair.degrees_of_freedom, 1);
        assert_near(pair.signed.abs(), (statistic - 1.0).abs() / 2.0_f64.sqrt(), 1e-6);
        assert!((pair.p_value < 1e-80) == (statistic > 0.0));
    }
}

#[test]
fn reliability_at_an_ability_is_what_information_leaves_of_the_spread() {
    let items = vec![ResponseFunction::two_parameter(1.4, 0.7).unwrap(); 6];
    let latent = Latent { covariance: vec![vec![2.25]], ..Latent::standard(1) };
    for theta in [-3.0, -0.5, 0.0, 2.0] {
        let information = test_information(&items, theta).unwrap();
        let error = 1.0 / (information + 1.0 / 2.25);
        assert_near(conditional_reliability(&items, &latent, theta).unwrap(), 1.0 - error / 2.25, 1e-14);
    }
    let plane = [ResponseFunction::new(vec![1.0, 1.0], items[0].form().clone()).unwrap()];
    assert_eq!(test_information(&plane, 0.0), Err(FitError::Dimensions { dimensions: 2 }));
    assert_eq!(marginal_reliability(&items, &Latent::standard(2)), Err(FitError::Dimensions { dimensions: 2 }));
    assert_eq!(marginal_reliability(&[], &latent), Ok(0.0));
}

#[test]
fn what_does_not_belong_together_is_an_error_that_says_where() {
    let (name, model) = model_of("ref_2pl__2PL");
    let reference = Reference::estimated(name, model);
    let check = |responses: &Responses, specification: &Specification| {
        Fitted::new(responses, specification, &reference.calibration).err()
    };
    let short = Specification::uniform(model, 9);
    let error = FitError::ItemCount { calibrated: 10, specified: 9, items: 10 };
    assert_eq!(check(&reference.responses, &short), Some(error));
    let three = Responses::from_rows(10, (0..3).map(|n| [Some(n); 10])).unwrap();
    let error = FitError::Categories { item: 0, answered: 3, calibrated: 2 };
    assert_eq!(check(&three, &reference.specification), Some(error));
    let gap = Responses::from_rows(10, [[Some(1); 10], [None; 10]]).unwrap();
    let error = FitError::Unaligned { item: 0, answered: 1, calibrated: 2 };
    assert_eq!(check(&gap, &reference.specification), Some(error));
    let grouped = Specification { groups: vec![0, 1], ..reference.specification.clone() };
    let error = FitError::GroupCount { groups: 2, persons: 1000 };
    assert_eq!(check(&reference.responses, &grouped), Some(error));
    let unknown = Specification { groups: vec![1; 1000], ..reference.specification.clone() };
    assert_eq!(check(&reference.responses, &unknown), Some(FitError::UnknownGroup { group: 1, described: 1 }));
}

#[test]
fn two_dimensions_are_judged_on_their_grid_and_more_than_three_not_at_all() {
    let (name, model) = model_of("ref_2pl__2PL");
    let reference = Reference::estimated(name, model);
    let mut plane = reference.specification.clone();
    plane.latent = vec![Latent::standard(2)];
    for (place, item) in plane.items.iter_mut().enumerate() {
        item.dimensions = vec![place % 2];
    }
    let calibration = calibrate(&reference.responses, &plane);
    let fitted = Fitted::new(&reference.responses, &plane, &calibration).unwrap();
    let fit = limited_information(&fitted, Moments::Scores).unwrap();
    assert_eq!(fit.degrees_of_freedom, 35);
    assert!(fit.p_value < 1e-6, "abilities of odd and even items are one, not independent");
    assert_eq!(empirical_reliability(&fitted).unwrap().len(), 2);
    assert_eq!(person_fit(&fitted), Err(FitError::Dimensions { dimensions: 2 }));
    plane.latent = vec![Latent::standard(4)];
    let error = Fitted::new(&reference.responses, &plane, &reference.calibration).err();
    assert_eq!(error, Some(FitError::ManyDimensions { dimensions: 4 }));
}

#[test]
fn nobody_with_all_answers_is_an_error_that_counts_them() {
    let (name, model) = model_of("ref_2pl__2PL");
    let reference = Reference::estimated(name, model);
    let half = Responses::from_rows(10, [[[Some(0); 5], [None; 5]].concat(), vec![None; 10]]).unwrap();
    let fitted = Fitted::new(&half, &reference.specification, &reference.calibration).unwrap();
    assert_eq!(summed_score_fit(&fitted), Err(FitError::CompleteRows { found: 0, needed: 2 }));
    assert_eq!(empirical_reliability(&fitted), Err(FitError::Persons { found: 1, needed: 2 }));
    assert!(person_fit(&fitted).unwrap()[1].is_none(), "a person without answers has no fit");
    let nobody = Responses::from_rows(10, [[None; 10]]).unwrap();
    let fitted = Fitted::new(&nobody, &reference.specification, &reference.calibration).unwrap();
    let error = FitError::NoAnswers { group: 0 };
    assert_eq!(limited_information(&fitted, Moments::Scores), Err(error.clone()));
    assert_eq!(local_dependence(&fitted), Err(error));
}
