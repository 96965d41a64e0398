//! Plays a 90-item bank over five dimensions on 10,000 people and prints what it does:
//! `cargo run --release -p melek-irt --example simulate`.
#![expect(clippy::print_stdout, reason = "an example prints its figures")]

use melek_irt::ability::Prior;
use melek_irt::model::{Item, chance};
use melek_irt::selection::{ExposureCeiling, ExposureControl, Pool, PoolItem, Rules};
use melek_irt::simulation::{Plan, simulate};
use melek_irt::stopping::Rule;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let prior = correlated(0.7)?;
    let pool = bank()?;
    for (price, exploration) in [(0.0, 0.0), (0.0, 0.01), (0.1, 0.01), (0.2, 0.01), (0.5, 0.01), (1.0, 0.01)] {
        for se in [0.36, 0.40, 0.0] {
            let control = ExposureControl { ceiling: ExposureCeiling::new(0.5, 5.0)?, price, exploration };
            let plan = Plan {
                pool: &pool,
                prior: &prior,
                weights: [0.2; 5],
                rules: Rules { minimum_per_dimension: 2, maximum_items: 30 },
                stopping: Rule { minimum: 12, maximum: 30, standard_error: se, minimum_per_dimension: 2 },
                exposure: control,
                levels: &[],
                people: 10_000,
            };
            let s = simulate(&plan, 20_260_801)?;
            println!(
                "price {price} eps {exploration} se {se}: length {:.2} ({}-{}-{}) cov {:.3} dims {:?} se {:.3} rmse {:.3} bias {:.3} dimse {:.3} max {:.3} unused {:.3} rare {:.3} overlap {:.3} stops {:?} short {}",
                s.length.mean,
                s.length.shortest,
                s.length.median,
                s.length.longest,
                s.composite.coverage,
                s.dimensions.map(|d| (d.coverage * 1000.0).round() / 1000.0),
                s.composite.mean_standard_error,
                s.composite.root_mean_square_error,
                s.composite.bias,
                s.dimensions.iter().map(|d| d.mean_standard_error).sum::<f64>() / 5.0,
                s.exposure.largest,
                s.exposure.unused,
                s.exposure.rare,
                s.exposure.overlap,
                s.stops,
                s.short_of_minimum,
            );
        }
    }
    Ok(())
}

fn correlated(correlation: f64) -> Result<Prior<5>, melek_irt::ability::PriorError> {
    let covariance = core::array::from_fn(|row: usize| {
        core::array::from_fn(|column: usize| if row == column { 1.0 } else { correlation })
    });
    Prior::new([0.0; 5], covariance)
}

/// 18 items a dimension: discrimination 1.1 … 2.1, difficulty −2 … 2 in four levels, floor by item type in turn.
fn bank() -> Result<Pool<5>, Box<dyn std::error::Error>> {
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
        for n in 0..18 {
            let discrimination = 1.1 + 0.2 * ((n * 7 + dimension * 3) % 6) as f64;
            let level = n % 4;
            let difficulty = -1.5 + level as f64 + 0.25 * ((n / 4) as f64 - 2.0);
            let item = Item::new(discrimination, difficulty, floors[(n + dimension) % 6])?;
            items.push(PoolItem { item, dimension, family: None });
        }
    }
    Ok(Pool::new(items)?)
}
