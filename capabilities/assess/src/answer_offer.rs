//! POST /sessions/{id}/offer: the person goes on with a few items more that would make a decision clear, or finishes. Sent twice it
//! changes nothing.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use melek_db::Db;
use melek_people::CivilServant;
use melek_web::{Form, Office, Problem};
use serde::Deserialize;
use uuid::Uuid;

use crate::answer_page::find;
use crate::desk::{Desk, exposure};
use crate::move_session::MoveSessionError;
use crate::record::{Change, ChangeKind, Finished};
use crate::session::{End, Moment};
use crate::stored_session::{ReadSessionError, StoredSession};

#[derive(Deserialize)]
pub(crate) struct Fields {
    /// `more` to go on; anything else finishes.
    choice: String,
}

pub(crate) async fn answer(
    State(office): State<Office>,
    who: CivilServant,
    Path(session): Path<Uuid>,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let found = find(&office, &who, session).await?;
    let path = found.path();
    let (desk, now_ms) = (office.part::<Desk>(), office.clock.now_ms());
    match answer_offer(&desk, &office.db, (found, fields.choice == "more"), now_ms).await {
        Ok(()) => Ok(Redirect::to(&path).into_response()),
        Err(MoveSessionError::Commit(error)) if error.may_be_tried_again() => Err(Problem::unavailable(2)),
        Err(error) => Err(Problem::internal(error)),
    }
}

/// Takes the items offered up or finishes the test; a session without an open offer stays as it is.
pub async fn answer_offer(
    desk: &Desk,
    db: &Db,
    (session, goes_on): (StoredSession, bool),
    now_ms: i64,
) -> Result<(), MoveSessionError> {
    if !session.is_open || !session.state.is_offered() {
        return Ok(());
    }
    let version = desk.version(db, &session.bank_version).await?;
    let prices = desk.prices(db, &session.state, &version.pool).await.map_err(ReadSessionError::from)?;
    let (test, counts) = (version.test(desk.blueprint), version.counts());
    let exposure = exposure(desk.blueprint.exposure, &counts, &prices, session.seed);
    let moment = Moment { seed: session.seed, exposure: &exposure, pilots_shown: &[], now_ms };
    let mut state = session.state;
    let end = if goes_on { state.take_offer(test, moment) } else { Some(End::Precision) };
    let finished = end.map(|end| Finished::new(end, &state, test, now_ms));
    let shown = state.current.as_ref().map(|shown| shown.item.clone());
    let kind = ChangeKind::Move { expected_version: session.version };
    desk.commit(Change { session: session.id, bank_version: session.bank_version, kind, state, shown, finished })
        .await?;
    Ok(())
}
