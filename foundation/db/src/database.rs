//! An open database: a pool for reading and, on SQLite, one connection for writing.
//!
//! SQLite has one writer at a time by nature; waiting in a queue for the one connection is fairer and
//! faster than many connections that find the file locked. Its readers are `query_only`. On PostgreSQL
//! every connection reads by default (`default_transaction_read_only`) and `begin` opens a transaction
//! that writes, so that both engines refuse the same mistakes.

use sqlx::{PgPool, Postgres, Sqlite, SqlitePool};

use crate::error::Error;
use crate::transaction::Tx;

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
        match &self.pools {
            Pools::Sqlite { write, .. } => write.begin_with(BEGIN_SQLITE).await.map(Tx::sqlite),
            Pools::Postgres(pool) => pool.begin_with(on_postgres).await.map(Tx::postgres),
        }
        .map_err(|error| Error::from_sqlx(error, BEGIN_SQLITE))
    }

    /// Does work that reads and then writes as if nobody else were there: one writer on SQLite, a
    /// snapshot on PostgreSQL (REPEATABLE READ). When another change came between, the work is done
    /// again from the start, so it must have no effect outside the transaction.
    pub async fn transact<T, E>(&self, mut work: impl AsyncFnMut(&mut Tx) -> Result<T, E>) -> Result<T, E>
    where
        E: From<Error>,
    {
        let mut attempt = 1;
        loop {
            let mut tx = self.begin_with(BEGIN_POSTGRES_SNAPSHOT).await?;
            let outcome = work(&mut tx).await;
            let met_conflict = tx.met_conflict();
            let ended = match outcome {
                Ok(value) => match tx.commit().await {
                    Ok(()) => return Ok(value),
                    Err(Error::Conflict) if attempt < ATTEMPTS => None,
                    Err(error) => Some(E::from(error)),
                },
                Err(_) if met_conflict && attempt < ATTEMPTS => None,
                Err(error) => Some(error),
            };
            if let Some(error) = ended {
                return Err(error);
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

pub(crate) type SqliteTransaction = sqlx::Transaction<'static, Sqlite>;
pub(crate) type PostgresTransaction = sqlx::Transaction<'static, Postgres>;
