//! The main job: one answer comes in. It is read and scored, ability is updated, the test stops or the next item is chosen,
//! and everything is written in one commit before the person sees it acknowledged. Sending the same answer twice, from two
//! tabs, after Back or after a lost reply, changes nothing and leads to the right next page. An answer that comes after the
//! campaign is over is not taken: the session is closed first.
//!
//! Seed S9 "able to work from anywhere". Abilities in logits, times in milliseconds.

use melek_db::Db;
use melek_web::Locale;
use uuid::Uuid;

use crate::answer::{Answer, Fields, IncompleteAnswer};
use crate::desk::{CommitChangeError, Desk, OpenDeskError, VersionInUse, exposure};
use crate::draw::Draw;
use crate::move_session::{MoveSessionError, session_at};
use crate::prices::Prices;
use crate::record::{AnswerRow, Change, ChangeKind, Committed, Finished};
use crate::session::{Moment, Presentation, on_screen};
use crate::stored_session::{ReadSessionError, StoredSession, by_id};

/// An answer as it arrives.
pub struct Sent<'a> {
    pub session: Uuid,
    pub person: Uuid,
    /// Position of the item the form was for, from 1.
    pub position: usize,
    pub reply: Reply<'a>,
    pub locale: Locale,
    /// What the device says it took; kept, not trusted.
    pub device_elapsed_ms: Option<i64>,
}

/// What the person did with the item.
pub enum Reply<'a> {
    Form(Fields<'a>),
    /// Scored before: simulated people give answers, not forms.
    Answer(Answer),
}

/// Where the person is after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    Item {
        position: usize,
    },
    /// A few items more are offered, see `offer.rs`.
    Offer,
    Finished,
}

#[derive(Debug, thiserror::Error)]
pub enum AnswerItemError {
    #[error("there is no such session of this person")]
    NoSession,
    /// The item is shown again with what was chosen.
    #[error("the answer is not complete: {0}")]
    Incomplete(IncompleteAnswer),
    #[error("item {0} is no longer in the program")]
    ItemGone(crate::item::ItemId),
    #[error(transparent)]
    Read(#[from] ReadSessionError),
    #[error("the bank version of the session cannot be loaded: {0}")]
    Version(#[from] OpenDeskError),
    #[error(transparent)]
    Commit(#[from] CommitChangeError),
}

impl From<MoveSessionError> for AnswerItemError {
    fn from(error: MoveSessionError) -> Self {
        match error {
            MoveSessionError::Read(error) => error.into(),
            MoveSessionError::Version(error) => error.into(),
            MoveSessionError::Commit(error) => error.into(),
        }
    }
}

pub async fn answer_item(desk: &Desk, db: &Db, sent: Sent<'_>, now_ms: i64) -> Result<Next, AnswerItemError> {
    Ok(session_after(desk, db, sent, now_ms).await?.next())
}

/// The same, and answers the whole session, so that the page of the next item needs no second read.
pub(crate) async fn session_after(
    desk: &Desk,
    db: &Db,
    sent: Sent<'_>,
    now_ms: i64,
) -> Result<StoredSession, AnswerItemError> {
    let found = session_at(desk, db, (sent.session, sent.person), now_ms).await?;
    let session = found.ok_or(AnswerItemError::NoSession)?;
    let is_current = session.is_open && session.state.position() == sent.position;
    let Some(shown) = session.state.current.clone().filter(|_| is_current) else {
        return Ok(session);
    };
    let version = desk.version(db, &session.bank_version).await?;
    let prices = desk.prices(db, &session.state, &version.pool).await.map_err(ReadSessionError::from)?;
    let step = Step { desk, session, now_ms };
    let answer = step.score(&shown, &sent)?;
    let (change, after) = step.decide(&version, &prices, answer);
    match desk.commit(change).await? {
        Committed::Applied { .. } => Ok(after),
        Committed::Stale => by_id(db, sent.session, sent.person).await?.ok_or(AnswerItemError::NoSession),
    }
}

/// One session at the moment an answer to its current item comes in.
struct Step<'a> {
    desk: &'a Desk,
    session: StoredSession,
    now_ms: i64,
}

impl Step<'_> {
    fn score(&self, shown: &Presentation, sent: &Sent<'_>) -> Result<AnswerRow, AnswerItemError> {
        let item = self.desk.item(&shown.item).ok_or_else(|| AnswerItemError::ItemGone(shown.item.clone()))?;
        let item = item.drawn(self.session.seed);
        let answer = match &sent.reply {
            Reply::Answer(answer) => answer.clone(),
            Reply::Form(fields) => {
                let draw = Draw::new(&item.task, self.session.seed, sent.position);
                Answer::read(&item.task, &draw, fields, sent.locale).map_err(AnswerItemError::Incomplete)?
            }
        };
        let paused = self.session.state.paused;
        Ok(AnswerRow {
            position: sent.position as i64,
            item: shown.item.clone(),
            is_right: answer.is_right(&item.task),
            answer,
            locale: sent.locale.tag(),
            shown_ms: shown.since_ms,
            answered_ms: self.now_ms,
            used_ms: if paused { 0 } else { on_screen(shown.since_ms, self.now_ms) },
            device_elapsed_ms: sent.device_elapsed_ms,
        })
    }

    /// Ability, stop or next item: the change to commit and the session after it.
    fn decide(self, version: &VersionInUse, prices: &Prices, answer: AnswerRow) -> (Change, StoredSession) {
        let Step { desk, session, now_ms } = self;
        let mut state = session.state;
        let test = version.test(desk.blueprint);
        let counts = version.counts();
        let exposure = exposure(desk.blueprint.exposure, &counts, prices, session.seed);
        let pilots_shown = version.pilots_shown();
        let moment = Moment { seed: session.seed, exposure: &exposure, pilots_shown: &pilots_shown, now_ms };
        let end = state.answer(test, answer.is_right, moment);
        let finished = end.map(|end| Finished::new(end, &state, test, now_ms));
        let after = StoredSession {
            version: session.version + 1,
            is_open: finished.is_none(),
            state: state.clone(),
            bank_version: session.bank_version.clone(),
            ..session
        };
        let shown = state.current.as_ref().map(|shown| shown.item.clone());
        let kind = ChangeKind::Answer { expected_version: session.version, answer };
        let change = Change { session: session.id, bank_version: session.bank_version, kind, state, shown, finished };
        (change, after)
    }
}

impl StoredSession {
    /// Where the person is in this session now.
    pub fn next(&self) -> Next {
        match self.is_open {
            true if self.state.is_offered() => Next::Offer,
            true => Next::Item { position: self.state.position() },
            false => Next::Finished,
        }
    }
}
