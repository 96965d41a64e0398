//! Plays an adaptive test on a made-up bank of 90 items over five dimensions, 10,000 people a line, and prints what
//! price and precision cost: `cargo run --release -p melek-irt --example simulate`.
#![allow(clippy::print_stdout, reason = "an example prints its figures")]

use std::error::Error;

use melek_irt::ability::Prior;
use melek_irt::model::{Item, chance};
use melek_irt::selection::several_dimensions::Criterion;
use melek_irt::selection::{ExposureCeiling, ExposureControl, Pool, PoolItem, Quota, Quotas, Scope};
use melek_irt::simulation::{Level, Plan, Summary, simulate};
use melek_irt::standard_setting::{LevelItem, cut_scores};
use melek_irt::stopping::Rule;

const SEED: u64 = 20_260_801;
const LEVELS: usize = 4;
const ITEMS_PER_DIMENSION: usize = 18;

fn main() -> Result<(), Box<dyn Error>> {
    let covariance =
        core::array::from_fn(|row: usize| core::array::from_fn(|column: usize| if row == column { 1.0 } else { 0.7 }));
    let prior = Prior::new([0.0; 5], covariance)?;
    let items = bank()?;
    let pool_item = |level: &LevelItem| PoolItem {
        item: level.item,
        dimension: level.dimension,
        kind: Some(level.dimension),
        family: None,
    };
    let pool = Pool::new(items.iter().map(pool_item).collect())?;
    let levels: Vec<Level> =
        cut_scores(&items)?.iter().map(|cut| Level { dimension: cut.dimension, cut: cut.ability }).collect();
    let quotas = Quotas::new(vec![Quota { parent: None, minimum: 2, maximum: 30 }; 5], 30, Scope::WholeTest)?;
    let plan = |standard_error, price, exploration| -> Result<Plan<'_, 5>, Box<dyn Error>> {
        Ok(Plan {
            pool: &pool,
            prior: &prior,
            weights: [0.2; 5],
            quotas: &quotas,
            criterion: Criterion::Volume,
            stopping: Rule { minimum: 12, maximum: 30, minimum_per_dimension: 2, standard_error, ..Rule::default() },
            exposure: ExposureControl { ceiling: ExposureCeiling::new(0.5, 5.0)?, price, spread: 0.03, exploration },
            levels: &levels,
            posts: &[],
            people: 10_000,
        })
    };

    println!(
        "SE    price explore | length        SE   RMSE covers by dimension | largest unused rare overlap, of equals"
    );
    for standard_error in [0.33, 0.30, 0.0] {
        for (price, exploration) in [(0.0, 0.0), (0.0, 0.02), (0.25, 0.02), (0.5, 0.02), (1.0, 0.02), (2.0, 0.02)] {
            let summary = simulate(&plan(standard_error, price, exploration)?, SEED)?;
            println!("{standard_error:.2} {price:6.2} {exploration:7.2} | {}", line(&summary));
        }
    }
    details(&simulate(&plan(0.33, 1.0, 0.02)?, SEED)?);
    Ok(())
}

fn line(summary: &Summary<5>) -> String {
    let Summary { length, composite, dimensions, exposure, .. } = summary;
    let least = dimensions.iter().map(|dimension| dimension.coverage).fold(1.0, f64::min);
    let most = dimensions.iter().map(|dimension| dimension.coverage).fold(0.0, f64::max);
    let among_equals = summary.fifths.iter().map(|fifth| fifth.overlap).fold(0.0, f64::max);
    format!(
        "{:5.2} ({}–{}) {:.3} {:.3} {:.3} {least:.3}–{most:.3} | {:.4} {:.3} {:.3} {:.3} {among_equals:.3}",
        length.mean,
        length.tenth_percentile,
        length.ninetieth_percentile,
        composite.mean_standard_error,
        composite.root_mean_square_error,
        composite.coverage,
        exposure.largest,
        exposure.unused,
        exposure.rare,
        exposure.overlap,
    )
}

fn details(summary: &Summary<5>) {
    println!("\nSE 0.33, price 1, exploration 0.02: {:?}", summary.stops);
    println!("people whose test broke a quota: {}", summary.short_of_quotas);
    for (fifth, of) in summary.fifths.iter().zip(["lowest", "second", "middle", "fourth", "highest"]) {
        println!(
            "{of:>8} fifth: {} people, covers {:.3}, bias {:+.3}, RMSE {:.3}, items {:.2}, largest {:.3}, overlap {:.3}",
            fifth.people,
            fifth.composite.coverage,
            fifth.composite.bias,
            fifth.composite.root_mean_square_error,
            fifth.mean_length,
            fifth.largest_exposure,
            fifth.overlap,
        );
    }
    for (dimension, levels) in summary.levels.chunks(LEVELS).enumerate() {
        let shares: Vec<String> = levels
            .iter()
            .map(|level| format!("{:.2}/{:.2}/{:.2} ({:.3})", level.met, level.not_sure, level.not_met, level.right))
            .collect();
        println!("dimension {dimension}, met/not sure/not met (right) by level: {}", shares.join("  "));
    }
}

/// 18 items a dimension: discrimination 1.1 … 2.1, four levels of difficulty from −2 to 2, the floor of each item type
/// in turn.
fn bank() -> Result<Vec<LevelItem>, Box<dyn Error>> {
    let floors = [
        chance::single_choice(4)?,
        chance::multiple_choice(5)?,
        chance::order(4)?,
        chance::matching(3, 4)?,
        chance::mark(5)?,
        chance::numeric(),
    ];
    let mut items = Vec::new();
    for dimension in 0..5 {
        for n in 0..ITEMS_PER_DIMENSION {
            let level = n % LEVELS;
            let discrimination = 1.1 + 0.2 * ((n * 7 + dimension * 3) % 6) as f64;
            let difficulty = -1.5 + level as f64 + 0.25 * ((n / LEVELS) as f64 - 2.0);
            let item = Item::new(discrimination, difficulty, floors[(n + dimension) % floors.len()])?;
            items.push(LevelItem { item, dimension, level: level as u32 + 1 });
        }
    }
    Ok(items)
}
