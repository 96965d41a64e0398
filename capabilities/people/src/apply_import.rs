//! Writes a staff file that was read and confirmed, in one transaction: units, posts with the requirements of their job
//! family, new people, changes, and whoever the officer says has left. Nobody is deleted; rows with an open question are
//! left out. Applying the same file twice changes nothing.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use melek_db::{Db, Error, Tx, Value, fixed_sizes, q, rows};
use melek_web::Clock;
use uuid::Uuid;

use crate::agency::create_agency;
use crate::difference::{KnownPerson, QuestionKind, unit_key};
use crate::identity::PostKey;
use crate::import_staff::{
    FORGET_CONTENT, INSERT_IMPORT, ImportStaffError, ReadStaff, StaffUpload, Summary, read_staff_of,
};
use crate::job_family::family_of_post;
use crate::known_staff::{known_posts, known_units};
use crate::staff_file::StaffRow;
use crate::unit_tree::{UnitPlan, Wanted, plan};

/// Each of these is followed by a list of values.
pub(crate) const INSERT_UNITS: &str =
    "INSERT INTO people_unit (id, agency_id, parent_id, name, name_key, parent_key, path, depth, created_ms) VALUES ";
pub(crate) const INSERT_POSTS: &str =
    "INSERT INTO people_post (id, agency_id, name, name_key, kind, job_family, created_ms) VALUES ";
pub(crate) const INSERT_REQUIREMENTS: &str = "INSERT INTO people_requirement (post_id, competence, level) VALUES ";
pub(crate) const INSERT_PEOPLE: &str = "INSERT INTO people_person
    (id, agency_id, unit_id, post_id, nip, name, title_before, title_after, search_name, kind, standing, email,
    siasn_digest, old_nip_digest, active, created_ms, updated_ms) VALUES ";
pub(crate) const MOVE_UNIT: &str =
    "UPDATE people_unit SET parent_id = $2, parent_key = $3, path = $4, depth = $5 WHERE id = $1";
/// With the list of values between them.
pub(crate) const UPDATE_PEOPLE: [&str; 2] = [
    "UPDATE people_person SET agency_id = v.column2, unit_id = v.column3, post_id = v.column4, nip = v.column5,
    name = v.column6, title_before = v.column7, title_after = v.column8, search_name = v.column9, kind = v.column10,
    standing = v.column11, email = v.column12, siasn_digest = v.column13, old_nip_digest = v.column14,
    active = TRUE, updated_ms = CAST(v.column17 AS BIGINT) FROM (VALUES ",
    ") AS v WHERE people_person.id = v.column1",
];
pub(crate) const MARK_LEFT: &str = "UPDATE people_person SET active = FALSE, updated_ms = $3
    WHERE agency_id = $1 AND id = $2 AND active = TRUE";
pub(crate) const RENAME_ACCOUNTS: &str = "UPDATE people_account SET name = p.name FROM people_person p
    WHERE p.id = people_account.person_id AND p.agency_id = $1 AND people_account.name <> p.name";
pub(crate) const CLOSE_IMPORT: &str = "UPDATE people_import
    SET state = 'applied', content_json = NULL, summary_json = $2, applied_ms = $3 WHERE id = $1 AND state = 'open'";

#[derive(Debug, thiserror::Error)]
pub enum ApplyImportError {
    #[error("this file was applied or set aside already")]
    NotOpen,
    #[error("two rows claim to be the same stored person")]
    PersonClaimedTwice,
    #[error("somebody else changed the same staff at this moment")]
    Meanwhile,
    #[error(transparent)]
    Read(#[from] ImportStaffError),
    #[error("the summary cannot be written: {0}")]
    Json(#[from] serde_json::Error),
    #[error(transparent)]
    Database(Error),
}

impl From<Error> for ApplyImportError {
    fn from(error: Error) -> Self {
        if error.is_unique() { Self::Meanwhile } else { Self::Database(error) }
    }
}

/// What the officer answers to a question about a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The stored person and the row are the same.
    Same,
    /// The row is somebody new.
    Another,
}

/// The officer's decisions; what is not decided is left for later.
#[derive(Debug, Default)]
pub struct Decisions {
    /// By position of the row.
    pub answers: HashMap<usize, Answer>,
    /// Ids of people who have left.
    pub left: Vec<String>,
}

/// Loads a staff file at once, as the command line does: without faults it is written with every question left open.
/// Answers what was read; with faults nothing was written.
pub async fn load_staff(
    db: &Db,
    clock: &Clock,
    agency: &str,
    upload: &StaffUpload,
) -> Result<ReadStaff, ApplyImportError> {
    let read = read_staff_of(db, clock, agency, upload).await?;
    if read.has_faults() {
        return Ok(read);
    }
    let id = create_agency(db, clock, agency).await.map_err(ImportStaffError::from)?;
    let kept = Kept { agency: id, import: clock.new_id() };
    let decisions = Decisions::default();
    let tree = Tree::plan(db, clock, &kept, (agency, &read, &decisions)).await?;
    let mut tx = db.begin().await?;
    q(FORGET_CONTENT).bind(i64::MIN).bind(id).exec(&mut tx).await?;
    let insert = q(INSERT_IMPORT).bind(kept.import).bind(id).bind(None::<Uuid>).bind(upload.file_name.as_str());
    let insert = insert.bind("open").bind(read.file.rows_read as i64).bind(None::<String>).bind("{}");
    insert.bind(clock.now_ms()).exec(&mut tx).await?;
    tree.write(&mut tx, clock, &kept, (&read, &decisions)).await?;
    tx.commit().await?;
    Ok(read)
}

/// A kept file and its agency.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kept {
    pub agency: Uuid,
    pub import: Uuid,
}

/// Writes a kept file with the officer's decisions.
pub(crate) async fn apply(
    db: &Db,
    clock: &Clock,
    kept: &Kept,
    (agency_name, read, decisions): (&str, &ReadStaff, &Decisions),
) -> Result<(), ApplyImportError> {
    let tree = Tree::plan(db, clock, kept, (agency_name, read, decisions)).await?;
    let mut tx = db.begin().await?;
    tree.write(&mut tx, clock, kept, (read, decisions)).await?;
    Ok(tx.commit().await?)
}

/// Everything decided before the first statement is written.
struct Tree {
    units: UnitPlan,
    posts: HashMap<PostKey, String>,
    new_posts: Vec<(PostKey, String, String)>,
    /// Position of the row and the stored person it is about, if any.
    accepted: Vec<(usize, Option<String>)>,
    agency_name: String,
}

impl Tree {
    async fn plan(
        db: &Db,
        clock: &Clock,
        kept: &Kept,
        (agency_name, read, decisions): (&str, &ReadStaff, &Decisions),
    ) -> Result<Self, ApplyImportError> {
        let accepted = accepted(read, decisions)?;
        let mut wanted = Vec::new();
        let mut seen = HashSet::new();
        let mut posts = known_posts(db, kept.agency).await?;
        let mut new_posts = Vec::new();
        for (row, _) in &accepted {
            let row = &read.file.rows[*row];
            let key = unit_key(row, agency_name);
            if seen.insert(key.clone()) {
                let parent_name = row.parent_unit.clone().unwrap_or_default();
                wanted.push(Wanted { key, name: row.unit.clone(), parent_name });
            }
            let key = PostKey::new(row.post_kind, &row.post);
            if let Entry::Vacant(entry) = posts.entry(key.clone()) {
                let id = entry.insert(clock.new_id().to_string());
                new_posts.push((key, id.clone(), row.post.clone()));
            }
        }
        let units = plan(&known_units(db, kept.agency).await?, &wanted, || clock.new_id().to_string());
        Ok(Self { units, posts, new_posts, accepted, agency_name: agency_name.to_owned() })
    }

    async fn write(
        &self,
        tx: &mut Tx,
        clock: &Clock,
        kept: &Kept,
        (read, decisions): (&ReadStaff, &Decisions),
    ) -> Result<(), ApplyImportError> {
        let now_ms = clock.now_ms();
        let mut summary = Summary::new(read);
        summary.left = decisions.left.len();
        summary.ambiguous_units.clone_from(&self.units.ambiguous);
        let closed = q(CLOSE_IMPORT).bind(kept.import).bind(serde_json::to_string(&summary)?).bind(now_ms);
        if closed.exec(&mut *tx).await? == 0 {
            return Err(ApplyImportError::NotOpen);
        }
        self.write_units(tx, kept.agency, now_ms).await?;
        self.write_posts(tx, kept.agency, now_ms).await?;
        self.write_people(tx, clock, (kept.agency, read)).await?;
        for person in &decisions.left {
            q(MARK_LEFT).bind(kept.agency).bind(person.as_str()).bind(now_ms).exec(&mut *tx).await?;
        }
        q(RENAME_ACCOUNTS).bind(kept.agency).exec(tx).await?;
        Ok(())
    }

    async fn write_units(&self, tx: &mut Tx, agency: Uuid, now_ms: i64) -> Result<(), Error> {
        let mut new: Vec<_> = self.units.new.iter().collect();
        new.sort_by_key(|unit| unit.depth);
        for piece in fixed_sizes(&new) {
            let values = piece.iter().flat_map(|unit| -> [Value; 9] {
                [
                    (&unit.id).into(),
                    agency.into(),
                    unit.parent_id.clone().into(),
                    (&unit.name).into(),
                    (&unit.key.name).into(),
                    (&unit.key.parent).into(),
                    (&unit.path).into(),
                    unit.depth.into(),
                    now_ms.into(),
                ]
            });
            let sql = format!("{INSERT_UNITS}{}", rows(piece.len(), 9));
            q(sql).bind_all(values).exec(&mut *tx).await?;
        }
        for unit in &self.units.moved {
            let update = q(MOVE_UNIT).bind(&unit.id).bind(unit.parent_id.clone()).bind(&unit.key.parent);
            update.bind(&unit.path).bind(unit.depth).exec(&mut *tx).await?;
        }
        Ok(())
    }

    async fn write_posts(&self, tx: &mut Tx, agency: Uuid, now_ms: i64) -> Result<(), Error> {
        let mut needs = Vec::new();
        for piece in fixed_sizes(&self.new_posts) {
            let mut values: Vec<Value> = Vec::with_capacity(piece.len() * 7);
            for (key, id, name) in piece {
                let family = family_of_post(key.kind, name);
                let levels =
                    family.levels.iter().map(|(competence, level)| (id, competence.to_string(), level.number()));
                needs.extend(levels);
                values.extend([id.into(), agency.into(), name.into(), Value::from(&key.name)]);
                values.extend([key.kind.id().into(), Value::from(&family.id), now_ms.into()]);
            }
            let sql = format!("{INSERT_POSTS}{}", rows(piece.len(), 7));
            q(sql).bind_all(values).exec(&mut *tx).await?;
        }
        for piece in fixed_sizes(&needs) {
            let values = piece.iter().flat_map(|(post, competence, level)| -> [Value; 3] {
                [(*post).into(), competence.into(), (*level).into()]
            });
            let sql = format!("{INSERT_REQUIREMENTS}{}", rows(piece.len(), 3));
            q(sql).bind_all(values).exec(&mut *tx).await?;
        }
        Ok(())
    }

    async fn write_people(
        &self,
        tx: &mut Tx,
        clock: &Clock,
        (agency, read): (Uuid, &ReadStaff),
    ) -> Result<(), ApplyImportError> {
        let stored: HashMap<&str, &KnownPerson> =
            read.known.iter().map(|person| (person.id.as_str(), person)).collect();
        let now_ms = clock.now_ms();
        let (mut new, mut changed) = (Vec::new(), Vec::new());
        for (row, person) in &self.accepted {
            let row = &read.file.rows[*row];
            match person.as_ref().and_then(|id| stored.get(id.as_str()).copied()) {
                Some(person) if self.is_settled(person, row) => {}
                Some(person) => changed.push(self.values(&person.id, row, (agency, Some(person), now_ms))),
                None => new.push(self.values(&clock.new_id().to_string(), row, (agency, None, now_ms))),
            }
        }
        for piece in fixed_sizes(&new) {
            let sql = format!("{INSERT_PEOPLE}{}", rows(piece.len(), PERSON_VALUES));
            q(sql).bind_all(piece.iter().flatten().cloned()).exec(&mut *tx).await?;
        }
        for piece in fixed_sizes(&changed) {
            let sql = format!("{}{}{}", UPDATE_PEOPLE[0], rows(piece.len(), PERSON_VALUES), UPDATE_PEOPLE[1]);
            q(sql).bind_all(piece.iter().flatten().cloned()).exec(&mut *tx).await?;
        }
        Ok(())
    }

    /// Whether nothing of the row is to be written, not even an identifier by which the person is recognised later.
    fn is_settled(&self, person: &KnownPerson, row: &StaffRow) -> bool {
        let adds = |kept: &Option<String>, stated: &Option<String>| stated.is_some() && kept != stated;
        person.here
            && crate::difference::changes(person, row, &self.agency_name).is_empty()
            && person.nip == row.nip
            && !adds(&person.siasn_digest, &row.siasn_digest)
            && !adds(&person.old_nip_digest, &row.old_nip_digest)
    }

    /// The columns of `INSERT_PEOPLE`, which `UPDATE_PEOPLE` shares.
    fn values(
        &self,
        id: &str,
        row: &StaffRow,
        (agency, person, now_ms): (Uuid, Option<&KnownPerson>, i64),
    ) -> [Value; PERSON_VALUES] {
        let stated = |stated: &Option<String>, kept: Option<&String>| {
            stated.clone().or_else(|| kept.cloned()).unwrap_or_default()
        };
        let before = stated(&row.title_before, person.map(|person| &person.title_before));
        let after = stated(&row.title_after, person.map(|person| &person.title_after));
        let mark = |stated: &Option<String>, kept: Option<&Option<String>>| -> Option<String> {
            stated.clone().or_else(|| kept.cloned().flatten())
        };
        let unit = self.units.ids.get(&unit_key(row, &self.agency_name)).cloned();
        let post = self.posts.get(&PostKey::new(row.post_kind, &row.post)).cloned();
        [
            id.into(),
            agency.into(),
            unit.into(),
            post.into(),
            row.nip.as_str().into(),
            (&row.name).into(),
            (&before).into(),
            (&after).into(),
            search_name(&row.name, &before, &after).into(),
            row.kind.id().into(),
            stated(&row.standing, person.map(|person| &person.standing)).into(),
            stated(&row.email, person.map(|person| &person.email)).into(),
            mark(&row.siasn_digest, person.map(|person| &person.siasn_digest)).into(),
            mark(&row.old_nip_digest, person.map(|person| &person.old_nip_digest)).into(),
            true.into(),
            now_ms.into(),
            now_ms.into(),
        ]
    }
}

const PERSON_VALUES: usize = 17;

/// The rows to write, with the stored person each is about.
fn accepted(read: &ReadStaff, decisions: &Decisions) -> Result<Vec<(usize, Option<String>)>, ApplyImportError> {
    let difference = &read.difference;
    let mut accepted: Vec<(usize, Option<String>)> = difference.new.iter().map(|row| (*row, None)).collect();
    let about = difference.changed.iter().chain(&difference.unchanged);
    accepted.extend(about.map(|change| (change.row, Some(change.person.clone()))));
    for question in &difference.questions {
        match (decisions.answers.get(&question.row), question.kind) {
            (Some(Answer::Same), QuestionKind::ChangedNip | QuestionKind::ElsewhereLeft) => {
                accepted.push((question.row, Some(question.person.clone())));
            }
            (Some(Answer::Another), QuestionKind::ChangedNip) => accepted.push((question.row, None)),
            _ => {}
        }
    }
    let mut claimed = HashSet::new();
    if accepted.iter().filter_map(|(_, person)| person.as_ref()).any(|person| !claimed.insert(person.clone())) {
        return Err(ApplyImportError::PersonClaimedTwice);
    }
    accepted.sort_by_key(|(row, _)| *row);
    Ok(accepted)
}

/// What the staff list is searched and ordered by.
fn search_name(name: &str, before: &str, after: &str) -> String {
    crate::identity::name_key(&format!("{name} {before} {after}"))
}
