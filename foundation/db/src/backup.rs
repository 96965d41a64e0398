//! A copy of the whole database in one file, made while people go on working.
//!
//! SQLite: `VACUUM INTO` reads one moment of the database while writers go on, then the copy is read
//! through (`integrity_check`, foreign keys). PostgreSQL: `pg_dump` in its custom format, then its table
//! of contents is read. The copy holds personal data: only its owner may read it.
//! Where copies are kept and for how long is the caller's affair.

use std::path::{Path, PathBuf};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

use crate::address::{Address, Secret};
use crate::postgres_tools::{self, ToolError};
use crate::sqlite_file::{FileError, Partial, verify};

#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("the file {} is already there; a backup never overwrites: choose another name", path.display())]
    Exists { path: PathBuf },
    #[error("there is no database file {}; check the path", path.display())]
    NoDatabase { path: PathBuf },
    #[error("the database file {} cannot be copied: {source}", path.display())]
    Copy { path: PathBuf, source: sqlx::Error },
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Tool(#[from] ToolError),
}

/// Writes a verified copy of the database at `address` to the new file `to`; answers its size in bytes.
pub async fn backup(address: &Address, to: &Path) -> Result<u64, BackupError> {
    if to.exists() {
        return Err(BackupError::Exists { path: to.to_owned() });
    }
    let partial = match address {
        Address::Sqlite(database) => copy_sqlite(database, to).await?,
        Address::Postgres(url) => dump_postgres(url, to).await?,
    };
    let size = std::fs::metadata(partial.path()).map_err(FileError::disk(to))?.len();
    partial.finish(to)?;
    Ok(size)
}

async fn copy_sqlite(database: &Path, to: &Path) -> Result<Partial, BackupError> {
    if !database.is_file() {
        let path = database.to_owned();
        return Err(BackupError::NoDatabase { path });
    }
    let partial = Partial::beside(to)?;
    vacuum_into(database, partial.path())
        .await
        .map_err(|source| BackupError::Copy { path: database.to_owned(), source })?;
    verify(partial.path()).await?;
    Ok(partial)
}

async fn vacuum_into(database: &Path, copy: &Path) -> Result<(), sqlx::Error> {
    let mut connection = SqliteConnectOptions::new().filename(database).connect().await?;
    let done = sqlx::query("VACUUM INTO $1").bind(copy.to_string_lossy().into_owned()).execute(&mut connection).await;
    connection.close().await?;
    done.map(|_| ())
}

async fn dump_postgres(url: &Secret, to: &Path) -> Result<Partial, BackupError> {
    let partial = Partial::beside(to)?;
    let dump = vec![
        "--format=custom".into(),
        "--no-owner".into(),
        "--no-privileges".into(),
        "--no-password".into(),
        "--file".into(),
        partial.path().as_os_str().to_owned(),
    ];
    postgres_tools::run("pg_dump", url, dump).await?;
    let list = vec!["--list".into(), partial.path().as_os_str().to_owned()];
    postgres_tools::run("pg_restore", url, list).await?;
    Ok(partial)
}
