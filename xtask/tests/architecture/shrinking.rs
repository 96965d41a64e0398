//! Lists of exceptions that may only become shorter.

use std::collections::BTreeSet;

use crate::repository::{assert_none, read};

/// Fails for a finding that is not on the list, and for an entry of the list that is found no longer.
///
/// An entry is the first part of a finding, up to its colon: numbers behind it may change.
pub fn assert_only_allowed(list: &str, what: &str, findings: &[String]) {
    let path = format!("xtask/tests/allowed/{list}.txt");
    let text = read(&path);
    let allowed: BTreeSet<_> = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    let found: BTreeSet<_> = findings.iter().map(|finding| subject(finding)).collect();
    let new: Vec<_> = findings.iter().filter(|finding| !allowed.contains(subject(finding))).cloned().collect();
    assert_none(what, &new);
    let stale: Vec<_> = allowed.difference(&found).map(|entry| (*entry).to_owned()).collect();
    assert_none(&format!("no longer needed in {path}, so remove"), &stale);
}

fn subject(finding: &str) -> &str {
    finding.split_once(": ").map_or(finding, |(subject, _)| subject)
}

#[test]
fn a_finding_is_known_by_what_stands_before_its_colon() {
    assert_eq!(subject("a/b.rs Type::function: 70 lines"), "a/b.rs Type::function");
}
