//! A person starts the test of a campaign: the session is made with its seed and its first item. Starting again, in a second
//! tab or on another device, leads to the same session.

use melek_db::Db;
use uuid::Uuid;

use crate::desk::{CommitChangeError, Desk, exposure};
use crate::record::{Change, ChangeKind, Committed, Start};
use crate::result_of_session::needs;
use crate::session::{End, Moment, Needs, State};
use crate::stored_session::{ReadSessionError, by_campaign};

/// Who starts which test, when, from what seed.
pub struct Starting {
    pub campaign: Uuid,
    pub person: Uuid,
    pub seed: u64,
    pub now_ms: i64,
}

#[derive(Debug, thiserror::Error)]
pub enum StartSessionError {
    #[error("the bank offers no first item: {0:?}")]
    NoItem(End),
    #[error(transparent)]
    Database(#[from] melek_db::Error),
    #[error(transparent)]
    Read(#[from] ReadSessionError),
    #[error(transparent)]
    Commit(#[from] CommitChangeError),
    #[error("the session was neither written nor found; try again")]
    Lost,
}

/// The session of this person in this campaign, made if it is not there yet.
pub async fn start_session(desk: &Desk, db: &Db, starting: Starting) -> Result<Uuid, StartSessionError> {
    let Starting { campaign, person, seed, now_ms } = starting;
    if let Some(session) = by_campaign(db, campaign, person).await? {
        return Ok(session.id);
    }
    let version = desk.current();
    let prices = desk.prices_for_start(&version);
    let needs = Needs::of_post(&needs(db, person).await?);
    let mut state = State { prices: prices.id.clone(), needs, ..State::default() };
    let counts = version.counts();
    let exposure = exposure(desk.blueprint.exposure, &counts, &prices, seed);
    let moment = Moment { seed, exposure: &exposure, pilots_shown: &version.pilots_shown(), now_ms };
    if let Some(end) = state.advance(version.test(desk.blueprint), moment) {
        return Err(StartSessionError::NoItem(end));
    }
    let id = Uuid::now_v7();
    let shown = state.current.as_ref().map(|shown| shown.item.clone());
    let kind = ChangeKind::Start(Start { campaign, person, seed, started_ms: now_ms, prices });
    let change = Change { session: id, bank_version: version.pool.version.clone(), kind, state, shown, finished: None };
    match desk.commit(change).await? {
        Committed::Applied { .. } => Ok(id),
        Committed::Stale => Ok(by_campaign(db, campaign, person).await?.ok_or(StartSessionError::Lost)?.id),
    }
}
