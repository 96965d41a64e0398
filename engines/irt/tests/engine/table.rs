//! Reads a reference table: comment lines, a header, rows of numbers and words.

use std::collections::HashMap;
use std::path::PathBuf;

/// One row, by column name.
pub struct Row(HashMap<String, String>);

impl Row {
    pub fn text(&self, column: &str) -> &str {
        self.0.get(column).unwrap_or_else(|| panic!("no column {column}"))
    }

    pub fn number(&self, column: &str) -> f64 {
        self.text(column).parse().unwrap_or_else(|_| panic!("{column} is no number: {}", self.text(column)))
    }

    pub fn count(&self, column: &str) -> usize {
        self.text(column).parse().unwrap_or_else(|_| panic!("{column} is no count: {}", self.text(column)))
    }
}

/// All rows of `tests/reference/<name>`, which must carry its provenance and at least one row.
pub fn read(name: &str) -> Vec<Row> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/reference").join(name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    for field in ["# program: ", "# version: ", "# seed: ", "# date: "] {
        assert!(text.contains(field), "{name} lacks {field}");
    }
    let mut lines = text.lines().filter(|line| !line.starts_with('#'));
    let header: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
    let row = |line: &str| {
        Row(header.iter().map(ToString::to_string).zip(line.split(',').map(ToString::to_string)).collect())
    };
    let rows: Vec<Row> = lines.map(row).collect();
    assert!(!rows.is_empty(), "{name} has no rows");
    rows
}

/// Fails unless both numbers agree to the given fraction of the expected one.
#[track_caller]
pub fn assert_relative(actual: f64, expected: f64, tolerance: f64) {
    assert!((actual - expected).abs() <= tolerance * expected.abs(), "{actual} is not {expected} to {tolerance}");
}

/// Fails unless both numbers agree to the given distance.
#[track_caller]
pub fn assert_near(actual: f64, expected: f64, tolerance: f64) {
    assert!((actual - expected).abs() <= tolerance, "{actual} is not {expected} to {tolerance}");
}
