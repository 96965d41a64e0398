//! `cargo xtask bench irt`: calibration of items beside other programs. What is measured is in
//! `engines/irt/benches/calibration`; here the peers are put into a Python environment of their own below the target folder.
//! R's mirt is used where it is installed; it comes from no registry that this project installs from.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::load::Passed;
use crate::prerequisites::{self, Tool};
use crate::program::{on_path, output_of, run, run_silently};
use crate::workspace::cargo;

/// What the environment holds; pip takes it from the registry.
const PEERS: [&str; 2] = ["girth==0.8.0", "mirt==1.2.0"];

pub fn beside_peers(passed: &Passed) -> Result<()> {
    prerequisites::require(&[Tool::Python])?;
    let folder = target_folder()?.join("irt-bench");
    std::fs::create_dir_all(&folder)?;
    let mut bench = cargo();
    bench.args(["bench", "--package", "melek-irt", "--features", "threads", "--bench", "calibration", "--"]);
    bench.arg("--folder").arg(&folder).arg("--python").arg(python_with_peers(&folder)?);
    if let Some(rscript) = rscript_with_mirt() {
        bench.arg("--rscript").arg(rscript);
    }
    run(bench.args(passed.options()))
}

/// Where cargo puts what it builds.
fn target_folder() -> Result<PathBuf> {
    let metadata = output_of(cargo().args(["metadata", "--format-version=1", "--no-deps", "--offline"]))?;
    let metadata: Value = serde_json::from_str(&metadata)?;
    Ok(metadata["target_directory"].as_str().context("cargo names no target folder")?.into())
}

/// The Python of the environment, which is made where it is missing or holds other versions.
fn python_with_peers(folder: &Path) -> Result<PathBuf> {
    let environment = folder.join("peers");
    let python = environment.join("bin/python");
    let there = output_of(Command::new(&python).args(["-m", "pip", "freeze"])).unwrap_or_default();
    if !PEERS.iter().all(|peer| there.lines().any(|line| line == *peer)) {
        eprintln!("Installing {} into {}", PEERS.join(" and "), environment.display());
        run_silently(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&environment))?;
        run_silently(Command::new(&python).args(["-m", "pip", "install", "--quiet"]).args(PEERS))?;
    }
    Ok(python)
}

fn rscript_with_mirt() -> Option<PathBuf> {
    let rscript = on_path("Rscript")?;
    output_of(Command::new(&rscript).args(["-e", "library(mirt)"])).is_ok().then_some(rscript)
}
