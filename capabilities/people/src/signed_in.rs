//! Who is signed in and may be here: the extractors every protected page begins with.
//!
//! The session says which account; person and roles are read from the tables at each request, so that a role taken away
//! is gone at once. A guest is led to the sign-in page (JSON: 401), a wrong role gets 403, an account whose password is
//! not yet set is led to /password.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use melek_db::q;
use melek_web::{Office, Problem, Visitor};
use uuid::Uuid;

use crate::role::{Role, Scope};

pub(crate) const FIND_ACCOUNT: &str = "SELECT a.must_change, p.id, p.agency_id, p.unit_id, p.post_id
    FROM people_account a LEFT JOIN people_person p ON p.id = a.person_id WHERE a.id = $1";
pub(crate) const LIST_ROLES: &str = "SELECT r.role, r.agency_id, u.path
    FROM people_role r LEFT JOIN people_unit u ON u.id = r.unit_id
    WHERE r.account_id = $1 ORDER BY r.granted_ms, r.id";

/// A person by the ids others refer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PersonRef {
    pub id: Uuid,
    pub agency: Uuid,
    pub unit: Uuid,
    pub post: Uuid,
}

/// A role of an account and for whom it holds; no scope where it holds everywhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    pub role: Role,
    pub scope: Option<Scope>,
}

/// Anybody with an account whose password is set.
#[derive(Debug, Clone)]
pub struct SignedIn {
    pub visitor: Visitor,
    pub account: Uuid,
    pub person: Option<PersonRef>,
    pub roles: Vec<Grant>,
}

/// A person of an agency.
#[derive(Debug, Clone)]
pub struct CivilServant {
    pub visitor: Visitor,
    pub account: Uuid,
    pub person: PersonRef,
}

/// Somebody who answers for the staff of an agency or of a unit. With several such roles the one granted first counts.
#[derive(Debug, Clone)]
pub struct Officer {
    pub visitor: Visitor,
    pub account: Uuid,
    pub scope: Scope,
}

/// An officer of a whole agency: only they load staff files and set what posts need.
#[derive(Debug, Clone)]
pub struct AgencyOfficer {
    pub visitor: Visitor,
    pub account: Uuid,
    pub agency: Uuid,
}

/// Somebody who writes items.
#[derive(Debug, Clone)]
pub struct ItemWriter {
    pub visitor: Visitor,
    pub account: Uuid,
}

/// Somebody who keeps the installation.
#[derive(Debug, Clone)]
pub struct Administrator {
    pub visitor: Visitor,
    pub account: Uuid,
}

/// An account that need not have set its password yet: for the page that sets it.
#[derive(Debug, Clone)]
pub(crate) struct WithAccount {
    pub visitor: Visitor,
    pub account: Uuid,
    pub must_change: bool,
    pub person: Option<PersonRef>,
}

/// Why somebody does not get to a page.
#[derive(Debug)]
pub enum Refusal {
    Problem(Problem),
    /// The account must set its password first.
    PasswordFirst,
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::Problem(problem) => problem.into_response(),
            Self::PasswordFirst => Redirect::to("/password").into_response(),
        }
    }
}

type AccountRow = (bool, Option<String>, Option<String>, Option<String>, Option<String>);

impl WithAccount {
    async fn of_request(parts: &Parts, office: &Office) -> Result<Self, Problem> {
        let visitor = parts.extensions.get::<Visitor>().cloned().ok_or_else(Problem::sign_in_required)?;
        let account = visitor.account().ok_or_else(Problem::sign_in_required)?;
        let row: Option<AccountRow> = q(FIND_ACCOUNT).bind(account).opt(&office.db).await?;
        let (must_change, id, agency, unit, post) = row.ok_or_else(Problem::sign_in_required)?;
        let person = match (id, agency, unit, post) {
            (Some(id), Some(agency), Some(unit), Some(post)) => {
                Some(PersonRef { id: kept(&id)?, agency: kept(&agency)?, unit: kept(&unit)?, post: kept(&post)? })
            }
            _ => None,
        };
        Ok(Self { visitor, account, must_change, person })
    }

    fn with_password(self) -> Result<Self, Refusal> {
        if self.must_change { Err(Refusal::PasswordFirst) } else { Ok(self) }
    }

    async fn grants(&self, office: &Office) -> Result<Vec<Grant>, Problem> {
        grants_of(self.account, office).await
    }

    async fn granted(&self, office: &Office, role: Role) -> Result<Grant, Problem> {
        self.grants(office).await?.into_iter().find(|grant| grant.role == role).ok_or_else(Problem::forbidden)
    }
}

/// An id as stored.
fn kept(id: &str) -> Result<Uuid, Problem> {
    Uuid::parse_str(id).map_err(Problem::internal)
}

/// The granted roles of an account, first granted first.
pub(crate) async fn grants_of(account: Uuid, office: &Office) -> Result<Vec<Grant>, Problem> {
    let rows: Vec<(String, Option<String>, Option<String>)> = q(LIST_ROLES).bind(account).all(&office.db).await?;
    let mut grants = Vec::with_capacity(rows.len());
    for (role, agency, unit_path) in rows {
        let role = role.parse().map_err(Problem::internal)?;
        let agency = agency.as_deref().map(kept).transpose()?;
        grants.push(Grant { role, scope: agency.map(|agency| Scope { agency, unit_path }) });
    }
    Ok(grants)
}

/// The words for the navigation: granted roles, and that of a civil servant.
pub(crate) async fn role_ids(account: Uuid, is_person: bool, office: &Office) -> Result<Vec<String>, Problem> {
    let grants = grants_of(account, office).await?;
    let mut ids: Vec<String> = grants.iter().map(|grant| grant.role.id().to_owned()).collect();
    if is_person {
        ids.push(crate::role::CIVIL_SERVANT.to_owned());
    }
    ids.dedup();
    Ok(ids)
}

impl FromRequestParts<Office> for WithAccount {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, office: &Office) -> Result<Self, Problem> {
        Self::of_request(parts, office).await
    }
}

async fn ready(parts: &Parts, office: &Office) -> Result<WithAccount, Refusal> {
    WithAccount::of_request(parts, office).await?.with_password()
}

impl FromRequestParts<Office> for SignedIn {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, office: &Office) -> Result<Self, Refusal> {
        let found = ready(parts, office).await?;
        let roles = found.grants(office).await?;
        Ok(Self { visitor: found.visitor, account: found.account, person: found.person, roles })
    }
}

impl FromRequestParts<Office> for CivilServant {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, office: &Office) -> Result<Self, Refusal> {
        let WithAccount { visitor, account, person, .. } = ready(parts, office).await?;
        let person = person.ok_or_else(Problem::forbidden)?;
        Ok(Self { visitor, account, person })
    }
}

impl FromRequestParts<Office> for Officer {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, office: &Office) -> Result<Self, Refusal> {
        let found = ready(parts, office).await?;
        let grant = found.granted(office, Role::Officer).await?;
        let scope = grant.scope.ok_or_else(Problem::forbidden)?;
        Ok(Self { visitor: found.visitor, account: found.account, scope })
    }
}

impl FromRequestParts<Office> for AgencyOfficer {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, office: &Office) -> Result<Self, Refusal> {
        let Officer { visitor, account, scope } = Officer::from_request_parts(parts, office).await?;
        if !scope.is_whole_agency() {
            return Err(Problem::forbidden().into());
        }
        Ok(Self { visitor, account, agency: scope.agency })
    }
}

impl FromRequestParts<Office> for ItemWriter {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, office: &Office) -> Result<Self, Refusal> {
        let found = ready(parts, office).await?;
        found.granted(office, Role::ItemWriter).await?;
        Ok(Self { visitor: found.visitor, account: found.account })
    }
}

impl FromRequestParts<Office> for Administrator {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, office: &Office) -> Result<Self, Refusal> {
        let found = ready(parts, office).await?;
        found.granted(office, Role::Administrator).await?;
        Ok(Self { visitor: found.visitor, account: found.account })
    }
}
