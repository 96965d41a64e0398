use melek_irt::model::Item;
use melek_irt::selection::one_dimension::{self, PoolOnGrid};
use melek_irt::selection::shadow_test::{
    Accuracy, Blueprint, BlueprintError, Relaxation, Rule, ShadowTest, Sitting, choose,
};
use melek_irt::selection::{
    Choice, Exposure, ExposureCeiling, ExposureControl, Pool, PoolItem, Progress, Quota, Quotas, Scope, Showings,
};
use proptest::prelude::*;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use crate::table;

#[path = "../../benches/shadow_test/pool.rs"]
mod pool;

fn free() -> Exposure<'static> {
    counted(ExposureControl::NONE, 1, &[])
}

fn counted(control: ExposureControl, started: u64, shown: &[u64]) -> Exposure<'_> {
    let showings = Showings { started, shown };
    Exposure { control, counts: showings, priced: showings, refused: &[], seed: 1, price_factor: 1.0 }
}

fn controlled(rate: f64, price: f64, exploration: f64) -> ExposureControl {
    ExposureControl { ceiling: ExposureCeiling::new(rate, 3.0).unwrap(), price, spread: 0.0, exploration }
}

/// The next item by score alone.
fn next(blueprint: &Blueprint, test: &mut ShadowTest, scores: &[f64]) -> Option<usize> {
    let score = |position: usize| scores[position];
    choose(&mut Sitting { blueprint, test, best_few: 1 }, score, &free(), &mut ChaCha8Rng::seed_from_u64(1))
        .map(|choice| choice.position)
}

/// A test that has given some items and its next, so that the shadow test is up to date.
fn started(blueprint: &Blueprint, given: &[usize], scores: &[f64]) -> ShadowTest {
    let mut test = ShadowTest::new(blueprint, &[]);
    for &position in given {
        test.give(blueprint, position);
    }
    next(blueprint, &mut test, scores);
    test
}

fn whole(test: &ShadowTest) -> Vec<usize> {
    test.given().iter().chain(test.to_come()).copied().collect()
}

/// Value of the best test that obeys all rules, of all there are.
fn by_brute_force(
    (length, families): (usize, &[Option<u32>]),
    rules: &[Rule],
    scores: &[f64],
    given: &[usize],
) -> Option<f64> {
    let items = scores.len();
    let obeys = |taken: u32| {
        let is_in = |position: &usize| taken >> position & 1 == 1;
        let test: Vec<usize> = (0..items).filter(is_in).collect();
        let mut seen = Vec::new();
        for family in test.iter().filter_map(|&position| families[position]) {
            if seen.contains(&family) {
                return None;
            }
            seen.push(family);
        }
        let kept = |rule: &Rule| {
            let sum: f64 = test.iter().map(|&position| rule.weights[position]).sum();
            rule.minimum.is_none_or(|minimum| sum >= minimum) && rule.maximum.is_none_or(|maximum| sum <= maximum)
        };
        let all = given.iter().all(is_in) && rules.iter().all(kept);
        all.then(|| test.iter().map(|&position| scores[position]).sum::<f64>())
    };
    let of_length = (0_u32..1 << items).filter(|taken| taken.count_ones() as usize == length);
    of_length.filter_map(obeys).max_by(f64::total_cmp)
}

#[test]
fn whole_tests_are_worth_what_highs_finds() {
    let (items, rules, weights) = (
        table::read("shadow_test_items.csv"),
        table::read("shadow_test_rules.csv"),
        table::read("shadow_test_weights.csv"),
    );
    for expected in table::read("shadow_test.csv") {
        let of_case = |row: &&table::Row| row.text("case") == expected.text("case");
        let (mut scores, mut families) = (Vec::new(), Vec::new());
        for row in items.iter().filter(of_case) {
            scores.push(row.number("score"));
            families.push(row.text("family").parse::<u32>().ok());
        }
        let mut own: Vec<Rule> = Vec::new();
        for row in rules.iter().filter(of_case) {
            own.push(Rule {
                name: row.text("rule").into(),
                weights: vec![0.0; scores.len()],
                minimum: Some(row.number("minimum")),
                maximum: Some(row.number("maximum")),
            });
        }
        for row in weights.iter().filter(of_case) {
            own[row.count("rule")].weights[row.count("position")] = row.number("weight");
        }
        let given: Vec<usize> = expected.text("given").split_whitespace().map(|one| one.parse().unwrap()).collect();
        for accuracy in [Accuracy::EXACT, Accuracy::LIVE] {
            let made = Blueprint::new(expected.count("length"), &families, own.clone(), accuracy);
            let best = expected.number("value");
            let Ok(blueprint) = made else {
                assert!(best.is_nan(), "case {}: {made:?}", expected.text("case"));
                continue;
            };
            let test = started(&blueprint, &given, &scores);
            let value: f64 = whole(&test).iter().map(|&position| scores[position]).sum();
            let fixed: f64 = given.iter().map(|&position| scores[position]).sum();
            if best.is_nan() {
                assert!(!test.relaxed().is_empty());
            } else if accuracy == Accuracy::EXACT {
                table::assert_near(value, best, 1e-9);
                assert!(blueprint.broken(&whole(&test)).is_empty());
            } else {
                assert!(value >= best - 0.005 * (best - fixed) - 1e-9 && value <= best + 1e-9, "{value} {best}");
                assert!(best - value <= test.gap() * (value - fixed) + 1e-9);
            }
        }
    }
}

/// A person of the made-up pool answers as the difficulties say; `step` chooses and sees every choice.
fn play(
    made: &pool::Made,
    blueprint: &Blueprint,
    (person, test): (u64, &mut ShadowTest),
    mut step: impl FnMut(&mut ShadowTest, &dyn Fn(usize) -> f64, &mut ChaCha8Rng) -> Option<Choice>,
) {
    let mut rng = ChaCha8Rng::seed_from_u64(person);
    let ability = (person % 41) as f64 / 10.0 - 2.0;
    let (mut estimate, mut information) = (0.0, 1.0);
    loop {
        let score = |position: usize| {
            Item::new(made.discrimination[position], made.difficulty[position], 0.0).unwrap().information(estimate)
        };
        let Some(choice) = step(test, &score, &mut rng) else { break };
        information += score(choice.position);
        test.give(blueprint, choice.position);
        let right = made.difficulty[choice.position]
            < ability + 0.4 * f64::from((person + choice.position as u64) as u32 % 3) - 0.4;
        estimate += if right { 0.7 } else { -0.7 } / information;
    }
}

#[test]
fn no_rule_is_broken_in_two_hundred_tests_under_a_ceiling() {
    let made = pool::made(1);
    let blueprint = Blueprint::new(pool::LENGTH, &made.families, made.rules.clone(), Accuracy::LIVE).unwrap();
    let mut shown = vec![0_u64; pool::ITEMS];
    for person in 0..200 {
        let counts = shown.clone();
        let exposure = counted(controlled(0.5, 0.3, 0.02), person + 1, &counts);
        let mut test = ShadowTest::new(&blueprint, &[]);
        play(&made, &blueprint, (person, &mut test), |test, score, rng| {
            let choice = choose(&mut Sitting { blueprint: &blueprint, test, best_few: 1 }, score, &exposure, rng)?;
            assert!(blueprint.broken(&whole(test)).is_empty(), "a shadow test obeys all rules");
            assert!(exposure.control.ceiling.permits(counts[choice.position], person + 1));
            shown[choice.position] += 1;
            Some(choice)
        });
        assert_eq!((test.given().len(), test.relaxed()), (pool::LENGTH, [].as_slice()));
        assert!(blueprint.broken(test.given()).is_empty());
        let mut families: Vec<u32> = test.given().iter().filter_map(|&position| made.families[position]).collect();
        families.sort_unstable();
        assert!(families.windows(2).all(|pair| pair[0] != pair[1]));
    }
}

#[test]
fn a_path_can_be_played_again_when_the_counters_have_moved_on() {
    let made = pool::made(2);
    let blueprint = Blueprint::new(pool::LENGTH, &made.families, made.rules.clone(), Accuracy::LIVE).unwrap();
    // A third of the items is closed.
    let shown: Vec<u64> = (0..pool::ITEMS as u64).map(|item| 20 * (item * 7 % 3)).collect();
    let exposure = counted(controlled(0.25, 0.2, 0.1), 100, &shown);
    for person in 0..10 {
        let mut choices = Vec::new();
        let mut first = ShadowTest::new(&blueprint, &[]);
        play(&made, &blueprint, (person, &mut first), |test, score, rng| {
            let choice = choose(&mut Sitting { blueprint: &blueprint, test, best_few: 2 }, score, &exposure, rng)?;
            choices.push(choice.clone());
            Some(choice)
        });
        assert!(choices.iter().any(|choice| !choice.refused.is_empty()));
        let control = ExposureControl { ceiling: ExposureCeiling::NONE, ..exposure.control };
        let mut again = ShadowTest::new(&blueprint, &[]);
        play(&made, &blueprint, (person, &mut again), |test, score, rng| {
            let refused = choices.get(test.given().len()).map_or(&[][..], |choice| choice.refused.as_slice());
            choose(
                &mut Sitting { blueprint: &blueprint, test, best_few: 2 },
                score,
                &Exposure { control, refused, ..exposure },
                rng,
            )
        });
        assert_eq!(first.given(), again.given());
    }
}

#[test]
fn a_blueprint_that_cannot_be_met_names_rules_of_which_none_can_stay_beside_the_others() {
    let made = pool::made(1);
    let attempts: [&[(&str, f64, f64)]; 3] = [
        &[("words", 2400.0, 2450.0), ("seconds", 3300.0, 3400.0)],
        &[("area 0", 7.0, 8.0)],
        &[("made with AI", 6.0, 8.0), ("village", 0.0, 2.0), ("level 0", 14.0, 14.0), ("level 1", 14.0, 30.0)],
    ];
    for changes in attempts {
        let mut rules = made.rules.clone();
        for &(name, minimum, maximum) in changes {
            let rule = rules.iter_mut().find(|rule| rule.name == name).unwrap();
            (rule.minimum, rule.maximum) = (Some(minimum), Some(maximum));
        }
        let refused = Blueprint::new(pool::LENGTH, &made.families, rules.clone(), Accuracy::LIVE);
        let Err(BlueprintError::Conflict(names)) = refused else { panic!("{refused:?}") };
        assert!(changes.iter().any(|(name, ..)| names.iter().any(|one| one == name)), "{names:?}");
        let named: Vec<Rule> = rules.into_iter().filter(|rule| names.contains(&rule.name)).collect();
        let make = |rules: Vec<Rule>| Blueprint::new(pool::LENGTH, &made.families, rules, Accuracy::LIVE);
        assert!(make(named.clone()).is_err());
        for left_out in 0..named.len() {
            let mut others = named.clone();
            others.remove(left_out);
            assert!(make(others).is_ok(), "{names:?} without {}", named[left_out].name);
        }
    }
}

#[test]
fn items_withdrawn_in_the_middle_of_a_test_never_end_it_and_what_is_given_up_is_said() {
    let made = pool::made(1);
    let blueprint = Blueprint::new(pool::LENGTH, &made.families, made.rules.clone(), Accuracy::LIVE).unwrap();
    for (person, names) in
        [&["competence 7"][..], &["type 2"], &["village"], &["competence 3", "type 5"]].iter().enumerate()
    {
        let mut test = ShadowTest::new(&blueprint, &[]);
        play(&made, &blueprint, (person as u64, &mut test), |test, score, rng| {
            if test.given().len() == 5 {
                for rule in made.rules.iter().filter(|rule| names.contains(&rule.name.as_str())) {
                    for position in (0..pool::ITEMS).filter(|&position| rule.weights[position] > 0.0) {
                        test.leave_out(position);
                    }
                }
            }
            choose(&mut Sitting { blueprint: &blueprint, test, best_few: 1 }, score, &free(), rng)
        });
        assert_eq!(test.given().len(), pool::LENGTH);
        let relaxed = |relaxation: &Relaxation| match relaxation {
            Relaxation::Rule { rule, .. } => Some(*rule),
            Relaxation::Length(_) => None,
        };
        let given_up: Vec<usize> = test.relaxed().iter().filter_map(relaxed).collect();
        let broken = blueprint.broken(test.given());
        assert!(broken.iter().all(|rule| given_up.contains(rule)), "{broken:?} {given_up:?}");
        assert!(broken.iter().all(|&rule| names.contains(&made.rules[rule].name.as_str())), "{broken:?}");
        assert!(given_up.len() <= names.len());
    }
}

#[test]
fn a_test_ends_early_when_too_few_families_are_left() {
    let families = [Some(1), Some(1), None, None];
    let blueprint = Blueprint::new(3, &families, Vec::new(), Accuracy::EXACT).unwrap();
    let mut test = ShadowTest::new(&blueprint, &[2]);
    while let Some(position) = next(&blueprint, &mut test, &[0.1, 0.2, 0.3, 0.4]) {
        test.give(&blueprint, position);
    }
    assert_eq!((test.given(), test.relaxed()), ([3, 1].as_slice(), [Relaxation::Length(2)].as_slice()));
}

#[test]
fn a_ceiling_that_leaves_no_test_gives_way_to_the_rules() {
    let rules = vec![Rule::count("a", (0..4).map(|item| item < 2), Some(1), Some(1))];
    let blueprint = Blueprint::new(2, &[None; 4], rules, Accuracy::EXACT).unwrap();
    let exposure = counted(controlled(0.25, 0.0, 0.0), 100, &[90, 80, 0, 0]);
    let mut test = ShadowTest::new(&blueprint, &[]);
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    while let Some(choice) = choose(
        &mut Sitting { blueprint: &blueprint, test: &mut test, best_few: 1 },
        |item| item as f64,
        &exposure,
        &mut rng,
    ) {
        test.give(&blueprint, choice.position);
    }
    assert_eq!(test.given(), [3, 1]);
}

#[test]
fn rules_that_make_no_sense_are_refused() {
    let rule =
        |weights: &[f64], minimum, maximum| Rule { name: "words".into(), weights: weights.to_vec(), minimum, maximum };
    let make = |length, rule| Blueprint::new(length, &[None; 2], vec![rule], Accuracy::LIVE);
    assert_eq!(make(0, rule(&[1.0, 1.0], None, Some(1.0))), Err(BlueprintError::Length));
    let weights = BlueprintError::Weights { rule: "words".into(), weights: 1, items: 2 };
    assert_eq!(make(1, rule(&[1.0], None, Some(1.0))), Err(weights));
    assert!(matches!(
        make(1, rule(&[1.0, f64::INFINITY], None, None)),
        Err(BlueprintError::Weight { position: 1, .. })
    ));
    assert!(matches!(make(1, rule(&[1.0, 1.0], Some(2.0), Some(1.0))), Err(BlueprintError::Bounds { .. })));
    assert!(matches!(make(1, rule(&[1.0, 1.0], Some(f64::NAN), None)), Err(BlueprintError::Bounds { .. })));
    let offered = BlueprintError::Offered { length: 3, offered: 2 };
    assert_eq!(make(3, rule(&[1.0, 1.0], None, Some(3.0))), Err(offered));
}

/// Rules of several kinds over a dozen items: kinds that overlap, a sum of words, enemies.
fn small_rules(items: usize) -> impl Strategy<Value = Vec<Rule>> {
    let one = (proptest::collection::vec(0_u8..3, items), 0_usize..3, 0_usize..4, 0_usize..4).prop_map(
        move |(draws, sort, least, more)| {
            let bound = |bound: usize| bound as f64;
            match sort {
                0 => Rule::count("kind", draws.iter().map(|&draw| draw == 0), Some(least), Some(least + more)),
                1 => Rule {
                    name: "words".into(),
                    weights: draws.iter().map(|&draw| 10.0 * f64::from(draw) + 5.0).collect(),
                    minimum: (least % 2 == 0).then_some(15.0 * bound(least)),
                    maximum: Some(15.0 * bound(least) + 20.0 * bound(more) + 5.0),
                },
                _ => Rule::enemies("enemies", items, &[least, 4 + more]),
            }
        },
    );
    proptest::collection::vec(one, 0..6)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn the_shadow_test_is_the_best_of_all_tests(
        rules in small_rules(12), length in 1_usize..7, scores in proptest::collection::vec(-0.5..2.0, 12),
        families in proptest::collection::vec(proptest::option::of(0_u32..4), 12), given in 0_usize..12, gives in any::<bool>(),
    ) {
        let best = by_brute_force((length, &families), &rules, &scores, &[]);
        match Blueprint::new(length, &families, rules.clone(), Accuracy::EXACT) {
            Ok(blueprint) => {
                prop_assert!(best.is_some());
                let given = if gives { vec![given] } else { Vec::new() };
                let test = started(&blueprint, &given, &scores);
                match by_brute_force((length, &families), &rules, &scores, &given) {
                    Some(best) => {
                        let value: f64 = whole(&test).iter().map(|&position| scores[position]).sum();
                        prop_assert!((value - best).abs() < 1e-9 || length == given.len(), "{} {}", value, best);
                        prop_assert_eq!(test.relaxed(), []);
                    }
                    None => {
                        let broken = blueprint.broken(&whole(&test));
                        let is_named = |rule: &usize| test.relaxed().iter().any(|one| matches!(one, Relaxation::Rule { rule: own, .. } if own == rule));
                        prop_assert!(length == given.len() || broken.iter().all(is_named) || whole(&test).len() < length);
                        // No single rule would have done where two were given up.
                        if test.relaxed().len() == 2 && whole(&test).len() == length {
                            for left_out in 0..rules.len() {
                                let mut fewer = rules.clone();
                                fewer.remove(left_out);
                                prop_assert_eq!(by_brute_force((length, &families), &fewer, &scores, &given), None);
                            }
                        }
                    }
                }
            }
            Err(BlueprintError::Offered { .. }) => prop_assert_eq!(best, None),
            Err(BlueprintError::Conflict(names)) => {
                prop_assert_eq!(best, None);
                prop_assert!(!names.is_empty());
            }
            Err(error) => prop_assert!(false, "{}", error),
        }
    }

    #[test]
    fn a_conflict_cannot_be_made_smaller(
        rules in small_rules(10), length in 1_usize..6, excluded in proptest::collection::vec(0_usize..10, 0..6),
    ) {
        let families = [None; 10];
        let Ok(blueprint) = Blueprint::new(length, &families, rules.clone(), Accuracy::EXACT) else { return Ok(()) };
        let mut kept: Vec<Rule> = rules;
        // Withdrawn items weigh nothing and there are none of them.
        kept.push(Rule::count("excluded", (0..10).map(|item| excluded.contains(&item)), None, Some(0)));
        let possible = |rules: &[Rule]| by_brute_force((length, &families), rules, &[0.0; 10], &[]).is_some();
        match blueprint.conflict(&excluded) {
            None => prop_assert!(possible(&kept)),
            Some(conflict) => {
                let subset = |without: Option<usize>| {
                    let named = conflict.iter().filter(|&&rule| Some(rule) != without).map(|&rule| kept[rule].clone());
                    named.chain(kept.last().cloned()).collect::<Vec<Rule>>()
                };
                prop_assert!(!possible(&subset(None)));
                for &rule in &conflict {
                    prop_assert!(possible(&subset(Some(rule))));
                }
            }
        }
    }

    #[test]
    fn under_rules_within_one_another_the_items_are_those_of_the_quotas(
        kinds in proptest::collection::vec((0_usize..3, 0_usize..2, -2.0..2.0), 15..40), length in 3_usize..10,
        bounds in proptest::collection::vec((0_usize..3, 0_usize..4), 9), families in 0_u32..12,
    ) {
        // Three outer kinds with two inner ones each: inner kind of outer o is 3 + 2 o + i.
        let mut all: Vec<Quota> = Vec::new();
        for (place, (minimum, more)) in bounds.iter().enumerate() {
            let parent = place.checked_sub(3).map(|inner| inner / 2);
            let (minimum, more) = if parent.is_some() { (*minimum / 2, *more) } else { (*minimum, 2 * more) };
            all.push(Quota { parent, minimum, maximum: minimum + more });
        }
        let quotas = Quotas::new(all.clone(), length, Scope::WholeTest).unwrap();
        let pool_item = |(position, (outer, inner, difficulty)): (usize, &(usize, usize, f64))| {
            let kind = 3 + 2 * outer + inner;
            let family = position.is_multiple_of(3);
            PoolItem {
                item: Item::new(1.0 + 0.01 * position as f64, *difficulty, 0.0).unwrap(),
                dimension: 0,
                kind: Some(kind),
                family: family.then_some(100 * kind as u32 + position as u32 % (families + 1)),
            }
        };
        let pool = Pool::<1>::new(kinds.iter().enumerate().map(pool_item).collect()).unwrap();
        let within = |item: usize, kind: usize| {
            let own = pool.items()[item].kind.unwrap();
            own == kind || all[own].parent == Some(kind)
        };
        let rule = |(kind, quota): (usize, &Quota)| {
            Rule::count(format!("{kind}"), (0..kinds.len()).map(|item| within(item, kind)), Some(quota.minimum), Some(quota.maximum))
        };
        let of_pool: Vec<Option<u32>> = pool.items().iter().map(|item| item.family).collect();
        let rules = all.iter().enumerate().map(rule).collect();
        let left = Progress::new(&pool, &quotas, &[]).left().to_vec();
        let Ok(blueprint) = Blueprint::new(length, &of_pool, rules, Accuracy::EXACT) else {
            prop_assert!(quotas.conflict(&left).is_some());
            return Ok(());
        };
        prop_assert_eq!(quotas.conflict(&left), None);
        let grid = melek_irt::ability::Grid::new(33, (-4.0, 4.0), (0.0, 1.0)).unwrap();
        let posterior = melek_irt::ability::GridPosterior::new(&grid);
        let rule = one_dimension::Rule::MaximumInformation;
        let on_grid = PoolOnGrid::new(&pool, &grid, rule);
        let mut progress = Progress::new(&pool, &quotas, &[]);
        let mut test = ShadowTest::new(&blueprint, &[]);
        let estimate = posterior.estimate();
        let scores: Vec<f64> = pool.items().iter().map(|item| item.item.information(estimate.mean)).collect();
        loop {
            let sitting = one_dimension::Sitting {
                on_grid: &on_grid, quotas: &quotas, posterior: &posterior, estimate, progress: &progress,
            };
            let by_quotas = one_dimension::choose(&sitting, rule, &free(), &mut ChaCha8Rng::seed_from_u64(1));
            let by_shadow = next(&blueprint, &mut test, &scores);
            prop_assert_eq!(by_shadow, by_quotas.map(|choice| choice.position));
            let Some(position) = by_shadow else { break };
            progress.give(&pool, &quotas, position);
            test.give(&blueprint, position);
        }
    }
}
