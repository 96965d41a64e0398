//! Where a run keeps its data: a fresh folder with a SQLite file, written as durably as in use, or a fresh database on the
//! PostgreSQL server named by MELEK_TEST_POSTGRES. Both are gone at the end.

use std::path::Path;

use anyhow::Result;
use melek_db::{Address, Engine, TestDatabase, test_database};
use tempfile::TempDir;

const SERVER_VARIABLE: &str = "MELEK_TEST_POSTGRES";

pub struct Place {
    pub engine: Engine,
    pub address: Address,
    folder: TempDir,
    _database: Option<TestDatabase>,
}

impl Place {
    /// A PostgreSQL server is known.
    pub fn has_postgres() -> bool {
        std::env::var_os(SERVER_VARIABLE).is_some_and(|address| !address.is_empty())
    }

    /// The folder lies beside what cargo builds: the temporary folder may be in memory, where nothing is durable.
    pub async fn new(engine: Engine) -> Result<Self> {
        let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR"))?;
        let (address, database) = match engine {
            Engine::Sqlite => (Address::Sqlite(folder.path().join("melek.sqlite")), None),
            Engine::Postgres => {
                let database = test_database().await;
                (database.address().clone(), Some(database))
            }
        };
        Ok(Self { engine, address, folder, _database: database })
    }

    /// The folder, for everything else that the server keeps.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// What MELEK_DATABASE_URL says of it.
    pub fn url(&self) -> String {
        match &self.address {
            Address::Sqlite(file) => format!("sqlite:{}", file.display()),
            Address::Postgres(address) => address.expose().to_owned(),
        }
    }
}
