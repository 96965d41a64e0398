//! A result as it is stored, with what is needed to say what it means: the latest version, the post's needs, the items missed,
//! the answers that came too fast.

use std::collections::{BTreeMap, BTreeSet};

use melek_db::{Db, Error, q};
use melek_framework::{CompetenceId, Level, cuts, framework};
use uuid::Uuid;

use crate::answer::Answer;
use crate::desk::{Desk, OpenDeskError};
use crate::effort::{Effort, Judged, Pace, is_rapid, usual_s};
use crate::item::ItemId;
use crate::profile::{Basis, Profile};
use crate::session::{Ability, Given};

pub(crate) const RESULT: &str = "SELECT c.title, s.finished_ms, r.bank_version, r.reason, r.items, r.ability, r.version, r.computed_ms \
     FROM assess_session s JOIN assess_campaign c ON c.id = s.campaign_id JOIN assess_result r ON r.session_id = s.id \
     WHERE s.id = $1 AND s.person_id = $2 ORDER BY r.version DESC LIMIT 1";
pub(crate) const NEEDS: &str = "SELECT r.competence, r.level FROM people_v_requirement r \
     JOIN people_v_person p ON p.post_id = r.post_id WHERE p.person_id = $1";
pub(crate) const POST: &str = "SELECT o.name FROM people_v_post o JOIN people_v_person p ON p.post_id = o.post_id \
     WHERE p.person_id = $1";
pub(crate) const MISSED: &str = "SELECT a.item_id FROM assess_answer a JOIN assess_session s ON s.id = a.session_id \
     LEFT JOIN assess_bank_item i ON i.bank_version = s.bank_version AND i.item_id = a.item_id \
     WHERE a.session_id = $1 AND a.is_right = FALSE AND COALESCE(i.is_pilot, FALSE) = FALSE";
pub(crate) const TIMES: &str = "SELECT a.item_id, a.answer, a.is_right, a.shown_ms, a.used_ms, \
     COALESCE(b.answered_ms, s.started_ms) AS came_ms, COALESCE(i.is_pilot, FALSE) AS is_pilot \
     FROM assess_answer a JOIN assess_session s ON s.id = a.session_id \
     LEFT JOIN assess_bank_item i ON i.bank_version = s.bank_version AND i.item_id = a.item_id \
     LEFT JOIN assess_answer b ON b.session_id = a.session_id AND b.position = a.position - 1 \
     WHERE a.session_id = $1 ORDER BY a.position";

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
    /// Beside a profile, when answers came too fast. Worked out anew each time: the result itself knows nothing of it.
    pub effort: Option<Effort>,
}

#[derive(Debug, thiserror::Error)]
pub enum ReadResultError {
    #[error(transparent)]
    Database(#[from] Error),
    #[error("the bank version of a result cannot be loaded: {0}")]
    Version(#[from] OpenDeskError),
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

#[derive(sqlx::FromRow)]
struct TimeRow {
    item_id: String,
    answer: String,
    is_right: bool,
    shown_ms: i64,
    used_ms: i64,
    came_ms: i64,
    is_pilot: bool,
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
    let effort = if enough { effort(desk, db, (session, &row.bank_version)).await? } else { None };
    Ok(Some(SessionResult {
        profile: enough.then(|| Profile::new(&ability, &basis)),
        title: row.title,
        finished_ms: row.finished_ms,
        bank_version: row.bank_version,
        reason: row.reason,
        items: row.items,
        rescored_ms: (row.version > 1).then_some(row.computed_ms),
        post,
        effort,
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

/// What there is to say about fast answers, with the bank version that the result was scored with.
async fn effort(
    desk: &Desk,
    db: &Db,
    (session, bank_version): (Uuid, &str),
) -> Result<Option<Effort>, ReadResultError> {
    let answers = judged_answers(desk, db, session).await?;
    if !answers.iter().any(|answer| answer.is_rapid) {
        return Ok(None);
    }
    let version = desk.version(db, bank_version).await?;
    Ok(Effort::of(&answers, version.test(desk.blueprint)))
}

/// The answers of a session in their order, each with whether it was rapid.
pub(crate) async fn judged_answers(desk: &Desk, db: &Db, session: Uuid) -> Result<Vec<Judged>, Error> {
    let rows: Vec<TimeRow> = q(TIMES).bind(session).all(db).await?;
    Ok(rows.into_iter().map(|row| row.judged(desk)).collect())
}

impl TimeRow {
    fn judged(self, desk: &Desk) -> Judged {
        let TimeRow { came_ms, shown_ms, used_ms, .. } = self;
        let (item, answer) = (ItemId::new(self.item_id), Answer::stored(self.answer));
        let is_rapid = is_rapid(&answer, Pace { came_ms, shown_ms, used_ms }, desk.item(&item).map(usual_s));
        Judged { given: Given(item, self.is_right), is_rapid, is_pilot: self.is_pilot }
    }
}
