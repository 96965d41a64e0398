//! An open database: a pool for reading and, on SQLite, one connection for writing.
//!
//! SQLite has one writer at a time by nature; waiting in a queue for the one connection is fairer and
//! faster than many connections that find the file locked. Its readers are `query_only`. On PostgreSQL
//! every connection reads by default (`default_transaction_read_only`) and `begin` opens a transaction
//! that writes, so that both engines refuse the same mistakes.

use sqlx::{PgPool, Postgres, Sqlite, SqlitePool};

use crate::error::Error;
use crate::open::POSTGRES_CONNECTIONS;
use crate::transaction::{Tx, Work};

const BEGIN_SQLITE: &str = "BEGIN IMMEDIATE";
const BEGIN_POSTGRES: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";
const BEGIN_POSTGRES_SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ WRITE";

/// How often `transact` does the work again before it gives the conflict to the caller.
const ATTEMPTS: usize = 10;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// A handle on the open database; cloning it is cheap and shares the connections.
#[derive(Clone, Debug)]
pub struct Db {
    pub(crate) pools: Pools,
}

#[derive(Clone, Debug)]
pub(crate) enum Pools {
    Sqlite { write: SqlitePool, read: SqlitePool },
    Postgres(PgPool),
}

impl Db {
    pub fn engine(&self) -> Engine {
        match self.pools {
            Pools::Sqlite { .. } => Engine::Sqlite,
            Pools::Postgres(_) => Engine::Postgres,
        }
    }

    /// Begins a transaction that may write. On SQLite it is the only one until it ends
    /// (`BEGIN IMMEDIATE`); on PostgreSQL it sees what others commit meanwhile (READ COMMITTED), so
    /// change values relatively (`n = n + 1`) or use [`Db::transact`].
    pub async fn begin(&self) -> Result<Tx, Error> {
        self.begin_with(BEGIN_POSTGRES).await
    }

    async fn begin_with(&self, on_postgres: &'static str) -> Result<Tx, Error> {
        let mut trials = Trials::new();
        loop {
            let begun = match &self.pools {
                Pools::Sqlite { write, .. } => write.begin_with(BEGIN_SQLITE).await.map(Tx::sqlite),
                Pools::Postgres(pool) => pool.begin_with(on_postgres).await.map(Tx::postgres),
            }
            .map_err(|error| Error::from_sqlx(error, BEGIN_SQLITE));
            if trials.are_over(&begun) {
                return begun;
            }
        }
    }

    /// Does work that reads and then writes as if nobody else were there: one writer on SQLite, a
    /// snapshot on PostgreSQL (REPEATABLE READ). When another change came between, the work is done
    /// again from the start, so it must have no effect outside the transaction.
    pub async fn transact<I, T, E, W>(&self, input: &I, work: W) -> Result<T, E>
    where
        I: Sync + ?Sized,
        E: From<Error>,
        W: for<'a> Work<'a, I, T, E>,
    {
        let mut attempt = 1;
        loop {
            let mut tx = self.begin_with(BEGIN_POSTGRES_SNAPSHOT).await?;
            let outcome = work.run(&mut tx, input).await;
            let mut met_conflict = tx.met_conflict();
            let ended = match outcome {
                Ok(value) => match tx.commit().await {
                    Ok(()) => return Ok(value),
                    Err(error) => {
                        met_conflict |= matches!(error, Error::Conflict);
                        E::from(error)
                    }
                },
                Err(error) => error,
            };
            if !met_conflict || attempt == ATTEMPTS {
                return Err(ended);
            }
            attempt += 1;
        }
    }

    /// Closes all connections; running transactions end first.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { write, read } => {
                read.close().await;
                write.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }
}

/// After a restart of the server the pool is full of connections that are dead; each is found out when
/// it is used and is then replaced. So what may be sent twice (reading, beginning) is sent again.
pub(crate) struct Trials(u32);

impl Trials {
    pub(crate) fn new() -> Trials {
        Trials(POSTGRES_CONNECTIONS)
    }

    pub(crate) fn are_over<T>(&mut self, outcome: &Result<T, Error>) -> bool {
        let lost = matches!(outcome, Err(Error::Connection { .. }));
        let over = !lost || self.0 == 0;
        self.0 = self.0.saturating_sub(1);
        over
    }
}

pub(crate) type SqliteTransaction = sqlx::Transaction<'static, Sqlite>;
pub(crate) type PostgresTransaction = sqlx::Transaction<'static, Postgres>;
