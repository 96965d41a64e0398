//! Runs PostgreSQL's own programs, pg_dump and pg_restore, which must be on the PATH.
//!
//! The address is given to them in environment variables (PGHOST, PGPASSWORD …), never as an argument,
//! because everybody on the machine can read the arguments of a running program.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::address::Secret;
use crate::open::{OpenError, postgres_options};

/// Settings of the address that libpq knows under these variables.
const SETTINGS: &[(&[&str], &str)] = &[
    (&["password"], "PGPASSWORD"),
    (&["sslmode", "ssl-mode"], "PGSSLMODE"),
    (&["sslrootcert", "ssl-root-cert", "ssl-ca"], "PGSSLROOTCERT"),
    (&["sslcert", "ssl-cert"], "PGSSLCERT"),
    (&["sslkey", "ssl-key"], "PGSSLKEY"),
];

#[derive(Debug, thiserror::Error)]
pub enum ToolError {
    #[error(
        "the program {tool} was not found; install the PostgreSQL client programs (Debian: apt install postgresql-client) and see that their folder is on the PATH"
    )]
    Missing { tool: &'static str },
    #[error("the program {tool} could not be started: {source}")]
    Start { tool: &'static str, source: std::io::Error },
    #[error("the program {tool} failed: {message}")]
    Failed { tool: &'static str, message: String },
    #[error(transparent)]
    Address(#[from] OpenError),
}

/// Runs a tool against the server of `url` and answers what it printed.
pub(crate) async fn run(
    tool: &'static str,
    url: &Secret,
    arguments: Vec<std::ffi::OsString>,
) -> Result<String, ToolError> {
    let program = find(tool, std::env::var_os("PATH").as_deref())?;
    let mut command = Command::new(program);
    command.args(arguments).envs(environment(url)?).stdin(Stdio::null());
    let finished = tokio::task::spawn_blocking(move || command.output()).await;
    let output = match finished {
        Ok(output) => output.map_err(|source| ToolError::Start { tool, source })?,
        Err(error) => {
            let source = std::io::Error::other(error);
            return Err(ToolError::Start { tool, source });
        }
    };
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let message = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(ToolError::Failed { tool, message })
}

fn find(tool: &'static str, path: Option<&OsStr>) -> Result<PathBuf, ToolError> {
    let folders = path.map(std::env::split_paths).into_iter().flatten();
    let file = format!("{tool}{}", std::env::consts::EXE_SUFFIX);
    let mut programs = folders.map(|folder| folder.join(&file));
    programs.find(|program| program.is_file()).ok_or(ToolError::Missing { tool })
}

fn environment(url: &Secret) -> Result<Vec<(&'static str, String)>, ToolError> {
    let options = postgres_options(url)?;
    let host = match options.get_socket() {
        Some(folder) => folder.to_string_lossy().into_owned(),
        None => options.get_host().to_owned(),
    };
    let mut variables = vec![
        ("PGHOST", host),
        ("PGPORT", options.get_port().to_string()),
        ("PGUSER", options.get_username().to_owned()),
        ("PGAPPNAME", "melek".to_owned()),
    ];
    if let Some(database) = options.get_database() {
        variables.push(("PGDATABASE", database.to_owned()));
    }
    if let Some(password) = password(url.expose()) {
        variables.push(("PGPASSWORD", password));
    }
    let (_, settings) = url.expose().split_once('?').unwrap_or_default();
    for (name, value) in settings.split('&').filter_map(|pair| pair.split_once('=')) {
        let known = SETTINGS.iter().find(|(names, _)| names.contains(&name));
        if let Some((_, variable)) = known {
            variables.push((variable, percent_decoded(value)));
        }
    }
    Ok(variables)
}

fn password(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?']).next()?;
    let (user, _) = authority.rsplit_once('@')?;
    let (_, password) = user.split_once(':')?;
    Some(percent_decoded(password))
}

/// `%40` is `@` (RFC 3986, section 2.1); what is no such triple stays as it is.
fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let decoded = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match (first, decoded) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_given_in_variables_with_the_password_decoded() {
        let url = Secret::new("postgres://office:p%40ss%3Aw@db.example:6000/melek?sslmode=require");
        let variables = environment(&url).unwrap();
        let value = |name| {
            let found = variables.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| value.as_str())
        };
        assert_eq!(value("PGHOST"), Some("db.example"));
        assert_eq!(value("PGPORT"), Some("6000"));
        assert_eq!(value("PGUSER"), Some("office"));
        assert_eq!(value("PGPASSWORD"), Some("p@ss:w"));
        assert_eq!(value("PGDATABASE"), Some("melek"));
        assert_eq!(value("PGSSLMODE"), Some("require"));
    }

    #[test]
    fn a_percent_sign_that_begins_no_code_stays() {
        assert_eq!(percent_decoded("100%"), "100%");
        assert_eq!(percent_decoded("%zz%20é"), "%zz é");
    }

    #[test]
    fn a_missing_program_is_named_with_how_to_get_it() {
        let missing = find("pg_dump", Some(OsStr::new("/nowhere"))).unwrap_err();
        assert!(missing.to_string().contains("pg_dump was not found; install"), "{missing}");
    }
}
