//! What a staff file would change: new people, changed ones (which fields), unchanged ones, possible leavers, and questions.
//!
//! People are matched by NIP only. A person who seems to have a new NIP, or whose NIP belongs to another agency, is a
//! question for the officer, never a guess. Nobody is removed: who is missing from the file is a possible leaver.
//! Pure; writing is the business of `apply_import`.

use std::collections::{HashMap, HashSet};

use melek_framework::PostKind;

use crate::identity::{PostKey, UnitKey};
use crate::nip::{EmployeeKind, Nip};
use crate::staff_file::StaffRow;

/// A person as stored, of this agency or of another one.
#[derive(Debug, Clone)]
pub(crate) struct KnownPerson {
    pub id: String,
    pub here: bool,
    pub active: bool,
    pub nip: Nip,
    pub name: String,
    pub title_before: String,
    pub title_after: String,
    pub kind: EmployeeKind,
    pub standing: String,
    pub email: String,
    pub unit: UnitKey,
    pub unit_name: String,
    pub post_kind: PostKind,
    pub post_name: String,
    pub siasn_digest: Option<String>,
    pub old_nip_digest: Option<String>,
}

/// A kept field of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    Nip,
    Name,
    TitleBefore,
    TitleAfter,
    Kind,
    Standing,
    Email,
    Unit,
    Post,
    Active,
}

impl Field {
    /// The key of its name in the files of words.
    pub fn key(self) -> &'static str {
        match self {
            Self::Nip => "field-nip",
            Self::Name => "field-name",
            Self::TitleBefore => "field-title-before",
            Self::TitleAfter => "field-title-after",
            Self::Kind => "field-kind",
            Self::Standing => "field-standing",
            Self::Email => "field-email",
            Self::Unit => "field-unit",
            Self::Post => "field-post",
            Self::Active => "field-active",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChange {
    pub field: Field,
    pub before: String,
    pub after: String,
}

/// A row of the file about a stored person; `row` is its position among the rows without fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub row: usize,
    pub person: String,
    pub fields: Vec<FieldChange>,
}

/// Something only the officer can decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    pub row: usize,
    pub person: String,
    pub kind: QuestionKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuestionKind {
    /// A stored person of this agency looks the same but has another NIP.
    ChangedNip,
    /// The NIP belongs to somebody who still works in another agency: that agency lets the person go first.
    ElsewhereActive,
    /// The NIP belongs to somebody another agency has let go.
    ElsewhereLeft,
}

impl QuestionKind {
    /// The key of the question in the files of words.
    pub fn key(self) -> &'static str {
        match self {
            Self::ChangedNip => "question-changed-nip",
            Self::ElsewhereActive => "question-elsewhere-active",
            Self::ElsewhereLeft => "question-elsewhere-left",
        }
    }
}

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Positions among the rows without fault.
    pub new: Vec<usize>,
    pub changed: Vec<Change>,
    pub unchanged: Vec<Change>,
    pub questions: Vec<Question>,
    /// Ids of active people who are not in the file.
    pub leavers: Vec<String>,
}

/// Compares a file with what is stored. `agencies` are the names of the agency being loaded.
pub(crate) fn compare(known: &[KnownPerson], rows: &[StaffRow], agency: &str) -> Difference {
    let by_nip: HashMap<&Nip, &KnownPerson> = known.iter().map(|person| (&person.nip, person)).collect();
    let in_file: HashSet<&Nip> = rows.iter().map(|row| &row.nip).collect();
    let alike = Alike::new(known.iter().filter(|person| person.here && !in_file.contains(&person.nip)));
    let mut difference = Difference::default();
    let mut met: HashSet<&str> = HashSet::new();
    for (place, row) in rows.iter().enumerate() {
        match by_nip.get(&row.nip) {
            Some(person) if person.here => {
                met.insert(&person.id);
                let fields = changes(person, row, agency);
                let list = if fields.is_empty() { &mut difference.unchanged } else { &mut difference.changed };
                list.push(Change { row: place, person: person.id.clone(), fields });
            }
            Some(person) => {
                let kind = if person.active { QuestionKind::ElsewhereActive } else { QuestionKind::ElsewhereLeft };
                difference.questions.push(Question { row: place, person: person.id.clone(), kind });
            }
            None => match alike.find(row) {
                Some(person) => {
                    met.insert(&person.id);
                    let kind = QuestionKind::ChangedNip;
                    difference.questions.push(Question { row: place, person: person.id.clone(), kind });
                }
                None => difference.new.push(place),
            },
        }
    }
    let missing = known.iter().filter(|person| person.here && person.active && !met.contains(person.id.as_str()));
    difference.leavers = missing.map(|person| person.id.clone()).collect();
    difference
}

/// The fields in which a row differs from what is stored. Columns the file lacks change nothing.
pub(crate) fn changes(person: &KnownPerson, row: &StaffRow, agency: &str) -> Vec<FieldChange> {
    let mut found = Vec::new();
    let mut compare = |field, before: &str, after: &str| {
        if before != after {
            found.push(FieldChange { field, before: before.to_owned(), after: after.to_owned() });
        }
    };
    compare(Field::Nip, &person.nip.masked(), &row.nip.masked());
    compare(Field::Name, &person.name, &row.name);
    let stated = |stated: &Option<String>, kept: &str| stated.clone().unwrap_or_else(|| kept.to_owned());
    compare(Field::TitleBefore, &person.title_before, &stated(&row.title_before, &person.title_before));
    compare(Field::TitleAfter, &person.title_after, &stated(&row.title_after, &person.title_after));
    compare(Field::Kind, person.kind.id(), row.kind.id());
    compare(Field::Standing, &person.standing, &stated(&row.standing, &person.standing));
    compare(Field::Email, &person.email, &stated(&row.email, &person.email));
    if unit_key(row, agency) != person.unit {
        compare(Field::Unit, &person.unit_name, &unit_text(row));
    }
    if PostKey::new(row.post_kind, &row.post) != PostKey::new(person.post_kind, &person.post_name) {
        let (before, after) = (post_text(person.post_kind, &person.post_name), post_text(row.post_kind, &row.post));
        compare(Field::Post, &before, &after);
    }
    if !person.active {
        compare(Field::Active, "", row.agency.as_deref().unwrap_or(agency));
    }
    found
}

/// The unit a row names.
pub(crate) fn unit_key(row: &StaffRow, agency: &str) -> UnitKey {
    let stated = row.agency.as_deref().unwrap_or(agency);
    UnitKey::new(&row.unit, row.parent_unit.as_deref(), &[agency, stated])
}

fn unit_text(row: &StaffRow) -> String {
    match &row.parent_unit {
        Some(parent) => format!("{} ({parent})", row.unit),
        None => row.unit.clone(),
    }
}

fn post_text(kind: PostKind, post: &str) -> String {
    format!("{post} ({})", kind.id())
}

/// Stored people whose NIP is not in the file, by what else tells that somebody is the same.
struct Alike<'a> {
    by_mark: HashMap<String, &'a KnownPerson>,
}

impl<'a> Alike<'a> {
    fn new(people: impl Iterator<Item = &'a KnownPerson>) -> Self {
        let mut by_mark = HashMap::new();
        for person in people {
            let marks = marks(&person.nip, &person.name, (&person.siasn_digest, &person.old_nip_digest));
            for mark in marks.chain([nip_mark(&person.nip)]) {
                by_mark.entry(mark).or_insert(person);
            }
        }
        Self { by_mark }
    }

    fn find(&self, row: &StaffRow) -> Option<&'a KnownPerson> {
        let former = row.former_nip.iter().map(nip_mark);
        let mut marks = former.chain(marks(&row.nip, &row.name, (&row.siasn_digest, &row.old_nip_digest)));
        marks.find_map(|mark| self.by_mark.get(&mark).copied())
    }
}

fn marks(nip: &Nip, name: &str, (siasn, old): (&Option<String>, &Option<String>)) -> impl Iterator<Item = String> {
    let born = nip.birth_date().map(|date| format!("born {date} {}", name.to_lowercase()));
    let siasn = siasn.as_ref().map(|digest| format!("siasn {digest}"));
    let old = old.as_ref().map(|digest| format!("old {digest}"));
    [siasn, old, born].into_iter().flatten()
}

fn nip_mark(nip: &Nip) -> String {
    format!("nip {}", nip.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    const AGENCY: &str = "Kabupaten Lembah Arum";

    fn nip(text: &str) -> Nip {
        Nip::typed(text).unwrap()
    }

    fn row(number: &str, name: &str) -> StaffRow {
        StaffRow {
            place: "Data!B2".to_owned(),
            nip: nip(number),
            name: name.to_owned(),
            title_before: None,
            title_after: None,
            kind: EmployeeKind::Pns,
            standing: Some("Aktif".to_owned()),
            email: None,
            post: "Arsiparis".to_owned(),
            post_kind: PostKind::Fungsional,
            unit: "Setda".to_owned(),
            parent_unit: None,
            agency: None,
            siasn_digest: None,
            old_nip_digest: None,
            former_nip: None,
        }
    }

    fn known(id: &str, number: &str, name: &str) -> KnownPerson {
        KnownPerson {
            id: id.to_owned(),
            here: true,
            active: true,
            nip: nip(number),
            name: name.to_owned(),
            title_before: String::new(),
            title_after: "S.Kom.".to_owned(),
            kind: EmployeeKind::Pns,
            standing: "Aktif".to_owned(),
            email: "a@b.go.id".to_owned(),
            unit: UnitKey::new("Setda", None, &[]),
            unit_name: "Setda".to_owned(),
            post_kind: PostKind::Fungsional,
            post_name: "ARSIPARIS".to_owned(),
            siasn_digest: Some("s".to_owned()),
            old_nip_digest: Some("o".to_owned()),
        }
    }

    const BUDI: &str = "198609262015051001";
    const BUDI_CORRECTED: &str = "198609262015051002";
    const ANI: &str = "199003122014032001";

    #[test]
    fn the_same_file_again_is_all_unchanged() {
        let difference = compare(&[known("p", BUDI, "BUDI")], &[row(BUDI, "BUDI")], AGENCY);
        assert_eq!((difference.unchanged.len(), difference.changed.len()), (1, 0));
        assert!(difference.new.is_empty() && difference.leavers.is_empty() && difference.questions.is_empty());
    }

    #[test]
    fn a_changed_row_names_its_fields() {
        let mut changed = row(BUDI, "BUDI S");
        changed.unit = "Dinas Kesehatan".to_owned();
        changed.title_after = Some("S.Kom., M.T.".to_owned());
        let difference = compare(&[known("p", BUDI, "BUDI")], &[changed], AGENCY);
        let fields: Vec<_> = difference.changed[0].fields.iter().map(|change| change.field).collect();
        assert_eq!(fields, [Field::Name, Field::TitleAfter, Field::Unit]);
    }

    #[test]
    fn a_column_the_file_lacks_changes_nothing() {
        let mut without = row(BUDI, "BUDI");
        without.standing = None;
        assert!(changes(&known("p", BUDI, "BUDI"), &without, AGENCY).is_empty());
    }

    #[test]
    fn who_is_missing_is_a_possible_leaver_and_who_left_before_is_not() {
        let mut gone = known("q", ANI, "ANI");
        gone.active = false;
        let difference = compare(&[known("p", BUDI, "BUDI"), gone], &[], AGENCY);
        assert_eq!(difference.leavers, ["p"]);
    }

    #[test]
    fn the_same_name_and_birth_date_with_another_nip_is_a_question() {
        let difference = compare(&[known("p", BUDI, "BUDI")], &[row(BUDI_CORRECTED, "Budi")], AGENCY);
        assert_eq!(difference.questions, [Question { row: 0, person: "p".into(), kind: QuestionKind::ChangedNip }]);
        assert!(difference.new.is_empty() && difference.leavers.is_empty());
    }

    #[test]
    fn the_same_siasn_id_old_nip_or_former_nip_with_another_nip_is_a_question() {
        let with = |change: fn(&mut StaffRow)| {
            let mut row = row(ANI, "ANI");
            change(&mut row);
            compare(&[known("p", BUDI, "BUDI")], &[row], AGENCY).questions.len()
        };
        assert_eq!(with(|row| row.siasn_digest = Some("s".to_owned())), 1);
        assert_eq!(with(|row| row.old_nip_digest = Some("o".to_owned())), 1);
        assert_eq!(with(|row| row.former_nip = Nip::typed(BUDI)), 1);
        assert_eq!(with(|_| ()), 0);
    }

    #[test]
    fn two_people_of_one_name_and_birth_date_who_are_both_in_the_file_are_no_question() {
        let rows = [row(BUDI, "BUDI"), row(BUDI_CORRECTED, "BUDI")];
        let difference = compare(&[known("p", BUDI, "BUDI")], &rows, AGENCY);
        assert_eq!((difference.new.len(), difference.unchanged.len(), difference.questions.len()), (1, 1, 0));
    }

    #[test]
    fn somebody_of_another_agency_is_a_question() {
        let mut other = known("p", BUDI, "BUDI");
        other.here = false;
        let kind = |other: KnownPerson| compare(&[other], &[row(BUDI, "BUDI")], AGENCY).questions[0].kind;
        assert_eq!(kind(other.clone()), QuestionKind::ElsewhereActive);
        other.active = false;
        assert_eq!(kind(other), QuestionKind::ElsewhereLeft);
    }

    #[test]
    fn somebody_who_comes_back_is_a_change() {
        let mut gone = known("p", BUDI, "BUDI");
        gone.active = false;
        let difference = compare(&[gone], &[row(BUDI, "BUDI")], AGENCY);
        assert_eq!(difference.changed[0].fields[0].field, Field::Active);
    }
}
