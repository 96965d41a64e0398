//! The rules of `docs/formats/items.md` that the shape of a file cannot say, each with the sentence that names it.

use std::collections::BTreeSet;

use melek_framework::{Outcome, Text, framework};

use super::Finding;
use super::schema::{
    Cell, File, FileDocument, FileEntry, FileMisconception, FileOption, FilePair, FileParameters, FilePart,
    FileScoring, FileTable, Rule,
};
use crate::item::{
    Choice, Document, Entry, Item, ItemId, Kind, Measures, Misconception, Pair, Part, PartMark, Table, Task,
};

/// Collects what is wrong while an item is made of its file.
pub(super) struct Check<'a> {
    pub source: &'a str,
    pub findings: Vec<Finding>,
}

impl Check<'_> {
    /// Notes a broken rule at the first line that contains `anchor`, or at line 1.
    fn find(&mut self, anchor: &str, reason: impl Into<String>) {
        let line = self.source.lines().position(|line| line.contains(anchor)).map_or(1, |index| index + 1);
        self.findings.push(Finding { line, reason: reason.into() });
    }

    fn require(&mut self, holds: bool, anchor: &str, reason: impl Into<String>) {
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
        self.require((20..=240).contains(&file.seconds), "seconds =", "seconds must be 20 to 240");
        self.texts(&file);
        let measures = self.measures(&file);
        let table = file.table.take().and_then(|table| self.table(table));
        let task = self.task(&mut file);
        Some(Item {
            measures: measures?,
            id: ItemId::new(file.id),
            situation: file.situation,
            cognitive: file.cognitive,
            seconds: file.seconds,
            family: file.family,
            sources: file.sources,
            context: file.context,
            table,
            stem: file.stem,
            rationale: file.rationale,
            task: task?,
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
        self.parameters(parameters);
        Some(Some(Measures {
            outcome: outcome.clone(),
            competence: known.competence,
            level: known.level,
            discrimination: parameters.discrimination,
            difficulty_logit: parameters.difficulty,
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

    fn parameters(&mut self, parameters: &FileParameters) {
        let FileParameters { discrimination, difficulty, provisional } = parameters;
        self.require((0.3..=3.0).contains(discrimination), "discrimination =", "discrimination must be 0.3 to 3.0");
        self.require((-3.5..=3.5).contains(difficulty), "difficulty =", "difficulty must be -3.5 to 3.5 logit");
        let guess = "parameters in a file are the author's guess: write provisional = true";
        self.require(*provisional, "provisional =", guess);
    }

    fn texts(&mut self, file: &File) {
        self.text("[stem]", &file.stem);
        self.text("[rationale]", &file.rationale);
        if let Some(context) = &file.context {
            self.text("[context]", context);
        }
    }

    /// Both languages are there and hold plain text.
    fn text(&mut self, anchor: &str, text: &Text) {
        for (language, words) in [("id", &text.id), ("en", &text.en)] {
            self.require(!words.trim().is_empty(), anchor, format!("the `{language}` text is empty"));
            let markup = words.contains("</")
                || words.contains("<script")
                || words.contains("javascript:")
                || words.contains("<img");
            self.require(!markup, anchor, format!("the `{language}` text holds markup; write plain text"));
            let linked = words.contains("http://") || words.contains("https://");
            let invented = words.contains(".example") || words.contains(".invalid");
            self.require(
                !linked || invented,
                anchor,
                format!(
                    "the `{language}` text names an outside address; use an invented one ending in .example or .invalid"
                ),
            );
        }
    }

    fn table(&mut self, table: FileTable) -> Option<Table> {
        let width = table.header.len();
        let even = table.rows.iter().all(|row| row.len() == width);
        self.require(width > 0 && even, "[table]", "every row of the table needs one cell a column");
        let cell = |cell| match cell {
            Cell::Same(text) => Text { id: text.clone(), en: text },
            Cell::Differs(text) => text,
        };
        let rows = table.rows.into_iter().map(|row| row.into_iter().map(cell).collect()).collect();
        Some(Table { header: table.header, rows })
    }

    fn task(&mut self, file: &mut File) -> Option<Task> {
        self.only_keys_of_the_type(file);
        let rule = match file.kind {
            Kind::SingleChoice => Rule::Key,
            Kind::Numeric => Rule::Within,
            _ => Rule::Exact,
        };
        self.require(
            file.scoring.rule == rule,
            "rule =",
            "rule must be `key` for single_choice, `within` for numeric, `exact` for the others",
        );
        let shuffled = file.shuffle.unwrap_or(true);
        Some(match file.kind {
            Kind::SingleChoice => {
                Task::SingleChoice { options: self.single_choice(std::mem::take(&mut file.options)), shuffled }
            }
            Kind::MultipleChoice => {
                Task::MultipleChoice { options: self.multiple_choice(std::mem::take(&mut file.options)), shuffled }
            }
            Kind::Order => Task::Order { steps: self.steps(std::mem::take(&mut file.steps)) },
            Kind::Match => self.matching(std::mem::take(&mut file.pairs), std::mem::take(&mut file.extras)),
            Kind::Mark => Task::Mark { document: self.document(file.document.take())? },
            Kind::Numeric => self.numeric(&mut file.scoring, std::mem::take(&mut file.misconceptions))?,
        })
    }

    fn only_keys_of_the_type(&mut self, file: &File) {
        let present = [
            ("[[options]]", !file.options.is_empty(), matches!(file.kind, Kind::SingleChoice | Kind::MultipleChoice)),
            ("[[steps]]", !file.steps.is_empty(), file.kind == Kind::Order),
            ("[[pairs]]", !file.pairs.is_empty(), file.kind == Kind::Match),
            ("[[extras]]", !file.extras.is_empty(), file.kind == Kind::Match),
            ("[document]", file.document.is_some(), file.kind == Kind::Mark),
            ("[[misconceptions]]", !file.misconceptions.is_empty(), file.kind == Kind::Numeric),
        ];
        for (key, there, allowed) in present {
            self.require(
                allowed || !there,
                key,
                format!("{key} does not belong to an item of type {}", file.kind.id()),
            );
        }
    }

    fn single_choice(&mut self, options: Vec<FileOption>) -> Vec<Choice> {
        self.require((3..=5).contains(&options.len()), "[[options]]", "a single choice has 3 to 5 options");
        let correct = options.iter().filter(|option| option.correct).count();
        self.require(correct == 1, "[[options]]", format!("{correct} options are correct; exactly one must be"));
        self.choices(options)
    }

    fn multiple_choice(&mut self, options: Vec<FileOption>) -> Vec<Choice> {
        self.require((4..=6).contains(&options.len()), "[[options]]", "a multiple choice has 4 to 6 options");
        let correct = options.iter().filter(|option| option.correct).count();
        let some = correct > 0 && correct < options.len();
        self.require(some, "[[options]]", "at least one option must be correct and one wrong");
        self.choices(options)
    }

    fn choices(&mut self, options: Vec<FileOption>) -> Vec<Choice> {
        let choices: Vec<Choice> = options
            .into_iter()
            .map(|option| {
                let FileOption { key, correct, id, en, why_id, why_en } = option;
                Choice { entry: Entry { key, text: Text { id, en }, why: Text { id: why_id, en: why_en } }, correct }
            })
            .collect();
        self.entries("[[options]]", choices.iter().map(|choice| &choice.entry));
        choices
    }

    fn steps(&mut self, steps: Vec<FileEntry>) -> Vec<Entry> {
        self.require((4..=6).contains(&steps.len()), "[[steps]]", "an order has 4 to 6 steps");
        let steps: Vec<Entry> = steps.into_iter().map(entry).collect();
        self.entries("[[steps]]", steps.iter());
        steps
    }

    fn matching(&mut self, pairs: Vec<FilePair>, extras: Vec<FileEntry>) -> Task {
        self.require((3..=5).contains(&pairs.len()), "[[pairs]]", "a match has 3 to 5 pairs");
        self.require(extras.len() <= 2, "[[extras]]", "a match has at most two extras");
        let pairs: Vec<Pair> = pairs
            .into_iter()
            .map(|pair| Pair {
                key: pair.key,
                left: Text { id: pair.left_id, en: pair.left_en },
                right: Text { id: pair.right_id, en: pair.right_en },
                why: Text { id: pair.why_id, en: pair.why_en },
            })
            .collect();
        let extras: Vec<Entry> = extras.into_iter().map(entry).collect();
        let rights: Vec<Entry> = pairs
            .iter()
            .map(|pair| Entry { key: pair.key.clone(), text: pair.right.clone(), why: pair.why.clone() })
            .chain(extras.iter().cloned())
            .collect();
        self.entries("[[pairs]]", rights.iter());
        for pair in &pairs {
            self.text("[[pairs]]", &pair.left);
        }
        Task::Match { pairs, extras }
    }

    fn document(&mut self, document: Option<FileDocument>) -> Option<Document> {
        let Some(document) = document else {
            self.find("type =", "an item of type mark needs a [document] with parts");
            return None;
        };
        let parts: Vec<Part> = document.parts.into_iter().map(|part| self.part(part)).collect();
        self.require((5..=12).contains(&parts.len()), "[document]", "a document has 5 to 12 parts");
        self.entries("[[document.parts]]", parts.iter().map(|part| &part.entry));
        let count = |mark| parts.iter().filter(|part| part.mark == mark).count();
        let enough = count(PartMark::Wrong) >= 1 && count(PartMark::Right) >= 2;
        self.require(
            enough,
            "[document]",
            "at least one part must be wrong and two parts that can be marked must be right",
        );
        Some(Document { kind: document.kind, parts })
    }

    fn part(&mut self, part: FilePart) -> Part {
        let explained = part.why_id.is_some() && part.why_en.is_some();
        let anchor = format!("key = \"{}\"", part.key);
        self.require(
            part.fixed || explained,
            &anchor,
            format!("part {} can be marked and needs why_id and why_en", part.key),
        );
        self.require(!(part.fixed && part.wrong), &anchor, format!("part {} is fixed and cannot be wrong", part.key));
        let label = match (part.label_id, part.label_en) {
            (Some(id), Some(en)) => Some(Text { id, en }),
            (None, None) => None,
            _ => {
                self.find(&anchor, format!("the label of part {} is missing in one language", part.key));
                None
            }
        };
        let mark = match (part.fixed, part.wrong) {
            (true, _) => PartMark::Fixed,
            (false, true) => PartMark::Wrong,
            (false, false) => PartMark::Right,
        };
        let why = Text { id: part.why_id.unwrap_or_default(), en: part.why_en.unwrap_or_default() };
        Part {
            role: part.role,
            label,
            entry: Entry { key: part.key, text: Text { id: part.id, en: part.en }, why },
            mark,
        }
    }

    fn numeric(&mut self, scoring: &mut FileScoring, misconceptions: Vec<FileMisconception>) -> Option<Task> {
        let (Some(value), Some(tolerance)) = (scoring.value, scoring.tolerance) else {
            self.find("[scoring]", "a numeric item needs value and tolerance in [scoring]");
            return None;
        };
        self.require(
            tolerance >= 0.0 && tolerance.is_finite() && value.is_finite(),
            "tolerance =",
            "value and tolerance must be finite, tolerance at least 0",
        );
        let unit = scoring.unit_id.take().zip(scoring.unit_en.take()).map(|(id, en)| Text { id, en });
        for misconception in &misconceptions {
            let apart = (misconception.value - value).abs() > tolerance;
            self.require(
                apart,
                "[[misconceptions]]",
                format!("the mistaken answer {} would be scored right", misconception.value),
            );
        }
        let misconceptions = misconceptions
            .into_iter()
            .map(|mistake| Misconception { value: mistake.value, why: Text { id: mistake.why_id, en: mistake.why_en } })
            .collect();
        Some(Task::Numeric { value, tolerance, unit, misconceptions })
    }

    /// Keys are short, distinct words; texts are complete and distinct within a language.
    fn entries<'e>(&mut self, anchor: &str, entries: impl Iterator<Item = &'e Entry>) {
        let (mut keys, mut seen) = (BTreeSet::new(), BTreeSet::new());
        for entry in entries {
            let plain = !entry.key.is_empty()
                && entry.key.len() <= 4
                && entry.key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
            self.require(
                plain,
                anchor,
                format!("key `{}` must be one to four lower-case letters or digits", entry.key),
            );
            self.require(keys.insert(entry.key.clone()), anchor, format!("key `{}` stands twice", entry.key));
            self.text(anchor, &entry.text);
            for (language, words) in [("id", &entry.text.id), ("en", &entry.text.en)] {
                let distinct = seen.insert((language, words.to_lowercase()));
                self.require(
                    distinct || anchor == "[[document.parts]]",
                    anchor,
                    format!("the `{language}` text of `{}` stands twice", entry.key),
                );
            }
        }
    }
}

fn entry(file: FileEntry) -> Entry {
    let FileEntry { key, id, en, why_id, why_en } = file;
    Entry { key, text: Text { id, en }, why: Text { id: why_id, en: why_en } }
}
