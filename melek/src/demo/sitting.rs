//! An invented person sits the test: starts, looks at each item, answers after a while, until the test ends or the
//! person stops. Everything goes through the functions that the pages call; only the clock is the person's own.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use indicatif::ProgressBar;
use melek_assess::{
    AnswerItemError, Desk, ItemId, ItemPool, MoveSessionError, Next, ReadSessionError, Reply, Sent, StartSessionError,
    Starting, answer_item, answer_offer, session_of_person, start_session,
};
use melek_db::Db;
use melek_web::{Locale, Office};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::ability::Ability;
use super::answering::{answer, time_on};

/// People who sit at the same time.
const AT_ONCE: usize = 256;

/// Longest that a device's own measure stays behind the server's, milliseconds.
const LONGEST_DELAY_MS: i64 = 900;

/// Share of people who leave an offer of a few items more open, beside the first, and of the others who go on.
const LEAVES: f64 = 0.1;
const GOES_ON: f64 = 0.7;

/// Share of people who read English.
const READS_ENGLISH: f64 = 0.04;

/// Who sits which test, when, and how well.
#[derive(Debug, Clone)]
pub struct Sitting {
    pub campaign: Uuid,
    pub person: Uuid,
    pub begins_ms: i64,
    pub ability: Ability,
    pub seed: u64,
    /// Whether the campaign is still open, so that an offer can wait for an answer.
    pub may_wait: bool,
    /// How many items are answered before the person stops; `None` for one who goes on to the end.
    pub stops_after: Option<usize>,
}

/// What everybody who sits shares.
struct Room<'a> {
    desk: &'a Desk,
    db: &'a Db,
    pool: &'a ItemPool,
    /// Whether somebody has left an offer open that waits for an answer: the demonstration shows one.
    somebody_waits: &'a AtomicBool,
}

/// What became of it.
#[derive(Debug, Clone)]
pub struct Sat {
    pub session: Uuid,
    pub person: Uuid,
    pub answers: usize,
    pub finished: bool,
    pub ended_ms: i64,
}

#[derive(Debug, thiserror::Error)]
pub enum SitError {
    #[error("an invented person could not start: {0}")]
    Start(#[from] StartSessionError),
    #[error("an answer of an invented person was not taken: {0}")]
    Answer(#[from] AnswerItemError),
    #[error("an invented person could not decide whether to go on: {0}")]
    Decide(#[from] MoveSessionError),
    #[error(transparent)]
    Read(#[from] ReadSessionError),
    #[error("an invented person was interrupted")]
    Interrupted,
    #[error("session {0} shows no item although it is open")]
    NoItem(Uuid),
}

async fn sit(room: &Room<'_>, sitting: &Sitting) -> Result<Sat, SitError> {
    let Room { desk, db, pool, .. } = *room;
    let Sitting { campaign, person, seed, .. } = *sitting;
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let locale = if rng.random_bool(READS_ENGLISH) { Locale::En } else { Locale::Id };
    let pace = rng.random_range(0.45..1.1);
    let mut now_ms = sitting.begins_ms;
    let session = start_session(desk, db, Starting { campaign, person, seed, now_ms }).await?;
    let mut position = 1;
    loop {
        let shown = shown_item(db, session, person).await?;
        let (item, parameters) = known(desk, pool, &shown).ok_or(SitError::NoItem(session))?;
        let item = &*item.drawn(seed);
        let dimension = parameters.competence.area().index();
        let chance = parameters.item().map_or(0.0, |item| item.probability(sitting.ability[dimension]));
        let reply = Reply::Answer(answer(item, rng.random_bool(chance), &mut rng));
        let elapsed_ms = time_on(item, pace, &mut rng);
        now_ms += elapsed_ms;
        let device_elapsed_ms = Some(elapsed_ms - rng.random_range(0..=LONGEST_DELAY_MS));
        let sent = Sent { session, person, position, reply, locale, device_elapsed_ms };
        let next = answer_item(desk, db, sent, now_ms).await?;
        let decided = match next {
            Next::Offer => decide(room, (sitting, session), (now_ms, &mut rng)).await?,
            _ => Decided::GoesOn,
        };
        let finished = next == Next::Finished || decided == Decided::Finishes;
        if finished || decided == Decided::Leaves || sitting.stops_after == Some(position) {
            return Ok(Sat { session, person, answers: position, finished, ended_ms: now_ms });
        }
        position += 1;
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Decided {
    GoesOn,
    Finishes,
    /// Closes the page without an answer.
    Leaves,
}

/// What the person does with the items offered.
async fn decide(
    room: &Room<'_>,
    (sitting, session): (&Sitting, Uuid),
    (now_ms, rng): (i64, &mut ChaCha8Rng),
) -> Result<Decided, SitError> {
    let Room { desk, db, somebody_waits, .. } = *room;
    let stored = session_of_person(db, session, sitting.person).await?.ok_or(SitError::NoItem(session))?;
    let is_first = sitting.may_wait && !somebody_waits.swap(true, Ordering::Relaxed);
    if is_first || rng.random_bool(LEAVES) {
        return Ok(Decided::Leaves);
    }
    let goes_on = rng.random_bool(GOES_ON);
    answer_offer(desk, db, (stored, goes_on), now_ms).await?;
    Ok(if goes_on { Decided::GoesOn } else { Decided::Finishes })
}

async fn shown_item(db: &Db, session: Uuid, person: Uuid) -> Result<ItemId, SitError> {
    let stored = session_of_person(db, session, person).await?;
    let shown = stored.and_then(|stored| stored.state.current);
    Ok(shown.ok_or(SitError::NoItem(session))?.item)
}

/// Lets everybody sit, many at once, so that the answers of many are written together.
pub async fn sit_all(
    office: &Office,
    pool: ItemPool,
    sittings: Vec<Sitting>,
    progress: &ProgressBar,
) -> Result<Vec<Sat>, SitError> {
    let (desk, pool, seats) = (office.part::<Desk>(), Arc::new(pool), Arc::new(Semaphore::new(AT_ONCE)));
    let somebody_waits = Arc::new(AtomicBool::new(false));
    let mut sitting_now = JoinSet::new();
    for sitting in sittings {
        let (desk, db, pool, seats) = (Arc::clone(&desk), office.db.clone(), Arc::clone(&pool), Arc::clone(&seats));
        let somebody_waits = Arc::clone(&somebody_waits);
        sitting_now.spawn(async move {
            let _seat = seats.acquire_owned().await.map_err(|_| SitError::Interrupted)?;
            sit(&Room { desk: &desk, db: &db, pool: &pool, somebody_waits: &somebody_waits }, &sitting).await
        });
    }
    let mut sat = Vec::with_capacity(sitting_now.len());
    while let Some(outcome) = sitting_now.join_next().await {
        sat.push(outcome.map_err(|_| SitError::Interrupted)??);
        progress.inc(1);
    }
    sat.sort_by_key(|sat| (sat.ended_ms, sat.session));
    Ok(sat)
}

fn known<'a>(
    desk: &'a Desk,
    pool: &'a ItemPool,
    item: &ItemId,
) -> Option<(&'a melek_assess::Item, &'a melek_assess::Parameters)> {
    Some((desk.item(item)?, &pool.parameters[pool.position(item)?]))
}
