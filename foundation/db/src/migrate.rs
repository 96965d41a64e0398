//! Brings the tables to the shape this program expects, file by file, each file in its own transaction.
//!
//! One set of files serves both engines: `BLOB` is written and becomes `BYTEA` on PostgreSQL; the
//! checksum is of the file as written. What was applied is kept in `db_migration`. A released file is
//! never changed (its checksum is compared), never removed (then the database is newer than the
//! program) and never inserted in between (sequences of a capability run 1, 2, 3 …).
//! Several processes may start at once: the first applies, the others wait and find it done.

use sha2::{Digest, Sha256};

use crate::database::{Db, Engine};
use crate::error::Error;
use crate::query::q;
use crate::scan;
use crate::subset;
use crate::transaction::Tx;

/// Any fixed number: the name of the lock that migrating processes take on PostgreSQL.
const MIGRATION_LOCK: i64 = 0x6d65_6c65_6b64_6221;

const CREATE_RECORD: &str = "CREATE TABLE IF NOT EXISTS db_migration (
    capability TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    name TEXT NOT NULL,
    checksum TEXT NOT NULL,
    applied_ms BIGINT NOT NULL,
    CONSTRAINT db_migration_pk PRIMARY KEY (capability, sequence)
)";
const READ_RECORD: &str = "SELECT capability, sequence, name, checksum FROM db_migration ORDER BY capability, sequence";
const READ_ONE_RECORD: &str = "SELECT COUNT(*) FROM db_migration WHERE capability = $1 AND sequence = $2";
const WRITE_RECORD: &str = "INSERT INTO db_migration (capability, sequence, name, checksum, applied_ms)
    VALUES ($1, $2, $3, $4, $5)";
const NOW_MS_SQLITE: &str = "SELECT CAST(unixepoch('subsec') * 1000 AS INTEGER)";
const NOW_MS_POSTGRES: &str = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";

/// The migrations of one capability, in order: (`0001_create_people.sql`, its text by `include_str!`).
#[derive(Clone, Copy, Debug)]
pub struct Migrations {
    pub capability: &'static str,
    pub files: &'static [(&'static str, &'static str)],
}

#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    #[error("migration {capability}/{name}: the name must begin with its place in the order, {expected:04}_")]
    Name { capability: &'static str, name: &'static str, expected: i64 },
    #[error(
        "migration {capability}/{name} was changed after it had been applied; restore its released text and write a new migration"
    )]
    Changed { capability: String, name: String },
    #[error(
        "the database holds migration {capability}/{name}, which this program does not know; install the newer program or restore an older backup"
    )]
    NewerDatabase { capability: String, name: String },
    #[error("migration {capability}/{name} does not suit both engines: {reason}")]
    Subset { capability: &'static str, name: &'static str, reason: String },
    #[error("migration {capability}/{name}, statement {statement}: {source}")]
    Statement { capability: &'static str, name: &'static str, statement: usize, source: Error },
    #[error("the record of migrations cannot be read or written: {0}")]
    Record(#[from] Error),
}

struct Migration {
    capability: &'static str,
    sequence: i64,
    name: &'static str,
    sql: &'static str,
}

impl Db {
    /// Applies what is missing, capability after capability in the order given (that of the crate
    /// graph, because a foreign key may point at a table of an earlier capability). Answers how many
    /// files were applied.
    pub async fn migrate(&self, all: &[Migrations]) -> Result<usize, MigrateError> {
        let migrations = in_order(all)?;
        let applied = self.read_record().await?;
        compare(&migrations, &applied)?;
        let known = |migration: &&Migration| {
            !applied
                .iter()
                .any(|(capability, sequence, ..)| capability == migration.capability && *sequence == migration.sequence)
        };
        let mut count = 0;
        for migration in migrations.iter().filter(known) {
            if self.apply(migration).await? {
                count += 1;
            }
        }
        Ok(count)
    }

    async fn read_record(&self) -> Result<Vec<(String, i64, String, String)>, Error> {
        let mut tx = self.begin_alone().await?;
        tx.run_text(CREATE_RECORD).await?;
        let record = q(READ_RECORD).all(&mut tx).await?;
        tx.commit().await?;
        Ok(record)
    }

    /// A transaction that no other migrating process runs beside.
    async fn begin_alone(&self) -> Result<Tx, Error> {
        let mut tx = self.begin().await?;
        if self.engine() == Engine::Postgres {
            q("SELECT pg_advisory_xact_lock($1)").bind(MIGRATION_LOCK).exec(&mut tx).await?;
        }
        Ok(tx)
    }

    async fn apply(&self, migration: &Migration) -> Result<bool, MigrateError> {
        let mut tx = self.begin_alone().await?;
        let done: i64 = q(READ_ONE_RECORD).bind(migration.capability).bind(migration.sequence).scalar(&mut tx).await?;
        if done > 0 {
            return Ok(false);
        }
        for (index, statement) in scan::statements(migration.sql).into_iter().enumerate() {
            let text = for_engine(self.engine(), statement);
            tx.run_text(&text).await.map_err(|source| MigrateError::Statement {
                capability: migration.capability,
                name: migration.name,
                statement: index + 1,
                source,
            })?;
        }
        self.record(&mut tx, migration).await?;
        tx.commit().await?;
        tracing::info!(capability = migration.capability, name = migration.name, "migration applied");
        Ok(true)
    }

    async fn record(&self, tx: &mut Tx, migration: &Migration) -> Result<(), Error> {
        let now = match self.engine() {
            Engine::Sqlite => NOW_MS_SQLITE,
            Engine::Postgres => NOW_MS_POSTGRES,
        };
        let now_ms: i64 = q(now).scalar(&mut *tx).await?;
        q(WRITE_RECORD)
            .bind(migration.capability)
            .bind(migration.sequence)
            .bind(migration.name)
            .bind(checksum(migration.sql))
            .bind(now_ms)
            .exec(tx)
            .await?;
        Ok(())
    }
}

fn in_order(all: &[Migrations]) -> Result<Vec<Migration>, MigrateError> {
    let mut migrations = Vec::new();
    for Migrations { capability, files } in all.iter().copied() {
        for ((name, sql), sequence) in files.iter().copied().zip(1_i64..) {
            if !name.starts_with(&format!("{sequence:04}_")) {
                return Err(MigrateError::Name { capability, name, expected: sequence });
            }
            subset::check_migration(sql).map_err(|reason| MigrateError::Subset { capability, name, reason })?;
            migrations.push(Migration { capability, sequence, name, sql });
        }
    }
    Ok(migrations)
}

/// Every applied migration must be one of ours, unchanged.
fn compare(migrations: &[Migration], applied: &[(String, i64, String, String)]) -> Result<(), MigrateError> {
    for (capability, sequence, name, recorded) in applied {
        let ours = migrations.iter().find(|ours| ours.capability == capability && ours.sequence == *sequence);
        let (capability, name) = (capability.clone(), name.clone());
        match ours {
            None => return Err(MigrateError::NewerDatabase { capability, name }),
            Some(ours) if ours.name != name || checksum(ours.sql) != *recorded => {
                return Err(MigrateError::Changed { capability, name });
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// Of the text as written, whatever line ends a checkout gave it.
fn checksum(sql: &str) -> String {
    let digest = Sha256::digest(sql.replace("\r\n", "\n").as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn for_engine(engine: Engine, statement: &str) -> String {
    match engine {
        Engine::Sqlite => statement.to_owned(),
        Engine::Postgres => scan::replace_word(statement, "BLOB", "BYTEA"),
    }
}
