//! The bank: all items that may be shown, immutable once loaded. The starter bank is built into the program; an agency adds
//! its own from `DATA/items/`, where an item with the identifier of an open one takes its place and `switched-off.txt` lists
//! open items it does not use. One broken file and the bank does not load. The version is a hash of everything, so that a result can always say what it rests on.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

use crate::digest::short_name;
use crate::item::{Item, ItemId, Kind};
use crate::item_file::{Finding, read_item};

#[derive(RustEmbed)]
#[folder = "../../content/items"]
struct OpenItems;

#[derive(RustEmbed)]
#[folder = "../../content/practice"]
struct PracticeItems;

#[derive(Debug)]
pub struct Bank {
    pub version: String,
    /// Scored items, sorted by identifier.
    pub items: Vec<Item>,
    /// One item of each kind, in the order of `Kind::ALL`, to try the controls on.
    pub practice: Vec<Item>,
    /// How many of `items` are the agency's own.
    pub own: usize,
    /// How many open items the agency does not use.
    pub switched_off: usize,
}

/// Why a bank does not load.
#[derive(Debug, thiserror::Error)]
pub enum BankError {
    #[error("{}", listed(.0))]
    Broken(Vec<FileFinding>),
    #[error("{path} cannot be read: {source}; check that the folder exists and may be read")]
    Folder { path: PathBuf, source: std::io::Error },
    #[error("there is no practice item of type {}; add content/practice/practice-{}.toml", .0.id(), .0.id().replace('_', "-"))]
    NoPractice(Kind),
}

/// A broken rule in a named file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFinding {
    pub file: String,
    pub finding: Finding,
}

impl std::fmt::Display for FileFinding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.finding.line, self.finding.reason)
    }
}

fn listed(findings: &[FileFinding]) -> String {
    findings.iter().fold(String::from("the item bank does not load:"), |mut text, finding| {
        let _ = write!(text, "\n  {finding}");
        text
    })
}

/// The list, in the folder of the agency's own items, of open items that are not used.
const SWITCHED_OFF: &str = "switched-off.txt";

/// Item files by name with ending, not yet read.
pub type Sources = BTreeMap<String, String>;

impl Bank {
    /// The open items and, if the folder is given and exists, the agency's own.
    pub fn load(own: Option<&Path>) -> Result<Bank, BankError> {
        let mut sources = embedded::<OpenItems>();
        let own_sources = match own {
            Some(folder) if folder.is_dir() => read_folder(folder)?,
            _ => Sources::new(),
        };
        let switched_off = match own.map(|folder| folder.join(SWITCHED_OFF)) {
            Some(list) if list.is_file() => read_switched_off(&list, &sources)?,
            _ => Vec::new(),
        };
        let own = own_sources.len();
        sources.extend(own_sources);
        for name in &switched_off {
            sources.remove(name);
        }
        let practice_sources = embedded::<PracticeItems>();
        let version = version(sources.iter().chain(&practice_sources));
        let practice = read_all(&practice_sources)?;
        let practice = Kind::ALL.into_iter().map(|kind| first_of(&practice, kind)).collect::<Result<_, _>>()?;
        Ok(Bank { version, items: read_all(&sources)?, practice, own, switched_off: switched_off.len() })
    }

    /// Whether it is the open bank and nothing else.
    pub fn is_as_shipped(&self) -> bool {
        self.own == 0 && self.switched_off == 0
    }

    pub fn item(&self, id: &ItemId) -> Option<&Item> {
        let index = self.items.binary_search_by(|item| item.id.cmp(id)).ok()?;
        Some(&self.items[index])
    }
}

/// Reads every item file of a folder; all findings at once.
pub fn read_items(folder: &Path) -> Result<Vec<Item>, BankError> {
    read_all(&read_folder(folder)?)
}

fn first_of(practice: &[Item], kind: Kind) -> Result<Item, BankError> {
    practice.iter().find(|item| item.task.kind() == kind).cloned().ok_or(BankError::NoPractice(kind))
}

fn embedded<E: RustEmbed>() -> Sources {
    let file = |name: std::borrow::Cow<'static, str>| {
        let data = E::get(&name).expect("a listed file is embedded").data;
        (name.into_owned(), String::from_utf8_lossy(&data).into_owned())
    };
    E::iter().map(file).collect()
}

/// The text of every item file of a folder.
pub fn read_folder(folder: &Path) -> Result<Sources, BankError> {
    let unreadable = |source| BankError::Folder { path: folder.to_owned(), source };
    let mut sources = Sources::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let bytes = std::fs::read(&path).map_err(|source| BankError::Folder { path: path.clone(), source })?;
            let text = String::from_utf8(bytes).map_err(|_| BankError::Broken(vec![not_text(&name)]))?;
            sources.insert(name, text);
        }
    }
    Ok(sources)
}

/// File names of the open items a list names: one identifier a line, `#` before a remark.
fn read_switched_off(list: &Path, open: &Sources) -> Result<Vec<String>, BankError> {
    let bytes = std::fs::read(list).map_err(|source| BankError::Folder { path: list.to_owned(), source })?;
    let text = String::from_utf8(bytes).map_err(|_| BankError::Broken(vec![not_text(SWITCHED_OFF)]))?;
    let (mut names, mut broken) = (BTreeSet::new(), Vec::new());
    for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let id = line.trim();
        if id.is_empty() || id.starts_with('#') {
            continue;
        }
        let name = format!("{id}.toml");
        if open.contains_key(&name) {
            names.insert(name);
        } else {
            let reason = format!("there is no open item `{id}`; write one identifier a line, or take the line out");
            let finding = Finding { line: index + 1, reason };
            broken.push(FileFinding { file: SWITCHED_OFF.to_owned(), finding });
        }
    }
    if broken.is_empty() { Ok(names.into_iter().collect()) } else { Err(BankError::Broken(broken)) }
}

fn not_text(file: &str) -> FileFinding {
    let reason = "the file is not UTF-8 text; save it as UTF-8".to_owned();
    FileFinding { file: file.to_owned(), finding: Finding { line: 1, reason } }
}

fn read_all(sources: &Sources) -> Result<Vec<Item>, BankError> {
    let (mut items, mut broken) = (Vec::with_capacity(sources.len()), Vec::new());
    for (file, source) in sources {
        match read_item(file.trim_end_matches(".toml"), source) {
            Ok(item) => items.push(item),
            Err(findings) => {
                broken.extend(findings.into_iter().map(|finding| FileFinding { file: file.clone(), finding }));
            }
        }
    }
    items.sort_by(|a, b| a.id.cmp(&b.id));
    if broken.is_empty() { Ok(items) } else { Err(BankError::Broken(broken)) }
}

/// The first 12 hexadecimal digits of SHA-256 over names and texts in order.
fn version<'a>(sources: impl Iterator<Item = (&'a String, &'a String)>) -> String {
    let mut hash = Sha256::new();
    for (name, text) in sources {
        hash.update((name.len() as u64).to_le_bytes());
        hash.update(name);
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text);
    }
    short_name(hash, 6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_bank_loads_and_has_a_practice_item_of_every_kind() {
        let bank = Bank::load(None).expect("bank");
        let kinds: Vec<_> = bank.practice.iter().map(|item| item.task.kind()).collect();
        assert_eq!(kinds, Kind::ALL);
        assert!(bank.items.iter().all(|item| item.measures.is_some()));
    }

    #[test]
    fn an_own_item_is_added_and_changes_the_version() {
        let folder = tempfile::tempdir().expect("folder");
        let open = Bank::load(Some(folder.path())).expect("bank");
        std::fs::write(folder.path().join("own-order.toml"), include_str!("../tests/items/own-order.toml"))
            .expect("write");
        let with_own = Bank::load(Some(folder.path())).expect("bank");
        assert_eq!((with_own.items.len(), with_own.own), (open.items.len() + 1, 1));
        assert_ne!(with_own.version, open.version);
    }

    #[test]
    fn an_own_item_takes_the_place_of_the_open_one_with_its_identifier() {
        let folder = tempfile::tempdir().expect("folder");
        let open = Bank::load(None).expect("bank");
        let own = include_str!("../tests/items/1.2-basic-01.toml").replace("seconds = 60", "seconds = 61");
        std::fs::write(folder.path().join("1.2-basic-01.toml"), own).expect("write");
        let bank = Bank::load(Some(folder.path())).expect("bank");
        assert_eq!(
            (bank.items.len(), bank.item(&ItemId::new("1.2-basic-01")).expect("item").seconds),
            (open.items.len(), 61)
        );
    }

    #[test]
    fn an_open_item_can_be_switched_off() {
        let folder = tempfile::tempdir().expect("folder");
        let open = Bank::load(None).expect("bank");
        std::fs::write(folder.path().join(SWITCHED_OFF), "# not for us\n\n1.2-basic-01\n").expect("write");
        let bank = Bank::load(Some(folder.path())).expect("bank");
        assert_eq!((bank.items.len(), bank.switched_off), (open.items.len() - 1, 1));
        assert!(bank.item(&ItemId::new("1.2-basic-01")).is_none());
        assert_ne!(bank.version, open.version);
    }

    #[test]
    fn switching_off_an_item_that_is_not_there_is_named_with_its_line() {
        let folder = tempfile::tempdir().expect("folder");
        std::fs::write(folder.path().join(SWITCHED_OFF), "1.2-basic-01\n9.9-basic-01\n").expect("write");
        let error = Bank::load(Some(folder.path())).expect_err("unknown").to_string();
        assert!(error.contains("switched-off.txt:2: there is no open item `9.9-basic-01`"), "{error}");
    }

    #[test]
    fn one_broken_file_keeps_the_bank_from_loading_and_is_named() {
        let folder = tempfile::tempdir().expect("folder");
        std::fs::write(folder.path().join("own-bad.toml"), "id = 3").expect("write");
        let error = Bank::load(Some(folder.path())).expect_err("broken").to_string();
        assert!(error.contains("own-bad.toml:1: "), "{error}");
    }
}
