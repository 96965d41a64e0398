//! POST /sessions/{id}/{position}/flag: "something is wrong with this item". Kept for the item writer; the test goes on.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use melek_db::{Db, Error, q};
use melek_people::CivilServant;
use melek_web::{Form, Office, Problem};
use serde::Deserialize;
use uuid::Uuid;

use crate::answer_page::find;
use crate::item::ItemId;

/// Longest note that is kept.
const LONGEST: usize = 500;

#[derive(Deserialize)]
pub(crate) struct Note {
    #[serde(default)]
    note: String,
}

/// What is wrong, with which item, in which session.
pub struct Flag {
    pub id: Uuid,
    pub session: Uuid,
    pub position: i64,
    pub item: ItemId,
    pub locale: &'static str,
    pub note: String,
    pub raised_ms: i64,
}

pub(crate) async fn flag(
    State(office): State<Office>,
    who: CivilServant,
    Path((session, position)): Path<(Uuid, usize)>,
    Form(sent): Form<Note>,
) -> Result<Response, Problem> {
    let found = find(&office, &who, session).await?;
    let Some(item) = found.state.item_at(position) else { return Err(Problem::not_found()) };
    let flag = Flag {
        id: office.clock.new_id(),
        session,
        position: position as i64,
        item: item.clone(),
        locale: who.visitor.locale.tag(),
        note: sent.note.trim().chars().filter(|c| *c != '\0').take(LONGEST).collect(),
        raised_ms: office.clock.now_ms(),
    };
    keep(&office.db, flag).await?;
    Ok(Redirect::to(&format!("/sessions/{session}?flagged={position}")).into_response())
}

/// A second report on the same item takes the place of the first note.
pub async fn keep(db: &Db, flag: Flag) -> Result<(), Error> {
    let mut tx = db.begin().await?;
    q("INSERT INTO assess_flag (id, session_id, position, item_id, locale, note, raised_ms) VALUES ($1, $2, $3, $4, $5, $6, $7) \
       ON CONFLICT (session_id, position) DO UPDATE SET note = excluded.note, raised_ms = excluded.raised_ms")
        .bind(flag.id)
        .bind(flag.session)
        .bind(flag.position)
        .bind(flag.item.as_str())
        .bind(flag.locale)
        .bind(flag.note)
        .bind(flag.raised_ms)
        .exec(&mut tx)
        .await?;
    tx.commit().await
}
