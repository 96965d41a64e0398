//! Puts the values of a draw into the texts of a family's file, and computed values in place of expressions.

use melek_framework::Text;
use melek_web::Locale;
use toml::Value as Toml;
use toml::value::{Date as TomlDate, Datetime};

use super::Values;
use super::evaluate::{evaluate, settled};
use super::value::Value;
use super::written::written;

/// Keys whose text, in a family, is an expression, and what it must give.
const COMPUTED: [(&str, &str); 8] = [
    ("value", "a number"),
    ("tolerance", "a number"),
    ("sort", "a number"),
    ("correct", "a truth value"),
    ("wrong", "a truth value"),
    ("on", "a truth value"),
    ("day", "a date"),
    ("values", "a list"),
];

/// What could not be filled in: the text as the file has it, with its key when that makes it findable, and why.
#[derive(Debug, PartialEq)]
pub(super) struct Unfilled {
    pub text: String,
    pub reason: String,
}

pub(super) fn fill(text: &Text, values: &Values) -> Result<Text, String> {
    let id = fill_in(&text.id, values, Locale::Id)?;
    Ok(Text { id, en: fill_in(&text.en, values, Locale::En)? })
}

/// A text with every `{name}` and `{name:format}` replaced; `{{` and `}}` are plain braces.
fn fill_in(text: &str, values: &Values, locale: Locale) -> Result<String, String> {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        filled.push_str(&rest[..at]);
        let brace = &rest[at..=at];
        let after = &rest[at + 1..];
        if let Some(after) = after.strip_prefix(brace) {
            filled.push_str(brace);
            rest = after;
            continue;
        }
        let end = after.find('}').filter(|_| brace == "{");
        let end = end.ok_or_else(|| format!("`{brace}` stands alone; write it twice if it is meant as a brace"))?;
        let (path, format) = after[..end].split_once(':').unwrap_or((&after[..end], ""));
        filled.push_str(&written(&values.look_up(path)?, format, locale)?);
        rest = &after[end + 1..];
    }
    filled.push_str(rest);
    Ok(filled)
}

/// Fills everything below the top of a file: `key` is the key under which `node` stands.
pub(super) fn fill_file(node: &mut Toml, key: &str, values: &Values) -> Result<(), Unfilled> {
    match node {
        Toml::Table(table) => table.iter_mut().try_for_each(|(key, node)| fill_file(node, key, values)),
        Toml::Array(members) => members.iter_mut().try_for_each(|node| match node {
            Toml::String(text) => {
                *node = both_languages(text, values).map_err(unfilled(text))?;
                Ok(())
            }
            Toml::Datetime(day) => {
                *node = day_cell(*day);
                Ok(())
            }
            other => fill_file(other, "", values),
        }),
        Toml::String(text) => {
            let is_computed = COMPUTED.iter().any(|(computed, _)| *computed == key);
            let anchor = if is_computed { format!("{key} = \"{text}\"") } else { text.clone() };
            if let Some(filled) = replacement(key, text, values).map_err(unfilled(&anchor))? {
                *node = filled;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

fn unfilled(text: &str) -> impl Fn(String) -> Unfilled + use<> {
    let text = text.to_owned();
    move |reason| Unfilled { text: text.clone(), reason }
}

/// A text of one language, an expression, or nothing to fill.
fn replacement(key: &str, text: &str, values: &Values) -> Result<Option<Toml>, String> {
    if let Some((_, needed)) = COMPUTED.iter().find(|(computed, _)| *computed == key) {
        let value = evaluate(text, values)?;
        if value.kind() != *needed {
            return Err(format!("`{text}` gives {} where {key} needs {needed}", value.kind()));
        }
        return to_toml(&value).map(Some);
    }
    let locale = match key.rsplit('_').next() {
        Some("id") => Locale::Id,
        Some("en") => Locale::En,
        _ => return Ok(None),
    };
    Ok(Some(Toml::String(fill_in(text, values, locale)?)))
}

/// A cell that both languages share is told apart when a number in it is written differently.
fn both_languages(text: &str, values: &Values) -> Result<Toml, String> {
    let filled = fill(&Text { id: text.to_owned(), en: text.to_owned() }, values)?;
    Ok(if filled.id == filled.en { Toml::String(filled.id) } else { text_to_toml(&filled) })
}

fn text_to_toml(text: &Text) -> Toml {
    let languages = [("id", &text.id), ("en", &text.en)];
    Toml::Table(languages.into_iter().map(|(key, text)| (key.to_owned(), Toml::String(text.clone()))).collect())
}

fn to_toml(value: &Value) -> Result<Toml, String> {
    Ok(match value {
        Value::Number(number) => Toml::Float(settled(*number)),
        Value::Flag(flag) => Toml::Boolean(*flag),
        Value::Day(day) => Toml::Datetime(to_datetime(*day)?),
        Value::Word(word) => text_to_toml(&word.text),
        Value::List(members) => {
            let member = |value: &Value| match value {
                Value::Day(day) => to_datetime(*day).map(day_cell),
                other => to_toml(other),
            };
            Toml::Array(members.iter().map(member).collect::<Result<_, _>>()?)
        }
    })
}

fn to_datetime(day: time::Date) -> Result<Datetime, String> {
    let year = u16::try_from(day.year()).map_err(|_| "a date is out of range".to_owned())?;
    let date = TomlDate { year, month: day.month().into(), day: day.day() };
    Ok(Datetime { date: Some(date), time: None, offset: None })
}

/// A date in a list, as a table of its own: among values of several kinds, serde would read a bare one as a text.
fn day_cell(day: Datetime) -> Toml {
    Toml::Table(std::iter::once(("day".to_owned(), Toml::String(day.to_string()))).collect())
}
