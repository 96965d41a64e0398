//! A campaign as the office reads it, found within the officer's scope.

use melek_db::{Db, Error, q};
use melek_people::Scope;
use uuid::Uuid;

pub(crate) const CAMPAIGN: &str = "SELECT id, title, purpose, unit_path, opens_ms, closes_ms FROM assess_campaign \
     WHERE agency_id = $1 AND SUBSTR(unit_path, 1, LENGTH(CAST($2 AS TEXT))) = CAST($2 AS TEXT) AND id = $3";

#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct Campaign {
    pub id: String,
    pub title: String,
    pub purpose: String,
    pub unit_path: String,
    pub opens_ms: i64,
    pub closes_ms: i64,
}

/// The campaign, if the officer answers for everybody it reaches.
pub(crate) async fn find(db: &Db, scope: &Scope, id: Uuid) -> Result<Option<Campaign>, Error> {
    scope.bind(q(CAMPAIGN)).bind(id).opt(db).await
}
