//! An officer opens a campaign: what for, for whom, from when to when. What is wrong with the form is said all at once.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use melek_db::{Error, q};
use melek_people::Officer;
use melek_web::{Choice, FieldErrors, Form, Office, Page, Problem, Visitor, Words};
use serde::Deserialize;
use uuid::Uuid;

use super::campaign::{Unit, units};
use crate::words;

pub(crate) const INSERT: &str = "INSERT INTO assess_campaign \
     (id, agency_id, unit_id, unit_path, title, purpose, opens_ms, closes_ms, created_by, created_ms) \
     SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10 \
     WHERE NOT EXISTS (SELECT 1 FROM assess_campaign WHERE agency_id = $2 AND unit_path = $4 AND title = $5 \
     AND opens_ms = $7 AND closes_ms = $8)";
pub(crate) const SAME: &str = "SELECT id FROM assess_campaign WHERE agency_id = $1 AND unit_path = $2 AND title = $3 \
     AND opens_ms = $4 AND closes_ms = $5";

pub(crate) const DAY_MS: i64 = 24 * 60 * 60 * 1000;
const LONGEST_TITLE: usize = 120;
const LONGEST_PURPOSE: usize = 600;
/// A campaign of more than a year is taken for a slip of the pen.
const LONGEST_DAYS: i64 = 366;

/// A campaign to open; times are the first moment it is open and the first it is closed.
pub struct NewCampaign {
    pub agency: Uuid,
    /// `None` reaches the whole agency.
    pub unit: Option<Uuid>,
    pub unit_path: String,
    pub title: String,
    pub purpose: String,
    pub opens_ms: i64,
    pub closes_ms: i64,
    pub created_by: String,
}

#[derive(Debug, thiserror::Error)]
pub enum OpenCampaignError {
    #[error("the id of the campaign is not readable: {0}")]
    Id(#[from] uuid::Error),
    #[error(transparent)]
    Database(#[from] Error),
}

impl From<OpenCampaignError> for Problem {
    fn from(error: OpenCampaignError) -> Self {
        match error {
            OpenCampaignError::Database(error) => error.into(),
            OpenCampaignError::Id(_) => Problem::internal(error),
        }
    }
}

/// Writes the campaign and answers its id; one with the same title for the same unit and days is the same one.
pub async fn open_campaign(office: &Office, new: NewCampaign) -> Result<Uuid, OpenCampaignError> {
    let mut tx = office.db.begin().await?;
    q(INSERT)
        .bind(office.clock.new_id())
        .bind(new.agency)
        .bind(new.unit)
        .bind(&new.unit_path)
        .bind(&new.title)
        .bind(new.purpose)
        .bind(new.opens_ms)
        .bind(new.closes_ms)
        .bind(new.created_by)
        .bind(office.clock.now_ms())
        .exec(&mut tx)
        .await?;
    let same = q(SAME).bind(new.agency).bind(&new.unit_path).bind(&new.title).bind(new.opens_ms).bind(new.closes_ms);
    let id: String = same.scalar(&mut tx).await?;
    tx.commit().await?;
    Ok(id.parse()?)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Sent {
    title: String,
    purpose: String,
    unit: String,
    opens: String,
    closes: String,
}

#[derive(Template)]
#[template(path = "campaign_new.html")]
struct NewPage {
    t: Words,
    visitor: Visitor,
    errors: FieldErrors,
    sent: Sent,
    units: Vec<Choice>,
}

/// GET /campaigns/new
pub(crate) async fn ask(State(office): State<Office>, who: Officer) -> Result<Response, Problem> {
    let t = words(who.visitor.locale);
    let now = office.clock.now_ms();
    let zone = who.visitor.zone;
    let sent = Sent {
        purpose: t.text("campaign-purpose-proposal"),
        opens: zone.iso_date(now),
        closes: zone.iso_date(now + 14 * DAY_MS),
        ..Sent::default()
    };
    new_page(&office, &who, sent, FieldErrors::new(t.locale())).await
}

/// POST /campaigns/new
pub(crate) async fn submit(
    State(office): State<Office>,
    who: Officer,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    let units = units(&office.db, &who.scope).await?;
    let mut errors = FieldErrors::new(who.visitor.locale);
    match check(&office, &who, (&sent, &units), &mut errors) {
        Some(campaign) => {
            let id = open_campaign(&office, campaign).await?;
            Ok(Redirect::to(&format!("/campaigns/{id}")).into_response())
        }
        None => new_page(&office, &who, sent, errors).await,
    }
}

async fn new_page(office: &Office, who: &Officer, sent: Sent, errors: FieldErrors) -> Result<Response, Problem> {
    let t = words(who.visitor.locale);
    let units = units(&office.db, &who.scope).await?;
    let all = who.scope.is_whole_agency().then(|| Choice::new("", t.text("campaign-unit-all")));
    let indented = |unit: Unit| {
        Choice::new(unit.unit_id, format!("{}{}", "– ".repeat(unit.depth.clamp(0, 9) as usize), unit.name))
    };
    let units = all.into_iter().chain(units.into_iter().map(indented)).collect();
    let title = t.text("campaign-new-title");
    let back = t.text("campaigns-title");
    let body = NewPage { t, visitor: who.visitor.clone(), errors: errors.clone(), sent, units };
    Ok(Page::new(office, &who.visitor, &title).errors(&errors).back("/campaigns", &back).show(body))
}

/// The end of a campaign, or what is wrong with it, as far as its beginning is known.
pub(crate) fn check_closing(opens: Option<i64>, closes: Option<i64>, now_ms: i64) -> Result<i64, &'static str> {
    let closes = closes.ok_or("campaign-date-wrong")?;
    let length = opens.map(|opens| closes - opens);
    match length {
        Some(length) if length <= 0 => Err("campaign-closes-before"),
        Some(length) if length > LONGEST_DAYS * DAY_MS => Err("campaign-too-long"),
        _ if closes <= now_ms => Err("campaign-closes-past"),
        _ => Ok(closes),
    }
}

/// The campaign that was meant, or what is wrong with the form.
fn check(
    office: &Office,
    who: &Officer,
    (sent, units): (&Sent, &[Unit]),
    errors: &mut FieldErrors,
) -> Option<NewCampaign> {
    let t = words(who.visitor.locale);
    let (title, purpose) = (sent.title.trim(), sent.purpose.trim());
    if title.is_empty() || title.chars().count() > LONGEST_TITLE || title.contains('\0') {
        errors.add("title", t.text("campaign-title-wrong"));
    }
    if purpose.is_empty() || purpose.chars().count() > LONGEST_PURPOSE || purpose.contains('\0') {
        errors.add("purpose", t.text("campaign-purpose-wrong"));
    }
    let unit = units.iter().find(|unit| unit.unit_id == sent.unit);
    if unit.is_none() && !(sent.unit.is_empty() && who.scope.is_whole_agency()) {
        errors.add("unit", t.text("campaign-unit-wrong"));
    }
    let opens = who.visitor.zone.day_start(&sent.opens);
    let closes = who.visitor.zone.day_start(&sent.closes).map(|start| start + DAY_MS);
    if opens.is_none() {
        errors.add("opens", t.text("campaign-date-wrong"));
    }
    if let Err(fault) = check_closing(opens, closes, office.clock.now_ms()) {
        errors.add("closes", t.text(fault));
    }
    let (Some(opens_ms), Some(closes_ms), true) = (opens, closes, errors.is_empty()) else { return None };
    Some(NewCampaign {
        agency: who.scope.agency,
        unit: unit.and_then(|unit| unit.unit_id.parse().ok()),
        unit_path: unit.map(|unit| unit.path.clone()).unwrap_or_default(),
        title: title.to_owned(),
        purpose: purpose.to_owned(),
        opens_ms,
        closes_ms,
        created_by: who.account.to_string(),
    })
}
