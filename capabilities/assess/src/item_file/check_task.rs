//! The rules of each type of item: what is asked, with its key.

use melek_framework::Text;

use super::check::Check;
use super::schema::{File, FileEntry, FileMisconception, FileOption, FilePair, FileScoring, FileStep, Rule};
use crate::item::{Choice, Entry, Kind, Misconception, Pair, Task};

impl Check<'_> {
    pub(super) fn task(&mut self, file: &mut File) -> Option<Task> {
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

    fn steps(&mut self, mut steps: Vec<FileStep>) -> Vec<Entry> {
        self.require((4..=6).contains(&steps.len()), "[[steps]]", "an order has 4 to 6 steps");
        let sorted = steps.iter().filter(|step| step.sort.is_some()).count();
        self.require([0, steps.len()].contains(&sorted), "sort =", "either every step has sort or none");
        steps.sort_by(|a, b| a.sort.unwrap_or_default().total_cmp(&b.sort.unwrap_or_default()));
        let apart = sorted == 0 || steps.windows(2).all(|pair| pair[0].sort != pair[1].sort);
        self.require(apart, "sort =", "two steps have the same sort, so there is no one right order");
        let steps: Vec<Entry> = steps.into_iter().map(step).collect();
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
        if let Some(unit) = &unit {
            self.text("unit_id", unit);
        }
        for misconception in &misconceptions {
            let why = Text { id: misconception.why_id.clone(), en: misconception.why_en.clone() };
            self.text("[[misconceptions]]", &why);
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
}

fn entry(file: FileEntry) -> Entry {
    let FileEntry { key, id, en, why_id, why_en } = file;
    Entry { key, text: Text { id, en }, why: Text { id: why_id, en: why_en } }
}

fn step(file: FileStep) -> Entry {
    let FileStep { key, id, en, why_id, why_en, .. } = file;
    Entry { key, text: Text { id, en }, why: Text { id: why_id, en: why_en } }
}
