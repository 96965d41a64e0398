//! Reports about items, for the item writer: GET /item-flags lists items by open reports; GET /item-flags/{item} shows the item in both
//! languages with its key and the notes, of a family the variant of the newest report; POST closes all open reports on it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use melek_db::q;
use melek_people::ItemWriter;
use melek_web::{Form, Locale, Office, Page, Problem, Visitor, Words, page};
use serde::Deserialize;

use crate::desk::Desk;
use crate::item::ItemId;
use crate::item_key::ItemSheet;
use crate::words;

pub(crate) const FLAGGED: &str = "SELECT item_id, COUNT(CASE WHEN closed_ms IS NULL THEN 1 END) AS open_count, COUNT(*) AS count, \
     MAX(raised_ms) AS last_ms FROM assess_flag GROUP BY item_id ORDER BY open_count DESC, last_ms DESC LIMIT 500";
pub(crate) const NOTES: &str = "SELECT f.note, f.locale, f.raised_ms, f.closed_ms, s.seed FROM assess_flag f \
     JOIN assess_session s ON s.id = f.session_id WHERE f.item_id = $1 ORDER BY f.raised_ms DESC, f.id LIMIT 200";
pub(crate) const CLOSE: &str = "UPDATE assess_flag SET closed_ms = $2, closed_by = $3 WHERE item_id = $1 AND closed_ms IS NULL AND raised_ms <= $4";

#[derive(sqlx::FromRow)]
struct FlaggedRow {
    item_id: String,
    open_count: i64,
    count: i64,
    last_ms: i64,
}

#[derive(sqlx::FromRow)]
struct NoteRow {
    note: String,
    locale: String,
    raised_ms: i64,
    closed_ms: Option<i64>,
    /// Of the session in which the item was reported.
    seed: i64,
}

#[derive(Template)]
#[template(path = "item_flags.html")]
struct ListPage {
    t: Words,
    items: Vec<Line>,
}

struct Line {
    path: String,
    item: String,
    open: String,
    last: String,
}

#[derive(Template)]
#[template(path = "item_flag.html")]
struct ItemPage {
    t: Words,
    visitor: Visitor,
    id: String,
    sheets: Vec<ItemSheet>,
    /// The sheets are one variant of several: that of the newest report.
    is_variant: bool,
    notes: Vec<Note>,
    /// When the newest report on this page was raised: later ones stay open. `None` when none is open.
    seen_ms: Option<i64>,
}

struct Note {
    about: String,
    text: String,
}

/// GET /item-flags
pub(crate) async fn list(State(office): State<Office>, who: ItemWriter) -> Result<Response, Problem> {
    let t = words(who.visitor.locale);
    let rows: Vec<FlaggedRow> = q(FLAGGED).all(&office.db).await?;
    let items = rows.into_iter().map(|row| Line {
        path: format!("/item-flags/{}", row.item_id),
        open: t.with("flags-open", &[("open", row.open_count.into()), ("count", row.count.into())]),
        last: who.visitor.date(row.last_ms),
        item: row.item_id,
    });
    let body = ListPage { t, items: items.collect() };
    Ok(page(&office, &who.visitor, &t.text("flags-title"), body))
}

/// GET /item-flags/{item}
pub(crate) async fn show(
    State(office): State<Office>,
    who: ItemWriter,
    Path(item): Path<String>,
) -> Result<Response, Problem> {
    let t = words(who.visitor.locale);
    let rows: Vec<NoteRow> = q(NOTES).bind(item.as_str()).all(&office.db).await?;
    if rows.is_empty() {
        return Err(Problem::not_found());
    }
    let desk = office.part::<Desk>();
    let written = desk.item(&ItemId::new(item.as_str()));
    let newest = rows.first().map_or(0, |row| row.seed as u64);
    let seen = written.map(|item| item.drawn(newest));
    let body = ItemPage {
        t,
        visitor: who.visitor.clone(),
        seen_ms: rows.iter().filter(|row| row.closed_ms.is_none()).map(|row| row.raised_ms).max(),
        sheets: seen.map(|item| Locale::ALL.map(|locale| ItemSheet::new(&item, locale)).into()).unwrap_or_default(),
        is_variant: written.is_some_and(|item| item.variants.is_some()),
        notes: rows.into_iter().map(|row| note(row, &who.visitor, t)).collect(),
        id: item.clone(),
    };
    let back = t.text("flags-title");
    Ok(Page::new(&office, &who.visitor, &item).back("/item-flags", &back).wide().show(body))
}

#[derive(Deserialize)]
pub(crate) struct Seen {
    seen_ms: i64,
}

/// POST /item-flags/{item}: closes what was on the page.
pub(crate) async fn close(
    State(office): State<Office>,
    who: ItemWriter,
    Path(item): Path<String>,
    Form(Seen { seen_ms }): Form<Seen>,
) -> Result<Response, Problem> {
    let (by, now_ms) = (who.account.to_string(), office.clock.now_ms());
    let mut tx = office.db.begin().await?;
    q(CLOSE).bind(item.as_str()).bind(now_ms).bind(by).bind(seen_ms).exec(&mut tx).await?;
    tx.commit().await?;
    Ok(Redirect::to("/item-flags").into_response())
}

fn note(row: NoteRow, visitor: &Visitor, t: Words) -> Note {
    let state = t.text(if row.closed_ms.is_some() { "flag-closed" } else { "flag-open" });
    let language = row.locale.parse::<Locale>().map(Locale::own_name).unwrap_or_default();
    let about = [("date", visitor.date(row.raised_ms).into()), ("language", language.into()), ("state", state.into())];
    let text = if row.note.is_empty() { t.text("flag-no-note") } else { row.note };
    Note { about: t.with("flag-about", &about), text }
}
