//! The names by which areas, competences and levels are known everywhere: in content files, in the database, in
//! addresses. An area is 1 to 5, a competence `area.number`, a level 0 (none) to 4 (highly advanced).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum UnknownIdentifier {
    #[error("`{0}` is not an area of DigComp 3.0; areas are 1 to 5")]
    Area(String),
    #[error("`{0}` is not a competence of DigComp 3.0; competences look like 1.2")]
    Competence(String),
    #[error("`{0}` is not a level; levels are none, basic, intermediate, advanced, highly-advanced")]
    Level(String),
}

/// One of the five areas, 1 to 5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AreaId(u8);

impl AreaId {
    pub const COUNT: usize = 5;

    pub fn all() -> impl Iterator<Item = AreaId> {
        (1..=Self::COUNT as u8).map(AreaId)
    }

    /// Position in vectors and matrices over areas, 0 to 4.
    pub fn index(self) -> usize {
        usize::from(self.0 - 1)
    }

    pub fn from_index(index: usize) -> Option<AreaId> {
        Self::all().nth(index)
    }
}

/// One of the 21 competences: its area and its number within the area.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CompetenceId {
    area: AreaId,
    number: u8,
}

impl CompetenceId {
    /// How many competences each of the five areas has.
    pub const PER_AREA: [u8; AreaId::COUNT] = [3, 6, 4, 4, 4];

    pub fn area(self) -> AreaId {
        self.area
    }

    pub fn all() -> impl Iterator<Item = CompetenceId> {
        AreaId::all()
            .flat_map(|area| (1..=Self::PER_AREA[area.index()]).map(move |number| CompetenceId { area, number }))
    }
}

/// Level of proficiency, and level a post needs; `None` as a requirement means that the post does not need the
/// competence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    None = 0,
    Basic = 1,
    Intermediate = 2,
    Advanced = 3,
    HighlyAdvanced = 4,
}

impl Level {
    pub const ALL: [Level; 5] =
        [Level::None, Level::Basic, Level::Intermediate, Level::Advanced, Level::HighlyAdvanced];
    /// The four levels that can be reached.
    pub const REACHABLE: [Level; 4] = [Level::Basic, Level::Intermediate, Level::Advanced, Level::HighlyAdvanced];

    pub fn number(self) -> i64 {
        self as i64
    }

    pub fn from_number(number: i64) -> Option<Level> {
        Self::ALL.into_iter().find(|level| level.number() == number)
    }

    pub fn id(self) -> &'static str {
        match self {
            Level::None => "none",
            Level::Basic => "basic",
            Level::Intermediate => "intermediate",
            Level::Advanced => "advanced",
            Level::HighlyAdvanced => "highly-advanced",
        }
    }
}

impl fmt::Display for AreaId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl FromStr for AreaId {
    type Err = UnknownIdentifier;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        AreaId::all().find(|area| area.to_string() == text).ok_or_else(|| UnknownIdentifier::Area(text.to_owned()))
    }
}

impl fmt::Display for CompetenceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.area, self.number)
    }
}

impl FromStr for CompetenceId {
    type Err = UnknownIdentifier;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        CompetenceId::all()
            .find(|competence| competence.to_string() == text)
            .ok_or_else(|| UnknownIdentifier::Competence(text.to_owned()))
    }
}

impl FromStr for Level {
    type Err = UnknownIdentifier;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|level| level.id() == text).ok_or_else(|| UnknownIdentifier::Level(text.to_owned()))
    }
}

macro_rules! text_form {
    ($type:ty) => {
        impl TryFrom<String> for $type {
            type Error = UnknownIdentifier;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<$type> for String {
            fn from(value: $type) -> String {
                value.to_string()
            }
        }
    };
}
text_form!(AreaId);
text_form!(CompetenceId);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_21_competences_and_each_reads_back_from_its_text() {
        let all: Vec<_> = CompetenceId::all().collect();
        assert_eq!(all.len(), 21);
        for competence in all {
            assert_eq!(competence.to_string().parse(), Ok(competence));
        }
    }

    #[test]
    fn an_unknown_competence_is_refused() {
        assert_eq!("1.4".parse::<CompetenceId>(), Err(UnknownIdentifier::Competence("1.4".into())));
        assert!("6.1".parse::<CompetenceId>().is_err());
    }
}
