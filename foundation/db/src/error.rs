//! What can go wrong with one statement or one transaction, in kinds that are the same on both engines.
//!
//! Branch on the kind only: SQLite names no constraint for a foreign key and names columns where
//! PostgreSQL names the constraint. No variant keeps what PostgreSQL calls the "detail" of an error,
//! because it quotes the values of the row, and values never belong in a log.

use sqlx::error::{DatabaseError, ErrorKind};

/// Longest part of a statement that is repeated in a message, in characters.
const STATEMENT_SHOWN: usize = 240;

#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// `what` is for people to read: the constraint (PostgreSQL) or the columns (SQLite).
    #[error("a row with the same key is already there ({what}), in: {statement}")]
    Unique { what: String, statement: String },
    #[error("a row that another row refers to is missing or still needed, in: {statement}")]
    ForeignKey { statement: String },
    #[error("a value breaks a rule of the table ({what}), in: {statement}")]
    Check { what: String, statement: String },
    #[error("the database is busy and did not answer in time; try again in a moment")]
    Busy,
    #[error("another change was made to the same rows at the same moment; try again")]
    Conflict,
    #[error("the database cannot be reached: {reason}; check that it is running and try again")]
    Connection { reason: String },
    #[error("the disk under the database failed or is full: {reason}; check the free space and the disk")]
    Storage { reason: String },
    #[error("a read tried to write (writing needs a transaction), in: {statement}")]
    ReadOnly { statement: String },
    #[error("a row was expected and none was found, in: {statement}")]
    NoRow { statement: String },
    #[error("a column cannot be read ({reason}), in: {statement}")]
    Decode { reason: String, statement: String },
    #[error("the statement needs {needed} values and {given} were bound, in: {statement}")]
    Arity { needed: usize, given: usize, statement: String },
    #[error("the value of ${position} cannot be kept: {reason}, in: {statement}")]
    UnfitValue { position: usize, reason: &'static str, statement: String },
    #[error("{given} values are bound and an engine takes at most {limit}; split the change, in: {statement}")]
    TooManyValues { given: usize, limit: usize, statement: String },
    #[error("the database refused the statement: {reason}, in: {statement}")]
    Refused { reason: String, statement: String },
    #[error("the database was closed because the program is stopping; try again in a moment")]
    Closed,
    #[error("an earlier error spoiled this transaction; nothing of it was kept")]
    Poisoned,
}

impl Error {
    pub fn is_unique(&self) -> bool {
        matches!(self, Error::Unique { .. })
    }

    pub fn is_foreign_key(&self) -> bool {
        matches!(self, Error::ForeignKey { .. })
    }

    /// Whether the same work may succeed when it is simply done again.
    pub fn may_be_tried_again(&self) -> bool {
        matches!(self, Error::Busy | Error::Conflict | Error::Connection { .. })
    }

    pub(crate) fn from_sqlx(error: sqlx::Error, sql: &str) -> Error {
        let statement = shown(sql);
        match error {
            sqlx::Error::Database(refusal) => from_refusal(&*refusal, statement),
            sqlx::Error::RowNotFound => Error::NoRow { statement },
            sqlx::Error::PoolTimedOut => Error::Busy,
            sqlx::Error::PoolClosed => Error::Closed,
            sqlx::Error::ColumnDecode { .. }
            | sqlx::Error::ColumnNotFound(_)
            | sqlx::Error::ColumnIndexOutOfBounds { .. }
            | sqlx::Error::TypeNotFound { .. }
            | sqlx::Error::Decode(_) => Error::Decode { reason: error.to_string(), statement },
            sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::WorkerCrashed | sqlx::Error::BeginFailed => {
                Error::Connection { reason: error.to_string() }
            }
            other => Error::Refused { reason: other.to_string(), statement },
        }
    }
}

/// The start of a statement on one line.
pub(crate) fn shown(sql: &str) -> String {
    let line = sql.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(STATEMENT_SHOWN) {
        Some((end, _)) => format!("{} …", &line[..end]),
        None => line,
    }
}

fn from_refusal(refusal: &dyn DatabaseError, statement: String) -> Error {
    let what = || match refusal.constraint() {
        Some(name) => name.to_owned(),
        None => refusal.message().to_owned(),
    };
    match refusal.kind() {
        ErrorKind::UniqueViolation => Error::Unique { what: what(), statement },
        ErrorKind::ForeignKeyViolation => Error::ForeignKey { statement },
        ErrorKind::NotNullViolation | ErrorKind::CheckViolation => Error::Check { what: what(), statement },
        _ => from_code(refusal, statement),
    }
}

fn from_code(refusal: &dyn DatabaseError, statement: String) -> Error {
    let code = refusal.code().unwrap_or_default();
    let reason = refusal.message().to_owned();
    // PostgreSQL codes have five characters; SQLite's are numbers, the low byte is the primary code.
    // Sources: PostgreSQL 15 manual, appendix A; sqlite.org/rescode.html.
    if code.len() == 5 {
        return match &*code {
            "40001" | "40P01" => Error::Conflict,
            "55P03" | "53300" | "57P03" => Error::Busy,
            "25006" => Error::ReadOnly { statement },
            "57P01" | "57P02" => Error::Connection { reason },
            "53100" | "58030" => Error::Storage { reason },
            _ if code.starts_with("08") => Error::Connection { reason },
            _ => Error::Refused { reason, statement },
        };
    }
    match code.parse::<u32>().map(|code| code & 0xff) {
        Ok(5 | 6) => Error::Busy,
        Ok(8) => Error::ReadOnly { statement },
        Ok(10 | 11 | 13 | 14 | 26) => Error::Storage { reason },
        _ => Error::Refused { reason, statement },
    }
}
