//! A bank that an agency changed, by items of its own or by switching open ones off, measures people only after it was played and a
//! named person released it. Below the thresholds of `simulate_bank.rs` a release needs a reason, which is kept with what was found
//! wanting. The open bank as it is shipped is released by the project's tests.

use melek_db::{Db, q};
use serde::{Deserialize, Serialize};

use crate::bank::Bank;
use crate::blueprint::Blueprint;
use crate::simulate_bank::{Shortcoming, SimulatedBank};

pub(crate) const ACTIVATION: &str = "SELECT simulation, shortcomings, reason, approved_by, activated_ms FROM assess_activation \
     WHERE bank_version = $1 AND blueprint = $2";
pub(crate) const ACTIVATE: &str = "INSERT INTO assess_activation \
     (bank_version, blueprint, simulation, shortcomings, reason, approved_by, activated_ms) \
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (bank_version, blueprint) DO UPDATE SET \
     simulation = excluded.simulation, shortcomings = excluded.shortcomings, reason = excluded.reason, \
     approved_by = excluded.approved_by, activated_ms = excluded.activated_ms";

/// Who releases a bank, and why if it falls short.
pub struct Release<'a> {
    pub by: &'a str,
    pub despite: Option<&'a str>,
    pub at_ms: i64,
}

/// A release as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Activation {
    pub figures: Figures,
    pub shortcomings: Vec<String>,
    pub reason: Option<String>,
    pub approved_by: String,
    pub activated_ms: i64,
}

/// What the simulation before a release found: shares 0 … 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figures {
    pub people: u32,
    pub mean_items: f64,
    pub coverage: f64,
    pub largest_exposure: f64,
    pub unused: f64,
    pub overlap: f64,
}

#[derive(Debug, thiserror::Error)]
pub enum ActivateBankError {
    #[error(
        "the bank falls short and was not activated:{}\nAdd items where it is thin, or give the reason to use it all the same with --despite REASON",
        listed(.0)
    )]
    Short(Vec<Shortcoming>),
    #[error(
        "the bank {version} ({items} items, {own} of the agency's own, {switched_off} open ones switched off) has not been activated; run \
         `melek bank activate --data DIR --approve-by NAME`, which plays simulated people against it first"
    )]
    NotActivated { version: String, items: usize, own: usize, switched_off: usize },
    #[error(
        "the activation of bank {0} cannot be read: it holds something this program did not write; activate the bank again"
    )]
    Unreadable(String),
    #[error(transparent)]
    Database(#[from] melek_db::Error),
}

fn listed(shortcomings: &[Shortcoming]) -> String {
    shortcomings.iter().map(|shortcoming| format!("\n- {shortcoming}")).collect()
}

impl Figures {
    pub fn of(simulated: &SimulatedBank) -> Figures {
        let summary = &simulated.summary;
        Figures {
            people: summary.people,
            mean_items: summary.length.mean,
            coverage: summary.composite.coverage,
            largest_exposure: summary.exposure.largest,
            unused: summary.exposure.unused,
            overlap: summary.exposure.overlap,
        }
    }
}

/// Keeps the release of a bank; one that falls short and has no reason beside it is refused.
pub async fn activate_bank(
    db: &Db,
    (bank, blueprint): (&Bank, &Blueprint),
    simulated: &SimulatedBank,
    release: &Release<'_>,
) -> Result<(), ActivateBankError> {
    let shortcomings = simulated.shortcomings(blueprint);
    if !shortcomings.is_empty() && release.despite.is_none() {
        return Err(ActivateBankError::Short(shortcomings));
    }
    let shortcomings: Vec<String> = shortcomings.iter().map(ToString::to_string).collect();
    let mut tx = db.begin().await?;
    q(ACTIVATE)
        .bind(bank.version.as_str())
        .bind(blueprint.name.as_str())
        .bind(serde_json::to_string(&Figures::of(simulated)).expect("figures are plain data"))
        .bind(serde_json::to_string(&shortcomings).expect("sentences are plain data"))
        .bind(release.despite)
        .bind(release.by)
        .bind(release.at_ms)
        .exec(&mut tx)
        .await?;
    Ok(tx.commit().await?)
}

#[derive(sqlx::FromRow)]
struct Row {
    simulation: String,
    shortcomings: String,
    reason: Option<String>,
    approved_by: String,
    activated_ms: i64,
}

/// The release of a bank under a blueprint, if there was one.
pub async fn activation_of(
    db: &Db,
    bank: &Bank,
    blueprint: &Blueprint,
) -> Result<Option<Activation>, ActivateBankError> {
    let query = q(ACTIVATION).bind(bank.version.as_str()).bind(blueprint.name.as_str());
    let Some(row): Option<Row> = query.opt(db).await? else { return Ok(None) };
    let unreadable = |_| ActivateBankError::Unreadable(bank.version.clone());
    Ok(Some(Activation {
        figures: serde_json::from_str(&row.simulation).map_err(unreadable)?,
        shortcomings: serde_json::from_str(&row.shortcomings).map_err(unreadable)?,
        reason: row.reason,
        approved_by: row.approved_by,
        activated_ms: row.activated_ms,
    }))
}

/// Refuses a changed bank that nobody has released under the blueprint in force.
pub async fn require_activation(db: &Db, bank: &Bank, blueprint: &Blueprint) -> Result<(), ActivateBankError> {
    if bank.is_as_shipped() || activation_of(db, bank, blueprint).await?.is_some() {
        return Ok(());
    }
    Err(ActivateBankError::NotActivated {
        version: bank.version.clone(),
        items: bank.items.len(),
        own: bank.own,
        switched_off: bank.switched_off,
    })
}
