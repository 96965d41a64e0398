//! Signs somebody in: GET and POST /sign-in. User name or NIP, with the password or a one-time code.
//!
//! One answer for every failure, with the same work done, so that nobody learns which accounts exist. A code stays valid
//! until a password is set with it; until then its owner sees only the page that sets one.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use melek_db::{Db, q};
use melek_web::{
    ClientAddress, FieldErrors, Form, LocalPath, NewSession, Office, Page, Problem, Visitor, Words, secret,
};
use serde::Deserialize;
use uuid::Uuid;

use crate::nip::Nip;
use crate::password::HashPasswordError;
use crate::sign_in_code::digest_of_typed;
use crate::sign_in_desk::SignInDesk;
use crate::signed_in::role_ids;
use crate::words;

pub(crate) const FIND_BY_LOGIN: &str = "SELECT a.id, a.name, a.person_id, a.password_hash, a.code_digest,
    a.code_expires_ms, a.must_change FROM people_account a WHERE a.login = $1";
pub(crate) const FIND_BY_NIP: &str = "SELECT a.id, a.name, a.person_id, a.password_hash, a.code_digest,
    a.code_expires_ms, a.must_change FROM people_account a JOIN people_person p ON p.id = a.person_id WHERE p.nip = $1";

/// Longest user name taken from the form.
const LONGEST_LOGIN: usize = 100;

#[derive(Debug, thiserror::Error)]
pub(crate) enum SignInError {
    #[error("user name and password do not fit together")]
    Refused,
    #[error("too many attempts, {retry_after_s} seconds to wait")]
    TooMany { retry_after_s: u64 },
    #[error(transparent)]
    Hash(#[from] HashPasswordError),
    #[error(transparent)]
    Database(#[from] melek_db::Error),
}

/// What was typed, and where.
pub(crate) struct SignIn<'a> {
    pub login: &'a str,
    pub secret: &'a str,
    pub from: ClientAddress,
}

/// The account somebody proved to own.
#[derive(Debug)]
pub(crate) struct Proven {
    pub account: Uuid,
    pub name: String,
    pub is_person: bool,
    pub must_change: bool,
}

#[derive(sqlx::FromRow)]
struct AccountRow {
    #[sqlx(try_from = "String")]
    id: Uuid,
    name: String,
    person_id: Option<String>,
    password_hash: Option<String>,
    code_digest: Option<String>,
    code_expires_ms: Option<i64>,
    must_change: bool,
}

/// Compares what was typed with what is kept; does the same work whether the account exists or not.
pub(crate) async fn sign_in(office: &Office, typed: SignIn<'_>) -> Result<Proven, SignInError> {
    let desk = office.part::<SignInDesk>();
    let login = login_key(typed.login);
    desk.attempt(&login, typed.from).map_err(|retry_after_s| SignInError::TooMany { retry_after_s })?;
    let row = find(&office.db, &login).await?;
    let kept = row.as_ref().and_then(|row| row.password_hash.as_deref());
    let has_password = desk.passwords.matches(typed.secret, kept).await?;
    let proven = row.filter(|row| has_password || has_code(row, typed.secret, office.clock.now_ms()));
    let row = proven.ok_or(SignInError::Refused)?;
    desk.succeeded(&login);
    tracing::info!(account = %row.id, "signed in");
    let AccountRow { id, name, person_id, must_change, .. } = row;
    Ok(Proven { account: id, name, is_person: person_id.is_some(), must_change })
}

/// The NIP without blanks, or the user name in small letters: one key however it is typed.
pub(crate) fn login_key(typed: &str) -> String {
    match Nip::typed(typed) {
        Some(nip) => String::from(nip),
        None => typed.trim().chars().take(LONGEST_LOGIN).filter(|c| *c != '\0').collect::<String>().to_lowercase(),
    }
}

async fn find(db: &Db, login: &str) -> Result<Option<AccountRow>, melek_db::Error> {
    let statement = if Nip::typed(login).is_some() { FIND_BY_NIP } else { FIND_BY_LOGIN };
    q(statement).bind(login).opt(db).await
}

fn has_code(row: &AccountRow, typed: &str, now_ms: i64) -> bool {
    let is_valid = row.code_expires_ms.is_some_and(|expires_ms| expires_ms > now_ms);
    let digest = digest_of_typed(typed, row.id);
    match (&row.code_digest, digest) {
        (Some(kept), Some(digest)) => is_valid && secret::same(kept, &digest),
        _ => false,
    }
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage<'a> {
    t: Words,
    visitor: &'a Visitor,
    errors: FieldErrors,
    login: &'a str,
    next: &'a str,
}

#[derive(Deserialize)]
pub(crate) struct Next {
    #[serde(default)]
    next: LocalPath,
}

#[derive(Deserialize)]
pub(crate) struct SignInForm {
    #[serde(default)]
    login: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: LocalPath,
}

pub(crate) async fn show(State(office): State<Office>, visitor: Visitor, Query(query): Query<Next>) -> Response {
    if visitor.session.is_some() {
        return Redirect::to(query.next.as_str()).into_response();
    }
    let errors = FieldErrors::new(visitor.locale);
    sign_in_page(&office, &visitor, errors, ("", query.next.as_str()))
}

pub(crate) async fn submit(
    State(office): State<Office>,
    visitor: Visitor,
    from: ClientAddress,
    Form(form): Form<SignInForm>,
) -> Result<Response, Problem> {
    let typed = SignIn { login: &form.login, secret: &form.password, from };
    let proven = match sign_in(&office, typed).await {
        Ok(proven) => proven,
        Err(error) => return refusal(&office, &visitor, &form, error),
    };
    let roles = role_ids(proven.account, proven.is_person, &office).await?;
    let new = NewSession { account: proven.account, name: &proven.name, roles: &roles };
    let cookies = office.sessions().open(&visitor, new).await?;
    let next = if proven.must_change { "/password" } else { form.next.as_str() };
    Ok((cookies, Redirect::to(next)).into_response())
}

fn refusal(office: &Office, visitor: &Visitor, form: &SignInForm, error: SignInError) -> Result<Response, Problem> {
    match error {
        SignInError::Refused => {
            let mut errors = FieldErrors::new(visitor.locale);
            errors.add("login", words(visitor.locale).text("sign-in-refused"));
            Ok(sign_in_page(office, visitor, errors, (&form.login, form.next.as_str())))
        }
        SignInError::TooMany { retry_after_s } => Err(Problem::too_many(retry_after_s)),
        SignInError::Hash(HashPasswordError::Busy) => Err(Problem::unavailable(5)),
        SignInError::Database(error) => Err(error.into()),
        error @ SignInError::Hash(_) => Err(Problem::internal(error)),
    }
}

fn sign_in_page(office: &Office, visitor: &Visitor, errors: FieldErrors, (login, next): (&str, &str)) -> Response {
    let t = words(visitor.locale);
    let title = t.text("sign-in-title");
    let page = Page::new(office, visitor, &title).errors(&errors).at("/sign-in");
    page.show(SignInPage { t, visitor, errors, login, next })
}
