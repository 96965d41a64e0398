//! A page in one file, for a report that is sent on: no scripts, nothing from elsewhere, light and dark as the reader's machine.

pub mod html;
pub mod svg;

use html::{escape, paragraph, section};

const STYLE: &str = include_str!("style.css");

/// A part of the page: its name in the address, its title, what is in it.
pub type Part = (&'static str, &'static str, String);

/// A page under its title, with what kind of report it is and a line that says what it is about.
pub fn page((title, kind): (&str, &str), lead: &str, parts: &[Part]) -> String {
    let links: Vec<String> =
        parts.iter().map(|(id, title, _)| format!("<li><a href=\"#{id}\">{title}</a></li>")).collect();
    let sections: Vec<String> = parts.iter().map(|(id, title, content)| section(id, title, content)).collect();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{title}: {kind}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <header>\n<h1>{title}</h1>\n{lead}</header>\n\
         <nav aria-label=\"Parts of this page\"><ul>{links}</ul></nav>\n<main>\n{sections}</main>\n</body>\n</html>\n",
        title = escape(title),
        lead = paragraph(lead),
        links = links.concat(),
        sections = sections.concat(),
    )
}
