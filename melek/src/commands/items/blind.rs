//! `melek items blind`: a sheet of items without keys, and its answers read back into the record `content/blind.csv`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use melek_assess::{BlindAnswer, Item, blind_answer, blind_question, blind_variant};
use melek_web::format::Zone;
use melek_web::{Clock, Locale};
use serde::{Deserialize, Serialize};

use super::items_of;
use crate::bad_input::BadInput;
use crate::output::say;

#[derive(Args)]
pub struct Blind {
    /// Folder with one .toml file an item, such as content/items
    folder: PathBuf,
    /// Write the sheet to this .csv file; files to download are put beside it
    #[arg(long, conflicts_with = "answers", required_unless_present = "answers")]
    out: Option<PathBuf>,
    /// Language of the sheet
    #[arg(long, default_value = "id")]
    language: Locale,
    /// Read the answers of this sheet
    #[arg(long, requires = "by")]
    answers: Option<PathBuf>,
    /// Who answered, as it shall stand in the record
    #[arg(long)]
    by: Option<String>,
    /// The record to add to
    #[arg(long, default_value = "content/blind.csv")]
    record: PathBuf,
}

/// A row of the sheet.
#[derive(Serialize, Deserialize)]
struct SheetRow {
    item: String,
    language: String,
    text: String,
    how: String,
    answer: String,
    mark: String,
}

/// A row of the record.
#[derive(Serialize, Deserialize)]
struct RecordRow {
    item: String,
    date: String,
    by: String,
    answer: String,
    agrees: String,
    /// `kept` when the answer agrees; `open` until somebody writes `changed`, `dropped` or `kept` with a reason.
    outcome: String,
}

pub fn run(arguments: &Blind) -> Result<()> {
    let items = items_of(&arguments.folder)?;
    match (&arguments.out, &arguments.answers) {
        (Some(out), _) => write_sheet(&items, out, arguments.language),
        (None, Some(answers)) => read_answers(&items, answers, arguments),
        (None, None) => Err(BadInput("say --out or --answers".to_owned()).into()),
    }
}

fn write_sheet(items: &[Item], out: &Path, locale: Locale) -> Result<()> {
    let mut sheet = csv::Writer::from_path(out).with_context(|| format!("{} cannot be written", out.display()))?;
    let mut files = 0;
    for item in items {
        let question = blind_question(item, locale);
        sheet.serialize(SheetRow {
            item: item.id.to_string(),
            language: locale.tag().to_owned(),
            text: question.text,
            how: question.how.to_owned(),
            answer: String::new(),
            mark: question.mark,
        })?;
        files += usize::from(write_file(item, out, locale)?);
    }
    sheet.flush()?;
    say(&format!("{} items on {}, {files} files beside it", items.len(), out.display()));
    Ok(())
}

/// The file that belongs to an item, in a folder named like the sheet.
fn write_file(item: &Item, out: &Path, locale: Locale) -> Result<bool> {
    let variant = blind_variant(item);
    let Some(file) = &variant.file else { return Ok(false) };
    let folder = out.with_extension("files");
    fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let path = folder.join(format!("{}-{}", item.id, file.file_name(locale)));
    fs::write(&path, file.write(locale)?).with_context(|| format!("{} cannot be written", path.display()))?;
    Ok(true)
}

fn read_answers(items: &[Item], answers: &Path, arguments: &Blind) -> Result<()> {
    let by = arguments.by.as_deref().unwrap_or_default().trim();
    if by.is_empty() {
        return Err(BadInput("--by says who answered; it cannot be empty".to_owned()).into());
    }
    let rows = read_rows::<SheetRow>(answers)?;
    let items: BTreeMap<&str, &Item> = items.iter().map(|item| (item.id.as_str(), item)).collect();
    let date = Zone::default().iso_date(Clock::system().now_ms());
    let (mut given, mut wrong) = (Vec::new(), Vec::new());
    for (index, row) in rows.iter().enumerate().filter(|(_, row)| !row.answer.trim().is_empty()) {
        match judged(&items, row) {
            Ok((answer, agrees)) => given.push(RecordRow {
                item: row.item.clone(),
                date: date.clone(),
                by: by.to_owned(),
                answer,
                agrees: if agrees { "yes" } else { "no" }.to_owned(),
                outcome: if agrees { "kept" } else { "open" }.to_owned(),
            }),
            Err(reason) => wrong.push(format!("{}: record {}, {}: {reason}", answers.display(), index + 2, row.item)),
        }
    }
    if !wrong.is_empty() {
        return Err(BadInput(wrong.join("\n")).into());
    }
    let agreed = given.iter().filter(|row| row.agrees == "yes").count();
    say(&format!("{} answers, {agreed} agree with the key, {} items left open", given.len(), rows.len() - given.len()));
    for row in given.iter().filter(|row| row.agrees == "no") {
        say(&format!("{}: answered {}", row.item, row.answer));
    }
    add_to_record(&arguments.record, given)
}

fn judged(items: &BTreeMap<&str, &Item>, row: &SheetRow) -> Result<(String, bool), String> {
    let item = items.get(row.item.as_str()).ok_or("there is no such item in the folder")?;
    let locale = row.language.parse().map_err(|_| format!("`{}` is no language of the program", row.language))?;
    let given = BlindAnswer { mark: row.mark.clone(), typed: row.answer.clone(), locale };
    let verdict = blind_answer(item, &given).map_err(|error| error.to_string())?;
    Ok((verdict.answer, verdict.agrees))
}

/// A new answer of the same person on the same day takes the place of the earlier one.
fn add_to_record(record: &Path, given: Vec<RecordRow>) -> Result<()> {
    let mut rows = if record.exists() { read_rows::<RecordRow>(record)? } else { Vec::new() };
    let same = |a: &RecordRow, b: &RecordRow| (&a.item, &a.by, &a.date) == (&b.item, &b.by, &b.date);
    rows.retain(|row| !given.iter().any(|new| same(row, new)));
    rows.extend(given);
    rows.sort_by(|a, b| (&a.item, &a.date, &a.by).cmp(&(&b.item, &b.date, &b.by)));
    let mut writer =
        csv::Writer::from_path(record).with_context(|| format!("{} cannot be written", record.display()))?;
    rows.iter().try_for_each(|row| writer.serialize(row))?;
    writer.flush()?;
    Ok(())
}

fn read_rows<T: for<'a> Deserialize<'a>>(file: &Path) -> Result<Vec<T>> {
    let unreadable = |error: csv::Error| BadInput(format!("{} cannot be read: {error}", file.display()));
    let mut reader = csv::Reader::from_path(file).map_err(unreadable)?;
    Ok(reader.deserialize().collect::<Result<_, _>>().map_err(unreadable)?)
}
