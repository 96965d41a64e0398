//! A transaction that may write. It is kept by `commit` and undone when it is dropped.
//!
//! After any error inside, the transaction is spoiled: further statements and `commit` answer
//! `Poisoned` and nothing is kept. Without this PostgreSQL would say "committed" and keep nothing, and
//! SQLite would keep half. Expected failures are written as `ON CONFLICT` or run inside `attempt`.

use crate::database::{PostgresTransaction, SqliteTransaction};
use crate::error::Error;
use crate::query::{Query, Record, Wanted, fetch_postgres, fetch_sqlite};

/// An open transaction.
#[derive(Debug)]
pub struct Tx {
    inner: Inner,
    state: State,
    /// Attempts now open inside each other; it names their savepoints.
    depth: usize,
}

#[derive(Debug)]
enum Inner {
    Sqlite(SqliteTransaction),
    Postgres(PostgresTransaction),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    Sound,
    Poisoned,
    /// Poisoned by a change of somebody else: doing the work again may succeed.
    Conflict,
}

impl Tx {
    pub(crate) fn sqlite(inner: SqliteTransaction) -> Tx {
        Tx::new(Inner::Sqlite(inner))
    }

    pub(crate) fn postgres(inner: PostgresTransaction) -> Tx {
        Tx::new(Inner::Postgres(inner))
    }

    fn new(inner: Inner) -> Tx {
        Tx { inner, state: State::Sound, depth: 0 }
    }

    /// Makes everything done in this transaction durable, or, if anything in it failed, undoes it
    /// and answers `Poisoned`.
    pub async fn commit(self) -> Result<(), Error> {
        if self.state != State::Sound {
            self.rollback().await?;
            return Err(Error::Poisoned);
        }
        match self.inner {
            Inner::Sqlite(inner) => inner.commit().await,
            Inner::Postgres(inner) => inner.commit().await,
        }
        .map_err(|error| Error::from_sqlx(error, "COMMIT"))
    }

    /// Undoes everything done in this transaction. Dropping it does the same, a moment later.
    pub async fn rollback(self) -> Result<(), Error> {
        match self.inner {
            Inner::Sqlite(inner) => inner.rollback().await,
            Inner::Postgres(inner) => inner.rollback().await,
        }
        .map_err(|error| Error::from_sqlx(error, "ROLLBACK"))
    }

    /// Runs work that is allowed to fail: when it does, only what it did is undone, and the
    /// transaction stays usable.
    pub async fn attempt<T, E>(&mut self, work: impl AsyncFnOnce(&mut Tx) -> Result<T, E>) -> Result<T, E>
    where
        E: From<Error>,
    {
        let savepoint = format!("attempt_{}", self.depth + 1);
        self.exec(Query::plain(format!("SAVEPOINT {savepoint}"))).await?;
        self.depth += 1;
        let outcome = work(self).await;
        self.depth -= 1;
        if outcome.is_ok() && self.state == State::Sound {
            self.exec(Query::plain(format!("RELEASE SAVEPOINT {savepoint}"))).await?;
            return outcome;
        }
        self.state = State::Sound;
        self.exec(Query::plain(format!("ROLLBACK TO SAVEPOINT {savepoint}"))).await?;
        self.exec(Query::plain(format!("RELEASE SAVEPOINT {savepoint}"))).await?;
        match outcome {
            Ok(_) => Err(E::from(Error::Poisoned)),
            failed => failed,
        }
    }

    pub(crate) fn met_conflict(&self) -> bool {
        self.state == State::Conflict
    }

    pub(crate) async fn exec(&mut self, query: Query) -> Result<u64, Error> {
        let sql = self.enter(&query)?;
        let outcome = match &mut self.inner {
            Inner::Sqlite(tx) => match query.sqlite() {
                Ok(query) => query.execute(&mut **tx).await.map(|done| done.rows_affected()),
                Err(error) => Err(error),
            },
            Inner::Postgres(tx) => match query.postgres() {
                Ok(query) => query.execute(&mut **tx).await.map(|done| done.rows_affected()),
                Err(error) => Err(error),
            },
        };
        self.leave(outcome, &sql)
    }

    pub(crate) async fn fetch<T: Record>(&mut self, query: Query, wanted: Wanted) -> Result<Vec<T>, Error> {
        let sql = self.enter(&query)?;
        let outcome = match &mut self.inner {
            Inner::Sqlite(tx) => fetch_sqlite(query, wanted, &mut **tx).await,
            Inner::Postgres(tx) => fetch_postgres(query, wanted, &mut **tx).await,
        };
        self.leave(outcome, &sql)
    }

    /// Runs SQL text as it is, without values; more than one statement is allowed.
    pub(crate) async fn run_text(&mut self, sql: &str) -> Result<(), Error> {
        if self.state != State::Sound {
            return Err(Error::Poisoned);
        }
        self.state = State::Poisoned;
        let text = sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned()));
        let outcome = match &mut self.inner {
            Inner::Sqlite(tx) => text.execute(&mut **tx).await.map(|_| ()),
            Inner::Postgres(tx) => text.execute(&mut **tx).await.map(|_| ()),
        };
        self.leave(outcome, sql)
    }

    /// Poisoned until the statement has succeeded, so that a statement dropped half-way
    /// (a caller that went away) spoils the transaction too.
    fn enter(&mut self, query: &Query) -> Result<std::borrow::Cow<'static, str>, Error> {
        if self.state != State::Sound {
            return Err(Error::Poisoned);
        }
        self.state = State::Poisoned;
        query.check()?;
        Ok(query.sql.clone())
    }

    fn leave<T>(&mut self, outcome: Result<T, sqlx::Error>, sql: &str) -> Result<T, Error> {
        let outcome = outcome.map_err(|error| Error::from_sqlx(error, sql));
        self.state = match &outcome {
            Ok(_) => State::Sound,
            Err(Error::Conflict) => State::Conflict,
            Err(_) => State::Poisoned,
        };
        outcome
    }
}
