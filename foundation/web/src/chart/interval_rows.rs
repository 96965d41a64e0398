//! One row per label: an estimate with its interval, and if there is one, the value needed.
//!
//! The estimate is a dot, the interval a line with end caps, the needed value a diamond: three shapes, explained in a legend.
//! An interval that goes beyond the scale ends in an arrow instead of a cap.

use askama::Template;

use super::{Scale, Table};
use crate::{Locale, Words, words};

/// An accessible figure; put it into a template with `{{ chart }}`.
#[derive(Clone, Debug)]
pub struct IntervalRows {
    pub locale: Locale,
    pub title: String,
    /// One sentence that says what the picture shows.
    pub description: String,
    pub scale: Scale,
    /// Few and short: value and its label below the rows.
    pub ticks: Vec<(f64, String)>,
    pub rows: Vec<IntervalRow>,
    pub table: Table,
    /// Words of the legend for estimate, interval and needed value; empty ones are the general words.
    pub legend: [String; 3],
}

#[derive(Clone, Debug)]
pub struct IntervalRow {
    pub label: String,
    /// A short remark beside the label, such as a verdict; may be empty.
    pub note: String,
    pub low: f64,
    pub estimate: f64,
    pub high: f64,
    pub target: Option<f64>,
    /// What a screen reader says of low, estimate, high and target, in words or formatted numbers.
    pub spoken: Spoken,
}

/// Formatted values of a row.
#[derive(Clone, Debug, Default)]
pub struct Spoken {
    pub low: String,
    pub estimate: String,
    pub high: String,
    pub target: String,
}

#[derive(Template)]
#[template(path = "web/interval_rows.html")]
struct Figure<'a> {
    chart: &'a IntervalRows,
    key: String,
    words: Words,
    legend: [String; 3],
    has_target: bool,
}

impl IntervalRow {
    fn sentence(&self, words: &Words) -> String {
        let mut values = vec![
            ("label", self.label.as_str().into()),
            ("estimate", self.spoken.estimate.as_str().into()),
            ("low", self.spoken.low.as_str().into()),
            ("high", self.spoken.high.as_str().into()),
        ];
        if self.target.is_none() {
            return words.with("chart-interval-row", &values);
        }
        values.push(("target", self.spoken.target.as_str().into()));
        words.with("chart-interval-row-target", &values)
    }
}

impl std::fmt::Display for IntervalRows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let words = words(self.locale);
        let general = ["chart-estimate", "chart-interval", "chart-target"];
        let named = |index: usize| match self.legend[index].as_str() {
            "" => words.text(general[index]),
            name => name.to_owned(),
        };
        let has_target = self.rows.iter().any(|row| row.target.is_some());
        let figure = Figure {
            chart: self,
            key: super::key(&self.title),
            words,
            legend: [named(0), named(1), named(2)],
            has_target,
        };
        figure.render_into(f).map_err(|_| std::fmt::Error)
    }
}

impl askama::filters::HtmlSafe for IntervalRows {}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(label: &str, [low, estimate, high]: [f64; 3], target: Option<f64>) -> IntervalRow {
        let (label, note, spoken) = (label.to_owned(), String::new(), Spoken::default());
        IntervalRow { label, note, low, estimate, high, target, spoken }
    }

    fn drawn(rows: Vec<IntervalRow>) -> String {
        let chart = IntervalRows {
            locale: Locale::Id,
            title: "Profil".to_owned(),
            description: String::new(),
            scale: Scale { from: -3.0, to: 3.0 },
            ticks: vec![(0.0, "tengah".to_owned())],
            rows,
            table: Table::default(),
            legend: Default::default(),
        };
        chart.to_string()
    }

    #[test]
    fn every_row_is_drawn_with_its_values_at_their_place_on_the_scale() {
        let figure = drawn(vec![row("Satu", [-1.5, 0.0, 1.5], Some(2.4)), row("Dua", [-0.6, 0.6, 1.8], None)]);
        assert_eq!(figure.matches("role=\"img\"").count(), 2);
        assert!(figure.contains("<line class=\"line\" x1=\"25.00%\" x2=\"75.00%\""));
        assert!(
            figure.contains("<circle class=\"dot\" cx=\"50.00%\"")
                && figure.contains("<circle class=\"dot\" cx=\"60.00%\"")
        );
        assert!(figure.contains("<svg x=\"90.00%\" y=\"16\" overflow=\"visible\"><path class=\"target\""));
    }

    #[test]
    fn an_interval_beyond_the_scale_ends_at_the_edge_in_an_arrow() {
        let figure = drawn(vec![row("Satu", [-4.0, -2.0, 0.0], None)]);
        assert!(figure.contains("x1=\"0.00%\" x2=\"50.00%\""));
        assert_eq!(figure.matches("M7-6 1 0 7 6").count(), 1);
    }

    #[test]
    fn text_in_a_figure_is_escaped() {
        let figure = drawn(vec![row("<script>\"&", [0.0, 0.0, 0.0], None)]);
        assert!(!figure.contains("<script>"));
    }
}
