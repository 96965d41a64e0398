//! The parameters of items on trial, on the scale of the items that count, from everybody who answered them. Nothing follows by itself: a
//! person reads what was found and writes it into the item file (`adopt_pilot` for the text of the file), and the bank is released
//! again. Difficulties and errors in logits.

use std::collections::BTreeMap;

use melek_db::Db;
use melek_irt::ability::BankSpread;
use melek_irt::calibration::{PilotAnswer, PilotError, PilotItem, calibrate_pilot_item};

use crate::desk::{Desk, OpenDeskError};
use crate::effort::Judged;
use crate::item::ItemId;
use crate::pool::ItemPool;
use crate::result_of_session::judged_answers;
use crate::session::Given;
use crate::stored_session::{ReadSessionError, StoredSession, all_after};

/// Prior of ln a and b, mean and standard deviation: as BILOG-MG's, weak beside a hundred answers (Zimowski et al. 2003).
const PRIOR: BankSpread = BankSpread { log_discrimination: [0.0, 0.5], difficulty: [0.0, 2.0] };

/// What became of one item on trial.
#[derive(Debug)]
pub struct CalibratedPilot {
    pub item: ItemId,
    pub answers: usize,
    pub found: Result<PilotItem, PilotError>,
}

#[derive(Debug, thiserror::Error)]
pub enum CalibratePilotsError {
    #[error(transparent)]
    Read(#[from] ReadSessionError),
    #[error("the bank version of a session cannot be loaded: {0}")]
    Version(#[from] OpenDeskError),
}

/// Estimates every item that is on trial in the bank in force from all finished sessions, in the order of their identifiers.
pub async fn calibrate_pilots(desk: &Desk, db: &Db) -> Result<Vec<CalibratedPilot>, CalibratePilotsError> {
    let mut answers: BTreeMap<ItemId, Vec<PilotAnswer>> = BTreeMap::new();
    let mut after = None;
    loop {
        let part = all_after(db, after, None).await?;
        let Some(last) = part.last() else { break };
        after = Some(last.id);
        for session in part.iter().filter(|session| !session.is_open && !session.state.pilots.is_empty()) {
            gather(desk, db, session, &mut answers).await?;
        }
    }
    let current = desk.current();
    let calibrated = current.pool.pilots.iter().map(|pilot| {
        let answers = answers.remove(&pilot.id).unwrap_or_default();
        let found = calibrate_pilot_item(&answers, pilot.lower_asymptote, &PRIOR);
        CalibratedPilot { item: pilot.id.clone(), answers: answers.len(), found }
    });
    Ok(calibrated.collect())
}

/// A session's answers to items on trial, without those too fast to have been read, each with the person's ability by the answers that count.
async fn gather(
    desk: &Desk,
    db: &Db,
    session: &StoredSession,
    answers: &mut BTreeMap<ItemId, Vec<PilotAnswer>>,
) -> Result<(), OpenDeskError> {
    let version = desk.version(db, &session.bank_version).await?;
    let posterior = session.state.posterior(version.test(desk.blueprint));
    let judged = judged_answers(desk, db, session.id).await?;
    for Judged { given: Given(item, correct), .. } in judged.into_iter().filter(|own| own.is_pilot && !own.is_rapid) {
        if let Some(ability) = area_of(&version.pool, &item).and_then(|area| posterior.dimension(area)) {
            answers.entry(item).or_default().push(PilotAnswer { ability, correct });
        }
    }
    Ok(())
}

fn area_of(pool: &ItemPool, item: &ItemId) -> Option<usize> {
    Some(pool.parameters_of(item)?.competence.area().index())
}
