//! `cargo xtask bench cat`: a step of an adaptive test beside R's catR. What is measured is in `engines/irt/benches/adaptive`; catR is
//! used where an `Rscript` on the search path has it, and is not installed.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::program::{on_path, output_of, run};
use crate::workspace::cargo;

pub fn beside_catr() -> Result<()> {
    let mut bench = cargo();
    bench.args(["bench", "--package", "melek-irt", "--bench", "adaptive", "--", "--beside-catr"]);
    run(bench.arg(rscript_with_catr().unwrap_or_else(|| PathBuf::from("none"))))
}

fn rscript_with_catr() -> Option<PathBuf> {
    let rscript = on_path("Rscript")?;
    output_of(Command::new(&rscript).args(["-e", "library(catR)"])).is_ok().then_some(rscript)
}
