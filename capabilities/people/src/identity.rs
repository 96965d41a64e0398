//! When two files mean the same unit, post or person although they write it differently.
//!
//! A unit is its name under the name of its parent, a post its name within its kind, both without regard to capitals and
//! blanks. Names of the database keep the spelling that came first.

use melek_framework::PostKind;
use serde::{Deserialize, Serialize};

/// What a name is compared by: small letters, single blanks.
pub(crate) fn name_key(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// A unit by its own name and that of the unit above it; no name above for a unit at the top.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct UnitKey {
    pub name: String,
    pub parent: String,
}

impl UnitKey {
    /// A unit that names itself, or the agency, as the one above it stands at the top.
    pub fn new(unit: &str, parent: Option<&str>, agencies: &[&str]) -> Self {
        let name = name_key(unit);
        let parent = parent.map(name_key).unwrap_or_default();
        let at_top = parent == name || agencies.iter().any(|agency| name_key(agency) == parent);
        Self { name, parent: if at_top { String::new() } else { parent } }
    }
}

/// A post by its kind and name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct PostKey {
    pub kind: PostKind,
    pub name: String,
}

impl PostKey {
    pub fn new(kind: PostKind, post: &str) -> Self {
        Self { kind, name: name_key(post) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_and_blanks_do_not_make_another_unit() {
        let one = UnitKey::new("Bidang  Umum", Some("DINAS KESEHATAN"), &[]);
        assert_eq!(one, UnitKey::new("BIDANG UMUM", Some("Dinas Kesehatan "), &[]));
    }

    #[test]
    fn a_unit_under_itself_or_under_the_agency_stands_at_the_top() {
        assert_eq!(UnitKey::new("Dinas A", Some("DINAS A"), &[]).parent, "");
        assert_eq!(UnitKey::new("Dinas A", Some("Kabupaten X"), &["KABUPATEN X"]).parent, "");
    }
}
