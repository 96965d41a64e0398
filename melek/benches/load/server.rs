//! The server as a process of its own, as in use: started, killed without warning, or told to stop.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::place::Place;

/// Name of the file in the folder of a place that takes the log.
const LOG: &str = "log";

/// The program, to be given a command, with the database of the place.
pub fn melek(place: &Place) -> Command {
    in_place(Command::new(env!("CARGO_BIN_EXE_melek")), place)
}

fn in_place(mut command: Command, place: &Place) -> Command {
    command.env("MELEK_DATABASE_URL", place.url()).env_remove("MELEK_DATABASE_URL_FILE").stdin(Stdio::null());
    command
}

/// Killed when it is dropped.
pub struct Server {
    process: Child,
    pub address: SocketAddr,
    pub started_in: Duration,
}

impl Server {
    /// `melek serve` on a free port.
    pub fn melek(place: &Place) -> Result<Self> {
        let mut command = melek(place);
        command.args(["serve", "--host", "127.0.0.1", "--port", "0", "--data"]).arg(place.folder());
        Self::start(command, place)
    }

    /// A program that uses the database of the place and says where it listens in its first line.
    pub fn start(command: Command, place: &Place) -> Result<Self> {
        let log_file = place.folder().join(LOG);
        let log = File::options().create(true).append(true).open(&log_file)?;
        let started = Instant::now();
        let mut command = in_place(command, place);
        let mut process =
            command.stdout(Stdio::piped()).stderr(log).spawn().context("the server could not be started")?;
        let mut line = String::new();
        if let Some(output) = process.stdout.take() {
            BufReader::new(output).read_line(&mut line)?;
        }
        let told = line.split_once("http://").and_then(|(_, rest)| rest.split(['/', ' ', '\n']).next());
        let Some(address) = told.and_then(|address| address.parse().ok()) else {
            let _ = process.kill();
            process.wait()?;
            bail!("the server did not start: {line}{}", std::fs::read_to_string(log_file).unwrap_or_default());
        };
        Ok(Self { process, address, started_in: started.elapsed() })
    }

    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// `kill -9`: no warning, nothing is finished.
    pub fn kill(mut self) -> Result<()> {
        self.process.kill()?;
        self.process.wait()?;
        Ok(())
    }

    /// SIGTERM: the server finishes what it was asked.
    pub fn stop(mut self) -> Result<()> {
        let told = Command::new("kill").arg("-TERM").arg(self.id().to_string()).status()?;
        let ended = self.process.wait()?;
        if !told.success() || !ended.success() {
            bail!("the server did not stop as it was told: {ended}");
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
