//! `melek irt dif`: whether an item is harder for one group than for people of another with the same score.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use melek_irt::fairness::{
    Adequacy, Class, Effect, FairnessError, Groups, Matching, SibtestOptions, Strata, Weight, breslow_day,
    generalised_mantel_haenszel, logistic, mantel, mantel_haenszel, purify, sibtest, standardisation,
};
use serde::Serialize;

use super::answers::{self, Answers, DataFile};
use super::outcome::finite;
use super::tables::number;
use crate::bad_input::BadInput;
use crate::output::{note, say};

/// An item is taken out of the matching score when its difference is this unlikely.
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
}

#[derive(Args)]
#[command(
    after_help = "The first group (or --reference) is the reference. People are compared with people of the same total score, so they must have \
    answered all items. Effects: mh delta (below 0: harder for the other group), standardisation difference of proportions, \
    logistic gain in R², sibtest beta. Classes A, B, C: negligible, moderate, large. A difference is no bias yet: read the item.\n\n\
    Example:\n  melek irt dif answers.csv --groups sex --method mh --purify --out dif.json"
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
    /// Leave items with a difference out of the score that people are matched by, again and again
    #[arg(long)]
    purify: bool,
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
    people: Option<usize>,
    left_out: Option<usize>,
    /// Taken out of the matching score.
    flagged: bool,
    /// Why there is no verdict.
    problem: Option<String>,
}

#[derive(Serialize)]
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
    let comparison = Comparison { answers: &answers, groups: &groups, method: arguments.method };
    let mut report = comparison.report(arguments.purify);
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
            None if names.len() > 2 && self.method != Method::Mh => Err(format!(
                "there are the groups {}; choose with --focal which one is compared with {}",
                names.join(", "),
                names[0]
            )),
            None => Ok((all, names.clone())),
        }
    }
}

struct Comparison<'a> {
    answers: &'a Answers,
    groups: &'a Groups,
    method: Method,
}

impl Comparison<'_> {
    fn report(&self, purified: bool) -> Report {
        let count = self.answers.items.len();
        let mut found: Vec<(Verdict, Option<Adequacy>)> = Vec::new();
        let mut round = |matching: &[usize]| {
            found = (0..count).map(|item| self.verdict(item, matching)).collect();
            let flagged = |(verdict, _): &(Verdict, Option<Adequacy>)| match verdict.p {
                Some(p) => p < SIGNIFICANCE,
                None => verdict.class.is_some_and(|class| class != "A"),
            };
            let flagged: Vec<usize> = (0..count).filter(|item| flagged(&found[*item])).collect();
            Ok::<_, std::convert::Infallible>(flagged)
        };
        let rounds = if purified { MOST_ROUNDS } else { 0 };
        let Ok(purification) = purify(count, rounds, &mut round);
        purification.flagged.iter().for_each(|item| found[*item].0.flagged = true);
        let mut warnings: Vec<String> = Vec::new();
        if purified && !purification.settled {
            warnings.push(format!(
                "after {MOST_ROUNDS} rounds still other items differ each time; look at the items by hand"
            ));
        }
        for shortcoming in found.iter().filter_map(|(_, adequacy)| adequacy.as_ref()).flat_map(Adequacy::shortcomings) {
            let sentence = shortcoming.to_string();
            if sentence.contains("group") && !warnings.contains(&sentence) {
                warnings.push(sentence);
            }
        }
        Report {
            method: self.method.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned()),
            groups: String::new(),
            reference: String::new(),
            purified,
            rounds: purification.rounds,
            settled: !purified || purification.settled,
            items: found.into_iter().map(|(verdict, _)| verdict).collect(),
            warnings,
        }
    }

    fn verdict(&self, item: usize, matching: &[usize]) -> (Verdict, Option<Adequacy>) {
        let id = self.answers.items[item].id.clone();
        match self.compare(item, matching) {
            Ok((verdict, adequacy)) => {
                let (power, people) = (adequacy.power.and_then(finite), Some(adequacy.people));
                let verdict = Verdict { id, power, people, left_out: Some(adequacy.left_out), ..verdict };
                (verdict, Some(adequacy))
            }
            Err(error) => {
                let text = error.to_string();
                let text = text.strip_prefix(&format!("item {item}: ")).unwrap_or(&text).to_owned();
                (Verdict { id, problem: Some(text), ..Verdict::default() }, None)
            }
        }
    }

    fn compare(&self, item: usize, matching: &[usize]) -> Result<(Verdict, Adequacy), FairnessError> {
        let responses = &self.answers.responses;
        if self.method == Method::Sibtest {
            let found = sibtest(
                responses,
                self.groups,
                item,
                &SibtestOptions { matching: Some(matching), ..SibtestOptions::default() },
            )?;
            let verdict =
                Verdict::tested(found.chi_square, 1, found.p).sized(found.beta, found.standard_error, found.class);
            return Ok((verdict, found.adequacy));
        }
        let strata = Strata::new(responses, self.groups, item, Matching::Items(matching))?;
        Ok(match self.method {
            Method::Mh if self.groups.sizes().len() > 2 => {
                let found = generalised_mantel_haenszel(&strata)?;
                (Verdict::tested(found.chi_square, found.degrees_of_freedom, found.p), found.adequacy)
            }
            Method::Mh if responses.categories(item) > 2 => {
                let found = mantel(&strata)?;
                let verdict = Verdict::tested(found.chi_square, 1, found.p);
                (verdict.sized(found.relative_difference, f64::NAN, found.class), found.adequacy)
            }
            Method::Mh => {
                let found = mantel_haenszel(&strata)?;
                let verdict = Verdict::tested(found.chi_square, 1, found.p);
                (verdict.sized(found.delta, found.delta_standard_error, found.class), found.adequacy)
            }
            Method::Standardisation => {
                let found = standardisation(&strata, Weight::default())?;
                (Verdict::default().sized(found.p_dif, found.standard_error, found.class), found.adequacy)
            }
            Method::Logistic => {
                let found = logistic(&strata, Effect::Both)?;
                let verdict = Verdict::tested(found.chi_square, found.degrees_of_freedom, found.p);
                (verdict.sized(found.gain, f64::NAN, found.class), found.adequacy)
            }
            Method::BreslowDay | Method::Sibtest => {
                let found = breslow_day(&strata)?;
                (Verdict::tested(found.chi_square, found.degrees_of_freedom, found.p), found.adequacy)
            }
        })
    }
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
        say(&format!("left out of the matching score after {} rounds: {}", report.rounds, flagged.join(", ")));
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
