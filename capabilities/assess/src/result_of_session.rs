//! A result as it is stored, with what is needed to say what it means: the latest version, the post's needs, the items missed.

use std::collections::{BTreeMap, BTreeSet};

use melek_db::{Db, Error, q};
use melek_framework::{CompetenceId, Level, cuts, framework};
use uuid::Uuid;

use crate::desk::Desk;
use crate::item::ItemId;
use crate::profile::{Basis, Profile};
use crate::session::Ability;

pub(crate) const RESULT: &str = "SELECT c.title, s.finished_ms, r.bank_version, r.reason, r.items, r.ability, r.version, r.computed_ms \
     FROM assess_session s JOIN assess_campaign c ON c.id = s.campaign_id JOIN assess_result r ON r.session_id = s.id \
     WHERE s.id = $1 AND s.person_id = $2 ORDER BY r.version DESC LIMIT 1";
pub(crate) const NEEDS: &str = "SELECT r.competence, r.level FROM people_v_requirement r \
     JOIN people_v_person p ON p.post_id = r.post_id WHERE p.person_id = $1";
pub(crate) const POST: &str = "SELECT o.name FROM people_v_post o JOIN people_v_person p ON p.post_id = o.post_id \
     WHERE p.person_id = $1";
pub(crate) const MISSED: &str = "SELECT item_id FROM assess_answer WHERE session_id = $1 AND is_right = FALSE";

/// A finished session's result and what it means.
pub struct SessionResult {
    pub title: String,
    pub finished_ms: i64,
    pub bank_version: String,
    /// Identifier of why the test ended.
    pub reason: String,
    pub items: i64,
    /// When a newer bank version scored it again; `None` for a first result.
    pub rescored_ms: Option<i64>,
    pub post: Option<String>,
    /// `None` when too few items were answered to say anything.
    pub profile: Option<Profile>,
}

#[derive(Debug, thiserror::Error)]
pub enum ReadResultError {
    #[error(transparent)]
    Database(#[from] Error),
    #[error("the result of session {0} cannot be read: it holds something this program did not write")]
    Unreadable(Uuid),
}

#[derive(sqlx::FromRow)]
struct Row {
    title: String,
    finished_ms: i64,
    bank_version: String,
    reason: String,
    items: i64,
    ability: String,
    version: i64,
    computed_ms: i64,
}

/// The latest result of a person's session; `None` when it is not finished or not theirs.
pub async fn result_of_session(
    desk: &Desk,
    db: &Db,
    session: Uuid,
    person: Uuid,
) -> Result<Option<SessionResult>, ReadResultError> {
    let Some(row): Option<Row> = q(RESULT).bind(session).bind(person).opt(db).await? else { return Ok(None) };
    let ability: Ability = serde_json::from_str(&row.ability).map_err(|_| ReadResultError::Unreadable(session))?;
    let post = q(POST).bind(person).scalar_opt(db).await?;
    let needed = needs(db, person).await?;
    let missed = missed_outcomes(desk, db, session).await?;
    let basis = Basis { framework: framework(), cuts: cuts(), needed: &needed, missed: &missed };
    let enough = row.items >= desk.blueprint.stop.minimum_items as i64;
    Ok(Some(SessionResult {
        profile: enough.then(|| Profile::new(&ability, &basis)),
        title: row.title,
        finished_ms: row.finished_ms,
        bank_version: row.bank_version,
        reason: row.reason,
        items: row.items,
        rescored_ms: (row.version > 1).then_some(row.computed_ms),
        post,
    }))
}

/// Level the person's post needs of each competence.
pub(crate) async fn needs(db: &Db, person: Uuid) -> Result<BTreeMap<CompetenceId, Level>, Error> {
    let rows: Vec<(String, i64)> = q(NEEDS).bind(person).all(db).await?;
    Ok(rows.into_iter().filter_map(|(id, level)| Some((id.parse().ok()?, Level::from_number(level)?))).collect())
}

async fn missed_outcomes(desk: &Desk, db: &Db, session: Uuid) -> Result<BTreeSet<String>, Error> {
    let items: Vec<String> = q(MISSED).bind(session).scalars(db).await?;
    let measured = items.into_iter().filter_map(|item| desk.item(&ItemId::new(item))?.measures.as_ref());
    Ok(measured.map(|measures| measures.outcome.clone()).collect())
}
