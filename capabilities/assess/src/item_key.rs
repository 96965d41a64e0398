//! An item with its key and the reason for every part, in one language: for item writers only. What a candidate sees is in
//! `item_view.rs`, which knows no key.

use melek_framework::Text;
use melek_web::{Locale, Words, format};

use crate::item::{Choice, Entry, Item, Task};
use crate::item_text::shown_lines;
use crate::item_view::paragraphs;
use crate::material::{Part, PartMark};
use crate::words;

/// An item as its writer reads it.
pub(crate) struct ItemSheet {
    pub locale: Locale,
    pub context: Vec<String>,
    pub header: Vec<String>,
    pub rows: Vec<Vec<String>>,
    /// What was shown with the question, line by line, and the name of its file.
    pub shown: Vec<String>,
    pub stem: String,
    pub lines: Vec<KeyLine>,
    pub rationale: String,
}

/// An option, step, pair, part or number.
pub(crate) struct KeyLine {
    pub text: String,
    /// What it is in the key, empty when it is not part of it.
    pub key: String,
    pub why: String,
}

impl ItemSheet {
    pub fn new(item: &Item, locale: Locale) -> ItemSheet {
        let get = |text: &Text| text.get(locale).to_owned();
        let table = item.table.as_ref();
        ItemSheet {
            locale,
            context: item.context.as_ref().map(|context| paragraphs(context.get(locale))).unwrap_or_default(),
            header: table.map(|table| table.header.iter().map(get).collect()).unwrap_or_default(),
            rows: table
                .map(|table| table.rows.iter().map(|row| row.iter().map(get).collect()).collect())
                .unwrap_or_default(),
            shown: shown_lines(item, words(locale)),
            stem: get(&item.stem),
            lines: lines(&item.task, words(locale)),
            rationale: get(&item.rationale),
        }
    }
}

fn lines(task: &Task, t: Words) -> Vec<KeyLine> {
    let locale = t.locale();
    let line = |entry: &Entry, key: String| KeyLine {
        text: entry.text.get(locale).to_owned(),
        key,
        why: entry.why.get(locale).to_owned(),
    };
    match task {
        Task::SingleChoice { options, .. } | Task::MultipleChoice { options, .. } => {
            let key = |option: &Choice| if option.correct { t.text("item-key-right") } else { String::new() };
            options.iter().map(|option| line(&option.entry, key(option))).collect()
        }
        Task::Order { steps } => {
            let place = |at: usize| t.with("item-key-place", &[("place", (at as i64 + 1).into())]);
            steps.iter().enumerate().map(|(at, step)| line(step, place(at))).collect()
        }
        Task::Match { pairs, extras } => {
            let pair = pairs.iter().map(|pair| KeyLine {
                text: pair.left.get(locale).to_owned(),
                key: t.with("item-key-partner", &[("partner", pair.right.get(locale).into())]),
                why: pair.why.get(locale).to_owned(),
            });
            pair.chain(extras.iter().map(|extra| line(extra, t.text("item-key-extra")))).collect()
        }
        Task::Mark { document } => document.parts.iter().map(|part| line(&part.entry, part_key(part, t))).collect(),
        Task::Numeric { value, tolerance, unit, misconceptions } => {
            let unit = unit.as_ref().map(|unit| unit.get(locale)).unwrap_or_default();
            let number = |value: f64| format!("{} {unit}", written(value, locale)).trim_end().to_owned();
            let within = [("tolerance", written(*tolerance, locale).into())];
            let key = KeyLine { text: number(*value), key: t.with("item-key-number", &within), why: String::new() };
            let wrong = misconceptions.iter().map(|wrong| KeyLine {
                text: number(wrong.value),
                key: String::new(),
                why: wrong.why.get(locale).to_owned(),
            });
            std::iter::once(key).chain(wrong).collect()
        }
    }
}

fn part_key(part: &Part, t: Words) -> String {
    match part.mark {
        PartMark::Wrong => t.text("item-key-mark"),
        PartMark::Right => String::new(),
        PartMark::Fixed => t.text("item-key-fixed"),
    }
}

/// With the decimal places it has.
fn written(value: f64, locale: Locale) -> String {
    let places = value.to_string().split_once('.').map_or(0, |(_, fraction)| fraction.len());
    format::decimal(locale, value, places)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::tests::{order_of_four, single_choice};
    use crate::bank::Bank;

    #[test]
    fn an_option_of_the_key_is_marked_and_all_options_are_there() {
        let Task::SingleChoice { options, .. } = single_choice() else { panic!("a single choice") };
        let lines = lines(&single_choice(), words(Locale::En));
        let keys: Vec<&str> = lines.iter().filter(|line| !line.key.is_empty()).map(|line| line.text.as_str()).collect();
        assert_eq!(keys, ["Check the announcement on the office's official page or channel"]);
        assert_eq!(lines.len(), options.len());
    }

    #[test]
    fn steps_carry_their_place() {
        let lines = lines(&order_of_four(), words(Locale::Id));
        assert_eq!((lines[0].text.as_str(), lines[0].key.as_str()), ("Menulis", "Urutan 1"));
    }

    #[test]
    fn every_item_of_the_bank_has_a_sheet_with_a_key_in_both_languages() {
        for item in &Bank::load(None).expect("bank").items {
            for locale in Locale::ALL {
                let sheet = ItemSheet::new(item, locale);
                assert!(sheet.lines.iter().any(|line| !line.key.is_empty()), "{}", item.id);
            }
        }
    }
}
