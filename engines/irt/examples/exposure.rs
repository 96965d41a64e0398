//! Ways to control exposure beside one another, on a bank of 500 items in five domains with 4 to 8 of 30 items of each, 3 × 2,000
//! people: `cargo run --release -p melek-irt --example exposure`.
#![allow(clippy::print_stdout, reason = "an example prints its figures")]

mod adaptive_bank;

use std::error::Error;

use melek_irt::ability::Grid;
use melek_irt::selection::one_dimension::Rule;
use melek_irt::selection::{ExposureCeiling, ExposureControl, Pool, PoolItem, Quota, Quotas, Scope};
use melek_irt::simulation::one_dimension::{Control, People, Plan, play};

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
    let bench = Bench::new()?;
    let base = bench.run(&bench.free, Rule::MaximumInformation, (Control::None, PLAIN))?;
    println!(
        "control                                 largest  overlap  unused    rare   mean SE          items  in room"
    );
    let line = |name: &str, figures: &Figures| print_line(name, figures, base.standard_error);
    let (whole, information) = (&bench.whole, Rule::MaximumInformation);
    line("none, no quotas", &base);
    for (name, rule, control) in [
        ("none", information, Control::None),
        ("randomesque 10", Rule::Randomesque(10), Control::None),
        ("ceiling .25", information, priced(0.0, 0.0, 0.0)?),
        ("eligibility .25", information, Control::Eligibility { rate: 0.25 }),
        ("Sympson-Hetter .25", information, Control::SympsonHetter { rate: 0.25 }),
        ("progressive, ceiling", Rule::Progressive, priced(0.0, 0.0, 0.0)?),
        ("stratified, ceiling", Rule::Stratified(4), priced(0.0, 0.0, 0.0)?),
    ] {
        line(name, &bench.run(whole, rule, (control, PLAIN))?);
    }
    for price in [0.5, 1.0, 1.4, 1.5, 2.0, 3.0] {
        line(&format!("priced {price}"), &bench.run(whole, information, (priced(price, 0.03, 0.008)?, WARM))?);
    }
    for price in [1.4, 1.6] {
        let control = priced(price, 0.03, 0.008)?;
        let name = format!("priced {price}, rooms of 300 in step");
        line(&name, &bench.run(whole, information, (control, Way { room: 300, ..WARM }))?);
    }
    for price in [0.5, 1.0, 1.4, 2.0] {
        let control = priced(price, 0.03, 0.008)?;
        let name = format!("priced {price}, ability known");
        line(&name, &bench.run(whole, information, (control, Way { clairvoyant: true, ..WARM }))?);
    }
    println!("to a standard error of {RELIABLE}, quotas at every length");
    let (plain, warm) = (Way { standard_error: RELIABLE, ..PLAIN }, Way { standard_error: RELIABLE, ..WARM });
    line("none, no quotas", &bench.run(&bench.free, information, (Control::None, plain))?);
    line("ceiling .25", &bench.run(&bench.every, information, (priced(0.0, 0.0, 0.0)?, plain))?);
    for price in [0.7, 1.0, 1.4] {
        line(&format!("priced {price}"), &bench.run(&bench.every, information, (priced(price, 0.03, 0.008)?, warm))?);
    }
    let known = Way { clairvoyant: true, ..warm };
    for price in [0.7, 1.0] {
        let control = priced(price, 0.03, 0.008)?;
        line(&format!("priced {price}, ability known"), &bench.run(&bench.every, information, (control, known))?);
    }
    Ok(())
}

/// How people sit the test.
#[derive(Clone, Copy)]
struct Way {
    standard_error: f64,
    room: usize,
    clairvoyant: bool,
    warm: u32,
}

const PLAIN: Way = Way { standard_error: 0.0, room: 1, clairvoyant: false, warm: 0 };
const WARM: Way = Way { warm: 4_000, ..PLAIN };

/// What all lines share.
struct Bench {
    pool: Pool<1>,
    grid: Grid,
    free: Quotas,
    whole: Quotas,
    every: Quotas,
}

impl Bench {
    fn new() -> Result<Self, Box<dyn Error>> {
        let quotas = |scope| Quotas::new(vec![Quota { parent: None, minimum: 4, maximum: 8 }; 5], 30, scope);
        Ok(Self {
            pool: bank()?,
            grid: Grid::new(33, (-4.0, 4.0), (0.0, 1.0))?,
            free: Quotas::new(Vec::new(), 30, Scope::WholeTest)?,
            whole: quotas(Scope::WholeTest)?,
            every: quotas(Scope::EveryLength)?,
        })
    }

    fn run(&self, quotas: &Quotas, rule: Rule, (control, way): (Control, Way)) -> Result<Figures, Box<dyn Error>> {
        figures(&Plan {
            pool: &self.pool,
            grid: &self.grid,
            quotas,
            rule,
            control,
            standard_error: way.standard_error,
            people: People::Drawn(2_000),
            room: way.room,
            clairvoyant: way.clairvoyant,
            warm: way.warm,
        })
    }
}

fn print_line(name: &str, figures: &Figures, base: f64) {
    println!(
        "{name:<40}{:>7.3}{:>9.3}{:>8.3}{:>8.3}{:>10.4} {:>+5.1} %{:>8.2}{:>9.3}{}",
        figures.largest,
        figures.overlap,
        figures.unused,
        figures.rare,
        figures.standard_error,
        100.0 * (figures.standard_error / base - 1.0),
        figures.length,
        figures.in_room,
        if figures.broken > 0 { format!("  {} tests broke a rule", figures.broken) } else { String::new() }
    );
}

fn bank() -> Result<Pool<1>, Box<dyn Error>> {
    let item = |(item, domain)| PoolItem { item, dimension: 0, kind: Some(domain), family: None };
    Ok(Pool::new(adaptive_bank::items()?.into_iter().map(item).collect())?)
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
