//! Whole tests to be timed: people whose answers are drawn from a counter, so that every run plays the same.

use melek_irt::ability::{Estimate, ExpectationPropagation, Grid, GridPosterior, Posterior, Prior};
use melek_irt::model::Item;
use melek_irt::selection::one_dimension::{self, PoolOnGrid, Rule};
use melek_irt::selection::several_dimensions::{Criterion, Sitting, choose};
use melek_irt::selection::{
    Exposure, ExposureCeiling, ExposureControl, Pool, PoolItem, Progress, Quota, Quotas, Scope, Showings,
};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use crate::adaptive_bank;

pub const ITEMS_ONE: usize = 30;
pub const ITEMS_FIVE: usize = 32;

/// As many items as asked for: the bank, then its items again, each time a little elsewhere.
fn items(count: usize) -> Vec<(Item, usize)> {
    let bank = adaptive_bank::items().unwrap();
    let item = |n: usize| {
        let (item, domain) = bank[n % bank.len()];
        let turn = (n / bank.len()) as f64;
        let (a, b) = (item.discrimination() * (1.0 - 0.003 * turn), item.difficulty() + 0.0137 * turn);
        (Item::new(a, b, 0.0).unwrap(), domain)
    };
    (0..count).map(item).collect()
}

fn unit(rng: &mut ChaCha8Rng) -> f64 {
    (rng.next_u64() >> 11) as f64 / 9_007_199_254_740_992.0
}

fn nobody_else(control: ExposureControl, shown: &[u64]) -> Exposure<'_> {
    let showings = Showings { started: 1_000, shown };
    Exposure { control, counts: showings, priced: showings, refused: &[], seed: 1, price_factor: 1.0 }
}

/// A test of one dimension.
pub struct One {
    pool: &'static Pool<1>,
    on_grid: PoolOnGrid<'static>,
    quotas: Quotas,
    untouched: Progress,
}

impl One {
    pub fn new(count: usize) -> Self {
        let item = |(item, _)| PoolItem { item, dimension: 0, kind: None, family: None };
        let pool: &Pool<1> = Box::leak(Box::new(Pool::new(items(count).into_iter().map(item).collect()).unwrap()));
        let grid: &Grid = Box::leak(Box::new(Grid::new(33, (-4.0, 4.0), (0.0, 1.0)).unwrap()));
        let quotas = Quotas::new(Vec::new(), ITEMS_ONE, Scope::WholeTest).unwrap();
        let untouched = Progress::new(pool, &quotas, &[]);
        Self { pool, on_grid: PoolOnGrid::new(pool, grid, Rule::MaximumInformation), quotas, untouched }
    }

    pub fn play(&self, person: u64) -> Estimate {
        let rng = &mut ChaCha8Rng::seed_from_u64(person);
        let ability = 3.0 * unit(rng) - 1.5;
        let mut posterior = GridPosterior::new(self.on_grid.grid);
        let mut progress = self.untouched.clone();
        let exposure = nobody_else(ExposureControl::NONE, &[]);
        for _ in 0..ITEMS_ONE {
            let estimate = posterior.estimate();
            let (on_grid, quotas) = (&self.on_grid, &self.quotas);
            let sitting =
                one_dimension::Sitting { on_grid, quotas, posterior: &posterior, estimate, progress: &progress };
            let rule = Rule::MaximumInformation;
            let position = one_dimension::choose(&sitting, rule, &exposure, rng).unwrap().position;
            progress.give(self.pool, quotas, position);
            let right = unit(rng) < self.pool.items()[position].item.probability(ability);
            posterior.update(self.on_grid.likelihood(position, right));
        }
        posterior.estimate()
    }
}

/// A test of five dimensions.
pub struct Five {
    pool: Pool<5>,
    prior: Prior<5>,
    quotas: Quotas,
    control: ExposureControl,
    shown: Vec<u64>,
    untouched: Progress,
}

impl Five {
    pub fn free(count: usize) -> Self {
        Self::new(count, Quotas::new(Vec::new(), ITEMS_FIVE, Scope::WholeTest).unwrap(), ExposureControl::NONE)
    }

    pub fn with_rules(count: usize) -> Self {
        let quota = Quota { parent: None, minimum: 5, maximum: 8 };
        let ceiling = ExposureCeiling::new(0.25, 5.0).unwrap();
        let control = ExposureControl { ceiling, price: 0.5, spread: 0.03, exploration: 0.008 };
        Self::new(count, Quotas::new(vec![quota; 5], ITEMS_FIVE, Scope::EveryLength).unwrap(), control)
    }

    fn new(count: usize, quotas: Quotas, control: ExposureControl) -> Self {
        let kind = |domain| Some(domain).filter(|_| !quotas.quotas().is_empty());
        let item = |(item, dimension)| PoolItem { item, dimension, kind: kind(dimension), family: None };
        let pool = Pool::new(items(count).into_iter().map(item).collect()).unwrap();
        let correlation = |row, column| if row == column { 1.0 } else { 0.7 };
        let covariance = core::array::from_fn(|row| core::array::from_fn(|column| correlation(row, column)));
        let prior = Prior::new([0.0; 5], covariance).unwrap();
        let untouched = Progress::new(&pool, &quotas, &[]);
        let shown = (0..count as u64).map(|n| n * 7 % 240).collect();
        Self { pool, prior, quotas, control, shown, untouched }
    }

    pub fn play(&self, person: u64) -> Posterior<5> {
        let rng = &mut ChaCha8Rng::seed_from_u64(person);
        let ability = self.prior.draw(rng);
        let mut state = ExpectationPropagation::new(&self.prior);
        let mut progress = self.untouched.clone();
        let exposure = nobody_else(self.control, &self.shown);
        for _ in 0..ITEMS_FIVE {
            let (pool, quotas) = (&self.pool, &self.quotas);
            let sitting = Sitting { pool, quotas, posterior: state.posterior(), progress: &progress };
            let position = choose(&sitting, Criterion::Volume, &exposure, rng).unwrap().position;
            progress.give(pool, quotas, position);
            let PoolItem { item, dimension, .. } = pool.items()[position];
            state.update(&item, dimension, unit(rng) < item.probability(ability[dimension])).unwrap();
        }
        state.posterior().clone()
    }
}
