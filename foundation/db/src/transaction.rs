//! A transaction that may write. It is kept by `commit` and undone when it is dropped.
//!
//! After any error inside, the transaction is spoiled: further statements and `commit` answer
//! `Poisoned` and nothing is kept. Without this PostgreSQL would say "committed" and keep nothing, and
//! SQLite would keep half. Expected failures are written as `ON CONFLICT` or run inside `attempt`.

use futures_util::future::BoxFuture;

use crate::database::{PostgresTransaction, SqliteTransaction};
use crate::error::Error;
use crate::query::{Query, Record, Wanted, fetch_postgres, fetch_sqlite};

/// What is done inside a transaction, with what it needs: implemented for every
/// `async fn(&mut Tx, &I) -> Result<T, E>` whose input owns its data. (A function with an input and not a closure with captures,
/// because the compiler cannot yet see that the future of such a closure may move between threads.)
pub trait Work<'a, I: ?Sized, T, E>: Send + Sync {
    fn run(&self, tx: &'a mut Tx, input: &'a I) -> BoxFuture<'a, Result<T, E>>;
}

impl<'a, I, T, E, F, Done> Work<'a, I, T, E> for F
where
    I: ?Sized + 'a,
    F: Fn(&'a mut Tx, &'a I) -> Done + Send + Sync,
    Done: Future<Output = Result<T, E>> + Send + 'a,
{
    fn run(&self, tx: &'a mut Tx, input: &'a I) -> BoxFuture<'a, Result<T, E>> {
        Box::pin(self(tx, input))
    }
}

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
    pub async fn attempt<I, T, E, W>(&mut self, input: &I, work: W) -> Result<T, E>
    where
        I: Sync + ?Sized,
        E: From<Error>,
        W: for<'a> Work<'a, I, T, E>,
    {
        let savepoint = format!("attempt_{}", self.depth + 1);
        self.exec(Query::plain(format!("SAVEPOINT {savepoint}"))).await?;
        self.depth += 1;
        let outcome = work.run(self, input).await;
        self.depth -= 1;
        let undone = outcome.is_err() || self.state != State::Sound;
        if undone {
            self.state = State::Sound;
            self.exec(Query::plain(format!("ROLLBACK TO SAVEPOINT {savepoint}"))).await?;
        }
        self.exec(Query::plain(format!("RELEASE SAVEPOINT {savepoint}"))).await?;
        match outcome {
            Ok(_) if undone => Err(E::from(Error::Poisoned)),
            outcome => outcome,
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
