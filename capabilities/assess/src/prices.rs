//! What items cost: how often each had been shown when a session started. A session keeps its prices to the end and stores which
//! they were, so that its path can be played again on any machine (`replay.rs`). New prices are made when two in a hundred more
//! people have started; each is written once, with the first session that uses it.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock, Mutex};

use melek_db::{Db, Tx, q};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::blueprint::Blueprint;
use crate::digest::short_name;
use crate::pool::ItemPool;

/// Starts after which prices are made anew, at least; beyond 1,000 starts two in a hundred.
const STARTS: u64 = 20;

/// Showings of each item to simulated and real people, by position in the pool of a bank version, and the blueprint they were made under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prices {
    pub id: String,
    /// Name of the blueprint's content; empty when it is not known.
    pub blueprint: String,
    pub started: u64,
    pub shown: Vec<u64>,
    /// Of `started`, real people.
    real: u64,
}

/// Showings to simulated people, shipped with the bank: prices have something to rest on from the first person.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Warm {
    people: u64,
    shown: BTreeMap<String, u64>,
}

static WARM: LazyLock<Warm> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../content/prices/starter.json"))
        .expect("the shipped prices load, see the test")
});

impl Prices {
    /// Prices at a moment: the showings to simulated people and to `started` real ones.
    pub fn new(pool: &ItemPool, blueprint: &Blueprint, (started, shown): (u64, &[u64])) -> Prices {
        let warm = |position: usize| WARM.shown.get(pool.parameters[position].id.as_str()).copied().unwrap_or(0);
        let shown: Vec<u64> = shown.iter().enumerate().map(|(position, &real)| real + warm(position)).collect();
        Prices {
            id: identifier((&pool.version, &blueprint.name), started, &shown),
            blueprint: blueprint.name.clone(),
            started: started + WARM.people,
            shown,
            real: started,
        }
    }

    fn is_stale(&self, started: u64) -> bool {
        started.saturating_sub(self.real) >= STARTS.max(self.real / 50)
    }
}

fn identifier((version, blueprint): (&str, &str), started: u64, shown: &[u64]) -> String {
    let mut hash = Sha256::new();
    hash.update(version);
    hash.update(blueprint);
    hash.update(started.to_le_bytes());
    for count in shown {
        hash.update(count.to_le_bytes());
    }
    short_name(hash, 8)
}

/// The prices sessions that start now get, and those that sessions under way have.
#[derive(Debug, Default)]
pub struct PriceList {
    known: Mutex<HashMap<String, Arc<Prices>>>,
    current: Mutex<Option<Arc<Prices>>>,
}

impl PriceList {
    /// Prices for a session that starts now.
    pub fn for_start(&self, pool: &ItemPool, blueprint: &Blueprint, (started, shown): (u64, &[u64])) -> Arc<Prices> {
        let mut current = self.current.lock().expect("no holder panics");
        if let Some(prices) = current.as_ref().filter(|prices| !prices.is_stale(started)) {
            return Arc::clone(prices);
        }
        let prices = Arc::new(Prices::new(pool, blueprint, (started, shown)));
        *current = Some(Arc::clone(&prices));
        self.known.lock().expect("no holder panics").insert(prices.id.clone(), Arc::clone(&prices));
        prices
    }

    /// The prices a session started with; those of a session without any are that nothing was ever shown.
    pub async fn of_session(&self, db: &Db, id: &str, items: usize) -> Result<Arc<Prices>, melek_db::Error> {
        if let Some(prices) = self.known.lock().expect("no holder panics").get(id) {
            return Ok(Arc::clone(prices));
        }
        let stored: Option<(String, i64, String)> =
            q("SELECT blueprint, started, shown FROM assess_prices WHERE id = $1").bind(id).opt(db).await?;
        let (blueprint, started, shown) = stored.unwrap_or_default();
        let mut shown: Vec<u64> = shown.split(' ').filter_map(|count| count.parse().ok()).collect();
        shown.resize(items, 0);
        let prices = Arc::new(Prices { id: id.to_owned(), blueprint, started: started.max(0) as u64, shown, real: 0 });
        self.known.lock().expect("no holder panics").insert(id.to_owned(), Arc::clone(&prices));
        Ok(prices)
    }
}

/// Writes prices that sessions start with, unless they are there.
pub async fn write(tx: &mut Tx, prices: &Prices, bank_version: &str) -> Result<(), melek_db::Error> {
    let shown: Vec<String> = prices.shown.iter().map(u64::to_string).collect();
    let sql = "INSERT INTO assess_prices (id, bank_version, blueprint, started, shown) VALUES ($1, $2, $3, $4, $5) \
               ON CONFLICT DO NOTHING";
    q(sql)
        .bind(prices.id.as_str())
        .bind(bank_version)
        .bind(prices.blueprint.as_str())
        .bind(prices.started as i64)
        .bind(shown.join(" "))
        .exec(&mut *tx)
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bank::Bank;
    use crate::blueprint::blueprint;

    fn pool() -> ItemPool {
        ItemPool::of_bank(&Bank::load(None).expect("bank")).expect("pool")
    }

    #[test]
    fn prices_rest_on_simulated_people_before_the_first_real_one() {
        let pool = pool();
        let prices = Prices::new(&pool, blueprint(), (0, &vec![0; pool.parameters.len()]));
        assert_eq!(prices.started, WARM.people);
        let known =
            WARM.shown.keys().filter(|item| pool.position(&crate::item::ItemId::new((*item).clone())).is_some());
        assert_eq!(
            known.count(),
            WARM.shown.len(),
            "content/prices/starter.json names items that are gone: run melek bank simulate --people 4000 --prices content/prices/starter.json"
        );
    }

    #[test]
    fn prices_stay_until_enough_people_have_started_and_their_name_tells_them_apart() {
        let (pool, list) = (pool(), PriceList::default());
        let mut shown = vec![0; pool.parameters.len()];
        let first = list.for_start(&pool, blueprint(), (0, &shown));
        shown[3] = 9;
        assert_eq!(list.for_start(&pool, blueprint(), (STARTS - 1, &shown)).id, first.id);
        let later = list.for_start(&pool, blueprint(), (STARTS, &shown));
        assert_ne!(later.id, first.id);
        assert_eq!(later.shown[3], first.shown[3] + 9);
        assert_eq!(Prices::new(&pool, blueprint(), (STARTS, &shown)).id, later.id);
    }
}
