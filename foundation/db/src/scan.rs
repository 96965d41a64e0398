//! Reads SQL text just far enough to tell code from strings, quoted names and comments.
//!
//! Three questions are answered with it: which is the highest `$n`, where does a statement of a
//! migration end, and which words stand in the code. It is no parser and knows no grammar.

use std::ops::Range;

/// A stretch of SQL text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    Code(Range<usize>),
    /// A string, a quoted name or a comment: never looked into.
    Other(Range<usize>),
}

/// Cuts the text into code and the rest, in order and without gaps.
pub(crate) fn pieces(sql: &str) -> Vec<Piece> {
    let bytes = sql.as_bytes();
    let mut pieces = Vec::new();
    let mut code_from = 0;
    let mut at = 0;
    while at < bytes.len() {
        let end = match (bytes[at], bytes.get(at + 1)) {
            (quote @ (b'\'' | b'"'), _) => end_of_quoted(bytes, at, quote),
            (b'-', Some(b'-')) => end_after(bytes, at, b"\n"),
            (b'/', Some(b'*')) => end_after(bytes, at + 2, b"*/"),
            _ => {
                at += 1;
                continue;
            }
        };
        if code_from < at {
            pieces.push(Piece::Code(code_from..at));
        }
        pieces.push(Piece::Other(at..end));
        at = end;
        code_from = end;
    }
    if code_from < at {
        pieces.push(Piece::Code(code_from..at));
    }
    pieces
}

/// A doubled quote inside a string closes and opens it again, which comes to the same.
fn end_of_quoted(bytes: &[u8], start: usize, quote: u8) -> usize {
    let inside = &bytes[start + 1..];
    match inside.iter().position(|byte| *byte == quote) {
        Some(offset) => start + 1 + offset + 1,
        None => bytes.len(),
    }
}

fn end_after(bytes: &[u8], start: usize, mark: &[u8]) -> usize {
    let rest = bytes.get(start..).unwrap_or_default();
    match rest.windows(mark.len()).position(|window| window == mark) {
        Some(offset) => start + offset + mark.len(),
        None => bytes.len(),
    }
}

/// The highest `n` of all `$n` in the code; 0 when there is none.
pub(crate) fn highest_parameter(sql: &str) -> usize {
    let mut highest = 0;
    for piece in pieces(sql) {
        let Piece::Code(range) = piece else { continue };
        for after_dollar in sql[range].split('$').skip(1) {
            let digits = after_dollar.bytes().take_while(u8::is_ascii_digit).count();
            highest = highest.max(after_dollar[..digits].parse().unwrap_or(0));
        }
    }
    highest
}

/// The text with `?` in place of `$1`, `$2` …, if these stand in order and once each.
pub(crate) fn with_unnamed_parameters(sql: &str) -> Option<String> {
    let mut unnamed = String::with_capacity(sql.len());
    let mut last = 0;
    for piece in pieces(sql) {
        let range = match piece {
            Piece::Code(range) => range,
            Piece::Other(range) => {
                unnamed.push_str(&sql[range]);
                continue;
            }
        };
        let mut parts = sql[range].split('$');
        unnamed.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let digits = part.bytes().take_while(u8::is_ascii_digit).count();
            last += 1;
            if part[..digits].parse() != Ok(last) {
                return None;
            }
            unnamed.push('?');
            unnamed.push_str(&part[digits..]);
        }
    }
    Some(unnamed)
}

/// The statements of a migration: each ends with `;` at the end of a line.
pub(crate) fn statements(sql: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut from = 0;
    for piece in pieces(sql) {
        let Piece::Code(range) = piece else { continue };
        for (offset, _) in sql[range.clone()].match_indices(';') {
            let end = range.start + offset + 1;
            let line_rest = sql[end..].lines().next().unwrap_or_default().trim();
            if line_rest.is_empty() || line_rest.starts_with("--") {
                found.push(sql[from..end].trim());
                from = end;
            }
        }
    }
    if has_code(&sql[from..]) {
        found.push(sql[from..].trim());
    }
    found
}

fn has_code(sql: &str) -> bool {
    let is_code = |piece| matches!(piece, Piece::Code(range) if !sql[range.clone()].trim().is_empty());
    pieces(sql).into_iter().any(is_code)
}

/// The text with strings, quoted names and comments blanked and the code in capitals, so that
/// a rule can look for words.
pub(crate) fn code_in_capitals(sql: &str) -> String {
    let mut code = String::with_capacity(sql.len());
    for piece in pieces(sql) {
        match piece {
            Piece::Code(range) => code.push_str(&sql[range].to_ascii_uppercase()),
            Piece::Other(range) if sql[range.clone()].starts_with('\'') => code.push_str(" '' "),
            Piece::Other(_) => code.push(' '),
        }
    }
    code
}

/// Replaces a whole word of the code (compared without regard to case), leaving strings,
/// quoted names and comments as they are.
pub(crate) fn replace_word(sql: &str, word: &str, replacement: &str) -> String {
    let mut replaced = String::with_capacity(sql.len());
    for piece in pieces(sql) {
        match piece {
            Piece::Other(range) => replaced.push_str(&sql[range]),
            Piece::Code(range) => {
                for token in sql[range].split_inclusive(|c: char| !is_word_character(c)) {
                    let name = token.trim_end_matches(|c: char| !is_word_character(c));
                    if name.eq_ignore_ascii_case(word) {
                        replaced.push_str(replacement);
                        replaced.push_str(&token[name.len()..]);
                    } else {
                        replaced.push_str(token);
                    }
                }
            }
        }
    }
    replaced
}

pub(crate) fn is_word_character(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_counts_only_where_it_is_code() {
        assert_eq!(highest_parameter("SELECT $2, $11, $1"), 11);
        assert_eq!(highest_parameter("SELECT '$3', \"$4\" -- $5\n /* $6 */ , $1"), 1);
        assert_eq!(highest_parameter("SELECT 'it''s $9', $1"), 1);
        assert_eq!(highest_parameter("SELECT 'unfinished $9"), 0);
    }

    #[test]
    fn parameters_lose_their_names_only_when_they_stand_in_order() {
        let unnamed = with_unnamed_parameters("SELECT ($1,$2), '$7' -- $8\n,($3)");
        assert_eq!(unnamed.unwrap(), "SELECT (?,?), '$7' -- $8\n,(?)");
        assert_eq!(with_unnamed_parameters("SELECT $2, $1"), None);
        assert_eq!(with_unnamed_parameters("SELECT $1, $1"), None);
    }

    #[test]
    fn a_statement_ends_with_a_semicolon_at_the_end_of_a_line() {
        let sql = "-- why; not code;\nCREATE TABLE a (b TEXT DEFAULT ';');\n\nCREATE TABLE c (d TEXT); -- last\n-- end";
        let found = statements(sql);
        assert_eq!(found.len(), 2);
        assert!(found[0].ends_with("DEFAULT ';');"));
        assert_eq!(found[1], "CREATE TABLE c (d TEXT);");
    }

    #[test]
    fn a_word_is_replaced_only_where_it_is_code() {
        assert_eq!(
            replace_word("a BLOB NOT NULL, blob_id TEXT, c blob, d TEXT DEFAULT 'BLOB' -- BLOB", "BLOB", "BYTEA"),
            "a BYTEA NOT NULL, blob_id TEXT, c BYTEA, d TEXT DEFAULT 'BLOB' -- BLOB"
        );
    }
}
