//! One person of a staff file: what is kept of a row, and every check of its cells.
//!
//! All faults of a row are found at once. Birth date, sex and a private e-mail address are compared or checked and then
//! forgotten. PNS ID and the old NIP are kept only as SHA-256 digests: they are there to recognise the same person when a
//! NIP was corrected, and for nothing else.

use melek_framework::PostKind;
use serde::{Deserialize, Serialize};
use time::Date;

use super::cell::{Cell, Content};
use super::columns::Column;
use super::header::Header;
use super::meaning::{self, StatedKind};
use super::problem::Problem;
use crate::job_family;
use crate::nip::{EmployeeKind, Nip, NipError};

/// Longest text kept of one cell, in characters.
const LONGEST: usize = 200;

/// What is kept of a row. `None` where the file has no such column: then what is stored stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffRow {
    /// Where the NIP stands, sheet and cell, for questions about the row; filled in by the reader of the sheet.
    pub place: String,
    pub nip: Nip,
    pub name: String,
    pub title_before: Option<String>,
    pub title_after: Option<String>,
    pub kind: EmployeeKind,
    pub standing: Option<String>,
    pub email: Option<String>,
    pub post: String,
    pub post_kind: PostKind,
    pub unit: String,
    pub parent_unit: Option<String>,
    pub agency: Option<String>,
    pub siasn_digest: Option<String>,
    pub old_nip_digest: Option<String>,
    /// The number the person had before, where the file states a full one.
    pub former_nip: Option<Nip>,
}

/// The cells of the used columns of one row.
pub(crate) type Cells = [Option<Cell>; Column::COUNT];

/// The outcome of checking a row.
pub(crate) struct Checked {
    pub nip: Option<Nip>,
    pub row: Option<StaffRow>,
    pub problems: Vec<(Column, Problem)>,
}

/// Checks every cell of a row.
pub(crate) fn check(cells: &Cells, header: &Header, today: Date) -> Checked {
    let mut checker = Checker { cells, header, problems: Vec::new() };
    let stated = checker.employee_kind();
    let nip = checker.nip(stated, today);
    checker.birth_date(nip.as_ref());
    checker.sex(nip.as_ref());
    let row = checker.rest(nip.clone(), stated);
    let problems = checker.problems;
    Checked { nip, row: row.filter(|_| problems.is_empty()), problems }
}

struct Checker<'a> {
    cells: &'a Cells,
    header: &'a Header,
    problems: Vec<(Column, Problem)>,
}

impl Checker<'_> {
    fn cell(&self, column: Column) -> Option<&Cell> {
        self.cells[column.index()].as_ref()
    }

    fn tidy(&self, column: Column) -> String {
        self.cell(column).map(Cell::tidy).unwrap_or_default()
    }

    fn wrong(&mut self, column: Column, problem: Problem) {
        self.problems.push((column, problem));
    }

    fn employee_kind(&mut self) -> Option<EmployeeKind> {
        for column in [Column::EmployeeKind, Column::EmploymentStatus] {
            let text = self.tidy(column);
            if text.is_empty() {
                continue;
            }
            match meaning::employee_kind(&text) {
                Some(StatedKind::Known(kind)) => return Some(kind),
                Some(StatedKind::AnyCivilServant) => return None,
                None if column == Column::EmployeeKind => {
                    self.wrong(column, Problem::EmployeeKindUnknown);
                    return None;
                }
                None => {}
            }
        }
        None
    }

    fn nip(&mut self, kind: Option<EmployeeKind>, today: Date) -> Option<Nip> {
        let parsed = match self.cell(Column::Nip).map(|cell| &cell.content) {
            None | Some(Content::Broken(_)) => Err(vec![NipError::Missing]),
            Some(Content::Number(number)) => Nip::parse_number(*number, kind, today),
            Some(_) => Nip::parse(&self.tidy(Column::Nip), kind, today),
        };
        match parsed {
            Ok(nip) => Some(nip),
            Err(faults) => {
                for fault in faults {
                    self.wrong(Column::Nip, Problem::Nip(fault));
                }
                None
            }
        }
    }

    fn birth_date(&mut self, nip: Option<&Nip>) {
        let Some(cell) = self.cell(Column::BirthDate) else { return };
        if cell.tidy().is_empty() && !matches!(cell.content, Content::Broken(_)) {
            return;
        }
        let stated = nip.and_then(Nip::birth_date);
        match (meaning::date(cell), stated) {
            (None, _) => self.wrong(Column::BirthDate, Problem::DateUnreadable),
            (Some(date), Some(nip)) if date != nip => {
                self.wrong(Column::BirthDate, Problem::BirthDateDiffers { nip });
            }
            _ => {}
        }
    }

    fn sex(&mut self, nip: Option<&Nip>) {
        let text = self.tidy(Column::Sex);
        if text.is_empty() {
            return;
        }
        match (meaning::sex(&text), nip.and_then(Nip::sex)) {
            (None, _) => self.wrong(Column::Sex, Problem::SexUnreadable),
            (Some(sex), Some(nip)) if sex != nip => self.wrong(Column::Sex, Problem::SexDiffers { nip }),
            _ => {}
        }
    }

    fn rest(&mut self, nip: Option<Nip>, stated: Option<EmployeeKind>) -> Option<StaffRow> {
        let name = self.name();
        let post = self.needed(Column::Post, Problem::PostEmpty);
        let unit = self.needed(Column::Unit, Problem::UnitEmpty);
        let agency = self.header.has(Column::Agency).then(|| self.needed(Column::Agency, Problem::AgencyEmpty));
        let post_kind = self.post_kind(&post);
        let email = self.email();
        let title_before = self.optional(Column::TitleBefore);
        let title_after = self.optional(Column::TitleAfter);
        let standing = self.optional(Column::Standing);
        let parent_unit = self.optional(Column::ParentUnit).filter(|parent| !parent.is_empty());
        let nip = nip?;
        let old = self.tidy(Column::OldNip);
        Some(StaffRow {
            place: String::new(),
            kind: stated.or_else(|| nip.kind())?,
            former_nip: Nip::typed(&old).filter(|old| *old != nip),
            siasn_digest: digest(&self.tidy(Column::SiasnId)),
            old_nip_digest: digest(&old),
            post_kind: post_kind?,
            nip,
            name,
            title_before,
            title_after,
            standing,
            email,
            post,
            unit,
            parent_unit,
            agency,
        })
    }

    fn name(&mut self) -> String {
        let is_formula = self.cell(Column::Name).is_some_and(|cell| cell.formula.is_some());
        let name = self.needed_unless(is_formula, Column::Name, Problem::NameEmpty);
        if is_formula || name.starts_with(['=', '+', '@']) {
            self.wrong(Column::Name, Problem::NameFormula);
        }
        in_capitals_where_all_small(name)
    }

    fn post_kind(&mut self, post: &str) -> Option<PostKind> {
        let text = self.tidy(Column::PostKind);
        if text.is_empty() {
            return Some(job_family::kind_of_post(&PostKind::ALL, PostKind::Pelaksana, post));
        }
        match meaning::post_kinds(&text) {
            Some(kinds) => Some(job_family::kind_of_post(kinds, kinds[0], post)),
            None => {
                self.wrong(Column::PostKind, Problem::PostKindUnknown);
                None
            }
        }
    }

    /// The address of the office; the general column counts only where it holds one.
    fn email(&mut self) -> Option<String> {
        let work = self.address(Column::WorkEmail);
        let general = self.address(Column::Email).filter(|address| meaning::is_official(address));
        let found = work.filter(|address| !address.is_empty()).or(general);
        let readable = self.header.has(Column::WorkEmail) || self.header.has(Column::Email);
        readable.then(|| found.unwrap_or_default())
    }

    fn address(&mut self, column: Column) -> Option<String> {
        let text = self.tidy(column);
        if text.is_empty() {
            return None;
        }
        let address = meaning::email(&text);
        if address.is_none() {
            self.wrong(column, Problem::EmailMalformed);
        }
        address
    }

    fn optional(&mut self, column: Column) -> Option<String> {
        self.header.has(column).then(|| self.short(column))
    }

    fn needed(&mut self, column: Column, empty: Problem) -> String {
        self.needed_unless(false, column, empty)
    }

    fn needed_unless(&mut self, excused: bool, column: Column, empty: Problem) -> String {
        let text = self.short(column);
        if text.is_empty() && !excused {
            self.wrong(column, empty);
        }
        text
    }

    fn short(&mut self, column: Column) -> String {
        let text = self.tidy(column);
        if text.chars().count() > LONGEST {
            self.wrong(column, Problem::TooLong { limit: LONGEST });
        }
        text
    }
}

/// A name written without any capital is given one at the start of each word; any other name stays as written.
fn in_capitals_where_all_small(name: String) -> String {
    if name.chars().any(char::is_uppercase) {
        return name;
    }
    let mut capital = true;
    let mut written = String::with_capacity(name.len());
    for c in name.chars() {
        if capital {
            written.extend(c.to_uppercase())
        } else {
            written.push(c)
        }
        capital = matches!(c, ' ' | '-' | '.');
    }
    written
}

/// Digest of an identifier in small letters without blanks and signs; nothing for an empty one.
fn digest(text: &str) -> Option<String> {
    let plain = text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    (!plain.is_empty()).then(|| melek_web::secret::digest(&plain))
}
