//! GET /campaigns/{id}/people: who has not started and who has not finished, by name and unit, to remind them. No result, and nobody who
//! has finished.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use melek_db::q;
use melek_people::Officer;
use melek_web::{Office, Page, Problem, Words};
use serde::Deserialize;
use uuid::Uuid;

use super::campaign::find;
use crate::words;

pub(crate) const UNFINISHED: &str = "SELECT p.name, u.name AS unit, s.status \
     FROM people_v_person p JOIN people_v_unit u ON u.unit_id = p.unit_id \
     LEFT JOIN assess_session s ON s.person_id = p.person_id AND s.campaign_id = $1 \
     LEFT JOIN assess_result r ON r.session_id = s.id AND r.version = 1 \
     WHERE p.agency_id = $2 AND p.active = TRUE AND SUBSTR(p.unit_path, 1, LENGTH(CAST($3 AS TEXT))) = CAST($3 AS TEXT) \
     AND (r.reason IS NULL OR r.reason = 'closed') ORDER BY u.name, u.path, p.name, p.person_id LIMIT $4 OFFSET $5";

const PAGE: i64 = 50;

#[derive(sqlx::FromRow)]
struct Row {
    name: String,
    unit: String,
    status: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    page: i64,
}

#[derive(Template)]
#[template(path = "campaign_people.html")]
struct PeoplePage {
    t: Words,
    intro: String,
    people: Vec<Line>,
    before: Option<String>,
    after: Option<String>,
}

struct Line {
    name: String,
    unit: String,
    state: String,
}

pub(crate) async fn show(
    State(office): State<Office>,
    who: Officer,
    Path(id): Path<Uuid>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let t = words(who.visitor.locale);
    let campaign = find(&office.db, &who.scope, id).await?.ok_or_else(Problem::not_found)?;
    let number = asked.page.clamp(0, 100_000);
    let query = q(UNFINISHED).bind(id).bind(who.scope.agency).bind(campaign.unit_path.as_str());
    let mut rows: Vec<Row> = query.bind(PAGE + 1).bind(number * PAGE).all(&office.db).await?;
    let more = rows.len() as i64 > PAGE;
    rows.truncate(PAGE as usize);
    let path = |number: i64| format!("/campaigns/{id}/people?page={number}");
    let people = rows.into_iter().map(|row| Line {
        state: t.text(if row.status.is_some() { "campaign-started" } else { "campaign-waiting" }),
        name: row.name,
        unit: row.unit,
    });
    let before = (number > 0).then(|| path(number - 1));
    let is_over = office.clock.now_ms() >= campaign.closes_ms;
    let intro = t.text(if is_over { "campaign-people-over" } else { "campaign-people-intro" });
    let body = PeoplePage { t, intro, people: people.collect(), before, after: more.then(|| path(number + 1)) };
    let (title, back) = (t.text("campaign-people-title"), format!("/campaigns/{id}"));
    Ok(Page::new(&office, &who.visitor, &title).back(&back, &campaign.title).wide().show(body))
}
