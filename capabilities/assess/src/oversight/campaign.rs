//! A campaign as the office reads it, found within the officer's scope.

use std::collections::HashMap;

use melek_db::{Db, Error, q};
use melek_people::Scope;
use uuid::Uuid;

pub(crate) const CAMPAIGN: &str = "SELECT id, agency_id, title, purpose, unit_path, opens_ms, closes_ms FROM assess_campaign \
     WHERE agency_id = $1 AND SUBSTR(unit_path, 1, LENGTH(CAST($2 AS TEXT))) = CAST($2 AS TEXT) AND id = $3";
pub(crate) const CAMPAIGN_OF_ANY_SCOPE: &str =
    "SELECT id, agency_id, title, purpose, unit_path, opens_ms, closes_ms FROM assess_campaign WHERE id = $1";
pub(crate) const UNITS: &str = "SELECT unit_id, path, name, depth FROM people_v_unit \
     WHERE agency_id = $1 AND SUBSTR(path, 1, LENGTH(CAST($2 AS TEXT))) = CAST($2 AS TEXT)";

#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct Campaign {
    pub id: String,
    pub agency_id: String,
    pub title: String,
    pub purpose: String,
    pub unit_path: String,
    pub opens_ms: i64,
    pub closes_ms: i64,
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct Unit {
    pub unit_id: String,
    pub path: String,
    pub name: String,
    pub depth: i64,
}

/// The campaign, if the officer answers for everybody it reaches.
pub(crate) async fn find(db: &Db, scope: &Scope, id: Uuid) -> Result<Option<Campaign>, Error> {
    scope.bind(q(CAMPAIGN)).bind(id).opt(db).await
}

/// Units of a scope in the order of the tree, brothers by name.
pub(crate) async fn units(db: &Db, scope: &Scope) -> Result<Vec<Unit>, Error> {
    Ok(in_tree_order(scope.bind(q(UNITS)).all(db).await?))
}

/// Units that a campaign reaches, in the order of the tree.
pub(crate) async fn units_of(db: &Db, campaign: &Campaign) -> Result<Vec<Unit>, Error> {
    Ok(in_tree_order(q(UNITS).bind(&campaign.agency_id).bind(&campaign.unit_path).all(db).await?))
}

fn in_tree_order(mut units: Vec<Unit>) -> Vec<Unit> {
    let names: HashMap<String, String> =
        units.iter().map(|unit| (unit.unit_id.clone(), unit.name.to_lowercase())).collect();
    let name = |id: &str| (names.get(id).cloned().unwrap_or_default(), id.to_owned());
    units.sort_by_cached_key(|unit| unit.path.split('/').map(name).collect::<Vec<_>>());
    units
}

impl Campaign {
    /// For use cases whose caller has checked the scope, or that run without an officer.
    pub async fn of_any_scope(db: &Db, id: Uuid) -> Result<Option<Campaign>, Error> {
        q(CAMPAIGN_OF_ANY_SCOPE).bind(id).opt(db).await
    }
}
