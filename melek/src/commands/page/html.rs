//! Pieces of a page: escaped text, tables, figures with their table.

use std::fmt::Write;

/// Text as it may stand in an element or a quoted attribute.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// A number as people read it, with a real minus; a dash where there is none.
pub fn number(value: Option<f64>, digits: usize) -> String {
    match value {
        None => "–".to_owned(),
        Some(value) => {
            let text = format!("{value:.digits$}");
            let is_zero = text.bytes().all(|byte| matches!(byte, b'-' | b'0' | b'.'));
            if is_zero { text.replace('-', "") } else { text.replace('-', "−") }
        }
    }
}

/// Rows of plain text under headings; the first cell of a row names it.
pub struct Table {
    pub caption: String,
    pub columns: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

impl Table {
    pub fn new(caption: impl Into<String>, columns: &[&str]) -> Self {
        let columns = columns.iter().map(|column| (*column).to_owned()).collect();
        Self { caption: caption.into(), columns, rows: Vec::new() }
    }

    pub fn html(&self) -> String {
        let caption = escape(&self.caption);
        let mut out = format!("<div class=\"scroll\" role=\"region\" aria-label=\"{caption}\" tabindex=\"0\"><table>");
        let _ = write!(out, "<caption>{caption}</caption><thead><tr>");
        for column in &self.columns {
            let _ = write!(out, "<th scope=\"col\">{}</th>", escape(column));
        }
        out.push_str("</tr></thead><tbody>\n");
        for row in &self.rows {
            out.push_str("<tr>");
            for (place, cell) in row.iter().enumerate() {
                let _ = match place {
                    0 => write!(out, "<th scope=\"row\">{}</th>", escape(cell)),
                    _ => write!(out, "<td>{}</td>", escape(cell)),
                };
            }
            out.push_str("</tr>\n");
        }
        out.push_str("</tbody></table></div>\n");
        out
    }

    /// Folded under one line.
    pub fn details(&self) -> String {
        format!("<details><summary>Table: {}</summary>\n{}</details>\n", escape(&self.caption), self.html())
    }
}

/// Names with what they are, as tiles.
pub fn facts(facts: &[(&str, String)]) -> String {
    let tile =
        |(name, value): &(&str, String)| format!("<div><dt>{}</dt><dd>{}</dd></div>", escape(name), escape(value));
    format!("<dl>{}</dl>\n", facts.iter().map(tile).collect::<String>())
}

/// Lines that want attention.
pub fn warnings(lines: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let line = |line: String| format!("<li>{line}</li>");
    let lines: String = lines.into_iter().map(|text| line(escape(text.as_ref()))).collect();
    format!("<ul class=\"warnings\">{lines}</ul>\n")
}

/// A chart under its caption, with its table.
pub fn figure(caption: &str, chart: &str, table: &Table) -> String {
    format!("<figure><figcaption>{}</figcaption>\n{chart}\n{}</figure>\n", escape(caption), table.details())
}

/// A heading with what belongs under it.
pub fn section(id: &str, title: &str, content: &str) -> String {
    format!(
        "<section id=\"{id}\" aria-labelledby=\"{id}-h\">\n<h2 id=\"{id}-h\">{}</h2>\n{content}</section>\n",
        escape(title)
    )
}

pub fn paragraph(text: &str) -> String {
    format!("<p>{}</p>\n", escape(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_leave_their_place() {
        let mut table = Table::new("a\"b", &["<b>"]);
        table.rows.push(vec!["<script>alert('x')</script>".to_owned()]);
        let html = table.html();
        assert!(!html.contains("<script") && !html.contains("<b>") && html.contains("a&quot;b"));
    }

    #[test]
    fn nothing_is_minus_zero() {
        assert_eq!([number(Some(-0.001), 2), number(Some(-1.5), 2), number(None, 2)], ["0.00", "−1.50", "–"]);
    }
}
