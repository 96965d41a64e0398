//! Opens the database with the settings that durability and speed rest on.
//!
//! SQLite: write-ahead log, `synchronous = FULL` (an acknowledged commit survives a power cut), foreign
//! keys enforced, `LIKE` as in PostgreSQL (case matters), one writing connection, readers `query_only`.
//! A new file can be read by its owner only. PostgreSQL: a pool with a statement cache.
//! Nothing here creates tables; that is `migrate`.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, Executor, PgConnection, PgPool};

use crate::address::{Address, Secret};
use crate::database::{Db, Pools};

/// Statements kept prepared on each connection.
const STATEMENT_CACHE: usize = 256;
/// How long a writer of another process is waited for.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a connection of the pool is waited for.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(15);
/// A PostgreSQL connection idle for longer is tested before it is used.
const TEST_AFTER_IDLE: Duration = Duration::from_secs(5);
pub(crate) const POSTGRES_CONNECTIONS: u32 = 16;

#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("The database file {} cannot be opened: {source}; check that its folder exists and that this program may write there.", path.display())]
    File { path: PathBuf, source: sqlx::Error },
    #[error("The database file {} cannot be created: {source}; check that its folder exists and that this program may write there.", path.display())]
    Create { path: PathBuf, source: std::io::Error },
    #[error(
        "The address of the PostgreSQL server cannot be understood; it looks like postgres://user:password@host:5432/database, with special characters of the password written as %XX."
    )]
    Address,
    #[error(
        "The PostgreSQL server {host} (database {database}) cannot be reached: {source}; check that it is running, that the address is right and that the user may sign in."
    )]
    Server { host: String, database: String, source: sqlx::Error },
}

impl Db {
    /// Opens the database, creating the SQLite file when it is not there yet.
    pub async fn open(address: &Address) -> Result<Db, OpenError> {
        let pools = match address {
            Address::Sqlite(path) => open_sqlite(path, SqliteSynchronous::Full).await?,
            Address::Postgres(url) => Pools::Postgres(open_postgres(url).await?),
        };
        Ok(Db { pools })
    }
}

pub(crate) async fn open_sqlite(path: &Path, synchronous: SqliteSynchronous) -> Result<Pools, OpenError> {
    create_for_owner_only(path).map_err(|source| OpenError::Create { path: path.to_owned(), source })?;
    let failed = |source| OpenError::File { path: path.to_owned(), source };
    let options = sqlite_options(path).synchronous(synchronous);
    let write = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_with(options.clone())
        .await
        .map_err(failed)?;
    let readers = std::thread::available_parallelism().map_or(4, |n| n.get().clamp(4, 16));
    let read = SqlitePoolOptions::new()
        .max_connections(readers as u32)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .test_before_acquire(false)
        .max_lifetime(None)
        .connect_with(options.pragma("query_only", "ON"))
        .await
        .map_err(failed)?;
    Ok(Pools::Sqlite { write, read })
}

fn sqlite_options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT)
        .pragma("case_sensitive_like", "ON")
        .statement_cache_capacity(STATEMENT_CACHE)
}

/// The file holds personal data: nobody but its owner may read it. SQLite gives its
/// companion files (`-wal`, `-shm`) the same permissions.
fn create_for_owner_only(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

async fn open_postgres(url: &Secret) -> Result<PgPool, OpenError> {
    let options = postgres_options(url)?;
    // The pool would try again and again; a person who starts the program wants to know at once.
    answers(&options).await.map_err(|source| OpenError::Server {
        host: options.get_host().to_owned(),
        database: options.get_database().unwrap_or("not named").to_owned(),
        source,
    })?;
    let pool = PgPoolOptions::new()
        .max_connections(POSTGRES_CONNECTIONS)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .test_before_acquire(false)
        .before_acquire(|connection, meta| {
            Box::pin(async move {
                if meta.idle_for > TEST_AFTER_IDLE {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .after_connect(|connection, _| {
            Box::pin(async move {
                connection.execute("SET default_transaction_read_only = on").await?;
                Ok(())
            })
        })
        .connect_lazy_with(options);
    Ok(pool)
}

async fn answers(options: &PgConnectOptions) -> Result<(), sqlx::Error> {
    PgConnection::connect_with(options).await?.close().await
}

/// The source of a parse error is dropped: it may quote the address, which holds the password.
pub(crate) fn postgres_options(url: &Secret) -> Result<PgConnectOptions, OpenError> {
    let options = PgConnectOptions::from_str(url.expose()).map_err(|_| OpenError::Address)?;
    Ok(options.application_name("melek").statement_cache_capacity(STATEMENT_CACHE))
}
