//! One cell of a staff file, the same for spreadsheet and text file, and the address Excel shows for it.
//! Rows and columns count from 0 here and from 1 (and A) in an address.

use std::borrow::Cow;

use time::Date;

/// Longest value repeated in an error, in characters.
const VALUE_SHOWN: usize = 80;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Content {
    Text(String),
    Number(f64),
    Date(Date),
    /// An error of the spreadsheet, such as `#N/A`.
    Broken(String),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cell {
    pub content: Content,
    /// The formula whose result the value is, when nobody typed it.
    pub formula: Option<String>,
}

impl Cell {
    pub fn text(text: impl Into<String>) -> Self {
        Self { content: Content::Text(text.into()), formula: None }
    }

    /// The value as written, for reading words out of it.
    pub fn written(&self) -> Cow<'_, str> {
        match &self.content {
            Content::Text(text) | Content::Broken(text) => Cow::Borrowed(text),
            Content::Number(number) => Cow::Owned(number.to_string()),
            Content::Date(date) => {
                Cow::Owned(format!("{:02}-{:02}-{}", date.day(), u8::from(date.month()), date.year()))
            }
        }
    }

    /// The value without stray blanks and control characters; empty for blank cells, dashes and broken formulas.
    pub fn tidy(&self) -> String {
        if matches!(self.content, Content::Broken(_)) {
            return String::new();
        }
        let text = tidy(&self.written());
        if text.chars().all(|c| matches!(c, '-' | '–' | '—')) { String::new() } else { text }
    }

    /// The value as an error repeats it; the formula where it has no result.
    pub fn shown(&self) -> String {
        let text = tidy(&self.written());
        let formula = self.formula.as_deref().filter(|_| text.is_empty());
        cut(formula.map_or(text, tidy))
    }

    /// The formula as an error repeats it, or the text that looks like one.
    pub fn shown_formula(&self) -> String {
        cut(self.formula.as_deref().map_or_else(|| tidy(&self.written()), tidy))
    }
}

/// Not longer than an error can show.
fn cut(text: String) -> String {
    match text.char_indices().nth(VALUE_SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// One blank between words, none around, no control or invisible character.
pub(crate) fn tidy(text: &str) -> String {
    let visible = |c: char| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
    let spaced: String = text.chars().filter(|c| visible(*c)).map(|c| if c.is_control() { ' ' } else { c }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `C7` for row 6, column 2.
pub(crate) fn address(row: u32, column: u32) -> String {
    format!("{}{}", column_letters(column), u64::from(row) + 1)
}

fn column_letters(column: u32) -> String {
    let mut rest = u64::from(column) + 1;
    let mut letters = Vec::new();
    while rest > 0 {
        letters.push(char::from(b'A' + ((rest - 1) % 26) as u8));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_those_excel_shows() {
        assert_eq!(address(6, 2), "C7");
        assert_eq!(address(0, 25), "Z1");
        assert_eq!(address(0, 26), "AA1");
        assert_eq!(address(11_999, 701), "ZZ12000");
        assert_eq!(address(0, 702), "AAA1");
    }

    #[test]
    fn stray_blanks_and_control_characters_are_taken_out() {
        assert_eq!(Cell::text(" BUDI\u{a0} \n SANTOSO\t\0 ").tidy(), "BUDI SANTOSO");
        assert_eq!(Cell::text(" - ").tidy(), "");
    }

    #[test]
    fn a_long_value_is_cut_in_an_error() {
        assert_eq!(Cell::text("é".repeat(100)).shown().chars().count(), 81);
    }
}
