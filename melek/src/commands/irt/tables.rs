//! Figures for a person at a terminal.

use super::fit_file::{FitFile, FitItem};
use crate::output::say;

/// A summary and one line an item.
pub fn fit(file: &FitFile) {
    summary(file);
    let width = file.items.iter().map(|item| item.id.chars().count()).max().unwrap_or(0).max(4);
    say(&format!("{:<width$} {:>16}  {}", "item", "slope (SE)", "intercepts (SE), asymptotes"));
    for item in &file.items {
        say(&format!("{:<width$} {:>16}  {}", item.id, with_error(item.slope, slope_error(item)), others(item)));
    }
}

fn summary(file: &FitFile) {
    let state = match (file.converged, file.interrupted) {
        (_, true) => "interrupted",
        (true, false) => "converged",
        (false, false) => "NOT converged",
    };
    say(&format!(
        "{}: {} items, {} people, {} answers; {state} after {} iterations",
        file.model,
        file.items.len(),
        file.persons,
        file.answers,
        file.iterations
    ));
    say(&format!(
        "log-likelihood {}, {} parameters, AIC {}, BIC {}, SABIC {}",
        number(file.log_likelihood, 4),
        file.parameters,
        number(file.aic, 3),
        number(file.bic, 3),
        number(file.sabic, 3)
    ));
    for group in file.all_groups() {
        let name = group.name.as_ref().map(|name| format!(" of group {name} ({} people)", group.persons));
        say(&format!(
            "ability{}: mean {}, SD {}",
            name.unwrap_or_default(),
            with_error(group.mean, group.se.mean),
            with_error(group.sd, group.se.sd)
        ));
    }
}

fn slope_error(item: &FitItem) -> Option<f64> {
    item.se.as_ref().and_then(|se| se.slope)
}

fn others(item: &FitItem) -> String {
    let error = |place: usize| item.se.as_ref().and_then(|se| se.intercepts.get(place).copied().flatten());
    let mut parts: Vec<String> =
        item.intercepts.iter().enumerate().map(|(place, value)| with_error(*value, error(place))).collect();
    if item.lower.is_some_and(|lower| lower > 0.0) {
        parts.push(format!("lower {}", with_error(item.lower, item.se.as_ref().and_then(|se| se.lower))));
    }
    if item.upper.is_some_and(|upper| upper < 1.0) {
        parts.push(format!("upper {}", with_error(item.upper, item.se.as_ref().and_then(|se| se.upper))));
    }
    if let Some(scoring) = &item.scoring {
        let scores: Vec<String> = scoring.iter().map(|score| number(*score, 3)).collect();
        parts.push(format!("scoring {}", scores.join(" ")));
    }
    if item.fixed {
        parts.push("fixed".to_owned());
    }
    parts.join("  ")
}

/// "1.234 (0.056)", or the number alone.
fn with_error(value: Option<f64>, error: Option<f64>) -> String {
    match error {
        Some(error) => format!("{} ({error:.3})", number(value, 3)),
        None => number(value, 3),
    }
}

/// A number, or a dash where there is none.
pub fn number(value: Option<f64>, digits: usize) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{value:.digits$}"))
}
