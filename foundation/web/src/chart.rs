//! Charts drawn on the server: small SVG rows beside their labels, and always the figures in a table below.
//!
//! Knows plain values only. Places are given in per cent of the width, so lines and marks keep their size and text its
//! readability from 320 px to paper. Shapes and patterns carry what colour carries; all colours come from the style sheet.

mod bars;
mod interval_rows;

pub use bars::{Bar, Bars, Part, Tone};
pub use interval_rows::{IntervalRow, IntervalRows, Spoken};

/// The figures of a chart, shown below it.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// Headings; the first is that of the row labels.
    pub columns: Vec<String>,
    /// Per row of the chart: its label, then one cell per further column.
    pub rows: Vec<Vec<String>>,
}

/// From and to of an axis.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    pub from: f64,
    pub to: f64,
}

impl Scale {
    /// Place of a value in per cent of the width; what lies outside is drawn at the edge (and marked by an arrow).
    fn place(self, value: &f64) -> String {
        let share = (*value - self.from) / (self.to - self.from);
        format!("{:.2}%", share.clamp(0.0, 1.0) * 100.0)
    }

    /// How a tick's label lies on its place, so that the outer ones stay inside the picture.
    fn anchor(self, value: &f64) -> &'static str {
        match (*value - self.from) / (self.to - self.from) {
            share if share < 0.05 => "start",
            share if share > 0.95 => "end",
            _ => "middle",
        }
    }
}

/// Stem of the ids inside a figure; two figures of a page have different titles.
fn key(title: &str) -> String {
    format!("c{}", crate::secret::fingerprint(title.as_bytes()))
}
