//! The rules of `docs/formats/items.md` that the shape of a file cannot say, each with the sentence that names it.

use std::collections::BTreeSet;

use melek_framework::{Outcome, Text, framework};
use melek_irt::ability::ItemErrors;

use super::Finding;
use super::line_of;
use super::schema::{File, FileParameters};
use super::text::problems;
use crate::item::{Entry, Item, ItemId, Measures};

/// Collects what is wrong while an item is made of its file.
pub(super) struct Check<'a> {
    pub source: &'a str,
    /// Whether the file has `[draw]`.
    pub is_family: bool,
    pub findings: Vec<Finding>,
}

impl Check<'_> {
    /// Notes a broken rule at the first line that contains `anchor`, or at line 1.
    pub(super) fn find(&mut self, anchor: &str, reason: impl Into<String>) {
        self.findings.push(Finding { line: line_of(self.source, anchor), reason: reason.into() });
    }

    pub(super) fn require(&mut self, holds: bool, anchor: &str, reason: impl Into<String>) {
        if !holds {
            self.find(anchor, reason);
        }
    }

    pub fn item(&mut self, file_stem: &str, mut file: File) -> Option<Item> {
        self.require(
            file.id == file_stem,
            "id =",
            format!("id `{}` is not the file name `{file_stem}`; make them equal", file.id),
        );
        let longest = if file.file.is_some() { 480 } else { 240 };
        let in_time = (20..=longest).contains(&file.seconds);
        self.require(in_time, "seconds =", format!("seconds must be 20 to {longest}"));
        self.texts(&file);
        self.variants(&file);
        let measures = self.measures(&file);
        let table = file.table.take().and_then(|table| self.table(table));
        let material = file.material.take().map(|material| self.material(material));
        let sheet = file.file.take().map(|sheet| self.sheet(sheet));
        let task = self.task(&mut file);
        Some(Item {
            measures: measures?,
            id: ItemId::new(file.id),
            situation: file.situation,
            cognitive: file.cognitive,
            seconds: file.seconds,
            family: file.family,
            is_pilot: file.pilot,
            topics: file.topics,
            sources: file.sources,
            context: file.context,
            table,
            material,
            file: sheet,
            stem: file.stem,
            rationale: file.rationale,
            task: task?,
            variants: None,
        })
    }

    /// `Some(None)` for a practice item; `None` when the item should measure something and does not say what.
    fn measures(&mut self, file: &File) -> Option<Option<Measures>> {
        if file.id.starts_with("practice-") {
            self.require(
                file.outcome.is_none() && file.parameters.is_none(),
                "outcome =",
                "a practice item has neither outcome nor [parameters]",
            );
            return Some(None);
        }
        let (Some(outcome), Some(parameters)) = (&file.outcome, &file.parameters) else {
            self.find(
                "id =",
                "outcome and [parameters] are needed: say what the item measures and how hard you think it is",
            );
            return None;
        };
        let Some(known) = framework().outcome(outcome) else {
            self.find(
                "outcome =",
                format!("`{outcome}` is not a learning outcome of DigComp 3.0; take one from the framework page"),
            );
            return None;
        };
        self.identifier(&file.id, known);
        let errors = self.parameters(parameters)?;
        Some(Some(Measures {
            outcome: outcome.clone(),
            competence: known.competence,
            level: known.level,
            discrimination: parameters.discrimination,
            difficulty_logit: parameters.difficulty,
            errors,
        }))
    }

    /// The identifier says competence and level of the outcome, unless it is an agency's own.
    fn identifier(&mut self, id: &str, outcome: &Outcome) {
        let (competence, level) = (outcome.competence, outcome.level.id());
        let prefix = format!("{competence}-{level}-");
        let two_digits = |number: &str| number.len() == 2 && number.bytes().all(|byte| byte.is_ascii_digit());
        let fits = id.starts_with("own-") || id.strip_prefix(&prefix).is_some_and(two_digits);
        let outcome = &outcome.id;
        self.require(
            fits,
            "id =",
            format!("{outcome} is {competence} at level {level}: the id must be `{prefix}` and two digits, or start with `own-`"),
        );
    }

    /// The errors of the parameters; 0 of a guess.
    fn parameters(&mut self, parameters: &FileParameters) -> Option<ItemErrors> {
        let FileParameters { discrimination, difficulty, provisional, .. } = parameters;
        self.require((0.3..=3.0).contains(discrimination), "discrimination =", "discrimination must be 0.3 to 3.0");
        self.require((-3.5..=3.5).contains(difficulty), "difficulty =", "difficulty must be -3.5 to 3.5 logit");
        let FileParameters { discrimination_error, difficulty_error, error_correlation, .. } = parameters;
        let is_guess = *discrimination_error == 0.0 && *difficulty_error == 0.0;
        let guess = "parameters without errors are the author's guess: write provisional = true, or let `melek bank calibrate` write both";
        self.require(*provisional || !is_guess, "provisional =", guess);
        let errors = ItemErrors::new(*discrimination_error, *difficulty_error, *error_correlation);
        errors.map_err(|reason| self.find("discrimination_error =", reason.to_string())).ok()
    }

    fn texts(&mut self, file: &File) {
        self.text("[stem]", &file.stem);
        self.text("[rationale]", &file.rationale);
        if let Some(context) = &file.context {
            self.text("[context]", context);
        }
    }

    /// What only a family has, and what every family has.
    fn variants(&mut self, file: &File) {
        let why = file.equal_because.as_ref().is_some_and(|why| !why.trim().is_empty());
        let needed = "a file with [draw] needs equal_because: why are all variants equally hard?";
        self.require(why || !self.is_family, "[draw]", needed);
        let stray = !self.is_family && (file.equal_because.is_some() || file.constraints.is_some());
        self.require(!stray, "equal_because", "equal_because and constraints belong to a file with [draw]");
        let no_file = file.file.is_none() || !file.id.starts_with("practice-");
        self.require(no_file, "[file]", "a practice item has no [file]");
    }

    /// Both languages are there and hold plain text.
    pub(super) fn text(&mut self, anchor: &str, text: &Text) {
        for (language, words) in [("id", &text.id), ("en", &text.en)] {
            if words.trim().is_empty() {
                self.find(anchor, format!("the `{language}` text is empty"));
            }
            self.plain(anchor, language, words);
        }
    }

    /// The text holds nothing but text; the finding points at the line with the words, if the file has them as they are.
    fn plain(&mut self, anchor: &str, language: &str, words: &str) {
        for problem in problems(words) {
            let first_line = words.lines().next().unwrap_or_default();
            let verbatim = !first_line.is_empty() && self.source.contains(first_line);
            self.find(if verbatim { first_line } else { anchor }, format!("the `{language}` text {problem}"));
        }
    }

    /// A text that may be missing, in both languages or none.
    pub(super) fn optional_text(&mut self, anchor: &str, id: Option<String>, en: Option<String>) -> Option<Text> {
        match (id, en) {
            (Some(id), Some(en)) => {
                let text = Text { id, en };
                self.text(anchor, &text);
                Some(text)
            }
            (None, None) => None,
            _ => {
                self.find(anchor, "a text is there in one language and missing in the other");
                None
            }
        }
    }

    /// Keys are short, distinct words; texts and reasons are complete, and texts distinct within a language.
    pub(super) fn entries<'e>(&mut self, anchor: &str, entries: impl Iterator<Item = &'e Entry>) {
        let (mut keys, mut seen) = (BTreeSet::new(), BTreeSet::new());
        for entry in entries {
            let key = &entry.key;
            let short = (1..=4).contains(&key.len());
            let plain = short && key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
            self.require(plain, anchor, format!("key `{key}` must be one to four lower-case letters or digits"));
            self.require(keys.insert(key.clone()), anchor, format!("key `{key}` stands twice"));
            self.text(anchor, &entry.text);
            self.plain(anchor, "why_id", &entry.why.id);
            self.plain(anchor, "why_en", &entry.why.en);
            for (language, words) in [("id", &entry.text.id), ("en", &entry.text.en)] {
                let distinct = seen.insert((language, words.to_lowercase()));
                let may_repeat = anchor == "[[document.parts]]";
                self.require(distinct || may_repeat, anchor, format!("the `{language}` text of `{key}` stands twice"));
            }
        }
    }
}
