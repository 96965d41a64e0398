//! A material as a person sees it, looked at or marked: texts of one language, states in words, folders nested, appointments
//! under their days. Holds no key.

use melek_framework::Text;
use melek_web::{Words, format};
use time::Date;

use crate::answer::Fields;
use crate::draw::Draw;
use crate::item_view::was_chosen;
use crate::material::{Document, DocumentKind, Part, PartMark, PartRole};

pub struct DocumentView {
    pub kind: &'static str,
    /// What a screen reader calls it: "E-mail", "Percakapan".
    pub name: String,
    pub title: Option<String>,
    pub shape: ShapeView,
}

/// How the parts stand to each other.
pub enum ShapeView {
    /// One below the other, as on a page.
    Flow(Vec<PartView>),
    /// Like things, told and counted as a list.
    List(Vec<PartView>),
    Tree(Vec<BranchView>),
    Days(Vec<DayView>),
}

pub struct PartView {
    pub place: usize,
    pub role: &'static str,
    pub label: Option<String>,
    pub text: String,
    pub detail: Option<String>,
    pub attachment: Option<String>,
    pub body: Option<String>,
    pub on: bool,
    /// What `on` means here, in words: "unread", "not allowed".
    pub state: Option<String>,
    pub can_be_marked: bool,
    pub chosen: bool,
}

/// A folder or file, and how the lists around it open and close.
pub struct BranchView {
    pub part: PartView,
    pub opens: bool,
    pub closes: usize,
}

/// One day, or several without appointments.
pub struct DayView {
    pub name: String,
    pub parts: Vec<PartView>,
}

/// The places of the parts in a form and what was chosen before.
type Marking<'a> = Option<(&'a Draw, Fields<'a>)>;

impl DocumentView {
    /// `marking` is `None` for a material that is only looked at.
    pub fn new(document: &Document, marking: Marking<'_>, words: Words) -> DocumentView {
        let get = |text: &Text| text.get(words.locale()).to_owned();
        let views = document.parts.iter().enumerate().map(|(index, part)| part_view(part, index, marking, words));
        let views: Vec<PartView> = views.collect();
        let shape = match document.kind {
            DocumentKind::Inbox | DocumentKind::Permissions => ShapeView::List(views),
            DocumentKind::FolderTree => ShapeView::Tree(branches(&document.parts, views)),
            DocumentKind::Calendar => ShapeView::Days(days(&document.parts, views, words)),
            _ => ShapeView::Flow(views),
        };
        let kind = document.kind.id();
        let name = words.text(&format!("document-{}", kind.replace('_', "-")));
        DocumentView { kind, name, title: document.title.as_ref().map(get), shape }
    }
}

fn part_view(part: &Part, index: usize, marking: Marking<'_>, words: Words) -> PartView {
    let get = |text: &Text| text.get(words.locale()).to_owned();
    let place = marking.and_then(|(draw, _)| draw.place(index)).unwrap_or_default();
    PartView {
        place,
        role: part.role.id(),
        label: part.label.as_ref().map(get),
        text: get(&part.entry.text),
        detail: part.more.detail.as_ref().map(get),
        attachment: part.more.attachment.as_ref().map(get),
        body: part.more.body.as_ref().map(get),
        on: part.more.on,
        state: state(part).map(|key| words.text(key)),
        can_be_marked: part.mark != PartMark::Fixed,
        chosen: marking.is_some_and(|(_, fields)| was_chosen(fields, place)),
    }
}

fn state(part: &Part) -> Option<&'static str> {
    match (part.role, part.more.on) {
        (PartRole::Message, true) => Some("document-unread"),
        (PartRole::Permission, true) => Some("document-allowed"),
        (PartRole::Permission, false) => Some("document-not-allowed"),
        (PartRole::Address, true) => Some("document-lock"),
        (PartRole::Address, false) => Some("document-no-lock"),
        (PartRole::Tick, true) => Some("document-ticked"),
        (PartRole::Tick, false) => Some("document-not-ticked"),
        (PartRole::Folder, _) => Some("document-folder"),
        (PartRole::File, _) => Some("document-file"),
        _ => None,
    }
}

fn branches(parts: &[Part], views: Vec<PartView>) -> Vec<BranchView> {
    let depth = |index: usize| parts.get(index).map_or(0, |part| part.more.depth);
    let branch = |(index, part)| {
        let (here, next) = (depth(index), depth(index + 1));
        BranchView { part, opens: next > here, closes: here.saturating_sub(next) }
    };
    views.into_iter().enumerate().map(branch).collect()
}

/// Appointments by day, in the order written within a day; days without any are told together.
fn days(parts: &[Part], views: Vec<PartView>, words: Words) -> Vec<DayView> {
    let dated = parts.iter().zip(views).filter_map(|(part, view)| Some((part.more.day?, view)));
    let mut by_day: std::collections::BTreeMap<Date, Vec<PartView>> = std::collections::BTreeMap::new();
    for (day, view) in dated {
        by_day.entry(day).or_default().push(view);
    }
    let mut shown: Vec<DayView> = Vec::new();
    let mut last: Option<Date> = None;
    for (day, parts) in by_day {
        if let Some(gap) = last.and_then(|last| between(last, day)) {
            shown.push(DayView { name: named(gap, words), parts: Vec::new() });
        }
        shown.push(DayView { name: named((day, day), words), parts });
        last = Some(day);
    }
    shown
}

/// First and last day strictly between two days.
fn between(before: Date, after: Date) -> Option<(Date, Date)> {
    let (first, last) = (before.next_day()?, after.previous_day()?);
    (first <= last).then_some((first, last))
}

fn named((first, last): (Date, Date), words: Words) -> String {
    let locale = words.locale();
    let name = |day| format!("{}, {}", format::weekday(locale, day), format::day(locale, day));
    if first == last { name(first) } else { format!("{} – {}", name(first), name(last)) }
}
