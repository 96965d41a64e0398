//! Figures for a person at a terminal.

use serde_json::Value;

use super::fit_file::{FitFile, FitItem};
use crate::output::say;

/// Pairs of items that are shown.
const MOST_PAIRS: usize = 10;

/// One person in twenty is below it when the model holds.
const UNUSUAL: f64 = -1.645;

/// A summary and one line an item.
pub fn fit(file: &FitFile) {
    summary(file);
    let width = file.items.iter().map(|item| item.id.chars().count()).max().unwrap_or(0).max(4);
    say(&format!("{:<width$} {:>16}  {}", "item", "slope (SE)", "intercepts (SE), asymptotes"));
    for item in &file.items {
        say(&format!("{:<width$} {:>16}  {}", item.id, with_error(item.slope, slope_error(item)), others(item)));
    }
    statistics_if_any(file);
}

fn statistics_if_any(file: &FitFile) {
    if file.fit.is_some() {
        statistics(file);
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

/// Reliability and the statistics of fit: one line for the test, one an item.
pub fn statistics(file: &FitFile) {
    if let Some(reliability) = file.reliability {
        let (marginal, empirical) = (number(reliability.marginal, 4), number(reliability.empirical, 4));
        say(&format!("reliability: marginal {marginal}, empirical {empirical}"));
    }
    let Some(fit) = &file.fit else { return };
    let of = |value: &Value, field: &str, digits| number(value[field].as_f64(), digits);
    let whole = &fit["m2"];
    if whole.is_object() {
        say(&format!(
            "{}: {}, df {}, p {}; RMSEA {} ({} to {}), SRMSR {}, TLI {}, CFI {}",
            whole["kind"].as_str().unwrap_or("M2"),
            of(whole, "statistic", 3),
            whole["df"],
            of(whole, "p", 4),
            of(whole, "rmsea", 4),
            of(whole, "rmsea_lower", 4),
            of(whole, "rmsea_upper", 4),
            of(whole, "srmsr", 4),
            of(whole, "tli", 4),
            of(whole, "cfi", 4)
        ));
    }
    let width = file.items.iter().map(|item| item.id.chars().count()).max().unwrap_or(0).max(4);
    say(&format!("{:<width$} {:>10} {:>5} {:>8} {:>8} {:>8}", "item", "S-X2", "df", "p", "infit", "outfit"));
    for (place, item) in file.items.iter().enumerate() {
        let own = &fit["s_x2"][place];
        let df = own["df"].as_u64().map_or_else(|| "–".to_owned(), |df| df.to_string());
        say(&format!(
            "{:<width$} {:>10} {df:>5} {:>8} {:>8} {:>8}",
            item.id,
            of(own, "statistic", 3),
            of(own, "p", 4),
            number(fit["infit"][place].as_f64(), 3),
            number(fit["outfit"][place].as_f64(), 3)
        ));
    }
    if let Some(pairs) = fit["ld_x2"].as_array() {
        say("pairs of items furthest from independence (signed, standardized LD-X2)");
        for pair in pairs.iter().take(MOST_PAIRS) {
            let (one, other) = (pair["id"].as_str().unwrap_or(""), pair["with"].as_str().unwrap_or(""));
            say(&format!("  {one} and {other}: {}", of(pair, "signed", 2)));
        }
    }
    if let Some(people) = fit["people"].as_array() {
        let unusual = people.iter().filter(|person| person["lz_star"].as_f64().is_some_and(|lz| lz < UNUSUAL)).count();
        say(&format!("people with unusual answers (l_z* below {UNUSUAL}): {unusual} of {}", people.len()));
    }
}

/// A number, or a dash where there is none.
pub fn number(value: Option<f64>, digits: usize) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{value:.digits$}"))
}
