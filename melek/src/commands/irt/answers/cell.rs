//! One cell: a score, nothing, or something else; and where it stands.

use std::fmt;

/// Characters of a cell or name that a message shows.
const SHOWN: usize = 40;

/// Where a cell stands, as an editor and a spreadsheet count.
#[derive(Debug, Clone)]
pub struct Place {
    pub line: u64,
    /// From 1.
    pub column: usize,
    pub name: String,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {} ({})", self.line, self.column, self.name)
    }
}

/// What a cell says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell {
    /// The item was not presented.
    Blank,
    Score(u8),
    Negative,
    TooLarge,
    Text,
}

impl Cell {
    /// Reads a cell; 1.0 is 1, as programs write columns in which something is missing.
    pub fn of(bytes: &[u8]) -> Self {
        let text = bytes.trim_ascii();
        match text {
            b"" | b"NA" => return Self::Blank,
            [digit @ b'0'..=b'9'] => return Self::Score(digit - b'0'),
            _ => {}
        }
        let (negative, digits) = text.strip_prefix(b"-").map_or((false, text), |digits| (true, digits));
        let whole = match digits.iter().position(|byte| *byte == b'.') {
            Some(point) if digits[point + 1..].iter().all(|byte| *byte == b'0') => &digits[..point],
            _ => digits,
        };
        if whole.is_empty() || !whole.iter().all(u8::is_ascii_digit) {
            return Self::Text;
        }
        let value = whole.iter().fold(0_u32, |value, digit| (value * 10 + u32::from(digit - b'0')).min(1000));
        match u8::try_from(value) {
            Ok(0) => Self::Score(0),
            _ if negative => Self::Negative,
            Ok(score) => Self::Score(score),
            Err(_) => Self::TooLarge,
        }
    }
}

/// A cell as a message shows it: short, and harmless for a terminal.
pub fn shown(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut short: String = text.chars().take(SHOWN).flat_map(char::escape_debug).collect();
    if text.chars().nth(SHOWN).is_some() {
        short.push('…');
    }
    format!("\u{201c}{short}\u{201d}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_a_score_nothing_or_one_kind_of_wrong() {
        let cases: [(&str, Cell); 11] = [
            ("0", Cell::Score(0)),
            ("255", Cell::Score(255)),
            (" 3.00 ", Cell::Score(3)),
            ("NA", Cell::Blank),
            ("", Cell::Blank),
            ("256", Cell::TooLarge),
            ("99999999999999999999999", Cell::TooLarge),
            ("-1", Cell::Negative),
            ("-0", Cell::Score(0)),
            ("1.5", Cell::Text),
            (".", Cell::Text),
        ];
        for (text, cell) in cases {
            assert_eq!(Cell::of(text.as_bytes()), cell, "{text}");
        }
    }
}
