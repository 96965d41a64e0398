//! An item as a person sees it: texts of one language in the drawn order, with what was chosen so far. Holds no key, so that
//! no template can show one by mistake.

use melek_framework::Text;
use melek_web::{Locale, Words};

use crate::answer::Fields;
use crate::document_view::DocumentView;
use crate::draw::Draw;
use crate::item::{Entry, Item, Kind, Task};
use crate::sheet::Sheet;

pub struct ItemView {
    pub context: Vec<String>,
    pub table: Option<TableView>,
    pub material: Option<DocumentView>,
    pub file: Option<FileView>,
    pub stem: String,
    /// How to answer this type of item.
    pub instruction: String,
    pub input: InputView,
}

pub struct TableView {
    pub header: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

/// A file to download.
pub struct FileView {
    pub name: String,
    /// Rows and columns, in words.
    pub about: String,
    pub path: String,
}

pub enum InputView {
    Choices {
        several: bool,
        options: Vec<PlaceView>,
    },
    /// Steps in the drawn order; each gets a place 1 to their number.
    Order {
        steps: Vec<SelectView>,
        places: Vec<PlaceView>,
    },
    /// Left sides; each gets one of the lettered right sides.
    Match {
        lefts: Vec<SelectView>,
        rights: Vec<PlaceView>,
    },
    Mark {
        document: DocumentView,
    },
    Numeric {
        typed: String,
        unit: Option<String>,
    },
}

/// Something shown at a place of the drawn order, from 1.
pub struct PlaceView {
    pub place: usize,
    pub letter: char,
    pub text: String,
    pub chosen: bool,
}

/// A step or left side with the field that takes its place.
pub struct SelectView {
    pub field: String,
    pub text: String,
    pub chosen: usize,
}

impl ItemView {
    /// `fields` is what was sent before, to show a form again as it was left; empty for a fresh one.
    pub fn new(item: &Item, draw: &Draw, fields: Fields<'_>, words: Words) -> ItemView {
        let locale = words.locale();
        let get = |text: &Text| text.get(locale).to_owned();
        let table = item.table.as_ref().map(|table| TableView {
            header: table.header.iter().map(get).collect(),
            rows: table.rows.iter().map(|row| row.iter().map(get).collect()).collect(),
        });
        ItemView {
            context: item.context.as_ref().map(|context| paragraphs(context.get(locale))).unwrap_or_default(),
            table,
            material: item.material.as_ref().map(|material| DocumentView::new(material, None, words)),
            file: item.file.as_ref().map(|sheet| FileView::new(sheet, words)),
            stem: get(&item.stem),
            instruction: words.text(instruction(item.task.kind())),
            input: input(&item.task, draw, fields, words),
        }
    }

    /// The same with the address its file can be had at.
    pub fn with_file_at(mut self, path: String) -> ItemView {
        if let Some(file) = &mut self.file {
            file.path = path;
        }
        self
    }
}

impl FileView {
    fn new(sheet: &Sheet, words: Words) -> FileView {
        let size = [("rows", (sheet.rows() as i64).into()), ("columns", (sheet.columns.len() as i64).into())];
        FileView {
            name: sheet.file_name(words.locale()),
            about: words.with(&format!("item-file-{}", sheet.format.id()), &size),
            path: String::new(),
        }
    }
}

fn instruction(kind: Kind) -> &'static str {
    match kind {
        Kind::SingleChoice => "item-how-single-choice",
        Kind::MultipleChoice => "item-how-multiple-choice",
        Kind::Order => "item-how-order",
        Kind::Match => "item-how-match",
        Kind::Mark => "item-how-mark",
        Kind::Numeric => "item-how-numeric",
    }
}

fn input(task: &Task, draw: &Draw, fields: Fields<'_>, words: Words) -> InputView {
    let locale = words.locale();
    match task {
        Task::SingleChoice { options, .. } | Task::MultipleChoice { options, .. } => {
            let several = matches!(task, Task::MultipleChoice { .. });
            let entries: Vec<&Entry> = options.iter().map(|option| &option.entry).collect();
            InputView::Choices { several, options: places(draw, &texts(&entries, locale), fields) }
        }
        Task::Order { steps } => {
            let steps =
                draw.indices().enumerate().map(|(shown, index)| select(shown + 1, &steps[index].text, fields, locale));
            let steps: Vec<SelectView> = steps.collect();
            let places = (1..=steps.len()).map(|place| PlaceView {
                place,
                letter: letter(place),
                text: place.to_string(),
                chosen: false,
            });
            InputView::Order { places: places.collect(), steps }
        }
        Task::Match { pairs, extras } => {
            let lefts =
                pairs.iter().enumerate().map(|(index, pair)| select(index + 1, &pair.left, fields, locale)).collect();
            let rights = pairs.iter().map(|pair| &pair.right).chain(extras.iter().map(|extra| &extra.text));
            let rights: Vec<String> = rights.map(|right| right.get(locale).to_owned()).collect();
            InputView::Match { lefts, rights: places(draw, &rights, &[]) }
        }
        Task::Mark { document } => {
            InputView::Mark { document: DocumentView::new(document, Some((draw, fields)), words) }
        }
        Task::Numeric { unit, .. } => {
            let typed = fields.iter().find(|(name, _)| name == "a").map(|(_, value)| value.clone());
            let unit = unit.as_ref().map(|unit| unit.get(locale).to_owned());
            InputView::Numeric { typed: typed.unwrap_or_default(), unit }
        }
    }
}

fn texts(entries: &[&Entry], locale: Locale) -> Vec<String> {
    entries.iter().map(|entry| entry.text.get(locale).to_owned()).collect()
}

fn places(draw: &Draw, texts: &[String], fields: Fields<'_>) -> Vec<PlaceView> {
    let shown = draw.indices().enumerate();
    shown
        .map(|(shown, index)| {
            let place = shown + 1;
            PlaceView { place, letter: letter(place), text: texts[index].clone(), chosen: was_chosen(fields, place) }
        })
        .collect()
}

pub(crate) fn was_chosen(fields: Fields<'_>, place: usize) -> bool {
    fields.iter().any(|(name, value)| name == "a" && *value == place.to_string())
}

fn select(number: usize, text: &Text, fields: Fields<'_>, locale: Locale) -> SelectView {
    let field = format!("a{number}");
    let chosen = fields.iter().find(|(name, _)| *name == field).and_then(|(_, value)| value.parse().ok());
    SelectView { text: text.get(locale).to_owned(), chosen: chosen.unwrap_or(0), field }
}

fn letter(place: usize) -> char {
    char::from(b'A' + (place.saturating_sub(1) % 26) as u8)
}

/// Blank lines separate paragraphs.
pub fn paragraphs(text: &str) -> Vec<String> {
    text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty()).map(str::to_owned).collect()
}
