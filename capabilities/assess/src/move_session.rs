//! What happens to a session besides answers: the person pauses or comes back, or the campaign closes while it is open. The
//! clock stops in a pause; closing makes a result of what has been answered.

use melek_db::Db;
use uuid::Uuid;

use crate::desk::{CommitChangeError, Desk, OpenDeskError};
use crate::record::{Change, ChangeKind, Finished};
use crate::session::{End, State};
use crate::stored_session::{ReadSessionError, StoredSession, by_id, overdue};

#[derive(Debug, thiserror::Error)]
pub enum MoveSessionError {
    #[error(transparent)]
    Read(#[from] ReadSessionError),
    #[error("the bank version of the session cannot be loaded: {0}")]
    Version(#[from] OpenDeskError),
    #[error(transparent)]
    Commit(#[from] CommitChangeError),
}

/// Stops the clock of an open session.
pub async fn pause(desk: &Desk, session: StoredSession, now_ms: i64) -> Result<(), MoveSessionError> {
    move_on(desk, session, |state| state.pause(now_ms)).await
}

/// Lets the clock of a paused session run again.
pub async fn resume(desk: &Desk, session: StoredSession, now_ms: i64) -> Result<(), MoveSessionError> {
    move_on(desk, session, |state| state.resume(now_ms)).await
}

/// Writes the moved state; a session that changed meanwhile is left as it is.
async fn move_on(desk: &Desk, session: StoredSession, change: impl FnOnce(&mut State)) -> Result<(), MoveSessionError> {
    let mut state = session.state.clone();
    change(&mut state);
    if session.is_open && state != session.state {
        let kind = ChangeKind::Move { expected_version: session.version };
        let bank_version = session.bank_version;
        desk.commit(Change { session: session.id, bank_version, kind, state, shown: None, finished: None }).await?;
    }
    Ok(())
}

/// Closes every open session whose campaign is over; returns how many. Run once a minute and at start.
pub async fn close_overdue(desk: &Desk, db: &Db, now_ms: i64) -> Result<usize, MoveSessionError> {
    let mut closed = 0;
    loop {
        let sessions = overdue(db, now_ms).await?;
        if sessions.is_empty() {
            return Ok(closed);
        }
        for session in sessions {
            close(desk, db, session, now_ms).await?;
            closed += 1;
        }
    }
}

/// A person's session as it stands at this moment. Between the end of the campaign and the server's next look at overdue sessions
/// nobody gets a minute more: whoever comes back then closes the own session.
pub(crate) async fn session_at(
    desk: &Desk,
    db: &Db,
    (session, person): (Uuid, Uuid),
    now_ms: i64,
) -> Result<Option<StoredSession>, MoveSessionError> {
    loop {
        match by_id(db, session, person).await? {
            Some(open) if open.is_open && now_ms >= open.closes_ms => close(desk, db, open, now_ms).await?,
            found => return Ok(found),
        }
    }
}

async fn close(desk: &Desk, db: &Db, session: StoredSession, now_ms: i64) -> Result<(), MoveSessionError> {
    let version = desk.version(db, &session.bank_version).await?;
    let mut state = session.state;
    state.pause(now_ms);
    state.current = None;
    // Whoever left the offer of a few items more unanswered had finished.
    let end = if state.is_offered() { End::Precision } else { End::Closed };
    let finished = Finished::new(end, &state, version.test(desk.blueprint), now_ms);
    let kind = ChangeKind::Move { expected_version: session.version };
    let bank_version = session.bank_version;
    desk.commit(Change { session: session.id, bank_version, kind, state, shown: None, finished: Some(finished) })
        .await?;
    Ok(())
}
