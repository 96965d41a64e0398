//! The page that takes in a staff file: GET and POST /staff/import, and the blank template. What is uploaded is read at
//! once and kept for the page of its outcome (`show_import`).

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use melek_db::{Db, Error, q};
use melek_web::{FieldErrors, MultipartForm, Office, Page, Problem, Visitor, Words};
use uuid::Uuid;

use crate::agency::agency_name;
use crate::import_staff::{ImportStaffError, StaffUpload, Summary, keep, read_staff};
use crate::signed_in::{AgencyOfficer, Officer};
use crate::spreadsheet_answer::spreadsheet;
use crate::staff_file::template_workbook;
use crate::words;

pub(crate) const RECENT: &str = "SELECT id, file_name, state, row_count, summary_json, created_ms
    FROM people_import WHERE agency_id = $1 ORDER BY created_ms DESC, id LIMIT 10";

#[derive(Template)]
#[template(path = "upload_staff.html")]
struct UploadPage<'a> {
    t: Words,
    visitor: &'a Visitor,
    errors: FieldErrors,
    intro: String,
    recent: Vec<RecentLine>,
}

struct RecentLine {
    id: String,
    file_name: String,
    moment: String,
    state: String,
    rows: String,
}

type RecentRow = (String, String, String, i64, String, i64);

pub(crate) async fn show(State(office): State<Office>, who: AgencyOfficer) -> Result<Response, Problem> {
    let errors = FieldErrors::new(who.visitor.locale);
    upload_page(&office, &who, errors).await
}

pub(crate) async fn upload(
    State(office): State<Office>,
    who: AgencyOfficer,
    form: MultipartForm,
) -> Result<Response, Problem> {
    let t = words(who.visitor.locale);
    let mut errors = FieldErrors::new(who.visitor.locale);
    let Some(file) = form.file("file") else {
        errors.add("file", t.text("import-no-file"));
        return upload_page(&office, &who, errors).await;
    };
    let upload = StaffUpload {
        file_name: file.file_name.clone(),
        bytes: file.bytes.as_ref().into(),
        utc_offset_minutes: office.settings.utc_offset_minutes,
    };
    match read_and_keep(&office, &who, &upload).await {
        Ok(id) => Ok(Redirect::to(&format!("/staff/import/{id}")).into_response()),
        Err(ImportStaffError::Read(error)) => {
            errors.add("file", t.text(error.key()));
            upload_page(&office, &who, errors).await
        }
        // A file on which the reader of spreadsheets stopped.
        Err(ImportStaffError::Thread(_)) => {
            errors.add("file", t.text("file-damaged"));
            upload_page(&office, &who, errors).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn read_and_keep(office: &Office, who: &AgencyOfficer, upload: &StaffUpload) -> Result<Uuid, ImportStaffError> {
    let name = agency_name(&office.db, who.agency).await?;
    let read = read_staff(&office.db, &office.clock, Some((who.agency, &name)), upload).await?;
    keep(&office.db, &office.clock, (who.agency, Some(who.account)), (upload, read)).await
}

async fn upload_page(office: &Office, who: &AgencyOfficer, errors: FieldErrors) -> Result<Response, Problem> {
    let t = words(who.visitor.locale);
    let agency = agency_name(&office.db, who.agency).await?;
    let intro = t.with("import-intro", &[("agency", agency.as_str().into())]);
    let recent = recent(&office.db, who, t).await?;
    let (title, back) = (t.text("import-title"), t.text("staff-title"));
    let page = Page::new(office, &who.visitor, &title).errors(&errors).back("/staff", &back).at("/staff/import");
    Ok(page.show(UploadPage { t, visitor: &who.visitor, errors, intro, recent }))
}

async fn recent(db: &Db, who: &AgencyOfficer, t: Words) -> Result<Vec<RecentLine>, Error> {
    let rows: Vec<RecentRow> = q(RECENT).bind(who.agency).all(db).await?;
    let line = |(id, file_name, state, row_count, summary, created_ms): RecentRow| {
        let summary: Summary = serde_json::from_str(&summary).unwrap_or_default();
        let state = match state.as_str() {
            "open" => t.text("import-state-open"),
            "applied" => t.text("import-state-applied"),
            "faulty" => t.with("import-state-faulty", &[("count", summary.faults.into())]),
            _ => t.text("import-state-set-aside"),
        };
        let rows = who.visitor.integer(row_count);
        RecentLine { id, file_name, moment: who.visitor.date_time(created_ms), state, rows }
    };
    Ok(rows.into_iter().map(line).collect())
}

pub(crate) async fn template(who: Officer) -> Result<Response, Problem> {
    let t = words(who.visitor.locale);
    let bytes = template_workbook(&t).map_err(Problem::internal)?;
    Ok(spreadsheet(bytes, &t.text("template-file-name")))
}

impl From<ImportStaffError> for Problem {
    fn from(error: ImportStaffError) -> Self {
        match error {
            ImportStaffError::Database(error) => error.into(),
            other => Problem::internal(other),
        }
    }
}
