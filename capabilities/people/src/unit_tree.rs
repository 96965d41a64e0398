//! Builds the tree of units of an agency from the pairs "unit, unit above it" of a staff file and the units already known.
//!
//! A name above that no row describes becomes a unit at the top; when a later file says where it belongs, it moves there
//! with everything below it. A path is the ids from the top down to the unit, joined by "/", so that a subtree is a prefix.
//! Pure: what changes is answered, writing it is the business of `apply_import`.

use std::collections::{HashMap, HashSet};

use crate::identity::UnitKey;

/// A unit as the database has it, or as it will have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unit {
    pub id: String,
    pub parent_id: Option<String>,
    pub name: String,
    pub key: UnitKey,
    pub path: String,
    /// 0 at the top.
    pub depth: i64,
}

/// A unit that a staff file names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub key: UnitKey,
    pub name: String,
    pub parent_name: String,
}

/// The units to write, and where each key leads.
#[derive(Debug, Default)]
pub(crate) struct UnitPlan {
    pub new: Vec<Unit>,
    pub moved: Vec<Unit>,
    pub ids: HashMap<UnitKey, String>,
    /// Names above a unit that mean several units, so that the first was taken.
    pub ambiguous: Vec<String>,
}

/// Plans the tree; `new_id` gives the id of a new unit.
pub(crate) fn plan(known: &[Unit], wanted: &[Wanted], mut new_id: impl FnMut() -> String) -> UnitPlan {
    let mut units = known.to_vec();
    let mut place: HashMap<UnitKey, usize> =
        units.iter().enumerate().map(|(index, unit)| (unit.key.clone(), index)).collect();
    let at_top: HashSet<&str> =
        wanted.iter().filter(|w| w.key.parent.is_empty()).map(|w| w.key.name.as_str()).collect();
    for want in wanted {
        if place.contains_key(&want.key) {
            continue;
        }
        let top = UnitKey { name: want.key.name.clone(), parent: String::new() };
        let only_named_above = !want.key.parent.is_empty() && !at_top.contains(want.key.name.as_str());
        match place.get(&top).copied().filter(|_| only_named_above) {
            Some(index) => {
                place.remove(&top);
                units[index].key = want.key.clone();
                place.insert(want.key.clone(), index);
            }
            None => add(&mut units, &mut place, (want.key.clone(), &want.name), &mut new_id),
        }
    }
    add_parents(&mut units, &mut place, wanted, &mut new_id);
    let ambiguous = link(&mut units);
    set_paths(&mut units);
    let ids = units.iter().map(|unit| (unit.key.clone(), unit.id.clone())).collect();
    let new = units.split_off(known.len());
    let moved =
        units.into_iter().zip(known).filter(|(after, before)| after != *before).map(|(after, _)| after).collect();
    UnitPlan { new, moved, ids, ambiguous }
}

fn add(
    units: &mut Vec<Unit>,
    place: &mut HashMap<UnitKey, usize>,
    (key, name): (UnitKey, &str),
    new_id: &mut impl FnMut() -> String,
) {
    place.insert(key.clone(), units.len());
    units.push(Unit { id: new_id(), parent_id: None, name: name.to_owned(), key, path: String::new(), depth: 0 });
}

fn add_parents(
    units: &mut Vec<Unit>,
    place: &mut HashMap<UnitKey, usize>,
    wanted: &[Wanted],
    new_id: &mut impl FnMut() -> String,
) {
    let mut names: HashSet<String> = units.iter().map(|unit| unit.key.name.clone()).collect();
    for want in wanted.iter().filter(|want| !want.key.parent.is_empty()) {
        if names.insert(want.key.parent.clone()) {
            let key = UnitKey { name: want.key.parent.clone(), parent: String::new() };
            add(units, place, (key, &want.parent_name), new_id);
        }
    }
}

/// Sets the parent of each unit by name: a unit at the top is preferred, then the first.
fn link(units: &mut [Unit]) -> Vec<String> {
    let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
    for (index, unit) in units.iter().enumerate() {
        by_name.entry(unit.key.name.clone()).or_default().push(index);
    }
    let mut ambiguous = Vec::new();
    for index in 0..units.len() {
        let parent = units[index].key.parent.clone();
        let candidates = by_name.get(&parent).map(Vec::as_slice).unwrap_or_default();
        let top = candidates.iter().copied().find(|candidate| units[*candidate].key.parent.is_empty());
        let chosen = top.or(candidates.first().copied()).filter(|chosen| *chosen != index);
        if let (true, Some(chosen)) = (candidates.len() > 1, chosen) {
            let name = units[chosen].name.clone();
            if !ambiguous.contains(&name) {
                ambiguous.push(name);
            }
        }
        units[index].parent_id = chosen.map(|chosen| units[chosen].id.clone());
    }
    ambiguous
}

/// Computes paths from the parents; where units stand above each other in a circle, the first of them becomes the top.
fn set_paths(units: &mut [Unit]) {
    let by_id: HashMap<String, usize> =
        units.iter().enumerate().map(|(index, unit)| (unit.id.clone(), index)).collect();
    for index in 0..units.len() {
        let mut chain = vec![index];
        let mut at = index;
        while let Some(parent) = units[at].parent_id.as_ref().and_then(|id| by_id.get(id).copied()) {
            if chain.contains(&parent) {
                units[parent].parent_id = None;
                chain.truncate(chain.iter().position(|step| *step == parent).map_or(1, |place| place + 1));
                break;
            }
            chain.push(parent);
            at = parent;
        }
        let ids: Vec<&str> = chain.iter().rev().map(|step| units[*step].id.as_str()).collect();
        let path = ids.join("/");
        units[index].depth = chain.len() as i64 - 1;
        units[index].path = path;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn want(name: &str, parent: &str) -> Wanted {
        let above = (!parent.is_empty()).then_some(parent);
        Wanted { key: UnitKey::new(name, above, &[]), name: name.to_owned(), parent_name: parent.to_owned() }
    }

    fn planned(known: &[Unit], wanted: &[(&str, &str)]) -> UnitPlan {
        let wanted: Vec<_> = wanted.iter().map(|(name, parent)| want(name, parent)).collect();
        let mut count = known.len();
        plan(known, &wanted, || {
            count += 1;
            format!("u{count}")
        })
    }

    /// Units after a plan: name, path of names.
    fn shape(known: &[Unit], plan: &UnitPlan) -> Vec<String> {
        let mut units: Vec<Unit> = known
            .iter()
            .map(|unit| plan.moved.iter().find(|moved| moved.id == unit.id).unwrap_or(unit).clone())
            .collect();
        units.extend(plan.new.iter().cloned());
        let name = |id: &str| units.iter().find(|unit| unit.id == id).unwrap().name.clone();
        let mut shape: Vec<_> =
            units.iter().map(|unit| unit.path.split('/').map(name).collect::<Vec<_>>().join(" > ")).collect();
        shape.sort();
        shape
    }

    #[test]
    fn a_name_above_that_no_row_describes_becomes_a_unit_at_the_top() {
        let plan = planned(&[], &[("Bidang A", "Dinas X"), ("Seksi 1", "Bidang A")]);
        assert_eq!(shape(&[], &plan), ["Dinas X", "Dinas X > Bidang A", "Dinas X > Bidang A > Seksi 1"]);
    }

    #[test]
    fn the_same_file_again_changes_nothing() {
        let pairs = [("Bidang A", "Dinas X"), ("Seksi 1", "Bidang A"), ("Sekretariat", "Dinas X"), ("Dinas X", "")];
        let first = planned(&[], &pairs);
        let second = planned(&first.new, &pairs);
        assert!(second.new.is_empty() && second.moved.is_empty());
        assert_eq!(second.ids, first.ids);
    }

    #[test]
    fn one_name_under_two_parents_is_two_units() {
        let plan = planned(&[], &[("Sekretariat", "Dinas X"), ("Sekretariat", "Dinas Y")]);
        assert_eq!(plan.new.len(), 4);
        let plan = planned(&plan.new, &[("Subbag Umum", "Sekretariat")]);
        assert_eq!(plan.ambiguous, ["Sekretariat"]);
    }

    #[test]
    fn a_unit_at_the_top_moves_when_a_later_file_says_where_it_belongs() {
        let first = planned(&[], &[("Seksi 1", "Bidang A")]).new;
        let second = planned(&first, &[("Seksi 1", "Bidang A"), ("Bidang A", "Dinas X")]);
        assert_eq!(shape(&first, &second), ["Dinas X", "Dinas X > Bidang A", "Dinas X > Bidang A > Seksi 1"]);
        assert_eq!((second.new.len(), second.moved.len()), (1, 2));
    }

    #[test]
    fn a_unit_at_the_top_with_rows_of_its_own_stays() {
        let plan = planned(&[], &[("Puskesmas", ""), ("Puskesmas", "Dinas X")]);
        assert_eq!(shape(&[], &plan), ["Dinas X", "Dinas X > Puskesmas", "Puskesmas"]);
    }

    #[test]
    fn units_above_each_other_in_a_circle_still_make_a_tree() {
        let plan = planned(&[], &[("A", "B"), ("B", "C"), ("C", "A")]);
        let top = plan.new.iter().filter(|unit| unit.parent_id.is_none()).count();
        assert_eq!(top, 1);
        for unit in &plan.new {
            let parent = unit.parent_id.as_ref().map(|id| plan.new.iter().find(|unit| unit.id == *id).unwrap());
            let expected = parent.map_or(unit.id.clone(), |parent| format!("{}/{}", parent.path, unit.id));
            assert_eq!(unit.path, expected);
        }
    }
}
