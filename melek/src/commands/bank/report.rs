//! The page of `melek bank simulate --report`: whether the bank may be used, how exact its scores are, how evenly it is used.

use melek_assess::{ItemPool, Shortcoming, SimulatedBank, Use};
use melek_framework::{AreaId, Level};
use melek_irt::simulation::Accuracy;

use crate::commands::page::html::{self, Table, figure, number, paragraph, warnings};
use crate::commands::page::page;
use crate::commands::page::svg::{Axis, Chart, Curve};

pub fn written(pool: &ItemPool, simulated: &SimulatedBank, shortcomings: &[Shortcoming]) -> String {
    let lead = format!(
        "{} items played against the blueprint by {} simulated people, as if the items' provisional parameters were true. It says what \
         the test does when they are, no more.",
        pool.parameters.len(),
        simulated.summary.people
    );
    let parts = [
        ("verdict", "May it be used?", verdict(simulated, shortcomings)),
        ("precision", "Precision", precision(simulated)),
        ("ability", "Weak and able people", fifths(simulated)),
        ("exposure", "Use of the items", exposure(pool, simulated)),
        ("competences", "Use by competence and level", use_of_competences(simulated)),
    ];
    page((&format!("Bank {}", pool.version), "simulation"), &lead, &parts)
}

fn percent(share: f64) -> String {
    format!("{} %", number(Some(100.0 * share), 1))
}

fn verdict(simulated: &SimulatedBank, shortcomings: &[Shortcoming]) -> String {
    let said = if shortcomings.is_empty() {
        paragraph("Yes: every threshold for use is reached.")
    } else {
        paragraph("No. Add items where the bank is thin, or change the blueprint, until none of this is left:")
            + &warnings(shortcomings.iter().map(ToString::to_string))
    };
    let (summary, shares) = (&simulated.summary, &simulated.shares);
    let facts = [
        ("Items, mean", number(Some(summary.length.mean), 1)),
        ("95 % intervals that hold the truth", percent(summary.composite.coverage)),
        ("Most shown item", percent(summary.exposure.largest)),
        ("Items nobody saw", percent(summary.exposure.unused)),
        ("Two people share", percent(summary.exposure.overlap)),
        ("Verdicts not sure", percent(shares.not_sure)),
        ("Sure verdicts that are right", percent(shares.right)),
        ("Ended precise enough", percent(f64::from(summary.stops.precision) / f64::from(summary.people))),
    ];
    said + &html::facts(&facts)
}

fn precision(simulated: &SimulatedBank) -> String {
    let columns = ["Score", "95 % intervals that hold the truth", "Bias", "RMSE", "Mean standard error"];
    let mut table = Table::new("Estimate against truth, in logits", &columns);
    let mut add = |name: String, accuracy: &Accuracy| {
        let numbers = [accuracy.bias, accuracy.root_mean_square_error, accuracy.mean_standard_error];
        let mut row = vec![name, percent(accuracy.coverage)];
        row.extend(numbers.map(|value| number(Some(value), 3)));
        table.rows.push(row);
    };
    add("Overall".to_owned(), &simulated.summary.composite);
    for area in AreaId::all() {
        add(format!("Area {area}"), &simulated.summary.dimensions[area.index()]);
    }
    table.html()
}

fn fifths(simulated: &SimulatedBank) -> String {
    let columns = ["Fifth of people", "Items", "Bias", "Mean standard error", "Most shown item", "Two people share"];
    let mut table = Table::new("People by true overall score, from the weakest fifth to the ablest", &columns);
    for (place, fifth) in simulated.summary.fifths.iter().enumerate() {
        table.rows.push(vec![
            (place + 1).to_string(),
            number(Some(fifth.mean_length), 1),
            number(Some(fifth.composite.bias), 3),
            number(Some(fifth.composite.mean_standard_error), 3),
            percent(fifth.largest_exposure),
            percent(fifth.overlap),
        ]);
    }
    table.html()
}

fn exposure(pool: &ItemPool, simulated: &SimulatedBank) -> String {
    let rates = &simulated.summary.exposure.rates;
    let mut items: Vec<(f64, String)> =
        pool.parameters.iter().zip(rates).map(|(item, &rate)| (rate, item.id.to_string())).collect();
    items.sort_by(|one, other| other.0.total_cmp(&one.0).then_with(|| one.1.cmp(&other.1)));
    let last = items.len() as f64;
    let points = items.iter().enumerate().map(|(place, (rate, _))| [place as f64 + 1.0, 100.0 * rate]).collect();
    let ticks = (0..=4).map(|quarter| (f64::from(quarter) * last / 4.0).round()).collect();
    let chart = Chart {
        spoken: format!(
            "Share of people who saw each item, from the most shown, {}, to the least, {}.",
            percent(items.first().map_or(0.0, |item| item.0)),
            percent(items.last().map_or(0.0, |item| item.0))
        ),
        x: Axis { from: 0.0, to: last, ticks, label: "items, from the most shown".to_owned() },
        y: Axis::upwards(100.0 * simulated.summary.exposure.largest, "% of people"),
        curves: vec![Curve { points, style: 0 }],
        filled: true,
    };
    let mut table = Table::new("Share of people who saw each item", &["Item", "People"]);
    table.rows = items.into_iter().map(|(rate, name)| vec![name, percent(rate)]).collect();
    figure("Share of people, in per cent, who saw each item", &chart.large(), &table)
}

fn use_of_competences(simulated: &SimulatedBank) -> String {
    let levels = Level::REACHABLE.map(|level| level.id().replace('-', " "));
    let mut columns = vec!["Competence"];
    columns.extend(levels.iter().map(String::as_str));
    let mut table = Table::new("Items there are · shown to a person on average · largest share who saw one", &columns);
    for (competence, uses) in &simulated.use_of {
        let cell =
            |of: &Use| format!("{} · {} · {}", of.items, number(Some(of.shown_per_person), 2), percent(of.largest));
        let mut row = vec![competence.to_string()];
        row.extend(uses.iter().map(cell));
        table.rows.push(row);
    }
    table.html()
}
