//! The shape of an item file, as TOML is read into it; unknown keys are errors. What the shape cannot say is checked in `check.rs`.

use melek_framework::Text;
use serde::Deserialize;

use crate::item::{Cognitive, DocumentKind, Kind, PartRole, Situation};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) id: String,
    pub(super) outcome: Option<String>,
    #[serde(rename = "type")]
    pub(super) kind: Kind,
    pub(super) situation: Situation,
    pub(super) cognitive: Cognitive,
    pub(super) seconds: u32,
    pub(super) family: Option<String>,
    pub(super) sources: Vec<String>,
    pub(super) shuffle: Option<bool>,
    pub(super) parameters: Option<FileParameters>,
    pub(super) scoring: FileScoring,
    pub(super) context: Option<Text>,
    pub(super) table: Option<FileTable>,
    pub(super) stem: Text,
    pub(super) rationale: Text,
    #[serde(default)]
    pub(super) options: Vec<FileOption>,
    #[serde(default)]
    pub(super) steps: Vec<FileEntry>,
    #[serde(default)]
    pub(super) pairs: Vec<FilePair>,
    #[serde(default)]
    pub(super) extras: Vec<FileEntry>,
    pub(super) document: Option<FileDocument>,
    #[serde(default)]
    pub(super) misconceptions: Vec<FileMisconception>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileParameters {
    pub(super) discrimination: f64,
    pub(super) difficulty: f64,
    pub(super) provisional: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileScoring {
    pub(super) rule: Rule,
    pub(super) value: Option<f64>,
    pub(super) tolerance: Option<f64>,
    pub(super) unit_id: Option<String>,
    pub(super) unit_en: Option<String>,
}

#[derive(Deserialize, PartialEq, Eq, Clone, Copy)]
#[serde(rename_all = "snake_case")]
pub(super) enum Rule {
    Key,
    Exact,
    Within,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileTable {
    pub(super) header: Vec<Text>,
    pub(super) rows: Vec<Vec<Cell>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Cell {
    Same(String),
    Differs(Text),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileOption {
    pub(super) key: String,
    #[serde(default)]
    pub(super) correct: bool,
    pub(super) id: String,
    pub(super) en: String,
    pub(super) why_id: String,
    pub(super) why_en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileEntry {
    pub(super) key: String,
    pub(super) id: String,
    pub(super) en: String,
    pub(super) why_id: String,
    pub(super) why_en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FilePair {
    pub(super) key: String,
    pub(super) left_id: String,
    pub(super) left_en: String,
    pub(super) right_id: String,
    pub(super) right_en: String,
    pub(super) why_id: String,
    pub(super) why_en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileDocument {
    pub(super) kind: DocumentKind,
    pub(super) parts: Vec<FilePart>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FilePart {
    pub(super) key: String,
    pub(super) role: PartRole,
    pub(super) label_id: Option<String>,
    pub(super) label_en: Option<String>,
    pub(super) id: String,
    pub(super) en: String,
    #[serde(default)]
    pub(super) wrong: bool,
    #[serde(default)]
    pub(super) fixed: bool,
    pub(super) why_id: Option<String>,
    pub(super) why_en: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileMisconception {
    pub(super) value: f64,
    pub(super) why_id: String,
    pub(super) why_en: String,
}
