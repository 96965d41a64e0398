//! What must hold for any answers.

use melek_irt::fairness::{
    Class, Effect, FairnessError, Groups, Matching, Sibtest, SibtestConvention, SibtestOptions, Strata, Weight,
    area_between, breslow_day, generalised_mantel_haenszel, logistic, logistic_area, mantel, mantel_haenszel, sibtest,
    standardisation,
};
use melek_irt::model::ResponseFunction;
use melek_irt::responses::Responses;
use proptest::prelude::*;

const ITEMS: usize = 6;

type Person = (u16, [Option<u8>; ITEMS]);

/// Answers by a Rasch model with missing ones, ability and group unrelated.
fn crowd() -> impl Strategy<Value = Vec<Person>> {
    let person =
        (0_u16..2, -2.0..2.0_f64, proptest::array::uniform6(0.0..1.0_f64)).prop_map(|(group, ability, draws)| {
            let answer = |item: usize| {
                let chance = 1.0 / (1.0 + (-(ability - 0.5 * item as f64 + 1.2)).exp());
                (draws[item] < 0.995).then_some(u8::from(draws[item] < chance))
            };
            (group, core::array::from_fn(answer))
        });
    proptest::collection::vec(person, 60..300)
}

/// Anything: few people, scores 0 … 2, much missing.
fn chaos() -> impl Strategy<Value = Vec<Person>> {
    let answer = prop_oneof![Just(None), (0_u8..2).prop_map(Some), (0_u8..2).prop_map(Some), (0_u8..3).prop_map(Some)];
    proptest::collection::vec((0_u16..2, proptest::array::uniform6(answer)), 2..40)
}

fn read(people: &[Person]) -> Option<(Responses, Groups)> {
    let groups: Vec<u16> = people.iter().map(|(group, _)| *group).collect();
    Some((Responses::from_rows(ITEMS, people.iter().map(|(_, row)| *row)).ok()?, Groups::new(&groups).ok()?))
}

fn counts(people: &[Person]) -> Option<Strata> {
    let (responses, groups) = read(people)?;
    Strata::new(&responses, &groups, 0, Matching::Total).ok()
}

fn sib(people: &[Person], convention: SibtestConvention) -> Result<Sibtest, FairnessError> {
    let (responses, groups) = read(people).unwrap();
    sibtest(&responses, &groups, 0, &SibtestOptions { most_ignored: 2, convention, ..SibtestOptions::default() })
}

const CONVENTIONS: [SibtestConvention; 2] = [SibtestConvention::Published, SibtestConvention::Mirt];

fn near(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-8 * (1.0 + one.abs())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn exchanging_the_groups_turns_every_sign(people in crowd()) {
        let exchanged: Vec<Person> = people.iter().map(|(group, row)| (1 - group, *row)).collect();
        let (Some(one), Some(other)) = (counts(&people), counts(&exchanged)) else { return Ok(()) };
        if let (Ok(one), Ok(other)) = (mantel_haenszel(&one), mantel_haenszel(&other)) {
            prop_assert!(near(one.alpha * other.alpha, 1.0) && near(one.delta, -other.delta));
            prop_assert!(near(one.chi_square, other.chi_square) && near(one.lambda_variance, other.lambda_variance));
            prop_assert_eq!(one.class, other.class);
        }
        let of = |strata: &Strata, weight| standardisation(strata, weight).unwrap().p_dif;
        prop_assert!(near(of(&one, Weight::Total), -of(&other, Weight::Total)));
        prop_assert!(near(of(&one, Weight::Focal), -of(&other, Weight::Reference)));
        for effect in [Effect::Uniform, Effect::NonUniform, Effect::Both] {
            if let (Ok(one), Ok(other)) = (logistic(&one, effect), logistic(&other, effect)) {
                prop_assert!(near(one.chi_square, other.chi_square) && near(one.gain, other.gain));
                prop_assert!(near(one.coefficients[2], -other.coefficients[2]));
                prop_assert!(near(one.coefficients[3], -other.coefficients[3]));
            }
        }
        if let (Ok(one), Ok(other)) = (breslow_day(&one), breslow_day(&other)) {
            prop_assert!(near(one.chi_square, other.chi_square));
        }
        if let (Ok(one), Ok(other)) = (mantel(&one), mantel(&other)) {
            prop_assert!(near(one.chi_square, other.chi_square));
        }
        for convention in CONVENTIONS {
            if let (Ok(one), Ok(other)) = (sib(&people, convention), sib(&exchanged, convention)) {
                prop_assert!(near(one.beta, -other.beta) && near(one.standard_error, other.standard_error));
            }
        }
    }

    #[test]
    fn the_order_of_people_does_not_matter((people, shuffled) in crowd().prop_flat_map(|people| {
        (Just(people.clone()), Just(people).prop_shuffle())
    })) {
        let (one, other) = (counts(&people), counts(&shuffled));
        prop_assert_eq!(&one, &other);
        for convention in CONVENTIONS {
            prop_assert_eq!(sib(&people, convention), sib(&shuffled, convention));
        }
    }

    #[test]
    fn all_items_at_once_are_counted_as_one_by_one(people in chaos()) {
        let Some((responses, groups)) = read(&people) else { return Ok(()) };
        for matching in [Matching::Total, Matching::Items(&[1, 4]), Matching::Items(&[3]), Matching::Items(&[])] {
            let all = Strata::of_all(&responses, &groups, matching).unwrap();
            for (item, counted) in all.iter().enumerate() {
                prop_assert_eq!(counted, &Strata::new(&responses, &groups, item, matching));
            }
        }
    }

    #[test]
    fn groups_that_answer_alike_do_not_differ(people in crowd()) {
        let twins: Vec<Person> = people.iter().flat_map(|(_, row)| [(0, *row), (1, *row)]).collect();
        let Some(strata) = counts(&twins) else { return Ok(()) };
        if let Ok(verdict) = mantel_haenszel(&strata) {
            prop_assert!(near(verdict.alpha, 1.0) && verdict.class == Class::A);
        }
        prop_assert_eq!(standardisation(&strata, Weight::Focal).unwrap().p_dif, 0.0);
        if let Ok(verdict) = logistic(&strata, Effect::Both) {
            prop_assert!(verdict.chi_square < 1e-8 && verdict.class == Class::A);
        }
        if let Ok(verdict) = breslow_day(&strata) {
            prop_assert!(verdict.chi_square < 1e-12);
        }
        if let Ok(verdict) = generalised_mantel_haenszel(&strata) {
            prop_assert!(verdict.chi_square < 1e-12);
        }
        if let Ok(verdict) = mantel(&strata) {
            prop_assert!(verdict.chi_square < 1e-12 && verdict.mean_difference.abs() < 1e-12);
        }
        for convention in CONVENTIONS {
            if let Ok(verdict) = sib(&twins, convention) {
                prop_assert!(verdict.beta.abs() < 1e-12 && verdict.class == Class::A);
            }
        }
    }

    #[test]
    fn with_two_groups_and_two_answers_the_general_tests_are_the_special_one(people in crowd()) {
        let Some(strata) = counts(&people) else { return Ok(()) };
        if let (Ok(many), Ok(ordered)) = (generalised_mantel_haenszel(&strata), mantel(&strata)) {
            prop_assert!(near(many.chi_square, ordered.chi_square) && near(many.p, ordered.p));
            let standard = standardisation(&strata, Weight::Focal).unwrap();
            prop_assert!(near(ordered.mean_difference, standard.p_dif));
        }
    }

    #[test]
    fn whatever_is_answered_the_verdict_is_finite_or_an_error(people in prop_oneof![chaos(), crowd()]) {
        if let Some(strata) = counts(&people) {
            if let Ok(one) = mantel_haenszel(&strata) {
                let size = one.chi_square + one.alpha + one.lambda_variance + one.delta_standard_error + one.delta;
                prop_assert!(size.is_finite() && share(one.p) && one.adequacy.power.is_some_and(share));
            }
            if let Ok(one) = standardisation(&strata, Weight::Total) {
                prop_assert!(one.p_dif.abs() <= 1.0 && one.standard_error.is_finite());
            }
            if let Ok(one) = breslow_day(&strata) {
                prop_assert!(one.chi_square.is_finite() && share(one.p));
            }
            for effect in [Effect::Uniform, Effect::NonUniform, Effect::Both] {
                if let Ok(one) = logistic(&strata, effect) {
                    prop_assert!((one.chi_square + one.coefficients.iter().sum::<f64>()).is_finite());
                    prop_assert!(share(one.p) && (-1e-9..=1.0).contains(&one.gain));
                }
            }
            if let Ok(one) = generalised_mantel_haenszel(&strata) {
                prop_assert!(one.chi_square.is_finite() && share(one.p));
            }
            if let Ok(one) = mantel(&strata) {
                let size = one.chi_square + one.mean_difference + one.standard_error + one.relative_difference;
                prop_assert!(size.is_finite() && share(one.p));
            }
        }
        if read(&people).is_some() {
            for convention in CONVENTIONS {
                if let Ok(one) = sib(&people, convention) {
                    let size = one.beta + one.standard_error + one.chi_square + one.crossing.beta;
                    prop_assert!((size + one.crossing.chi_square).is_finite() && share(one.share));
                    prop_assert!(share(one.p) && share(one.crossing.p));
                    prop_assert!(one.crossing.degrees_of_freedom > 0);
                }
            }
        }
    }

    #[test]
    fn areas_have_the_size_that_their_kind_allows(
        (slopes, difficulties) in ((0.2..4.0_f64, 0.2..4.0_f64), (-3.0..3.0_f64, -3.0..3.0_f64))
    ) {
        let of = |slope: f64, difficulty: f64| ResponseFunction::two_parameter(slope, -slope * difficulty).unwrap();
        let (one, other) = (of(slopes.0, difficulties.0), of(slopes.1, difficulties.1));
        let (there, back) = (logistic_area(&one, &other).unwrap(), logistic_area(&other, &one).unwrap());
        prop_assert!(near(there.signed, -back.signed) && near(there.unsigned, back.unsigned));
        prop_assert!(there.unsigned >= there.signed.abs());
        let part = area_between(&one, &other, (-4.0, 4.0)).unwrap();
        prop_assert!(part.unsigned <= there.unsigned + 1e-12 && part.unsigned >= part.signed.abs() - 1e-12);
    }
}

fn share(p: f64) -> bool {
    (0.0..=1.0).contains(&p)
}
