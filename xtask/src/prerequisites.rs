//! The tools that the tests need besides Rust: a browser, a PostgreSQL server, Node and its packages.
//!
//! They are looked for where they are used; with leave, missing ones are installed through `apt-get` and
//! `npm ci`, without it the person is told what to install. Nothing is downloaded in any other way.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::program::{on_path, output_of, run};
use crate::workspace::root;

const BROWSERS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];
const POSTGRES_VERSIONS: &str = "/usr/lib/postgresql";
const OLDEST_POSTGRES: u32 = 15;
const OLDEST_NODE: u32 = 20;
const OLDEST_PYTHON: (u32, u32) = (3, 11);

/// What a step of the tests cannot do without.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tool {
    Formatter,
    Linter,
    Postgres,
    Browser,
    Node,
    NodePackages,
    Python,
}

impl Tool {
    fn is_there(self) -> bool {
        match self {
            Self::Formatter => output_of(Command::new("cargo").args(["fmt", "--version"])).is_ok(),
            Self::Linter => output_of(Command::new("cargo").args(["clippy", "--version"])).is_ok(),
            Self::Postgres => postgres_programs().is_some() && (!is_root() || on_path("setpriv").is_some()),
            Self::Browser => browser().is_some(),
            Self::Node => node_version().is_some_and(|version| version >= OLDEST_NODE) && on_path("npm").is_some(),
            Self::NodePackages => node_packages_are_current(&root().join("e2e")),
            Self::Python => python_can_make_environments(),
        }
    }

    /// Debian's packages that bring it.
    fn packages(self) -> &'static [&'static str] {
        match self {
            Self::Postgres => &["postgresql", "util-linux"],
            Self::Browser => &["chromium", "fonts-liberation"],
            Self::Node => &["nodejs", "npm"],
            Self::Python => &["python3", "python3-venv"],
            Self::Formatter | Self::Linter | Self::NodePackages => &[],
        }
    }

    fn advice(self) -> String {
        match self {
            Self::Formatter => "rustfmt: rustup component add rustfmt".to_owned(),
            Self::Linter => "clippy: rustup component add clippy".to_owned(),
            Self::Postgres => format!("PostgreSQL {OLDEST_POSTGRES} or later: apt-get install postgresql"),
            Self::Browser => "Chromium: apt-get install chromium fonts-liberation".to_owned(),
            Self::Node => format!("Node {OLDEST_NODE} or later with npm: apt-get install nodejs npm, or nodejs.org"),
            Self::NodePackages => "packages of the browser tests: npm ci --prefix e2e".to_owned(),
            Self::Python => {
                let (major, minor) = OLDEST_PYTHON;
                format!("Python {major}.{minor} or later with venv: apt-get install python3 python3-venv")
            }
        }
    }
}

/// An error that says what to install, unless every tool is there.
pub fn require(tools: &[Tool]) -> Result<()> {
    let missing: Vec<_> = missing(tools).into_iter().map(|tool| format!("  {}", tool.advice())).collect();
    ensure!(
        missing.is_empty(),
        "Missing on this machine:\n{}\nInstall them; what the tests need, `cargo xtask test --install` installs.",
        missing.join("\n")
    );
    Ok(())
}

/// Installs what is missing; an error when something is missing even then.
pub fn install(tools: &[Tool]) -> Result<()> {
    let packages: Vec<_> = missing(tools).into_iter().flat_map(Tool::packages).collect();
    if !packages.is_empty() {
        run(as_administrator("apt-get")?.arg("update").arg("-q"))?;
        let mut install = as_administrator("apt-get")?;
        run(install.args(["install", "-q", "-y", "--no-install-recommends"]).args(packages))?;
    }
    if missing(tools).contains(&Tool::NodePackages) && Tool::Node.is_there() {
        run(Command::new("npm").arg("ci").current_dir(root().join("e2e")))?;
    }
    require(tools)
}

fn missing(tools: &[Tool]) -> Vec<Tool> {
    tools.iter().copied().filter(|tool| !tool.is_there()).collect()
}

fn as_administrator(program: &str) -> Result<Command> {
    let mut command = if is_root() {
        Command::new("env")
    } else {
        let sudo = on_path("sudo").with_context(|| format!("{program} needs root, and there is no sudo"))?;
        let mut command = Command::new(sudo);
        command.arg("env");
        command
    };
    if on_path(program).is_none() {
        bail!("{program} is not on this machine: run `cargo xtask test` without --install to see what to install");
    }
    command.arg("DEBIAN_FRONTEND=noninteractive").arg(program);
    Ok(command)
}

/// Whether this process may do everything.
pub fn is_root() -> bool {
    static ROOT: OnceLock<bool> = OnceLock::new();
    *ROOT.get_or_init(|| output_of(Command::new("id").arg("-u")).is_ok_and(|user| user == "0"))
}

/// The browser of the stories.
pub fn browser() -> Option<PathBuf> {
    BROWSERS.into_iter().find_map(on_path)
}

/// The folder with `initdb` and `pg_ctl`: Debian's newest, or the one on the search path.
pub fn postgres_programs() -> Option<PathBuf> {
    newest_postgres(Path::new(POSTGRES_VERSIONS)).or_else(|| {
        let folder = on_path("initdb")?.parent()?.to_owned();
        let version = output_of(Command::new(folder.join("initdb")).arg("--version")).ok()?;
        Some(folder).filter(|_| first_number(&version).is_some_and(|version| version >= OLDEST_POSTGRES))
    })
}

fn newest_postgres(versions: &Path) -> Option<PathBuf> {
    let folders = versions.read_dir().ok()?.flatten();
    let numbered =
        folders.filter_map(|folder| Some((folder.file_name().to_str()?.parse::<u32>().ok()?, folder.path())));
    let usable = numbered.filter(|(version, folder)| {
        *version >= OLDEST_POSTGRES && folder.join("bin/initdb").is_file() && folder.join("bin/pg_ctl").is_file()
    });
    usable.max_by_key(|(version, _)| *version).map(|(_, folder)| folder.join("bin"))
}

fn node_version() -> Option<u32> {
    first_number(&output_of(Command::new("node").arg("--version")).ok()?)
}

/// Whether there is a Python, new enough, that can make an environment of its own with pip in it.
fn python_can_make_environments() -> bool {
    let (major, minor) = OLDEST_PYTHON;
    let check = format!("import sys, venv, ensurepip; sys.exit(sys.version_info < ({major}, {minor}))");
    output_of(Command::new("python3").args(["-c", &check])).is_ok()
}

/// 15 of "initdb (PostgreSQL) 15.14", 20 of "v20.20.2".
fn first_number(text: &str) -> Option<u32> {
    let digits = text.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit);
    digits.collect::<String>().parse().ok()
}

/// Whether what npm put down is what the lock file asks for.
fn node_packages_are_current(folder: &Path) -> bool {
    let wanted = locked_versions(&folder.join("package-lock.json"));
    let there = locked_versions(&folder.join("node_modules/.package-lock.json"));
    wanted.is_some_and(|wanted| there.is_some_and(|there| wanted == there))
}

fn locked_versions(lock: &Path) -> Option<Vec<(String, Value)>> {
    let lock: Value = serde_json::from_slice(&std::fs::read(lock).ok()?).ok()?;
    let packages = lock["packages"].as_object()?.iter().filter(|(path, _)| !path.is_empty());
    Some(packages.map(|(path, package)| (path.clone(), package["version"].clone())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder_with(name: &str, files: &[(&str, &str)]) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("xtask-{}-{name}", std::process::id()));
        for (path, text) in files {
            let path = folder.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        folder
    }

    #[test]
    fn the_newest_complete_postgres_is_taken() {
        let files = ["14/bin/initdb", "14/bin/pg_ctl", "15/bin/initdb", "15/bin/pg_ctl", "17/bin/initdb"];
        let folder = folder_with("newest", &files.map(|path| (path, "")));
        assert_eq!(newest_postgres(&folder), Some(folder.join("15/bin")));
    }

    #[test]
    fn an_old_postgres_is_none() {
        let folder = folder_with("old", &[("14/bin/initdb", ""), ("14/bin/pg_ctl", "")]);
        assert_eq!(newest_postgres(&folder), None);
    }

    #[test]
    fn versions_are_read_from_what_programs_say() {
        assert_eq!(first_number("v20.20.2"), Some(20));
        assert_eq!(first_number("initdb (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)"), Some(15));
        assert_eq!(first_number("none"), None);
    }

    #[test]
    fn node_packages_are_current_when_their_versions_are_those_of_the_lock_file() {
        let lock = |version: &str| format!(r#"{{"packages":{{"":{{}},"node_modules/a":{{"version":"{version}"}}}}}}"#);
        let there = r#"{"packages":{"node_modules/a":{"version":"1.0.0"}}}"#;
        let with = |name, version: &str| {
            folder_with(name, &[("package-lock.json", &lock(version)), ("node_modules/.package-lock.json", there)])
        };
        assert!(node_packages_are_current(&with("same", "1.0.0")));
        assert!(!node_packages_are_current(&with("other", "1.0.1")));
        assert!(!node_packages_are_current(&folder_with("none", &[("package-lock.json", &lock("1.0.0"))])));
    }

    #[test]
    fn advice_names_the_packages_that_would_be_installed() {
        for tool in [Tool::Postgres, Tool::Browser, Tool::Node, Tool::Python] {
            assert!(tool.packages().iter().any(|package| tool.advice().contains(package)), "{tool:?}");
        }
    }
}
