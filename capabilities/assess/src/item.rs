//! An item of the bank: its text in both languages, its key and its parameters, as `docs/formats/items.md` describes it.
//! This file holds the values and what follows from them (area, level, chance of a blind answer); what is shown with a
//! question is in `material.rs` and `sheet.rs`, reading and checking a file in `item_file/`, drawing a variant of a family in
//! `family/`, scoring in `answer.rs`, the drawn order of options in `draw.rs`.

use std::borrow::Cow;
use std::sync::Arc;

use melek_framework::{AreaId, CompetenceId, Level, Text};
use melek_irt::ability::ItemErrors;
use melek_irt::model::chance;
use serde::{Deserialize, Serialize};

use crate::item_file::{Family, Finding};
use crate::material::Document;
use crate::sheet::Sheet;

/// Identifier of an item, unique in a bank: `1.2-basic-01`, `practice-order`, `own-…`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ItemId(String);

#[derive(Debug, Clone)]
pub struct Item {
    pub id: ItemId,
    /// What the item measures; practice items measure nothing.
    pub measures: Option<Measures>,
    pub situation: Situation,
    pub cognitive: Cognitive,
    /// Time an average person needs, seconds.
    pub seconds: u32,
    pub family: Option<String>,
    /// On trial: shown at fixed positions without counting, until its parameters are known.
    pub is_pilot: bool,
    pub topics: Vec<Topic>,
    pub sources: Vec<String>,
    pub context: Option<Text>,
    pub table: Option<Table>,
    pub material: Option<Document>,
    pub file: Option<Sheet>,
    pub stem: Text,
    pub rationale: Text,
    pub task: Task,
    /// What variants are drawn from; the item itself is then the variant of seed 0.
    pub variants: Option<Arc<Family>>,
}

#[derive(Debug, Clone)]
pub struct Measures {
    /// DigComp 3.0 learning outcome, `LO1.2.03`.
    pub outcome: String,
    pub competence: CompetenceId,
    pub level: Level,
    /// The author's guess until answers replace it.
    pub discrimination: f64,
    pub difficulty_logit: f64,
    /// Of an estimate; a guess has none.
    pub errors: ItemErrors,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Situation {
    Office,
    ServiceCounter,
    Village,
    Home,
    Phone,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cognitive {
    Remember,
    Understand,
    Apply,
    Analyse,
    Evaluate,
}

/// What the statistics of a bank count beside competence and level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// The item concerns artificial intelligence.
    Ai,
    /// It is rooted in village or remote-region work.
    Village,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    SingleChoice,
    MultipleChoice,
    Order,
    Match,
    Mark,
    Numeric,
}

#[derive(Debug, Clone)]
pub struct Table {
    pub header: Vec<Text>,
    pub rows: Vec<Vec<Text>>,
}

/// What the person is asked to do, with the key.
#[derive(Debug, Clone)]
pub enum Task {
    /// Exactly one option is correct.
    SingleChoice { options: Vec<Choice>, shuffled: bool },
    /// Right when all correct options and no other are chosen.
    MultipleChoice { options: Vec<Choice>, shuffled: bool },
    /// Steps in the right order; right when all stand in it.
    Order { steps: Vec<Entry> },
    /// Right when each left side has its own right side.
    Match { pairs: Vec<Pair>, extras: Vec<Entry> },
    /// Right when all wrong parts and no other are marked.
    Mark { document: Document },
    /// Right within `value` ± `tolerance`.
    Numeric { value: f64, tolerance: f64, unit: Option<Text>, misconceptions: Vec<Misconception> },
}

/// Something with a key, a text and the reason for its place or its being right or wrong.
#[derive(Debug, Clone)]
pub struct Entry {
    pub key: String,
    pub text: Text,
    pub why: Text,
}

#[derive(Debug, Clone)]
pub struct Choice {
    pub entry: Entry,
    pub correct: bool,
}

#[derive(Debug, Clone)]
pub struct Pair {
    pub key: String,
    pub left: Text,
    pub right: Text,
    pub why: Text,
}

/// An answer a typical mistake leads to, with the mistake named.
#[derive(Debug, Clone)]
pub struct Misconception {
    pub value: f64,
    pub why: Text,
}

impl ItemId {
    pub fn new(id: impl Into<String>) -> ItemId {
        ItemId(id.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for ItemId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Item {
    /// The variant of a family that belongs to a session's seed; an item that is no family is the same for everybody. A
    /// seed whose variant breaks a rule, which `melek items check` looks for, gets the variant of seed 0.
    pub fn drawn(&self, seed: u64) -> Cow<'_, Item> {
        match self.variants.as_ref().map(|family| family.draw(seed)) {
            Some(Ok(variant)) => Cow::Owned(variant),
            _ => Cow::Borrowed(self),
        }
    }

    /// The same, and says why a variant is not an item.
    pub fn variant(&self, seed: u64) -> Result<Cow<'_, Item>, Vec<Finding>> {
        self.variants.as_ref().map_or(Ok(Cow::Borrowed(self)), |family| family.draw(seed).map(Cow::Owned))
    }
}

impl Topic {
    pub fn id(self) -> &'static str {
        match self {
            Topic::Ai => "ai",
            Topic::Village => "village",
        }
    }
}

impl Measures {
    pub fn area(&self) -> AreaId {
        self.competence.area()
    }
}

impl Situation {
    pub fn id(self) -> &'static str {
        match self {
            Situation::Office => "office",
            Situation::ServiceCounter => "service_counter",
            Situation::Village => "village",
            Situation::Home => "home",
            Situation::Phone => "phone",
        }
    }
}

impl Cognitive {
    pub fn id(self) -> &'static str {
        match self {
            Cognitive::Remember => "remember",
            Cognitive::Understand => "understand",
            Cognitive::Apply => "apply",
            Cognitive::Analyse => "analyse",
            Cognitive::Evaluate => "evaluate",
        }
    }
}

impl Kind {
    pub const ALL: [Kind; 6] =
        [Kind::SingleChoice, Kind::MultipleChoice, Kind::Order, Kind::Match, Kind::Mark, Kind::Numeric];

    pub fn id(self) -> &'static str {
        match self {
            Kind::SingleChoice => "single_choice",
            Kind::MultipleChoice => "multiple_choice",
            Kind::Order => "order",
            Kind::Match => "match",
            Kind::Mark => "mark",
            Kind::Numeric => "numeric",
        }
    }
}

impl Task {
    pub fn kind(&self) -> Kind {
        match self {
            Task::SingleChoice { .. } => Kind::SingleChoice,
            Task::MultipleChoice { .. } => Kind::MultipleChoice,
            Task::Order { .. } => Kind::Order,
            Task::Match { .. } => Kind::Match,
            Task::Mark { .. } => Kind::Mark,
            Task::Numeric { .. } => Kind::Numeric,
        }
    }

    /// Probability that a blind answer is right: the lower asymptote of the item's response function.
    pub fn chance(&self) -> f64 {
        let chance = match self {
            Task::SingleChoice { options, .. } => chance::single_choice(options.len() as u32),
            Task::MultipleChoice { options, .. } => chance::multiple_choice(options.len() as u32),
            Task::Order { steps } => chance::order(steps.len() as u32),
            Task::Match { pairs, extras } => chance::matching(pairs.len() as u32, (pairs.len() + extras.len()) as u32),
            Task::Mark { document } => chance::mark(document.markable().count() as u32),
            Task::Numeric { .. } => Ok(chance::numeric()),
        };
        chance.expect("reading an item checks its numbers of options, steps, pairs and parts")
    }

    /// Texts that can be shown in a drawn order: options, steps or right sides.
    pub fn drawn_count(&self) -> usize {
        match self {
            Task::SingleChoice { options, shuffled } | Task::MultipleChoice { options, shuffled } if *shuffled => {
                options.len()
            }
            Task::Order { steps } => steps.len(),
            Task::Match { pairs, extras } => pairs.len() + extras.len(),
            _ => 0,
        }
    }
}
