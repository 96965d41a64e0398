//! `melek items export` and `import`: item files to a spreadsheet and back. A file whose content did not change is left as it
//! is, byte for byte; a changed or new one is written in the order of the spreadsheet.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use melek_assess::{ItemFiles, read_folder, read_item, read_item_spreadsheet, write_item_spreadsheet};
use toml::Table;

use super::{broken, items_of};
use crate::bad_input::BadInput;
use crate::output::say;

#[derive(Args)]
pub struct Export {
    /// Folder with one .toml file an item
    folder: PathBuf,
    /// The .xlsx file to write
    #[arg(long)]
    out: PathBuf,
}

#[derive(Args)]
pub struct Import {
    /// A spreadsheet made by `melek items export`, texts changed or lines added
    file: PathBuf,
    /// Folder to write item files to
    #[arg(long)]
    out: PathBuf,
}

pub fn export(arguments: &Export) -> Result<()> {
    let items = items_of(&arguments.folder)?;
    let mut files = ItemFiles::new();
    for (name, source) in read_folder(&arguments.folder)? {
        let stem = name.trim_end_matches(".toml").to_owned();
        files.insert(stem, toml::from_str::<Table>(&source).with_context(|| name)?);
    }
    let out = &arguments.out;
    fs::write(out, write_item_spreadsheet(&files)?).with_context(|| format!("{} cannot be written", out.display()))?;
    say(&format!("{} items in {}", items.len(), out.display()));
    Ok(())
}

pub fn import(arguments: &Import) -> Result<()> {
    let file = &arguments.file;
    let bytes = fs::read(file).map_err(|error| BadInput(format!("{} cannot be read: {error}", file.display())))?;
    let items = read_item_spreadsheet(&bytes).map_err(|error| BadInput(format!("{}: {error}", file.display())))?;
    let findings = items.iter().filter_map(|(stem, text)| {
        let findings = read_item(stem, text).err()?;
        Some(broken(&arguments.out.join(format!("{stem}.toml")), &findings).0)
    });
    let findings: Vec<String> = findings.collect();
    if !findings.is_empty() {
        return Err(BadInput(format!("nothing was written:\n{}", findings.join("\n"))).into());
    }
    let mut written = 0;
    for (stem, text) in &items {
        written += usize::from(write_if_changed(&arguments.out.join(format!("{stem}.toml")), text)?);
    }
    say(&format!("{} items, {written} files written, {} as they were", items.len(), items.len() - written));
    Ok(())
}

fn write_if_changed(path: &Path, text: &str) -> Result<bool> {
    let same = fs::read_to_string(path).is_ok_and(|there| {
        let there = toml::from_str::<Table>(&there);
        there.is_ok_and(|there| toml::from_str::<Table>(text).is_ok_and(|new| new == there))
    });
    if !same {
        fs::write(path, text).with_context(|| format!("{} cannot be written", path.display()))?;
    }
    Ok(!same)
}
