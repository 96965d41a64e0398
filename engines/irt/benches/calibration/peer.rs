//! Other programs that calibrate: each is a script that fits one file and prints its parameters. A peer runs in a
//! process of its own, on one thread, for a limited time.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use melek_irt::model::{Form, ResponseFunction};
use serde_json::Value;

use crate::data::{DataSet, Kind};
use crate::measure::median;

const ONE_THREAD: [&str; 5] =
    ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS", "RAYON_NUM_THREADS"];

/// A run that takes longer is not repeated.
const LONG_RUN: Duration = Duration::from_secs(120);
const REPETITIONS: usize = 3;
const POLL: Duration = Duration::from_millis(50);

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Program {
    Girth,
    PythonMirt,
    RMirt,
}

pub const PROGRAMS: [Program; 3] = [Program::Girth, Program::PythonMirt, Program::RMirt];

/// Where the interpreters lie, and how long a peer may take.
pub struct Place {
    pub python: Option<PathBuf>,
    pub rscript: Option<PathBuf>,
    pub limit: Duration,
    pub repeat: bool,
}

/// What a peer found.
pub struct Found {
    pub version: String,
    pub runs: usize,
    pub processor_s: f64,
    pub peak_mb: f64,
    pub functions: Vec<ResponseFunction>,
    pub correlation: Option<f64>,
}

impl Program {
    pub fn name(self) -> &'static str {
        match self {
            Self::Girth => "girth",
            Self::PythonMirt => "mirt (Python)",
            Self::RMirt => "mirt (R)",
        }
    }

    /// Why it cannot estimate this.
    fn inability(self, kind: Kind) -> Option<&'static str> {
        match (self, kind) {
            (Self::Girth, Kind::ThreeParameter) => Some("knows no prior on the lower asymptote"),
            (Self::Girth, Kind::TwoDimensions) => {
                Some("explores dimensions, but cannot be told which item measures which")
            }
            _ => None,
        }
    }

    fn command(self, place: &Place) -> Result<Command> {
        let (interpreter, script, advice) = match self {
            Self::Girth => (&place.python, "girth_fit.py", "run through `cargo xtask bench irt`, which installs it"),
            Self::PythonMirt => {
                (&place.python, "mirt_fit.py", "run through `cargo xtask bench irt`, which installs it")
            }
            Self::RMirt => (&place.rscript, "mirt_fit.R", "there is no Rscript with the package mirt on this machine"),
        };
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/calibration/peers").join(script);
        let mut command = Command::new(interpreter.as_ref().context(advice)?);
        command.arg(script);
        Ok(command)
    }

    /// Fits the file; an error says why there is no result.
    pub fn fit(self, set: &DataSet, file: &Path, place: &Place) -> Result<Found> {
        if let Some(reason) = self.inability(set.kind) {
            bail!("{reason}");
        }
        let (first, mut took) = self.run(set, file, place)?;
        let mut times = vec![seconds(&first)?];
        while place.repeat && times.len() < REPETITIONS && took < LONG_RUN {
            let (again, again_took) = self.run(set, file, place)?;
            times.push(seconds(&again)?);
            took = again_took;
        }
        let items = first["items"].as_array().context("no items in what it printed")?;
        Ok(Found {
            version: first["version"].as_str().unwrap_or("?").to_owned(),
            runs: times.len(),
            processor_s: median(times),
            peak_mb: first["peak_mb"].as_f64().unwrap_or(f64::NAN),
            functions: items.iter().map(|item| function(item, set.kind)).collect::<Result<_>>()?,
            correlation: first["correlation"].as_f64(),
        })
    }

    fn run(self, set: &DataSet, file: &Path, place: &Place) -> Result<(Value, Duration)> {
        let (log, errors) = (file.with_extension("out"), file.with_extension("err"));
        let mut command = self.command(place)?;
        command.arg(file).args([set.persons, set.items].map(|count| count.to_string())).arg(set.name);
        command.envs(ONE_THREAD.map(|variable| (variable, "1"))).stdin(Stdio::null());
        command.stdout(std::fs::File::create(&log)?).stderr(std::fs::File::create(&errors)?);
        let start = Instant::now();
        let mut child = command.spawn()?;
        if !ends_well(&mut child, start + place.limit)? {
            let said = std::fs::read_to_string(&errors)?;
            bail!("failed: {}", said.trim().lines().last().unwrap_or("it said nothing"));
        }
        let printed = std::fs::read_to_string(&log)?;
        let line = printed.lines().last().context("it printed nothing")?;
        Ok((serde_json::from_str(line)?, start.elapsed()))
    }
}

/// Waits; at the deadline the process is ended.
fn ends_well(child: &mut Child, deadline: Instant) -> Result<bool> {
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status.success());
        }
        if Instant::now() > deadline {
            child.kill()?;
            child.wait()?;
            bail!("was not ready within the time limit");
        }
        sleep(POLL);
    }
}

fn seconds(printed: &Value) -> Result<f64> {
    printed["processor_s"].as_f64().context("no time in what it printed")
}

fn function(item: &Value, kind: Kind) -> Result<ResponseFunction> {
    let list =
        |name: &str| -> Vec<f64> { item[name].as_array().into_iter().flatten().filter_map(Value::as_f64).collect() };
    let (mut slopes, intercepts) = (list("slopes"), list("intercepts"));
    if kind != Kind::TwoDimensions {
        slopes.truncate(1);
    }
    let form = match kind {
        Kind::Graded => Form::Graded { intercepts },
        _ => Form::Logistic {
            intercept: *intercepts.first().context("an item without intercept")?,
            lower: item["lower"].as_f64().unwrap_or(0.0),
            upper: 1.0,
        },
    };
    Ok(ResponseFunction::new(slopes, form)?)
}
