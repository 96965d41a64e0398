//! Agencies by name. An agency is created once, by the command line or with its first staff file; capitals and blanks in
//! its name do not make another one.

use melek_db::{Db, Error, q};
use melek_web::Clock;
use uuid::Uuid;

use crate::identity::name_key;

pub(crate) const FIND: &str = "SELECT id, name FROM people_agency WHERE name_key = $1";
pub(crate) const READ: &str = "SELECT name FROM people_agency WHERE id = $1";
pub(crate) const INSERT: &str = "INSERT INTO people_agency (id, name, name_key, created_ms)
    VALUES ($1, $2, $3, $4) ON CONFLICT (name_key) DO NOTHING";

#[derive(Debug, thiserror::Error)]
pub enum CreateAgencyError {
    #[error("the name of the agency is empty or longer than 200 characters")]
    Name,
    #[error("the id of the agency is not readable: {0}")]
    Id(#[from] uuid::Error),
    #[error(transparent)]
    Database(#[from] Error),
}

/// The agency of this name, if there is one.
pub async fn find_agency(db: &Db, name: &str) -> Result<Option<Uuid>, CreateAgencyError> {
    let row: Option<(String, String)> = q(FIND).bind(name_key(name)).opt(db).await?;
    Ok(row.map(|(id, _)| Uuid::parse_str(&id)).transpose()?)
}

/// The agency of this name, created if there is none.
pub async fn create_agency(db: &Db, clock: &Clock, name: &str) -> Result<Uuid, CreateAgencyError> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() || name.chars().count() > 200 || name.contains('\0') {
        return Err(CreateAgencyError::Name);
    }
    if let Some(agency) = find_agency(db, &name).await? {
        return Ok(agency);
    }
    let mut tx = db.begin().await?;
    let new = clock.new_id();
    q(INSERT).bind(new).bind(&name).bind(name_key(&name)).bind(clock.now_ms()).exec(&mut tx).await?;
    let (id, _): (String, String) = q(FIND).bind(name_key(&name)).one(&mut tx).await?;
    tx.commit().await?;
    Ok(Uuid::parse_str(&id)?)
}

/// The name of an agency.
pub(crate) async fn agency_name(db: &Db, agency: Uuid) -> Result<String, Error> {
    q(READ).bind(agency).scalar(db).await
}
