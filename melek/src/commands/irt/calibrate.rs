//! `melek irt calibrate`: from a file of answers to the parameters of items.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use melek_irt::calibration::{Calibration, Grid, Options, Specification};
use melek_irt::fit::Fitted;

use super::answers::{self, Answers, DataFile};
use super::estimation::{Estimation, threads};
use super::fit_file::{self, FitFile, FitWarning};
use super::model_name::ModelName;
use super::outcome::Outcome;
use super::prior::PriorOption;
use super::specification::{Fixed, fix, known_scores, specification};
use super::statistics::{Judge, Wanted, scores};
use super::stop::Stop;
use super::{grid, notes, tables};
use crate::bad_input::BadInput;
use crate::output::say;

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ScoreMethod {
    /// expected a posteriori
    Eap,
}

#[derive(Args)]
#[command(
    after_help = "The model is the same for all items. With --groups the first group (or --reference) is standard normal and \
    the others are estimated. With --fix, items of the same name keep the parameters of the file and all groups are estimated. \
    Ctrl-C ends the calibration and keeps the best so far. Warnings go to standard error and into the file.\n\n\
    Examples:\n  melek irt calibrate answers.csv --model 2pl --se --fit --scores eap --out fit.json\n  \
    melek irt calibrate answers.csv.gz --model 3pl --prior lower=beta:5,17 --out fit.json\n  \
    melek irt calibrate new.csv --model 2pl --fix bank.json --out fit.json"
)]
pub struct Calibrate {
    #[command(flatten)]
    data: DataFile,
    /// Model of the items
    #[arg(long, value_enum)]
    model: ModelName,
    /// Prior of a parameter: normal:mean,sd, lognormal:mean,sd or beta:a,b, on slope, intercept, lower, upper
    #[arg(long, value_name = "PARAMETER=DENSITY")]
    prior: Vec<PriorOption>,
    /// File of parameters that items of the same name keep
    #[arg(long, value_name = "PARAMETERS.json")]
    fix: Option<PathBuf>,
    /// Compute standard errors
    #[arg(long)]
    se: bool,
    /// Compute standard errors that hold though the model may not (sandwich)
    #[arg(long, requires = "se")]
    robust: bool,
    /// Add statistics of fit and reliability: M2, S-X2, infit, outfit
    #[arg(long)]
    fit: bool,
    /// Add the ability of every person
    #[arg(long, value_enum)]
    scores: Option<ScoreMethod>,
    /// Add the covariances of the parameters, for the errors of `melek irt link`
    #[arg(long, requires = "se")]
    covariance: bool,
    /// Largest change of a parameter, in logits, at which the calibration ends
    #[arg(long, value_name = "LOGITS", default_value_t = 1e-4, value_parser = tolerance)]
    tolerance: f64,
    /// Passes over the people at most
    #[arg(long, value_name = "N", default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..))]
    max_iterations: u32,
    /// Points of ability; without it 61,-6,6 and finer where the data ask for it
    #[arg(long, value_name = "POINTS,LOWEST,HIGHEST", value_parser = grid::parse, allow_hyphen_values = true)]
    grid: Option<Grid>,
    /// Threads; without it one a processor. The result is the same for any number
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
    /// File to write
    #[arg(long, value_name = "FIT.json")]
    out: Option<PathBuf>,
    /// Print what would be in the file instead of tables
    #[arg(long)]
    json: bool,
}

pub fn run(arguments: &Calibrate) -> Result<()> {
    let bank = arguments.fix.as_deref().map(fit_file::read).transpose()?;
    let known = bank.as_ref().map(known_scores).unwrap_or_default();
    let answers = answers::read_known(&arguments.data, &known)?;
    let (specification, fixed) = arguments.specification(&answers, bank.as_ref())?;
    let stop = Stop::on_ctrl_c();
    let (path, options) = (&arguments.data.path, arguments.options());
    let estimation = Estimation { path, answers: &answers, specification: &specification, options: &options };
    let (calibration, timing) = estimation.run(&stop)?;
    let outcome = Outcome { model: arguments.model, answers: &answers, calibration: &calibration, fixed: &fixed };
    let mut file = outcome.fit_file();
    file.interrupted = stop.is_asked();
    file.tolerance = Some(arguments.tolerance);
    file.priors = arguments.prior.iter().map(|prior| prior.text.clone()).collect();
    file.timing = Some(timing);
    if file.interrupted {
        let message = "ended by Ctrl-C before the largest change was small enough; these are the best so far";
        file.warnings.push(FitWarning { kind: "interrupted".to_owned(), item: None, message: message.to_owned() });
    }
    arguments.add(&mut file, (&answers, &specification, &calibration))?;
    notes::tell(&file.warnings);
    arguments.write(&file)
}

impl Calibrate {
    fn specification(&self, answers: &Answers, bank: Option<&FitFile>) -> Result<(Specification, Vec<Fixed>)> {
        let mut specification = specification(self.model, &self.prior, answers)?;
        let fixed = match (&self.fix, bank) {
            (Some(path), Some(bank)) => fix(&mut specification, answers, bank)
                .map_err(|error| BadInput(format!("--fix {}: {error}", path.display())))?,
            _ => vec![None; answers.items.len()],
        };
        Ok((specification, fixed))
    }

    fn options(&self) -> Options {
        Options {
            grid: self.grid,
            tolerance: self.tolerance,
            most_iterations: self.max_iterations as usize,
            threads: threads(self.threads),
            standard_errors: self.se,
            robust: self.robust,
            ..Options::default()
        }
    }

    /// Statistics and scores, where they were asked for.
    fn add(&self, file: &mut FitFile, known: (&Answers, &Specification, &Calibration)) -> Result<()> {
        let (answers, specification, calibration) = known;
        if self.fit {
            let fitted = Fitted::new(&answers.responses, specification, calibration)?;
            let found = Judge { answers, calibration, fitted }.judge(Wanted::default());
            file.fit = Some(found.fit.into());
            file.reliability = found.reliability;
            file.warnings.extend(found.warnings);
        }
        if self.scores.is_some() {
            file.scores = scores(answers, calibration)?;
        }
        if self.covariance {
            let all: Vec<usize> = (0..answers.items.len()).collect();
            let rows = calibration.covariance(&all).unwrap_or_default();
            file.covariance = rows.iter().enumerate().map(|(row, cells)| cells[..=row].to_vec()).collect();
        }
        Ok(())
    }

    fn write(&self, file: &FitFile) -> Result<()> {
        if let Some(path) = &self.out {
            let text = serde_json::to_string(file)? + "\n";
            std::fs::write(path, text).with_context(|| format!("{} cannot be written", path.display()))?;
        }
        if self.json {
            say(&serde_json::to_string(file)?);
        } else {
            tables::fit(file);
        }
        Ok(())
    }
}

fn tolerance(text: &str) -> Result<f64, String> {
    let value = text.parse::<f64>().ok().filter(|value| *value > 0.0 && *value <= 1.0);
    value.ok_or_else(|| "a number greater than 0 and at most 1 is needed, for example 1e-6".to_owned())
}
