//! `melek irt simulate`: answers of invented people to known items, or an adaptive test played to them (`adaptive.rs`).

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use melek_irt::model::ResponseFunction;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;

use super::adaptive::{self, Adaptive};
use super::fit_file::{self, FitFile};
use crate::bad_input::BadInput;

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Layout {
    /// one row a person, one column an item
    Wide,
    /// person,item,score
    Long,
}

#[derive(Args)]
#[command(
    after_help = "Abilities are drawn from the groups of the file, in turn where there are several; a column names the group then. \
    The same seed gives the same file. A file written by hand needs \"model\" and, for each item, \"id\", \"slope\" and \
    \"intercepts\".\n\n\
    Examples:\n  melek irt simulate fit.json --people 1000 --seed 7 --out answers.csv\n  \
    melek irt simulate --bank bank.csv --items 30 --domains 4,8 --exposure priced:0.25,1.5,0.008 --people 2000"
)]
pub struct Simulate {
    /// Parameters: what `melek irt calibrate --out` wrote, or a file of the same shape
    #[arg(value_name = "PARAMETERS.json", required_unless_present = "bank", conflicts_with = "bank")]
    parameters: Option<PathBuf>,
    /// How many people answer
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..))]
    people: u32,
    /// Seed of abilities and answers
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Share of the items each person is shown, drawn anew for everybody
    #[arg(long, value_name = "SHARE", default_value_t = 1.0, value_parser = share)]
    shown: f64,
    /// Add a column with the true ability
    #[arg(long)]
    with_ability: bool,
    /// Shape of the file
    #[arg(long, value_enum, default_value_t = Layout::Wide)]
    layout: Layout,
    /// File to write: answers as a table, or the paths of an adaptive test as JSON; without it answers are printed
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten, next_help_heading = "An adaptive test")]
    adaptive: Adaptive,
}

pub fn run(arguments: &Simulate) -> Result<()> {
    if let Some(bank) = &arguments.adaptive.bank {
        let who = (arguments.people, arguments.seed);
        return adaptive::run(&arguments.adaptive, bank, who, arguments.out.as_deref());
    }
    let Some(parameters) = &arguments.parameters else { return Ok(()) };
    let file = fit_file::read(parameters)?;
    match &arguments.out {
        Some(path) => {
            write(arguments, &file, create(path)?).with_context(|| format!("{} cannot be written", path.display()))
        }
        None => match write(arguments, &file, std::io::stdout().lock()) {
            // A reader that went away is no error.
            Err(error) if is_closed(&error) => Ok(()),
            other => Ok(other?),
        },
    }
}

fn create(path: &Path) -> Result<std::fs::File, BadInput> {
    std::fs::File::create(path).map_err(|error| BadInput(format!("{} cannot be made: {error}", path.display())))
}

fn is_closed(error: &csv::Error) -> bool {
    matches!(error.kind(), csv::ErrorKind::Io(error) if error.kind() == std::io::ErrorKind::BrokenPipe)
}

fn write(arguments: &Simulate, file: &FitFile, out: impl Write) -> Result<(), csv::Error> {
    let mut rows = csv::Writer::from_writer(BufWriter::new(out));
    let groups = file.all_groups();
    let mut first = vec!["person"];
    first.extend((groups.len() > 1).then_some("group"));
    first.extend(arguments.with_ability.then_some("ability"));
    match arguments.layout {
        Layout::Wide => {
            rows.write_record(first.into_iter().chain(file.items.iter().map(|item| item.id.as_str())))?;
        }
        Layout::Long => rows.write_record(first.into_iter().chain(["item", "score"]))?,
    }
    let mut people = People::new(arguments, file);
    for person in 0..arguments.people as usize {
        let group = groups[person % groups.len()];
        let ability = group.mean.unwrap_or(0.0) + group.sd.unwrap_or(1.0) * people.rng.sample::<f64, _>(StandardNormal);
        let mut start = vec![format!("P{:0width$}", person + 1, width = people.digits)];
        if groups.len() > 1 {
            start.push(group.name.clone().unwrap_or_else(|| (person % groups.len() + 1).to_string()));
        }
        start.extend(arguments.with_ability.then(|| format!("{ability:.6}")));
        let answers = people.answers(ability);
        let text = |score: &Option<u8>| score.map(|score| score.to_string()).unwrap_or_default();
        match arguments.layout {
            Layout::Wide => rows.write_record(start.into_iter().chain(answers.iter().map(text)))?,
            Layout::Long => {
                for (item, score) in file.items.iter().zip(&answers).filter(|(_, score)| score.is_some()) {
                    rows.write_record(start.iter().chain([&item.id, &text(score)]))?;
                }
            }
        }
    }
    Ok(rows.flush()?)
}

/// Draws answers.
struct People {
    rng: ChaCha8Rng,
    functions: Vec<ResponseFunction>,
    scores: Vec<Vec<u8>>,
    shown: f64,
    digits: usize,
}

impl People {
    fn new(arguments: &Simulate, file: &FitFile) -> Self {
        Self {
            rng: ChaCha8Rng::seed_from_u64(arguments.seed),
            functions: file.functions(),
            scores: file.items.iter().map(fit_file::FitItem::scores).collect(),
            shown: arguments.shown,
            digits: arguments.people.to_string().len(),
        }
    }

    /// One answer an item, none where it is not shown.
    fn answers(&mut self, ability: f64) -> Vec<Option<u8>> {
        let Self { rng, functions, scores, shown, .. } = self;
        let one = |(function, scores): (&ResponseFunction, &Vec<u8>)| {
            let is_shown = *shown >= 1.0 || rng.random::<f64>() < *shown;
            let mut left = rng.random::<f64>();
            let chances = function.probabilities(&[ability]);
            let category = chances.iter().position(|chance| {
                left -= chance;
                left < 0.0
            });
            let category = category.unwrap_or(chances.len() - 1);
            if is_shown { scores.get(category).copied() } else { None }
        };
        functions.iter().zip(scores.iter()).map(one).collect()
    }
}

fn share(text: &str) -> Result<f64, String> {
    let value = text.parse::<f64>().ok().filter(|value| *value > 0.0 && *value <= 1.0);
    value.ok_or_else(|| "a share greater than 0 and at most 1 is needed, for example 0.3".to_owned())
}
