//! `melek irt compare`: which of several calibrations of the same answers is the better one.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use serde_json::{Value, json};
use statrs::distribution::{ChiSquared, ContinuousCDF};

use super::fit_file::{self, FitFile};
use super::model_name::ModelName;
use super::tables::number;
use crate::bad_input::BadInput;
use crate::output::{note, say};

#[derive(Args)]
#[command(
    after_help = "The smallest AIC, BIC or SABIC is the best. Where a model is a case of the next larger one and neither has a prior, \
    the likelihood-ratio test says whether the larger one is better than chance would make it.\n\n\
    Example:\n  melek irt compare rasch.json 2pl.json 3pl.json"
)]
pub struct Compare {
    /// What `melek irt calibrate --out` wrote, for the same answers
    #[arg(value_name = "FIT.json", num_args = 2.., required = true)]
    fits: Vec<PathBuf>,
    /// Print as JSON
    #[arg(long)]
    json: bool,
}

/// A comparison that would mean nothing.
#[derive(Debug, thiserror::Error)]
enum CompareError {
    #[error("{first} has {here} and {second} has {there}, so they are not of the same answers")]
    OtherData { first: String, second: String, here: String, there: String },
    #[error("{0} has no log-likelihood; write it with `melek irt calibrate --out`")]
    NoLikelihood(String),
}

pub fn run(arguments: &Compare) -> Result<()> {
    let mut fits = Vec::new();
    for path in &arguments.fits {
        fits.push(Compared { name: path.display().to_string(), file: fit_file::read(path)? });
    }
    check(&fits).map_err(|error| BadInput(error.to_string()))?;
    fits.sort_by_key(|fit| fit.file.parameters);
    let tests: Vec<Test> = fits.windows(2).map(|pair| Test::of(&pair[0], &pair[1])).collect();
    for fit in fits.iter().filter(|fit| !fit.file.converged) {
        note(&format!("warning: {} has not converged", fit.name));
    }
    if arguments.json {
        say(&to_json(&fits, &tests).to_string())
    } else {
        tell(&fits, &tests)
    }
    Ok(())
}

struct Compared {
    name: String,
    file: FitFile,
}

fn check(fits: &[Compared]) -> Result<(), CompareError> {
    if let Some(without) = fits.iter().find(|fit| fit.file.log_likelihood.is_none()) {
        return Err(CompareError::NoLikelihood(without.name.clone()));
    }
    let size = |fit: &Compared| {
        let FitFile { persons, answers, items, .. } = &fit.file;
        format!("{persons} people, {answers} answers and {} items", items.len())
    };
    let first = &fits[0];
    let ids = |fit: &Compared| {
        let mut ids: Vec<String> = fit.file.items.iter().map(|item| item.id.clone()).collect();
        ids.sort();
        ids
    };
    for other in &fits[1..] {
        let (here, there) = (size(first), size(other));
        if here != there || ids(first) != ids(other) {
            let same_size = here == there;
            let there = if same_size { format!("{there} of other names") } else { there };
            let (first, second) = (first.name.clone(), other.name.clone());
            return Err(CompareError::OtherData { first, second, here, there });
        }
    }
    Ok(())
}

/// The likelihood-ratio test of two neighbours, or why there is none.
enum Test {
    Ratio { statistic: f64, degrees: usize, p: f64, at_boundary: bool },
    None(&'static str),
}

impl Test {
    fn of(small: &Compared, large: &Compared) -> Self {
        let (small, large) = (&small.file, &large.file);
        let degrees = large.parameters.saturating_sub(small.parameters);
        if degrees == 0 {
            return Self::None("the same number of parameters");
        }
        if !(small.priors.is_empty() && large.priors.is_empty()) {
            return Self::None("a prior takes part");
        }
        if !is_case(small.model, large.model) || small.groups.len() != large.groups.len() {
            return Self::None("not nested");
        }
        let (Some(few), Some(many)) = (small.log_likelihood, large.log_likelihood) else {
            return Self::None("no log-likelihood");
        };
        let statistic = (2.0 * (many - few)).max(0.0);
        match ChiSquared::new(degrees as f64) {
            Ok(distribution) => {
                let at_boundary = has_asymptotes(large.model) && !has_asymptotes(small.model);
                Self::Ratio { statistic, degrees, p: distribution.sf(statistic), at_boundary }
            }
            Err(_) => Self::None("no degrees of freedom"),
        }
    }
}

fn has_asymptotes(model: ModelName) -> bool {
    matches!(model, ModelName::ThreeParameter | ModelName::FourParameter)
}

/// Whether a model is a case of another: more of its parameters are fixed.
fn is_case(small: ModelName, large: ModelName) -> bool {
    use ModelName as M;
    let cases: &[&[M]] = &[
        &[M::Rasch, M::TwoParameter, M::ThreeParameter, M::FourParameter],
        &[M::RatingScale, M::PartialCredit, M::GeneralizedPartialCredit, M::Nominal],
        &[M::GradedRatingScale, M::Graded],
    ];
    cases.iter().any(|chain| {
        let place = |model: M| chain.iter().position(|one| *one == model);
        matches!((place(small), place(large)), (Some(small), Some(large)) if small < large)
    })
}

fn to_json(fits: &[Compared], tests: &[Test]) -> Value {
    let fit = |(place, fit): (usize, &Compared)| {
        let file = &fit.file;
        let test = place.checked_sub(1).map(|before| match &tests[before] {
            Test::Ratio { statistic, degrees, p, at_boundary } => {
                json!({"statistic": statistic, "df": degrees, "p": p, "at_boundary": at_boundary})
            }
            Test::None(why) => json!({"none": why}),
        });
        json!({
            "file": fit.name, "model": file.model, "converged": file.converged, "log_likelihood": file.log_likelihood,
            "parameters": file.parameters, "aic": file.aic, "bic": file.bic, "sabic": file.sabic, "against_previous": test,
        })
    };
    json!({"persons": fits[0].file.persons, "fits": fits.iter().enumerate().map(fit).collect::<Vec<_>>()})
}

fn tell(fits: &[Compared], tests: &[Test]) {
    let width = fits.iter().map(|fit| fit.name.chars().count()).max().unwrap_or(0).max(4);
    say(&format!(
        "{:<width$} {:<8} {:>16} {:>10} {:>14} {:>14} {:>14}  likelihood ratio to the one above",
        "file", "model", "log-likelihood", "parameters", "AIC", "BIC", "SABIC"
    ));
    for (place, fit) in fits.iter().enumerate() {
        let file = &fit.file;
        let test = match place.checked_sub(1).map(|before| &tests[before]) {
            None => String::new(),
            Some(Test::None(why)) => format!("({why})"),
            Some(Test::Ratio { statistic, degrees, p, at_boundary }) => {
                let remark = if *at_boundary { " (at a boundary: p is too large)" } else { "" };
                format!("{statistic:.3}, df {degrees}, p {p:.4}{remark}")
            }
        };
        let line = format!(
            "{:<width$} {:<8} {:>16} {:>10} {:>14} {:>14} {:>14}  {test}",
            fit.name,
            file.model.to_string(),
            number(file.log_likelihood, 4),
            file.parameters,
            number(file.aic, 3),
            number(file.bic, 3),
            number(file.sabic, 3)
        );
        say(line.trim_end());
    }
    let best = |name: &str, of: fn(&FitFile) -> Option<f64>| {
        let least = fits.iter().filter_map(|fit| Some((of(&fit.file)?, fit.name.as_str())));
        least.min_by(|one, other| one.0.total_cmp(&other.0)).map(|(_, file)| format!("{name}: {file}"))
    };
    let best = [best("AIC", |file| file.aic), best("BIC", |file| file.bic), best("SABIC", |file| file.sabic)];
    say(&format!("best by {}", best.into_iter().flatten().collect::<Vec<_>>().join(", by ")));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_are_cases_along_their_own_line_only() {
        assert!(is_case(ModelName::Rasch, ModelName::ThreeParameter));
        assert!(is_case(ModelName::PartialCredit, ModelName::Nominal));
        assert!(!is_case(ModelName::ThreeParameter, ModelName::TwoParameter));
        assert!(!is_case(ModelName::Graded, ModelName::Nominal));
    }
}
