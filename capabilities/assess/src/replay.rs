//! Plays a stored session again: from its seed, its prices and its answers every item must come as it came, and the score as it was
//! stored. What the ceiling of exposure refused at the time is stored with the session; nothing else of that moment is needed.

use melek_db::{Db, q};
use melek_irt::selection::{ExposureCeiling, ExposureControl};
use uuid::Uuid;

use crate::desk::{Desk, OpenDeskError, VersionInUse, exposure};
use crate::item::ItemId;
use crate::prices::Prices;
use crate::session::{Ability, Presentation};
use crate::stored_session::{ReadSessionError, StoredSession, all_after};

/// What playing a session again showed.
#[derive(Debug, Clone, PartialEq)]
pub struct Replay {
    pub session: Uuid,
    pub items: usize,
    pub outcome: Outcome,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Every item and, if the session is finished, the score to the last bit.
    Identical,
    /// At this position, counted from 1, another item comes than was shown.
    OtherItem { position: usize, shown: ItemId, now: Option<ItemId> },
    /// The items are the same, the score is not.
    OtherScore { stored: f64, now: f64 },
    /// The session is from before prices were stored.
    NoPrices,
    /// The session was taken under another blueprint than the one in force, so that it cannot be told.
    OtherBlueprint,
}

#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    #[error(transparent)]
    Read(#[from] ReadSessionError),
    #[error("the bank version of a session cannot be loaded: {0}")]
    Version(#[from] OpenDeskError),
    #[error(transparent)]
    Database(#[from] melek_db::Error),
    #[error("the result of session {0} cannot be read: it holds something this program did not write")]
    Unreadable(Uuid),
}

/// Plays the sessions after `after`, in the order of their identifiers, a part at a time; `only` one of them if given.
pub async fn replay_sessions(
    desk: &Desk,
    db: &Db,
    after: Option<Uuid>,
    only: Option<Uuid>,
) -> Result<Vec<Replay>, ReplayError> {
    let mut replays = Vec::new();
    for session in all_after(db, after, only).await? {
        replays.push(replay(desk, db, &session).await?);
    }
    Ok(replays)
}

async fn replay(desk: &Desk, db: &Db, session: &StoredSession) -> Result<Replay, ReplayError> {
    let version = desk.version(db, &session.bank_version).await?;
    let prices = desk.prices(db, &session.state, &version.pool).await?;
    let items = session.state.answers.len() + usize::from(session.state.current.is_some());
    let outcome = match first_other_item(desk, &version, &prices, session) {
        _ if session.state.prices.is_empty() => Outcome::NoPrices,
        _ if prices.blueprint != desk.blueprint.name => Outcome::OtherBlueprint,
        Some(other) => other,
        None => score(desk, db, &version, session).await?,
    };
    Ok(Replay { session: session.id, items, outcome })
}

/// The first position at which another item comes.
fn first_other_item(desk: &Desk, version: &VersionInUse, prices: &Prices, session: &StoredSession) -> Option<Outcome> {
    let StoredSession { state, seed, .. } = session;
    let test = version.test(desk.blueprint);
    let control = ExposureControl { ceiling: ExposureCeiling::NONE, ..desk.blueprint.exposure };
    let nothing = (0, Vec::new());
    let shown =
        state.answers.iter().map(|given| &given.0).chain(state.current.iter().map(|shown: &Presentation| &shown.item));
    for (given, shown) in shown.enumerate() {
        let before = state.when(given);
        let position = before.position();
        if state.pilots.contains(&position) {
            continue;
        }
        let refused: Vec<usize> =
            state.refused.get(&position).into_iter().flatten().filter_map(|item| test.pool.position(item)).collect();
        let mut exposure = exposure(control, &nothing, prices, *seed);
        exposure.refused = &refused;
        let choice = before.choose(test, &before.posterior(test), *seed, &exposure);
        let now = choice.map(|choice| test.pool.parameters[choice.position].id.clone());
        if now.as_ref() != Some(shown) {
            return Some(Outcome::OtherItem { position, shown: shown.clone(), now });
        }
    }
    None
}

/// Compares the score of the answers with the first one stored.
async fn score(desk: &Desk, db: &Db, version: &VersionInUse, session: &StoredSession) -> Result<Outcome, ReplayError> {
    let sql = "SELECT ability FROM assess_result WHERE session_id = $1 ORDER BY version LIMIT 1";
    let Some(stored): Option<String> = q(sql).bind(session.id).scalar_opt(db).await? else {
        return Ok(Outcome::Identical);
    };
    let stored: Ability = serde_json::from_str(&stored).map_err(|_| ReplayError::Unreadable(session.id))?;
    let test = version.test(desk.blueprint);
    let now = Ability::of(&session.state.posterior(test), &desk.blueprint.weights);
    if now == stored {
        return Ok(Outcome::Identical);
    }
    Ok(Outcome::OtherScore { stored: stored.overall.logit, now: now.overall.logit })
}
