//! What a value of a family can be: a number, a truth value, a date, a text in both languages, or a list of them.

use std::collections::BTreeMap;

use melek_framework::Text;
use time::Date;

/// Most members of a list.
pub(super) const LONGEST_LIST: usize = 500;

/// Numbers closer than this share of their size are equal: decimal fractions such as 0.1 are not exact in binary.
const EQUAL_WITHIN: f64 = 1e-9;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Number(f64),
    Flag(bool),
    Day(Date),
    Word(Word),
    List(Vec<Value>),
}

/// A text, and what its entry of a `choose` list carries beside it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Word {
    pub text: Text,
    pub more: BTreeMap<String, Value>,
}

impl Word {
    pub fn plain(text: Text) -> Word {
        Word { text, more: BTreeMap::new() }
    }
}

impl Value {
    /// The kind as an author calls it.
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Number(_) => "a number",
            Value::Flag(_) => "a truth value",
            Value::Day(_) => "a date",
            Value::Word(_) => "a text",
            Value::List(_) => "a list",
        }
    }

    /// Equal as an author means it: numbers up to the rest of binary fractions, a quoted text in either language.
    pub fn equals(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::Number(a), Value::Number(b)) => same_number(*a, *b),
            (Value::Word(a), Value::Word(b)) => a.text.id == b.text.id || a.text.en == b.text.en,
            (Value::List(a), Value::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.equals(b)),
            (a, b) => a == b,
        }
    }

    /// `fees.1`, `village.days`, `docs.2.days`, `docs.days`: the part of a value that the rest of a path names.
    pub fn part(&self, path: &[&str]) -> Result<Value, String> {
        let Some((first, rest)) = path.split_first() else { return Ok(self.clone()) };
        match self {
            Value::List(members) => match first.parse::<usize>() {
                Ok(place) => member(members, place)?.part(rest),
                Err(_) => members.iter().map(|member| member.part(path)).collect::<Result<_, _>>().map(Value::List),
            },
            Value::Word(word) => {
                let part = word.more.get(*first);
                part.ok_or_else(|| format!("`{}` carries no `{first}`", word.text.id))?.part(rest)
            }
            other => Err(format!("`.{first}` stands behind {}; only lists and texts have parts", other.kind())),
        }
    }
}

pub(super) fn same_number(a: f64, b: f64) -> bool {
    (a - b).abs() <= EQUAL_WITHIN * a.abs().max(b.abs()).max(1.0)
}

/// The member at a place, from 1.
pub(super) fn member(members: &[Value], place: usize) -> Result<&Value, String> {
    let found = place.checked_sub(1).and_then(|index| members.get(index));
    found.ok_or_else(|| format!("place {place} does not exist in a list of {}", members.len()))
}
