//! How much time of the processor cores went where, from Linux' /proc: a rate measured on a machine that others use as well
//! means little without it.

use anyhow::{Context, Result};

/// Ticks a second in /proc, on every Linux.
const TICKS: f64 = 100.0;

/// Seconds of processor time.
#[derive(Default, Clone, Copy)]
pub struct Processor {
    pub server_s: f64,
    pub generator_s: f64,
    /// Of all programs.
    busy_s: f64,
    /// Of all cores, used or not.
    pub capacity_s: f64,
}

impl Processor {
    /// Since the start of each; `server` is its process id.
    pub fn now(server: u32) -> Result<Self> {
        let machine = read("/proc/stat")?;
        let line = machine.lines().next().unwrap_or_default();
        let columns: Vec<f64> =
            line.split_whitespace().skip(1).take(8).filter_map(|ticks| ticks.parse().ok()).collect();
        let all: f64 = columns.iter().sum();
        let idle: f64 = columns.iter().skip(3).take(2).sum();
        Ok(Self {
            server_s: of_process(&server.to_string())?,
            generator_s: of_process("self")?,
            busy_s: (all - idle) / TICKS,
            capacity_s: all / TICKS,
        })
    }

    pub fn since(&self, before: &Self) -> Self {
        Self {
            server_s: self.server_s - before.server_s,
            generator_s: self.generator_s - before.generator_s,
            busy_s: self.busy_s - before.busy_s,
            capacity_s: self.capacity_s - before.capacity_s,
        }
    }

    /// Of all other programs: PostgreSQL, the system, and whoever else uses the machine.
    pub fn others_s(&self) -> f64 {
        (self.busy_s - self.server_s - self.generator_s).max(0.0)
    }
}

/// In user and system mode, all threads.
fn of_process(id: &str) -> Result<f64> {
    let stat = read(&format!("/proc/{id}/stat"))?;
    // The name of the program stands in brackets and may hold blanks.
    let fields = stat.rsplit(')').next().unwrap_or_default();
    let ticks = fields.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok());
    Ok(ticks.sum::<f64>() / TICKS)
}

fn read(path: &str) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("{path} cannot be read; this measurement needs Linux"))
}
