//! Disagreements: GET /disputes lists them, open ones first; GET /disputes/{id} shows statement and result in words; POST answers, once, by
//! name. The person sees the answer on the result's page.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use melek_db::q;
use melek_people::Officer;
use melek_web::{FieldErrors, Form, Office, Page, Problem, Visitor, Words, page};
use serde::Deserialize;
use uuid::Uuid;

use crate::desk::Desk;
use crate::result_of_session::result_of_session;
use crate::show_result::{AreaCard, Score, area_cards, score};
use crate::words;

pub(crate) const DISPUTES: &str = "SELECT d.id, p.name, u.name AS unit, d.opened_ms, d.replied_ms FROM assess_dispute d \
     JOIN assess_session s ON s.id = d.session_id JOIN people_v_person p ON p.person_id = s.person_id \
     JOIN people_v_unit u ON u.unit_id = p.unit_id \
     WHERE p.agency_id = $1 AND SUBSTR(p.unit_path, 1, LENGTH(CAST($2 AS TEXT))) = CAST($2 AS TEXT) \
     ORDER BY CASE WHEN d.replied_ms IS NULL THEN 0 ELSE 1 END, d.opened_ms DESC, d.id LIMIT 500";
pub(crate) const DISPUTE: &str = "SELECT d.session_id, s.person_id, p.name, u.name AS unit, d.statement, d.opened_ms, d.reply, \
     d.replied_by, d.replied_ms FROM assess_dispute d \
     JOIN assess_session s ON s.id = d.session_id JOIN people_v_person p ON p.person_id = s.person_id \
     JOIN people_v_unit u ON u.unit_id = p.unit_id \
     WHERE p.agency_id = $1 AND SUBSTR(p.unit_path, 1, LENGTH(CAST($2 AS TEXT))) = CAST($2 AS TEXT) AND d.id = $3";
pub(crate) const REPLY: &str =
    "UPDATE assess_dispute SET reply = $2, replied_by = $3, replied_ms = $4 WHERE id = $1 AND reply IS NULL";

const SHORTEST: usize = 10;
const LONGEST: usize = 2_000;

#[derive(sqlx::FromRow)]
struct ListRow {
    id: String,
    name: String,
    unit: String,
    opened_ms: i64,
    replied_ms: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct Row {
    session_id: String,
    person_id: String,
    name: String,
    unit: String,
    statement: String,
    opened_ms: i64,
    reply: Option<String>,
    replied_by: Option<String>,
    replied_ms: Option<i64>,
}

#[derive(Template)]
#[template(path = "disputes.html")]
struct ListPage {
    t: Words,
    disputes: Vec<Line>,
}

struct Line {
    path: String,
    name: String,
    unit: String,
    opened: String,
    state: String,
}

#[derive(Template)]
#[template(path = "dispute.html")]
struct DisputePage {
    t: Words,
    visitor: Visitor,
    errors: FieldErrors,
    id: String,
    unit: String,
    opened: String,
    statement: String,
    overall: Option<Score>,
    areas: Vec<AreaCard>,
    /// Heading and text of the answer, once given.
    answered: Option<(String, String)>,
    reply: String,
}

#[derive(Deserialize)]
pub(crate) struct Sent {
    #[serde(default)]
    reply: String,
}

/// GET /disputes
pub(crate) async fn list(State(office): State<Office>, who: Officer) -> Result<Response, Problem> {
    let t = words(who.visitor.locale);
    let rows: Vec<ListRow> = who.scope.bind(q(DISPUTES)).all(&office.db).await?;
    let disputes = rows.into_iter().map(|row| Line {
        path: format!("/disputes/{}", row.id),
        opened: who.visitor.date(row.opened_ms),
        state: t.text(if row.replied_ms.is_some() { "dispute-answered" } else { "dispute-waiting" }),
        name: row.name,
        unit: row.unit,
    });
    let body = ListPage { t, disputes: disputes.collect() };
    Ok(page(&office, &who.visitor, &t.text("disputes-title"), body))
}

/// GET /disputes/{id}
pub(crate) async fn show(
    State(office): State<Office>,
    who: Officer,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    dispute_page(&office, &who, id, (String::new(), FieldErrors::new(who.visitor.locale))).await
}

/// POST /disputes/{id}
pub(crate) async fn answer(
    State(office): State<Office>,
    who: Officer,
    Path(id): Path<Uuid>,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    let t = words(who.visitor.locale);
    let reply = sent.reply.trim().replace('\0', "");
    let length = reply.chars().count();
    if !(SHORTEST..=LONGEST).contains(&length) {
        let mut errors = FieldErrors::new(t.locale());
        errors.add("reply", t.text(if length < SHORTEST { "dispute-reply-empty" } else { "dispute-reply-long" }));
        return dispute_page(&office, &who, id, (reply, errors)).await;
    }
    find(&office, &who, id).await?;
    let name = who.visitor.session.as_ref().map(|session| session.name.clone()).unwrap_or_default();
    let mut tx = office.db.begin().await?;
    q(REPLY).bind(id).bind(reply).bind(name).bind(office.clock.now_ms()).exec(&mut tx).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/disputes/{id}")).into_response())
}

async fn find(office: &Office, who: &Officer, id: Uuid) -> Result<Row, Problem> {
    let row: Option<Row> = who.scope.bind(q(DISPUTE)).bind(id).opt(&office.db).await?;
    row.ok_or_else(Problem::not_found)
}

async fn dispute_page(
    office: &Office,
    who: &Officer,
    id: Uuid,
    (reply, errors): (String, FieldErrors),
) -> Result<Response, Problem> {
    let t = words(who.visitor.locale);
    let row = find(office, who, id).await?;
    let session = row.session_id.parse().map_err(Problem::internal)?;
    let person = row.person_id.parse().map_err(Problem::internal)?;
    let found =
        result_of_session(&office.part::<Desk>(), &office.db, session, person).await.map_err(Problem::internal)?;
    let profile = found.and_then(|found| found.profile);
    let answered = row.reply.zip(row.replied_ms).map(|(reply, at)| {
        let name = row.replied_by.unwrap_or_default();
        (t.with("disagree-reply", &[("name", name.into()), ("date", who.visitor.date(at).into())]), reply)
    });
    let body = DisputePage {
        t,
        visitor: who.visitor.clone(),
        errors: errors.clone(),
        id: id.to_string(),
        opened: t.with("dispute-opened", &[("date", who.visitor.date(row.opened_ms).into())]),
        unit: row.unit,
        statement: row.statement,
        overall: profile.as_ref().map(|profile| score(profile.overall, t)),
        areas: profile.as_ref().map(|profile| area_cards(profile, t)).unwrap_or_default(),
        answered,
        reply,
    };
    let back = t.text("disputes-title");
    Ok(Page::new(office, &who.visitor, &row.name).errors(&errors).back("/disputes", &back).show(body))
}
