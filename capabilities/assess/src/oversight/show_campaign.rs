//! GET /campaigns/{id}: coverage by unit, a text to remind people with, the closing date. Who has finished and who has not, never
//! what came out. POST /campaigns/{id}/closing moves the closing date.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::header;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use melek_db::{Db, Error, q};
use melek_people::Officer;
use melek_web::{FieldErrors, Form, Office, Page, Problem, Visitor, Words};
use serde::Deserialize;
use uuid::Uuid;

use super::campaign::{Campaign, find, units_of};
use super::list_campaigns::{period, state};
use super::open_campaign::{DAY_MS, check_closing};
use crate::words;

pub(crate) const COVERAGE: &str = "SELECT p.unit_path AS path, COUNT(*) AS reached, COUNT(s.id) AS begun, \
     COUNT(CASE WHEN s.status = 'finished' AND r.reason <> 'closed' THEN 1 END) AS finished \
     FROM people_v_person p LEFT JOIN assess_session s ON s.person_id = p.person_id AND s.campaign_id = $1 \
     LEFT JOIN assess_result r ON r.session_id = s.id AND r.version = 1 \
     WHERE p.agency_id = $2 AND p.active = TRUE AND SUBSTR(p.unit_path, 1, LENGTH(CAST($3 AS TEXT))) = CAST($3 AS TEXT) \
     GROUP BY p.unit_path";
pub(crate) const MOVE_CLOSING: &str = "UPDATE assess_campaign SET closes_ms = $2 WHERE id = $1";

/// More units than this are folded on a phone, where each is a card.
const MANY_UNITS: usize = 6;

/// How far a unit has come; who was still at it when the campaign closed has not finished.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct UnitCoverage {
    pub name: String,
    pub reached: i64,
    pub started: i64,
    pub finished: i64,
}

#[derive(sqlx::FromRow)]
struct Row {
    path: String,
    reached: i64,
    begun: i64,
    finished: i64,
}

impl UnitCoverage {
    pub fn waiting(&self) -> i64 {
        self.reached - self.finished - self.started
    }

    pub fn total(units: &[UnitCoverage], t: Words) -> UnitCoverage {
        let sum = |part: fn(&UnitCoverage) -> i64| units.iter().map(part).sum();
        UnitCoverage {
            name: t.text("campaign-total"),
            reached: sum(|unit| unit.reached),
            started: sum(|unit| unit.started),
            finished: sum(|unit| unit.finished),
        }
    }
}

/// Coverage of every unit in which the campaign reaches somebody, in the order of the tree.
pub(crate) async fn coverage(db: &Db, campaign: &Campaign) -> Result<Vec<UnitCoverage>, Error> {
    let rows: Vec<Row> =
        q(COVERAGE).bind(&campaign.id).bind(&campaign.agency_id).bind(&campaign.unit_path).all(db).await?;
    let mut rows: HashMap<String, Row> = rows.into_iter().map(|row| (row.path.clone(), row)).collect();
    let units = units_of(db, campaign).await?.into_iter();
    let covered = units.filter_map(|unit| {
        let Row { reached, begun, finished, .. } = rows.remove(&unit.path)?;
        Some(UnitCoverage { name: unit.name, reached, started: begun - finished, finished })
    });
    Ok(covered.collect())
}

#[derive(Template)]
#[template(path = "campaign.html")]
struct CampaignPage {
    t: Words,
    visitor: Visitor,
    errors: FieldErrors,
    id: String,
    state: String,
    period: String,
    purpose: String,
    total: UnitCoverage,
    units: Vec<UnitCoverage>,
    /// What unfolds the table on a phone, when it is long.
    by_unit: Option<String>,
    is_over: bool,
    reminder: String,
    closes: String,
}

#[derive(Deserialize)]
pub(crate) struct Closing {
    #[serde(default)]
    closes: String,
}

/// An officer, and the address under which the officer's browser reaches the program: for the text that colleagues get.
pub(crate) struct OfficerAt {
    who: Officer,
    address: String,
}

impl FromRequestParts<Office> for OfficerAt {
    type Rejection = <Officer as FromRequestParts<Office>>::Rejection;

    async fn from_request_parts(parts: &mut Parts, office: &Office) -> Result<Self, Self::Rejection> {
        let who = Officer::from_request_parts(parts, office).await?;
        let host = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        let scheme = if office.settings.secure_cookies { "https" } else { "http" };
        Ok(Self { who, address: format!("{scheme}://{host}") })
    }
}

/// GET /campaigns/{id}
pub(crate) async fn show(
    State(office): State<Office>,
    asker: OfficerAt,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    let campaign = find(&office.db, &asker.who.scope, id).await?.ok_or_else(Problem::not_found)?;
    campaign_page(&office, &asker, &campaign, FieldErrors::new(asker.who.visitor.locale)).await
}

/// POST /campaigns/{id}/closing
pub(crate) async fn move_closing(
    State(office): State<Office>,
    asker: OfficerAt,
    Path(id): Path<Uuid>,
    Form(sent): Form<Closing>,
) -> Result<Response, Problem> {
    let visitor = &asker.who.visitor;
    let campaign = find(&office.db, &asker.who.scope, id).await?.ok_or_else(Problem::not_found)?;
    let closes_ms = visitor.zone.day_start(&sent.closes).map(|start| start + DAY_MS);
    match check_closing(Some(campaign.opens_ms), closes_ms, office.clock.now_ms()) {
        Ok(closes_ms) => {
            let mut tx = office.db.begin().await?;
            q(MOVE_CLOSING).bind(id).bind(closes_ms).exec(&mut tx).await?;
            tx.commit().await?;
            Ok(Redirect::to(&format!("/campaigns/{id}")).into_response())
        }
        Err(fault) => {
            let mut errors = FieldErrors::new(visitor.locale);
            errors.add("closes", words(visitor.locale).text(fault));
            campaign_page(&office, &asker, &campaign, errors).await
        }
    }
}

async fn campaign_page(
    office: &Office,
    OfficerAt { who, address }: &OfficerAt,
    campaign: &Campaign,
    errors: FieldErrors,
) -> Result<Response, Problem> {
    let t = words(who.visitor.locale);
    let units = coverage(&office.db, campaign).await?;
    let total = UnitCoverage::total(&units, t);
    let last_day = who.visitor.date(campaign.closes_ms - 1);
    let reminder =
        [("title", campaign.title.as_str().into()), ("date", last_day.into()), ("address", address.as_str().into())];
    let count = [("count", (units.len() as i64).into())];
    let body = CampaignPage {
        t,
        visitor: who.visitor.clone(),
        errors: errors.clone(),
        id: campaign.id.clone(),
        state: t.text(state(campaign.opens_ms, campaign.closes_ms, office.clock.now_ms())),
        period: period(&who.visitor, campaign.opens_ms, campaign.closes_ms),
        purpose: campaign.purpose.clone(),
        total,
        by_unit: (units.len() > MANY_UNITS).then(|| t.with("campaign-by-unit", &count)),
        is_over: office.clock.now_ms() >= campaign.closes_ms,
        units,
        reminder: t.with("campaign-reminder-text", &reminder),
        closes: who.visitor.zone.iso_date(campaign.closes_ms - 1),
    };
    let back = t.text("campaigns-title");
    Ok(Page::new(office, &who.visitor, &campaign.title).errors(&errors).back("/campaigns", &back).wide().show(body))
}
