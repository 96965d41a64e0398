//! Disagreements: GET /disputes lists them, open ones first; GET /disputes/{id} shows statement and result in words; POST answers, once, by
//! name. The person sees the answer on the result's page. The officer sees the result only until it is answered, and nobody
//! answers their own.

use askama::Template;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use melek_db::q;
use melek_people::{Officer, SignedIn};
use melek_web::{FieldErrors, Form, Office, Page, Problem, Visitor, Words, format};
use serde::Deserialize;
use uuid::Uuid;

use crate::desk::Desk;
use crate::effort::Effort;
use crate::profile::{AreaProfile, Profile};
use crate::result_of_session::{SessionResult, result_of_session};
use crate::show_result::{AreaCard, Score, area_cards, level_name, score, without_fast};
use crate::words;

pub(crate) const DISPUTES: &str = "SELECT d.id, p.name, u.name AS unit, d.opened_ms, d.replied_ms FROM assess_dispute d \
     JOIN assess_session s ON s.id = d.session_id JOIN people_v_person p ON p.person_id = s.person_id \
     JOIN people_v_unit u ON u.unit_id = p.unit_id \
     WHERE p.agency_id = $1 AND SUBSTR(p.unit_path, 1, LENGTH(CAST($2 AS TEXT))) = CAST($2 AS TEXT) \
     ORDER BY CASE WHEN d.replied_ms IS NULL THEN 0 ELSE 1 END, d.opened_ms DESC, d.id LIMIT 500";
pub(crate) const DISPUTE: &str = "SELECT d.id, d.session_id, s.person_id, p.name, u.name AS unit, d.statement, d.opened_ms, d.reply, \
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
    id: String,
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
    /// From which test the result is and what it is worth.
    basis: Vec<String>,
    overall: Option<Score>,
    /// Answers that came too fast: how many, the score without them, that it is for a person to judge.
    fast: Vec<String>,
    areas: Vec<AreaCard>,
    /// Heading and text of the answer, once given.
    answered: Option<(String, String)>,
    /// The officer's own disagreement, which somebody else answers.
    is_own: bool,
    reply: String,
}

/// An officer who answers, and which person that is, if any.
pub(crate) struct Answerer {
    officer: Officer,
    person: Option<Uuid>,
}

impl FromRequestParts<Office> for Answerer {
    type Rejection = <Officer as FromRequestParts<Office>>::Rejection;

    async fn from_request_parts(parts: &mut Parts, office: &Office) -> Result<Self, Self::Rejection> {
        let person = SignedIn::from_request_parts(parts, office).await?.person.map(|person| person.id);
        Ok(Self { officer: Officer::from_request_parts(parts, office).await?, person })
    }
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
    Ok(Page::new(&office, &who.visitor, &t.text("disputes-title")).wide().show(body))
}

/// GET /disputes/{id}
pub(crate) async fn show(
    State(office): State<Office>,
    who: Answerer,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    let row = find(&office, &who.officer, id).await?;
    dispute_page(&office, &who, row, (String::new(), FieldErrors::new(who.officer.visitor.locale))).await
}

/// POST /disputes/{id}
pub(crate) async fn answer(
    State(office): State<Office>,
    who: Answerer,
    Path(id): Path<Uuid>,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    let row = find(&office, &who.officer, id).await?;
    if row.is_of(who.person) {
        return Err(Problem::forbidden());
    }
    let reply = sent.reply.trim().replace('\0', "");
    match check_reply(&reply) {
        Ok(()) => {
            keep_reply(&office, &who.officer.visitor, (id, reply)).await?;
            Ok(Redirect::to(&format!("/disputes/{id}")).into_response())
        }
        Err(fault) => {
            let t = words(who.officer.visitor.locale);
            let mut errors = FieldErrors::new(t.locale());
            errors.add("reply", t.text(fault));
            dispute_page(&office, &who, row, (reply, errors)).await
        }
    }
}

fn check_reply(reply: &str) -> Result<(), &'static str> {
    match reply.chars().count() {
        ..SHORTEST => Err("dispute-reply-empty"),
        SHORTEST..=LONGEST => Ok(()),
        _ => Err("dispute-reply-long"),
    }
}

/// A second answer changes nothing.
async fn keep_reply(office: &Office, visitor: &Visitor, (id, reply): (Uuid, String)) -> Result<(), Problem> {
    let name = visitor.session.as_ref().map(|session| session.name.clone()).unwrap_or_default();
    let mut tx = office.db.begin().await?;
    q(REPLY).bind(id).bind(reply).bind(name).bind(office.clock.now_ms()).exec(&mut tx).await?;
    Ok(tx.commit().await?)
}

async fn find(office: &Office, officer: &Officer, id: Uuid) -> Result<Row, Problem> {
    let row: Option<Row> = officer.scope.bind(q(DISPUTE)).bind(id).opt(&office.db).await?;
    row.ok_or_else(Problem::not_found)
}

impl Row {
    fn is_of(&self, person: Option<Uuid>) -> bool {
        person.is_some_and(|person| person.to_string() == self.person_id)
    }
}

/// The result in question, while there is something to answer.
async fn result_in_question(office: &Office, row: &Row) -> Result<Option<SessionResult>, Problem> {
    if row.replied_ms.is_some() {
        return Ok(None);
    }
    let session = row.session_id.parse().map_err(Problem::internal)?;
    let person = row.person_id.parse().map_err(Problem::internal)?;
    let found = result_of_session(&office.part::<Desk>(), &office.db, session, person).await;
    found.map_err(Problem::internal)
}

fn basis(result: &SessionResult, visitor: &Visitor) -> Vec<String> {
    let t = words(visitor.locale);
    let date = visitor.date(result.finished_ms);
    let post = result.post.as_ref().map(|post| t.with("dispute-post", &[("post", post.as_str().into())]));
    let known = [
        t.with("result-of", &[("title", result.title.as_str().into()), ("date", date.into())]),
        post.unwrap_or_else(|| t.text("dispute-post-none")),
        t.with("result-provisional", &[("bank", result.bank_version.as_str().into())]),
    ];
    let short = t.with("result-short", &[("items", result.items.into())]);
    known.into_iter().chain(result.profile.is_none().then_some(short)).collect()
}

fn fast(effort: &Effort, t: Words) -> Vec<String> {
    let share = format::percent(t.locale(), effort.share());
    let counts = [("rapid", effort.rapid.into()), ("answers", effort.answers.into()), ("share", share.into())];
    let score = without_fast(effort, "dispute-fast-score", t);
    vec![t.with("dispute-fast", &counts), score, t.text("dispute-fast-judge")]
}

/// The areas as the person sees them, with the need told to somebody else.
fn cards(profile: &Profile, t: Words) -> Vec<AreaCard> {
    let told = |(card, area): (AreaCard, &AreaProfile)| match &area.need {
        Some(need) => {
            let level = level_name(need.level, t);
            AreaCard { need: t.with("dispute-need", &[("level", level.into())]), ..card }
        }
        None => AreaCard { need: t.text("dispute-need-none"), ..card },
    };
    area_cards(profile, t).into_iter().zip(&profile.areas).map(told).collect()
}

async fn dispute_page(
    office: &Office,
    who: &Answerer,
    row: Row,
    (reply, errors): (String, FieldErrors),
) -> Result<Response, Problem> {
    let visitor = &who.officer.visitor;
    let t = words(visitor.locale);
    let is_own = row.is_of(who.person);
    let result = if is_own { None } else { result_in_question(office, &row).await? };
    let profile = result.as_ref().and_then(|result| result.profile.as_ref());
    let effort = result.as_ref().and_then(|result| result.effort.as_ref());
    let answered = row.reply.zip(row.replied_ms).map(|(reply, at)| {
        let name = row.replied_by.unwrap_or_default();
        (t.with("disagree-reply", &[("name", name.into()), ("date", visitor.date(at).into())]), reply)
    });
    let body = DisputePage {
        t,
        visitor: visitor.clone(),
        errors: errors.clone(),
        id: row.id,
        opened: t.with("dispute-opened", &[("date", visitor.date(row.opened_ms).into())]),
        unit: row.unit,
        statement: row.statement,
        basis: result.as_ref().map(|result| basis(result, visitor)).unwrap_or_default(),
        overall: profile.map(|profile| score(profile.overall, t)),
        fast: effort.map(|effort| fast(effort, t)).unwrap_or_default(),
        areas: profile.map(|profile| cards(profile, t)).unwrap_or_default(),
        answered,
        is_own,
        reply,
    };
    let back = t.text("disputes-title");
    Ok(Page::new(office, visitor, &row.name).errors(&errors).back("/disputes", &back).show(body))
}
