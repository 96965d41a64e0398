//! `q(sql).bind(value).one(on)`: one statement with its values, run on either engine.
//!
//! `on` is `&Db` for reading or `&mut Tx`; `exec` writes and takes a transaction only. Before a statement
//! is sent, the number of values must equal its highest `$n` (SQLite would read a missing one as NULL)
//! and no value may be one that the engines keep differently (NaN, a NUL in text).
//! SQL is always text of the program; whatever comes from people is bound.

use std::borrow::Cow;
use std::fmt::Write;
use std::future::Future;

use sqlx::postgres::{PgArguments, PgRow};
use sqlx::query::{Query as SqlxQuery, QueryAs};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{AssertSqlSafe, FromRow, PgExecutor, Postgres, Sqlite, SqliteExecutor};

use crate::database::{Db, Pools, Trials};
use crate::error::{Error, shown};
use crate::scan;
use crate::transaction::Tx;
use crate::value::{Value, arguments};

/// Most values of one statement: SQLite's limit (sqlite.org/limits.html), below PostgreSQL's 65,535.
const MOST_VALUES: usize = 32_766;

/// Statements with more values lose the names of their parameters on SQLite.
const MOST_NAMED: usize = 32;

/// What a row is read into: a tuple, or a struct with `#[derive(sqlx::FromRow)]`.
pub trait Record: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

impl<T> Record for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

/// A statement with the values bound so far.
#[derive(Clone, Debug)]
#[must_use = "a statement does nothing until it is run"]
pub struct Query {
    pub(crate) sql: Cow<'static, str>,
    values: Vec<Value>,
    kept_prepared: bool,
}

/// Begins a statement. Give a constant, or a text built with [`rows`].
pub fn q(sql: impl Into<Cow<'static, str>>) -> Query {
    Query { sql: sql.into(), values: Vec::new(), kept_prepared: true }
}

/// `($1,$2),($3,$4)`: the places of `count` rows of `columns` values, for a multi-row `VALUES`.
///
/// Round `count` to a few sizes (see [`crate::fixed_sizes`]), because each text is prepared once
/// and kept.
pub fn rows(count: usize, columns: usize) -> String {
    assert!(count > 0 && columns > 0, "a VALUES list has at least one row and one column");
    let mut places = String::with_capacity(count * columns * 6);
    for row in 0..count {
        places.push_str(if row == 0 { "(" } else { ",(" });
        for column in 1..=columns {
            let comma = if column == 1 { "" } else { "," };
            write!(places, "{comma}${}", row * columns + column).expect("a String takes any text");
        }
        places.push(')');
    }
    places
}

/// `bind_all(q(sql), values)` is `q(sql).bind_all(values)`, for statements whose text is built on the spot.
pub fn bind_all<V: Into<Value>>(query: Query, values: impl IntoIterator<Item = V>) -> Query {
    query.bind_all(values)
}

impl Query {
    /// A statement without values that is not worth keeping prepared.
    pub(crate) fn plain(sql: impl Into<Cow<'static, str>>) -> Query {
        Query { kept_prepared: false, ..q(sql) }
    }

    /// Binds the next `$n`.
    pub fn bind(mut self, value: impl Into<Value>) -> Query {
        self.values.push(value.into());
        self
    }

    /// Binds the next values in order: for the places of [`rows`], row by row.
    pub fn bind_all<V: Into<Value>>(mut self, values: impl IntoIterator<Item = V>) -> Query {
        self.values.extend(values.into_iter().map(Into::into));
        self
    }

    /// Runs a statement that writes; answers how many rows it changed.
    pub async fn exec(self, tx: &mut Tx) -> Result<u64, Error> {
        tx.exec(self).await
    }

    /// The row that must be there; `NoRow` if it is not.
    pub async fn one<T: Record>(self, on: impl On) -> Result<T, Error> {
        let sql = self.sql.clone();
        let row = on.fetch(self, Wanted::One).await?.pop();
        row.ok_or_else(|| Error::NoRow { statement: shown(&sql) })
    }

    /// The first row, if there is one.
    pub async fn opt<T: Record>(self, on: impl On) -> Result<Option<T>, Error> {
        Ok(on.fetch(self, Wanted::AtMostOne).await?.pop())
    }

    /// All rows.
    pub async fn all<T: Record>(self, on: impl On) -> Result<Vec<T>, Error> {
        on.fetch(self, Wanted::All).await
    }

    /// The only column of the row that must be there.
    pub async fn scalar<T>(self, on: impl On) -> Result<T, Error>
    where
        (T,): Record,
    {
        Ok(self.one::<(T,)>(on).await?.0)
    }

    /// The only column of the first row, if there is one.
    pub async fn scalar_opt<T>(self, on: impl On) -> Result<Option<T>, Error>
    where
        (T,): Record,
    {
        Ok(self.opt::<(T,)>(on).await?.map(|row| row.0))
    }

    /// The only column of all rows.
    pub async fn scalars<T>(self, on: impl On) -> Result<Vec<T>, Error>
    where
        (T,): Record,
    {
        let rows = self.all::<(T,)>(on).await?;
        Ok(rows.into_iter().map(|row| row.0).collect())
    }

    /// Refuses what the two engines would take differently.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let given = self.values.len();
        let needed = scan::highest_parameter(&self.sql);
        if given != needed {
            let statement = shown(&self.sql);
            return Err(Error::Arity { needed, given, statement });
        }
        if given > MOST_VALUES {
            let statement = shown(&self.sql);
            return Err(Error::TooManyValues { given, limit: MOST_VALUES, statement });
        }
        for (index, value) in self.values.iter().enumerate() {
            if let Some(reason) = value.unfit() {
                let statement = shown(&self.sql);
                return Err(Error::UnfitValue { position: index + 1, reason, statement });
            }
        }
        Ok(())
    }

    /// SQLite looks a named parameter up by walking through all names before it, which takes longer
    /// than the writing itself when there are hundreds; parameters without names are not looked up.
    fn for_sqlite(mut self) -> Query {
        if self.values.len() > MOST_NAMED {
            let unnamed = scan::with_unnamed_parameters(&self.sql);
            self.sql = unnamed.map_or(self.sql, Cow::Owned);
        }
        self
    }

    pub(crate) fn sqlite(self) -> Result<SqlxQuery<'static, Sqlite, SqliteArguments>, sqlx::Error> {
        let query = self.for_sqlite();
        let values = arguments::<Sqlite>(query.values)?;
        Ok(sqlx::query_with(AssertSqlSafe(query.sql), values).persistent(query.kept_prepared))
    }

    pub(crate) fn postgres(self) -> Result<SqlxQuery<'static, Postgres, PgArguments>, sqlx::Error> {
        let values = arguments::<Postgres>(self.values)?;
        Ok(sqlx::query_with(AssertSqlSafe(self.sql), values).persistent(self.kept_prepared))
    }
}

/// How many rows a read asks for.
#[derive(Clone, Copy, Debug)]
pub enum Wanted {
    One,
    AtMostOne,
    All,
}

/// Where a statement runs: `&Db` (reads only) or `&mut Tx`.
pub trait On: Send {
    #[doc(hidden)]
    fn fetch<T: Record>(self, query: Query, wanted: Wanted) -> impl Future<Output = Result<Vec<T>, Error>> + Send;
}

impl On for &Db {
    async fn fetch<T: Record>(self, query: Query, wanted: Wanted) -> Result<Vec<T>, Error> {
        query.check()?;
        match &self.pools {
            Pools::Sqlite { read, .. } => {
                let sql = query.sql.clone();
                let rows = fetch_sqlite(query, wanted, read).await;
                rows.map_err(|error| Error::from_sqlx(error, &sql))
            }
            Pools::Postgres(pool) => {
                let mut trials = Trials::new();
                loop {
                    let rows = fetch_postgres(query.clone(), wanted, pool).await;
                    let rows = rows.map_err(|error| Error::from_sqlx(error, &query.sql));
                    if trials.are_over(&rows) {
                        return rows;
                    }
                }
            }
        }
    }
}

impl On for &mut Tx {
    async fn fetch<T: Record>(self, query: Query, wanted: Wanted) -> Result<Vec<T>, Error> {
        Tx::fetch(self, query, wanted).await
    }
}

pub(crate) async fn fetch_sqlite<'e, T: Record>(
    query: Query,
    wanted: Wanted,
    on: impl SqliteExecutor<'e>,
) -> Result<Vec<T>, sqlx::Error> {
    let query = query.for_sqlite();
    let persistent = query.kept_prepared;
    let values = arguments::<Sqlite>(query.values)?;
    let query: QueryAs<'_, Sqlite, T, _> = sqlx::query_as_with(AssertSqlSafe(query.sql), values);
    let query = query.persistent(persistent);
    match wanted {
        Wanted::One => query.fetch_one(on).await.map(|row| vec![row]),
        Wanted::AtMostOne => Ok(query.fetch_optional(on).await?.into_iter().collect()),
        Wanted::All => query.fetch_all(on).await,
    }
}

pub(crate) async fn fetch_postgres<'e, T: Record>(
    query: Query,
    wanted: Wanted,
    on: impl PgExecutor<'e>,
) -> Result<Vec<T>, sqlx::Error> {
    let persistent = query.kept_prepared;
    let values = arguments::<Postgres>(query.values)?;
    let query: QueryAs<'_, Postgres, T, _> = sqlx::query_as_with(AssertSqlSafe(query.sql), values);
    let query = query.persistent(persistent);
    match wanted {
        Wanted::One => query.fetch_one(on).await.map(|row| vec![row]),
        Wanted::AtMostOne => Ok(query.fetch_optional(on).await?.into_iter().collect()),
        Wanted::All => query.fetch_all(on).await,
    }
}
