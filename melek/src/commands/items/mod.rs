//! `melek items …`: checks item files, shows one as a candidate sees it, computes cut scores.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use melek_assess::{Bank, BankError, Item, ItemPool, bank_cuts, preview_routes, read_items};
use serde_json::json;

use crate::bad_input::BadInput;
use crate::output::say;
use crate::wiring;

#[derive(Subcommand)]
pub enum Items {
    /// Check every item file of a folder and name file, line and reason of what is wrong
    Check(Check),
    /// Serve one item as a candidate sees it, in both languages, on this machine only
    Preview(Preview),
    /// Compute the cut scores of the built-in bank, for content/cuts/
    Cuts(CutScores),
}

#[derive(Args)]
pub struct Check {
    /// Folder with one .toml file an item, such as content/items
    folder: PathBuf,
    /// Print counts and findings as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
pub struct Preview {
    /// The item file
    file: PathBuf,
    /// Variant of a family to show: the one a session of this seed gets
    #[arg(long, default_value_t = 1)]
    draw: u64,
    /// Port to serve on; 0 takes a free one
    #[arg(long, default_value_t = 8081)]
    port: u16,
}

#[derive(Args)]
pub struct CutScores {
    /// File to write; without it the cuts are printed
    #[arg(long)]
    out: Option<PathBuf>,
}

pub async fn run(command: Items) -> Result<()> {
    match command {
        Items::Check(arguments) => check(&arguments),
        Items::Preview(arguments) => preview(&arguments).await,
        Items::Cuts(arguments) => cuts(&arguments),
    }
}

fn check(arguments: &Check) -> Result<()> {
    let items = match read_items(&arguments.folder) {
        Ok(items) => items,
        Err(BankError::Broken(findings)) => {
            if arguments.json {
                let errors = findings.iter().map(
                    |found| json!({"file": found.file, "line": found.finding.line, "reason": found.finding.reason}),
                );
                say(&json!({"items": 0, "errors": errors.collect::<Vec<_>>()}).to_string());
            } else {
                for finding in &findings {
                    say(&finding.to_string());
                }
            }
            return Err(BadInput(format!("{} findings in {}", findings.len(), arguments.folder.display())).into());
        }
        Err(other) => return Err(BadInput(other.to_string()).into()),
    };
    let statistics = Statistics::of(&items);
    if arguments.json {
        say(&json!({"items": items.len(), "errors": [], "counts": statistics.counts, "longest_option_is_key": statistics.longest_is_key}).to_string());
    } else {
        say(&format!("{} items, 0 errors", items.len()));
        for (group, counts) in &statistics.counts {
            let counts: Vec<String> = counts.iter().map(|(name, count)| format!("{name} {count}")).collect();
            say(&format!("{group}: {}", counts.join(", ")));
        }
        for (language, share) in &statistics.longest_is_key {
            say(&format!("single choice, longest option is the key ({language}): {:.0} %", share * 100.0));
        }
    }
    Ok(())
}

/// What a bank is made of.
struct Statistics {
    counts: BTreeMap<&'static str, BTreeMap<String, usize>>,
    longest_is_key: BTreeMap<&'static str, f64>,
}

impl Statistics {
    fn of(items: &[Item]) -> Statistics {
        let mut counts: BTreeMap<&'static str, BTreeMap<String, usize>> = BTreeMap::new();
        for item in items {
            let mut count = |group, name: String| *counts.entry(group).or_default().entry(name).or_default() += 1;
            count("type", item.task.kind().id().to_owned());
            count("situation", item.situation.id().to_owned());
            if let Some(measures) = &item.measures {
                count("competence", measures.competence.to_string());
                count("level", measures.level.id().to_owned());
            }
        }
        let longest_is_key =
            melek_web::Locale::ALL.map(|locale| (locale.tag(), melek_assess::longest_option_is_key(items, locale)));
        Statistics { counts, longest_is_key: longest_is_key.into() }
    }
}

async fn preview(arguments: &Preview) -> Result<()> {
    let item = read_one(&arguments.file)?;
    let folder = tempfile::tempdir().context("no temporary folder can be made")?;
    let (office, routes) = preview_routes(wiring::preview_office(folder.path()).await?, item, arguments.draw);
    let service = melek_web::router(office, routes);
    let listener = wiring::listen("127.0.0.1", arguments.port).await?;
    say(&format!("Preview at http://{}/ (Ctrl-C ends it)", listener.local_addr()?));
    melek_web::serve(listener, service, melek_web::stop_signal()).await;
    Ok(())
}

fn read_one(file: &Path) -> Result<Item> {
    let source = std::fs::read_to_string(file)
        .map_err(|error| BadInput(format!("{} cannot be read: {error}", file.display())))?;
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    melek_assess::read_item(&stem, &source).map_err(|findings| {
        let lines: Vec<String> =
            findings.iter().map(|found| format!("{}:{}: {}", file.display(), found.line, found.reason)).collect();
        BadInput(lines.join("\n")).into()
    })
}

fn cuts(arguments: &CutScores) -> Result<()> {
    let pool = ItemPool::of_bank(&Bank::load(None)?)?;
    let text = serde_json::to_string_pretty(&bank_cuts(&pool)?)? + "\n";
    match &arguments.out {
        Some(file) => std::fs::write(file, text).with_context(|| format!("{} cannot be written", file.display())),
        None => {
            say(text.trim_end());
            Ok(())
        }
    }
}
