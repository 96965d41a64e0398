use melek_irt::ability::{ExpectationPropagation, Posterior};
use melek_irt::model::Item;
use melek_irt::selection::several_dimensions::{self, Criterion, Sitting};
use melek_irt::selection::{
    CeilingError, Choice, Exposure, ExposureCeiling, ExposureControl, Pool, PoolError, PoolItem, Progress, Quota,
    Quotas, Scope, Showings, a_optimal, best_information, d_optimal,
};
use proptest::prelude::*;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use crate::strategies;
use crate::table;

/// At least `minimum` items of each of D dimensions in a test of `length`; items under quotas are made by `pool_item`.
fn quotas<const D: usize>(minimum: usize, length: usize) -> Quotas {
    Quotas::new(vec![Quota { parent: None, minimum, maximum: length }; D], length, Scope::WholeTest).unwrap()
}

/// The choice after some items, with others withdrawn.
fn choose<const D: usize>(
    (pool, quotas): (&Pool<D>, &Quotas),
    posterior: &Posterior<D>,
    (given, withdrawn): (&[usize], &[usize]),
    (exposure, rng): (&Exposure<'_>, &mut ChaCha8Rng),
) -> Option<Choice> {
    let mut progress = Progress::new(pool, quotas, withdrawn);
    for &position in given {
        progress.give(pool, quotas, position);
    }
    let sitting = Sitting { pool, quotas, posterior, progress: &progress };
    several_dimensions::choose(&sitting, Criterion::Volume, exposure, rng)
}

fn next<const D: usize>(
    rules: (&Pool<D>, &Quotas),
    posterior: &Posterior<D>,
    so_far: (&[usize], &[usize]),
    by: (&Exposure<'_>, &mut ChaCha8Rng),
) -> Option<usize> {
    choose(rules, posterior, so_far, by).map(|choice| choice.position)
}

/// No rule but the length: the whole pool.
fn free<const D: usize>(pool: &Pool<D>) -> Quotas {
    Quotas::new(Vec::new(), pool.items().len().max(1), Scope::WholeTest).unwrap()
}

fn counted(control: ExposureControl, started: u64, shown: &[u64]) -> Exposure<'_> {
    let showings = Showings { started, shown };
    Exposure { control, counts: showings, priced: showings, refused: &[], seed: 1, price_factor: 1.0 }
}

fn control(rate: f64, slack: f64, price: f64, exploration: f64) -> ExposureControl {
    ExposureControl { ceiling: ExposureCeiling::new(rate, slack).unwrap(), price, spread: 0.0, exploration }
}

fn unlimited() -> Exposure<'static> {
    counted(ExposureControl::NONE, 1, &[])
}

fn pool_item(difficulty: f64, dimension: usize, family: Option<u32>) -> PoolItem {
    PoolItem { item: Item::new(1.5, difficulty, 0.0).unwrap(), dimension, kind: Some(dimension), family }
}

fn standard<const D: usize>() -> Posterior<D> {
    let identity = core::array::from_fn(|row: usize| core::array::from_fn(|column| f64::from(u8::from(row == column))));
    Posterior { mean: [0.0; D], covariance: identity }
}

#[test]
fn the_choice_maximises_the_determinant_that_numpy_computes() {
    let item = |row: &table::Row| PoolItem {
        item: Item::new(row.number("a"), row.number("b"), row.number("c")).unwrap(),
        dimension: row.count("dimension"),
        kind: None,
        family: None,
    };
    let mut items: Vec<PoolItem> = table::read("choice_pool.csv").iter().map(item).collect();
    // Four items already shown put the choice beyond the random start; they carry no information.
    let shown: Vec<usize> = (90..94).collect();
    items.extend([pool_item(20.0, 0, None); 4]);
    let pool = Pool::<5>::new(items).unwrap();
    let posteriors = table::read("choice_posteriors.csv");
    for expected in table::read("choice.csv") {
        let mut posterior = standard::<5>();
        for row in posteriors.iter().filter(|row| row.count("case") == expected.count("case")) {
            match row.text("column") {
                "-1" => posterior.mean[row.count("row")] = row.number("value"),
                column => {
                    posterior.covariance[row.count("row")][column.parse::<usize>().unwrap()] = row.number("value")
                }
            }
        }
        let chosen =
            next((&pool, &free(&pool)), &posterior, (&shown, &[]), (&unlimited(), &mut ChaCha8Rng::seed_from_u64(1)));
        assert_eq!(chosen, Some(expected.count("position")));
    }
}

#[test]
fn a_pool_with_an_unknown_dimension_or_a_family_across_two_is_refused() {
    let unknown = Pool::<2>::new(vec![pool_item(0.0, 0, None), pool_item(0.0, 2, None)]);
    assert_eq!(unknown, Err(PoolError::Dimension { position: 1, dimension: 2, dimensions: 2 }));
    let across = Pool::<2>::new(vec![pool_item(0.0, 0, Some(7)), pool_item(0.0, 1, Some(7))]);
    assert_eq!(across, Err(PoolError::FamilyAcrossDimensions { family: 7, one: 0, other: 1 }));
}

#[test]
fn an_item_left_out_is_no_candidate_and_its_family_stays() {
    let pool = Pool::<1>::new([Some(1), Some(1), None].map(|family| pool_item(0.0, 0, family)).to_vec()).unwrap();
    let rules = free(&pool);
    let mut progress = Progress::new(&pool, &rules, &[]);
    assert_eq!((progress.candidates(&pool, &rules), progress.left()), (vec![0, 1, 2], [2].as_slice()));
    progress.leave_out(&pool, &rules, 0);
    assert_eq!((progress.candidates(&pool, &rules), progress.left()), (vec![1, 2], [2].as_slice()));
    progress.give(&pool, &rules, 1);
    assert_eq!((progress.candidates(&pool, &rules), progress.left()), (vec![2], [1].as_slice()));
    assert_eq!(progress.given(), [1]);
}

#[test]
fn a_test_kept_within_a_dimension_offers_only_its_items_and_keeps_its_rules() {
    let items = [0, 0, 0, 1].map(|dimension| PoolItem { kind: Some(dimension), ..pool_item(0.0, dimension, None) });
    let pool = Pool::<2>::new(items.to_vec()).unwrap();
    let at_most_two = vec![Quota { parent: None, minimum: 0, maximum: 2 }; 2];
    let rules = Quotas::new(at_most_two, 3, Scope::WholeTest).unwrap();
    let mut progress = Progress::new(&pool, &rules, &[]);
    progress.keep_within(0);
    assert_eq!(progress.candidates(&pool, &rules), [0, 1, 2]);
    // The second dimension is known worse, so that its item would come first.
    let posterior = Posterior { mean: [0.0; 2], covariance: [[0.1, 0.0], [0.0, 4.0]] };
    let sitting = Sitting { pool: &pool, quotas: &rules, posterior: &posterior, progress: &progress };
    for seed in 0..20 {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let chosen = several_dimensions::choose(&sitting, Criterion::Volume, &unlimited(), &mut rng).unwrap();
        assert_ne!(chosen.position, 3);
    }
    progress.give(&pool, &rules, 0);
    progress.give(&pool, &rules, 2);
    assert!(progress.candidates(&pool, &rules).is_empty());
}

#[test]
fn the_best_information_is_that_of_the_best_item_left() {
    let pool = Pool::<1>::new([0.0, 1.0, 3.0].map(|difficulty| pool_item(difficulty, 0, None)).to_vec()).unwrap();
    let (rules, posterior) = (free(&pool), standard::<1>());
    let mut progress = Progress::new(&pool, &rules, &[]);
    let mut best = |given: Option<usize>| {
        given.into_iter().for_each(|position| progress.give(&pool, &rules, position));
        best_information(&Sitting { pool: &pool, quotas: &rules, posterior: &posterior, progress: &progress })
    };
    // Information of a two-parameter item: a² P (1 − P) at a logit a b below it.
    let information = |difficulty: f64| {
        let (slope, logistic) = (pool.items()[0].item.discrimination(), |x: f64| 1.0 / (1.0 + (-x).exp()));
        let right = logistic(-slope * difficulty);
        slope * slope * right * (1.0 - right)
    };
    assert!((best(None) - information(0.0)).abs() < 1e-12);
    assert!((best(Some(0)) - information(1.0)).abs() < 1e-12);
    assert!((best(Some(1)) - information(3.0)).abs() < 1e-12);
    assert_eq!(best(Some(2)), 0.0);
}

#[test]
fn a_ceiling_that_no_test_could_keep_is_refused() {
    assert_eq!(ExposureCeiling::new(0.0, 5.0), Err(CeilingError::Rate(0.0)));
    assert_eq!(ExposureCeiling::new(1.1, 5.0), Err(CeilingError::Rate(1.1)));
    assert_eq!(ExposureCeiling::new(0.5, -1.0), Err(CeilingError::Slack(-1.0)));
}

#[test]
fn people_who_start_side_by_side_see_different_first_items() {
    let pool = Pool::<1>::new((0..20).map(|n| pool_item(0.1 * f64::from(n), 0, None)).collect()).unwrap();
    let posterior = standard::<1>();
    let mut counts = [0; 20];
    for seed in 0..1_000 {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        counts[next((&pool, &free(&pool)), &posterior, (&[], &[]), (&unlimited(), &mut rng)).unwrap()] += 1;
    }
    assert!(counts[..5].iter().all(|&count| (150..250).contains(&count)), "{counts:?}");
    assert_eq!(counts[5..].iter().sum::<i32>(), 0);
}

#[test]
fn equals_are_drawn_at_random() {
    let pool = Pool::<1>::new(vec![pool_item(0.0, 0, None); 10]).unwrap();
    let posterior = standard::<1>();
    let mut seen: Vec<usize> = (0..200)
        .map(|seed| {
            next(
                (&pool, &free(&pool)),
                &posterior,
                (&[0, 1, 2, 3], &[]),
                (&unlimited(), &mut ChaCha8Rng::seed_from_u64(seed)),
            )
            .unwrap()
        })
        .collect();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen, [4, 5, 6, 7, 8, 9]);
}

#[test]
fn a_price_turns_the_choice_to_an_item_that_fewer_have_seen() {
    let pool = Pool::<1>::new([0.0, 0.2, 9.0, 9.0, 9.0, 9.0].map(|b| pool_item(b, 0, None)).to_vec()).unwrap();
    let posterior = standard::<1>();
    let choose = |price| {
        let exposure = counted(control(1.0, 1.0, price, 0.0), 100, &[40, 10]);
        next((&pool, &free(&pool)), &posterior, (&[2, 3, 4, 5], &[]), (&exposure, &mut ChaCha8Rng::seed_from_u64(1)))
    };
    assert_eq!((choose(0.0), choose(0.5)), (Some(0), Some(1)));
}

#[test]
fn when_the_ceiling_blocks_every_item_the_least_exposed_is_shown() {
    let pool = Pool::<1>::new(vec![pool_item(0.0, 0, None); 3]).unwrap();
    let posterior = standard::<1>();
    let exposure = counted(control(0.5, 0.0, 0.0, 0.0), 100, &[70, 60, 80]);
    assert_eq!(
        next((&pool, &free(&pool)), &posterior, (&[], &[]), (&exposure, &mut ChaCha8Rng::seed_from_u64(1))),
        Some(1)
    );
}

#[test]
fn exploration_shows_the_least_exposed_item_whatever_it_tells() {
    let pool = Pool::<1>::new(vec![pool_item(0.0, 0, None), pool_item(5.0, 0, None)]).unwrap();
    let posterior = standard::<1>();
    let exposure = counted(control(1.0, 1.0, 0.0, 1.0), 100, &[9]);
    assert_eq!(
        next((&pool, &free(&pool)), &posterior, (&[], &[]), (&exposure, &mut ChaCha8Rng::seed_from_u64(1))),
        Some(1)
    );
}

#[test]
fn a_finished_test_and_an_empty_pool_have_no_next_item() {
    let pool = Pool::<1>::new(vec![pool_item(0.0, 0, None); 3]).unwrap();
    let posterior = standard::<1>();
    let finished = quotas::<1>(1, 2);
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    assert_eq!(next((&pool, &finished), &posterior, (&[0, 1], &[]), (&unlimited(), &mut rng)), None);
    assert_eq!(next((&pool, &free(&pool)), &posterior, (&[0], &[1, 2]), (&unlimited(), &mut rng)), None);
    let empty = Pool::<1>::new(Vec::new()).unwrap();
    assert_eq!(next((&empty, &free(&empty)), &posterior, (&[], &[]), (&unlimited(), &mut rng)), None);
}

#[test]
fn a_dimension_that_has_too_few_items_does_not_keep_the_others_from_their_minimum() {
    let pool = Pool::<2>::new([0, 1, 1, 1].map(|dimension| pool_item(0.0, dimension, None)).to_vec()).unwrap();
    let rules = quotas::<2>(2, 3);
    let (posterior, mut shown) = (standard::<2>(), Vec::new());
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    for _ in 0..3 {
        shown.push(next((&pool, &rules), &posterior, (&shown, &[]), (&unlimited(), &mut rng)).unwrap());
    }
    assert_eq!(shown.iter().filter(|&&position| position > 0).count(), 2);
}

/// Items of three dimensions; a family never crosses dimensions.
fn pool() -> impl Strategy<Value = Pool<3>> {
    let one = (strategies::item(), 0_usize..3, proptest::option::of(0_u32..4)).prop_map(|(item, dimension, family)| {
        let family = family.map(|family| family * 3 + dimension as u32);
        PoolItem { item, dimension, kind: Some(dimension), family }
    });
    proptest::collection::vec(one, 1..40).prop_map(|items| Pool::new(items).unwrap())
}

/// Distinct things a dimension can show: families and items on their own.
fn offered(pool: &Pool<3>, excluded: &[usize], dimension: usize) -> usize {
    let mut families = std::collections::BTreeSet::new();
    let own = pool
        .items()
        .iter()
        .enumerate()
        .filter(|(position, item)| item.dimension == dimension && !excluded.contains(position));
    own.filter(|(_, item)| item.family.is_none_or(|family| families.insert(family))).count()
}

proptest! {
    #[test]
    fn a_test_keeps_every_rule_whatever_the_answers_and_counters(
        pool in pool(), prior in strategies::prior::<3>(), minimum in 0_usize..3, longer in 0_usize..6,
        withdrawn in proptest::collection::vec(0_usize..40, 0..6), shown in proptest::collection::vec(0_u64..30, 40),
        price in 0.0..2.0, exploration in 0.0..0.3, seed in any::<u64>(),
    ) {
        let rules = quotas::<3>(minimum, (3 * minimum + longer).max(1));
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut person = ExpectationPropagation::new(&prior);
        let mut administered = Vec::new();
        let exposure = counted(control(0.5, 1.0, price, exploration), 40, &shown);
        loop {
            let so_far = (administered.as_slice(), withdrawn.as_slice());
            let found = next((&pool, &rules), person.posterior(), so_far, (&exposure, &mut rng));
            let Some(position) = found else { break };
            let item = pool.items()[position];
            let family_seen = administered.iter().any(|&other: &usize| {
                item.family.is_some() && pool.items()[other].family == item.family
            });
            prop_assert!(!administered.contains(&position) && !family_seen && !withdrawn.contains(&position));
            administered.push(position);
            person.update(&item.item, item.dimension, seed % 3 != 0).unwrap();
        }
        prop_assert!(administered.len() <= rules.length());
        for dimension in 0..3 {
            let own = administered.iter().filter(|&&position| pool.items()[position].dimension == dimension).count();
            prop_assert!(own >= minimum.min(offered(&pool, &withdrawn, dimension)), "dimension {dimension}: {own}");
        }
        let all: usize = (0..3).map(|dimension| offered(&pool, &withdrawn, dimension)).sum();
        prop_assert_eq!(administered.len(), rules.length().min(all));
    }

    #[test]
    fn the_ceiling_holds_as_long_as_one_permitted_item_is_left(
        pool in pool(), shown in proptest::collection::vec(0_u64..40, 40), seed in any::<u64>(),
    ) {
        let ceiling = control(0.5, 1.0, 0.3, 0.1);
        let exposure = counted(ceiling, 40, &shown);
        let posterior = standard::<3>();
        let chosen = next((&pool, &free(&pool)), &posterior, (&[], &[]), (&exposure, &mut ChaCha8Rng::seed_from_u64(seed))).unwrap();
        let permitted = |position: usize| ceiling.ceiling.permits(shown[position], 40);
        prop_assert!(permitted(chosen) || !(0..pool.items().len()).any(permitted));
    }

    #[test]
    fn the_same_seed_gives_the_same_choice(pool in pool(), seed in any::<u64>()) {
        let posterior = standard::<3>();
        let choose = || next((&pool, &free(&pool)), &posterior, (&[], &[]), (&unlimited(), &mut ChaCha8Rng::seed_from_u64(seed)));
        prop_assert_eq!(choose(), choose());
    }

    #[test]
    fn a_choice_can_be_made_again_from_what_the_ceiling_refused(
        pool in pool(), shown in proptest::collection::vec(0_u64..40, 40), given in 0_usize..6, seed in any::<u64>(),
        price in 0.0..2.0, exploration in 0.0..0.3,
    ) {
        let control = control(0.5, 1.0, price, exploration);
        let posterior = standard::<3>();
        let given: Vec<usize> = (0..given.min(pool.items().len())).collect();
        let rules = free(&pool);
        let exposure = counted(control, 40, &shown);
        let first = choose((&pool, &rules), &posterior, (&given, &[]), (&exposure, &mut ChaCha8Rng::seed_from_u64(seed)));
        if let Some(first) = first {
            let later = Exposure {
                control: ExposureControl { ceiling: ExposureCeiling::NONE, ..control },
                refused: &first.refused,
                ..exposure
            };
            let again = choose((&pool, &rules), &posterior, (&given, &[]), (&later, &mut ChaCha8Rng::seed_from_u64(seed)));
            prop_assert_eq!(again.map(|choice| choice.position), Some(first.position));
        }
    }

    #[test]
    fn nested_quotas_hold_at_the_end_of_every_test_that_can_hold_them(
        kinds in proptest::collection::vec((0_usize..3, 0_usize..2), 12..60), length in 1_usize..12,
        bounds in proptest::collection::vec((0_usize..3, 0_usize..4), 9), seed in any::<u64>(),
    ) {
        // Three outer kinds with two inner ones each: inner kind of outer o is 3 + 2 o + i.
        let mut all: Vec<Quota> = Vec::new();
        for (place, (minimum, more)) in bounds.iter().enumerate() {
            let parent = place.checked_sub(3).map(|inner| inner / 2);
            let (minimum, more) = if parent.is_some() { (*minimum, *more) } else { (2 * minimum, 3 * more) };
            all.push(Quota { parent, minimum, maximum: minimum + more });
        }
        let rules = Quotas::new(all.clone(), length, Scope::WholeTest).unwrap();
        let item = |(outer, inner): &(usize, usize)| PoolItem { kind: Some(3 + 2 * outer + inner), ..pool_item(0.1 * *inner as f64, 0, None) };
        let pool = Pool::<1>::new(kinds.iter().map(item).collect()).unwrap();
        let left = Progress::new(&pool, &rules, &[]).left().to_vec();
        let mut given: Vec<usize> = Vec::new();
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        while let Some(position) = next((&pool, &rules), &standard::<1>(), (&given, &[]), (&unlimited(), &mut rng)) {
            given.push(position);
        }
        let mut counts = [0; 9];
        for &position in &given {
            let kind = pool.items()[position].kind.unwrap();
            counts[kind] += 1;
            counts[(kind - 3) / 2] += 1;
        }
        let kept = (0..9).all(|kind| (all[kind].minimum..=all[kind].maximum).contains(&counts[kind]));
        match rules.conflict(&left) {
            None => prop_assert!(kept && given.len() == length, "{counts:?}"),
            Some(conflict) => {
                prop_assert!(!kept || given.len() < length);
                // Without any one of the rules named, a test can be made; unless there are too few items at all.
                for &rule in &conflict {
                    let mut fewer = all.clone();
                    for (place, quota) in fewer.iter_mut().enumerate() {
                        if place == rule || !conflict.contains(&place) {
                            *quota = Quota { minimum: 0, maximum: length, ..*quota };
                        }
                    }
                    prop_assert_eq!(Quotas::new(fewer, length, Scope::WholeTest).unwrap().conflict(&left), None);
                }
            }
        }
    }

    #[test]
    fn a_gain_is_the_difference_that_the_update_of_the_covariance_makes(
        prior in strategies::prior::<3>(), dimension in 0_usize..3, information in 0.0..3.0,
    ) {
        let before = prior.covariance();
        let denominator = 1.0 + information * before[dimension][dimension];
        let after: [[f64; 3]; 3] = core::array::from_fn(|row| core::array::from_fn(|column| {
            before[row][column] - before[row][dimension] * before[dimension][column] * information / denominator
        }));
        let trace = |matrix: &[[f64; 3]; 3]| matrix[0][0] + matrix[1][1] + matrix[2][2];
        let gain = a_optimal::gain(before, dimension, information);
        prop_assert!((gain - (trace(before) - trace(&after))).abs() < 1e-10);
        let gain = d_optimal::gain(before, dimension, information);
        prop_assert!((gain - (determinant(before) / determinant(&after)).ln()).abs() < 1e-7);
    }
}

fn determinant(m: &[[f64; 3]; 3]) -> f64 {
    m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
        + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0])
}
