//! The units an officer may choose from: those of the own scope, indented as the tree is.

use melek_db::{Db, Error, q};
use melek_web::Choice;

use crate::role::Scope;

pub(crate) const UNITS_IN_SCOPE: &str = "SELECT id, parent_id, path, depth, name FROM people_unit
    WHERE agency_id = $1 AND SUBSTR(path, 1, LENGTH(CAST($2 AS TEXT))) = CAST($2 AS TEXT) ORDER BY depth, name, id";

/// A unit of the scope.
#[derive(Debug, Clone)]
pub(crate) struct ScopeUnit {
    pub id: String,
    pub path: String,
    pub name: String,
    /// 0 for the topmost of the scope.
    pub depth: usize,
}

type Row = (String, Option<String>, String, i64, String);

/// Units of the scope in the order of the tree, brothers by name.
pub(crate) async fn scope_units(db: &Db, scope: &Scope) -> Result<Vec<ScopeUnit>, Error> {
    let rows: Vec<Row> = scope.bind(q(UNITS_IN_SCOPE)).all(db).await?;
    let top = rows.first().map_or(0, |row| row.3);
    let is_top = |row: &&Row| row.3 == top || !rows.iter().any(|other| Some(&other.0) == row.1.as_ref());
    let mut ordered = Vec::with_capacity(rows.len());
    let mut waiting: Vec<&Row> = rows.iter().filter(is_top).rev().collect();
    while let Some((id, _, path, depth, name)) = waiting.pop() {
        let depth = usize::try_from(depth - top).unwrap_or_default();
        ordered.push(ScopeUnit { id: id.clone(), path: path.clone(), name: name.clone(), depth });
        waiting.extend(rows.iter().filter(|row| row.1.as_ref() == Some(id)).rev());
    }
    Ok(ordered)
}

/// The units as options of a list; the first option is the whole scope.
pub(crate) fn unit_choices(units: &[ScopeUnit], whole: String) -> Vec<Choice> {
    let option = |unit: &ScopeUnit| Choice::new(&unit.id, format!("{}{}", "– ".repeat(unit.depth), unit.name));
    std::iter::once(Choice::new("", whole)).chain(units.iter().map(option)).collect()
}

/// The path of a chosen unit: nothing for the whole scope, `None` when it is not in the scope.
pub(crate) fn chosen_path<'a>(units: &'a [ScopeUnit], chosen: &str) -> Option<&'a str> {
    if chosen.is_empty() {
        return Some("");
    }
    units.iter().find(|unit| unit.id == chosen).map(|unit| unit.path.as_str())
}
