//! `melek irt score`: abilities of people from their answers to known items.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use melek_irt::responses::Response;
use melek_irt::scoring::{self, Direction, Estimate, Population, Scorer, SumScoreTable};
use serde::Serialize;

use super::answers::{self, Answers, DataFile};
use super::fit_file::{self, FitFile};
use super::known::{Known, groups};
use super::outcome::finite;
use crate::bad_input::BadInput;
use crate::output::{note, say};

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Method {
    /// expected a posteriori
    Eap,
    /// maximum a posteriori
    Map,
    /// maximum likelihood; none after only right or only wrong answers
    Ml,
    /// weighted likelihood (Warm)
    Wle,
    /// expected a posteriori from the sum of the scores alone
    Sum,
}

#[derive(Args)]
#[command(
    after_help = "Items are known by their names; columns that are not in FIT.json are left out. With groups in FIT.json, --groups names \
    the column that says who is in which.\n\n\
    Example:\n  melek irt score fit.json answers.csv --method eap --out scores.csv"
)]
pub struct ScorePeople {
    /// What `melek irt calibrate --out` wrote, or a file of the same shape
    #[arg(value_name = "FIT.json")]
    fit: PathBuf,
    #[command(flatten)]
    data: DataFile,
    /// How ability is estimated
    #[arg(long, value_enum, default_value_t = Method::Eap)]
    method: Method,
    /// File to write, CSV; without it the scores are printed
    #[arg(long, value_name = "SCORES.csv")]
    out: Option<PathBuf>,
    /// Write JSON instead of CSV
    #[arg(long)]
    json: bool,
}

/// One line of the result.
#[derive(Serialize)]
struct Line {
    row: usize,
    person: String,
    answers: usize,
    /// Sum of the scores as they stand in the data.
    sum: u32,
    ability: Option<f64>,
    se: Option<f64>,
    /// Why there is no ability.
    remark: &'static str,
}

pub fn run(arguments: &ScorePeople) -> Result<()> {
    let file = fit_file::read(&arguments.fit)?;
    let answers = answers::read(&arguments.data)?;
    let bad = |error: super::known::KnownError| BadInput(format!("{}: {error}", arguments.data.path.display()));
    let known = Known::of(&file, &answers).map_err(bad)?;
    let places = groups(&file, &answers).map_err(bad)?;
    known.left_out().into_iter().for_each(|line| note(&format!("warning: {line}")));
    let mut scorers = Scorers::new(arguments.method, &file, &known)?;
    let mut lines = Vec::with_capacity(answers.responses.persons());
    for row in 0..answers.responses.persons() {
        let own = known.answers(&answers, row).map_err(bad)?;
        let group = answers.groups.as_ref().map_or(0, |groups| usize::from(groups.of[row]));
        let (score, remark) = scorers.score(places[group], &own)?;
        let scores = own
            .iter()
            .map(|answer| u32::from(known.items[usize::from(answer.item)].scores()[usize::from(answer.category)]));
        lines.push(Line {
            row: row + 1,
            person: answers.person_name(row),
            answers: own.len(),
            sum: scores.sum(),
            ability: score.as_ref().and_then(|score| finite(*score.ability.first()?)),
            se: score.as_ref().and_then(|score| finite(score.standard_error(0))),
            remark,
        });
    }
    write(arguments, &answers, &lines)
}

fn write(arguments: &ScorePeople, answers: &Answers, lines: &[Line]) -> Result<()> {
    let bytes = if arguments.json {
        serde_json::to_vec(&serde_json::json!({"people": answers.responses.persons(), "scores": lines}))?
    } else {
        let mut rows = csv::Writer::from_writer(Vec::new());
        lines.iter().try_for_each(|line| rows.serialize(line))?;
        rows.into_inner().map_err(|error| anyhow::anyhow!("{}", error.error()))?
    };
    match &arguments.out {
        Some(path) => std::fs::write(path, bytes).with_context(|| format!("{} cannot be written", path.display())),
        None => {
            say(String::from_utf8_lossy(&bytes).trim_end());
            Ok(())
        }
    }
}

/// One scorer a group, and the tables of sums that have been needed.
struct Scorers {
    method: Method,
    of_group: Vec<Scorer>,
    tables: HashMap<(usize, Vec<u16>), SumScoreTable>,
}

impl Scorers {
    fn new(method: Method, file: &FitFile, known: &Known) -> Result<Self> {
        let one = |group: &fit_file::FitGroup| -> Result<Scorer> {
            let (mean, sd) = (group.mean.unwrap_or(0.0), group.sd.unwrap_or(1.0));
            Ok(Scorer::new(known.functions.clone(), Population::new(vec![mean], vec![vec![sd * sd]])?)?)
        };
        let of_group = file.all_groups().into_iter().map(one).collect::<Result<_>>()?;
        Ok(Self { method, of_group, tables: HashMap::new() })
    }

    fn score(&mut self, group: usize, own: &[Response]) -> Result<(Option<scoring::Score>, &'static str)> {
        let scorer = &self.of_group[group];
        Ok(match self.method {
            _ if own.is_empty() => (None, "no answers"),
            Method::Eap => (Some(scorer.expected_a_posteriori(own)?), ""),
            Method::Map => (Some(scorer.maximum_a_posteriori(own)?), ""),
            Method::Ml => told(scorer.maximum_likelihood(own)?),
            Method::Wle => told(scorer.weighted_likelihood(own)?),
            Method::Sum => {
                let items: Vec<u16> = own.iter().map(|answer| answer.item).collect();
                let sum: usize = own.iter().map(|answer| usize::from(answer.category)).sum();
                let table = match self.tables.entry((group, items)) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(new) => {
                        let items: Vec<usize> = new.key().1.iter().map(|item| usize::from(*item)).collect();
                        new.insert(scorer.sum_scores(&items)?)
                    }
                };
                (table.lines.get(sum).map(|line| line.score.clone()), "")
            }
        })
    }
}

fn told(estimate: Estimate) -> (Option<scoring::Score>, &'static str) {
    match estimate {
        Estimate::Finite(score) => (Some(score), ""),
        Estimate::Infinite(directions) => match directions.first() {
            Some(Direction::Below) => (None, "below all"),
            _ => (None, "above all"),
        },
        Estimate::Undetermined => (None, "undetermined"),
    }
}
