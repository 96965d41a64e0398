use melek_irt::ability::Prior;
use melek_irt::model::Item;
use melek_irt::selection::several_dimensions::Criterion;
use melek_irt::selection::{ExposureCeiling, ExposureControl, Pool, PoolItem, Quota, Quotas, Scope};
use melek_irt::simulation::{Level, Plan, SimulationError, Summary, simulate};
use melek_irt::stopping::Rule;

use crate::table::assert_near;

const PEOPLE: u32 = 4_000;

/// Share of 4,000 people that chance moves a coverage of .95 by at four standard errors: 4 √(.95 · .05 / 4,000).
const COVERAGE_NOISE: f64 = 0.014;

fn prior() -> Prior<5> {
    let covariance =
        core::array::from_fn(|row: usize| core::array::from_fn(|column: usize| if row == column { 1.0 } else { 0.7 }));
    Prior::new([0.0; 5], covariance).unwrap()
}

/// 18 items a dimension, discrimination 1.1 … 2.1, difficulty −2 … 1.75, floors of four item types.
fn pool() -> Pool<5> {
    let items = (0..90).map(|n| {
        let (dimension, n) = (n % 5, n / 5);
        let discrimination = 1.1 + 0.2 * f64::from((n * 7 + dimension) % 6);
        let difficulty = -2.0 + f64::from(n % 4) + 0.25 * f64::from(n / 4);
        let lower = [0.25, 1.0 / 24.0, 1.0 / 30.0, 0.0][(n + dimension) as usize % 4];
        PoolItem {
            item: Item::new(discrimination, difficulty, lower).unwrap(),
            dimension: dimension as usize,
            kind: Some(dimension as usize),
            family: None,
        }
    });
    Pool::new(items.collect()).unwrap()
}

/// Two of each dimension at least.
fn quotas() -> Quotas {
    Quotas::new(vec![Quota { parent: None, minimum: 2, maximum: 30 }; 5], 30, Scope::WholeTest).unwrap()
}

fn plan<'a>(pool: &'a Pool<5>, quotas: &'a Quotas, prior: &'a Prior<5>, levels: &'a [Level]) -> Plan<'a, 5> {
    Plan {
        pool,
        prior,
        weights: [0.2; 5],
        quotas,
        criterion: Criterion::Volume,
        stopping: Rule { minimum: 12, maximum: 30, minimum_per_dimension: 2, standard_error: 0.33, ..Rule::default() },
        exposure: ExposureControl {
            ceiling: ExposureCeiling::new(0.5, 5.0).unwrap(),
            price: 0.5,
            spread: 0.03,
            exploration: 0.02,
        },
        levels,
        posts: &[],
        people: PEOPLE,
    }
}

fn played() -> Summary<5> {
    let levels = [Level { dimension: 0, cut: -1.0 }, Level { dimension: 4, cut: 0.5 }];
    simulate(&plan(&pool(), &quotas(), &prior(), &levels), 1).unwrap()
}

#[test]
fn intervals_of_a_simulated_test_cover_the_truth_and_the_rules_hold() {
    let summary = played();
    assert_near(summary.composite.coverage, 0.95, COVERAGE_NOISE);
    for dimension in summary.dimensions {
        assert_near(dimension.coverage, 0.95, COVERAGE_NOISE);
        assert_near(dimension.bias, 0.0, 0.03);
        // What people are told about their precision is what it is.
        assert_near(dimension.root_mean_square_error / dimension.mean_standard_error, 1.0, 0.04);
    }
    assert_eq!(summary.short_of_quotas, 0);
    assert!(summary.length.shortest >= 12 && summary.length.longest <= 30);
    // The ceiling is .50 of the tests plus a slack of five showings.
    assert!(summary.exposure.largest <= 0.5 + 5.0 / f64::from(PEOPLE));
    assert_eq!(summary.exposure.unused, 0.0);
}

#[test]
fn shares_and_counts_add_up() {
    let summary = played();
    assert_eq!(summary.stops.precision + summary.stops.maximum + summary.stops.exhausted, PEOPLE);
    assert_eq!(summary.fifths.iter().map(|fifth| fifth.people).sum::<u32>(), PEOPLE);
    assert!(summary.fifths.iter().all(|fifth| fifth.people.abs_diff(PEOPLE / 5) < 110));
    assert_near(summary.exposure.rates.iter().sum(), summary.length.mean, 1e-9);
    for level in &summary.levels {
        assert_near(level.met + level.not_sure + level.not_met, 1.0, 1e-12);
        // Verdicts need four to one, so at least four in five are right; on average many more.
        assert!(level.right > 0.9, "{level:?}");
    }
}

#[test]
fn the_same_seed_plays_the_same_test_and_another_seed_another() {
    let (pool, prior) = (pool(), prior());
    let quotas = quotas();
    let few = Plan { people: 50, ..plan(&pool, &quotas, &prior, &[]) };
    assert_eq!(simulate(&few, 7).unwrap(), simulate(&few, 7).unwrap());
    assert_ne!(simulate(&few, 7).unwrap(), simulate(&few, 8).unwrap());
}

#[test]
fn when_everybody_sees_every_item_the_overlap_is_complete() {
    let (prior, quotas) = (prior(), quotas());
    let pool = Pool::new(pool().items()[..20].to_vec()).unwrap();
    let stopping = Rule { maximum: 20, ..Rule::default() };
    let few = Plan { people: 40, stopping, ..plan(&pool, &quotas, &prior, &[]) };
    let summary = simulate(&few, 1).unwrap();
    assert_eq!(summary.exposure.rates, [1.0; 20]);
    assert_near(summary.exposure.overlap, 1.0, 1e-12);
    assert_eq!((summary.length.shortest, summary.length.longest, summary.stops.maximum), (20, 20, 40));
}

#[test]
fn a_pool_that_runs_out_ends_the_test_as_exhausted() {
    let (prior, quotas) = (prior(), quotas());
    let pool = Pool::new(pool().items()[..20].to_vec()).unwrap();
    let stopping = Rule { maximum: 30, ..Rule::default() };
    let few = Plan { people: 10, stopping, ..plan(&pool, &quotas, &prior, &[]) };
    assert_eq!(simulate(&few, 1).unwrap().stops.exhausted, 10);
}

#[test]
fn a_simulation_that_would_tell_nothing_is_refused() {
    let (pool, prior) = (pool(), prior());
    let quotas = quotas();
    let nobody = Plan { people: 0, ..plan(&pool, &quotas, &prior, &[]) };
    assert_eq!(simulate(&nobody, 1), Err(SimulationError::NoPeople));
    let empty = Pool::new(Vec::new()).unwrap();
    assert_eq!(simulate(&plan(&empty, &quotas, &prior, &[]), 1), Err(SimulationError::NoItems));
    let levels = [Level { dimension: 5, cut: 0.0 }];
    let unknown = Err(SimulationError::CutDimension { position: 0, dimension: 5, dimensions: 5 });
    assert_eq!(simulate(&plan(&pool, &quotas, &prior, &levels), 1), unknown);
}

#[test]
fn a_test_that_may_end_for_a_clear_decision_is_shorter_and_its_decisions_are_as_right_as_they_say() {
    let (pool, prior, quotas) = (pool(), prior(), quotas());
    // Half of the people are needed for something they are far from, the others for something near.
    let posts = [[Some(-2.0), None, None, None, None], [Some(0.0), Some(0.0), None, None, None]];
    let levels = [Level { dimension: 0, cut: 0.0 }];
    let long = plan(&pool, &quotas, &prior, &levels);
    let stopping = Rule { decision: Some(0.9), ..long.stopping };
    let [plain, decided] = [Plan { posts: &posts, ..long.clone() }, Plan { posts: &posts, stopping, ..long }]
        .map(|plan| simulate(&Plan { people: 1_000, ..plan }, 1).unwrap());
    assert_eq!(plain.stops.decision, 0);
    assert!(decided.stops.decision > 500, "{:?}", decided.stops);
    assert!(decided.length.mean < plain.length.mean - 1.0);
    assert_near(decided.composite.coverage, 0.95, 0.025);
}

#[test]
fn a_test_of_which_every_item_must_tell_something_ends_when_none_does() {
    let (pool, prior, quotas) = (pool(), prior(), quotas());
    let plain = plan(&pool, &quotas, &prior, &[]);
    let asks = |least_information| {
        let stopping = Rule { least_information, standard_error: 0.0, ..plain.stopping };
        simulate(&Plan { people: 200, stopping, ..plain.clone() }, 1).unwrap().stops
    };
    assert_eq!(asks(0.0).no_useful_item, 0);
    assert_eq!(asks(1e3).no_useful_item, 200);
}
