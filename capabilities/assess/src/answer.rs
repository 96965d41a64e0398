//! What a person answered: read from a form into text that no language or order of display changes, and scored right or
//! wrong by the item's rule. An empty answer is "I do not know" and counts as wrong.
//!
//! Field `a` holds places in the drawn order (one or several), `a1`, `a2` … the place given to each shown step or right
//! side, and `a` alone the number typed; see `draw.rs`.

use melek_web::Locale;

use crate::draw::Draw;
use crate::item::Task;
use crate::material::PartMark;

/// An answer in the form in which it is stored; `docs/formats/items.md`, "How an answer is kept".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer(String);

/// Why a form is not an answer yet; shown above the item with the choices kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IncompleteAnswer {
    #[error("nothing was chosen")]
    Nothing,
    #[error("a step has no place yet")]
    StepWithoutPlace,
    #[error("two steps have the same place")]
    SamePlaceTwice,
    #[error("a left side has no partner yet")]
    LeftWithoutRight,
    #[error("one right side was chosen twice")]
    SameRightTwice,
    #[error("this is not a number")]
    NotANumber,
}

/// The fields of an answer form, in the order sent.
pub type Fields<'a> = &'a [(String, String)];

impl Answer {
    /// "I do not know".
    pub fn unknown() -> Answer {
        Answer(String::new())
    }

    pub fn stored(text: impl Into<String>) -> Answer {
        Answer(text.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Reads the form of an item shown in the order of `draw`; numbers are read as `locale` writes them.
    pub fn read(task: &Task, draw: &Draw, fields: Fields<'_>, locale: Locale) -> Result<Answer, IncompleteAnswer> {
        let text = match task {
            Task::SingleChoice { options, .. } => {
                let chosen = chosen(draw, fields).next().ok_or(IncompleteAnswer::Nothing)?;
                options[chosen].entry.key.clone()
            }
            Task::MultipleChoice { options, .. } => {
                sorted(chosen(draw, fields).map(|index| options[index].entry.key.as_str()))?
            }
            Task::Mark { document } => {
                let marked = chosen(draw, fields).map(|index| &document.parts[index]);
                sorted(marked.filter(|part| part.mark != PartMark::Fixed).map(|part| part.entry.key.as_str()))?
            }
            Task::Order { steps } => {
                let order = ordered(draw, fields, steps.len())?;
                order.into_iter().map(|index| steps[index].key.as_str()).collect::<Vec<_>>().join(",")
            }
            Task::Match { pairs, extras } => {
                let keys: Vec<&str> =
                    pairs.iter().map(|pair| &*pair.key).chain(extras.iter().map(|extra| &*extra.key)).collect();
                let rights = matched(draw, fields, pairs.len())?;
                let matches = pairs.iter().zip(rights).map(|(pair, right)| format!("{}={}", pair.key, keys[right]));
                matches.collect::<Vec<_>>().join(",")
            }
            Task::Numeric { .. } => {
                let typed =
                    field(fields, "a").filter(|typed| !typed.trim().is_empty()).ok_or(IncompleteAnswer::Nothing)?;
                number(typed, locale).ok_or(IncompleteAnswer::NotANumber)?.to_string()
            }
        };
        Ok(Answer(text))
    }

    /// Whether the answer is right by the item's rule.
    pub fn is_right(&self, task: &Task) -> bool {
        match task {
            Task::Numeric { value, tolerance, .. } => {
                // The small share absorbs that decimal fractions such as 0.1 are not exact in binary.
                let slack = tolerance + value.abs() * 1e-9;
                self.0.parse::<f64>().is_ok_and(|given| (given - value).abs() <= slack)
            }
            _ => self.0 == Answer::key(task).0,
        }
    }

    /// The right answer.
    pub fn key(task: &Task) -> Answer {
        let text = match task {
            Task::SingleChoice { options, .. } | Task::MultipleChoice { options, .. } => {
                let mut keys: Vec<&str> =
                    options.iter().filter(|option| option.correct).map(|option| &*option.entry.key).collect();
                keys.sort_unstable();
                keys.join(",")
            }
            Task::Mark { document } => {
                let wrong = document.parts.iter().filter(|part| part.mark == PartMark::Wrong);
                let mut keys: Vec<&str> = wrong.map(|part| &*part.entry.key).collect();
                keys.sort_unstable();
                keys.join(",")
            }
            Task::Order { steps } => steps.iter().map(|step| &*step.key).collect::<Vec<_>>().join(","),
            Task::Match { pairs, .. } => {
                pairs.iter().map(|pair| format!("{0}={0}", pair.key)).collect::<Vec<_>>().join(",")
            }
            Task::Numeric { value, .. } => value.to_string(),
        };
        Answer(text)
    }
}

/// Indices of the things whose places were sent in field `a`; places that do not exist are passed over.
fn chosen<'a>(draw: &'a Draw, fields: Fields<'a>) -> impl Iterator<Item = usize> + 'a {
    let places = fields.iter().filter(|(name, _)| name == "a");
    places.filter_map(|(_, place)| place.parse().ok().and_then(|place| draw.index(place)))
}

fn sorted<'a>(keys: impl Iterator<Item = &'a str>) -> Result<String, IncompleteAnswer> {
    let mut keys: Vec<&str> = keys.collect();
    keys.sort_unstable();
    keys.dedup();
    if keys.is_empty() { Err(IncompleteAnswer::Nothing) } else { Ok(keys.join(",")) }
}

fn field<'a>(fields: Fields<'a>, name: &str) -> Option<&'a str> {
    fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
}

/// Field `a{place shown}` is the position the person gives to that step; returns file indices in the person's order.
fn ordered(draw: &Draw, fields: Fields<'_>, count: usize) -> Result<Vec<usize>, IncompleteAnswer> {
    let mut order = vec![None; count];
    for (shown, index) in draw.indices().enumerate() {
        let given = field(fields, &format!("a{}", shown + 1)).and_then(|value| value.parse::<usize>().ok());
        let position =
            given.filter(|position| (1..=count).contains(position)).ok_or(IncompleteAnswer::StepWithoutPlace)?;
        if order[position - 1].replace(index).is_some() {
            return Err(IncompleteAnswer::SamePlaceTwice);
        }
    }
    order.into_iter().collect::<Option<Vec<_>>>().ok_or(IncompleteAnswer::StepWithoutPlace)
}

/// Field `a{n}` is the place of the right side chosen for the n-th pair; returns right sides by pair.
fn matched(draw: &Draw, fields: Fields<'_>, pairs: usize) -> Result<Vec<usize>, IncompleteAnswer> {
    let mut rights = Vec::with_capacity(pairs);
    for pair in 1..=pairs {
        let place = field(fields, &format!("a{pair}")).and_then(|value| value.parse().ok());
        let right = place.and_then(|place| draw.index(place)).ok_or(IncompleteAnswer::LeftWithoutRight)?;
        if rights.contains(&right) {
            return Err(IncompleteAnswer::SameRightTwice);
        }
        rights.push(right);
    }
    Ok(rights)
}

/// A number as people type it: `12.500`, `12,5`, `Rp 1.250.000`, `40 %`. A single separator before exactly three digits is
/// read as `locale` uses it; otherwise the last separator is the decimal one.
fn number(typed: &str, locale: Locale) -> Option<f64> {
    let typed = typed.trim().trim_start_matches("Rp").trim_end_matches('%');
    let typed: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let Some(last) = typed.rfind(['.', ',']) else {
        return finite(&typed);
    };
    let (separator, other) = if typed[last..].starts_with('.') { ('.', ',') } else { (',', '.') };
    let thousands = if locale == Locale::Id { '.' } else { ',' };
    let only_groups = !typed.contains(other) && in_groups_of_three(&typed, separator);
    if only_groups && (typed.matches(separator).count() > 1 || separator == thousands) {
        return finite(&typed.replace(separator, ""));
    }
    let (whole, fraction) = (&typed[..last], &typed[last + 1..]);
    if whole.contains(separator) || (whole.contains(other) && !in_groups_of_three(whole, other)) {
        return None;
    }
    finite(&format!("{}.{fraction}", whole.replace(other, "")))
}

/// Whether every group after the first has three digits: `1.250.000`, not `1.25.0`.
fn in_groups_of_three(text: &str, separator: char) -> bool {
    let mut groups = text.split(separator);
    let first = groups.next().unwrap_or_default().trim_start_matches('-');
    (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3)
}

fn finite(text: &str) -> Option<f64> {
    let plain = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+'));
    text.parse::<f64>().ok().filter(|number| plain && number.is_finite())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::item::Item;
    use crate::item_file::read_item;
    use proptest::prelude::*;

    pub(crate) fn read(file_stem: &str, source: &str) -> Item {
        read_item(file_stem, source).unwrap_or_else(|findings| panic!("{file_stem}: {findings:?}"))
    }

    pub(crate) fn single_choice() -> Task {
        read("1.2-basic-01", include_str!("../tests/items/1.2-basic-01.toml")).task
    }

    pub(crate) fn order_of_four() -> Task {
        read("own-order", include_str!("../tests/items/own-order.toml")).task
    }

    fn matching() -> Task {
        read("own-match", include_str!("../tests/items/own-match.toml")).task
    }

    fn form(fields: &[(&str, usize)]) -> Vec<(String, String)> {
        fields.iter().map(|(name, value)| ((*name).to_owned(), value.to_string())).collect()
    }

    #[test]
    fn a_chosen_place_becomes_the_key_of_the_option_shown_there() {
        let task = single_choice();
        for seed in 0..20 {
            let draw = Draw::new(&task, seed, 1);
            let place = draw.place(0).expect("shown");
            let answer = Answer::read(&task, &draw, &form(&[("a", place)]), Locale::Id).expect("answer");
            assert_eq!((answer.as_str(), answer.is_right(&task)), ("a", true));
        }
    }

    #[test]
    fn an_empty_form_is_not_an_answer() {
        let task = single_choice();
        let draw = Draw::new(&task, 1, 1);
        assert_eq!(Answer::read(&task, &draw, &[], Locale::Id), Err(IncompleteAnswer::Nothing));
        assert_eq!(Answer::read(&task, &draw, &form(&[("a", 9)]), Locale::Id), Err(IncompleteAnswer::Nothing));
    }

    #[test]
    fn steps_are_right_only_in_their_whole_order() {
        let task = order_of_four();
        let draw = Draw::new(&task, 5, 2);
        let fields: Vec<_> = draw
            .indices()
            .enumerate()
            .map(|(shown, index)| (format!("a{}", shown + 1), (index + 1).to_string()))
            .collect();
        let answer = Answer::read(&task, &draw, &fields, Locale::En).expect("answer");
        assert!(answer.is_right(&task));
        let mut twice = fields.clone();
        twice[0].1 = twice[1].1.clone();
        assert_eq!(Answer::read(&task, &draw, &twice, Locale::En), Err(IncompleteAnswer::SamePlaceTwice));
    }

    #[test]
    fn a_match_needs_a_partner_for_every_left_side() {
        let task = matching();
        let draw = Draw::new(&task, 3, 1);
        let place = |index| draw.place(index).expect("shown");
        let fields = form(&[("a1", place(0)), ("a2", place(1)), ("a3", place(2))]);
        assert!(Answer::read(&task, &draw, &fields, Locale::Id).expect("answer").is_right(&task));
        assert_eq!(Answer::read(&task, &draw, &fields[..2], Locale::Id), Err(IncompleteAnswer::LeftWithoutRight));
        let twice = form(&[("a1", place(0)), ("a2", place(0)), ("a3", place(2))]);
        assert_eq!(Answer::read(&task, &draw, &twice, Locale::Id), Err(IncompleteAnswer::SameRightTwice));
    }

    #[test]
    fn numbers_are_read_as_the_language_writes_them() {
        let id = |text| number(text, Locale::Id);
        let en = |text| number(text, Locale::En);
        assert_eq!((id("12.500"), en("12.500")), (Some(12500.0), Some(12.5)));
        assert_eq!((id("12,5"), en("12,500")), (Some(12.5), Some(12500.0)));
        assert_eq!((id("Rp 1.250.000"), en("1,250,000.75")), (Some(1_250_000.0), Some(1_250_000.75)));
        assert_eq!((id("40 %"), id("-3"), id("0,125")), (Some(40.0), Some(-3.0), Some(0.125)));
        assert_eq!((id("dua"), id("1e9"), id("inf"), id("1.2.3,4.5")), (None, None, None, None));
    }

    proptest! {
        #[test]
        fn no_text_typed_as_a_number_panics(text in "\\PC*") {
            let _ = number(&text, Locale::Id);
        }
    }
}
