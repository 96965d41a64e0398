//! What the assessment keeps in memory for the whole program: the bank in force, its pool and exposure counts, and the
//! committer. Put into the office at start; taken by handlers as `office.part::<Desk>()`.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use melek_db::{Committer, Db, Tx, Value, bind_all, q, rows};
use melek_irt::ability::ItemErrors;
use melek_irt::selection::{Exposure, ExposureControl, Showings};

use crate::bank::Bank;
use crate::blueprint::{Blueprint, blueprint};
use crate::exposure::Counters;
use crate::item::{Item, ItemId};
use crate::pool::{ItemPool, Parameters, PoolError};
use crate::prices::{PriceList, Prices};
use crate::record::{Change, ChangeKind, Committed, SessionCommitter, apply};
use crate::session::{State, Test};

/// Most changes written in one transaction.
const BATCH: usize = 256;

pub struct Desk {
    pub bank: Bank,
    pub blueprint: &'static Blueprint,
    pool: Arc<ItemPool>,
    counters: Arc<Counters>,
    prices: PriceList,
    committer: SessionCommitter,
    older: Mutex<HashMap<String, Arc<VersionInUse>>>,
}

/// A bank version some session still uses: its pool, and the items whose text the program no longer has.
pub struct VersionInUse {
    pub pool: Arc<ItemPool>,
    pub unavailable: Vec<usize>,
    /// `None` for an older version: its sessions are few and no longer counted.
    counters: Option<Arc<Counters>>,
}

#[derive(Debug, thiserror::Error)]
pub enum OpenDeskError {
    #[error("{0}")]
    Pool(#[from] PoolError),
    #[error(transparent)]
    Database(#[from] melek_db::Error),
}

#[derive(Debug, thiserror::Error)]
pub enum CommitChangeError {
    #[error("the change was not written: {0}")]
    Commit(#[from] melek_db::CommitError),
}

impl CommitChangeError {
    pub fn may_be_tried_again(&self) -> bool {
        let CommitChangeError::Commit(error) = self;
        match error {
            melek_db::CommitError::Stopped => true,
            melek_db::CommitError::Database(error) => error.may_be_tried_again(),
            _ => false,
        }
    }
}

impl Desk {
    /// Registers the bank version with its parameters if it is new, and loads the counts.
    pub async fn open(db: &Db, bank: Bank, now_ms: i64) -> Result<Desk, OpenDeskError> {
        let blueprint = blueprint();
        let pool = ItemPool::of_bank(&bank)?;
        pool.require(blueprint)?;
        let mut tx = db.begin().await?;
        register(&mut tx, &pool, now_ms).await?;
        tx.commit().await?;
        let counters = Arc::new(load_counters(db, &pool).await?);
        Ok(Desk {
            bank,
            blueprint,
            pool: Arc::new(pool),
            counters,
            prices: PriceList::default(),
            committer: Committer::start(db.clone(), BATCH, apply),
            older: Mutex::default(),
        })
    }

    pub fn item(&self, id: &ItemId) -> Option<&Item> {
        self.bank.item(id)
    }

    /// The bank in force, for sessions that start now.
    pub fn current(&self) -> VersionInUse {
        VersionInUse {
            pool: Arc::clone(&self.pool),
            unavailable: Vec::new(),
            counters: Some(Arc::clone(&self.counters)),
        }
    }

    /// The bank version a session was started with.
    pub async fn version(&self, db: &Db, version: &str) -> Result<Arc<VersionInUse>, OpenDeskError> {
        if version == self.pool.version {
            return Ok(Arc::new(self.current()));
        }
        let known = self.older.lock().expect("no holder panics").get(version).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let pool = load_pool(db, version).await?;
        let missing = pool.parameters.iter().enumerate().filter(|(_, item)| self.bank.item(&item.id).is_none());
        let unavailable = missing.map(|(position, _)| position).collect();
        let loaded = Arc::new(VersionInUse { pool: Arc::new(pool), unavailable, counters: None });
        self.older.lock().expect("no holder panics").insert(version.to_owned(), Arc::clone(&loaded));
        Ok(loaded)
    }

    /// Items on trial that a sitting has at most.
    pub fn most_on_trial(&self) -> usize {
        self.blueprint.pilot.positions.len().min(self.pool.pilots.len())
    }

    /// Items a sitting has at most, those on trial included.
    pub fn longest_sitting(&self) -> usize {
        self.blueprint.stop.maximum_items + self.most_on_trial()
    }

    /// Writes a change durably; reservations of exposure last until it is written.
    pub async fn commit(&self, change: Change) -> Result<Committed, CommitChangeError> {
        let counted = change.bank_version == self.pool.version;
        let started = counted && matches!(change.kind, ChangeKind::Start(_));
        let shown = change.shown.as_ref().filter(|_| counted).and_then(|item| self.pool.place(item));
        let _reservation = Reservation::new(Arc::clone(&self.counters), started, shown);
        let committed = self.committer.commit(change).await?;
        if let Committed::Applied { started, shown: count } = committed {
            if let Some(started) = started.filter(|_| counted) {
                self.counters.committed_start(started);
            }
            if let Some((position, count)) = shown.zip(count) {
                self.counters.committed(position, count);
            }
        }
        Ok(committed)
    }

    /// Finishes what was acknowledged; called when the program stops.
    pub async fn shut_down(&self) {
        self.committer.shut_down().await;
    }

    /// Prices for a session that starts now.
    pub fn prices_for_start(&self, version: &VersionInUse) -> Arc<Prices> {
        let (started, shown) = version.counts();
        self.prices.for_start(&version.pool, self.blueprint, (started, &shown))
    }

    /// The prices a session started with.
    pub async fn prices(&self, db: &Db, state: &State, pool: &ItemPool) -> Result<Arc<Prices>, melek_db::Error> {
        self.prices.of_session(db, &state.prices, pool.parameters.len()).await
    }
}

impl VersionInUse {
    pub fn test<'a>(&'a self, blueprint: &'a Blueprint) -> Test<'a> {
        Test { pool: &self.pool, blueprint, unavailable: &self.unavailable }
    }

    /// Counts by position at this moment, to choose by.
    pub fn counts(&self) -> (u64, Vec<u64>) {
        let items = self.pool.parameters.len();
        match &self.counters {
            Some(counters) => {
                let mut shown = counters.shown();
                shown.truncate(items);
                (counters.started(), shown)
            }
            None => (0, vec![0; items]),
        }
    }

    /// Showings of the items on trial at this moment; none for an older version, whose items are tried no more.
    pub fn pilots_shown(&self) -> Vec<u64> {
        match &self.counters {
            Some(counters) if !self.pool.pilots.is_empty() => counters.shown().split_off(self.pool.parameters.len()),
            _ => Vec::new(),
        }
    }
}

/// What a choice looks at of exposure: the counts as they stand, the prices of the session, its seed.
pub fn exposure<'a>(
    control: ExposureControl,
    counts: &'a (u64, Vec<u64>),
    prices: &'a Prices,
    seed: u64,
) -> Exposure<'a> {
    Exposure {
        control,
        counts: Showings { started: counts.0, shown: &counts.1 },
        priced: Showings { started: prices.started, shown: &prices.shown },
        refused: &[],
        seed,
        price_factor: 1.0,
    }
}

/// Counts a start and a showing from the choice of the item to its commit, also when the request is given up on the way.
struct Reservation {
    counters: Arc<Counters>,
    started: bool,
    shown: Option<usize>,
}

impl Reservation {
    fn new(counters: Arc<Counters>, started: bool, shown: Option<usize>) -> Reservation {
        if started {
            counters.reserve_start();
        }
        if let Some(position) = shown {
            counters.reserve(position);
        }
        Reservation { counters, started, shown }
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        if self.started {
            self.counters.release_start();
        }
        if let Some(position) = self.shown {
            self.counters.release(position);
        }
    }
}

async fn register(tx: &mut Tx, pool: &ItemPool, now_ms: i64) -> Result<(), melek_db::Error> {
    let insert = "INSERT INTO assess_bank (version, started, registered_ms) VALUES ($1, 0, $2) ON CONFLICT DO NOTHING";
    if q(insert).bind(pool.version.as_str()).bind(now_ms).exec(&mut *tx).await? == 0 {
        return Ok(());
    }
    // Answers to an item on trial go on counting in the next bank version.
    let so_far = "SELECT item_id, MAX(shown) FROM assess_bank_item WHERE is_pilot = TRUE GROUP BY item_id";
    let so_far: Vec<(String, i64)> = q(so_far).all(&mut *tx).await?;
    let so_far: HashMap<String, i64> = so_far.into_iter().collect();
    let shown = |item: &Parameters| so_far.get(item.id.as_str()).copied().filter(|_| item.is_pilot).unwrap_or(0);
    let all: Vec<&Parameters> = pool.all().collect();
    for part in all.chunks(32) {
        let sql = format!(
            "INSERT INTO assess_bank_item (bank_version, item_id, competence, level, family, discrimination, \
             difficulty_logit, lower_asymptote, log_discrimination_error, difficulty_error_logit, error_correlation, is_pilot, shown) \
             VALUES {}",
            rows(part.len(), 13)
        );
        let values = part.iter().flat_map(|item| {
            [
                Value::from(pool.version.as_str()),
                Value::from(item.id.as_str()),
                Value::from(item.competence.to_string()),
                Value::from(item.level.id()),
                Value::from(item.family.clone()),
                Value::from(item.discrimination),
                Value::from(item.difficulty_logit),
                Value::from(item.lower_asymptote),
                Value::from(item.errors.log_discrimination()),
                Value::from(item.errors.difficulty()),
                Value::from(item.errors.correlation()),
                Value::from(item.is_pilot),
                Value::from(shown(item)),
            ]
        });
        bind_all(q(sql), values).exec(&mut *tx).await?;
    }
    Ok(())
}

async fn load_counters(db: &Db, pool: &ItemPool) -> Result<Counters, melek_db::Error> {
    let started =
        q("SELECT started FROM assess_bank WHERE version = $1").bind(pool.version.as_str()).scalar(db).await?;
    let sql = "SELECT item_id, shown FROM assess_bank_item WHERE bank_version = $1";
    let stored: Vec<(String, i64)> = q(sql).bind(pool.version.as_str()).all(db).await?;
    let mut shown = vec![0; pool.all().count()];
    for (item, count) in stored {
        if let Some(place) = pool.place(&ItemId::new(item)) {
            shown[place] = count;
        }
    }
    Ok(Counters::new(started, shown))
}

#[derive(sqlx::FromRow)]
struct ParametersRow {
    item_id: String,
    competence: String,
    level: String,
    family: Option<String>,
    discrimination: f64,
    difficulty_logit: f64,
    lower_asymptote: f64,
    log_discrimination_error: f64,
    difficulty_error_logit: f64,
    error_correlation: f64,
    is_pilot: bool,
}

async fn load_pool(db: &Db, version: &str) -> Result<ItemPool, OpenDeskError> {
    let sql = "SELECT item_id, competence, level, family, discrimination, difficulty_logit, lower_asymptote, \
               log_discrimination_error, difficulty_error_logit, error_correlation, is_pilot \
               FROM assess_bank_item WHERE bank_version = $1";
    let stored: Vec<ParametersRow> = q(sql).bind(version).all(db).await?;
    let parameters = stored.into_iter().filter_map(|row| {
        Some(Parameters {
            id: ItemId::new(row.item_id),
            competence: row.competence.parse().ok()?,
            level: row.level.parse().ok()?,
            family: row.family,
            discrimination: row.discrimination,
            difficulty_logit: row.difficulty_logit,
            lower_asymptote: row.lower_asymptote,
            errors: ItemErrors::new(row.log_discrimination_error, row.difficulty_error_logit, row.error_correlation)
                .ok()?,
            is_pilot: row.is_pilot,
        })
    });
    let mut parameters: Vec<Parameters> = parameters.collect();
    // Not by the database, whose order of texts depends on its locale: positions must be those of the day the bank was loaded.
    parameters.sort_by(|one, other| one.id.cmp(&other.id));
    Ok(ItemPool::new(version.to_owned(), parameters)?)
}
