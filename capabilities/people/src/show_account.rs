//! One's own account: GET /account (who the office thinks one is, where one is signed in), POST /account/sign-out (one
//! sign-in) and POST /account/sign-out-everywhere (all of them, at once).

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use melek_db::{Db, q};
use melek_web::{Form, Office, Problem, Visitor, Words, page};
use serde::Deserialize;

use crate::nip::Nip;
use crate::role::Role;
use crate::signed_in::{Grant, SignedIn};
use crate::words;

pub(crate) const READ_ACCOUNT: &str = "SELECT a.name, a.login, p.nip, u.name, o.name, g.name
    FROM people_account a
    LEFT JOIN people_person p ON p.id = a.person_id
    LEFT JOIN people_unit u ON u.id = p.unit_id
    LEFT JOIN people_post o ON o.id = p.post_id
    LEFT JOIN people_agency g ON g.id = p.agency_id
    WHERE a.id = $1";

type AccountRow = (String, Option<String>, Option<String>, Option<String>, Option<String>, Option<String>);

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage<'a> {
    t: Words,
    visitor: &'a Visitor,
    password_changed: bool,
    /// What is known of the person: label and value.
    facts: Vec<(String, String)>,
    sign_ins: Vec<SignInLine>,
}

struct SignInLine {
    id: String,
    is_this: bool,
    began: String,
    last_seen: String,
}

#[derive(Deserialize)]
pub(crate) struct Told {
    #[serde(default)]
    password: String,
}

#[derive(Deserialize)]
pub(crate) struct Which {
    session: String,
}

pub(crate) async fn show(
    State(office): State<Office>,
    who: SignedIn,
    Query(told): Query<Told>,
) -> Result<Response, Problem> {
    let t = words(who.visitor.locale);
    let facts = facts(&office.db, &who, t).await?;
    let sign_ins = sign_ins(&office, &who).await?;
    let visitor = &who.visitor;
    let body = AccountPage { t, visitor, password_changed: told.password == "changed", facts, sign_ins };
    Ok(page(&office, visitor, &t.text("account-title"), body))
}

async fn facts(db: &Db, who: &SignedIn, t: Words) -> Result<Vec<(String, String)>, Problem> {
    let row: Option<AccountRow> = q(READ_ACCOUNT).bind(who.account).opt(db).await?;
    let (name, login, nip, unit, post, agency) = row.ok_or_else(Problem::sign_in_required)?;
    let nip = nip.as_deref().and_then(Nip::typed).map(|nip| nip.masked());
    let known = [
        ("field-name", Some(name)),
        ("sign-in-user-name", login),
        ("field-nip", nip),
        ("field-post", post),
        ("field-unit", unit),
        ("field-agency", agency),
        ("account-roles", Some(role_names(&who.roles, t)).filter(|roles| !roles.is_empty())),
    ];
    Ok(known.into_iter().filter_map(|(key, value)| Some((t.text(key), value?))).collect())
}

fn role_names(grants: &[Grant], t: Words) -> String {
    let name = |role: Role| match role {
        Role::Officer => t.text("role-officer"),
        Role::ItemWriter => t.text("role-item-writer"),
        Role::Administrator => t.text("role-administrator"),
    };
    grants.iter().map(|grant| name(grant.role)).collect::<Vec<_>>().join(", ")
}

async fn sign_ins(office: &Office, who: &SignedIn) -> Result<Vec<SignInLine>, Problem> {
    let this = who.visitor.session.as_ref().map(|session| session.id.as_str());
    let list = office.sessions().list(who.account).await?;
    let line = |sign_in: melek_web::SignIn| SignInLine {
        is_this: this == Some(sign_in.session_id.as_str()),
        id: sign_in.session_id,
        began: who.visitor.date_time(sign_in.created_ms),
        last_seen: who.visitor.date_time(sign_in.last_seen_ms),
    };
    Ok(list.into_iter().map(line).collect())
}

pub(crate) async fn sign_out_one(
    State(office): State<Office>,
    who: SignedIn,
    Form(which): Form<Which>,
) -> Result<Response, Problem> {
    office.sessions().close_one(who.account, &which.session).await?;
    Ok(Redirect::to("/account").into_response())
}

pub(crate) async fn sign_out_everywhere(State(office): State<Office>, who: SignedIn) -> Result<Response, Problem> {
    office.sessions().close_all(who.account).await?;
    let cookies = office.sessions().close(&who.visitor).await?;
    Ok((cookies, Redirect::to("/sign-in")).into_response())
}
