//! Where the database is: a file (SQLite) or a server (PostgreSQL), and where that is said.
//!
//! `MELEK_DATABASE_URL` holds `postgres://user:password@host:port/name` or `sqlite:/path/to/file`;
//! `MELEK_DATABASE_URL_FILE` names a file that holds it (for a secret mounted by a service manager).
//! Without either, the database is `melek.sqlite` in the data folder.
//! A PostgreSQL address holds a password, so it is never printed, logged or passed as an argument.

use std::fmt;
use std::path::{Path, PathBuf};

pub const URL_VARIABLE: &str = "MELEK_DATABASE_URL";
pub const URL_FILE_VARIABLE: &str = "MELEK_DATABASE_URL_FILE";
const DEFAULT_FILE: &str = "melek.sqlite";

#[derive(Debug, thiserror::Error)]
pub enum AddressError {
    #[error("both {URL_VARIABLE} and {URL_FILE_VARIABLE} are set; keep only one of them")]
    Both,
    #[error("the file {} named by {URL_FILE_VARIABLE} cannot be read: {source}; check its path and who may read it", path.display())]
    File { path: PathBuf, source: std::io::Error },
    #[error("the database address must begin with postgres:// or sqlite: and this one does not; check {URL_VARIABLE}")]
    Scheme,
    #[error("{URL_VARIABLE} is not readable text (UTF-8)")]
    NotText,
}

/// Text that is never shown: `Debug` prints a placeholder and there is no `Display`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    pub fn new(text: impl Into<String>) -> Secret {
        Secret(text.into())
    }

    /// The text itself, for the one call that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(not shown)")
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    Sqlite(PathBuf),
    Postgres(Secret),
}

impl Address {
    /// The address from the environment, or the default file in the `data` folder.
    pub fn from_environment(data: &Path) -> Result<Address, AddressError> {
        Address::from_variables(data, |name| std::env::var_os(name))
    }

    fn from_variables(
        data: &Path,
        variable: impl Fn(&str) -> Option<std::ffi::OsString>,
    ) -> Result<Address, AddressError> {
        let given = |name| variable(name).filter(|text| !text.is_empty());
        match (given(URL_VARIABLE), given(URL_FILE_VARIABLE)) {
            (Some(_), Some(_)) => Err(AddressError::Both),
            (Some(url), None) => Address::parse(url.to_str().ok_or(AddressError::NotText)?),
            (None, Some(path)) => {
                let path = PathBuf::from(path);
                match std::fs::read_to_string(&path) {
                    Ok(url) => Address::parse(url.trim()),
                    Err(source) => Err(AddressError::File { path, source }),
                }
            }
            (None, None) => Ok(Address::Sqlite(data.join(DEFAULT_FILE))),
        }
    }

    /// Reads `postgres://…`, `postgresql://…`, `sqlite:path` or `sqlite://path`.
    pub fn parse(url: &str) -> Result<Address, AddressError> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Address::Postgres(Secret::new(url)));
        }
        let path = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:"));
        match path {
            Some(path) if !path.is_empty() => Ok(Address::Sqlite(PathBuf::from(path))),
            _ => Err(AddressError::Scheme),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(variables: &[(&str, &str)]) -> Result<Address, AddressError> {
        Address::from_variables(Path::new("/data"), |name| {
            let found = variables.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| value.into())
        })
    }

    #[test]
    fn without_a_setting_the_database_is_a_file_in_the_data_folder() {
        assert_eq!(address(&[]).unwrap(), Address::Sqlite("/data/melek.sqlite".into()));
        assert_eq!(address(&[(URL_VARIABLE, "")]).unwrap(), Address::Sqlite("/data/melek.sqlite".into()));
    }

    #[test]
    fn the_setting_may_name_a_file_or_a_server() {
        let sqlite = Address::Sqlite("/srv/x.sqlite".into());
        assert_eq!(address(&[(URL_VARIABLE, "sqlite:/srv/x.sqlite")]).unwrap(), sqlite);
        assert_eq!(address(&[(URL_VARIABLE, "sqlite:///srv/x.sqlite")]).unwrap(), sqlite);
        let server = address(&[(URL_VARIABLE, "postgres://a:b@c/d")]).unwrap();
        assert_eq!(server, Address::Postgres(Secret::new("postgres://a:b@c/d")));
        assert!(matches!(address(&[(URL_VARIABLE, "mysql://x")]), Err(AddressError::Scheme)));
    }

    #[test]
    fn the_setting_may_be_kept_in_a_file_that_only_the_service_reads() {
        let path = std::env::temp_dir().join(format!("melek-url-{}", uuid::Uuid::now_v7()));
        std::fs::write(&path, "postgres://a:b@c/d\n").unwrap();
        let named = address(&[(URL_FILE_VARIABLE, path.to_str().unwrap())]);
        std::fs::remove_file(&path).unwrap();
        assert_eq!(named.unwrap(), Address::Postgres(Secret::new("postgres://a:b@c/d")));
    }

    #[test]
    fn a_missing_secret_file_and_two_settings_are_refused_in_plain_words() {
        let missing = address(&[(URL_FILE_VARIABLE, "/nowhere/url")]).unwrap_err();
        assert!(
            missing.to_string().starts_with("the file /nowhere/url named by MELEK_DATABASE_URL_FILE cannot be read")
        );
        let both = address(&[(URL_VARIABLE, "sqlite:x"), (URL_FILE_VARIABLE, "y")]);
        assert!(matches!(both, Err(AddressError::Both)));
    }

    #[test]
    fn a_password_is_never_printed() {
        let address = Address::parse("postgres://office:hunter2@db/melek").unwrap();
        assert!(!format!("{address:?}").contains("hunter2"));
        assert!(!format!("{address:?}").contains("office"));
    }
}
