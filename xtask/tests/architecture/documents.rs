//! Links in our documents lead somewhere: to a file that is there, and to a heading in it.

use crate::repository::{assert_none, files_with, read, root};

/// Link targets of a Markdown text outside code.
fn links(text: &str) -> Vec<String> {
    let mut in_code = false;
    let mut links = Vec::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        } else if !in_code {
            let outside = line.split('`').step_by(2).collect::<Vec<_>>().join("`");
            let targets = outside.split("](").skip(1).filter_map(|rest| rest.split([')', ' ']).next());
            links.extend(targets.map(str::to_owned));
        }
    }
    links
}

/// The anchor of a heading, as code hosts make it.
fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.flat_map(char::to_lowercase).map(|c| if c == ' ' { '-' } else { c }).collect()
}

fn has_heading(text: &str, wanted: &str) -> bool {
    let headings = text.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim());
    headings.map(anchor).any(|anchor| anchor == wanted)
}

fn leads_somewhere(document: &str, link: &str) -> bool {
    if link.contains("://") || link.starts_with("mailto:") {
        return true; // not ours to keep, and no test asks the network
    }
    let (path, heading) = link.split_once('#').unwrap_or((link, ""));
    let file = match (path, path.strip_prefix('/')) {
        ("", _) => root().join(document),
        (_, Some(from_root)) => root().join(from_root),
        _ => root().join(document).parent().expect("a document lies in a folder").join(path),
    };
    let has_heading = |text: String| heading.is_empty() || has_heading(&text, heading);
    file.is_dir() || std::fs::read(file).is_ok_and(|bytes| has_heading(String::from_utf8_lossy(&bytes).into_owned()))
}

#[test]
fn links_in_documents_lead_somewhere() {
    let mut dead = Vec::new();
    for document in files_with(&[".md"]) {
        let links = links(&read(&document)).into_iter().filter(|link| !leads_somewhere(&document, link));
        dead.extend(links.map(|link| format!("{document}: {link}")));
    }
    assert_none("dead links", &dead);
}

#[test]
fn links_are_found_outside_code_only() {
    let text = "See [a](a.md) and ![b](b.png \"title\"), not `[c](c.md)`.\n```\n[d](d.md)\n```\n";
    assert_eq!(links(text), ["a.md", "b.png"]);
}

#[test]
fn the_anchor_of_a_heading_is_its_words_with_dashes() {
    assert!(has_heading("# A\n## Answer an item (main job)\n", "answer-an-item-main-job"));
}
