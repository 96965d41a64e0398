use melek_irt::ability::Estimate;
use melek_irt::calibration::Grid;
use melek_irt::model::{Form, ResponseFunction};
use melek_irt::response_time::{AbilityScale, effort_moderated};
use melek_irt::responses::Response;
use melek_irt::similarity::*;
use proptest::prelude::*;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::response_time::draws::{standard_normal, uniform};
use crate::table::{self, Row, assert_near, assert_relative};

/// Numbers of a table's column by their case.
fn by_case(rows: &[Row], column: &str) -> Vec<Vec<f64>> {
    let cases = rows.iter().map(|row| row.count("case")).max().unwrap() + 1;
    let own = |case| rows.iter().filter(move |row| row.count("case") == case).map(|row| row.number(column));
    (0..cases).map(|case| own(case).collect()).collect()
}

/// The items of `similarity_items.csv`: fourteen of four options, ten of right and wrong.
fn reference_items() -> Vec<ResponseFunction> {
    let function = |row: &Row| {
        let of = |name: &str| [1, 2, 3].map(|n| row.number(&format!("{name}{n}"))).to_vec();
        let (slope, scoring, intercepts) = (row.number("slope"), of("score"), of("intercept"));
        match row.count("item") {
            0..14 => ResponseFunction::new(vec![slope], Form::DivideByTotal { scoring, intercepts }),
            _ => ResponseFunction::two_parameter(slope, intercepts[0]),
        }
    };
    table::read("similarity_items.csv").iter().map(function).collect::<Result<_, _>>().unwrap()
}

/// Abilities and answers of `similarity_answers.csv`.
fn reference_people() -> Vec<([f64; 1], Vec<Response>)> {
    let mut people = vec![([0.0], Vec::new()); 6];
    for row in table::read("similarity_answers.csv") {
        let (ability, answers) = &mut people[row.count("person")];
        *ability = [row.number("ability")];
        answers.push(Response { item: row.count("item") as u16, category: row.count("category") as u8 });
    }
    people
}

fn examinees(people: &[([f64; 1], Vec<Response>)]) -> Vec<Examinee<'_>> {
    people.iter().map(|(ability, answers)| Examinee { answers, ability }).collect()
}

const POLICY: Policy = Policy { index: Index::GeneralizedBinomial, control: Control::FamilyWiseError, level: 0.05 };

#[test]
fn match_distribution_agrees_with_exact_fractions() {
    let chances = by_case(&table::read("similarity_chances.csv"), "probability");
    let expected = by_case(&table::read("similarity_distribution.csv"), "probability");
    for (chances, expected) in chances.iter().zip(&expected) {
        let distribution = match_distribution(chances).unwrap();
        assert_eq!(distribution.len(), expected.len());
        for (own, expected) in distribution.iter().zip(expected) {
            assert_relative(*own, *expected, 1e-13);
        }
    }
}

#[test]
fn omega_and_generalized_binomial_agree_with_the_characteristic_function() {
    let (items, people) = (reference_items(), reference_people());
    let (room, test) = (examinees(&people), SimilarityTest { items: &items, minimum_common: 10 });
    for row in table::read("similarity_pairs.csv") {
        let (first, second) = (&room[row.count("first")], &room[row.count("second")]);
        let own = omega(&test, first, second).unwrap();
        assert_eq!((own.common, own.matches), (row.count("common"), row.count("matches")));
        assert_relative(own.expected, row.number("expected"), 1e-12);
        assert_near(own.omega, row.number("omega"), 1e-10);
        assert_relative(own.p_value, row.number("p_value"), 1e-10);
        assert_relative(own.exact_p_value, row.number("exact_p_value"), 1e-10);
        let both = generalized_binomial(&test, first, second).unwrap();
        assert_eq!((both.common, both.matches), (own.common, own.matches));
        assert_relative(both.expected, row.number("binomial_expected"), 1e-12);
        assert_relative(both.p_value, row.number("binomial_p_value"), 1e-10);
    }
}

#[test]
fn benjamini_hochberg_and_holm_agree_with_scipy_and_numpy() {
    let rows = table::read("similarity_multiplicity.csv");
    let of = |column| by_case(&rows, column);
    for ((p_values, discovery), strict) in of("p_value").iter().zip(of("benjamini_hochberg")).zip(of("holm")) {
        for (own, expected) in benjamini_hochberg(p_values).unwrap().iter().zip(discovery) {
            assert_near(*own, expected, 1e-15);
        }
        for (own, expected) in holm(p_values).unwrap().iter().zip(strict) {
            assert_near(*own, expected, 1e-15);
        }
    }
}

/// Items of four options, one of them right and rising with ability.
fn nominal_items(count: u16) -> Vec<ResponseFunction> {
    let item = |n: u16| {
        let shift = 0.12 * f64::from(n % 20) - 1.2;
        let form = Form::DivideByTotal { scoring: vec![0.2, 0.4, 1.4], intercepts: vec![0.3, -0.4, 0.6 + shift] };
        ResponseFunction::new(vec![1.0], form).unwrap()
    };
    (0..count).map(item).collect()
}

/// A person who works alone, each item given with the stated chance.
fn alone(items: &[ResponseFunction], given: f64, rng: &mut ChaCha8Rng) -> ([f64; 1], Vec<Response>) {
    let ability = [standard_normal(rng)];
    let mut answers = Vec::new();
    for (item, function) in (0..).zip(items) {
        if uniform(rng) < given {
            let (mut rest, mut category) = (uniform(rng), 0);
            for (option, probability) in (0..).zip(function.probabilities(&ability)) {
                category = option;
                rest -= probability;
                if rest < 0.0 {
                    break;
                }
            }
            answers.push(Response { item, category });
        }
    }
    (ability, answers)
}

/// Posterior mean of ability from the answers themselves, as in practice.
fn estimated(items: &[ResponseFunction], answers: &[Response]) -> [f64; 1] {
    let population = Estimate { mean: 0.0, standard_error: 1.0 };
    let scale = AbilityScale { items, population, grid: Grid { points: 41, lowest: -5.0, highest: 5.0 } };
    let answers: Vec<(Response, bool)> = answers.iter().map(|answer| (*answer, false)).collect();
    [effort_moderated(&scale, &answers).unwrap().all_answers.mean]
}

/// For every policy, the share of 200 rooms of twenty honest people with an alarm; abilities estimated from the answers,
/// each item given with the stated chance.
fn rooms_with_alarms(policies: &[Policy], given: f64) -> Vec<f64> {
    let items = nominal_items(40);
    let test = SimilarityTest { items: &items, minimum_common: 10 };
    let mut alarms = vec![0.0; policies.len()];
    for seed in 0..200 {
        let mut rng = ChaCha8Rng::seed_from_u64(19_970 + seed);
        let mut people: Vec<_> = (0..20).map(|_| alone(&items, given, &mut rng)).collect();
        for (ability, answers) in &mut people {
            *ability = estimated(&items, answers);
        }
        for (alarms, policy) in alarms.iter_mut().zip(policies) {
            let report = compare_room(&test, &examinees(&people), policy).unwrap();
            *alarms += f64::from(u8::from(report.findings.iter().any(|finding| finding.alarm))) / 200.0;
        }
    }
    alarms
}

/// Four standard errors of 200 rooms at .05: 4 √(.05 · .95 / 200).
const ROOM_NOISE: f64 = 0.062;

#[test]
fn a_room_of_honest_people_raises_an_alarm_no_more_often_than_the_level_says() {
    let policy = |index, control| Policy { index, control, ..POLICY };
    let policies = [
        policy(Index::GeneralizedBinomial, Control::FamilyWiseError),
        policy(Index::GeneralizedBinomial, Control::FalseDiscoveryRate),
        policy(Index::Omega, Control::FamilyWiseError),
        policy(Index::Omega, Control::FalseDiscoveryRate),
    ];
    let (full, sparse) = (rooms_with_alarms(&policies, 1.0), rooms_with_alarms(&policies, 0.6));
    assert!(full.iter().chain(&sparse).all(|share| *share <= 0.05 + ROOM_NOISE), "{full:?} {sparse:?}");
}

#[test]
fn p_values_of_honest_pairs_fall_below_a_level_no_more_often_than_it_says() {
    let items = nominal_items(40);
    let test = SimilarityTest { items: &items, minimum_common: 40 };
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let (mut binomial, mut directed) = (0.0, 0.0);
    for _ in 0..10_000 {
        let people = [alone(&items, 1.0, &mut rng), alone(&items, 1.0, &mut rng)];
        let pair = examinees(&people);
        binomial += f64::from(u8::from(generalized_binomial(&test, &pair[0], &pair[1]).unwrap().p_value <= 0.05));
        directed += f64::from(u8::from(omega(&test, &pair[0], &pair[1]).unwrap().exact_p_value <= 0.05));
    }
    // Discreteness keeps the share below the level; four standard errors above it are .0087.
    for share in [binomial / 10_000.0, directed / 10_000.0] {
        assert!(share > 0.02 && share < 0.05 + 0.0087, "{share}");
    }
}

#[test]
fn a_person_who_copies_most_answers_is_the_first_alarm_of_the_room() {
    let items = nominal_items(40);
    let mut rng = ChaCha8Rng::seed_from_u64(1_997);
    let mut people: Vec<_> = (0..20).map(|_| alone(&items, 1.0, &mut rng)).collect();
    for item in 0..32 {
        people[3].1[item] = people[11].1[item];
    }
    people[3].0 = estimated(&items, &people[3].1);
    let test = SimilarityTest { items: &items, minimum_common: 10 };
    for index in [Index::GeneralizedBinomial, Index::Omega] {
        let report = compare_room(&test, &examinees(&people), &Policy { index, ..POLICY }).unwrap();
        let first = report.findings[0];
        assert_eq!((first.first.min(first.second), first.first.max(first.second)), (3, 11));
        assert!(first.alarm && first.adjusted_p_value < 0.001, "{first:?}");
        let (tests, alarms) = (report.findings.len(), report.findings.iter().filter(|one| one.alarm).count());
        assert_eq!((tests, alarms), if index == Index::Omega { (380, 2) } else { (190, 1) });
    }
}

#[test]
fn people_of_an_adaptive_test_who_share_too_few_items_are_not_compared() {
    let items = nominal_items(30);
    let answers =
        |from: u16, to: u16| -> Vec<Response> { (from..to).map(|item| Response { item, category: 0 }).collect() };
    let people = [([0.0], answers(0, 15)), ([0.0], answers(5, 25)), ([0.0], answers(20, 30))];
    let test = SimilarityTest { items: &items, minimum_common: 10 };
    let report = compare_room(&test, &examinees(&people), &POLICY).unwrap();
    assert_eq!((report.findings.len(), report.pairs_not_compared), (1, 2));
    assert_eq!((report.findings[0].first, report.findings[0].second, report.findings[0].common), (0, 1, 10));
    let room = examinees(&people);
    let few = SimilarityError::TooFewCommon { common: 5, minimum: 10 };
    assert_eq!(generalized_binomial(&test, &room[1], &room[2]), Err(few.clone()));
    assert_eq!(omega(&test, &room[1], &room[2]), Err(few));
    let none = SimilarityTest { minimum_common: 0, ..test };
    let nothing = SimilarityError::TooFewCommon { common: 0, minimum: 1 };
    assert_eq!(omega(&none, &room[0], &room[2]), Err(nothing));
}

#[test]
fn answers_that_cannot_be_compared_are_refused_with_the_person() {
    let items = nominal_items(3);
    let test = SimilarityTest { items: &items, minimum_common: 1 };
    let right = [Response { item: 0, category: 1 }];
    let good = Examinee { answers: &right, ability: &[0.0] };
    let refused = |answers: &[Response], ability: &[f64], source: SimilarityError| {
        let bad = Examinee { answers, ability };
        assert_eq!(omega(&test, &bad, &good), Err(source.clone()));
        assert_eq!(generalized_binomial(&test, &good, &bad), Err(source.clone()));
        let named = SimilarityError::Person { person: 1, source: Box::new(source) };
        assert_eq!(compare_room(&test, &[good, bad], &POLICY), Err(named));
    };
    let answer = |item, category| Response { item, category };
    refused(&[answer(1, 0), answer(1, 0)], &[0.0], SimilarityError::Order { before: 1, item: 1 });
    refused(&[answer(3, 0)], &[0.0], SimilarityError::UnknownItem { item: 3, items: 3 });
    let category = SimilarityError::UnknownCategory { item: 2, category: 4, categories: 4 };
    refused(&[answer(2, 4)], &[0.0], category);
    let dimensions = SimilarityError::Dimensions { item: 0, dimensions: 1, abilities: 2 };
    refused(&right, &[0.0, 1.0], dimensions);
    refused(&right, &[f64::INFINITY], SimilarityError::Ability(f64::INFINITY));
    let level = Policy { level: 1.0, ..POLICY };
    assert_eq!(compare_room(&test, &[good], &level), Err(SimilarityError::Level(1.0)));
    assert!(compare_room(&test, &[good], &POLICY).unwrap().findings.is_empty());
}

#[test]
fn answers_that_are_certain_say_nothing_about_copying() {
    let form = Form::DivideByTotal { scoring: vec![1.0], intercepts: vec![2_000.0] };
    let items = [ResponseFunction::new(vec![1.0], form).unwrap()];
    let answers = [Response { item: 0, category: 1 }];
    let person = Examinee { answers: &answers, ability: &[0.0] };
    let test = SimilarityTest { items: &items, minimum_common: 1 };
    assert_eq!(omega(&test, &person, &person), Err(SimilarityError::Certain));
    assert_eq!(generalized_binomial(&test, &person, &person).unwrap().p_value, 1.0);
}

#[test]
fn numbers_that_are_no_probabilities_are_refused_by_position() {
    let bad = MatchDistributionError::Probability { trial: 1, probability: 1.5 };
    assert_eq!(match_distribution(&[0.5, 1.5]), Err(bad));
    let range = MultiplicityError::Range { test: 0, p_value: -0.5 };
    assert_eq!((holm(&[-0.5]), benjamini_hochberg(&[-0.5])), (Err(range), Err(range)));
    assert_eq!((holm(&[]), benjamini_hochberg(&[])), (Ok(Vec::new()), Ok(Vec::new())));
}

proptest! {
    #[test]
    fn the_distribution_of_agreements_sums_to_one_and_equals_all_patterns(
        chances in proptest::collection::vec(0.0_f64..=1.0, 8),
    ) {
        let distribution = match_distribution(&chances).unwrap();
        prop_assert!((distribution.iter().sum::<f64>() - 1.0).abs() < 1e-14);
        let mut brute = [0.0; 9];
        for pattern in 0_u32..256 {
            let chance = |(n, p): (usize, &f64)| if pattern >> n & 1 == 1 { *p } else { 1.0 - p };
            brute[pattern.count_ones() as usize] += chances.iter().enumerate().map(chance).product::<f64>();
        }
        for (own, expected) in distribution.iter().zip(brute) {
            prop_assert!((own - expected).abs() < 1e-14);
        }
    }

    #[test]
    fn the_distribution_of_agreements_sums_to_one_for_long_tests(
        chances in proptest::collection::vec(0.0_f64..=1.0, 0..300),
    ) {
        let distribution = match_distribution(&chances).unwrap();
        prop_assert!((distribution.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        prop_assert!(distribution.iter().all(|p| (0.0..=1.0).contains(p)));
    }

    #[test]
    fn adjusted_p_values_are_probabilities_at_least_as_large_and_holm_is_the_stricter(
        p_values in proptest::collection::vec(0.0_f64..=1.0, 0..60),
    ) {
        let (discovery, strict) = (benjamini_hochberg(&p_values).unwrap(), holm(&p_values).unwrap());
        for ((p, discovery), strict) in p_values.iter().zip(discovery).zip(strict) {
            prop_assert!(*p <= discovery && discovery <= strict + 1e-15 && strict <= 1.0);
        }
    }

    #[test]
    fn the_order_of_people_in_a_room_changes_no_finding(seed in 0_u64..1_000, by in 1_usize..8) {
        let items = nominal_items(20);
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let people: Vec<_> = (0..8).map(|_| alone(&items, 0.8, &mut rng)).collect();
        let test = SimilarityTest { items: &items, minimum_common: 8 };
        let mut turned = people.clone();
        turned.rotate_left(by);
        for index in [Index::GeneralizedBinomial, Index::Omega] {
            let p_values = |people: &[([f64; 1], Vec<Response>)]| -> Vec<f64> {
                let report = compare_room(&test, &examinees(people), &Policy { index, ..POLICY }).unwrap();
                report.findings.iter().map(|finding| finding.p_value).collect()
            };
            let (one, other) = (p_values(&people), p_values(&turned));
            prop_assert_eq!(one.len(), other.len());
            prop_assert!(one.iter().zip(&other).all(|(a, b)| (a - b).abs() < 1e-12 && (0.0..=1.0).contains(a)));
        }
    }

    #[test]
    fn the_generalized_binomial_test_does_not_mind_who_is_first(seed in 0_u64..1_000) {
        let items = nominal_items(20);
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let people = [alone(&items, 1.0, &mut rng), alone(&items, 1.0, &mut rng)];
        let pair = examinees(&people);
        let test = SimilarityTest { items: &items, minimum_common: 5 };
        let of = |a: usize, b: usize| generalized_binomial(&test, &pair[a], &pair[b]).unwrap();
        prop_assert_eq!(of(0, 1), of(1, 0));
    }
}
