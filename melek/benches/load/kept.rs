//! What a database holds of answers and sessions, read in one statement and so at one moment, and what is wrong with it.

use std::collections::{BTreeMap, HashMap};

use anyhow::{Context, Result};
use melek_db::{Address, Db, q};
use serde_json::Value;
use uuid::Uuid;

use crate::person::Acknowledged;

const READ: &str = "SELECT s.id, s.version, s.status, s.state, a.position, a.item_id, a.device_elapsed_ms,
    (SELECT COUNT(*) FROM assess_result r WHERE r.session_id = s.id) AS results,
    (SELECT CAST(SUM(started) AS BIGINT) FROM assess_bank) AS started,
    (SELECT CAST(SUM(shown) AS BIGINT) FROM assess_bank_item) AS shown
    FROM assess_session s LEFT JOIN assess_answer a ON a.session_id = s.id ORDER BY s.id, a.position";

type Row = (String, i64, String, String, Option<i64>, Option<String>, Option<i64>, i64, i64, i64);

#[derive(Default)]
pub struct Kept {
    /// Time that the device said, by session and position.
    answers: HashMap<(Uuid, i64), Option<i64>>,
    /// Where sessions, answers, results and counts contradict each other.
    pub contradictions: Vec<String>,
}

/// One session as its row tells it, with its answers.
struct Session {
    version: i64,
    is_open: bool,
    state: String,
    results: i64,
    positions: Vec<i64>,
    items: Vec<String>,
}

impl Kept {
    pub async fn read(address: &Address) -> Result<Self> {
        let db = Db::open(address).await?;
        let rows: Vec<Row> = q(READ).all(&db).await?;
        db.close().await;
        let mut kept = Self::default();
        let counted = rows.first().map(|row| (row.8, row.9)).unwrap_or_default();
        let mut sessions: BTreeMap<String, Session> = BTreeMap::new();
        for (id, version, status, state, position, item, elapsed_ms, results, ..) in rows {
            let session = sessions.entry(id.clone()).or_insert_with(|| Session::new(version, &status, state, results));
            if let (Some(position), Some(item)) = (position, item) {
                session.positions.push(position);
                session.items.push(item);
                kept.answers.insert((id.parse()?, position), elapsed_ms);
            }
        }
        let mut shown = 0;
        for (id, session) in &sessions {
            kept.contradictions.extend(session.contradiction()?.map(|what| format!("session {id}: {what}")));
            shown += session.positions.len() as i64 + i64::from(session.is_open);
        }
        if counted != (sessions.len() as i64, shown) {
            let truth = (sessions.len(), shown);
            kept.contradictions.push(format!("sessions and items shown are counted as {counted:?} and are {truth:?}"));
        }
        Ok(kept)
    }

    pub fn answers(&self) -> usize {
        self.answers.len()
    }

    /// How many of these answers are not there, or are not the ones that were sent.
    pub fn lost(&self, acknowledged: &[Acknowledged]) -> usize {
        let is_there = |what: &&Acknowledged| {
            self.answers.get(&(what.session, what.position)).is_some_and(|kept| *kept == Some(what.elapsed_ms))
        };
        acknowledged.len() - acknowledged.iter().filter(is_there).count()
    }
}

impl Session {
    fn new(version: i64, status: &str, state: String, results: i64) -> Self {
        Self { version, is_open: status == "open", state, results, positions: Vec::new(), items: Vec::new() }
    }

    fn contradiction(&self) -> Result<Option<String>> {
        let count = self.positions.len() as i64;
        let state: Value = serde_json::from_str(&self.state).context("a state cannot be read")?;
        let in_state = state["a"].as_array().into_iter().flatten();
        let in_state: Vec<&str> = in_state.filter_map(|given| given[0].as_str()).collect();
        Ok(if !self.positions.iter().copied().eq(1..=count) {
            Some(format!("its answers stand at {:?}", self.positions))
        } else if in_state != self.items {
            Some(format!("its state knows {} answers, its rows are {count}, or their items differ", in_state.len()))
        } else if self.version != count + 1 + i64::from(!self.is_open && !state["o"].is_null()) {
            Some(format!("version {} after {count} answers", self.version))
        } else if self.results != i64::from(!self.is_open) {
            Some(format!("{} results, open: {}", self.results, self.is_open))
        } else {
            None
        })
    }
}
