//! The level a post needs by default, by job family (`content/requirements/defaults.toml`). A proposal, not an official
//! standard: an agency sets its own level for every post and competence.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::{CompetenceId, Level, Text};

#[derive(Debug)]
pub struct RequirementDefaults {
    pub source: String,
    pub note: String,
    pub families: Vec<JobFamily>,
}

#[derive(Debug)]
pub struct JobFamily {
    pub id: String,
    pub title: Text,
    pub kinds: Vec<PostKind>,
    /// Lower-case words by which the name of a post is recognised.
    pub synonyms: Vec<String>,
    pub levels: BTreeMap<CompetenceId, Level>,
}

/// Kind of post, in the naming personnel data still use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PostKind {
    Jpt,
    Administrator,
    Pengawas,
    Pelaksana,
    Fungsional,
}

impl PostKind {
    pub const ALL: [PostKind; 5] =
        [PostKind::Jpt, PostKind::Administrator, PostKind::Pengawas, PostKind::Pelaksana, PostKind::Fungsional];

    pub fn id(self) -> &'static str {
        match self {
            PostKind::Jpt => "jpt",
            PostKind::Administrator => "administrator",
            PostKind::Pengawas => "pengawas",
            PostKind::Pelaksana => "pelaksana",
            PostKind::Fungsional => "fungsional",
        }
    }
}

impl RequirementDefaults {
    /// The family used when the name of a post tells nothing.
    pub const FALLBACK: &'static str = "pelaksana-klerek";

    pub fn family(&self, id: &str) -> Option<&JobFamily> {
        self.families.iter().find(|family| family.id == id)
    }
}

/// The defaults in force.
pub fn requirement_defaults() -> &'static RequirementDefaults {
    static DEFAULTS: LazyLock<RequirementDefaults> = LazyLock::new(|| {
        read(include_str!("../../../content/requirements/defaults.toml"))
            .expect("the shipped defaults load, see the test")
    });
    &DEFAULTS
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    source: String,
    #[serde(rename = "provisional")]
    _provisional: bool,
    note: String,
    families: Vec<FileFamily>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileFamily {
    id: String,
    title_id: String,
    title_en: String,
    kinds: Vec<PostKind>,
    synonyms: Vec<String>,
    levels: BTreeMap<CompetenceId, i64>,
}

#[derive(Debug, thiserror::Error)]
enum ReadError {
    #[error("the defaults are not the expected TOML: {0}")]
    Shape(#[from] toml::de::Error),
    #[error("family {family}: level {number} of {competence} is not 0 to 4")]
    Level { family: String, competence: CompetenceId, number: i64 },
    #[error("family {0} does not name every competence")]
    Incomplete(String),
}

fn read(source: &str) -> Result<RequirementDefaults, ReadError> {
    let file: File = toml::from_str(source)?;
    let families = file.families.into_iter().map(family).collect::<Result<_, _>>()?;
    Ok(RequirementDefaults { source: file.source, note: file.note, families })
}

fn family(file: FileFamily) -> Result<JobFamily, ReadError> {
    let mut levels = BTreeMap::new();
    for (competence, number) in file.levels {
        let unknown = || ReadError::Level { family: file.id.clone(), competence, number };
        levels.insert(competence, Level::from_number(number).ok_or_else(unknown)?);
    }
    if CompetenceId::all().any(|competence| !levels.contains_key(&competence)) {
        return Err(ReadError::Incomplete(file.id));
    }
    let title = Text { id: file.title_id, en: file.title_en };
    Ok(JobFamily { id: file.id, title, kinds: file.kinds, synonyms: file.synonyms, levels })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_post_has_a_family_and_the_fallback_is_there() {
        let defaults = requirement_defaults();
        assert!(defaults.family(RequirementDefaults::FALLBACK).is_some());
        for kind in PostKind::ALL {
            assert!(defaults.families.iter().any(|family| family.kinds.contains(&kind)), "{kind:?}");
        }
    }
}
