//! What a test of 32 items tells about five areas correlated .7: the profile within a person, classes by a sum of levels, and
//! whether an area's own score is worth reporting. Bank of 500 items, D-optimal choice:
//! `cargo run --release -p melek-irt --example profile`; one part of it, 1 … 4: `-- 2`.
#![allow(clippy::print_stdout, reason = "an example prints its figures")]

mod adaptive_bank;

use std::error::Error;

use melek_irt::ability::{Answer, ExpectationPropagation, Posterior, Prior, posterior};
use melek_irt::decision::{Competence, LevelSum};
use melek_irt::scoring::subscores;
use melek_irt::selection::several_dimensions::{Criterion, Sitting, choose};
use melek_irt::selection::{
    Exposure, ExposureCeiling, ExposureControl, Pool, PoolItem, Progress, Quotas, Scope, Showings,
};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

const DIMENSIONS: usize = 5;
const ITEMS: usize = 32;
const PROFILE_PEOPLE: u64 = 6_000;
const CLASS_PEOPLE: u64 = 40_000;
/// Of these, people whose classes are also told without the correlations, for comparison.
const ALONE_PEOPLE: usize = 20_000;
/// People whose showings the prices begin with.
const WARM: u64 = 4_000;
const FEWEST_IN_A_TENTH: f64 = 1_000.0;

/// A test: who the person is, and what was answered.
struct Sat {
    ability: [f64; DIMENSIONS],
    answers: Vec<Answer>,
    given: Vec<usize>,
    posterior: Posterior<DIMENSIONS>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let pool = bank()?;
    let none = ExposureControl::NONE;
    let only: Option<usize> = std::env::args().nth(1).map(|text| text.parse()).transpose()?;
    let wanted = |part: usize| only.is_none_or(|only| only == part);
    if wanted(1) {
        println!(
            "| exposure control | r within a person, pooled | mean of people's r | mean RMSE of areas | worst area | largest exposure | overlap | unused |"
        );
        println!("|---|---|---|---|---|---|---|---|");
        profile("none", &pool, none)?;
        for (price, spread, exploration) in
            [(0.0, 0.0, 0.0), (0.05, 0.002, 0.005), (0.1, 0.005, 0.005), (0.2, 0.005, 0.005), (0.4, 0.01, 0.005)]
        {
            let ceiling = ExposureCeiling::new(0.25, 5.0)?;
            let control = ExposureControl { ceiling, price, spread, exploration };
            profile(&format!("ceiling .25, price {price}"), &pool, control)?;
        }
    }
    if wanted(2) || wanted(3) {
        println!(
            "| classes at | items | most off in a tenth, points | the same without correlations | most probable right | of the estimates right | sure (P > .9) | of these right |"
        );
        println!("|---|---|---|---|---|---|---|---|");
        let people = sit(&pool, 0.7, none, (CLASS_PEOPLE, 0, 11))?;
        for (part, items) in [(2, 16), (3, ITEMS)] {
            for cuts in [[68.0, 80.0], [78.0, 90.0]] {
                if wanted(part) {
                    classes(&people, items, cuts)?;
                }
            }
        }
    }
    if wanted(4) {
        println!("| correlation | items | area | own score | composite | both | reported |");
        println!("|---|---|---|---|---|---|---|");
        for correlation in [0.5, 0.7, 0.85] {
            let people = sit(&pool, correlation, none, (PROFILE_PEOPLE, 0, 13))?;
            for items in [16, ITEMS] {
                value_of_areas(&people, correlation, items)?;
            }
        }
    }
    Ok(())
}

fn bank() -> Result<Pool<DIMENSIONS>, Box<dyn Error>> {
    let item = |(item, dimension)| PoolItem { item, dimension, kind: None, family: None };
    Ok(Pool::new(adaptive_bank::items()?.into_iter().map(item).collect())?)
}

fn prior(correlation: f64) -> Result<Prior<DIMENSIONS>, Box<dyn Error>> {
    let element = |row, column| if row == column { 1.0 } else { correlation };
    let covariance = core::array::from_fn(|row| core::array::from_fn(|column| element(row, column)));
    Ok(Prior::new([0.0; DIMENSIONS], covariance)?)
}

/// Tests of people one after the other, with common counters of exposure; the first `warm` of them are not returned.
fn sit(
    pool: &Pool<DIMENSIONS>,
    correlation: f64,
    control: ExposureControl,
    (people, warm, seed): (u64, u64, u64),
) -> Result<Vec<Sat>, Box<dyn Error>> {
    let rng = &mut ChaCha8Rng::seed_from_u64(seed);
    let prior = prior(correlation)?;
    let quotas = Quotas::new(Vec::new(), ITEMS, Scope::WholeTest)?;
    let untouched = Progress::new(pool, &quotas, &[]);
    let mut priced = vec![0_u64; pool.items().len()];
    let mut shown = priced.clone();
    let mut sat = Vec::new();
    for person in 1..=warm + people {
        if person == warm + 1 {
            shown.fill(0);
        }
        let started = if person > warm { person - warm } else { person };
        let ability = prior.draw(rng);
        let mut state = ExpectationPropagation::new(&prior);
        let mut progress = untouched.clone();
        let mut answers = Vec::with_capacity(ITEMS);
        for _ in 0..ITEMS {
            let sitting = Sitting { pool, quotas: &quotas, posterior: state.posterior(), progress: &progress };
            let exposure = Exposure {
                control,
                counts: Showings { started, shown: &shown },
                priced: Showings { started: person, shown: &priced },
                refused: &[],
                seed: person,
                price_factor: 1.0,
            };
            let position = choose(&sitting, Criterion::Volume, &exposure, rng).ok_or("no item is left")?.position;
            progress.give(pool, &quotas, position);
            shown[position] += 1;
            priced[position] += 1;
            let PoolItem { item, dimension, .. } = pool.items()[position];
            let correct = rng.random::<f64>() < item.probability(ability[dimension]);
            state.update(&item, dimension, correct)?;
            answers.push(Answer { item, dimension, correct });
        }
        if person > warm {
            let given = progress.given().to_vec();
            sat.push(Sat { ability, answers, given, posterior: state.posterior().clone() });
        }
    }
    Ok(sat)
}

fn profile(name: &str, pool: &Pool<DIMENSIONS>, control: ExposureControl) -> Result<(), Box<dyn Error>> {
    let warm = if control == ExposureControl::NONE { 0 } else { WARM };
    let people = sit(pool, 0.7, control, (PROFILE_PEOPLE, warm, 7))?;
    let count = people.len() as f64;
    let (mut products, mut correlations) = ([0.0; 3], 0.0);
    let mut squares = [0.0; DIMENSIONS];
    let mut shown = vec![0.0; pool.items().len()];
    for person in &people {
        let own = products_within(&person.posterior.mean, &person.ability);
        for (sum, product) in products.iter_mut().zip(own) {
            *sum += product;
        }
        correlations += correlation(own);
        for (area, square) in squares.iter_mut().enumerate() {
            *square += (person.posterior.mean[area] - person.ability[area]).powi(2);
        }
        person.given.iter().for_each(|&position| shown[position] += 1.0);
    }
    let errors = squares.map(|sum| (sum / count).sqrt());
    let overlap: f64 = shown.iter().map(|n| n * (n - 1.0)).sum::<f64>() / (count * (count - 1.0) * ITEMS as f64);
    println!(
        "| {name} | {:.3} | {:.3} | {:.3} | {:.3} | {:.3} | {overlap:.3} | {:.3} |",
        correlation(products),
        correlations / count,
        errors.iter().sum::<f64>() / DIMENSIONS as f64,
        errors.iter().copied().fold(0.0, f64::max),
        shown.iter().copied().fold(0.0, f64::max) / count,
        shown.iter().filter(|&&n| n == 0.0).count() as f64 / shown.len() as f64,
    );
    Ok(())
}

/// Sums of squares and products of the deviations from the person's own mean: estimates, truths, both.
fn products_within(estimates: &[f64; DIMENSIONS], truths: &[f64; DIMENSIONS]) -> [f64; 3] {
    let mean = |values: &[f64; DIMENSIONS]| values.iter().sum::<f64>() / DIMENSIONS as f64;
    let (middle, centre) = (mean(estimates), mean(truths));
    let mut sums = [0.0; 3];
    for (estimate, truth) in estimates.iter().zip(truths) {
        let (one, other) = (estimate - middle, truth - centre);
        sums = [sums[0] + one * one, sums[1] + other * other, sums[2] + one * other];
    }
    sums
}

fn correlation([one, other, both]: [f64; 3]) -> f64 {
    both / (one * other).sqrt()
}

/// Probabilities, and how often what they are of came true, by tenths.
#[derive(Default)]
struct Tenths([[f64; 3]; 10]);

impl Tenths {
    fn add(&mut self, probability: f64, happened: bool) {
        let tenth = &mut self.0[((probability * 10.0) as usize).min(9)];
        *tenth = [tenth[0] + 1.0, tenth[1] + probability, tenth[2] + f64::from(u8::from(happened))];
    }

    /// Largest distance in points, of tenths with enough cases.
    fn most_off(&self) -> f64 {
        let filled = self.0.iter().filter(|tenth| tenth[0] >= FEWEST_IN_A_TENTH);
        filled.map(|[cases, said, happened]| 100.0 * (said - happened).abs() / cases).fold(0.0, f64::max)
    }
}

fn classes(people: &[Sat], items: usize, cuts: [f64; 2]) -> Result<(), Box<dyn Error>> {
    // Level 2 in every area is asked for; what is above counts.
    let areas = (0..DIMENSIONS).map(|dimension| Competence { dimension, cuts: vec![-1.0, 0.0, 1.0] }).collect();
    let sum = LevelSum::<DIMENSIONS>::new(areas, 2.0 * DIMENSIONS as f64, cuts.to_vec())?;
    let prior = prior(0.7)?;
    let (mut joint, mut single) = ([(); 3].map(|()| Tenths::default()), [(); 3].map(|()| Tenths::default()));
    let (mut right, mut right_point, mut sure, mut sure_right) = (0.0, 0.0, 0.0, 0.0);
    for (number, person) in people.iter().enumerate() {
        let after = posterior(&prior, &person.answers[..items])?;
        let class = sum.class(&person.ability);
        let alone = Posterior {
            mean: after.mean,
            covariance: core::array::from_fn(|row| {
                core::array::from_fn(|column| if row == column { after.covariance[row][row] } else { 0.0 })
            }),
        };
        let chances = sum.probabilities(&after)?;
        for (one, chance) in chances.iter().enumerate() {
            joint[one].add(*chance, one == class);
        }
        if number < ALONE_PEOPLE {
            for (one, chance) in sum.probabilities(&alone)?.into_iter().enumerate() {
                single[one].add(chance, one == class);
            }
        }
        let best = (0..3).fold(0, |best, one| if chances[one] > chances[best] { one } else { best });
        right += f64::from(u8::from(best == class));
        right_point += f64::from(u8::from(sum.class(&after.mean) == class));
        if chances[best] > 0.9 {
            sure += 1.0;
            sure_right += f64::from(u8::from(best == class));
        }
    }
    let count = people.len() as f64;
    let most = |tenths: &[Tenths; 3]| tenths.iter().map(Tenths::most_off).fold(0.0, f64::max);
    println!(
        "| {} and {} % | {items} | {:.2} | {:.2} | {:.3} | {:.3} | {:.3} | {:.3} |",
        cuts[1],
        cuts[0],
        most(&joint),
        most(&single),
        right / count,
        right_point / count,
        sure / count,
        sure_right / sure,
    );
    Ok(())
}

/// Each area from its own answers alone, against the whole.
fn value_of_areas(people: &[Sat], correlation: f64, items: usize) -> Result<(), Box<dyn Error>> {
    let alone = prior(0.0)?;
    let mut means = Vec::with_capacity(people.len());
    let mut variances = [0.0; DIMENSIONS];
    for person in people {
        let own = posterior(&alone, &person.answers[..items])?;
        for (area, sum) in variances.iter_mut().enumerate() {
            *sum += own.covariance[area][area] / people.len() as f64;
        }
        means.push(own.mean);
    }
    let reliabilities = variances.map(|variance| 1.0 - variance);
    let scores: Vec<Vec<f64>> = means
        .iter()
        .map(|mean| mean.iter().zip(reliabilities).map(|(mean, reliability)| mean / reliability).collect())
        .collect();
    for (area, value) in subscores(&scores, &reliabilities)?.iter().enumerate() {
        println!(
            "| {correlation} | {items} | {} | {:.3} | {:.3} | {:.3} | {} |",
            area + 1,
            value.own,
            value.whole,
            value.both,
            if value.adds_value() { "yes" } else { "no" },
        );
    }
    Ok(())
}
