//! One bar per label, whole or in parts; the value stands beside it as text.
//!
//! Parts differ by pattern as well as by colour and are separated by a gap; a legend names them.

use std::fmt;

use askama::Template;

use super::Table;
use crate::{Locale, Words, words};

/// An accessible figure; put it into a template with `{{ chart }}`.
#[derive(Clone, Debug)]
pub struct Bars {
    pub locale: Locale,
    pub title: String,
    /// One sentence that says what the picture shows.
    pub description: String,
    /// The value that fills the width.
    pub largest: f64,
    /// Name per tone, in the order of the parts; empty when the bars have one part only.
    pub legend: Vec<(Tone, String)>,
    pub rows: Vec<Bar>,
    pub table: Table,
}

#[derive(Clone, Debug)]
pub struct Bar {
    pub label: String,
    /// The value in words or formatted, shown at the end of the row and read aloud.
    pub text: String,
    pub parts: Vec<Part>,
}

/// A stretch of a bar, in the unit of `Bars::largest`.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    pub tone: Tone,
    pub value: f64,
}

/// Look of a part: `Plain` is the accent colour, `Withheld` an outline for what is there but not shown; the other three are those of
/// the badges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Plain,
    Met,
    Unsure,
    Unmet,
    Withheld,
}

impl fmt::Display for Tone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Plain => "plain",
            Self::Met => "met",
            Self::Unsure => "unsure",
            Self::Unmet => "unmet",
            Self::Withheld => "withheld",
        })
    }
}

impl Bar {
    /// A bar of one part.
    pub fn plain(label: impl Into<String>, value: f64, text: impl Into<String>) -> Self {
        Self { label: label.into(), text: text.into(), parts: vec![Part { tone: Tone::Plain, value }] }
    }

    /// Tone, start and length of each visible part, the last two in per cent of the width.
    fn stretches(&self, largest: &f64) -> Vec<(Tone, String, String)> {
        let mut start = 0.0;
        let mut stretches = Vec::with_capacity(self.parts.len());
        for part in self.parts.iter().filter(|part| part.value > 0.0) {
            let length = (part.value / largest * 100.0).min(100.0 - start);
            stretches.push((part.tone, format!("{start:.2}%"), format!("{length:.2}%")));
            start += length;
        }
        stretches
    }
}

#[derive(Template)]
#[template(path = "web/bars.html")]
struct Figure<'a> {
    chart: &'a Bars,
    key: String,
    words: Words,
}

impl fmt::Display for Bars {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let figure = Figure { chart: self, key: super::key(&self.title), words: words(self.locale) };
        figure.render_into(f).map_err(|_| fmt::Error)
    }
}

impl askama::filters::HtmlSafe for Bars {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_follow_each_other_and_never_leave_the_width() {
        let part = |value| Part { tone: Tone::Met, value };
        let bar = Bar { label: String::new(), text: String::new(), parts: vec![part(5.0), part(0.0), part(7.0)] };
        let stretches = bar.stretches(&10.0);
        assert_eq!(stretches[0], (Tone::Met, "0.00%".to_owned(), "50.00%".to_owned()));
        assert_eq!(stretches[1], (Tone::Met, "50.00%".to_owned(), "50.00%".to_owned()));
        assert_eq!(stretches.len(), 2);
    }
}
