//! Reads what is stored of an agency's staff, units and posts, for comparing a staff file with it.

use std::collections::{HashMap, HashSet};

use melek_db::{Db, Error, fixed_sizes, q, rows};
use melek_framework::PostKind;
use uuid::Uuid;

use crate::difference::KnownPerson;
use crate::identity::{PostKey, UnitKey};
use crate::nip::{EmployeeKind, Nip};
use crate::staff_file::StaffRow;
use crate::unit_tree::Unit;

pub(crate) const STAFF_OF_AGENCY: &str = "SELECT p.id, p.active, p.nip, p.name, p.title_before, p.title_after, p.kind,
    p.standing, p.email, p.siasn_digest, p.old_nip_digest, u.name AS unit_name, u.name_key AS unit_key, u.parent_key,
    o.kind AS post_kind, o.name AS post_name
    FROM people_person p JOIN people_unit u ON u.id = p.unit_id JOIN people_post o ON o.id = p.post_id
    WHERE p.agency_id = $1 ORDER BY p.id";
/// Followed by a list of values and a closing bracket.
pub(crate) const STAFF_ELSEWHERE: &str = "SELECT p.id, p.active, p.nip, p.name, p.title_before, p.title_after, p.kind,
    p.standing, p.email, p.siasn_digest, p.old_nip_digest, u.name AS unit_name, u.name_key AS unit_key, u.parent_key,
    o.kind AS post_kind, o.name AS post_name
    FROM people_person p JOIN people_unit u ON u.id = p.unit_id JOIN people_post o ON o.id = p.post_id
    WHERE p.nip IN (VALUES ";
pub(crate) const UNITS_OF_AGENCY: &str = "SELECT id, parent_id, name, name_key, parent_key, path, depth
    FROM people_unit WHERE agency_id = $1 ORDER BY depth, created_ms, id";
pub(crate) const POSTS_OF_AGENCY: &str = "SELECT id, kind, name_key FROM people_post WHERE agency_id = $1";

#[derive(sqlx::FromRow)]
struct PersonRow {
    id: String,
    active: bool,
    nip: String,
    name: String,
    title_before: String,
    title_after: String,
    kind: String,
    standing: String,
    email: String,
    siasn_digest: Option<String>,
    old_nip_digest: Option<String>,
    unit_name: String,
    unit_key: String,
    parent_key: String,
    post_kind: String,
    post_name: String,
}

/// Everybody of the agency, and whoever of another agency has a NIP of the file.
pub(crate) async fn known_people(db: &Db, agency: Uuid, file: &[StaffRow]) -> Result<Vec<KnownPerson>, Error> {
    let here: Vec<PersonRow> = q(STAFF_OF_AGENCY).bind(agency).all(db).await?;
    let mut people: Vec<KnownPerson> = here.into_iter().filter_map(|row| person(row, true)).collect();
    let met: HashSet<&str> = people.iter().map(|person| person.nip.as_str()).collect();
    let nips: Vec<String> =
        file.iter().map(|row| row.nip.as_str()).filter(|nip| !met.contains(nip)).map(str::to_owned).collect();
    for piece in fixed_sizes(&nips) {
        let sql = format!("{STAFF_ELSEWHERE}{})", rows(piece.len(), 1));
        let found: Vec<PersonRow> = q(sql).bind_all(piece.iter().map(String::as_str)).all(db).await?;
        people.extend(found.into_iter().filter_map(|row| person(row, false)));
    }
    Ok(people)
}

/// Rows this program wrote are readable; one that is not would be a defect and is left alone.
fn person(row: PersonRow, here: bool) -> Option<KnownPerson> {
    Some(KnownPerson {
        id: row.id,
        here,
        active: row.active,
        nip: Nip::try_from(row.nip).ok()?,
        name: row.name,
        title_before: row.title_before,
        title_after: row.title_after,
        kind: EmployeeKind::from_id(&row.kind)?,
        standing: row.standing,
        email: row.email,
        unit: UnitKey { name: row.unit_key, parent: row.parent_key },
        unit_name: row.unit_name,
        post_kind: post_kind(&row.post_kind)?,
        post_name: row.post_name,
        siasn_digest: row.siasn_digest,
        old_nip_digest: row.old_nip_digest,
    })
}

/// The kind kept under this word.
pub(crate) fn post_kind(id: &str) -> Option<PostKind> {
    PostKind::ALL.into_iter().find(|kind| kind.id() == id)
}

pub(crate) async fn known_units(db: &Db, agency: Uuid) -> Result<Vec<Unit>, Error> {
    type Row = (String, Option<String>, String, String, String, String, i64);
    let rows: Vec<Row> = q(UNITS_OF_AGENCY).bind(agency).all(db).await?;
    let unit = |(id, parent_id, name, key, parent, path, depth): Row| {
        let key = UnitKey { name: key, parent };
        Unit { id, parent_id, name, key, path, depth }
    };
    Ok(rows.into_iter().map(unit).collect())
}

/// Ids of the agency's posts.
pub(crate) async fn known_posts(db: &Db, agency: Uuid) -> Result<HashMap<PostKey, String>, Error> {
    let rows: Vec<(String, String, String)> = q(POSTS_OF_AGENCY).bind(agency).all(db).await?;
    let keyed = rows.into_iter().filter_map(|(id, kind, name)| Some((PostKey { kind: post_kind(&kind)?, name }, id)));
    Ok(keyed.collect())
}
