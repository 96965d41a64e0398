//! The one place that knows two database engines: SQLite (one machine, one file) and PostgreSQL.
//!
//! Every statement is written once, in the subset of SQL that both engines read alike, and run with
//! `q(sql).bind(value).one(on)`. Reading goes through `&Db`, writing through `&mut Tx`; many people's
//! writes share one durable transaction through [`Committer`].
//!
//! Deliberately not here: any table or word of the domain (capabilities own their SQL), a query
//! builder, a trait per entity. The traps of writing for two engines are listed in README.md.

mod address;
mod backup;
mod commit;
mod database;
mod error;
mod migrate;
mod open;
mod postgres_tools;
mod query;
mod restore;
mod scan;
mod schema;
mod sqlite_file;
mod subset;
mod testing;
mod transaction;
mod value;

pub use address::{Address, AddressError, Secret};
pub use backup::{BackupError, backup};
pub use commit::{CommitError, Committer, fixed_sizes};
pub use database::{Db, Engine};
pub use error::Error;
pub use migrate::{MigrateError, Migrations};
pub use open::OpenError;
pub use postgres_tools::ToolError;
pub use query::{On, Query, Record, bind_all, q, rows};
pub use restore::{RestoreError, restore};
pub use schema::schema;
pub use sqlite_file::FileError;
pub use subset::{StatementError, check_statements};
pub use testing::{TestDatabase, test_database};
pub use transaction::{Tx, Work};
pub use value::Value;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadmeExample;
