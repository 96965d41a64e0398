//! What an account may do, and for whom.
//!
//! Whoever is a person of an agency is a civil servant; the other roles are granted. An officer has a scope: a whole
//! agency, or one unit with everything below it. Every officer's statement carries the scope as two values, agency and
//! path, so that a page cannot forget it.

use melek_db::Query;
use uuid::Uuid;

/// Role of every account that belongs to a person.
pub const CIVIL_SERVANT: &str = "civil_servant";

/// A granted role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    Officer,
    ItemWriter,
    Administrator,
}

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{0}` is not a role; roles are officer, item_writer, administrator")]
pub struct UnknownRole(pub String);

impl Role {
    pub const ALL: [Role; 3] = [Role::Officer, Role::ItemWriter, Role::Administrator];

    pub fn id(self) -> &'static str {
        match self {
            Self::Officer => "officer",
            Self::ItemWriter => "item_writer",
            Self::Administrator => "administrator",
        }
    }
}

impl std::str::FromStr for Role {
    type Err = UnknownRole;

    fn from_str(id: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|role| role.id() == id).ok_or_else(|| UnknownRole(id.to_owned()))
    }
}

/// Whose data an officer sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    pub agency: Uuid,
    /// Ids from the top down to the officer's unit, joined by "/"; `None` for the whole agency.
    pub unit_path: Option<String>,
}

impl Scope {
    pub fn whole_agency(agency: Uuid) -> Self {
        Self { agency, unit_path: None }
    }

    /// Whether the officer answers for the agency as a whole: only then for its staff file and its posts.
    pub fn is_whole_agency(&self) -> bool {
        self.unit_path.is_none()
    }

    /// Whether a unit with this path is the officer's unit or below it.
    pub fn contains(&self, path: &str) -> bool {
        let own = self.unit_path.as_deref().unwrap_or_default();
        own.is_empty() || path == own || path.strip_prefix(own).is_some_and(|rest| rest.starts_with('/'))
    }

    /// Binds the two values of the scope, for statements written with
    /// `agency_id = $1 AND SUBSTR(path, 1, LENGTH(CAST($2 AS TEXT))) = CAST($2 AS TEXT)`. Ids have one length, so the
    /// prefix of a path is always a whole unit.
    pub fn bind(&self, query: Query) -> Query {
        query.bind(self.agency).bind(self.unit_path.as_deref().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_is_its_unit_and_what_lies_below() {
        let scope = Scope { agency: Uuid::nil(), unit_path: Some("a/b".to_owned()) };
        assert!(scope.contains("a/b") && scope.contains("a/b/c"));
        assert!(!scope.contains("a") && !scope.contains("a/bc") && !scope.contains("b"));
        assert!(Scope::whole_agency(Uuid::nil()).contains("a"));
    }

    #[test]
    fn roles_are_read_back_from_their_ids() {
        for role in Role::ALL {
            assert_eq!(role.id().parse(), Ok(role));
        }
        assert!("king".parse::<Role>().is_err());
    }
}
