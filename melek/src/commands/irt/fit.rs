//! `melek irt fit`: whether a calibration describes the answers it was made from.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use melek_irt::calibration::{Grid, Options};
use melek_irt::fit::Fitted;

use super::answers::{self, DataFile};
use super::estimation::{Estimation, threads};
use super::fit_file::{self, FitFile};
use super::prior::PriorOption;
use super::specification::{fix, known_scores, specification};
use super::statistics::{Judge, Wanted};
use super::stop::Stop;
use super::{notes, tables};
use crate::bad_input::BadInput;
use crate::output::say;

/// Log-likelihoods of the same answers and settings are nearer than this.
const SAME: f64 = 0.05;

#[derive(Args)]
#[command(
    after_help = "The calibration is repeated with the settings that are in FIT.json, because the statistics need how parameters depend on \
    each other; answers that give another likelihood are refused. Columns and groups are named as for `melek irt calibrate`.\n\n\
    Example:\n  melek irt fit fit.json answers.csv --pairs --out fit.json"
)]
pub struct Fit {
    /// What `melek irt calibrate --out` wrote
    #[arg(value_name = "FIT.json")]
    fit: PathBuf,
    #[command(flatten)]
    data: DataFile,
    /// Add the pairs of items that go together more or less than the model says
    #[arg(long)]
    pairs: bool,
    /// Add how usual the answers of each person are
    #[arg(long)]
    people: bool,
    /// Threads; without it one a processor
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
    /// File to write: FIT.json with the statistics
    #[arg(long, value_name = "FIT.json")]
    out: Option<PathBuf>,
    /// Print the statistics as JSON
    #[arg(long)]
    json: bool,
}

pub fn run(arguments: &Fit) -> Result<()> {
    let mut file = fit_file::read(&arguments.fit)?;
    let bad = |text: String| BadInput(format!("{}: {text}", arguments.fit.display()));
    let priors: Vec<PriorOption> = file
        .priors
        .iter()
        .map(|text| text.parse().map_err(|error| bad(format!("prior {text}: {error}"))))
        .collect::<Result<_, _>>()?;
    let fixed = FitFile { items: file.items.iter().filter(|item| item.fixed).cloned().collect(), ..file.clone() };
    let answers = answers::read_known(&arguments.data, &known_scores(&fixed))?;
    let mut specification = specification(file.model, &priors, &answers)?;
    if !fixed.items.is_empty() {
        fix(&mut specification, &answers, &fixed).map_err(|error| bad(error.to_string()))?;
    }
    let options = Options {
        grid: file.grid.map(|grid| Grid { points: grid.points, lowest: grid.lowest, highest: grid.highest }),
        tolerance: file.tolerance.unwrap_or(1e-4),
        threads: threads(arguments.threads),
        standard_errors: true,
        ..Options::default()
    };
    let path = &arguments.data.path;
    let estimation = Estimation { path, answers: &answers, specification: &specification, options: &options };
    let (calibration, _) = estimation.run(&Stop::on_ctrl_c())?;
    let before = file.log_likelihood.unwrap_or(f64::NAN);
    if (calibration.log_likelihood - before).abs() > SAME {
        let other = calibration.log_likelihood;
        let text = format!(
            "its log-likelihood is {before:.3}, that of {} is {other:.3}: other answers, columns or groups",
            path.display()
        );
        return Err(bad(text).into());
    }
    let fitted = Fitted::new(&answers.responses, &specification, &calibration)?;
    let judge = Judge { answers: &answers, calibration: &calibration, fitted };
    let found = judge.judge(Wanted { pairs: arguments.pairs, people: arguments.people });
    notes::tell(&found.warnings);
    file.fit = Some(found.fit.into());
    file.reliability = found.reliability;
    file.warnings.retain(|warning| warning.kind != "no_statistic");
    file.warnings.extend(found.warnings);
    if let Some(out) = &arguments.out {
        let text = serde_json::to_string(&file)? + "\n";
        std::fs::write(out, text).with_context(|| format!("{} cannot be written", out.display()))?;
    }
    if arguments.json {
        say(&serde_json::json!({"fit": file.fit, "reliability": file.reliability}).to_string());
    } else {
        tables::statistics(&file);
    }
    Ok(())
}
