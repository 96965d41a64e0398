//! `melek irt dif`: whether an item is harder for one group than for people of another with the same score or ability.

mod by_ability;
mod by_score;

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use melek_irt::fairness::{Class, Groups};
use serde::Serialize;

use super::answers::{self, Answers, DataFile};
use super::model_name::ModelName;
use super::outcome::finite;
use super::prior::PriorOption;
use super::tables::number;
use crate::bad_input::BadInput;
use crate::output::{note, say};

/// An item is taken out of the matching score or ability when its difference is this unlikely.
const SIGNIFICANCE: f64 = 0.05;

/// Rounds of taking items out at most.
const MOST_ROUNDS: usize = 10;

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Method {
    /// Mantel–Haenszel; Mantel for more than two scores, generalised for more than two groups
    Mh,
    /// standardised difference of proportions
    Standardisation,
    /// logistic regression, uniform and not
    Logistic,
    /// whether the odds ratio changes with the score
    BreslowDay,
    /// SIBTEST
    Sibtest,
    /// likelihood ratio of two calibrations, the item free and not; needs --model
    Lr,
    /// Wald's test of the item's parameters in the groups; needs --model
    Wald,
}

impl Method {
    fn by_ability(self) -> bool {
        matches!(self, Self::Lr | Self::Wald)
    }

    fn takes_many_groups(self) -> bool {
        self == Self::Mh || self.by_ability()
    }

    fn name(self) -> String {
        self.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
    }
}

#[derive(Args)]
#[command(
    after_help = "The first group (or --reference) is the reference. All methods but lr and wald compare people of the same total score, \
    who must have answered all items; lr and wald estimate the ability of each group with the items of --model, and answers may be \
    missing. Effects: mh delta (below 0: harder for the other group), standardisation difference of proportions, logistic gain in \
    R², sibtest beta; lr and wald difference of the expected score in its standard deviations (small from 0.2, medium from 0.5). \
    Classes A, B, C: negligible, moderate, large. Power is the chance of finding a large difference; with lr and wald half a logit \
    of difficulty. A difference is no bias yet: read the item.\n\n\
    Examples:\n  melek irt dif answers.csv --groups sex --method mh --purify --out dif.json\n  \
    melek irt dif answers.csv --groups sex --method lr --model 2pl --purify"
)]
pub struct Dif {
    #[command(flatten)]
    data: DataFile,
    /// How groups are compared
    #[arg(long, value_enum, default_value_t = Method::Mh)]
    method: Method,
    /// Group that is compared with the reference, where there are more than two
    #[arg(long, value_name = "NAME")]
    focal: Option<String>,
    /// Leave items with a difference out of the score or ability that people are matched by, again and again
    #[arg(long)]
    purify: bool,
    /// Model of the items, for lr and wald
    #[arg(long, value_enum)]
    model: Option<ModelName>,
    /// Prior of a parameter, as in `calibrate`, for lr and wald
    #[arg(long, value_name = "PARAMETER=DENSITY", requires = "model")]
    prior: Vec<PriorOption>,
    /// Items known to be alike in all groups, for lr and wald; without it all but the one under test
    #[arg(long, value_name = "ITEM,…", value_delimiter = ',', requires = "model")]
    anchors: Vec<String>,
    /// Threads of lr and wald; without it one a processor. The result is the same for any number
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
    /// File to write, for `melek irt report --dif`
    #[arg(long, value_name = "DIF.json")]
    out: Option<PathBuf>,
    /// Print as JSON
    #[arg(long)]
    json: bool,
}

/// What is said of one item.
#[derive(Serialize, Default)]
struct Verdict {
    id: String,
    statistic: Option<f64>,
    df: Option<usize>,
    p: Option<f64>,
    effect: Option<f64>,
    se: Option<f64>,
    class: Option<&'static str>,
    /// Chance of finding a large difference.
    power: Option<f64>,
    /// p held against all items tested (Holm). By ability only.
    p_adjusted: Option<f64>,
    /// Mean absolute difference of the expected score, in points. By ability only.
    unsigned: Option<f64>,
    /// People of the group in which fewest answered. By ability only.
    smallest_group: Option<usize>,
    people: Option<usize>,
    left_out: Option<usize>,
    /// Taken out of the matching.
    flagged: bool,
    /// Why there is no verdict.
    problem: Option<String>,
}

#[derive(Serialize, Default)]
struct Report {
    method: String,
    groups: String,
    reference: String,
    purified: bool,
    rounds: usize,
    settled: bool,
    items: Vec<Verdict>,
    warnings: Vec<String>,
}

pub fn run(arguments: &Dif) -> Result<()> {
    let Some(column) = &arguments.data.groups else {
        return Err(BadInput("say with --groups which column names the groups".to_owned()).into());
    };
    let answers = answers::read(&arguments.data)?;
    let bad = |text: String| BadInput(format!("{}: {text}", arguments.data.path.display()));
    let (groups, names) = arguments.groups(&answers).map_err(&bad)?;
    let mut report = if arguments.method.by_ability() {
        by_ability::report(arguments, &answers, &groups).map_err(&bad)?
    } else {
        by_score::report(&answers, &groups, arguments)
    };
    report.method = arguments.method.name();
    report.purified = arguments.purify;
    report.groups = column.clone();
    report.reference.clone_from(&names[0]);
    report.warnings.iter().for_each(|warning| note(&format!("warning: {warning}")));
    if let Some(out) = &arguments.out {
        let text = serde_json::to_string(&report)? + "\n";
        std::fs::write(out, text).with_context(|| format!("{} cannot be written", out.display()))?;
    }
    if arguments.json {
        say(&serde_json::to_string(&report)?)
    } else {
        tell(&report, &names)
    }
    Ok(())
}

impl Dif {
    /// The groups that are compared and their names, the reference first.
    fn groups(&self, answers: &Answers) -> Result<(Groups, Vec<String>), String> {
        let Some(named) = &answers.groups else { return Err("there are no groups".to_owned()) };
        let names = &named.names;
        let all = Groups::new(&named.of)
            .map_err(|_| format!("there is only the group {}; two are needed", names.join(", ")))?;
        let focal =
            match &self.focal {
                Some(name) => {
                    let place = names.iter().position(|known| known == name);
                    Some(place.ok_or_else(|| {
                        format!("--focal {name}: there is no such group; there are {}", names.join(", "))
                    })?)
                }
                None => None,
            };
        match focal {
            Some(0) => {
                Err(format!("--focal {}: that is the reference; name another, or another --reference", names[0]))
            }
            Some(focal) => {
                let pair = all.pair(0, focal as u16).map_err(|error| error.to_string())?;
                Ok((pair, vec![names[0].clone(), names[focal].clone()]))
            }
            None if names.len() > 2 && !self.method.takes_many_groups() => Err(format!(
                "there are the groups {}; choose with --focal which one is compared with {}",
                names.join(", "),
                names[0]
            )),
            None => Ok((all, names.clone())),
        }
    }
}

fn unsettled() -> String {
    format!("after {MOST_ROUNDS} rounds still other items differ each time; look at the items by hand")
}

impl Verdict {
    fn tested(statistic: f64, df: usize, p: f64) -> Self {
        Self { statistic: finite(statistic), df: Some(df), p: finite(p), ..Self::default() }
    }

    fn sized(self, effect: f64, se: f64, class: Class) -> Self {
        let class = match class {
            Class::A => "A",
            Class::B => "B",
            Class::C => "C",
        };
        Self { effect: finite(effect), se: finite(se), class: Some(class), ..self }
    }
}

fn tell(report: &Report, names: &[String]) {
    say(&format!("{} against {}: {}, {} items", names[1..].join(", "), names[0], report.method, report.items.len()));
    if report.purified {
        let flagged: Vec<&str> = report.items.iter().filter(|item| item.flagged).map(|item| item.id.as_str()).collect();
        say(&format!("left out of the matching after {} rounds: {}", report.rounds, flagged.join(", ")));
    }
    let width = report.items.iter().map(|item| item.id.chars().count()).max().unwrap_or(0).max(4);
    say(&format!("{:<width$} {:>10} {:>3} {:>8} {:>9} {:>8} class", "item", "statistic", "df", "p", "effect", "SE"));
    for item in &report.items {
        let df = item.df.map_or_else(|| "–".to_owned(), |df| df.to_string());
        let line = format!(
            "{:<width$} {:>10} {df:>3} {:>8} {:>9} {:>8} {}",
            item.id,
            number(item.statistic, 4),
            number(item.p, 4),
            number(item.effect, 4),
            number(item.se, 4),
            item.class.or(item.problem.as_deref()).unwrap_or("")
        );
        say(line.trim_end());
    }
}
