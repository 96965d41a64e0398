//! The shape of an item file, as TOML is read into it; unknown keys are errors. What the shape cannot say is checked in `check.rs`.

use melek_framework::Text;
use serde::Deserialize;

use crate::item::{Cognitive, Kind, Situation, Topic};
use crate::material::{DocumentKind, PartRole};
use crate::sheet::SheetFormat;

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
    #[serde(default)]
    pub(super) pilot: bool,
    #[serde(default)]
    pub(super) topics: Vec<Topic>,
    pub(super) equal_because: Option<String>,
    /// Taken out of a family before this is read.
    pub(super) constraints: Option<toml::Value>,
    pub(super) sources: Vec<String>,
    pub(super) shuffle: Option<bool>,
    pub(super) parameters: Option<FileParameters>,
    pub(super) scoring: FileScoring,
    pub(super) context: Option<Text>,
    pub(super) table: Option<FileTable>,
    pub(super) material: Option<FileDocument>,
    pub(super) file: Option<FileSheet>,
    pub(super) stem: Text,
    pub(super) rationale: Text,
    #[serde(default)]
    pub(super) options: Vec<FileOption>,
    #[serde(default)]
    pub(super) steps: Vec<FileStep>,
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
    #[serde(default)]
    pub(super) discrimination_error: f64,
    #[serde(default)]
    pub(super) difficulty_error: f64,
    #[serde(default)]
    pub(super) error_correlation: f64,
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

/// By rows or by columns.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileTable {
    #[serde(default)]
    pub(super) header: Vec<Text>,
    #[serde(default)]
    pub(super) rows: Vec<Vec<RowCell>>,
    #[serde(default)]
    pub(super) columns: Vec<FileColumn>,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum RowCell {
    Same(String),
    Differs(Text),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileColumn {
    pub(super) id: String,
    pub(super) en: String,
    #[serde(default)]
    pub(super) format: String,
    pub(super) values: Vec<FileValue>,
}

#[derive(Deserialize)]
#[serde(try_from = "toml::Value")]
pub(super) enum FileValue {
    Number(f64),
    Day(toml::value::Datetime),
    Same(String),
    Differs(Text),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileSheet {
    pub(super) name_id: String,
    pub(super) name_en: String,
    pub(super) format: SheetFormat,
    pub(super) columns: Vec<FileColumn>,
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
pub(super) struct FileStep {
    pub(super) key: String,
    pub(super) id: String,
    pub(super) en: String,
    /// The right order is that of these numbers.
    pub(super) sort: Option<f64>,
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
    pub(super) title_id: Option<String>,
    pub(super) title_en: Option<String>,
    pub(super) parts: Vec<FilePart>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FilePart {
    pub(super) key: Option<String>,
    pub(super) role: PartRole,
    pub(super) label_id: Option<String>,
    pub(super) label_en: Option<String>,
    pub(super) id: String,
    pub(super) en: String,
    pub(super) detail_id: Option<String>,
    pub(super) detail_en: Option<String>,
    pub(super) attachment_id: Option<String>,
    pub(super) attachment_en: Option<String>,
    pub(super) body_id: Option<String>,
    pub(super) body_en: Option<String>,
    pub(super) on: Option<bool>,
    pub(super) depth: Option<usize>,
    pub(super) day: Option<toml::value::Datetime>,
    pub(super) wrong: Option<bool>,
    pub(super) fixed: Option<bool>,
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

/// By hand, because a date does not survive serde's trying of one shape after the other.
impl TryFrom<toml::Value> for FileValue {
    type Error = String;

    fn try_from(value: toml::Value) -> Result<FileValue, String> {
        match value {
            toml::Value::Integer(number) => Ok(FileValue::Number(number as f64)),
            toml::Value::Float(number) => Ok(FileValue::Number(number)),
            toml::Value::Datetime(day) => Ok(FileValue::Day(day)),
            toml::Value::String(text) => Ok(FileValue::Same(text)),
            // What a family makes of a date, see `family/fill.rs`.
            toml::Value::Table(table) if table.contains_key("day") => {
                let day = table["day"].as_str().unwrap_or_default().parse();
                day.map(FileValue::Day).map_err(|error: toml::value::DatetimeParseError| error.to_string())
            }
            toml::Value::Table(table) => {
                let text = table.try_into().map_err(|error: toml::de::Error| error.message().to_owned())?;
                Ok(FileValue::Differs(text))
            }
            _ => Err("a value is a number, a date, a text or { id, en }".to_owned()),
        }
    }
}
