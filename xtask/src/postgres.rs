//! A PostgreSQL server of our own, on the loopback address and a random port, gone at the end.
//!
//! A second process keeps watch over it: a shell that reads a pipe held by this one. When the pipe closes,
//! after success, failure, Ctrl-C or `kill -9` alike, it stops the server and removes the folder.
//! PostgreSQL refuses to run as root; for root, everything here runs as the user `postgres`.
//! For tests it does not wait for the disk; where durable speed is measured, it does.

use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};

use crate::prerequisites::is_root;
use crate::program::{output_of, run_silently};

const SYSTEM_USER: &str = "postgres";
const SETTINGS: [&str; 2] = ["listen_addresses=127.0.0.1", "max_connections=200"];
const NOT_WAITING: [&str; 3] = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"];
/// The temporary folder may lie in memory, this one is on the disk.
const ON_DISK: &str = "/var/tmp";
const KEEP_WATCH: &str = r#"read -r end; "$0/pg_ctl" -D "$1/data" -m immediate -w stop >"$1/stop" 2>&1; rm -rf "$1""#;

/// Whether a commit waits until it is on the disk.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Disk {
    IsWaitedFor,
    IsNotWaitedFor,
}

/// A running server; it stops when this is dropped.
pub struct PostgresServer {
    watch: Child,
    port: u16,
}

impl PostgresServer {
    /// Starts an empty server with the programs of this folder.
    pub fn start(programs: &Path, disk: Disk) -> Result<Self> {
        let mut mktemp = as_server_user("mktemp");
        if disk == Disk::IsWaitedFor {
            mktemp.env("TMPDIR", ON_DISK);
        }
        let folder = PathBuf::from(output_of(mktemp.args(["-d", "-t", "melek-postgres.XXXXXX"]))?);
        let port = free_port()?;
        let server = Self { watch: keep_watch(programs, &folder)?, port };
        let data = folder.join("data");
        let mut initdb = as_server_user(programs.join("initdb"));
        initdb.args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "-D"]);
        run_silently(initdb.arg(&data))?;
        let mut start = as_server_user(programs.join("pg_ctl"));
        start.arg("-D").arg(&data).arg("-l").arg(folder.join("log")).arg("-w").arg("-o");
        // Its output must not be a pipe of ours: the server inherits it and would keep it open.
        start.arg(server_options(&folder, port, disk)).arg("start").stdin(Stdio::null()).stdout(Stdio::null());
        let started = start.stderr(Stdio::null()).status().context("pg_ctl could not be started")?;
        anyhow::ensure!(started.success(), "PostgreSQL did not start:\n{}", log_of(&folder));
        Ok(server)
    }

    /// The address of its administrator.
    pub fn address(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        drop(self.watch.stdin.take());
        if let Err(error) = self.watch.wait() {
            eprintln!("the PostgreSQL server of the tests may still run: {error}");
        }
    }
}

/// In a process group of its own, so that Ctrl-C reaches us and not the watch.
fn keep_watch(programs: &Path, folder: &Path) -> Result<Child> {
    let mut shell = as_server_user("sh");
    shell.arg("-c").arg(KEEP_WATCH).arg(programs).arg(folder);
    shell.stdin(Stdio::piped()).process_group(0).spawn().context("no shell could be started")
}

fn server_options(folder: &Path, port: u16, disk: Disk) -> String {
    let own = [format!("port={port}"), format!("unix_socket_directories={}", folder.display())];
    let not_waiting = NOT_WAITING.iter().filter(|_| disk == Disk::IsNotWaitedFor);
    let fixed = SETTINGS.iter().chain(not_waiting);
    let all = fixed.map(|setting| (*setting).to_owned()).chain(own);
    all.map(|setting| format!("-c {setting}")).collect::<Vec<_>>().join(" ")
}

fn as_server_user(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = if is_root() {
        let mut command = Command::new("setpriv");
        command.args(["--reuid", SYSTEM_USER, "--regid", SYSTEM_USER, "--clear-groups", "--"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    // A folder that the user may enter: PostgreSQL wants to come back to where it was started.
    command.current_dir("/").env("LC_ALL", "C");
    command
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port on the loopback address")?;
    Ok(listener.local_addr()?.port())
}

fn log_of(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("log")).unwrap_or_else(|error| format!("(no log: {error})"))
}
