//! DigComp 3.0 as it is shipped in `content/frameworks/digcomp3/`: the English text of the European Union's data
//! supplement and our Indonesian translation, joined by identifier. Read once, at first use; a file that does not fit is a
//! defect of the build, found by the tests, so loading it cannot fail at run time.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::{AreaId, CompetenceId, Level, Text};

#[derive(Debug)]
pub struct Framework {
    pub id: String,
    pub source: String,
    pub licence: String,
    pub areas: Vec<Area>,
    pub competences: Vec<Competence>,
    pub levels: Vec<LevelText>,
    pub statements: Vec<Statement>,
    pub outcomes: Vec<Outcome>,
    by_outcome: HashMap<String, usize>,
}

#[derive(Debug)]
pub struct Area {
    pub id: AreaId,
    pub title: Text,
    pub descriptor: Text,
}

#[derive(Debug)]
pub struct Competence {
    pub id: CompetenceId,
    pub title: Text,
    pub descriptor: Text,
}

#[derive(Debug)]
pub struct LevelText {
    pub level: Level,
    pub title: Text,
    pub descriptor: Text,
    pub purpose: Text,
}

/// What somebody at a level of a competence is like; several learning outcomes together.
#[derive(Debug)]
pub struct Statement {
    pub id: String,
    pub competence: CompetenceId,
    pub level: Level,
    pub ai: Attention,
    pub text: Text,
}

#[derive(Debug)]
pub struct Outcome {
    pub id: String,
    pub competence: CompetenceId,
    pub level: Level,
    pub kind: OutcomeKind,
    pub ai: Attention,
    pub text: Text,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OutcomeKind {
    Knowledge,
    Skill,
    Attitude,
}

/// How an outcome or a statement relates to artificial intelligence, as DigComp 3.0 labels it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Attention {
    Explicit,
    Implicit,
    None,
}

impl Area {
    /// The area's competences in the framework in force.
    pub fn competences(&self) -> impl Iterator<Item = &'static Competence> {
        framework().competences_of(self.id)
    }
}

impl Framework {
    pub fn area(&self, id: AreaId) -> &Area {
        &self.areas[id.index()]
    }

    pub fn competence(&self, id: CompetenceId) -> &Competence {
        let found = self.competences.iter().find(|competence| competence.id == id);
        found.expect("every CompetenceId is a competence of the framework, see the test")
    }

    pub fn competences_of(&self, area: AreaId) -> impl Iterator<Item = &Competence> {
        self.competences.iter().filter(move |competence| competence.id.area() == area)
    }

    /// Title and descriptor of a reachable level; `Level::None` has none.
    pub fn level(&self, level: Level) -> Option<&LevelText> {
        self.levels.iter().find(|text| text.level == level)
    }

    pub fn outcome(&self, id: &str) -> Option<&Outcome> {
        self.by_outcome.get(id).map(|&index| &self.outcomes[index])
    }

    pub fn statements_of(&self, competence: CompetenceId, level: Level) -> impl Iterator<Item = &Statement> {
        self.statements.iter().filter(move |statement| statement.competence == competence && statement.level == level)
    }

    pub fn outcomes_of(&self, competence: CompetenceId, level: Level) -> impl Iterator<Item = &Outcome> {
        self.outcomes.iter().filter(move |outcome| outcome.competence == competence && outcome.level == level)
    }
}

/// The framework in force.
pub fn framework() -> &'static Framework {
    static FRAMEWORK: LazyLock<Framework> = LazyLock::new(|| {
        let english = include_str!("../../../content/frameworks/digcomp3/framework.json");
        let indonesian = include_str!("../../../content/frameworks/digcomp3/id.json");
        join(english, indonesian).expect("the shipped framework files load, see the test")
    });
    &FRAMEWORK
}

#[derive(Deserialize)]
struct English {
    id: String,
    source: String,
    licence: String,
    areas: Vec<EnglishArea>,
    competences: Vec<EnglishCompetence>,
    levels: Vec<EnglishLevel>,
    statements: Vec<EnglishStatement>,
    outcomes: Vec<EnglishOutcome>,
}

#[derive(Deserialize)]
struct EnglishArea {
    id: AreaId,
    title: String,
    descriptor: String,
}

#[derive(Deserialize)]
struct EnglishCompetence {
    id: CompetenceId,
    title: String,
    descriptor: String,
}

#[derive(Deserialize)]
struct EnglishLevel {
    id: Level,
    title: String,
    descriptor: String,
    purpose: String,
}

#[derive(Deserialize)]
struct EnglishStatement {
    id: String,
    competence: CompetenceId,
    level: Level,
    ai: Attention,
    text: String,
}

#[derive(Deserialize)]
struct EnglishOutcome {
    id: String,
    competence: CompetenceId,
    level: Level,
    kind: OutcomeKind,
    ai: Attention,
    text: String,
}

#[derive(Deserialize)]
struct Indonesian {
    areas: HashMap<AreaId, Titled>,
    competences: HashMap<CompetenceId, Titled>,
    levels: HashMap<Level, TitledLevel>,
    statements: HashMap<String, String>,
    outcomes: HashMap<String, String>,
}

#[derive(Deserialize)]
struct Titled {
    title: String,
    descriptor: String,
}

#[derive(Deserialize)]
struct TitledLevel {
    title: String,
    descriptor: String,
    purpose: String,
}

#[derive(Debug, thiserror::Error)]
enum JoinError {
    #[error("a framework file is not the expected JSON: {0}")]
    Shape(#[from] serde_json::Error),
    #[error("{0} has no Indonesian text")]
    Untranslated(String),
    #[error("{0} has an Indonesian text and no English one")]
    Unknown(String),
}

fn join(english: &str, indonesian: &str) -> Result<Framework, JoinError> {
    let english: English = serde_json::from_str(english)?;
    let mut indonesian: Indonesian = serde_json::from_str(indonesian)?;
    let missing = |what: &dyn std::fmt::Display| JoinError::Untranslated(what.to_string());
    let mut areas = Vec::new();
    for area in english.areas {
        let translated = indonesian.areas.remove(&area.id).ok_or_else(|| missing(&area.id))?;
        let (title, descriptor) = (text(translated.title, area.title), text(translated.descriptor, area.descriptor));
        areas.push(Area { id: area.id, title, descriptor });
    }
    let mut competences = Vec::new();
    for competence in english.competences {
        let translated = indonesian.competences.remove(&competence.id).ok_or_else(|| missing(&competence.id))?;
        let title = text(translated.title, competence.title);
        competences.push(Competence {
            id: competence.id,
            title,
            descriptor: text(translated.descriptor, competence.descriptor),
        });
    }
    let mut levels = Vec::new();
    for level in english.levels {
        let translated = indonesian.levels.remove(&level.id).ok_or_else(|| missing(&level.id.id()))?;
        levels.push(LevelText {
            level: level.id,
            title: text(translated.title, level.title),
            descriptor: text(translated.descriptor, level.descriptor),
            purpose: text(translated.purpose, level.purpose),
        });
    }
    let mut statements = Vec::new();
    for statement in english.statements {
        let translated = indonesian.statements.remove(&statement.id).ok_or_else(|| missing(&statement.id))?;
        let EnglishStatement { id, competence, level, ai, text: original } = statement;
        statements.push(Statement { id, competence, level, ai, text: text(translated, original) });
    }
    let mut outcomes = Vec::new();
    for outcome in english.outcomes {
        let translated = indonesian.outcomes.remove(&outcome.id).ok_or_else(|| missing(&outcome.id))?;
        let EnglishOutcome { id, competence, level, kind, ai, text: original } = outcome;
        outcomes.push(Outcome { id, competence, level, kind, ai, text: text(translated, original) });
    }
    if let Some(unknown) = indonesian.statements.into_keys().chain(indonesian.outcomes.into_keys()).min() {
        return Err(JoinError::Unknown(unknown));
    }
    let by_outcome = outcomes.iter().enumerate().map(|(index, outcome)| (outcome.id.clone(), index)).collect();
    let (id, source, licence) = (english.id, english.source, english.licence);
    Ok(Framework { id, source, licence, areas, competences, levels, statements, outcomes, by_outcome })
}

fn text(indonesian: String, english: String) -> Text {
    Text { id: indonesian, en: english }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_framework_has_every_part_of_digcomp_3_in_both_languages() {
        let framework = framework();
        assert_eq!((framework.areas.len(), framework.competences.len(), framework.levels.len()), (5, 21, 4));
        assert_eq!((framework.statements.len(), framework.outcomes.len()), (362, 523));
        for competence in CompetenceId::all() {
            assert!(!framework.competence(competence).title.id.is_empty());
            for level in Level::REACHABLE {
                assert!(framework.outcomes_of(competence, level).count() >= 2, "{competence} {}", level.id());
                assert!(framework.statements_of(competence, level).count() >= 2, "{competence} {}", level.id());
            }
        }
    }

    #[test]
    fn the_counts_by_level_are_those_of_the_data_supplement() {
        let count = |level| framework().outcomes.iter().filter(|outcome| outcome.level == level).count();
        assert_eq!(Level::REACHABLE.map(count), [151, 170, 119, 83]);
        let count = |level| framework().statements.iter().filter(|statement| statement.level == level).count();
        assert_eq!(Level::REACHABLE.map(count), [97, 103, 89, 73]);
    }

    /// Two files with one outcome and one statement, joined.
    fn joined(indonesian: &str) -> Result<Framework, JoinError> {
        let english = r#"{"id":"x","source":"","licence":"","areas":[],"competences":[],"levels":[],
            "statements":[{"id":"CS1.1.01","competence":"1.1","level":"basic","ai":"none","text":"Does."}],
            "outcomes":[{"id":"LO1.1.01","competence":"1.1","level":"basic","kind":"skill","ai":"none","text":"Do."}]}"#;
        join(english, &format!(r#"{{"areas":{{}},"competences":{{}},"levels":{{}},{indonesian}}}"#))
    }

    #[test]
    fn an_outcome_or_a_statement_without_translation_does_not_load() {
        let error = |indonesian| joined(indonesian).expect_err("untranslated").to_string();
        assert_eq!(error(r#""statements":{"CS1.1.01":"Melakukan."},"outcomes":{}"#), "LO1.1.01 has no Indonesian text");
        assert_eq!(error(r#""statements":{},"outcomes":{"LO1.1.01":"Melakukan."}"#), "CS1.1.01 has no Indonesian text");
    }

    #[test]
    fn a_translation_of_nothing_does_not_load() {
        let error = joined(r#""statements":{"CS1.1.01":"A.","CS1.1.99":"B."},"outcomes":{"LO1.1.01":"C."}"#);
        assert_eq!(error.expect_err("unknown").to_string(), "CS1.1.99 has an Indonesian text and no English one");
    }
}
