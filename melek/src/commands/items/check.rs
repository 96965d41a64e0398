//! `melek items check`: every rule of every file, and every family drawn many times.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use melek_assess::{BankError, BankStatistics, FileFinding, Item, check_variants, read_items};
use serde_json::json;

use super::statistics;
use crate::bad_input::BadInput;
use crate::output::say;

#[derive(Args)]
pub struct Check {
    /// Folder with one .toml file an item, such as content/items
    folder: PathBuf,
    /// How many variants of every family are drawn
    #[arg(long, default_value_t = 1_000)]
    draws: u64,
    /// Print the statistics as well, as `melek items statistics` does
    #[arg(long)]
    statistics: bool,
    /// Print counts and findings as JSON
    #[arg(long)]
    json: bool,
}

pub fn run(arguments: &Check) -> Result<()> {
    let (items, findings) = match read_items(&arguments.folder) {
        Ok(items) => {
            let findings = items.iter().flat_map(|item| variants_of(item, arguments.draws)).collect();
            (items, findings)
        }
        Err(BankError::Broken(findings)) => (Vec::new(), findings),
        Err(other) => return Err(BadInput(other.to_string()).into()),
    };
    if !findings.is_empty() {
        tell(&findings, arguments.json);
        return Err(BadInput(format!("{} findings in {}", findings.len(), arguments.folder.display())).into());
    }
    let counted = BankStatistics::of(&items);
    match (arguments.json, arguments.statistics) {
        (true, true) => say(&statistics::as_json(&counted).to_string()),
        (true, false) => {
            let longest = statistics::longest_as_json(&counted);
            let counts =
                json!({"items": items.len(), "errors": [], "counts": counted.counts, "longest_option_is_key": longest});
            say(&counts.to_string());
        }
        (false, with_statistics) => {
            say(&format!("{} items, 0 errors", items.len()));
            statistics::tell_counts(&counted);
            if with_statistics {
                statistics::tell_figures(&counted);
            }
        }
    }
    Ok(())
}

fn variants_of(item: &Item, draws: u64) -> Vec<FileFinding> {
    let file = format!("{}.toml", item.id);
    check_variants(item, draws).into_iter().map(|finding| FileFinding { file: file.clone(), finding }).collect()
}

fn tell(findings: &[FileFinding], as_json: bool) {
    if as_json {
        let errors = findings
            .iter()
            .map(|found| json!({"file": found.file, "line": found.finding.line, "reason": found.finding.reason}));
        say(&json!({"items": 0, "errors": errors.collect::<Vec<_>>()}).to_string());
    } else {
        findings.iter().for_each(|finding| say(&finding.to_string()));
    }
}
