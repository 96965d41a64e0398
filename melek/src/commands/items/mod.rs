//! `melek items …`: checks item files, counts what a bank is made of, shows an item as a candidate sees it, has items answered without sight
//! of the key, takes them to a spreadsheet and back, computes cut scores.

mod blind;
mod check;
mod spreadsheet;
mod statistics;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use melek_assess::{Bank, BankError, Item, ItemPool, bank_cuts, preview_routes, read_items};

use crate::bad_input::BadInput;
use crate::output::say;
use crate::wiring;

#[derive(Subcommand)]
pub enum Items {
    /// Check every item file of a folder and name file, line and reason of what is wrong
    Check(check::Check),
    /// Say what a folder of items is made of, whether it gives keys away, and what it misses of its goals
    Statistics(statistics::Statistics),
    /// Serve an item, or all of a folder, as a candidate sees them, in both languages, on this machine only
    Preview(Preview),
    /// Write items without their keys on a sheet, or read the answers of a sheet back
    Blind(blind::Blind),
    /// Write the items of a folder as a spreadsheet, both languages side by side
    Export(spreadsheet::Export),
    /// Write item files from a spreadsheet made by export
    Import(spreadsheet::Import),
    /// Compute the cut scores of the built-in bank, for content/cuts/
    Cuts(CutScores),
}

#[derive(Args)]
pub struct Preview {
    /// The item file, or a folder of them
    file: PathBuf,
    /// Variant of a family to show: the one that belongs to this seed
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
        Items::Check(arguments) => check::run(&arguments),
        Items::Statistics(arguments) => statistics::run(&arguments),
        Items::Preview(arguments) => preview(&arguments).await,
        Items::Blind(arguments) => blind::run(&arguments),
        Items::Export(arguments) => spreadsheet::export(&arguments),
        Items::Import(arguments) => spreadsheet::import(&arguments),
        Items::Cuts(arguments) => cuts(&arguments),
    }
}

/// The items of a folder, or every broken rule as one sentence a line.
fn items_of(folder: &Path) -> Result<Vec<Item>> {
    read_items(folder).map_err(|error| match error {
        BankError::Broken(findings) => {
            let lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
            BadInput(lines.join("\n")).into()
        }
        other => BadInput(other.to_string()).into(),
    })
}

async fn preview(arguments: &Preview) -> Result<()> {
    let items = if arguments.file.is_dir() { items_of(&arguments.file)? } else { vec![read_one(&arguments.file)?] };
    for item in &items {
        item.variant(arguments.draw).map_err(|findings| broken(&arguments.file, &findings))?;
    }
    let folder = tempfile::tempdir().context("no temporary folder can be made")?;
    let office = wiring::preview_office(folder.path()).await?;
    let (office, routes) = preview_routes(office, items, arguments.draw);
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
    melek_assess::read_item(&stem, &source).map_err(|findings| broken(file, &findings).into())
}

fn broken(file: &Path, findings: &[melek_assess::Finding]) -> BadInput {
    let lines: Vec<String> =
        findings.iter().map(|found| format!("{}:{}: {}", file.display(), found.line, found.reason)).collect();
    BadInput(lines.join("\n"))
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
