//! A new bank version scores finished sessions again. Computing changes nothing; a named person approves, and then a new version of each
//! result stands beside the old one and the person is told on the own pages. Answers to items that the new version no longer has are
//! left out and counted. Logits.

use std::collections::BTreeSet;

use melek_db::{Db, q};
use melek_framework::{AreaId, cuts, framework};
use uuid::Uuid;

use crate::desk::Desk;
use crate::profile::{Basis, Profile};
use crate::result_of_session::needs;
use crate::session::{Ability, State};

/// Sessions of a part.
const PART: &str = "SELECT s.id, s.person_id, s.state, r.version, r.reason, r.ability FROM assess_session s \
     JOIN assess_result r ON r.session_id = s.id \
     AND r.version = (SELECT MAX(n.version) FROM assess_result n WHERE n.session_id = s.id) \
     WHERE s.status = 'finished' AND s.id > $1 AND r.bank_version <> $2 ORDER BY s.id LIMIT 500";

/// One session scored again.
#[derive(Debug, Clone, PartialEq)]
pub struct Rescored {
    pub session: Uuid,
    /// Overall score as it stands and as it would be.
    pub before_logit: f64,
    pub after_logit: f64,
    /// Areas whose verdict against the post's need would change.
    pub changed: Vec<AreaId>,
    /// Answers that count no more because the new version does not have their items.
    pub left_out: usize,
    version: i64,
    reason: String,
    items: usize,
    ability: Ability,
}

impl Rescored {
    /// How far the overall score moves.
    pub fn size(&self) -> f64 {
        (self.after_logit - self.before_logit).abs()
    }
}

#[derive(Debug, thiserror::Error)]
pub enum RescoreError {
    #[error(transparent)]
    Database(#[from] melek_db::Error),
    #[error("session {0} cannot be read: it holds something this program did not write")]
    Unreadable(String),
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    person_id: String,
    state: String,
    version: i64,
    reason: String,
    ability: String,
}

/// Scores the sessions after one again with the bank in force, 500 at a time in the order of their identifiers; those it has scored
/// already are not among them.
pub async fn rescore(desk: &Desk, db: &Db, after: Option<Uuid>) -> Result<Vec<Rescored>, RescoreError> {
    let current = desk.current();
    let rows: Vec<Row> = q(PART).bind(after.unwrap_or_default()).bind(current.pool.version.as_str()).all(db).await?;
    let mut rescored = Vec::with_capacity(rows.len());
    for row in rows {
        rescored.push(one(desk, db, row).await?);
    }
    Ok(rescored)
}

async fn one(desk: &Desk, db: &Db, row: Row) -> Result<Rescored, RescoreError> {
    let unreadable = || RescoreError::Unreadable(row.id.clone());
    let session: Uuid = row.id.parse().map_err(|_| unreadable())?;
    let person: Uuid = row.person_id.parse().map_err(|_| unreadable())?;
    let state: State = serde_json::from_str(&row.state).map_err(|_| unreadable())?;
    let before: Ability = serde_json::from_str(&row.ability).map_err(|_| unreadable())?;
    let current = desk.current();
    let after = Ability::of(&state.posterior(current.test(desk.blueprint)), &desk.blueprint.weights);
    let known = state.scored().filter(|given| current.pool.position(&given.0).is_some()).count();
    let needed = needs(db, person).await?;
    let missed = BTreeSet::new();
    let basis = Basis { framework: framework(), cuts: cuts(), needed: &needed, missed: &missed };
    let (old, new) = (Profile::new(&before, &basis), Profile::new(&after, &basis));
    let verdict = |profile: &Profile, area: usize| profile.areas[area].need.as_ref().map(|need| need.verdict);
    let changed = AreaId::all().filter(|area| verdict(&old, area.index()) != verdict(&new, area.index())).collect();
    Ok(Rescored {
        session,
        before_logit: before.overall.logit,
        after_logit: after.overall.logit,
        changed,
        left_out: state.scored().count() - known,
        version: row.version,
        reason: row.reason,
        items: known,
        ability: after,
    })
}

/// Who approves a re-scoring, and why.
pub struct Approval<'a> {
    pub by: &'a str,
    pub note: &'a str,
    pub at_ms: i64,
}

/// Writes the new results in one transaction; a result that has changed meanwhile makes the whole fail and nothing is written.
pub async fn approve_rescoring(
    desk: &Desk,
    db: &Db,
    rescored: &[Rescored],
    approval: &Approval<'_>,
) -> Result<(), RescoreError> {
    let bank = desk.current().pool.version.clone();
    let changed = rescored.iter().filter(|result| !result.changed.is_empty()).count();
    let mut tx = db.begin().await?;
    q("INSERT INTO assess_rescoring (id, bank_version, approved_by, note, approved_ms, sessions, changed) \
       VALUES ($1, $2, $3, $4, $5, $6, $7)")
    .bind(Uuid::now_v7())
    .bind(bank.as_str())
    .bind(approval.by)
    .bind(approval.note)
    .bind(approval.at_ms)
    .bind(rescored.len() as i64)
    .bind(changed as i64)
    .exec(&mut tx)
    .await?;
    for result in rescored {
        q("INSERT INTO assess_result (session_id, version, bank_version, reason, items, ability, computed_ms) \
           VALUES ($1, $2, $3, $4, $5, $6, $7)")
        .bind(result.session)
        .bind(result.version + 1)
        .bind(bank.as_str())
        .bind(result.reason.as_str())
        .bind(result.items as i64)
        .bind(serde_json::to_string(&result.ability).expect("an ability is plain data"))
        .bind(approval.at_ms)
        .exec(&mut tx)
        .await?;
    }
    Ok(tx.commit().await?)
}
