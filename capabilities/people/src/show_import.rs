//! The outcome of a staff file before anything is written: GET /staff/import/{id} shows every fault, or what would change,
//! with the questions only an officer can answer; GET /staff/import/{id}/errors.xlsx is the list of faults to work through.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use melek_web::{Choice, FieldErrors, Office, Page, Problem, Visitor, Words, secret};
use uuid::Uuid;

use crate::difference::{Change, Difference, Field, KnownPerson, Question, QuestionKind};
use crate::error_workbook::error_workbook;
use crate::import_staff::{Content, ImportRow, ReadStaff, Summary, compare_kept, kept};
use crate::report::ErrorReport;
use crate::signed_in::AgencyOfficer;
use crate::spreadsheet_answer::spreadsheet;
use crate::words;

/// People shown of each kind; the whole list is in the officer's own file.
const SHOWN: usize = 50;
/// Possible leavers that can be marked on the page; with more of them the file is a part of the staff.
pub(crate) const MOST_LEAVERS: usize = 300;
/// Questions asked at once; the rest comes with the next file.
const MOST_QUESTIONS: usize = 100;

#[derive(Template)]
#[template(path = "import_faulty.html")]
struct FaultyPage<'a> {
    t: Words,
    visitor: &'a Visitor,
    id: Uuid,
    intro: String,
    more: Option<String>,
    faults: Vec<ErrorReport>,
    notes: Notes,
}

#[derive(Template)]
#[template(path = "import_difference.html")]
struct DifferencePage<'a> {
    t: Words,
    visitor: &'a Visitor,
    errors: FieldErrors,
    id: Uuid,
    /// Names the difference shown, so that another one is never confirmed.
    seen: String,
    counts: Vec<(String, String)>,
    nothing_changes: bool,
    new: People,
    changed: Vec<ChangedLine>,
    changed_more: Option<String>,
    questions: Vec<QuestionLine>,
    leavers: Vec<Choice>,
    /// Who is marked at first: nobody.
    left: [String; 0],
    leavers_intro: Option<String>,
    too_many_leavers: Option<String>,
    notes: Notes,
}

#[derive(Template)]
#[template(path = "import_closed.html")]
struct ClosedPage {
    t: Words,
    applied: Option<String>,
    counts: Vec<(String, String)>,
    ambiguous_units: String,
}

struct People {
    lines: Vec<[String; 4]>,
    more: Option<String>,
}

struct ChangedLine {
    name: String,
    nip: String,
    /// Field, before, after.
    fields: Vec<[String; 3]>,
}

struct QuestionLine {
    field: String,
    text: String,
    /// What is stored and what the file says.
    stored: String,
    stated: String,
    choices: Vec<Choice>,
}

/// What else the officer should know about the file.
struct Notes {
    dropped: String,
    sensitive: String,
    ignored_sheets: String,
    other_agencies: Vec<String>,
}

pub(crate) async fn show(
    State(office): State<Office>,
    who: AgencyOfficer,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    let row = kept(&office.db, who.agency, id).await?.ok_or_else(Problem::not_found)?;
    let errors = FieldErrors::new(who.visitor.locale);
    import_page(&office, &who, (id, row), errors).await
}

/// The page of a kept file in whatever state it is.
pub(crate) async fn import_page(
    office: &Office,
    who: &AgencyOfficer,
    (id, row): (Uuid, ImportRow),
    errors: FieldErrors,
) -> Result<Response, Problem> {
    let t = words(who.visitor.locale);
    let title = t.with("import-outcome-title", &[("file", row.file_name.as_str().into())]);
    let back = t.text("import-title");
    let page = Page::new(office, &who.visitor, &title).back("/staff/import", &back).wide().errors(&errors);
    let summary: Summary = serde_json::from_str(&row.summary_json).map_err(Problem::internal)?;
    let Some(content) = &row.content_json else {
        return Ok(page.show(closed(&who.visitor, t, (&row, &summary))));
    };
    let content: Content = serde_json::from_str(content).map_err(Problem::internal)?;
    let notes = Notes::new(&summary, t);
    if row.state == "faulty" {
        return Ok(page.show(faulty(&who.visitor, t, (id, &row, &content), notes)));
    }
    let read = compare_kept(&office.db, who.agency, content.rows).await?;
    Ok(page.show(Shown { read: &read, t, visitor: &who.visitor }.page(id, errors, notes)))
}

/// Names a difference: the same again only if the same would be written.
pub(crate) fn fingerprint(difference: &Difference) -> String {
    secret::fingerprint(format!("{difference:?}").as_bytes())
}

fn closed(visitor: &Visitor, t: Words, (row, summary): (&ImportRow, &Summary)) -> ClosedPage {
    let applied = row.applied_ms.map(|ms| t.with("import-applied", &[("moment", visitor.date_time(ms).into())]));
    let counts = [
        ("import-new", summary.new),
        ("import-changed", summary.changed),
        ("import-unchanged", summary.unchanged),
        ("import-left", summary.left),
    ];
    let ambiguous_units = summary.ambiguous_units.join(", ");
    ClosedPage { t, applied, counts: counted(visitor, t, &counts), ambiguous_units }
}

fn counted(visitor: &Visitor, t: Words, counts: &[(&str, usize)]) -> Vec<(String, String)> {
    counts.iter().map(|(key, count)| (t.text(key), visitor.integer(*count as i64))).collect()
}

fn faulty<'a>(
    visitor: &'a Visitor,
    t: Words,
    (id, row, content): (Uuid, &ImportRow, &Content),
    notes: Notes,
) -> FaultyPage<'a> {
    let count = content.faults.len();
    let intro = t.with("import-faulty-intro", &[("count", count.into()), ("rows", row.row_count.into())]);
    let faults = content.faults.iter().take(SHOWN).map(|fault| fault.told(visitor.locale)).collect();
    FaultyPage { t, visitor, id, intro, more: more(t, count), faults, notes }
}

fn more(t: Words, count: usize) -> Option<String> {
    (count > SHOWN).then(|| t.with("import-more", &[("count", (count - SHOWN).into())]))
}

impl Notes {
    fn new(summary: &Summary, t: Words) -> Self {
        let line = |(name, rows): &(String, usize)| {
            t.with("import-other-agency", &[("name", name.as_str().into()), ("rows", (*rows).into())])
        };
        Self {
            dropped: summary.dropped.join(", "),
            sensitive: summary.sensitive.join(", "),
            ignored_sheets: summary.ignored_sheets.join(", "),
            other_agencies: summary.other_agencies.iter().map(line).collect(),
        }
    }
}

/// A compared file on its way to the page.
struct Shown<'a> {
    read: &'a ReadStaff,
    t: Words,
    visitor: &'a Visitor,
}

impl<'a> Shown<'a> {
    fn page(&self, id: Uuid, errors: FieldErrors, notes: Notes) -> DifferencePage<'a> {
        let Shown { read, t, visitor } = *self;
        let difference = &read.difference;
        let known: HashMap<&str, &KnownPerson> = read.known.iter().map(|p| (p.id.as_str(), p)).collect();
        let counts = [
            ("import-new", difference.new.len()),
            ("import-changed", difference.changed.len()),
            ("import-unchanged", difference.unchanged.len()),
            ("import-questions", difference.questions.len()),
            ("import-leavers", difference.leavers.len()),
        ];
        let leaving = difference.leavers.len();
        let count = [("count", leaving.into())];
        DifferencePage {
            t,
            visitor,
            errors,
            id,
            seen: fingerprint(difference),
            counts: counted(visitor, t, &counts),
            nothing_changes: counts.iter().all(|(key, count)| *key == "import-unchanged" || *count == 0),
            new: self.new_people(),
            changed: difference.changed.iter().take(SHOWN).map(|change| self.changed(change)).collect(),
            changed_more: more(t, difference.changed.len()),
            questions: difference
                .questions
                .iter()
                .take(MOST_QUESTIONS)
                .filter_map(|q| self.question(q, &known))
                .collect(),
            leavers: self.leavers(&known),
            left: [],
            leavers_intro: (1..=MOST_LEAVERS).contains(&leaving).then(|| t.with("import-leavers-intro", &count)),
            too_many_leavers: (leaving > MOST_LEAVERS).then(|| t.with("import-leavers-many", &count)),
            notes,
        }
    }

    fn new_people(&self) -> People {
        let rows = &self.read.file.rows;
        let line = |row: &usize| {
            let row = &rows[*row];
            [row.name.clone(), row.nip.masked(), row.post.clone(), row.unit.clone()]
        };
        let new = &self.read.difference.new;
        People { lines: new.iter().take(SHOWN).map(line).collect(), more: more(self.t, new.len()) }
    }

    fn changed(&self, change: &Change) -> ChangedLine {
        let row = &self.read.file.rows[change.row];
        let fields = change.fields.iter().map(|field| {
            let value = |value: &str| match field.field {
                Field::Active if value.is_empty() => self.t.text("field-active-left"),
                Field::Active => self.t.text("field-active-here"),
                _ => value.to_owned(),
            };
            [self.t.text(field.field.key()), value(&field.before), value(&field.after)]
        });
        ChangedLine { name: row.name.clone(), nip: row.nip.masked(), fields: fields.collect() }
    }

    fn question(&self, question: &Question, known: &HashMap<&str, &KnownPerson>) -> Option<QuestionLine> {
        let (t, row) = (self.t, &self.read.file.rows[question.row]);
        let person = known.get(question.person.as_str())?;
        let stored = match question.kind {
            QuestionKind::ChangedNip => format!("{}, {}, {}", person.name, person.nip.masked(), person.unit_name),
            QuestionKind::ElsewhereActive | QuestionKind::ElsewhereLeft => t.text("question-another-agency"),
        };
        let mut choices = vec![Choice::new("later", t.text("question-later"))];
        if question.kind != QuestionKind::ElsewhereActive {
            choices.push(Choice::new("same", t.text("question-same")));
        }
        if question.kind == QuestionKind::ChangedNip {
            choices.push(Choice::new("another", t.text("question-another")));
        }
        let stated = format!("{}, {}, {} ({})", row.name, row.nip.masked(), row.unit, row.place);
        let text = t.text(question.kind.key());
        Some(QuestionLine { field: format!("question-{}", question.row), text, stored, stated, choices })
    }

    fn leavers(&self, known: &HashMap<&str, &KnownPerson>) -> Vec<Choice> {
        let leavers = &self.read.difference.leavers;
        if leavers.len() > MOST_LEAVERS {
            return Vec::new();
        }
        let people = leavers.iter().filter_map(|id| known.get(id.as_str()));
        people
            .map(|person| {
                let hint = format!("{}, {}", person.nip.masked(), person.unit_name);
                Choice::new(&person.id, &person.name).hint(hint)
            })
            .collect()
    }
}

pub(crate) async fn errors(
    State(office): State<Office>,
    who: AgencyOfficer,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    let row = kept(&office.db, who.agency, id).await?.ok_or_else(Problem::not_found)?;
    let content = row.content_json.ok_or_else(Problem::not_found)?;
    let content: Content = serde_json::from_str(&content).map_err(Problem::internal)?;
    let t = words(who.visitor.locale);
    let faults: Vec<ErrorReport> = content.faults.iter().map(|fault| fault.told(who.visitor.locale)).collect();
    let bytes = error_workbook(&faults, &t).map_err(Problem::internal)?;
    Ok(spreadsheet(bytes, &t.text("fault-file-name")))
}
