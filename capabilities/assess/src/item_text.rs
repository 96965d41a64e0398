//! An item as plain text, made from the view a person gets, so that it holds no key: for counting words, finding look-alikes and
//! answering without sight of the key. Options are lettered, steps, left sides and parts numbered, as an answer names them.

use melek_web::{Locale, Words};
use sha2::{Digest, Sha256};

use crate::document_view::{DocumentView, PartView, ShapeView};
use crate::draw::Draw;
use crate::item::Item;
use crate::item_view::{InputView, ItemView};
use crate::words;

/// The variant of `seed`, in an order of its own.
pub(crate) fn item_text(item: &Item, seed: u64, locale: Locale) -> String {
    let item = item.drawn(seed);
    let view = ItemView::new(&item, &own_draw(&item, seed), &[], words(locale));
    let mut lines = view.context;
    if let Some(table) = view.table {
        lines.push(table.header.join(" | "));
        lines.extend(table.rows.iter().map(|row| row.join(" | ")));
    }
    lines.extend(shown_lines(&item, words(locale)));
    lines.push(view.stem);
    lines.extend(input_lines(&view.input));
    lines.join("\n")
}

/// An order that belongs to the item: with one order for all, the key of every match or order would look the same on a sheet.
pub(crate) fn own_draw(item: &Item, seed: u64) -> Draw {
    let digest = Sha256::digest(item.id.as_str());
    let position = digest.iter().take(4).fold(0, |number, &byte| number << 8 | usize::from(byte));
    Draw::new(&item.task, seed, position)
}

/// The material and the name of the file that are shown with a question.
pub(crate) fn shown_lines(item: &Item, words: Words) -> Vec<String> {
    let material = item.material.as_ref().map(|material| DocumentView::new(material, None, words));
    let mut lines: Vec<String> = material.iter().flat_map(|document| document_lines(document, false)).collect();
    lines.extend(item.file.as_ref().map(|file| format!("[{}]", file.file_name(words.locale()))));
    lines
}

fn input_lines(input: &InputView) -> Vec<String> {
    match input {
        InputView::Choices { options, .. } => {
            options.iter().map(|option| format!("{}. {}", option.letter, option.text)).collect()
        }
        InputView::Order { steps, .. } => numbered(steps.iter().map(|step| step.text.as_str())),
        InputView::Match { lefts, rights } => {
            let mut lines = numbered(lefts.iter().map(|left| left.text.as_str()));
            lines.extend(rights.iter().map(|right| format!("{}. {}", right.letter, right.text)));
            lines
        }
        InputView::Mark { document } => document_lines(document, true),
        InputView::Numeric { unit, .. } => unit.iter().map(|unit| format!("… {unit}")).collect(),
    }
}

fn numbered<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<String> {
    texts.enumerate().map(|(index, text)| format!("{}. {text}", index + 1)).collect()
}

fn document_lines(document: &DocumentView, is_marked: bool) -> Vec<String> {
    let mut lines: Vec<String> = document.title.iter().cloned().collect();
    match &document.shape {
        ShapeView::Flow(parts) | ShapeView::List(parts) => {
            lines.extend(parts.iter().map(|part| part_line(part, is_marked)));
        }
        ShapeView::Tree(branches) => {
            let mut depth = 0;
            for branch in branches {
                lines.push("    ".repeat(depth) + &part_line(&branch.part, is_marked));
                depth = (depth + usize::from(branch.opens)).saturating_sub(branch.closes);
            }
        }
        ShapeView::Days(days) => {
            for day in days {
                lines.push(day.name.clone());
                lines.extend(day.parts.iter().map(|part| part_line(part, is_marked)));
            }
        }
    }
    lines
}

fn part_line(part: &PartView, is_marked: bool) -> String {
    let number = (is_marked && part.can_be_marked).then(|| format!("{}.", part.place));
    let state = part.state.as_ref().map(|state| format!("({state})"));
    let label = part.label.as_ref().map(|label| format!("{label}:"));
    let pieces = [
        number,
        label,
        Some(part.text.clone()),
        part.detail.as_ref().map(|detail| format!("· {detail}")),
        part.body.as_ref().map(|body| format!("· {body}")),
        part.attachment.clone(),
        state,
    ];
    pieces.into_iter().flatten().collect::<Vec<_>>().join(" ")
}
