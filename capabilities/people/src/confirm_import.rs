//! Confirms a staff file: POST /staff/import/{id} writes what the page showed, with the officer's answers; POST
//! /staff/import/{id}/set-aside forgets it. If the staff changed since the page was shown, it is shown again instead.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use melek_db::q;
use melek_web::{FieldErrors, Fields, Form, Office, Problem};
use uuid::Uuid;

use crate::agency::agency_name;
use crate::apply_import::{Answer, ApplyImportError, Decisions, Kept, apply};
use crate::difference::Difference;
use crate::import_staff::{Content, ImportRow, compare_kept, kept};
use crate::show_import::{fingerprint, import_page};
use crate::signed_in::AgencyOfficer;
use crate::words;

pub(crate) const SET_ASIDE: &str = "UPDATE people_import SET state = 'set_aside', content_json = NULL
    WHERE id = $1 AND agency_id = $2 AND state IN ('open', 'faulty')";

pub(crate) async fn confirm(
    State(office): State<Office>,
    who: AgencyOfficer,
    Path(id): Path<Uuid>,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let row = kept(&office.db, who.agency, id).await?.ok_or_else(Problem::not_found)?;
    if row.state == "open" {
        match write(&office, &who, (id, &row), &fields).await {
            Ok(()) | Err(ApplyImportError::NotOpen) => {}
            Err(ApplyImportError::Meanwhile) => return shown_again(&office, &who, (id, row), "import-meanwhile").await,
            Err(ApplyImportError::PersonClaimedTwice) => {
                return shown_again(&office, &who, (id, row), "import-claimed-twice").await;
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Redirect::to(&format!("/staff/import/{id}")).into_response())
}

async fn write(
    office: &Office,
    who: &AgencyOfficer,
    (id, row): (Uuid, &ImportRow),
    fields: &Fields,
) -> Result<(), ApplyImportError> {
    let content = row.content_json.as_deref().ok_or(ApplyImportError::NotOpen)?;
    let content: Content = serde_json::from_str(content)?;
    let read = compare_kept(&office.db, who.agency, content.rows).await?;
    if fields.get("seen") != Some(&fingerprint(&read.difference)) {
        return Err(ApplyImportError::Meanwhile);
    }
    let agency = agency_name(&office.db, who.agency).await?;
    let decisions = decisions(fields, &read.difference);
    apply(&office.db, &office.clock, &Kept { agency: who.agency, import: id }, (&agency, &read, &decisions)).await
}

fn decisions(fields: &Fields, difference: &Difference) -> Decisions {
    let answer = |row: usize| match fields.get(&format!("question-{row}")) {
        Some("same") => Some((row, Answer::Same)),
        Some("another") => Some((row, Answer::Another)),
        _ => None,
    };
    let answers = difference.questions.iter().filter_map(|question| answer(question.row)).collect();
    let named: Vec<&str> = fields.all("left").collect();
    let left = difference.leavers.iter().filter(|person| named.contains(&person.as_str())).cloned().collect();
    Decisions { answers, left }
}

async fn shown_again(
    office: &Office,
    who: &AgencyOfficer,
    kept: (Uuid, ImportRow),
    reason: &str,
) -> Result<Response, Problem> {
    let mut errors = FieldErrors::new(who.visitor.locale);
    errors.add("counts", words(who.visitor.locale).text(reason));
    import_page(office, who, kept, errors).await
}

pub(crate) async fn set_aside(
    State(office): State<Office>,
    who: AgencyOfficer,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    let mut tx = office.db.begin().await?;
    q(SET_ASIDE).bind(id).bind(who.agency).exec(&mut tx).await?;
    tx.commit().await?;
    Ok(Redirect::to("/staff/import").into_response())
}

impl From<ApplyImportError> for Problem {
    fn from(error: ApplyImportError) -> Self {
        match error {
            ApplyImportError::Database(error) => error.into(),
            ApplyImportError::Read(error) => error.into(),
            other => Problem::internal(other),
        }
    }
}
