//! Reads one item file and names everything in it that breaks a rule of `docs/formats/items.md`, by line. Nothing is
//! repaired: a file is an item or a list of findings. A file with `[draw]` is read as the variant of seed 0, and some more
//! variants are drawn to see that they are items too.

mod check;
mod check_shown;
mod check_task;
mod schema;
mod text;

use std::sync::Arc;

use check::Check;
use schema::File;
use toml::{Table, Value as Toml};

use crate::family::Template;
use crate::item::Item;

/// Variants of a family drawn whenever it is read; `melek items check` draws more.
const DRAWN_WHEN_READ: u64 = 4;

/// Longest item file, in bytes.
const LONGEST_FILE: usize = 100_000;

/// One broken rule: where in the file and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Line of the file, from 1.
    pub line: usize,
    pub reason: String,
}

/// A file with `[draw]`: every seed gives an item.
#[derive(Debug)]
pub struct Family {
    file_stem: String,
    source: String,
    template: Template,
}

/// Reads an item whose file is named `file_stem` plus `.toml`.
pub fn read_item(file_stem: &str, source: &str) -> Result<Item, Vec<Finding>> {
    if source.len() > LONGEST_FILE {
        return Err(vec![Finding { line: 1, reason: format!("an item file has at most {LONGEST_FILE} bytes") }]);
    }
    let table: Table = toml::from_str(source).map_err(|error| not_toml(source, &error))?;
    if table.contains_key("draw") {
        return read_family(file_stem, source, table);
    }
    let file: File = toml::from_str(source).map_err(|error| not_toml(source, &error))?;
    checked(file_stem, file, Check { source, is_family: false, findings: Vec::new() })
}

/// The first variant of a family that breaks a rule, among those of seeds 1 to `draws`: its findings name the seed.
pub fn check_variants(item: &Item, draws: u64) -> Vec<Finding> {
    (1..=draws).find_map(|seed| item.variant(seed).err()).unwrap_or_default()
}

fn read_family(file_stem: &str, source: &str, table: Table) -> Result<Item, Vec<Finding>> {
    let template = Template::new(table).map_err(|faults| {
        faults
            .iter()
            .map(|fault| Finding { line: line_of(source, &fault.anchor), reason: fault.reason.clone() })
            .collect::<Vec<_>>()
    })?;
    let family = Family { file_stem: file_stem.to_owned(), source: source.to_owned(), template };
    let mut item = family.draw(0)?;
    item.variants = Some(Arc::new(family));
    let findings = check_variants(&item, DRAWN_WHEN_READ);
    if findings.is_empty() { Ok(item) } else { Err(findings) }
}

impl Family {
    /// The variant of a seed, or what is wrong with it.
    pub fn draw(&self, seed: u64) -> Result<Item, Vec<Finding>> {
        self.read(seed).map_err(|mut findings| {
            for finding in &mut findings {
                finding.reason = format!("draw {seed}: {}", finding.reason);
            }
            findings
        })
    }

    fn read(&self, seed: u64) -> Result<Item, Vec<Finding>> {
        let finding = |anchor: &str, reason: String| vec![Finding { line: line_of(&self.source, anchor), reason }];
        let table = self.template.draw(seed, &self.file_stem);
        let table = table.map_err(|fault| finding(&fault.anchor, fault.reason))?;
        let file = Toml::Table(table).try_into::<File>().map_err(|error| {
            // A value has no position of its own: the line is that of the word the error quotes.
            let word = error.message().split('`').nth(1).unwrap_or_default().to_owned();
            finding(&word, error.message().to_owned())
        })?;
        checked(&self.file_stem, file, Check { source: &self.source, is_family: true, findings: Vec::new() })
    }
}

fn checked(file_stem: &str, file: File, mut check: Check<'_>) -> Result<Item, Vec<Finding>> {
    match check.item(file_stem, file) {
        Some(item) if check.findings.is_empty() => Ok(item),
        _ => Err(check.findings),
    }
}

fn not_toml(source: &str, error: &toml::de::Error) -> Vec<Finding> {
    let start = error.span().map_or(0, |span| span.start);
    vec![Finding { line: line_at(source, start), reason: error.message().to_owned() }]
}

fn line_at(source: &str, offset: usize) -> usize {
    1 + source.as_bytes().iter().take(offset).filter(|&&byte| byte == b'\n').count()
}

/// The first line that contains `anchor`, or line 1.
fn line_of(source: &str, anchor: &str) -> usize {
    source.lines().position(|line| !anchor.is_empty() && line.contains(anchor)).map_or(1, |index| index + 1)
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
    fn every_whole_example_of_the_format_document_is_an_item() {
        let document = include_str!("../../../../docs/formats/items.md");
        let examples = document.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next());
        let ids: Vec<String> = examples
            .map(|example| {
                let id = example.split('"').nth(1).expect("id");
                read_item(id, example).unwrap_or_else(|findings| panic!("{id}: {findings:?}")).id.to_string()
            })
            .collect();
        assert_eq!(ids, ["1.2-basic-01", "1.3-intermediate-90", "4.2-basic-90"]);
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
