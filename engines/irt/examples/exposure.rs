//! Ways to control exposure beside one another, on a bank of 500 items in five domains with 4 to 8 of 30 items of each, 3 × 2,000
//! people: `cargo run --release -p melek-irt --example exposure`.
#![allow(clippy::print_stdout, reason = "an example prints its figures")]

use std::error::Error;

use melek_irt::ability::Grid;
use melek_irt::model::Item;
use melek_irt::selection::one_dimension::Rule;
use melek_irt::selection::{ExposureCeiling, ExposureControl, Pool, PoolItem, Quota, Quotas, Scope};
use melek_irt::simulation::one_dimension::{Control, People, Plan, play};

const BANK: &str = include_str!("../tests/reference/adaptive_bank.csv");
const SEEDS: u64 = 3;
const RELIABLE: f64 = 0.316;

/// Mean over the seeds, the largest exposure the largest.
#[derive(Default)]
struct Figures {
    largest: f64,
    overlap: f64,
    unused: f64,
    rare: f64,
    standard_error: f64,
    length: f64,
    in_room: f64,
    broken: u32,
}

fn main() -> Result<(), Box<dyn Error>> {
    let pool = bank()?;
    let grid = Grid::new(33, (-4.0, 4.0), (0.0, 1.0))?;
    let quotas = |scope| Quotas::new(vec![Quota { parent: None, minimum: 4, maximum: 8 }; 5], 30, scope);
    let (whole, every) = (quotas(Scope::WholeTest)?, quotas(Scope::EveryLength)?);
    let free = Quotas::new(Vec::new(), 30, Scope::WholeTest)?;
    let run = |quotas: &Quotas, rule, control, standard_error, room, warm| -> Result<Figures, Box<dyn Error>> {
        let people = People::Drawn(2_000);
        figures(&Plan {
            pool: &pool,
            grid: &grid,
            quotas,
            rule,
            control,
            standard_error,
            people,
            room,
            clairvoyant: false,
            warm,
        })
    };
    let information = Rule::MaximumInformation;
    let base = run(&free, information, Control::None, 0.0, 1, 0)?;
    println!(
        "control                                 largest  overlap  unused    rare   mean SE          items  in room"
    );
    let line = |name: &str, figures: &Figures| {
        println!(
            "{name:<40}{:>7.3}{:>9.3}{:>8.3}{:>8.3}{:>10.4} {:>+5.1} %{:>8.2}{:>9.3}{}",
            figures.largest,
            figures.overlap,
            figures.unused,
            figures.rare,
            figures.standard_error,
            100.0 * (figures.standard_error / base.standard_error - 1.0),
            figures.length,
            figures.in_room,
            if figures.broken > 0 { format!("  {} tests broke a rule", figures.broken) } else { String::new() }
        );
    };
    line("none, no quotas", &base);
    line("none", &run(&whole, information, Control::None, 0.0, 1, 0)?);
    line("randomesque 10", &run(&whole, Rule::Randomesque(10), Control::None, 0.0, 1, 0)?);
    line("ceiling .25", &run(&whole, information, priced(0.0, 0.0, 0.0)?, 0.0, 1, 0)?);
    line("eligibility .25", &run(&whole, information, Control::Eligibility { rate: 0.25 }, 0.0, 1, 0)?);
    line("Sympson-Hetter .25", &run(&whole, information, Control::SympsonHetter { rate: 0.25 }, 0.0, 1, 0)?);
    line("progressive, ceiling", &run(&whole, Rule::Progressive, priced(0.0, 0.0, 0.0)?, 0.0, 1, 0)?);
    line("stratified, ceiling", &run(&whole, Rule::Stratified(4), priced(0.0, 0.0, 0.0)?, 0.0, 1, 0)?);
    for price in [0.5, 1.0, 1.4, 1.5, 2.0, 3.0] {
        let control = priced(price, 0.03, 0.008)?;
        line(&format!("priced {price}"), &run(&whole, information, control, 0.0, 1, 4_000)?);
    }
    line("priced 1.4, rooms of 300 in step", &run(&whole, information, priced(1.4, 0.03, 0.008)?, 0.0, 300, 4_000)?);
    for price in [0.5, 1.0, 1.4, 2.0] {
        let people = People::Drawn(2_000);
        let control = priced(price, 0.03, 0.008)?;
        let bound = Plan {
            pool: &pool,
            grid: &grid,
            quotas: &whole,
            rule: information,
            control,
            standard_error: 0.0,
            people,
            room: 1,
            clairvoyant: true,
            warm: 4_000,
        };
        line(&format!("priced {price}, ability known"), &figures(&bound)?);
    }
    println!("to a standard error of {RELIABLE}, quotas at every length");
    line("none, no quotas", &run(&free, information, Control::None, RELIABLE, 1, 0)?);
    line("ceiling .25", &run(&every, information, priced(0.0, 0.0, 0.0)?, RELIABLE, 1, 0)?);
    for price in [0.7, 1.0, 1.4] {
        let control = priced(price, 0.03, 0.008)?;
        line(&format!("priced {price}"), &run(&every, information, control, RELIABLE, 1, 4_000)?);
    }
    Ok(())
}

fn bank() -> Result<Pool<1>, Box<dyn Error>> {
    let rows = BANK.lines().filter(|line| !line.starts_with('#')).skip(1);
    let mut items = Vec::new();
    for row in rows {
        let cells = row.split(',').map(str::parse).collect::<Result<Vec<f64>, _>>()?;
        let item = Item::new(cells[0], cells[1], cells[2])?.with_upper(cells[3])?;
        items.push(PoolItem { item, dimension: 0, kind: Some(cells[4] as usize - 1), family: None });
    }
    Ok(Pool::new(items)?)
}

fn priced(price: f64, spread: f64, exploration: f64) -> Result<Control, Box<dyn Error>> {
    let ceiling = ExposureCeiling::new(0.25, 5.0)?;
    Ok(Control::Priced(ExposureControl { ceiling, price, spread, exploration }))
}

fn figures(plan: &Plan<'_>) -> Result<Figures, Box<dyn Error>> {
    let mut figures = Figures::default();
    for seed in 1..=SEEDS {
        let played = play(plan, seed)?;
        let summary = &played.summary;
        let share = |value: f64| value / SEEDS as f64;
        figures.largest = figures.largest.max(summary.exposure.largest);
        figures.overlap += share(summary.exposure.overlap);
        figures.unused += share(summary.exposure.unused);
        figures.rare += share(summary.exposure.rare);
        figures.standard_error += share(summary.composite.mean_standard_error);
        figures.length += share(summary.length.mean);
        figures.in_room += share(played.overlap_in_room);
        figures.broken += summary.short_of_quotas;
    }
    Ok(figures)
}
