//! Reads one item file and names everything in it that breaks a rule of `docs/formats/items.md`, by line. Nothing is
//! repaired: a file is an item or a list of findings.

mod check;
mod schema;

use check::Check;
use schema::File;

use crate::item::Item;

/// One broken rule: where in the file and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Line of the file, from 1.
    pub line: usize,
    pub reason: String,
}

/// Reads an item whose file is named `file_stem` plus `.toml`.
pub fn read_item(file_stem: &str, source: &str) -> Result<Item, Vec<Finding>> {
    let file: File = toml::from_str(source).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        vec![Finding { line: line_at(source, start), reason: error.message().to_owned() }]
    })?;
    let mut check = Check { source, findings: Vec::new() };
    let item = check.item(file_stem, file);
    match item {
        Some(item) if check.findings.is_empty() => Ok(item),
        _ => Err(check.findings),
    }
}

fn line_at(source: &str, offset: usize) -> usize {
    1 + source.as_bytes().iter().take(offset).filter(|&&byte| byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALID: &str = include_str!("../../tests/items/1.2-basic-01.toml");

    fn findings(source: &str) -> Vec<Finding> {
        read_item("1.2-basic-01", source).expect_err("findings")
    }

    #[test]
    fn the_example_of_the_format_document_is_an_item() {
        let document = include_str!("../../../../docs/formats/items.md");
        let example = document.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("example");
        assert!(read_item("1.2-basic-01", example).is_ok());
        assert_eq!(example, VALID);
    }

    #[test]
    fn a_broken_rule_is_named_with_its_line() {
        let source = VALID.replace("difficulty = -1.2", "difficulty = -9.0");
        let expected = Finding { line: 11, reason: "difficulty must be -3.5 to 3.5 logit".into() };
        assert_eq!(findings(&source), vec![expected]);
    }

    #[test]
    fn every_broken_rule_is_named_at_once() {
        let source = VALID.replace("seconds = 60", "seconds = 5").replace("correct = true\n", "");
        let reasons: Vec<_> = findings(&source).into_iter().map(|finding| finding.reason).collect();
        assert_eq!(reasons, ["seconds must be 20 to 240", "0 options are correct; exactly one must be"]);
    }

    #[test]
    fn an_unknown_key_is_refused_with_its_line() {
        let found = findings(&VALID.replace("seconds = 60", "second = 60"));
        assert_eq!(found[0].line, 6);
        assert!(found[0].reason.contains("second"), "{found:?}");
    }

    #[test]
    fn markup_and_outside_addresses_are_refused() {
        let found = findings(&VALID.replace("What should be done first?", "See <script>x</script> https://real.com"));
        assert_eq!(found.len(), 2, "{found:?}");
    }

    #[test]
    fn an_outcome_that_is_not_of_the_named_level_is_refused() {
        let found = read_item("1.2-advanced-01", &VALID.replace("1.2-basic-01", "1.2-advanced-01")).expect_err("level");
        assert!(found[0].reason.starts_with("LO1.2.01 is 1.2 at level basic"), "{found:?}");
    }
}
