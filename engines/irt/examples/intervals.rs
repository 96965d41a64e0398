//! Do the intervals cover? Bank of 500 items in five correlated dimensions, covariance estimated from 2,000 people, then tests
//! of 5, 16 and 32 items for 2,000 new people, five calibrations of each correlation, D-optimal choice:
//! `cargo run --release -p melek-irt --example intervals`. Another number of calibrations: `-- 10`; one block of the table, 1 … 5:
//! `-- 5 2`; the covariance from another number of people: `-- 5 2 8000`, or told as it is: `-- 5 2 0`.
#![allow(clippy::print_stdout, reason = "an example prints its figures")]

mod adaptive_bank;

use std::error::Error;

use melek_irt::ability::population::{Free, estimate};
use melek_irt::ability::{BankSpread, Estimate, ExpectationPropagation, ItemErrors, Prior, UncertainItem};
use melek_irt::model::Item;
use melek_irt::selection::several_dimensions::{Criterion, Sitting, choose};
use melek_irt::selection::{Exposure, ExposureControl, Pool, PoolItem, Progress, Quotas, Scope, Showings};
use rand::{Rng, RngExt};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal};

const DIMENSIONS: usize = 5;
const CALIBRATIONS: u64 = 5;
const CALIBRATED_ON: usize = 2_000;
const PEOPLE: usize = 2_000;
/// Items of a person whose answers the covariance is estimated from.
const CALIBRATION_ITEMS: usize = 40;
const LENGTHS: [usize; 3] = [5, 16, 32];
const CORRELATIONS: [f64; 3] = [0.5, 0.7, 0.85];
const SHIFT: f64 = -0.6;
/// Standard errors of ln a and of b.
const ERRORS: [f64; 2] = [0.12, 0.12];
const TAIL: f64 = 2.0;
/// Coverage that every cell should have.
const WANTED: std::ops::RangeInclusive<f64> = 0.93..=0.97;

/// A block of the table: what is known of the items, how far the people tested are from those calibrated on, and how many these
/// are; none of them: the covariance is told.
#[derive(Clone, Copy)]
struct Block {
    known: Known,
    shift: f64,
    calibrated_on: usize,
}

/// What the test knows of the items.
#[derive(Clone, Copy, PartialEq)]
enum Known {
    /// The true parameters.
    Truth,
    /// Estimates, taken for the truth.
    Estimates,
    /// Estimates with their errors averaged over.
    Averaged,
    /// The same, where they most likely are given the spread of the bank.
    WithinBank,
}

/// Shares of truths within the 95 % interval.
#[derive(Clone, Copy, Default)]
struct Coverage {
    inside: f64,
    of: f64,
}

impl Coverage {
    fn add(&mut self, estimate: &Estimate, truth: f64) {
        self.inside += f64::from(u8::from(estimate.interval(0.95).contains(truth)));
        self.of += 1.0;
    }

    fn share(&self) -> f64 {
        self.inside / self.of
    }
}

/// Coverage at each length.
#[derive(Clone, Default)]
struct Figures {
    composite: [Coverage; 3],
    areas: [[Coverage; DIMENSIONS]; 3],
    tail_composite: [Coverage; 3],
    tail_areas: [Coverage; 3],
    /// Of each calibration: the composite and the areas together; then each area.
    cells: [Vec<f64>; 3],
    area_cells: [Vec<f64>; 3],
    error: [f64; 3],
    standard_error: [f64; 3],
}

/// A world: what is true, and what is known of it.
struct World {
    truth: Prior<DIMENSIONS>,
    items: Vec<Item>,
    known: Vec<UncertainItem>,
    pool: Pool<DIMENSIONS>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let calibrations = std::env::args().nth(1).map_or(Ok(CALIBRATIONS), |text| text.parse())?;
    let only: Option<usize> = std::env::args().nth(2).map(|text| text.parse()).transpose()?;
    let calibrated_on = std::env::args().nth(3).map_or(Ok(CALIBRATED_ON), |text| text.parse())?;
    println!(
        "| people, items | ρ | items | composite | areas | least, most of a calibration | of one area in it | beyond 93–97 % | θ beyond 2: composite, areas | RMSE, SE |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|");
    let blocks = [
        (Known::Truth, 0.0),
        (Known::Estimates, 0.0),
        (Known::Averaged, 0.0),
        (Known::WithinBank, 0.0),
        (Known::Truth, SHIFT),
    ];
    for (block, (known, shift)) in blocks.into_iter().enumerate() {
        if only.is_none_or(|only| only == block + 1) {
            row_set(Block { known, shift, calibrated_on }, calibrations)?;
        }
    }
    Ok(())
}

fn row_set(block: Block, calibrations: u64) -> Result<(), Box<dyn Error>> {
    let name = match block.known {
        Known::Truth if block.shift == 0.0 => "as calibrated, items known",
        Known::Truth => "population shifted by −.6",
        Known::Estimates => "items with errors, taken for the truth",
        Known::Averaged => "items with errors, averaged",
        Known::WithinBank => "items with errors, averaged within the bank's spread",
    };
    let mut pooled = Figures::default();
    for correlation in CORRELATIONS {
        let mut figures = Figures::default();
        for calibration in 1..=calibrations {
            // The same people and errors for each way to know the items, so that ways compare.
            let rng = &mut ChaCha8Rng::seed_from_u64(1_000 * calibration + (correlation * 100.0) as u64);
            figures.join(&calibrate_and_test(correlation, block, rng)?);
        }
        figures.print(name, &format!("{correlation}"));
        pooled.join(&figures);
    }
    pooled.print(name, "all");
    Ok(())
}

fn calibrate_and_test(correlation: f64, block: Block, rng: &mut ChaCha8Rng) -> Result<Figures, Box<dyn Error>> {
    let world = World::new(correlation, block.known, rng)?;
    let start = Prior::new([0.0; DIMENSIONS], equal(0.0))?;
    let people: Result<Vec<_>, _> = (0..block.calibrated_on).map(|_| world.answer_at_random(&start, rng)).collect();
    let prior = match block.calibrated_on {
        0 => world.truth.clone(),
        _ => estimate(people?, Free::Correlations)?.prior,
    };
    let quotas = Quotas::new(Vec::new(), LENGTHS[2], Scope::WholeTest)?;
    let mut figures = Figures::default();
    for _ in 0..PEOPLE {
        let ability = world.truth.draw(rng).map(|ability| ability + block.shift);
        world.test((&prior, &quotas), &ability, rng, &mut figures)?;
    }
    for length in 0..LENGTHS.len() {
        let areas: Vec<f64> = figures.areas[length].iter().map(Coverage::share).collect();
        let together = areas.iter().sum::<f64>() / DIMENSIONS as f64;
        figures.cells[length].extend([figures.composite[length].share(), together]);
        figures.area_cells[length].extend(areas);
    }
    Ok(figures)
}

fn equal(correlation: f64) -> [[f64; DIMENSIONS]; DIMENSIONS] {
    core::array::from_fn(|row| core::array::from_fn(|column| if row == column { 1.0 } else { correlation }))
}

impl World {
    fn new(correlation: f64, known: Known, rng: &mut ChaCha8Rng) -> Result<Self, Box<dyn Error>> {
        let truth = Prior::new([0.0; DIMENSIONS], equal(correlation))?;
        let (items, dimensions): (Vec<Item>, Vec<usize>) = adaptive_bank::items()?.into_iter().unzip();
        let errors = ItemErrors::new(ERRORS[0], ERRORS[1], 0.0)?;
        let estimates = items.iter().map(|item| estimated(item, rng)).collect::<Result<Vec<_>, _>>()?;
        let bank = BankSpread::estimate(&estimates, &vec![errors; estimates.len()])?;
        let none = ItemErrors::new(0.0, 0.0, 0.0)?;
        let mut uncertain = Vec::new();
        for (&item, &estimate) in items.iter().zip(&estimates) {
            uncertain.push(match known {
                Known::Truth => UncertainItem::new(item, none),
                Known::Estimates => UncertainItem::new(estimate, none),
                Known::Averaged => UncertainItem::new(estimate, errors),
                Known::WithinBank => UncertainItem::within(estimate, errors, &bank)?,
            });
        }
        let pool_item = |(item, &dimension): (&UncertainItem, &usize)| PoolItem {
            item: *item.item(),
            dimension,
            kind: None,
            family: None,
        };
        let pool = Pool::new(uncertain.iter().zip(&dimensions).map(pool_item).collect())?;
        Ok(Self { truth, items, known: uncertain, pool })
    }

    fn answer(&self, position: usize, ability: &[f64; DIMENSIONS], rng: &mut ChaCha8Rng) -> bool {
        let dimension = self.pool.items()[position].dimension;
        rng.random::<f64>() < self.items[position].probability(ability[dimension])
    }

    /// Somebody from the population with as many random items of each dimension.
    fn answer_at_random(
        &self,
        start: &Prior<DIMENSIONS>,
        rng: &mut ChaCha8Rng,
    ) -> Result<ExpectationPropagation<DIMENSIONS>, Box<dyn Error>> {
        let ability = self.truth.draw(rng);
        let mut person = ExpectationPropagation::new(start);
        let mut given = vec![false; self.items.len()];
        let mut of_dimension = [0; DIMENSIONS];
        while of_dimension.iter().sum::<usize>() < CALIBRATION_ITEMS {
            let position = rng.random_range(0..self.items.len());
            let dimension = self.pool.items()[position].dimension;
            if !given[position] && of_dimension[dimension] < CALIBRATION_ITEMS / DIMENSIONS {
                given[position] = true;
                of_dimension[dimension] += 1;
                person.update_uncertain(&self.known[position], dimension, self.answer(position, &ability, rng))?;
            }
        }
        Ok(person)
    }

    fn test(
        &self,
        (prior, quotas): (&Prior<DIMENSIONS>, &Quotas),
        ability: &[f64; DIMENSIONS],
        rng: &mut ChaCha8Rng,
        figures: &mut Figures,
    ) -> Result<(), Box<dyn Error>> {
        let mut person = ExpectationPropagation::new(prior);
        let mut progress = Progress::new(&self.pool, quotas, &[]);
        let exposure = Exposure {
            control: ExposureControl::NONE,
            counts: Showings::default(),
            priced: Showings::default(),
            refused: &[],
            seed: rng.next_u64(),
            price_factor: 1.0,
        };
        for given in 1..=LENGTHS[2] {
            let sitting = Sitting { pool: &self.pool, quotas, posterior: person.posterior(), progress: &progress };
            let chosen = choose(&sitting, Criterion::Volume, &exposure, rng).ok_or("no item is left")?;
            progress.give(&self.pool, quotas, chosen.position);
            let dimension = self.pool.items()[chosen.position].dimension;
            let correct = self.answer(chosen.position, ability, rng);
            person.update_uncertain(&self.known[chosen.position], dimension, correct)?;
            if let Some(length) = LENGTHS.iter().position(|&length| length == given) {
                figures.add(length, &person, ability);
            }
        }
        Ok(())
    }
}

/// The item as a calibration finds it.
fn estimated(item: &Item, rng: &mut ChaCha8Rng) -> Result<Item, Box<dyn Error>> {
    let mut error = |deviation: f64| -> f64 { deviation * Distribution::<f64>::sample(&StandardNormal, rng) };
    let discrimination = item.discrimination() * error(ERRORS[0]).exp();
    Ok(Item::new(discrimination, item.difficulty() + error(ERRORS[1]), item.lower())?)
}

impl Figures {
    fn add(&mut self, length: usize, person: &ExpectationPropagation<DIMENSIONS>, ability: &[f64; DIMENSIONS]) {
        let composite = person.posterior().composite(&[1.0 / DIMENSIONS as f64; DIMENSIONS]);
        let truth = ability.iter().sum::<f64>() / DIMENSIONS as f64;
        self.composite[length].add(&composite, truth);
        self.error[length] += (composite.mean - truth) * (composite.mean - truth);
        self.standard_error[length] += composite.standard_error;
        if truth.abs() > TAIL {
            self.tail_composite[length].add(&composite, truth);
        }
        for (dimension, &truth) in ability.iter().enumerate() {
            let Some(estimate) = person.posterior().dimension(dimension) else { continue };
            self.areas[length][dimension].add(&estimate, truth);
            if truth.abs() > TAIL {
                self.tail_areas[length].add(&estimate, truth);
            }
        }
    }

    fn join(&mut self, other: &Self) {
        let join = |one: &mut Coverage, other: &Coverage| {
            one.inside += other.inside;
            one.of += other.of;
        };
        for length in 0..LENGTHS.len() {
            join(&mut self.composite[length], &other.composite[length]);
            join(&mut self.tail_composite[length], &other.tail_composite[length]);
            join(&mut self.tail_areas[length], &other.tail_areas[length]);
            for (one, other) in self.areas[length].iter_mut().zip(&other.areas[length]) {
                join(one, other);
            }
            self.cells[length].extend(&other.cells[length]);
            self.area_cells[length].extend(&other.area_cells[length]);
            self.error[length] += other.error[length];
            self.standard_error[length] += other.standard_error[length];
        }
    }

    fn print(&self, name: &str, correlation: &str) {
        for (length, items) in LENGTHS.iter().enumerate() {
            let areas = self.areas[length].iter().fold(Coverage::default(), |sum, one| Coverage {
                inside: sum.inside + one.inside,
                of: sum.of + one.of,
            });
            let least = |cells: &[f64]| cells.iter().copied().fold(1.0, f64::min);
            let most = |cells: &[f64]| cells.iter().copied().fold(0.0, f64::max);
            let (cells, area_cells) = (&self.cells[length], &self.area_cells[length]);
            let beyond = area_cells.iter().filter(|share| !WANTED.contains(share)).count();
            let people = self.composite[length].of;
            println!(
                "| {name} | {correlation} | {items} | {:.4} | {:.4} | {:.3}, {:.3} | {:.3}, {:.3} | {beyond} of {} | {:.3}, {:.3} | {:.3}, {:.3} |",
                self.composite[length].share(),
                areas.share(),
                least(cells),
                most(cells),
                least(area_cells),
                most(area_cells),
                area_cells.len(),
                self.tail_composite[length].share(),
                self.tail_areas[length].share(),
                (self.error[length] / people).sqrt(),
                self.standard_error[length] / people,
            );
        }
    }
}
