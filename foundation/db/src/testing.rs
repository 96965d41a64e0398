//! A database of its own for one test, gone when the test ends.
//!
//! Without a setting it is a SQLite file in the temporary folder (written without waiting for the disk,
//! because nobody needs it after a power cut). With `MELEK_TEST_POSTGRES`, the address of an
//! administrator of a PostgreSQL server, it is a fresh database there: the same suite runs on both.

use std::ops::Deref;
use std::path::PathBuf;

use sqlx::sqlite::SqliteSynchronous;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use uuid::Uuid;

use crate::address::{Address, Secret};
use crate::database::Db;
use crate::open::{open_sqlite, postgres_options};

const POSTGRES_VARIABLE: &str = "MELEK_TEST_POSTGRES";

/// A database for one test; use it as `&Db`.
#[derive(Debug)]
pub struct TestDatabase {
    db: Db,
    address: Address,
    remains: Remains,
}

/// What is removed at the end.
#[derive(Debug)]
enum Remains {
    Folder(PathBuf),
    Database { server: Secret, name: String },
}

/// An empty database: call `migrate` on it. Panics when it cannot be made, as a test should.
pub async fn test_database() -> TestDatabase {
    match std::env::var(POSTGRES_VARIABLE) {
        Ok(server) if !server.is_empty() => on_postgres(Secret::new(server)).await,
        _ => on_sqlite().await,
    }
}

async fn on_sqlite() -> TestDatabase {
    let folder = std::env::temp_dir().join(format!("melek-test-{}", Uuid::now_v7()));
    std::fs::create_dir(&folder).expect("the temporary folder of tests can be written");
    let path = folder.join("test.sqlite");
    let pools = open_sqlite(&path, SqliteSynchronous::Off).await.expect("a SQLite file for a test can be made");
    TestDatabase { db: Db { pools }, address: Address::Sqlite(path), remains: Remains::Folder(folder) }
}

async fn on_postgres(server: Secret) -> TestDatabase {
    let name = format!("melek_test_{}", Uuid::now_v7().simple());
    let created =
        format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'");
    let mut connection = administrator(&server).await;
    connection.execute(AssertSqlSafe(created)).await.expect("a PostgreSQL database for a test can be made");
    connection.close().await.expect("the connection of the administrator ends well");
    let address = Address::Postgres(with_database(&server, &name));
    let db = Db::open(&address).await.expect("the PostgreSQL database of a test opens");
    TestDatabase { db, address, remains: Remains::Database { server, name } }
}

async fn administrator(server: &Secret) -> PgConnection {
    let options = postgres_options(server).expect("MELEK_TEST_POSTGRES is a PostgreSQL address");
    PgConnection::connect_with(&options).await.expect("the server of MELEK_TEST_POSTGRES answers")
}

/// The same server and user, another database.
fn with_database(server: &Secret, name: &str) -> Secret {
    let url = server.expose();
    let (address, settings) = url.split_once('?').unwrap_or((url, ""));
    let host_at = address.find("://").map_or(0, |at| at + 3);
    let end = address[host_at..].find('/').map_or(address.len(), |at| host_at + at);
    let mark = if settings.is_empty() { "" } else { "?" };
    Secret::new(format!("{}/{name}{mark}{settings}", &address[..end]))
}

impl TestDatabase {
    /// Where it is, for a test that opens it a second time.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// A handle that can be moved into a task or a router; it works while the test database lives.
    pub fn handle(&self) -> Db {
        self.db.clone()
    }
}

impl Deref for TestDatabase {
    type Target = Db;

    fn deref(&self) -> &Db {
        &self.db
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        match &self.remains {
            // What cannot be removed is left to the cleaning of the temporary folder.
            Remains::Folder(folder) => drop(std::fs::remove_dir_all(folder)),
            Remains::Database { server, name } => drop_database(server.clone(), name.clone()),
        }
    }
}

/// On a thread of its own, because `drop` cannot wait inside the runtime of the test.
fn drop_database(server: Secret, name: String) {
    let dropped = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async move {
            let options = postgres_options(&server).map_err(std::io::Error::other)?;
            let mut connection = PgConnection::connect_with(&options).await.map_err(std::io::Error::other)?;
            let drop = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
            connection.execute(AssertSqlSafe(drop)).await.map_err(std::io::Error::other)?;
            Ok::<(), std::io::Error>(())
        })
    });
    if !matches!(dropped.join(), Ok(Ok(()))) {
        tracing::warn!("the PostgreSQL database of a test could not be dropped");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_database_of_a_test_is_on_the_server_that_was_named() {
        let name = |url: &str| with_database(&Secret::new(url), "x").expose().to_owned();
        assert_eq!(name("postgres://u@h:1/postgres"), "postgres://u@h:1/x");
        assert_eq!(name("postgres://u@h:1"), "postgres://u@h:1/x");
        assert_eq!(name("postgres://u:p@h/a?sslmode=disable"), "postgres://u:p@h/x?sslmode=disable");
    }
}
