use melek_irt::ability::{ExpectationPropagation, Posterior};
use melek_irt::model::Item;
use melek_irt::selection::{
    CeilingError, Exposure, ExposureCeiling, ExposureControl, Pool, PoolError, PoolItem, Rules, Sitting, d_optimal,
};
use proptest::prelude::*;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use crate::strategies;
use crate::table;

const FREE: Rules = Rules { minimum_per_dimension: 0, maximum_items: 90 };

fn control(rate: f64, slack: f64, price: f64, exploration: f64) -> ExposureControl {
    ExposureControl { ceiling: ExposureCeiling::new(rate, slack).unwrap(), price, exploration }
}

fn unlimited() -> Exposure<'static> {
    Exposure { control: control(1.0, 1.0, 0.0, 0.0), started: 1, shown: &[] }
}

fn pool_item(difficulty: f64, dimension: usize, family: Option<u32>) -> PoolItem {
    PoolItem { item: Item::new(1.5, difficulty, 0.0).unwrap(), dimension, family }
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
        let sitting = Sitting { pool: &pool, posterior: &posterior, administered: &shown, excluded: &[] };
        let chosen = d_optimal::choose(&sitting, &FREE, &unlimited(), &mut ChaCha8Rng::seed_from_u64(1));
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
fn a_ceiling_that_no_test_could_keep_is_refused() {
    assert_eq!(ExposureCeiling::new(0.0, 5.0), Err(CeilingError::Rate(0.0)));
    assert_eq!(ExposureCeiling::new(1.1, 5.0), Err(CeilingError::Rate(1.1)));
    assert_eq!(ExposureCeiling::new(0.5, -1.0), Err(CeilingError::Slack(-1.0)));
}

#[test]
fn people_who_start_side_by_side_see_different_first_items() {
    let pool = Pool::<1>::new((0..20).map(|n| pool_item(0.1 * f64::from(n), 0, None)).collect()).unwrap();
    let posterior = standard::<1>();
    let sitting = Sitting { pool: &pool, posterior: &posterior, administered: &[], excluded: &[] };
    let mut counts = [0; 20];
    for seed in 0..1_000 {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        counts[d_optimal::choose(&sitting, &FREE, &unlimited(), &mut rng).unwrap()] += 1;
    }
    assert!(counts[..5].iter().all(|&count| (150..250).contains(&count)), "{counts:?}");
    assert_eq!(counts[5..].iter().sum::<i32>(), 0);
}

#[test]
fn equals_are_drawn_at_random() {
    let pool = Pool::<1>::new(vec![pool_item(0.0, 0, None); 10]).unwrap();
    let posterior = standard::<1>();
    let sitting = Sitting { pool: &pool, posterior: &posterior, administered: &[0, 1, 2, 3], excluded: &[] };
    let mut seen: Vec<usize> = (0..200)
        .map(|seed| d_optimal::choose(&sitting, &FREE, &unlimited(), &mut ChaCha8Rng::seed_from_u64(seed)).unwrap())
        .collect();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen, [4, 5, 6, 7, 8, 9]);
}

#[test]
fn a_price_turns_the_choice_to_an_item_that_fewer_have_seen() {
    let pool = Pool::<1>::new([0.0, 0.2, 9.0, 9.0, 9.0, 9.0].map(|b| pool_item(b, 0, None)).to_vec()).unwrap();
    let posterior = standard::<1>();
    let sitting = Sitting { pool: &pool, posterior: &posterior, administered: &[2, 3, 4, 5], excluded: &[] };
    let choose = |price| {
        let exposure = Exposure { control: control(1.0, 1.0, price, 0.0), started: 100, shown: &[40, 10] };
        d_optimal::choose(&sitting, &FREE, &exposure, &mut ChaCha8Rng::seed_from_u64(1))
    };
    assert_eq!((choose(0.0), choose(0.5)), (Some(0), Some(1)));
}

#[test]
fn when_the_ceiling_blocks_every_item_the_least_exposed_is_shown() {
    let pool = Pool::<1>::new(vec![pool_item(0.0, 0, None); 3]).unwrap();
    let posterior = standard::<1>();
    let sitting = Sitting { pool: &pool, posterior: &posterior, administered: &[], excluded: &[] };
    let exposure = Exposure { control: control(0.5, 0.0, 0.0, 0.0), started: 100, shown: &[70, 60, 80] };
    assert_eq!(d_optimal::choose(&sitting, &FREE, &exposure, &mut ChaCha8Rng::seed_from_u64(1)), Some(1));
}

#[test]
fn exploration_shows_the_least_exposed_item_whatever_it_tells() {
    let pool = Pool::<1>::new(vec![pool_item(0.0, 0, None), pool_item(5.0, 0, None)]).unwrap();
    let posterior = standard::<1>();
    let sitting = Sitting { pool: &pool, posterior: &posterior, administered: &[], excluded: &[] };
    let exposure = Exposure { control: control(1.0, 1.0, 0.0, 1.0), started: 100, shown: &[9] };
    assert_eq!(d_optimal::choose(&sitting, &FREE, &exposure, &mut ChaCha8Rng::seed_from_u64(1)), Some(1));
}

#[test]
fn a_finished_test_and_an_empty_pool_have_no_next_item() {
    let pool = Pool::<1>::new(vec![pool_item(0.0, 0, None); 3]).unwrap();
    let posterior = standard::<1>();
    let finished = Rules { minimum_per_dimension: 1, maximum_items: 2 };
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let sitting = Sitting { pool: &pool, posterior: &posterior, administered: &[0, 1], excluded: &[] };
    assert_eq!(d_optimal::choose(&sitting, &finished, &unlimited(), &mut rng), None);
    let withdrawn = Sitting { pool: &pool, posterior: &posterior, administered: &[0], excluded: &[1, 2] };
    assert_eq!(d_optimal::choose(&withdrawn, &FREE, &unlimited(), &mut rng), None);
    let empty = Pool::<1>::new(Vec::new()).unwrap();
    let sitting = Sitting { pool: &empty, posterior: &posterior, administered: &[], excluded: &[] };
    assert_eq!(d_optimal::choose(&sitting, &FREE, &unlimited(), &mut rng), None);
}

#[test]
fn a_dimension_that_has_too_few_items_does_not_keep_the_others_from_their_minimum() {
    let pool = Pool::<2>::new([0, 1, 1, 1].map(|dimension| pool_item(0.0, dimension, None)).to_vec()).unwrap();
    let rules = Rules { minimum_per_dimension: 2, maximum_items: 3 };
    let (posterior, mut shown) = (standard::<2>(), Vec::new());
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    for _ in 0..3 {
        let sitting = Sitting { pool: &pool, posterior: &posterior, administered: &shown, excluded: &[] };
        shown.push(d_optimal::choose(&sitting, &rules, &unlimited(), &mut rng).unwrap());
    }
    assert_eq!(shown.iter().filter(|&&position| position > 0).count(), 2);
}

/// Items of three dimensions; a family never crosses dimensions.
fn pool() -> impl Strategy<Value = Pool<3>> {
    let one = (strategies::item(), 0_usize..3, proptest::option::of(0_u32..4)).prop_map(|(item, dimension, family)| {
        PoolItem { item, dimension, family: family.map(|family| family * 3 + dimension as u32) }
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
        let rules = Rules { minimum_per_dimension: minimum, maximum_items: 3 * minimum + longer };
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut person = ExpectationPropagation::new(&prior);
        let mut administered = Vec::new();
        let exposure = Exposure { control: control(0.5, 1.0, price, exploration), started: 40, shown: &shown };
        loop {
            let sitting =
                Sitting { pool: &pool, posterior: person.posterior(), administered: &administered, excluded: &withdrawn };
            let Some(position) = d_optimal::choose(&sitting, &rules, &exposure, &mut rng) else { break };
            let item = pool.items()[position];
            let family_seen = administered.iter().any(|&other: &usize| {
                item.family.is_some() && pool.items()[other].family == item.family
            });
            prop_assert!(!administered.contains(&position) && !family_seen && !withdrawn.contains(&position));
            administered.push(position);
            person.update(&item.item, item.dimension, seed % 3 != 0).unwrap();
        }
        prop_assert!(administered.len() <= rules.maximum_items);
        for dimension in 0..3 {
            let own = administered.iter().filter(|&&position| pool.items()[position].dimension == dimension).count();
            prop_assert!(own >= minimum.min(offered(&pool, &withdrawn, dimension)), "dimension {dimension}: {own}");
        }
        let all: usize = (0..3).map(|dimension| offered(&pool, &withdrawn, dimension)).sum();
        prop_assert_eq!(administered.len(), rules.maximum_items.min(all));
    }

    #[test]
    fn the_ceiling_holds_as_long_as_one_permitted_item_is_left(
        pool in pool(), shown in proptest::collection::vec(0_u64..40, 40), seed in any::<u64>(),
    ) {
        let ceiling = control(0.5, 1.0, 0.3, 0.1);
        let exposure = Exposure { control: ceiling, started: 40, shown: &shown };
        let posterior = standard::<3>();
        let sitting = Sitting { pool: &pool, posterior: &posterior, administered: &[], excluded: &[] };
        let chosen = d_optimal::choose(&sitting, &FREE, &exposure, &mut ChaCha8Rng::seed_from_u64(seed)).unwrap();
        let permitted = |position: usize| ceiling.ceiling.permits(shown[position], 40);
        prop_assert!(permitted(chosen) || !(0..pool.items().len()).any(permitted));
    }

    #[test]
    fn the_same_seed_gives_the_same_choice(pool in pool(), seed in any::<u64>()) {
        let posterior = standard::<3>();
        let sitting = Sitting { pool: &pool, posterior: &posterior, administered: &[], excluded: &[] };
        let choose = || d_optimal::choose(&sitting, &FREE, &unlimited(), &mut ChaCha8Rng::seed_from_u64(seed));
        prop_assert_eq!(choose(), choose());
    }
}
