//! One line of `[draw]`: what it may be, and how its value is drawn or computed from others. Draws use no more than the
//! generator's stream of 64-bit numbers, so that a library's later way of drawing a range cannot change what somebody saw.

use std::collections::BTreeMap;

use melek_framework::Text;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::Rng;
use serde::Deserialize;
use time::Date;

use super::Values;
use super::evaluate::{evaluate, number, settled, whole};
use super::fill::fill;
use super::value::{LONGEST_LIST, Value, Word, member};

const MOST_CHOICES: usize = 60;

/// What stands behind the name.
#[derive(Clone, Debug)]
pub(super) enum DrawLine {
    Computed(String),
    Text(Text),
    Drawn(Box<Drawn>),
}

#[derive(Deserialize, Clone, Debug, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct Drawn {
    from: Option<Number>,
    to: Option<Number>,
    step: Option<f64>,
    choose: Option<Vec<Entry>>,
    by: Option<String>,
    day_from: Option<toml::value::Datetime>,
    day_to: Option<toml::value::Datetime>,
    #[serde(default)]
    workdays: bool,
    count: Option<usize>,
    #[serde(default)]
    distinct: bool,
}

#[derive(Deserialize, Clone, Debug)]
#[serde(untagged)]
enum Number {
    Written(f64),
    Computed(String),
}

/// An entry of `choose`.
#[derive(Deserialize, Clone, Debug)]
#[serde(untagged)]
enum Entry {
    Same(String),
    Differs {
        id: String,
        en: String,
        #[serde(flatten)]
        more: BTreeMap<String, More>,
    },
}

/// What an entry carries beside its text.
#[derive(Deserialize, Clone, Debug)]
#[serde(untagged)]
enum More {
    Flag(bool),
    Number(f64),
    Same(String),
    Differs(Text),
}

impl DrawLine {
    pub fn read(line: toml::Value) -> Result<DrawLine, String> {
        match line {
            toml::Value::String(expression) => Ok(DrawLine::Computed(expression)),
            toml::Value::Table(table) if table.contains_key("id") => {
                table.try_into().map(DrawLine::Text).map_err(|error: toml::de::Error| error.message().to_owned())
            }
            toml::Value::Table(table) => {
                let drawn = table.try_into().map_err(|error: toml::de::Error| error.message().to_owned())?;
                Ok(DrawLine::Drawn(Box::new(drawn)))
            }
            _ => Err("it is neither an expression in quotes, nor a text, nor { from … }, { choose … }, { day_from … }"
                .to_owned()),
        }
    }

    pub fn value(&self, values: &Values, rng: &mut ChaCha8Rng) -> Result<Value, String> {
        match self {
            DrawLine::Computed(expression) => evaluate(expression, values),
            DrawLine::Text(text) => Ok(Value::Word(Word::plain(fill(text, values)?))),
            DrawLine::Drawn(drawn) => drawn.value(values, rng),
        }
    }
}

impl Drawn {
    fn value(&self, values: &Values, rng: &mut ChaCha8Rng) -> Result<Value, String> {
        let days = self.day_from.is_some() || self.day_to.is_some();
        let range = self.from.is_some() || self.to.is_some();
        match (&self.choose, range, days) {
            (Some(entries), false, false) => self.words(entries, values, rng),
            (None, true, false) => self.numbers(values, rng),
            (None, false, true) => self.days(rng),
            _ => Err("a drawn value has either from and to, or choose, or day_from and day_to".to_owned()),
        }
    }

    fn words(&self, entries: &[Entry], values: &Values, rng: &mut ChaCha8Rng) -> Result<Value, String> {
        if self.step.is_some() || self.workdays {
            return Err("step and workdays do not belong to choose".to_owned());
        }
        if !(2..=MOST_CHOICES).contains(&entries.len()) {
            return Err(format!("choose has 2 to {MOST_CHOICES} entries"));
        }
        let words: Vec<Value> = entries.iter().map(|entry| entry.word(values)).collect::<Result<_, _>>()?;
        let Some(by) = &self.by else {
            let count = self.count.or(self.distinct.then_some(words.len()));
            return self.picks(words.len() as u64, count, rng)?.map(|index| Ok(words[index as usize].clone()));
        };
        if self.count.is_some() || self.distinct {
            return Err("count and distinct do not belong to choose … by: the expression says which".to_owned());
        }
        let chosen = |place: &Value| member(&words, whole(number(place)?)?).cloned();
        match evaluate(by, values)? {
            Value::List(places) => places.iter().map(chosen).collect::<Result<_, _>>().map(Value::List),
            place => chosen(&place),
        }
    }

    fn numbers(&self, values: &Values, rng: &mut ChaCha8Rng) -> Result<Value, String> {
        self.only_drawn(self.workdays)?;
        let (Some(from), Some(to)) = (&self.from, &self.to) else {
            return Err("from and to belong together".to_owned());
        };
        let (from, to, step) = (from.number(values)?, to.number(values)?, self.step.unwrap_or(1.0));
        if !(step > 0.0 && step.is_finite() && from <= to && to - from <= step * 1e9) {
            return Err(format!("from {from} to {to} in steps of {step} cannot be drawn"));
        }
        let steps = ((to - from) / step + 1e-9).floor() as u64 + 1;
        self.picks(steps, self.count, rng)?.map(|index| Ok(Value::Number(settled(from + index as f64 * step))))
    }

    fn days(&self, rng: &mut ChaCha8Rng) -> Result<Value, String> {
        self.only_drawn(self.step.is_some())?;
        let (Some(first), Some(last)) = (&self.day_from, &self.day_to) else {
            return Err("day_from and day_to belong together".to_owned());
        };
        let (first, last) = (day(first)?, day(last)?);
        let count = (last - first).whole_days();
        if !(0..=3660).contains(&count) {
            return Err("day_to is not after day_from, or more than ten years after it".to_owned());
        }
        let all = (0..=count).filter_map(|days| first.checked_add(time::Duration::days(days)));
        let days: Vec<Date> = all.filter(|day| !self.workdays || day.weekday().number_from_monday() <= 5).collect();
        self.picks(days.len() as u64, self.count, rng)?.map(|index| Ok(Value::Day(days[index as usize])))
    }

    fn only_drawn(&self, stray: bool) -> Result<(), String> {
        if self.by.is_some() || stray {
            return Err("by belongs to choose, step to numbers and workdays to dates".to_owned());
        }
        Ok(())
    }

    /// Which of `of` things are drawn.
    fn picks(&self, of: u64, count: Option<usize>, rng: &mut ChaCha8Rng) -> Result<Picks, String> {
        if of == 0 {
            return Err("there is nothing to draw from".to_owned());
        }
        let Some(count) = count else { return Ok(Picks::One(below(rng, of))) };
        if !(1..=LONGEST_LIST).contains(&count) {
            return Err(format!("count must be 1 to {LONGEST_LIST}"));
        }
        if self.distinct && count as u64 > of {
            return Err(format!("{count} different ones are asked for and there are only {of}"));
        }
        Ok(Picks::Several(if self.distinct {
            different(rng, of, count)
        } else {
            (0..count).map(|_| below(rng, of)).collect()
        }))
    }
}

/// Indices drawn, from 0.
enum Picks {
    One(u64),
    Several(Vec<u64>),
}

impl Picks {
    fn map(self, value: impl Fn(u64) -> Result<Value, String>) -> Result<Value, String> {
        match self {
            Picks::One(index) => value(index),
            Picks::Several(indices) => indices.into_iter().map(value).collect::<Result<_, _>>().map(Value::List),
        }
    }
}

/// A number from 0 to below `of`. The bias is below 2⁻³⁰ for any `of` a family can ask for.
fn below(rng: &mut ChaCha8Rng, of: u64) -> u64 {
    ((u128::from(rng.next_u64()) * u128::from(of)) >> 64) as u64
}

/// `count` different numbers below `of` in a drawn order: Fisher and Yates' shuffle that keeps only what moved.
fn different(rng: &mut ChaCha8Rng, of: u64, count: usize) -> Vec<u64> {
    let mut moved = BTreeMap::new();
    (0..count as u64)
        .map(|place| {
            let other = place + below(rng, of - place);
            let here = moved.get(&place).copied().unwrap_or(place);
            moved.insert(other, here).unwrap_or(other)
        })
        .collect()
}

impl Number {
    fn number(&self, values: &Values) -> Result<f64, String> {
        match self {
            Number::Written(number) => Ok(*number),
            Number::Computed(expression) => number(&evaluate(expression, values)?),
        }
    }
}

impl Entry {
    fn word(&self, values: &Values) -> Result<Value, String> {
        let (text, more) = match self {
            Entry::Same(text) => (Text { id: text.clone(), en: text.clone() }, None),
            Entry::Differs { id, en, more } => (Text { id: id.clone(), en: en.clone() }, Some(more)),
        };
        let more = more.into_iter().flatten().map(|(name, more)| {
            let value = match more {
                More::Flag(flag) => Value::Flag(*flag),
                More::Number(number) => Value::Number(*number),
                More::Same(text) => {
                    Value::Word(Word::plain(fill(&Text { id: text.clone(), en: text.clone() }, values)?))
                }
                More::Differs(text) => Value::Word(Word::plain(fill(text, values)?)),
            };
            Ok((name.clone(), value))
        });
        Ok(Value::Word(Word { text: fill(&text, values)?, more: more.collect::<Result<_, String>>()? }))
    }
}

/// A date as TOML writes it, without a time.
pub(crate) fn day(written: &toml::value::Datetime) -> Result<Date, String> {
    let date = written.date.filter(|_| written.time.is_none() && written.offset.is_none());
    let date = date.ok_or_else(|| format!("{written} is not a date alone, such as 2026-03-02"))?;
    let month = time::Month::try_from(date.month).map_err(|error| error.to_string())?;
    Date::from_calendar_date(i32::from(date.year), month, date.day).map_err(|error| error.to_string())
}
