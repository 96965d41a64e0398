//! "I disagree with this result": the person states why, once a session; the officer sees it and answers by name. No decision is
//! left to the machine alone.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use melek_db::{Db, Error, q};
use melek_people::CivilServant;
use melek_web::{FieldErrors, Form, Office, Page, Problem, Visitor, Words, page};
use serde::Deserialize;
use uuid::Uuid;

use crate::words;

const SHORTEST: usize = 10;
const LONGEST: usize = 2_000;

pub(crate) const DISPUTE: &str = "SELECT statement, opened_ms, reply, replied_by, replied_ms FROM assess_dispute WHERE session_id = $1 ORDER BY opened_ms DESC LIMIT 1";
pub(crate) const IS_FINISHED: &str =
    "SELECT COUNT(*) FROM assess_session WHERE id = $1 AND person_id = $2 AND status = 'finished'";

/// A dispute as its person reads it.
pub(crate) struct Dispute {
    pub heading: String,
    pub statement: String,
    /// Heading and text of the answer.
    pub reply: Option<(String, String)>,
    pub sent: String,
}

#[derive(sqlx::FromRow)]
struct Row {
    statement: String,
    opened_ms: i64,
    reply: Option<String>,
    replied_by: Option<String>,
    replied_ms: Option<i64>,
}

#[derive(Template)]
#[template(path = "disagree.html")]
struct DisagreePage {
    t: Words,
    errors: FieldErrors,
    statement: String,
    action: String,
    csrf: String,
}

#[derive(Deserialize)]
pub(crate) struct Statement {
    #[serde(default)]
    statement: String,
}

/// The dispute about a session's result, if there is one.
pub(crate) async fn dispute_of(db: &Db, visitor: &Visitor, session: Uuid) -> Result<Option<Dispute>, Error> {
    let row: Option<Row> = q(DISPUTE).bind(session).opt(db).await?;
    let t = words(visitor.locale);
    let date = |ms| visitor.date(ms);
    Ok(row.map(|row| {
        let reply = row.reply.zip(row.replied_ms).map(|(reply, at)| {
            let name = row.replied_by.unwrap_or_default();
            (t.with("disagree-reply", &[("name", name.into()), ("date", date(at).into())]), reply)
        });
        Dispute {
            heading: t.with("disagree-yours", &[("date", date(row.opened_ms).into())]),
            sent: t.with("disagree-sent", &[("date", date(row.opened_ms).into())]),
            statement: row.statement,
            reply,
        }
    }))
}

/// GET /results/{session}/disagree
pub(crate) async fn ask(
    State(office): State<Office>,
    who: CivilServant,
    Path(session): Path<Uuid>,
) -> Result<Response, Problem> {
    require_finished(&office.db, session, who.person.id).await?;
    let t = words(who.visitor.locale);
    let body = disagree_page(&who, session, FieldErrors::new(t.locale()));
    Ok(page(&office, &who.visitor, &t.text("disagree-title"), body))
}

/// POST /results/{session}/disagree
pub(crate) async fn state(
    State(office): State<Office>,
    who: CivilServant,
    Path(session): Path<Uuid>,
    Form(sent): Form<Statement>,
) -> Result<Response, Problem> {
    require_finished(&office.db, session, who.person.id).await?;
    let t = words(who.visitor.locale);
    let statement: String = sent.statement.trim().replace('\0', "");
    let length = statement.chars().count();
    if (SHORTEST..=LONGEST).contains(&length) {
        open_dispute(&office, session, statement).await?;
        return Ok(Redirect::to(&format!("/results/{session}")).into_response());
    }
    let mut errors = FieldErrors::new(t.locale());
    errors.add("statement", t.text(if length < SHORTEST { "disagree-empty" } else { "disagree-long" }));
    let body = DisagreePage { statement, ..disagree_page(&who, session, errors) };
    Ok(Page::new(&office, &who.visitor, &t.text("disagree-title")).errors(&body.errors.clone()).show(body))
}

fn disagree_page(who: &CivilServant, session: Uuid, errors: FieldErrors) -> DisagreePage {
    DisagreePage {
        t: words(who.visitor.locale),
        errors,
        statement: String::new(),
        action: format!("/results/{session}/disagree"),
        csrf: who.visitor.csrf().to_owned(),
    }
}

async fn require_finished(db: &Db, session: Uuid, person: Uuid) -> Result<(), Problem> {
    let finished: i64 = q(IS_FINISHED).bind(session).bind(person).scalar(db).await?;
    if finished == 1 { Ok(()) } else { Err(Problem::not_found()) }
}

/// A second statement while the first waits for its answer changes nothing.
pub async fn open_dispute(office: &Office, session: Uuid, statement: String) -> Result<(), Error> {
    let mut tx = office.db.begin().await?;
    q("INSERT INTO assess_dispute (id, session_id, statement, opened_ms) SELECT $1, $2, $3, $4 \
       WHERE NOT EXISTS (SELECT 1 FROM assess_dispute WHERE session_id = $2)")
    .bind(office.clock.new_id())
    .bind(session)
    .bind(statement)
    .bind(office.clock.now_ms())
    .exec(&mut tx)
    .await?;
    tx.commit().await
}
