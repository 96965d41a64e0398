//! A SQLite file as a file: is it whole, is it ours, is it safely on the disk.
//!
//! Shared by backup and restore. A file being written has a temporary name and gets its own by
//! renaming, after it was verified, so that a file with the right name is always a whole one.

use std::fs::{File, OpenOptions};
use std::io::Read;
use std::path::{Path, PathBuf};

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use uuid::Uuid;

/// The first bytes of every SQLite file (sqlite.org/fileformat.html, section 1.3).
const SQLITE_MARK: &[u8] = b"SQLite format 3\0";

#[derive(Debug, thiserror::Error)]
pub enum FileError {
    #[error("the file {} cannot be read or written: {source}; check the path, the free space and who may use it", path.display())]
    Disk { path: PathBuf, source: std::io::Error },
    #[error("the file {} is not a SQLite database", path.display())]
    OtherKind { path: PathBuf },
    #[error("the file {} cannot be read as a database: {source}", path.display())]
    Unreadable { path: PathBuf, source: sqlx::Error },
    #[error("the file {} is damaged: {finding}", path.display())]
    Damaged { path: PathBuf, finding: String },
    #[error("the file {} was not written by this program (it has no record of migrations)", path.display())]
    Foreign { path: PathBuf },
}

impl FileError {
    pub(crate) fn disk(path: &Path) -> impl FnOnce(std::io::Error) -> FileError + '_ {
        |source| FileError::Disk { path: path.to_owned(), source }
    }
}

/// A file under a temporary name; it is removed unless `finish` gives it its own.
#[derive(Debug)]
pub(crate) struct Partial {
    path: PathBuf,
    finished: bool,
}

impl Partial {
    /// An empty file beside `target`, which nobody but its owner may read.
    pub(crate) fn beside(target: &Path) -> Result<Partial, FileError> {
        let mut name = target.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.partial", Uuid::now_v7().simple()));
        let path = target.with_file_name(name);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&path).map_err(FileError::disk(target))?;
        Ok(Partial { path, finished: false })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Waits until the file is on the disk, then gives it the name of `target`.
    pub(crate) fn finish(mut self, target: &Path) -> Result<(), FileError> {
        let on_disk = || {
            File::open(&self.path)?.sync_all()?;
            std::fs::rename(&self.path, target)?;
            match target.parent().filter(|folder| !folder.as_os_str().is_empty()) {
                Some(folder) => File::open(folder)?.sync_all(),
                None => File::open(".")?.sync_all(),
            }
        };
        on_disk().map_err(FileError::disk(target))?;
        self.finished = true;
        Ok(())
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        if !self.finished {
            // Already gone, or left for the next cleaning: nothing depends on it.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

pub(crate) fn is_sqlite(path: &Path) -> Result<bool, FileError> {
    let mut start = Vec::with_capacity(SQLITE_MARK.len());
    let file = File::open(path).map_err(FileError::disk(path))?;
    file.take(SQLITE_MARK.len() as u64).read_to_end(&mut start).map_err(FileError::disk(path))?;
    Ok(start == SQLITE_MARK)
}

/// Reads the whole file: every page is sound, every reference has its row, and it is ours.
pub(crate) async fn verify(path: &Path) -> Result<(), FileError> {
    if !is_sqlite(path)? {
        return Err(FileError::OtherKind { path: path.to_owned() });
    }
    let unreadable = |source| FileError::Unreadable { path: path.to_owned(), source };
    let options = SqliteConnectOptions::new().filename(path).read_only(true).immutable(true);
    let mut connection = options.connect().await.map_err(unreadable)?;
    let finding = find_damage(&mut connection).await;
    let ours = sqlx::query_scalar("SELECT COUNT(*) FROM sqlite_schema WHERE name = 'db_migration'")
        .fetch_one(&mut connection)
        .await;
    connection.close().await.map_err(unreadable)?;
    if let Some(finding) = finding.map_err(unreadable)? {
        let path = path.to_owned();
        return Err(FileError::Damaged { path, finding });
    }
    match ours.map_err(unreadable)? {
        0_i64 => Err(FileError::Foreign { path: path.to_owned() }),
        _ => Ok(()),
    }
}

async fn find_damage(connection: &mut SqliteConnection) -> Result<Option<String>, sqlx::Error> {
    let answer: String = sqlx::query_scalar("PRAGMA integrity_check(1)").fetch_one(&mut *connection).await?;
    if answer != "ok" {
        return Ok(Some(answer));
    }
    let orphan: Option<(String,)> =
        sqlx::query_as("SELECT \"table\" FROM pragma_foreign_key_check LIMIT 1").fetch_optional(connection).await?;
    Ok(orphan.map(|(table,)| format!("a row of {table} refers to a row that is missing")))
}
