//! A session as it is stored, read with everything needed to go on with it: one read a request.

use melek_db::{Db, q};
use uuid::Uuid;

use crate::session::State;

/// A session of a person, open or finished.
#[derive(Debug, Clone)]
pub struct StoredSession {
    pub id: Uuid,
    pub bank_version: String,
    pub seed: u64,
    pub version: i64,
    pub is_open: bool,
    pub state: State,
    pub closes_ms: i64,
}

#[derive(Debug, thiserror::Error)]
pub enum ReadSessionError {
    #[error(transparent)]
    Database(#[from] melek_db::Error),
    #[error("session {session} cannot be read: column {column} holds something this program did not write")]
    Unreadable { session: String, column: &'static str },
}

pub const BY_ID: &str = "SELECT s.id, s.bank_version, s.seed, s.version, s.status, s.state, \
     c.closes_ms FROM assess_session s JOIN assess_campaign c ON c.id = s.campaign_id \
     WHERE s.id = $1 AND s.person_id = $2";
pub const BY_CAMPAIGN: &str = "SELECT s.id, s.bank_version, s.seed, s.version, s.status, s.state, \
     c.closes_ms FROM assess_session s JOIN assess_campaign c ON c.id = s.campaign_id \
     WHERE s.campaign_id = $1 AND s.person_id = $2";
pub const OVERDUE: &str = "SELECT s.id, s.bank_version, s.seed, s.version, s.status, s.state, \
     c.closes_ms FROM assess_session s JOIN assess_campaign c ON c.id = s.campaign_id \
     WHERE s.status = 'open' AND c.closes_ms <= $1 ORDER BY s.id LIMIT 500";

const AFTER: &str = "SELECT s.id, s.bank_version, s.seed, s.version, s.status, s.state, \
     c.closes_ms FROM assess_session s JOIN assess_campaign c ON c.id = s.campaign_id \
     WHERE s.id > $1 ORDER BY s.id LIMIT 500";
const ONE: &str = "SELECT s.id, s.bank_version, s.seed, s.version, s.status, s.state, \
     c.closes_ms FROM assess_session s JOIN assess_campaign c ON c.id = s.campaign_id WHERE s.id = $1";

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    bank_version: String,
    seed: i64,
    version: i64,
    status: String,
    state: String,
    closes_ms: i64,
}

/// The session, if it is this person's.
pub async fn by_id(db: &Db, session: Uuid, person: Uuid) -> Result<Option<StoredSession>, ReadSessionError> {
    let row: Option<Row> = q(BY_ID).bind(session).bind(person).opt(db).await?;
    row.map(Row::session).transpose()
}

/// The person's session of a campaign, if it was started.
pub async fn by_campaign(db: &Db, campaign: Uuid, person: Uuid) -> Result<Option<StoredSession>, ReadSessionError> {
    let row: Option<Row> = q(BY_CAMPAIGN).bind(campaign).bind(person).opt(db).await?;
    row.map(Row::session).transpose()
}

/// Open sessions whose campaign has closed, a part at a time.
pub async fn overdue(db: &Db, now_ms: i64) -> Result<Vec<StoredSession>, ReadSessionError> {
    let rows: Vec<Row> = q(OVERDUE).bind(now_ms).all(db).await?;
    rows.into_iter().map(Row::session).collect()
}

/// The sessions of all people in the order of their identifiers, 500 after one; or `only` one.
pub async fn all_after(
    db: &Db,
    after: Option<Uuid>,
    only: Option<Uuid>,
) -> Result<Vec<StoredSession>, ReadSessionError> {
    let rows: Vec<Row> = match only {
        Some(session) => q(ONE).bind(session).all(db).await?,
        None => q(AFTER).bind(after.unwrap_or_default()).all(db).await?,
    };
    rows.into_iter().map(Row::session).collect()
}

impl Row {
    fn session(self) -> Result<StoredSession, ReadSessionError> {
        let decode = |column| ReadSessionError::Unreadable { session: self.id.clone(), column };
        Ok(StoredSession {
            id: self.id.parse().map_err(|_| decode("id"))?,
            state: serde_json::from_str(&self.state).map_err(|_| decode("state"))?,
            bank_version: self.bank_version,
            seed: self.seed as u64,
            version: self.version,
            is_open: self.status == "open",
            closes_ms: self.closes_ms,
        })
    }
}

impl StoredSession {
    /// Where the session goes on.
    pub fn path(&self) -> String {
        format!("/sessions/{}", self.id)
    }
}
