//! Sets a password: GET and POST /password. After a one-time code the new password is enough; otherwise the present one
//! is asked first. Every other session of the account ends, and a code that was still valid is spent.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use melek_db::{Db, q};
use melek_web::{FieldErrors, Form, NewSession, Office, Page, Problem, Visitor, Words};
use serde::Deserialize;
use uuid::Uuid;

use crate::nip::Nip;
use crate::password::{HashPasswordError, Owner, PasswordRuleError, Passwords, SHORTEST, check_rules};
use crate::sign_in_desk::SignInDesk;
use crate::signed_in::{WithAccount, role_ids};
use crate::words;

pub(crate) const READ_OWNER: &str = "SELECT a.login, a.name, a.password_hash, p.nip
    FROM people_account a LEFT JOIN people_person p ON p.id = a.person_id WHERE a.id = $1";
pub(crate) const WRITE_PASSWORD: &str = "UPDATE people_account SET password_hash = $2, password_set_ms = $3,
    code_digest = NULL, code_expires_ms = NULL, must_change = FALSE WHERE id = $1";

#[derive(Debug, thiserror::Error)]
pub enum SetPasswordError {
    #[error(transparent)]
    Rule(#[from] PasswordRuleError),
    #[error("there is no such account")]
    NoAccount,
    #[error("the present password is not right")]
    WrongPresent,
    #[error("too many attempts, {retry_after_s} seconds to wait")]
    TooMany { retry_after_s: u64 },
    #[error(transparent)]
    Hash(#[from] HashPasswordError),
    #[error(transparent)]
    Database(#[from] melek_db::Error),
}

#[derive(sqlx::FromRow)]
struct OwnerRow {
    login: Option<String>,
    name: String,
    password_hash: Option<String>,
    nip: Option<String>,
}

/// Sets the password of an account without asking for the present one; for the command line and after a code.
pub async fn set_password(
    db: &Db,
    passwords: &Passwords,
    (account, password): (Uuid, &str),
    now_ms: i64,
) -> Result<(), SetPasswordError> {
    let row: OwnerRow = q(READ_OWNER).bind(account).opt(db).await?.ok_or(SetPasswordError::NoAccount)?;
    write(db, passwords, &row, (account, password, now_ms)).await
}

async fn write(
    db: &Db,
    passwords: &Passwords,
    row: &OwnerRow,
    (account, password, now_ms): (Uuid, &str, i64),
) -> Result<(), SetPasswordError> {
    let nip = row.nip.as_deref().and_then(Nip::typed);
    check_rules(password, Owner { login: row.login.as_deref(), nip: nip.as_ref() })?;
    let hash = passwords.hash(password).await?;
    let mut tx = db.begin().await?;
    q(WRITE_PASSWORD).bind(account).bind(hash).bind(now_ms).exec(&mut tx).await?;
    Ok(tx.commit().await?)
}

/// Changes the password of somebody who is signed in; answers the name for the new session.
async fn change_password(office: &Office, who: &WithAccount, form: &PasswordForm) -> Result<String, SetPasswordError> {
    let desk = office.part::<SignInDesk>();
    let row: Option<OwnerRow> = q(READ_OWNER).bind(who.account).opt(&office.db).await?;
    let row = row.ok_or(SetPasswordError::NoAccount)?;
    if !who.must_change {
        let key = who.account.to_string();
        desk.attempt_of_account(&key).map_err(|retry_after_s| SetPasswordError::TooMany { retry_after_s })?;
        if !desk.passwords.matches(&form.present, row.password_hash.as_deref()).await? {
            return Err(SetPasswordError::WrongPresent);
        }
        desk.succeeded(&key);
    }
    write(&office.db, &desk.passwords, &row, (who.account, &form.new_password, office.clock.now_ms())).await?;
    office.sessions().close_all(who.account).await?;
    Ok(row.name)
}

#[derive(Template)]
#[template(path = "set_password.html")]
struct PasswordPage<'a> {
    t: Words,
    visitor: &'a Visitor,
    errors: FieldErrors,
    is_first: bool,
    rule: String,
}

#[derive(Deserialize)]
pub(crate) struct PasswordForm {
    #[serde(default)]
    present: String,
    #[serde(default)]
    new_password: String,
    #[serde(default)]
    again: String,
}

pub(crate) async fn show(State(office): State<Office>, who: WithAccount) -> Response {
    let errors = FieldErrors::new(who.visitor.locale);
    password_page(&office, &who, errors)
}

pub(crate) async fn submit(
    State(office): State<Office>,
    who: WithAccount,
    Form(form): Form<PasswordForm>,
) -> Result<Response, Problem> {
    let t = words(who.visitor.locale);
    if form.new_password != form.again {
        return Ok(refused(&office, &who, ("again", t.text("password-differs"))));
    }
    let name = match change_password(&office, &who, &form).await {
        Ok(name) => name,
        Err(SetPasswordError::Rule(rule)) => return Ok(refused(&office, &who, ("new_password", rule_text(t, rule)))),
        Err(SetPasswordError::WrongPresent) => {
            return Ok(refused(&office, &who, ("present", t.text("password-wrong-present"))));
        }
        Err(error) => return Err(error.into()),
    };
    let roles = role_ids(who.account, who.person.is_some(), &office).await?;
    let new = NewSession { account: who.account, name: &name, roles: &roles };
    let cookies = office.sessions().open(&who.visitor, new).await?;
    let next = if who.must_change { "/" } else { "/account?password=changed" };
    Ok((cookies, Redirect::to(next)).into_response())
}

fn rule_text(t: Words, rule: PasswordRuleError) -> String {
    t.with(rule.key(), &[("shortest", SHORTEST.into())])
}

fn refused(office: &Office, who: &WithAccount, (field, message): (&str, String)) -> Response {
    let mut errors = FieldErrors::new(who.visitor.locale);
    errors.add(field, message);
    password_page(office, who, errors)
}

fn password_page(office: &Office, who: &WithAccount, errors: FieldErrors) -> Response {
    let t = words(who.visitor.locale);
    let title = t.text(if who.must_change { "password-first-title" } else { "password-title" });
    let rule = t.with("password-rule", &[("shortest", SHORTEST.into())]);
    let back = t.text("account-title");
    let page = Page::new(office, &who.visitor, &title).errors(&errors);
    let page = if who.must_change { page } else { page.back("/account", &back) };
    page.show(PasswordPage { t, visitor: &who.visitor, errors, is_first: who.must_change, rule })
}

impl From<SetPasswordError> for Problem {
    fn from(error: SetPasswordError) -> Self {
        match error {
            SetPasswordError::TooMany { retry_after_s } => Problem::too_many(retry_after_s),
            SetPasswordError::NoAccount => Problem::sign_in_required(),
            SetPasswordError::Hash(HashPasswordError::Busy) => Problem::unavailable(5),
            SetPasswordError::Database(error) => error.into(),
            other => Problem::internal(other),
        }
    }
}
