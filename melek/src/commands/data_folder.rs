//! The option `--data`, the same for every command that works on an installation.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use melek_db::{Address, Db};

use crate::bad_input::BadInput;
use crate::wiring;

#[derive(Args)]
pub struct DataFolder {
    /// Folder with the database, the agency's own items and backups
    #[arg(long = "data", value_name = "DIR", default_value = "data", env = "MELEK_DATA", hide_env_values = true)]
    pub path: PathBuf,
}

impl DataFolder {
    /// Where the database is: a file in the folder, or what the environment says.
    pub fn address(&self) -> Result<Address> {
        Ok(Address::from_environment(&self.path).map_err(|error| BadInput(error.to_string()))?)
    }

    /// Whether there is a database already; a server is taken to have one.
    pub fn has_database(&self) -> Result<bool> {
        Ok(match self.address()? {
            Address::Sqlite(file) => file.is_file(),
            Address::Postgres(_) => true,
        })
    }

    /// The database, up to date. Without one nothing is made, because the folder was probably mistyped.
    pub async fn open(&self) -> Result<Db> {
        if !self.has_database()? {
            let folder = self.path.display();
            return Err(BadInput(format!("there is no database in {folder}; is --data right?")).into());
        }
        wiring::open_database(&self.path).await
    }
}
