//! `melek irt report`: one file of HTML that shows a calibration, without scripts and without anything from elsewhere.
//!
//! Every chart has its figures in a table; light and dark follow the reader's machine.

mod ability;
mod findings;
mod items;

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use melek_irt::model::{Form, ResponseFunction};

use super::fit_file::{self, FitFile, FitItem};
use crate::commands::page::html::{self, Table, number};
use crate::commands::page::{Part, page};
use crate::output::say;

/// Points of a curve.
const POINTS: usize = 41;

#[derive(Args)]
#[command(
    after_help = "The page has the curves of items and options, information, items and people on one scale, exposure, and the \
    statistics of fit that are in the file. It needs no network and no scripts.\n\n\
    Example:\n  melek irt report fit.json --out report.html"
)]
pub struct Report {
    /// What `melek irt calibrate --out` wrote
    #[arg(value_name = "FIT.json")]
    fit: PathBuf,
    /// What `melek irt dif --out` wrote, for its table
    #[arg(long, value_name = "DIF.json")]
    dif: Option<PathBuf>,
    /// Heading of the page; without it the name of the file
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// File to write; without it the name of FIT.json with .html
    #[arg(long, value_name = "FILE.html")]
    out: Option<PathBuf>,
}

pub fn run(arguments: &Report) -> Result<()> {
    let file = fit_file::read(&arguments.fit)?;
    let dif = arguments.dif.as_deref().map(findings::read_dif).transpose()?;
    let name = arguments.fit.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let title = arguments.title.clone().unwrap_or(name);
    let page = Page::new(&file).html(&title, dif.as_ref());
    let out = arguments.out.clone().unwrap_or_else(|| arguments.fit.with_extension("html"));
    std::fs::write(&out, page).with_context(|| format!("{} cannot be written", out.display()))?;
    say(&format!("{}", out.display()));
    Ok(())
}

/// A calibration with what several charts need.
struct Page<'a> {
    file: &'a FitFile,
    functions: Vec<ResponseFunction>,
    /// Abilities the charts show, whole logits.
    range: [f64; 2],
}

impl<'a> Page<'a> {
    fn new(file: &'a FitFile) -> Self {
        let reach = file.all_groups().iter().fold([-4.0_f64, 4.0], |[from, to], group| {
            let (mean, sd) = (group.mean.unwrap_or(0.0), group.sd.unwrap_or(1.0));
            [from.min((mean - 3.0 * sd).floor()), to.max((mean + 3.0 * sd).ceil())]
        });
        Self { file, functions: file.functions(), range: reach.map(|end| end.clamp(-10.0, 10.0)) }
    }

    fn html(&self, title: &str, dif: Option<&findings::Dif>) -> String {
        let mut parts: Vec<Part> = vec![
            ("summary", "Summary", self.summary()),
            ("parameters", "Parameters", self.parameters()),
            ("curves", "Item curves", self.item_curves()),
        ];
        parts.extend(self.option_curves().map(|content| ("options", "Option curves", content)));
        parts.push(("information", "Information", self.information()));
        parts.push(("map", "Items and people", self.wright_map()));
        parts.extend(self.fit().map(|content| ("fit", "Fit", content)));
        parts.extend(dif.map(|dif| ("dif", "Differential item functioning", dif.html())));
        parts.extend(self.exposure().map(|content| ("exposure", "Exposure", content)));
        page((title, "calibration"), &self.lead(), &parts)
    }

    fn lead(&self) -> String {
        let FitFile { model, items, persons, answers, .. } = self.file;
        format!("Model {model}: {} items, {persons} people, {answers} answers.", items.len())
    }

    fn summary(&self) -> String {
        let file = self.file;
        let state = match (file.converged, file.interrupted) {
            (true, _) => "yes",
            (false, true) => "no, interrupted",
            (false, false) => "no",
        };
        let reliability = |of: fn(&fit_file::Reliability) -> Option<f64>| file.reliability.as_ref().and_then(of);
        let mut facts = vec![
            ("Log-likelihood", number(file.log_likelihood, 3)),
            ("Parameters", file.parameters.to_string()),
            ("AIC", number(file.aic, 2)),
            ("BIC", number(file.bic, 2)),
            ("SABIC", number(file.sabic, 2)),
            ("Converged", state.to_owned()),
            ("Iterations", file.iterations.to_string()),
        ];
        facts.extend(reliability(|r| r.marginal).map(|value| ("Marginal reliability", number(Some(value), 3))));
        facts.extend(reliability(|r| r.empirical).map(|value| ("Empirical reliability", number(Some(value), 3))));
        let mut out = html::facts(&facts);
        if !file.warnings.is_empty() {
            let lines = file.warnings.iter().map(|warning| &warning.message);
            out += &format!("<h3>Warnings</h3>\n{}", html::warnings(lines));
        }
        let mut table = Table::new("Ability of the groups, in logits", &["Group", "People", "Mean", "SE", "SD", "SE"]);
        for group in file.all_groups() {
            table.rows.push(vec![
                group.name.clone().unwrap_or_else(|| "all".to_owned()),
                group.persons.to_string(),
                number(group.mean, 3),
                number(group.se.mean, 3),
                number(group.sd, 3),
                number(group.se.sd, 3),
            ]);
        }
        out + &table.html()
    }

    /// Evenly spaced abilities of a curve.
    fn points(&self) -> impl Iterator<Item = f64> {
        let [from, to] = self.range;
        (0..POINTS).map(move |point| from + (to - from) * point as f64 / (POINTS - 1) as f64)
    }

    /// Abilities the tables show.
    fn whole(&self) -> Vec<f64> {
        (-3..=3).map(f64::from).collect()
    }
}

/// Where an item's categories change places: its difficulty, or one threshold a step. Nothing for a step that does not
/// depend on ability.
fn locations(item: &FitItem, function: &ResponseFunction) -> Vec<Option<f64>> {
    let slope = function.slopes().first().copied().unwrap_or(0.0);
    let place = |intercept: f64, slope: f64| (slope != 0.0).then(|| -intercept / slope);
    let all = match function.form() {
        Form::Logistic { intercept, .. } => vec![place(*intercept, slope)],
        Form::Graded { intercepts } => intercepts.iter().map(|intercept| place(*intercept, slope)).collect(),
        Form::DivideByTotal { scoring, intercepts } => {
            let step = |at: usize| {
                let before = at.checked_sub(1).map_or((0.0, 0.0), |before| (scoring[before], intercepts[before]));
                place(intercepts[at] - before.1, slope * (scoring[at] - before.0))
            };
            (0..intercepts.len()).map(step).collect()
        }
    };
    debug_assert_eq!(all.len(), item.intercepts.len());
    all
}
