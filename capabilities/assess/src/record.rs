//! What the committer writes: many people's starts and answers in one transaction, each kind with one statement. A change
//! made from a state that is no longer the stored one writes nothing and comes back as `Stale`; it never harms the others.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use melek_db::{Committer, Error, Tx, Value, bind_all, fixed_sizes, q, rows};
use serde_json::to_string;
use uuid::Uuid;

use crate::answer::Answer;
use crate::item::ItemId;
use crate::prices::{self, Prices};
use crate::session::{Ability, End, State, Test};

pub type SessionCommitter = Committer<Change, Committed>;

/// One change to one session.
#[derive(Debug, Clone)]
pub struct Change {
    pub session: Uuid,
    pub bank_version: String,
    pub kind: ChangeKind,
    pub state: State,
    /// The item put before the person by this change.
    pub shown: Option<ItemId>,
    pub finished: Option<Finished>,
}

#[derive(Debug, Clone)]
pub enum ChangeKind {
    Start(Start),
    Answer {
        expected_version: i64,
        answer: AnswerRow,
    },
    /// Pause, resume or close: the state changes, no answer is added.
    Move {
        expected_version: i64,
    },
}

#[derive(Debug, Clone)]
pub struct Start {
    pub campaign: Uuid,
    pub person: Uuid,
    pub seed: u64,
    pub started_ms: i64,
    pub prices: Arc<Prices>,
}

/// One answer as it is kept for good.
#[derive(Debug, Clone)]
pub struct AnswerRow {
    pub position: i64,
    pub item: ItemId,
    pub answer: Answer,
    pub is_right: bool,
    pub locale: &'static str,
    pub shown_ms: i64,
    pub answered_ms: i64,
    pub used_ms: i64,
    /// What the device says; not to be trusted.
    pub device_elapsed_ms: Option<i64>,
}

#[derive(Debug, Clone)]
pub struct Finished {
    pub end: End,
    pub ability: Ability,
    pub items: i64,
    pub at_ms: i64,
}

impl Finished {
    /// The result of the answers so far.
    pub fn new(end: End, state: &State, test: Test<'_>, at_ms: i64) -> Finished {
        let ability = Ability::of(&state.posterior(test), &test.blueprint.weights);
        Finished { end, ability, items: state.scored().count() as i64, at_ms }
    }
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Committed {
    /// Written and durable, with the counts after it.
    Applied { started: Option<i64>, shown: Option<i64> },
    /// The stored state was already another one.
    Stale,
}

/// Writes a batch; the results are in the order of the changes.
pub async fn apply(tx: &mut Tx, changes: &[Change]) -> Result<Vec<Committed>, Error> {
    let mut accepted = start_sessions(tx, changes).await?;
    accepted.extend(update_sessions(tx, changes).await?);
    let written: Vec<usize> =
        first_of_each_session(changes).into_iter().filter(|index| accepted.contains(index)).collect();
    let chosen: Vec<&Change> = written.iter().map(|&index| &changes[index]).collect();
    insert_answers(tx, &chosen).await?;
    insert_results(tx, &chosen).await?;
    let counts = count_exposure(tx, &chosen).await?;
    let mut results = vec![Committed::Stale; changes.len()];
    for index in written {
        results[index] = counts.of(&changes[index]);
    }
    Ok(results)
}

/// Two changes of one session in one batch cannot both be made from the stored state: the first to arrive is tried.
fn first_of_each_session(changes: &[Change]) -> Vec<usize> {
    let mut seen = HashSet::new();
    (0..changes.len()).filter(|&index| seen.insert(changes[index].session)).collect()
}

const STATUS_OPEN: &str = "open";
const STATUS_FINISHED: &str = "finished";

impl Change {
    fn status(&self) -> &'static str {
        if self.finished.is_some() { STATUS_FINISHED } else { STATUS_OPEN }
    }

    fn state_text(&self) -> String {
        to_string(&self.state).expect("a state is plain data")
    }
}

/// The prices that sessions of this batch start with, each once.
async fn write_prices(tx: &mut Tx, changes: &[Change], starts: &[(usize, &Start)]) -> Result<(), Error> {
    let mut written = HashSet::new();
    for (index, start) in starts {
        if written.insert(&start.prices.id) {
            prices::write(tx, &start.prices, &changes[*index].bank_version).await?;
        }
    }
    Ok(())
}

async fn start_sessions(tx: &mut Tx, changes: &[Change]) -> Result<HashSet<usize>, Error> {
    let starts: Vec<(usize, &Start)> = first_of_each_session(changes)
        .into_iter()
        .filter_map(|index| match &changes[index].kind {
            ChangeKind::Start(start) => Some((index, start)),
            _ => None,
        })
        .collect();
    write_prices(tx, changes, &starts).await?;
    let mut inserted = HashSet::new();
    for part in fixed_sizes(&starts) {
        let sql = format!(
            "INSERT INTO assess_session \
             (id, campaign_id, person_id, bank_version, seed, version, status, state, started_ms, finished_ms) \
             VALUES {} ON CONFLICT DO NOTHING RETURNING id",
            rows(part.len(), 10)
        );
        let values = part.iter().flat_map(|&(index, start)| {
            let change = &changes[index];
            [
                Value::from(change.session),
                Value::from(start.campaign),
                Value::from(start.person),
                Value::from(change.bank_version.as_str()),
                Value::from(start.seed as i64),
                Value::from(1_i64),
                Value::from(change.status()),
                Value::from(change.state_text()),
                Value::from(start.started_ms),
                Value::from(change.finished.as_ref().map(|finished| finished.at_ms)),
            ]
        });
        let ids: Vec<String> = bind_all(q(sql), values).scalars(&mut *tx).await?;
        let ids: HashSet<String> = ids.into_iter().collect();
        inserted.extend(
            part.iter().map(|&(index, _)| index).filter(|&index| ids.contains(&changes[index].session.to_string())),
        );
    }
    Ok(inserted)
}

async fn update_sessions(tx: &mut Tx, changes: &[Change]) -> Result<HashSet<usize>, Error> {
    let updates: Vec<(usize, i64)> = first_of_each_session(changes)
        .into_iter()
        .filter_map(|index| match changes[index].kind {
            ChangeKind::Start(_) => None,
            ChangeKind::Answer { expected_version, .. } | ChangeKind::Move { expected_version } => {
                Some((index, expected_version))
            }
        })
        .collect();
    let mut updated = HashSet::new();
    for part in fixed_sizes(&updates) {
        let sql = format!(
            "UPDATE assess_session SET version = assess_session.version + 1, state = change.column3, \
             status = change.column4, finished_ms = change.column5 \
             FROM (VALUES {}) AS change \
             WHERE assess_session.id = change.column1 AND assess_session.version = change.column2 \
             AND assess_session.status = 'open' RETURNING assess_session.id",
            rows(part.len(), 5)
        );
        let values = part.iter().flat_map(|&(index, expected)| {
            let change = &changes[index];
            [
                Value::from(change.session),
                Value::from(expected),
                Value::from(change.state_text()),
                Value::from(change.status()),
                Value::from(change.finished.as_ref().map(|finished| finished.at_ms)),
            ]
        });
        let ids: Vec<String> = bind_all(q(sql), values).scalars(&mut *tx).await?;
        let ids: HashSet<String> = ids.into_iter().collect();
        updated.extend(
            part.iter().map(|&(index, _)| index).filter(|&index| ids.contains(&changes[index].session.to_string())),
        );
    }
    Ok(updated)
}

async fn insert_answers(tx: &mut Tx, changes: &[&Change]) -> Result<(), Error> {
    let answers: Vec<(Uuid, &AnswerRow)> = changes
        .iter()
        .filter_map(|change| match &change.kind {
            ChangeKind::Answer { answer, .. } => Some((change.session, answer)),
            _ => None,
        })
        .collect();
    for part in fixed_sizes(&answers) {
        let sql = format!(
            "INSERT INTO assess_answer (session_id, position, item_id, answer, is_right, locale, shown_ms, answered_ms, \
             used_ms, device_elapsed_ms) VALUES {}",
            rows(part.len(), 10)
        );
        let values = part.iter().flat_map(|&(session, row)| {
            [
                Value::from(session),
                Value::from(row.position),
                Value::from(row.item.as_str()),
                Value::from(row.answer.as_str()),
                Value::from(row.is_right),
                Value::from(row.locale),
                Value::from(row.shown_ms),
                Value::from(row.answered_ms),
                Value::from(row.used_ms),
                Value::from(row.device_elapsed_ms),
            ]
        });
        bind_all(q(sql), values).exec(&mut *tx).await?;
    }
    Ok(())
}

async fn insert_results(tx: &mut Tx, changes: &[&Change]) -> Result<(), Error> {
    let results: Vec<(&Change, &Finished)> =
        changes.iter().filter_map(|change| Some((*change, change.finished.as_ref()?))).collect();
    for part in fixed_sizes(&results) {
        let sql = format!(
            "INSERT INTO assess_result (session_id, version, bank_version, reason, items, ability, computed_ms) VALUES {}",
            rows(part.len(), 7)
        );
        let values = part.iter().flat_map(|&(change, finished)| {
            [
                Value::from(change.session),
                Value::from(1_i64),
                Value::from(change.bank_version.as_str()),
                Value::from(finished.end.id()),
                Value::from(finished.items),
                Value::from(to_string(&finished.ability).expect("an ability is plain data")),
                Value::from(finished.at_ms),
            ]
        });
        bind_all(q(sql), values).exec(&mut *tx).await?;
    }
    Ok(())
}

/// Counts after a batch.
struct Counts {
    started: HashMap<String, i64>,
    shown: HashMap<(String, ItemId), i64>,
}

impl Counts {
    fn of(&self, change: &Change) -> Committed {
        let bank = &change.bank_version;
        let is_start = matches!(change.kind, ChangeKind::Start(_));
        let started = is_start.then(|| self.started.get(bank).copied()).flatten();
        let shown = change.shown.as_ref().and_then(|item| self.shown.get(&(bank.clone(), item.clone())).copied());
        Committed::Applied { started, shown }
    }
}

/// Adds the batch's starts and showings to the stored counts, one row a key, and returns the counts after it.
async fn count_exposure(tx: &mut Tx, changes: &[&Change]) -> Result<Counts, Error> {
    let mut counts = Counts { started: HashMap::new(), shown: HashMap::new() };
    let mut starts: BTreeMap<&str, i64> = BTreeMap::new();
    let mut showings: BTreeMap<(&str, &ItemId), i64> = BTreeMap::new();
    for change in changes {
        if matches!(change.kind, ChangeKind::Start(_)) {
            *starts.entry(&change.bank_version).or_default() += 1;
        }
        if let Some(item) = &change.shown {
            *showings.entry((&change.bank_version, item)).or_default() += 1;
        }
    }
    for (bank, added) in starts {
        let sql = "UPDATE assess_bank SET started = started + $2 WHERE version = $1 RETURNING started";
        let started = q(sql).bind(bank).bind(added).scalar(&mut *tx).await?;
        counts.started.insert(bank.to_owned(), started);
    }
    let showings: Vec<_> = showings.into_iter().collect();
    for part in fixed_sizes(&showings) {
        let sql = format!(
            "UPDATE assess_bank_item SET shown = assess_bank_item.shown + added.column3 FROM (VALUES {}) AS added \
             WHERE assess_bank_item.bank_version = added.column1 AND assess_bank_item.item_id = added.column2 \
             RETURNING assess_bank_item.bank_version, assess_bank_item.item_id, assess_bank_item.shown",
            rows(part.len(), 3)
        );
        let values = part
            .iter()
            .flat_map(|&((bank, item), added)| [Value::from(bank), Value::from(item.as_str()), Value::from(added)]);
        let shown: Vec<(String, String, i64)> = bind_all(q(sql), values).all(&mut *tx).await?;
        counts.shown.extend(shown.into_iter().map(|(bank, item, shown)| ((bank, ItemId::new(item)), shown)));
    }
    Ok(counts)
}
