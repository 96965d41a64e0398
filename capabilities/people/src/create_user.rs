//! Creates an account with a user name, and grants roles: for the command line (`melek user create`) and the demonstration.
//! People of a staff file get their account with their first one-time code (`issue_codes`), not here.

use melek_db::{Db, Error, Tx, q};
use melek_web::Clock;
use uuid::Uuid;

use crate::nip::Nip;
use crate::password::{HashPasswordError, Owner, PasswordRuleError, Passwords, check_rules};
use crate::role::{Role, Scope};

pub(crate) const INSERT_ACCOUNT: &str = "INSERT INTO people_account
    (id, login, person_id, name, password_hash, password_set_ms, must_change, created_ms)
    VALUES ($1, $2, $3, $4, $5, $6, FALSE, $7)";
pub(crate) const INSERT_ROLE: &str = "INSERT INTO people_role (id, account_id, role, agency_id, unit_id, granted_ms)
    VALUES ($1, $2, $3, $4, $5, $6)";
pub(crate) const UNIT_OF_PATH: &str = "SELECT id FROM people_unit WHERE agency_id = $1 AND path = $2";

#[derive(Debug, thiserror::Error)]
pub enum CreateUserError {
    #[error("a user name has 3 to 60 characters: small letters, digits, dot, dash, underscore; and it is not a NIP")]
    Login,
    #[error("the name of the person is empty")]
    Name,
    #[error("the user name {0} is taken")]
    Taken(String),
    #[error("an officer needs an agency")]
    OfficerWithoutAgency,
    #[error("the agency has no unit with this path")]
    NoUnit,
    #[error(transparent)]
    Password(#[from] PasswordRuleError),
    #[error(transparent)]
    Hash(#[from] HashPasswordError),
    #[error(transparent)]
    Database(#[from] Error),
}

/// An account to create. `person` links it to somebody of a staff file, who then signs in with either name.
#[derive(Debug, Clone)]
pub struct NewUser<'a> {
    pub login: &'a str,
    pub name: &'a str,
    pub password: &'a str,
    pub person: Option<Uuid>,
    pub roles: Vec<(Role, Option<Scope>)>,
}

/// Creates the account with its roles, all or nothing.
pub async fn create_user(
    db: &Db,
    clock: &Clock,
    passwords: &Passwords,
    user: &NewUser<'_>,
) -> Result<Uuid, CreateUserError> {
    let login = user.login.trim().to_lowercase();
    check(&login, user)?;
    let hash = passwords.hash(user.password).await?;
    let account = clock.new_id();
    let now_ms = clock.now_ms();
    let mut tx = db.begin().await?;
    let insert = q(INSERT_ACCOUNT).bind(account).bind(&login).bind(user.person).bind(user.name.trim()).bind(hash);
    match insert.bind(now_ms).bind(now_ms).exec(&mut tx).await {
        Err(error) if error.is_unique() => return Err(CreateUserError::Taken(login)),
        done => done?,
    };
    for (role, scope) in &user.roles {
        grant(&mut tx, clock, account, (*role, scope.as_ref())).await?;
    }
    tx.commit().await?;
    Ok(account)
}

/// Grants a role to an account that is there already.
pub async fn grant_role(
    db: &Db,
    clock: &Clock,
    account: Uuid,
    granted: (Role, Option<&Scope>),
) -> Result<(), CreateUserError> {
    let mut tx = db.begin().await?;
    grant(&mut tx, clock, account, granted).await?;
    Ok(tx.commit().await?)
}

async fn grant(
    tx: &mut Tx,
    clock: &Clock,
    account: Uuid,
    (role, scope): (Role, Option<&Scope>),
) -> Result<(), CreateUserError> {
    if role == Role::Officer && scope.is_none() {
        return Err(CreateUserError::OfficerWithoutAgency);
    }
    let unit: Option<String> = match scope.and_then(|scope| Some((scope.agency, scope.unit_path.as_deref()?))) {
        Some((agency, path)) => {
            let id: Option<String> = q(UNIT_OF_PATH).bind(agency).bind(path).scalar_opt(&mut *tx).await?;
            Some(id.ok_or(CreateUserError::NoUnit)?)
        }
        None => None,
    };
    let insert = q(INSERT_ROLE).bind(clock.new_id()).bind(account).bind(role.id());
    insert.bind(scope.map(|scope| scope.agency)).bind(unit).bind(clock.now_ms()).exec(tx).await?;
    Ok(())
}

fn check(login: &str, user: &NewUser<'_>) -> Result<(), CreateUserError> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_');
    if !(3..=60).contains(&login.len()) || !login.chars().all(allowed) || Nip::typed(login).is_some() {
        return Err(CreateUserError::Login);
    }
    if user.name.trim().is_empty() {
        return Err(CreateUserError::Name);
    }
    check_rules(user.password, Owner { login: Some(login), nip: None })?;
    Ok(())
}
