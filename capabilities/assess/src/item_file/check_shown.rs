//! The rules of what is shown with a question: tables, materials, documents to mark, files to download.

use melek_framework::Text;
use melek_web::Locale;
use time::Date;

use super::check::Check;
use super::schema::{FileColumn, FileDocument, FilePart, FileSheet, FileTable, FileValue, RowCell};
use crate::family::{Value, written};
use crate::item::{Entry, Table};
use crate::material::{Document, DocumentKind, Part, PartMark, PartMore, PartRole};
use crate::sheet::{Cell, Column, FORMULA_SIGNS, Sheet};

const DEEPEST_FOLDER: usize = 4;
const MOST_DAYS: i64 = 31;

impl Check<'_> {
    pub(super) fn table(&mut self, table: FileTable) -> Option<Table> {
        let by_columns = !table.columns.is_empty();
        let by_rows = !table.header.is_empty() || !table.rows.is_empty();
        if by_columns == by_rows {
            self.find("[table]", "a table has either header and rows, or [[table.columns]]");
            return None;
        }
        let table = if by_columns { self.table_of_columns(table.columns) } else { table_of_rows(table) };
        let width = table.header.len();
        let even = table.rows.iter().all(|row| row.len() == width);
        self.require(even && !table.rows.is_empty(), "[table]", "every row of the table needs one cell a column");
        for text in table.header.iter().chain(table.rows.iter().flatten()) {
            self.cell("[table]", text);
        }
        Some(table)
    }

    /// A cell may be empty, unlike other texts.
    fn cell(&mut self, anchor: &str, text: &Text) {
        if !(text.id.is_empty() && text.en.is_empty()) {
            self.text(anchor, text);
        }
    }

    fn table_of_columns(&mut self, columns: Vec<FileColumn>) -> Table {
        let columns = self.columns("[[table.columns]]", columns);
        let rows = columns.first().map_or(0, |column| column.cells.len());
        let header = columns.iter().map(|column| column.title.clone()).collect();
        let row = |row: usize| columns.iter().filter_map(|column| Some((column, column.cells.get(row)?))).collect();
        let rows: Vec<Vec<(&Column, &Cell)>> = (0..rows).map(row).collect();
        let mut texts = Vec::with_capacity(rows.len());
        for row in rows {
            texts.push(row.into_iter().map(|(column, cell)| self.cell_text(column, cell)).collect());
        }
        Table { header, rows: texts }
    }

    fn cell_text(&mut self, column: &Column, cell: &Cell) -> Text {
        let value = match cell {
            Cell::Text(text) => return text.clone(),
            Cell::Number(number) => Value::Number(*number),
            Cell::Day(day) => Value::Day(*day),
        };
        let [id, en] = [Locale::Id, Locale::En].map(|locale| match written(&value, &column.format, locale) {
            Ok(text) => text,
            Err(reason) => {
                self.find("[[table.columns]]", reason);
                String::new()
            }
        });
        Text { id, en }
    }

    /// Columns of a table or a file: all of one length.
    fn columns(&mut self, anchor: &str, columns: Vec<FileColumn>) -> Vec<Column> {
        self.require(columns.len() <= 12, anchor, "there are at most 12 columns");
        let length = columns.first().map_or(0, |column| column.values.len());
        let even = columns.iter().all(|column| column.values.len() == length);
        self.require(even, anchor, "the columns have different numbers of values");
        columns
            .into_iter()
            .map(|column| {
                let title = Text { id: column.id, en: column.en };
                self.text(anchor, &title);
                let cells = column.values.into_iter().filter_map(|value| self.value(anchor, value)).collect();
                Column { title, format: column.format, cells }
            })
            .collect()
    }

    fn value(&mut self, anchor: &str, value: FileValue) -> Option<Cell> {
        Some(match value {
            FileValue::Number(number) => Cell::Number(number),
            FileValue::Day(day) => Cell::Day(self.day(anchor, &day)?),
            FileValue::Same(text) => {
                let reason = format!("`{text}` in quotes is a text and cannot be counted with; write the date without");
                self.require(!is_date(&text), anchor, reason);
                Cell::Text(Text { id: text.clone(), en: text })
            }
            FileValue::Differs(text) => Cell::Text(text),
        })
    }

    fn day(&mut self, anchor: &str, written: &toml::value::Datetime) -> Option<Date> {
        crate::family::day(written).map_err(|reason| self.find(anchor, reason)).ok()
    }

    pub(super) fn sheet(&mut self, sheet: FileSheet) -> Sheet {
        let name = Text { id: sheet.name_id, en: sheet.name_en };
        for name in [&name.id, &name.en] {
            let plain = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
            let rule = "the name of a file is 3 to 40 lower-case letters, digits and hyphens, without ending";
            self.require(plain && (3..=40).contains(&name.len()), "name_id", format!("`{name}`: {rule}"));
        }
        let columns = self.columns("[[file.columns]]", sheet.columns);
        let rows = columns.first().map_or(0, |column| column.cells.len());
        self.require((2..=500).contains(&rows), "[file]", "a file has 1 to 12 columns and 2 to 500 rows");
        for column in &columns {
            let cells = column.cells.iter().filter_map(|cell| match cell {
                Cell::Text(text) => Some(text),
                _ => None,
            });
            for text in cells.chain([&column.title]) {
                self.cell("[[file.columns]]", text);
                if text.id.starts_with(FORMULA_SIGNS) || text.en.starts_with(FORMULA_SIGNS) {
                    let reason = format!("`{}` begins like a formula; let it begin with a letter or digit", text.id);
                    self.find("[[file.columns]]", reason);
                }
            }
        }
        Sheet { name, format: sheet.format, columns }
    }

    /// Something to look at, without keys.
    pub(super) fn material(&mut self, material: FileDocument) -> Document {
        let anchor = "[[material.parts]]";
        for part in &material.parts {
            let marked = part.key.is_some() || part.wrong.is_some() || part.fixed.is_some() || part.why_id.is_some();
            let reason = "parts of a [material] are only looked at: key, wrong, fixed and why belong to a [document]";
            self.require(!marked, anchor, reason);
        }
        self.require((1..=40).contains(&material.parts.len()), "[material]", "a material has 1 to 40 parts");
        let document = self.shown(anchor, material);
        for part in &document.parts {
            self.text(anchor, &part.entry.text);
        }
        document
    }

    /// Something to mark, with a key on every part.
    pub(super) fn document(&mut self, document: Option<FileDocument>) -> Option<Document> {
        let Some(document) = document else {
            self.find("type =", "an item of type mark needs a [document] with parts");
            return None;
        };
        self.require((5..=20).contains(&document.parts.len()), "[document]", "a document has 5 to 20 parts");
        let document = self.shown("[[document.parts]]", document);
        self.entries("[[document.parts]]", document.parts.iter().map(|part| &part.entry));
        let count = |mark| document.parts.iter().filter(|part| part.mark == mark).count();
        let (wrong, right) = (count(PartMark::Wrong), count(PartMark::Right));
        let reason = "at least one part must be wrong and two parts that can be marked must be right";
        self.require(wrong >= 1 && right >= 2, "[document]", reason);
        self.require(wrong + right <= 12, "[document]", "at most 12 parts can be marked; make the others fixed");
        Some(document)
    }

    fn shown(&mut self, anchor: &str, document: FileDocument) -> Document {
        let FileDocument { kind, title_id, title_en, parts } = document;
        let title = self.optional_text(anchor, title_id, title_en);
        let is_marked = anchor == "[[document.parts]]";
        let parts: Vec<Part> = parts.into_iter().map(|part| self.part(kind, is_marked, part)).collect();
        if kind == DocumentKind::FolderTree {
            self.tree(anchor, &parts);
        }
        if kind == DocumentKind::Calendar {
            let days: Vec<Date> = parts.iter().filter_map(|part| part.more.day).collect();
            self.require(days.len() == parts.len(), anchor, "every entry of a calendar needs its day");
            let span =
                days.iter().max().zip(days.iter().min()).map_or(0, |(last, first)| (*last - *first).whole_days());
            self.require(span < MOST_DAYS, anchor, format!("a calendar spans at most {MOST_DAYS} days"));
        }
        Document { kind, title, parts }
    }

    fn part(&mut self, kind: DocumentKind, is_marked: bool, part: FilePart) -> Part {
        let key = part.key.unwrap_or_default();
        let anchor = if key.is_empty() {
            part.id.lines().next().unwrap_or_default().to_owned()
        } else {
            format!("key = \"{key}\"")
        };
        let role = part.role;
        self.role(&anchor, kind, role);
        let (wrong, fixed) = (part.wrong.unwrap_or(false), part.fixed.unwrap_or(!is_marked));
        let explained = part.why_id.is_some() && part.why_en.is_some();
        self.require(fixed || explained, &anchor, format!("part {key} can be marked and needs why_id and why_en"));
        self.require(!(fixed && wrong), &anchor, format!("part {key} is fixed and cannot be wrong"));
        let mark = match (fixed, wrong) {
            (true, _) => PartMark::Fixed,
            (false, true) => PartMark::Wrong,
            (false, false) => PartMark::Right,
        };
        let belongs = [
            ("attachment_id", part.attachment_id.is_none() || kind == DocumentKind::Inbox),
            ("body_id", part.body_id.is_none() || kind == DocumentKind::Inbox),
            ("depth", part.depth.is_none() || kind == DocumentKind::FolderTree),
            ("day", part.day.is_none() || kind == DocumentKind::Calendar),
            ("on", part.on.is_none() || has_state(role)),
        ];
        for (name, fits) in belongs {
            self.require(fits, &anchor, format!("{name} does not belong to a {} in {}", role.id(), kind.id()));
        }
        let more = PartMore {
            detail: self.optional_text(&anchor, part.detail_id, part.detail_en),
            attachment: self.optional_text(&anchor, part.attachment_id, part.attachment_en),
            body: self.optional_text(&anchor, part.body_id, part.body_en),
            on: part.on.unwrap_or(false),
            depth: part.depth.unwrap_or(0),
            day: part.day.and_then(|day| self.day(&anchor, &day)),
        };
        let why = Text { id: part.why_id.unwrap_or_default(), en: part.why_en.unwrap_or_default() };
        let label = self.optional_text(&anchor, part.label_id, part.label_en);
        Part { role, label, entry: Entry { key, text: Text { id: part.id, en: part.en }, why }, mark, more }
    }

    fn role(&mut self, anchor: &str, kind: DocumentKind, role: PartRole) {
        let known: Vec<&str> = kind.roles().iter().map(|role| role.id()).collect();
        let reason = format!("{} has no part `{}`; there are {}", kind.id(), role.id(), known.join(", "));
        self.require(kind.roles().contains(&role), anchor, reason);
    }

    /// Every part stands in a folder one level up.
    fn tree(&mut self, anchor: &str, parts: &[Part]) {
        let mut open = 0;
        for part in parts {
            let depth = part.more.depth;
            let name = &part.entry.text.id;
            let reason = format!("`{name}` at depth {depth} stands in no folder; the one above allows at most {open}");
            self.require(depth <= open, anchor, reason);
            self.require(depth <= DEEPEST_FOLDER, anchor, format!("folders nest at most {DEEPEST_FOLDER} deep"));
            open = if part.role == PartRole::Folder { depth + 1 } else { depth };
        }
    }
}

/// `2026-03-02`
fn is_date(text: &str) -> bool {
    let shape = text.bytes().map(|byte| if byte.is_ascii_digit() { b'0' } else { byte });
    shape.eq(*b"0000-00-00")
}

/// Parts that are on or off.
fn has_state(role: PartRole) -> bool {
    matches!(role, PartRole::Message | PartRole::Permission | PartRole::Address | PartRole::Tick)
}

fn table_of_rows(table: FileTable) -> Table {
    let cell = |cell| match cell {
        RowCell::Same(text) => Text { id: text.clone(), en: text },
        RowCell::Differs(text) => text,
    };
    let rows = table.rows.into_iter().map(|row| row.into_iter().map(cell).collect()).collect();
    Table { header: table.header, rows }
}
