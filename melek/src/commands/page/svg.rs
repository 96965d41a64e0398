//! Charts as text of SVG. Large ones give places in per cent, so that letters keep their size from 320 px to paper; curves lie
//! in an inner picture that is stretched. Line styles carry what colour carries; colours come from the style sheet.

use std::fmt::Write;

use super::html::{escape, number};

/// Styles of lines that the style sheet knows.
const STYLES: usize = 6;

/// Where the plot lies within a large chart: per cent of the width, pixels of the height.
const LEFT: f64 = 10.0;
const WIDE: f64 = 87.0;
const TOP: f64 = 12.0;
const HIGH: f64 = 200.0;
const FOOT: f64 = 44.0;

/// Size of a small chart, in its own unit.
const SMALL: [f64; 2] = [160.0, 104.0];

#[derive(Clone)]
pub struct Axis {
    pub from: f64,
    pub to: f64,
    pub ticks: Vec<f64>,
    pub label: String,
}

impl Axis {
    /// Whole numbers of ability.
    pub fn ability([from, to]: [f64; 2]) -> Self {
        let every = if to - from > 10.0 { 2 } else { 1 };
        let ticks = (from as i32..=to as i32).filter(|tick| tick % every == 0).map(f64::from).collect();
        Self { from, to, ticks, label: "ability (logits)".to_owned() }
    }

    /// From 0 to a round number that holds the largest value, in four or five steps.
    pub fn upwards(largest: f64, label: &str) -> Self {
        let rough = largest.max(1e-6) / 4.0;
        let power = 10_f64.powf(rough.log10().floor());
        let step = [1.0, 2.0, 2.5, 5.0, 10.0].iter().map(|round| round * power).find(|step| *step >= rough);
        let step = step.unwrap_or(10.0 * power);
        let steps = (largest / step).ceil().max(1.0) as usize;
        let ticks = (0..=steps).map(|tick| tick as f64 * step).collect();
        Self { from: 0.0, to: steps as f64 * step, ticks, label: label.to_owned() }
    }

    /// Share of the way from one end to the other, within them.
    pub fn share(&self, value: f64) -> f64 {
        ((value - self.from) / (self.to - self.from)).clamp(0.0, 1.0)
    }

    fn digits(&self) -> usize {
        let step = self.ticks.windows(2).map(|pair| pair[1] - pair[0]).fold(f64::INFINITY, f64::min);
        (0..6).find(|digits| ((step * 10_f64.powi(*digits)).fract() - 0.5).abs() > 0.4999).unwrap_or(3) as usize
    }
}

pub struct Curve {
    pub points: Vec<[f64; 2]>,
    /// Which of the styles.
    pub style: usize,
}

/// Curves over one pair of axes.
pub struct Chart {
    /// What it shows, read aloud.
    pub spoken: String,
    pub x: Axis,
    pub y: Axis,
    pub curves: Vec<Curve>,
    /// Whether the space below the first curve is filled.
    pub filled: bool,
}

impl Chart {
    /// As wide as the text.
    pub fn large(&self) -> String {
        let mut out = format!(
            "<svg class=\"chart\" role=\"img\" aria-label=\"{}\" width=\"100%\" height=\"{}\">",
            escape(&self.spoken),
            TOP + HIGH + FOOT
        );
        let digits = self.y.digits();
        for tick in &self.y.ticks {
            let y = TOP + HIGH * (1.0 - self.y.share(*tick));
            let _ = write!(
                out,
                "<line class=\"grid\" x1=\"{LEFT}%\" x2=\"{}%\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>",
                LEFT + WIDE
            );
            let label = number(Some(*tick), digits);
            let _ = write!(out, "<text x=\"{}%\" y=\"{:.1}\" class=\"end\">{label}</text>", LEFT - 1.5, y + 4.0);
        }
        let digits = self.x.digits();
        for tick in &self.x.ticks {
            let x = LEFT + WIDE * self.x.share(*tick);
            let label = number(Some(*tick), digits);
            let _ =
                write!(out, "<line class=\"grid\" x1=\"{x:.2}%\" x2=\"{x:.2}%\" y1=\"{TOP}\" y2=\"{}\"/>", TOP + HIGH);
            let _ = write!(out, "<text x=\"{x:.2}%\" y=\"{}\" class=\"mid\">{label}</text>", TOP + HIGH + 16.0);
        }
        let middle = LEFT + WIDE / 2.0;
        let label = escape(&self.x.label);
        let _ = write!(out, "<text x=\"{middle}%\" y=\"{}\" class=\"mid\">{label}</text>", TOP + HIGH + 36.0);
        let _ = write!(
            out,
            "<svg x=\"{LEFT}%\" y=\"{TOP}\" width=\"{WIDE}%\" height=\"{HIGH}\" viewBox=\"0 0 1000 {HIGH}\" preserveAspectRatio=\"none\">{}</svg></svg>",
            self.paths([0.0, 0.0, 1000.0, HIGH])
        );
        out
    }

    /// One of many, under its name.
    pub fn small(&self) -> String {
        let [width, height] = SMALL;
        let [left, top, wide, high] = [22.0, 6.0, width - 28.0, height - 24.0];
        let mut out = format!(
            "<svg class=\"small\" role=\"img\" aria-label=\"{}\" viewBox=\"0 0 {width} {height}\">",
            escape(&self.spoken)
        );
        let ends = |axis: &Axis| [axis.from, axis.to];
        for value in ends(&self.y) {
            let y = top + high * (1.0 - self.y.share(value));
            let label = number(Some(value), usize::from(value.fract() != 0.0));
            let _ = write!(
                out,
                "<line class=\"grid\" x1=\"{left}\" x2=\"{}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/><text x=\"{}\" y=\"{:.1}\" class=\"end\">{label}</text>",
                left + wide,
                left - 4.0,
                y + 4.0
            );
        }
        for value in [self.x.from, 0.0, self.x.to] {
            let x = left + wide * self.x.share(value);
            let label = number(Some(value), 0);
            let _ = write!(
                out,
                "<line class=\"grid\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{top}\" y2=\"{}\"/><text x=\"{x:.1}\" y=\"{}\" class=\"{}\">{label}</text>",
                top + high,
                height - 4.0,
                if value == self.x.to { "end" } else { "mid" }
            );
        }
        out.push_str(&self.paths([left, top, wide, high]));
        out.push_str("</svg>");
        out
    }

    fn paths(&self, [left, top, wide, high]: [f64; 4]) -> String {
        let mut out = String::new();
        for (place, curve) in self.curves.iter().enumerate() {
            let mut line = String::new();
            for (number, [x, y]) in curve.points.iter().enumerate() {
                let (x, y) = (left + wide * self.x.share(*x), top + high * (1.0 - self.y.share(*y)));
                let _ = write!(line, "{}{x:.1} {y:.1}", if number == 0 { "M" } else { "L" });
            }
            if self.filled && place == 0 {
                let (from, to) = (left, left + wide);
                let _ = write!(out, "<path class=\"area\" d=\"{line}L{to:.1} {0:.1}L{from:.1} {0:.1}Z\"/>", top + high);
            }
            let _ = write!(out, "<path class=\"curve s{}\" d=\"{line}\"/>", curve.style % STYLES);
        }
        out
    }
}

/// What the line styles stand for.
pub fn legend(names: &[String]) -> String {
    let mut out = String::from("<ul class=\"legend\">");
    for (style, name) in names.iter().enumerate() {
        let _ = write!(
            out,
            "<li><svg width=\"34\" height=\"10\" aria-hidden=\"true\"><path class=\"curve s{}\" d=\"M1 5H33\"/></svg> {}</li>",
            style % STYLES,
            escape(name)
        );
    }
    out.push_str("</ul>\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_ends_at_a_round_number_above_the_largest_value() {
        let axis = Axis::upwards(7.3, "information");
        assert_eq!((axis.to, axis.ticks.len(), axis.digits()), (8.0, 5, 0));
        assert_eq!(Axis::upwards(0.37, "x").ticks, [0.0, 0.1, 0.2, 0.30000000000000004, 0.4]);
        assert_eq!(Axis::upwards(0.37, "x").digits(), 1);
        assert!(Axis::upwards(0.0, "x").to > 0.0);
    }

    #[test]
    fn a_curve_beyond_the_axes_stays_within_the_picture() {
        let unit = Axis { from: 0.0, to: 1.0, ticks: vec![0.0, 1.0], label: String::new() };
        let curves = vec![Curve { points: vec![[0.0, 5.0], [2.0, -1.0]], style: 7 }];
        let chart = Chart { spoken: "<x>".to_owned(), x: unit.clone(), y: unit, curves, filled: false };
        assert!(chart.large().contains("class=\"curve s1\" d=\"M0.0 0.0L1000.0 200.0\""), "{}", chart.large());
        assert!(chart.small().contains("&lt;x&gt;"));
    }
}
