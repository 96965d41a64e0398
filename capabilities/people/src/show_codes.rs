//! The pages of one-time codes: choose a unit, get the codes as a spreadsheet or as slips, eight on a sheet of paper; give
//! one person a new code.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use melek_web::{Choice, FieldErrors, Form, Office, Page, Problem, Visitor, Words};
use serde::Deserialize;
use uuid::Uuid;

use crate::code_workbook::code_workbook;
use crate::issue_codes::{CodesFor, IssueCodesError, IssuedCode, issue_codes};
use crate::scope_units::{chosen_path, scope_units, unit_choices};
use crate::sign_in_code::VALID_MS;
use crate::signed_in::Officer;
use crate::spreadsheet_answer::spreadsheet;
use crate::words;

/// More slips than this are a spreadsheet's business.
const MOST_SLIPS: usize = 800;
/// Slips on one sheet of paper.
const SLIPS_A_SHEET: usize = 8;

#[derive(Template)]
#[template(path = "codes.html")]
struct CodesPage<'a> {
    t: Words,
    visitor: &'a Visitor,
    errors: FieldErrors,
    units: Vec<Choice>,
    unit: &'a str,
    whom: Vec<Choice>,
    forms: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "slips.html")]
struct SlipsPage<'a> {
    t: Words,
    intro: String,
    sheets: Vec<&'a [IssuedCode]>,
    address: String,
    expires: String,
}

#[derive(Deserialize)]
pub(crate) struct CodesForm {
    #[serde(default)]
    unit: String,
    #[serde(default)]
    whom: String,
    #[serde(default)]
    form: String,
}

pub(crate) async fn show(State(office): State<Office>, who: Officer) -> Result<Response, Problem> {
    let errors = FieldErrors::new(who.visitor.locale);
    codes_page(&office, &who, errors, "").await
}

pub(crate) async fn issue(
    State(office): State<Office>,
    who: Officer,
    headers: HeaderMap,
    Form(form): Form<CodesForm>,
) -> Result<Response, Problem> {
    let t = words(who.visitor.locale);
    let units = scope_units(&office.db, &who.scope).await?;
    let path = chosen_path(&units, &form.unit).ok_or_else(Problem::not_found)?;
    let whom = match form.whom.as_str() {
        "unused" => CodesFor::WithoutPassword { path },
        _ => CodesFor::Waiting { path },
    };
    let issued = issue_codes(&office.db, &office.clock, &who.scope, whom).await?;
    if issued.is_empty() {
        let mut errors = FieldErrors::new(who.visitor.locale);
        errors.add("unit", t.text("codes-nobody"));
        return codes_page(&office, &who, errors, &form.unit).await;
    }
    let address = address(&office, &headers);
    if form.form == "slips" && issued.len() <= MOST_SLIPS {
        return Ok(slips_page(&office, &who.visitor, &issued, address));
    }
    let bytes = code_workbook(&issued, &address, &t).map_err(Problem::internal)?;
    Ok(spreadsheet(bytes, &t.text("codes-file-name")))
}

pub(crate) async fn reset(
    State(office): State<Office>,
    who: Officer,
    headers: HeaderMap,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    let issued = issue_codes(&office.db, &office.clock, &who.scope, CodesFor::Person(id)).await?;
    let [one] = issued.as_slice() else { return Err(Problem::not_found()) };
    office.sessions().close_all(one.account).await?;
    tracing::info!(account = %one.account, by = %who.account, "access reset");
    let address = address(&office, &headers);
    Ok(slips_page(&office, &who.visitor, &issued, address))
}

/// The address people type, as the officer's own browser reached it.
fn address(office: &Office, headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let scheme = if office.settings.secure_cookies { "https" } else { "http" };
    format!("{scheme}://{host}")
}

fn slips_page(office: &Office, visitor: &Visitor, issued: &[IssuedCode], address: String) -> Response {
    let t = words(visitor.locale);
    let body = SlipsPage {
        t,
        intro: t.with("slips-intro", &[("count", issued.len().into())]),
        sheets: issued.chunks(SLIPS_A_SHEET).collect(),
        address,
        expires: visitor.date(office.clock.now_ms() + VALID_MS),
    };
    let (title, back) = (t.text("slips-title"), t.text("codes-title"));
    Page::new(office, visitor, &title).back("/staff/codes", &back).wide().show(body)
}

async fn codes_page(office: &Office, who: &Officer, errors: FieldErrors, unit: &str) -> Result<Response, Problem> {
    let t = words(who.visitor.locale);
    let units = scope_units(&office.db, &who.scope).await?;
    let body = CodesPage {
        t,
        visitor: &who.visitor,
        units: unit_choices(&units, t.text("staff-all-units")),
        unit,
        whom: vec![
            Choice::new("waiting", t.text("codes-whom-waiting")),
            Choice::new("unused", t.text("codes-whom-unused")).hint(t.text("codes-whom-unused-hint")),
        ],
        forms: vec![
            Choice::new("xlsx", t.text("codes-form-xlsx")),
            Choice::new("slips", t.text("codes-form-slips"))
                .hint(t.with("codes-form-slips-hint", &[("most", MOST_SLIPS.into())])),
        ],
        errors: errors.clone(),
    };
    let (title, back) = (t.text("codes-title"), t.text("staff-title"));
    Ok(Page::new(office, &who.visitor, &title).errors(&errors).back("/staff", &back).at("/staff/codes").show(body))
}

impl From<IssueCodesError> for Problem {
    fn from(error: IssueCodesError) -> Self {
        match error {
            IssueCodesError::Database(error) => error.into(),
            IssueCodesError::Unreadable => Problem::internal(error),
        }
    }
}
