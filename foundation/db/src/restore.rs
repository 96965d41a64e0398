//! Brings a backup back into an empty place: a SQLite file that is not there yet, or a PostgreSQL
//! database without tables. Nothing is ever overwritten; whoever restores over a database moves the
//! old one away first.
//!
//! The backup is verified before and after copying. Migrating it to the shape of this program is
//! the next step (`migrate`), as for any database.

use std::path::{Path, PathBuf};

use crate::address::{Address, Secret};
use crate::database::Db;
use crate::error::Error;
use crate::open::OpenError;
use crate::postgres_tools::{self, ToolError};
use crate::query::q;
use crate::sqlite_file::{FileError, Partial, is_sqlite, verify};

const COUNT_TABLES: &str = "SELECT COUNT(*) FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm') AND relnamespace = current_schema()::regnamespace";
const COUNT_MIGRATIONS: &str = "SELECT COUNT(*) FROM db_migration";

#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    #[error("there is already a file {}; stop the program and move it away (with its -wal and -shm) before restoring", path.display())]
    FileInPlace { path: PathBuf },
    #[error("the PostgreSQL database already holds {tables} tables; restore into a new, empty database")]
    TablesInPlace { tables: i64 },
    #[error("the backup {} is of the other kind of database: it is a {found} backup", path.display())]
    OtherEngine { path: PathBuf, found: &'static str },
    #[error("the backup {} was not made by this program (it has no record of migrations)", path.display())]
    Foreign { path: PathBuf },
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Tool(#[from] ToolError),
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Database(#[from] Error),
}

/// Brings the backup file `from` to the empty place `address`.
pub async fn restore(from: &Path, address: &Address) -> Result<(), RestoreError> {
    match address {
        Address::Sqlite(database) => restore_sqlite(from, database).await,
        Address::Postgres(url) => restore_postgres(from, url, address).await,
    }
}

async fn restore_sqlite(from: &Path, database: &Path) -> Result<(), RestoreError> {
    // A log left behind by another database would be played into the restored one.
    for ending in ["", "-wal", "-shm", "-journal"] {
        let mut path = database.as_os_str().to_owned();
        path.push(ending);
        let path = PathBuf::from(path);
        if path.exists() {
            return Err(RestoreError::FileInPlace { path });
        }
    }
    if is_postgres_dump(from)? {
        let path = from.to_owned();
        return Err(RestoreError::OtherEngine { path, found: "PostgreSQL" });
    }
    verify(from).await?;
    let partial = Partial::beside(database)?;
    copy(from, partial.path()).await?;
    verify(partial.path()).await?;
    partial.finish(database)?;
    Ok(())
}

/// Copies the content, not the permissions: the new file stays for its owner only.
async fn copy(from: &Path, to: &Path) -> Result<(), FileError> {
    let (source, target) = (from.to_owned(), to.to_owned());
    let copied = tokio::task::spawn_blocking(move || {
        let mut reader = std::fs::File::open(source)?;
        let mut writer = std::fs::OpenOptions::new().write(true).truncate(true).open(target)?;
        std::io::copy(&mut reader, &mut writer)
    });
    let copied = copied.await.unwrap_or_else(|error| Err(std::io::Error::other(error)));
    copied.map(|_| ()).map_err(FileError::disk(to))
}

async fn restore_postgres(from: &Path, url: &Secret, address: &Address) -> Result<(), RestoreError> {
    if is_sqlite(from)? {
        let path = from.to_owned();
        return Err(RestoreError::OtherEngine { path, found: "SQLite" });
    }
    let db = Db::open(address).await?;
    let restored = fill(&db, from, url).await;
    db.close().await;
    restored
}

async fn fill(db: &Db, from: &Path, url: &Secret) -> Result<(), RestoreError> {
    let tables: i64 = q(COUNT_TABLES).scalar(db).await?;
    if tables > 0 {
        return Err(RestoreError::TablesInPlace { tables });
    }
    let list = vec!["--list".into(), from.as_os_str().to_owned()];
    let contents = postgres_tools::run("pg_restore", url, list).await?;
    if !contents.contains(" db_migration ") {
        return Err(RestoreError::Foreign { path: from.to_owned() });
    }
    let arguments = vec![
        "--single-transaction".into(),
        "--exit-on-error".into(),
        "--no-owner".into(),
        "--no-privileges".into(),
        "--no-password".into(),
        // Empty: the name stands in PGDATABASE.
        "--dbname=".into(),
        from.as_os_str().to_owned(),
    ];
    postgres_tools::run("pg_restore", url, arguments).await?;
    let _migrations: i64 = q(COUNT_MIGRATIONS).scalar(db).await?;
    Ok(())
}

/// The first bytes of pg_dump's custom format.
fn is_postgres_dump(path: &Path) -> Result<bool, FileError> {
    let mut start = [0_u8; 5];
    let mut file = std::fs::File::open(path).map_err(FileError::disk(path))?;
    let read = std::io::Read::read(&mut file, &mut start).map_err(FileError::disk(path))?;
    Ok(&start[..read] == b"PGDMP")
}
