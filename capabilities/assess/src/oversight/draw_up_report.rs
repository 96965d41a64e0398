//! A campaign's report is drawn up once and stays as it is: by itself when the campaign is over, or earlier when an officer says so
//! (POST /campaigns/{id}/results). Were it computed anew for every look, two looks would tell the result of whoever finished, moved
//! or got another post between them, and the officer knows who that is.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use melek_db::{Db, q};
use melek_framework::{CompetenceId, Level, cuts};
use melek_people::Officer;
use melek_web::{Form, Office, Problem};
use uuid::Uuid;

use super::aggregate::LEAST_PEOPLE;
use super::campaign::{Campaign, find, units_of};
use super::report::{Measured, Report, Terms};
use crate::blueprint::blueprint;
use crate::words;

pub(crate) const RESULTS: &str = "SELECT s.id, p.unit_path, p.post_id, r.bank_version, r.ability \
     FROM assess_session s JOIN assess_result r ON r.session_id = s.id \
     JOIN people_v_person p ON p.person_id = s.person_id \
     WHERE s.campaign_id = $1 AND s.status = 'finished' AND r.items >= $2 \
     AND r.version = (SELECT MAX(n.version) FROM assess_result n WHERE n.session_id = s.id)";
pub(crate) const COUNT_RESULTS: &str = "SELECT COUNT(DISTINCT s.id) FROM assess_session s \
     JOIN assess_result r ON r.session_id = s.id WHERE s.campaign_id = $1 AND s.status = 'finished' AND r.items >= $2";
pub(crate) const POSTS: &str = "SELECT post_id, name FROM people_v_post WHERE agency_id = $1";
pub(crate) const NEEDS: &str = "SELECT r.post_id, r.competence, r.level FROM people_v_requirement r \
     JOIN people_v_post o ON o.post_id = r.post_id WHERE o.agency_id = $1";
pub(crate) const KEPT: &str = "SELECT content, drawn_up_ms FROM assess_report WHERE campaign_id = $1";
pub(crate) const KEEP: &str = "INSERT INTO assess_report (campaign_id, content, drawn_up_ms, drawn_up_by) \
     VALUES ($1, $2, $3, $4) ON CONFLICT (campaign_id) DO NOTHING";

#[derive(Debug, thiserror::Error)]
pub enum DrawUpReportError {
    #[error("there is no such campaign")]
    NoCampaign,
    #[error("only {0} people have a result; a report needs {LEAST_PEOPLE}")]
    TooFew(i64),
    #[error("the result of session {0} or the report of its campaign holds something this program did not write")]
    Unreadable(String),
    #[error("the counting was broken off: {0}")]
    BrokenOff(#[from] tokio::task::JoinError),
    #[error(transparent)]
    Database(#[from] melek_db::Error),
}

/// A report and when it was drawn up.
pub(crate) struct KeptReport {
    pub report: Report,
    pub drawn_up_ms: i64,
}

/// Draws up the report of a campaign; if there is one already, nothing changes. `by` is an account or a short word.
pub async fn draw_up_report(db: &Db, campaign: Uuid, by: &str, now_ms: i64) -> Result<(), DrawUpReportError> {
    let campaign = Campaign::of_any_scope(db, campaign).await?.ok_or(DrawUpReportError::NoCampaign)?;
    let Some(report) = report_now(db, &campaign).await? else {
        return Err(DrawUpReportError::TooFew(count_results(db, &campaign).await?));
    };
    let content = serde_json::to_string(&report).expect("a report is plain data");
    let mut tx = db.begin().await?;
    q(KEEP).bind(&campaign.id).bind(content).bind(now_ms).bind(by).exec(&mut tx).await?;
    Ok(tx.commit().await?)
}

/// The report of a campaign, drawn up now if the campaign is over and it is not there yet; `None` while there is none.
pub(crate) async fn report_of(
    db: &Db,
    campaign: &Campaign,
    now_ms: i64,
) -> Result<Option<KeptReport>, DrawUpReportError> {
    if let Some(kept) = kept(db, campaign).await? {
        return Ok(Some(kept));
    }
    if now_ms < campaign.closes_ms || has_open_sessions(db, campaign).await? {
        return Ok(None);
    }
    let id = campaign.id.parse().map_err(|_| DrawUpReportError::Unreadable(campaign.id.clone()))?;
    match draw_up_report(db, id, "closing", now_ms).await {
        Ok(()) => kept(db, campaign).await,
        Err(DrawUpReportError::TooFew(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

pub(crate) const OPEN_SESSIONS: &str = "SELECT COUNT(*) FROM assess_session WHERE campaign_id = $1 AND status = 'open'";

/// The server ends them within a minute after the campaign is over; their results belong into the report.
async fn has_open_sessions(db: &Db, campaign: &Campaign) -> Result<bool, melek_db::Error> {
    let open: i64 = q(OPEN_SESSIONS).bind(&campaign.id).scalar(db).await?;
    Ok(open > 0)
}

/// People with a result now.
pub(crate) async fn count_results(db: &Db, campaign: &Campaign) -> Result<i64, melek_db::Error> {
    q(COUNT_RESULTS).bind(&campaign.id).bind(least_items()).scalar(db).await
}

/// Fewest items with which a test says anything of an area.
fn least_items() -> i64 {
    blueprint().stop.minimum_items as i64
}

async fn kept(db: &Db, campaign: &Campaign) -> Result<Option<KeptReport>, DrawUpReportError> {
    let Some((content, drawn_up_ms)): Option<(String, i64)> = q(KEPT).bind(&campaign.id).opt(db).await? else {
        return Ok(None);
    };
    let report = serde_json::from_str(&content).map_err(|_| DrawUpReportError::Unreadable(campaign.id.clone()))?;
    Ok(Some(KeptReport { report, drawn_up_ms }))
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    unit_path: String,
    post_id: String,
    bank_version: String,
    ability: String,
}

/// Counting and attacking the tables of a large agency takes a second or two, so it is done beside the other requests.
async fn report_now(db: &Db, campaign: &Campaign) -> Result<Option<Report>, DrawUpReportError> {
    let rows: Vec<Row> = q(RESULTS).bind(&campaign.id).bind(least_items()).all(db).await?;
    let people: Vec<Measured> = rows.into_iter().map(Row::measured).collect::<Result<_, _>>()?;
    let units = units_of(db, campaign).await?.into_iter().map(|unit| (unit.path, unit.name)).collect();
    let posts: Vec<(String, String)> = q(POSTS).bind(&campaign.agency_id).all(db).await?;
    let posts = posts.into_iter().collect();
    let needs = needs(db, &campaign.agency_id).await?;
    let root = campaign.unit_path.clone();
    let counted = tokio::task::spawn_blocking(move || {
        let terms = Terms { cuts: cuts(), root: &root, units: &units, posts: &posts, needs: &needs };
        Report::new(&people, &terms)
    });
    Ok(counted.await?)
}

impl Row {
    fn measured(self) -> Result<Measured, DrawUpReportError> {
        let ability = serde_json::from_str(&self.ability).map_err(|_| DrawUpReportError::Unreadable(self.id))?;
        Ok(Measured { unit_path: self.unit_path, post: self.post_id, bank: self.bank_version, ability })
    }
}

/// Needed levels by post.
async fn needs(db: &Db, agency: &str) -> Result<BTreeMap<String, BTreeMap<CompetenceId, Level>>, melek_db::Error> {
    let rows: Vec<(String, String, i64)> = q(NEEDS).bind(agency).all(db).await?;
    let mut needs: BTreeMap<String, BTreeMap<CompetenceId, Level>> = BTreeMap::new();
    for (post, competence, level) in rows {
        if let (Ok(competence), Some(level)) = (competence.parse(), Level::from_number(level)) {
            needs.entry(post).or_default().insert(competence, level);
        }
    }
    Ok(needs)
}

/// POST /campaigns/{id}/results
pub(crate) async fn draw_up(
    State(office): State<Office>,
    who: Officer,
    Path(id): Path<Uuid>,
    Form(_): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    find(&office.db, &who.scope, id).await?.ok_or_else(Problem::not_found)?;
    let by = who.account.to_string();
    match draw_up_report(&office.db, id, &by, office.clock.now_ms()).await {
        Ok(()) => Ok(Redirect::to(&format!("/campaigns/{id}/results")).into_response()),
        Err(DrawUpReportError::TooFew(people)) => {
            let few = [("least", LEAST_PEOPLE.into()), ("people", people.into())];
            Err(Problem::conflict(words(who.visitor.locale).with("gaps-few", &few)))
        }
        Err(error) => Err(error.into()),
    }
}

impl From<DrawUpReportError> for Problem {
    fn from(error: DrawUpReportError) -> Self {
        match error {
            DrawUpReportError::Database(error) => error.into(),
            error => Problem::internal(error),
        }
    }
}
