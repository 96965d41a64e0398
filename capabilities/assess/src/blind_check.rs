//! Answering an item without sight of its key: the question as plain text for a sheet, and the answer read back and compared.
//! Everybody gets the same variant in the same order, which differs from item to item. A sheet names options by letter and steps, left sides and parts by number.

use melek_web::Locale;
use sha2::{Digest, Sha256};

use crate::answer::{Answer, IncompleteAnswer};
use crate::digest::short_name;
use crate::item::{Item, Task};
use crate::item_text::{item_text, own_draw};

/// Variant and order in which items are answered blind.
const SEED: u64 = 2026;

/// What stands on a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlindQuestion {
    pub text: String,
    /// How the answer is written: "one letter".
    pub how: &'static str,
    /// Of the text: an answer to an older text is not counted.
    pub mark: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlindAnswer {
    pub mark: String,
    pub typed: String,
    pub locale: Locale,
}

/// An answer beside the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlindVerdict {
    /// As answers are kept; `docs/formats/items.md`.
    pub answer: String,
    pub agrees: bool,
}

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum BlindAnswerError {
    #[error("the item has changed since the sheet was written; write a new sheet")]
    Changed,
    #[error("`{typed}` is no answer to this item ({reason}); write {how}")]
    Unreadable { typed: String, reason: IncompleteAnswer, how: &'static str },
}

pub fn blind_question(item: &Item, locale: Locale) -> BlindQuestion {
    let text = item_text(item, SEED, locale);
    BlindQuestion { mark: mark(&text), text, how: how(&item.task) }
}

/// The variant a sheet shows, for its file.
pub fn blind_variant(item: &Item) -> std::borrow::Cow<'_, Item> {
    item.drawn(SEED)
}

pub fn blind_answer(item: &Item, given: &BlindAnswer) -> Result<BlindVerdict, BlindAnswerError> {
    let question = blind_question(item, given.locale);
    if question.mark != given.mark {
        return Err(BlindAnswerError::Changed);
    }
    let item = item.drawn(SEED);
    let draw = own_draw(&item, SEED);
    let fields = fields(&item.task, &given.typed);
    let answer = Answer::read(&item.task, &draw, &fields, given.locale);
    let answer = answer.map_err(|reason| BlindAnswerError::Unreadable {
        typed: given.typed.clone(),
        reason,
        how: question.how,
    })?;
    Ok(BlindVerdict { agrees: answer.is_right(&item.task), answer: answer.as_str().to_owned() })
}

fn how(task: &Task) -> &'static str {
    match task {
        Task::SingleChoice { .. } => "one letter: B",
        Task::MultipleChoice { .. } => "every right letter: A,C",
        Task::Order { .. } => "the numbers in the right order: 3,1,4,2",
        Task::Match { .. } => "a letter for each number: 1=C,2=A,3=B",
        Task::Mark { .. } => "the numbers to be marked: 2,5",
        Task::Numeric { .. } => "a number: 12.5",
    }
}

/// What a form would send for the typed answer.
fn fields(task: &Task, typed: &str) -> Vec<(String, String)> {
    let pieces = || typed.split([',', ';', ' ']).map(str::trim).filter(|piece| !piece.is_empty());
    let field = |name: &str, value: String| (name.to_owned(), value);
    match task {
        Task::Numeric { .. } => vec![field("a", typed.trim().to_owned())],
        Task::Order { .. } => {
            pieces().enumerate().map(|(index, shown)| (format!("a{shown}"), (index + 1).to_string())).collect()
        }
        Task::Match { .. } => {
            let pairs = pieces().filter_map(|piece| piece.split_once('='));
            pairs.map(|(left, right)| (format!("a{}", left.trim()), place(right))).collect()
        }
        _ => pieces().map(|piece| field("a", place(piece))).collect(),
    }
}

/// `B` is place 2; a number is itself.
fn place(piece: &str) -> String {
    let piece = piece.trim();
    match piece.as_bytes() {
        [letter] if letter.is_ascii_alphabetic() => (letter.to_ascii_uppercase() - b'A' + 1).to_string(),
        _ => piece.to_owned(),
    }
}

fn mark(text: &str) -> String {
    short_name(Sha256::new_with_prefix(text), 4)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::tests::read;
    use crate::bank::Bank;

    fn answered(item: &Item, typed: &str) -> Result<BlindVerdict, BlindAnswerError> {
        let mark = blind_question(item, Locale::En).mark;
        blind_answer(item, &BlindAnswer { mark, typed: typed.to_owned(), locale: Locale::En })
    }

    /// What somebody who knows the key writes on the sheet.
    fn right(item: &Item) -> String {
        let drawn = item.drawn(SEED);
        let draw = own_draw(&drawn, SEED);
        let place = |index| draw.place(index).expect("shown");
        let letter = |index| char::from(b'A' + place(index) as u8 - 1).to_string();
        let pieces: Vec<String> = match &drawn.task {
            Task::SingleChoice { options, .. } | Task::MultipleChoice { options, .. } => {
                (0..options.len()).filter(|index| options[*index].correct).map(letter).collect()
            }
            Task::Order { steps } => (0..steps.len()).map(|index| place(index).to_string()).collect(),
            Task::Match { pairs, .. } => {
                (0..pairs.len()).map(|index| format!("{}={}", index + 1, letter(index))).collect()
            }
            Task::Mark { document } => {
                let wrong = |index: &usize| document.parts[*index].mark == crate::material::PartMark::Wrong;
                (0..document.parts.len()).filter(wrong).map(|index| place(index).to_string()).collect()
            }
            Task::Numeric { value, .. } => vec![value.to_string()],
        };
        pieces.join(",")
    }

    #[test]
    fn whoever_writes_the_key_of_any_item_agrees() {
        for item in &Bank::load(None).expect("bank").items {
            let verdict = answered(item, &right(item)).unwrap_or_else(|error| panic!("{}: {error}", item.id));
            assert!(verdict.agrees, "{}: {verdict:?}", item.id);
        }
    }

    #[test]
    fn the_key_of_one_order_or_match_does_not_tell_that_of_another() {
        let bank = Bank::load(None).expect("bank");
        let of_kind = |kind| bank.items.iter().filter(move |item| item.task.kind() == kind).map(right);
        for kind in [crate::item::Kind::Order, crate::item::Kind::Match] {
            let different: std::collections::BTreeSet<String> = of_kind(kind).collect();
            assert!(different.len() * 2 > of_kind(kind).count(), "{different:?}");
        }
    }

    #[test]
    fn a_sheet_does_not_tell_the_key() {
        for item in &Bank::load(None).expect("bank").items {
            let text = blind_question(item, Locale::Id).text;
            assert!(!text.contains(item.rationale.id.as_str()), "{}", item.id);
        }
    }

    #[test]
    fn an_answer_to_an_older_text_or_of_another_kind_is_refused() {
        let item = read("own-order", include_str!("../tests/items/own-order.toml"));
        let old = BlindAnswer { mark: "00000000".into(), typed: "1,2,3,4".into(), locale: Locale::En };
        assert_eq!(blind_answer(&item, &old), Err(BlindAnswerError::Changed));
        let error = answered(&item, "B").expect_err("not an order").to_string();
        assert!(error.contains("write the numbers in the right order"), "{error}");
    }
}
