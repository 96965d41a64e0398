//! Hands out one-time codes: GET and POST /staff/codes for a unit, POST /staff/{id}/code for one person (a reset).
//!
//! Codes are seen once, in the answer: as a spreadsheet or as slips to cut. Only people without password get one with
//! their unit; a reset takes a password away and ends every session of its person. Accounts that hold a role are left to
//! the command line, so that nobody gains a role by resetting somebody else's account.

use std::collections::HashMap;

use melek_db::{Db, Error, Tx, Value, fixed_sizes, q, rows};
use melek_web::Clock;
use uuid::Uuid;

use crate::nip::Nip;
use crate::role::Scope;
use crate::sign_in_code::{SignInCode, VALID_MS};

pub(crate) const CANDIDATES: &str = "SELECT p.id, v.name, p.name AS bare_name, p.nip, u.name AS unit, g.name AS agency,
    a.id AS account
    FROM people_person p
    JOIN people_v_person v ON v.person_id = p.id
    JOIN people_unit u ON u.id = p.unit_id
    JOIN people_agency g ON g.id = p.agency_id
    LEFT JOIN people_account a ON a.person_id = p.id
    WHERE p.agency_id = $1 AND SUBSTR(u.path, 1, LENGTH(CAST($2 AS TEXT))) = CAST($2 AS TEXT)
    AND SUBSTR(u.path, 1, LENGTH(CAST($3 AS TEXT))) = CAST($3 AS TEXT) AND p.active = TRUE
    AND (p.id = $4 OR (CAST($4 AS TEXT) = '' AND a.password_hash IS NULL
        AND (CAST($5 AS BOOLEAN) = TRUE OR a.code_expires_ms IS NULL OR a.code_expires_ms <= $6)))
    AND NOT EXISTS (SELECT 1 FROM people_role r WHERE r.account_id = a.id)
    ORDER BY u.name, u.id, p.search_name, p.id";
/// With the list of values between them.
pub(crate) const WRITE_CODES: [&str; 2] = [
    "INSERT INTO people_account
    (id, person_id, name, code_digest, code_issued_ms, code_expires_ms, must_change, created_ms) VALUES ",
    " ON CONFLICT (person_id) DO UPDATE SET code_digest = excluded.code_digest,
    code_issued_ms = excluded.code_issued_ms, code_expires_ms = excluded.code_expires_ms, must_change = TRUE,
    password_hash = NULL, password_set_ms = NULL",
];

#[derive(Debug, thiserror::Error)]
pub enum IssueCodesError {
    #[error("a stored id or NIP cannot be read")]
    Unreadable,
    #[error(transparent)]
    Database(#[from] Error),
}

/// For whom codes are issued, within a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodesFor<'a> {
    /// People of the unit with this path ("" for the whole scope) who have neither password nor valid code.
    Waiting { path: &'a str },
    /// The same and those whose code was not used yet: the earlier code is worth nothing then.
    WithoutPassword { path: &'a str },
    /// One person, whatever that person had before.
    Person(Uuid),
}

/// A code and whom to give it to. The only place where it can be read.
#[derive(Debug, Clone)]
pub struct IssuedCode {
    pub person: Uuid,
    pub account: Uuid,
    pub agency: String,
    pub name: String,
    pub nip_masked: String,
    pub unit: String,
    pub code: SignInCode,
}

#[derive(sqlx::FromRow)]
struct Candidate {
    id: String,
    name: String,
    bare_name: String,
    nip: String,
    unit: String,
    agency: String,
    account: Option<String>,
}

/// Issues codes and answers them, ordered by unit and name. Codes expire after two weeks.
pub async fn issue_codes(
    db: &Db,
    clock: &Clock,
    scope: &Scope,
    who: CodesFor<'_>,
) -> Result<Vec<IssuedCode>, IssueCodesError> {
    let mut tx = db.begin().await?;
    let candidates = candidates(&mut tx, scope, who, clock.now_ms()).await?;
    let mut issued = Vec::with_capacity(candidates.len());
    let mut names = HashMap::new();
    for candidate in candidates {
        names.insert(candidate.id.clone(), candidate.bare_name.clone());
        issued.push(issue(candidate, clock).ok_or(IssueCodesError::Unreadable)?);
    }
    let now_ms = clock.now_ms();
    for piece in fixed_sizes(&issued) {
        let values = piece.iter().flat_map(|issued| -> [Value; 8] {
            [
                issued.account.into(),
                issued.person.into(),
                names.get(&issued.person.to_string()).cloned().into(),
                issued.code.digest(issued.account).into(),
                now_ms.into(),
                (now_ms + VALID_MS).into(),
                true.into(),
                now_ms.into(),
            ]
        });
        let sql = format!("{}{}{}", WRITE_CODES[0], rows(piece.len(), 8), WRITE_CODES[1]);
        q(sql).bind_all(values).exec(&mut tx).await?;
    }
    tx.commit().await?;
    tracing::info!(count = issued.len(), agency = %scope.agency, "one-time codes issued");
    Ok(issued)
}

async fn candidates(tx: &mut Tx, scope: &Scope, who: CodesFor<'_>, now_ms: i64) -> Result<Vec<Candidate>, Error> {
    let (path, person, also_unused) = match who {
        CodesFor::Waiting { path } => (path, String::new(), false),
        CodesFor::WithoutPassword { path } => (path, String::new(), true),
        CodesFor::Person(person) => ("", person.to_string(), false),
    };
    scope.bind(q(CANDIDATES)).bind(path).bind(person).bind(also_unused).bind(now_ms).all(tx).await
}

fn issue(candidate: Candidate, clock: &Clock) -> Option<IssuedCode> {
    let account = match &candidate.account {
        Some(account) => Uuid::parse_str(account).ok()?,
        None => clock.new_id(),
    };
    Some(IssuedCode {
        person: Uuid::parse_str(&candidate.id).ok()?,
        account,
        agency: candidate.agency,
        name: candidate.name,
        nip_masked: Nip::try_from(candidate.nip).ok()?.masked(),
        unit: candidate.unit,
        code: SignInCode::random(),
    })
}
