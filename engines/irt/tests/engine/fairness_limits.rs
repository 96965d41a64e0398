//! What cannot be compared is an error that says why; what can be compared says how much it rests on.

use melek_irt::fairness::{
    Adequacy, AreaError, Class, Effect, FairnessError, Groups, GroupsError, Matching, PurificationOptions, Shortcoming,
    SibtestOptions, Strata, StrataError, Weight, area_between, breslow_day, generalised_mantel_haenszel, logistic,
    logistic_area, mantel, mantel_haenszel, mantel_haenszel_of_all, power, purify, sibtest, standardisation,
};
use melek_irt::model::{Form, ResponseFunction};
use melek_irt::responses::Responses;

/// People by level and group: right and wrong answers to one item.
fn counted(levels: &[[[usize; 2]; 2]]) -> Strata {
    let (mut answers, mut groups, mut of) = (Vec::new(), Vec::new(), Vec::new());
    for (level, own) in (0_u32..).zip(levels) {
        for (group, [right, wrong]) in (0_u16..).zip(own) {
            for right in core::iter::repeat_n(1, *right).chain(core::iter::repeat_n(0, *wrong)) {
                answers.push([Some(right)]);
                groups.push(group);
                of.push(level);
            }
        }
    }
    let responses = Responses::from_rows(1, answers).unwrap();
    Strata::new(&responses, &Groups::new(&groups).unwrap(), 0, Matching::Levels(&of)).unwrap()
}

fn small() -> (Responses, Groups) {
    let rows = [[Some(1), Some(0), Some(1)], [Some(0), Some(1), Some(1)], [Some(1), Some(1), Some(1)], [Some(0); 3]];
    (Responses::from_rows(3, rows).unwrap(), Groups::new(&[0, 1, 0, 1]).unwrap())
}

#[test]
fn groups_are_numbered_without_gaps_and_are_at_least_two() {
    assert_eq!(Groups::new(&[]), Err(GroupsError::Few { groups: 0 }));
    assert_eq!(Groups::new(&[0, 0]), Err(GroupsError::Few { groups: 1 }));
    assert_eq!(Groups::new(&[0, 2]), Err(GroupsError::Empty { group: 1 }));
    assert_eq!(Groups::new(&[0, u16::MAX]), Err(GroupsError::Number { person: 1 }));
    let groups = Groups::new(&[0, 1, 2, 2]).unwrap();
    assert_eq!(groups.pair(0, 3), Err(GroupsError::Unknown { group: 3, groups: 3 }));
    assert_eq!(groups.pair(1, 1), Err(GroupsError::Same { group: 1 }));
    let pair = groups.pair(2, 0).unwrap();
    assert_eq!((pair.persons(), pair.sizes(), pair.of(1), pair.of(3)), (4, [2, 1].as_slice(), None, Some(0)));
}

#[test]
fn counts_that_cannot_be_made_say_why() {
    let (responses, groups) = small();
    let three = Groups::new(&[0, 1, 0]).unwrap();
    let of = |groups, item, matching| Strata::new(&responses, groups, item, matching).map(|strata| strata.levels());
    assert_eq!(of(&three, 0, Matching::Total), Err(StrataError::Persons { groups: 3, responses: 4 }));
    assert_eq!(of(&groups, 3, Matching::Total), Err(StrataError::Item { item: 3, items: 3 }));
    assert_eq!(of(&groups, 0, Matching::Items(&[9])), Err(StrataError::Item { item: 9, items: 3 }));
    assert_eq!(of(&groups, 0, Matching::Items(&[0])), Err(StrataError::NoMatchingItem { item: 0 }));
    assert_eq!(of(&groups, 0, Matching::Levels(&[1])), Err(StrataError::Levels { levels: 1, responses: 4 }));
    let apart = Matching::Levels(&[1, 2, 3, 4]);
    assert_eq!(of(&groups, 0, apart), Err(StrataError::NoCommonLevel { item: 0, levels: 4 }));
}

#[test]
fn an_item_that_everybody_answers_alike_is_an_error() {
    let responses = Responses::from_rows(2, [[Some(1), Some(0)], [Some(1), Some(1)]]).unwrap();
    let groups = Groups::new(&[0, 1]).unwrap();
    let expected = StrataError::Constant { item: 0, people: 2 };
    assert_eq!(Strata::new(&responses, &groups, 0, Matching::Total), Err(expected));
    let tested = sibtest(&responses, &groups, 0, &SibtestOptions::default());
    assert_eq!(tested, Err(FairnessError::Strata(expected)));
}

#[test]
fn people_who_lack_an_answer_are_left_out_and_counted() {
    let rows = [[Some(1), Some(0)], [Some(0), Some(1)], [Some(1), None], [None, Some(1)], [Some(0), Some(0)]];
    let responses = Responses::from_rows(2, rows).unwrap();
    let groups = Groups::new(&[0, 1, 1, 0, 1]).unwrap();
    let strata = Strata::new(&responses, &groups, 0, Matching::Total).unwrap();
    assert_eq!((strata.people(), strata.left_out()), ([1, 2].as_slice(), 2));
    // With levels from elsewhere only the item itself must be answered.
    let strata = Strata::new(&responses, &groups, 0, Matching::Levels(&[1; 5])).unwrap();
    assert_eq!((strata.people(), strata.left_out(), strata.levels()), ([1, 3].as_slice(), 1, 1));
    let alone = Groups::new(&[0, 0, 1, 0, 0]).unwrap();
    let expected = StrataError::EmptyGroup { item: 0, group: 1 };
    assert_eq!(Strata::new(&responses, &alone, 0, Matching::Total), Err(expected));
    let tested = sibtest(&responses, &alone, 0, &SibtestOptions::default());
    assert_eq!(tested, Err(FairnessError::Strata(expected)));
}

#[test]
fn scores_that_do_not_begin_at_zero_are_summed_as_they_are() {
    let responses = Responses::from_rows(2, [[Some(3), Some(5)], [Some(4), Some(5)], [Some(3), Some(6)]]).unwrap();
    let groups = Groups::new(&[0, 1, 1]).unwrap();
    assert_eq!(
        Strata::new(&responses, &groups, 0, Matching::Total).map(|strata| strata.levels()),
        Err(StrataError::NoCommonLevel { item: 0, levels: 2 })
    );
}

#[test]
fn the_classes_need_size_and_significance() {
    let many = |right: usize| mantel_haenszel(&counted(&[[[500, 500], [right, 1000 - right]]])).unwrap();
    assert_eq!(many(480).class, Class::A); // delta −0.19
    assert_eq!((many(380).class, many(380).class_by_size()), (Class::B, Class::B)); // −1.15
    assert_eq!((many(300).class, many(700).class), (Class::C, Class::C)); // −1.99, 1.99
    let few = mantel_haenszel(&counted(&[[[5, 5], [3, 7]]])).unwrap(); // −1.99 as well, by ten people
    assert_eq!((few.class, few.class_by_size()), (Class::A, Class::C));
    // 1.99 with a standard error of 0.69: significant, but not significantly above 1.
    let some = mantel_haenszel(&counted(&[[[50, 50], [30, 70]]])).unwrap();
    assert!(some.p < 0.05 && some.delta.abs() > 1.5);
    assert_eq!(some.class, Class::B);
}

#[test]
fn a_table_worked_by_hand() {
    // One level: A = 30, B = 10, C = 20, D = 20; E(A) = 25, Var(A) = 40·40·50·30/(80²·79).
    let strata = counted(&[[[30, 10], [20, 20]]]);
    let tested = mantel_haenszel(&strata).unwrap();
    assert!((tested.chi_square - 4.5 * 4.5 / (2_400_000.0 / 505_600.0)).abs() < 1e-12);
    // Woolf's variance, to which that of Robins, Breslow & Greenland comes down at a single level.
    let woolf = 1.0 / 30.0 + 1.0 / 10.0 + 1.0 / 20.0 + 1.0 / 20.0;
    assert!((tested.lambda_variance - woolf).abs() < 1e-12);
    assert!((tested.lambda - 3.0_f64.ln()).abs() < 1e-15);
    let gain = power(1.5, 2.35 * woolf.sqrt(), 0.05);
    assert_eq!(tested.adequacy.power, Some(gain));
    assert!((standardisation(&strata, Weight::Focal).unwrap().p_dif + 0.25).abs() < 1e-15);
    assert!((mantel(&strata).unwrap().mean_difference + 0.25).abs() < 1e-15);
    // Pearson's χ² of the table is 16/3; conditional on the margins it is less by (T − 1)/T.
    let many = generalised_mantel_haenszel(&strata).unwrap();
    assert!((many.chi_square - 16.0 / 3.0 * 79.0 / 80.0).abs() < 1e-12);
}

#[test]
fn what_an_odds_ratio_needs_is_said() {
    let apart = counted(&[[[5, 0], [0, 5]]]);
    assert_eq!(mantel_haenszel(&apart), Err(FairnessError::NoRatio { item: 0 }));
    assert_eq!(breslow_day(&apart), Err(FairnessError::NoRatio { item: 0 }));
    let verdict = standardisation(&apart, Weight::Reference).unwrap();
    assert_eq!((verdict.p_dif, verdict.adequacy.power), (-1.0, None));
    assert!(verdict.adequacy.shortcomings().contains(&Shortcoming::UnknownPower));
    let one = counted(&[[[5, 2], [4, 5]]]);
    assert_eq!(breslow_day(&one), Err(FairnessError::OneLevel { item: 0 }));
    let alike = counted(&[[[5, 0], [5, 0]], [[0, 3], [0, 2]]]);
    let nothing = FairnessError::NoVariation { item: 0 };
    assert_eq!(mantel_haenszel(&alike), Err(nothing));
    assert_eq!(breslow_day(&alike), Err(nothing));
    assert_eq!(mantel(&alike), Err(nothing));
    assert_eq!(generalised_mantel_haenszel(&alike), Err(nothing));
}

#[test]
fn a_regression_without_a_maximum_is_an_error() {
    let certain = counted(&[[[5, 5], [10, 0]], [[6, 4], [10, 0]], [[7, 3], [10, 0]]]);
    assert_eq!(logistic(&certain, Effect::Uniform), Err(FairnessError::Certain { item: 0 }));
    let one_level = counted(&[[[5, 5], [6, 4]]]);
    assert_eq!(logistic(&one_level, Effect::Both), Err(FairnessError::Dependent { item: 0 }));
}

#[test]
fn classes_of_the_regression_follow_their_own_limits() {
    let strata = counted(&[[[10, 90], [60, 40]], [[50, 50], [90, 10]], [[90, 10], [99, 1]]]);
    let verdict = logistic(&strata, Effect::Uniform).unwrap();
    assert!(verdict.gain > 0.13 && verdict.gain < 0.26, "{}", verdict.gain);
    assert_eq!((verdict.class, verdict.class_zumbo_thomas), (Class::C, Class::B));
}

#[test]
fn statistics_of_two_groups_refuse_three_and_those_of_wrong_and_right_refuse_more() {
    let rows: Vec<[Option<u8>; 2]> = (0..12).map(|n| [Some(n % 2), Some(n % 3)]).collect();
    let responses = Responses::from_rows(2, rows).unwrap();
    let groups: Vec<u16> = (0..12).map(|n| n / 4).collect();
    let groups = Groups::new(&groups).unwrap();
    let strata = Strata::new(&responses, &groups, 0, Matching::Total).unwrap();
    let three = FairnessError::Groups { groups: 3 };
    assert_eq!(mantel_haenszel(&strata), Err(three));
    assert_eq!(mantel(&strata), Err(three));
    assert_eq!(sibtest(&responses, &groups, 0, &SibtestOptions::default()), Err(three));
    let ordered = Strata::new(&responses, &groups, 1, Matching::Total).unwrap();
    let categories = FairnessError::Categories { item: 1, categories: 3 };
    assert_eq!(generalised_mantel_haenszel(&ordered), Err(categories));
    let ordered = Strata::new(&responses, &groups.pair(0, 2).unwrap(), 1, Matching::Total).unwrap();
    assert_eq!(logistic(&ordered, Effect::Both), Err(categories));
}

#[test]
fn sibtest_needs_a_reliable_score_and_people_at_a_score() {
    let (responses, groups) = small();
    let only = SibtestOptions { matching: Some(&[1]), ..SibtestOptions::default() };
    let verdict = sibtest(&responses, &groups, 0, &only);
    assert!(matches!(verdict, Err(FairnessError::Reliability { item: 0, group: 0, .. })));
    let none = SibtestOptions { matching: Some(&[0]), ..SibtestOptions::default() };
    let expected = FairnessError::Strata(StrataError::NoMatchingItem { item: 0 });
    assert_eq!(sibtest(&responses, &groups, 0, &none), Err(expected));
    let rows: Vec<[Option<u8>; 4]> = (0..32).map(|n| [n & 1, n >> 1 & 1, n >> 1 & 1, n >> 2 & 1].map(Some)).collect();
    let groups: Vec<u16> = (0..32).map(|n| n >> 3 & 1).collect();
    let (responses, groups) = (Responses::from_rows(4, rows).unwrap(), Groups::new(&groups).unwrap());
    let strict = SibtestOptions { most_ignored: 50, ..SibtestOptions::default() };
    assert_eq!(sibtest(&responses, &groups, 0, &strict), Err(FairnessError::NoScore { item: 0, people: 50 }));
}

#[test]
fn purification_stops_when_it_goes_round_in_a_circle() {
    let circle = |matching: &[usize]| Ok::<_, ()>(if matching.contains(&0) { vec![0] } else { vec![1] });
    let end = purify(3, 4, circle).unwrap();
    assert_eq!((end.rounds, end.settled), (4, false));
    let nothing = purify(3, 4, |_: &[usize]| Ok::<_, ()>(Vec::new())).unwrap();
    assert_eq!((nothing.rounds, nothing.settled), (0, true));
    assert_eq!(purify(3, 4, |_: &[usize]| Err::<Vec<usize>, _>("stop")), Err("stop"));
}

#[test]
fn an_item_that_cannot_be_tested_is_reported_and_never_flagged() {
    let (responses, groups) = small();
    let all = mantel_haenszel_of_all(&responses, &groups, PurificationOptions { most_rounds: 0, significance: 0.05 });
    assert!(all.items.iter().any(Result::is_err));
    assert!(all.purification.flagged.is_empty());
}

#[test]
fn enough_people_and_power_leave_nothing_to_say() {
    let enough = Adequacy { smallest_group: 200, people: 500, left_out: 0, power: Some(0.8) };
    assert!(enough.shortcomings().is_empty());
    let few = Adequacy { smallest_group: 199, people: 499, left_out: 3, power: Some(0.79) };
    assert_eq!(
        few.shortcomings(),
        [
            Shortcoming::SmallGroup { people: 199 },
            Shortcoming::FewPeople { people: 499 },
            Shortcoming::LowPower { power: 0.79 }
        ]
    );
}

#[test]
fn areas_need_comparable_curves() {
    let logistic = |slope: f64, lower: f64| {
        ResponseFunction::new(vec![slope], Form::Logistic { intercept: 0.0, lower, upper: 1.0 }).unwrap()
    };
    let graded = ResponseFunction::new(vec![1.0], Form::Graded { intercepts: vec![1.0, 0.0] }).unwrap();
    let plane =
        ResponseFunction::new(vec![1.0, 1.0], Form::Logistic { intercept: 0.0, lower: 0.0, upper: 1.0 }).unwrap();
    let one = logistic(1.0, 0.0);
    assert_eq!(logistic_area(&one, &logistic(1.0, 0.2)), Err(AreaError::Asymptotes));
    assert_eq!(logistic_area(&one, &logistic(-1.0, 0.0)), Err(AreaError::Slope(-1.0)));
    assert_eq!(logistic_area(&one, &graded), Err(AreaError::NotLogistic));
    assert_eq!(logistic_area(&plane, &one), Err(AreaError::Dimensions { dimensions: 2 }));
    let all = (-4.0, 4.0);
    assert_eq!(area_between(&one, &graded, all), Err(AreaError::Categories { reference: 2, focal: 3 }));
    assert_eq!(area_between(&one, &plane, all), Err(AreaError::Dimensions { dimensions: 2 }));
    assert_eq!(area_between(&one, &one, (1.0, 1.0)), Err(AreaError::Range { from: 1.0, to: 1.0 }));
    assert_eq!(area_between(&one, &one, (0.0, f64::INFINITY)), Err(AreaError::Range { from: 0.0, to: f64::INFINITY }));
    let different = area_between(&one, &logistic(1.0, 0.2), all).unwrap();
    assert!(different.signed < 0.0 && different.unsigned == -different.signed);
}
