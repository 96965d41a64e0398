//! GET /bank: what the item writer needs to know of the bank in force: how many items count, who released it and what was found before,
//! how far the items on trial have come.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use melek_people::ItemWriter;
use melek_web::{Office, Page, Problem, Visitor, Words, format};

use crate::activate_bank::{Activation, activation_of};
use crate::desk::Desk;
use crate::words;

#[derive(Template)]
#[template(path = "bank.html")]
struct BankPage {
    t: Words,
    visitor: Visitor,
    version: String,
    /// Number and what it counts.
    counts: Vec<(String, String)>,
    /// Who released it, when; or that it is the open bank.
    released: String,
    /// What it fell short of, and why it is used all the same.
    despite: Option<Despite>,
    figures: Vec<(String, String)>,
    pilots: Vec<PilotLine>,
    pilots_intro: String,
}

struct Despite {
    reason: String,
    shortcomings: Vec<String>,
}

struct PilotLine {
    item: String,
    shown: i64,
    wanted: i64,
}

pub(crate) async fn show(State(office): State<Office>, who: ItemWriter) -> Result<Response, Problem> {
    let t = words(who.visitor.locale);
    let desk = office.part::<Desk>();
    let found = activation_of(&office.db, &desk.bank, desk.blueprint).await.map_err(Problem::internal)?;
    let pilots = pilots(&desk);
    let counts = [
        (desk.bank.items.len() - pilots.len(), "bank-count-scored"),
        (desk.bank.own, "bank-count-own"),
        (pilots.len(), "bank-count-pilots"),
        (desk.bank.switched_off, "bank-count-off"),
    ];
    let rule = &desk.blueprint.pilot;
    let numbers = [("positions", rule.positions.len() as i64), ("answers", rule.answers as i64)];
    let body = BankPage {
        t,
        version: desk.bank.version.clone(),
        counts: counts.map(|(count, key)| (format::integer(t.locale(), count as i64), t.text(key))).into(),
        released: released(found.as_ref(), &who.visitor, t),
        figures: found.as_ref().map(|found| figures(found, t)).unwrap_or_default(),
        despite: found
            .filter(|found| !found.shortcomings.is_empty())
            .and_then(|found| Some(Despite { reason: found.reason?, shortcomings: found.shortcomings })),
        pilots_intro: t.with("bank-pilots-intro", &numbers.map(|(name, number)| (name, number.into()))),
        pilots,
        visitor: who.visitor.clone(),
    };
    Ok(Page::new(&office, &who.visitor, &t.text("bank-title")).wide().show(body))
}

fn released(found: Option<&Activation>, visitor: &Visitor, t: Words) -> String {
    match found {
        None => t.text("bank-as-shipped"),
        Some(found) => {
            let date = visitor.date(found.activated_ms);
            t.with("bank-released", &[("name", found.approved_by.as_str().into()), ("date", date.into())])
        }
    }
}

fn figures(found: &Activation, t: Words) -> Vec<(String, String)> {
    let figures = &found.figures;
    let percent = |share| format::percent(t.locale(), share);
    vec![
        (t.text("bank-figure-people"), format::integer(t.locale(), i64::from(figures.people))),
        (t.text("bank-figure-items"), format::decimal(t.locale(), figures.mean_items, 1)),
        (t.text("bank-figure-coverage"), percent(figures.coverage)),
        (t.text("bank-figure-largest"), percent(figures.largest_exposure)),
        (t.text("bank-figure-unused"), percent(figures.unused)),
        (t.text("bank-figure-overlap"), percent(figures.overlap)),
    ]
}

fn pilots(desk: &Desk) -> Vec<PilotLine> {
    let current = desk.current();
    let wanted = desk.blueprint.pilot.answers as i64;
    let lines = current.pool.pilots.iter().zip(current.pilots_shown());
    lines.map(|(pilot, shown)| PilotLine { item: pilot.id.to_string(), shown: shown as i64, wanted }).collect()
}
