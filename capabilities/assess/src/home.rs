//! GET /home: what the person can do now, and the results so far.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use melek_db::{Db, Error, q};
use melek_people::{CivilServant, PersonRef};
use melek_web::{Office, Problem, Words, page};

use crate::words;

/// Campaigns that reach the person and are open now, with the person's session if there is one.
pub(crate) const OPEN_CAMPAIGNS: &str = "SELECT c.id, c.title, c.closes_ms, s.status \
     FROM assess_campaign c LEFT JOIN assess_session s ON s.campaign_id = c.id AND s.person_id = $1 \
     JOIN people_v_person p ON p.person_id = $1 \
     WHERE c.agency_id = p.agency_id AND substr(p.unit_path, 1, length(c.unit_path)) = c.unit_path \
     AND c.opens_ms <= $2 AND c.closes_ms > $2 ORDER BY c.closes_ms, c.id";

pub(crate) const RESULTS: &str = "SELECT s.id, c.title, s.finished_ms, \
     (SELECT MAX(r.computed_ms) FROM assess_result r WHERE r.session_id = s.id AND r.version > 1) AS rescored_ms \
     FROM assess_session s JOIN assess_campaign c ON c.id = s.campaign_id \
     WHERE s.person_id = $1 AND s.status = 'finished' ORDER BY s.finished_ms DESC, s.id";

#[derive(sqlx::FromRow)]
struct OpenCampaign {
    id: String,
    title: String,
    closes_ms: i64,
    status: Option<String>,
}

#[derive(sqlx::FromRow)]
struct FinishedSession {
    id: String,
    title: String,
    finished_ms: i64,
    rescored_ms: Option<i64>,
}

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    t: Words,
    open: Vec<OpenCard>,
    results: Vec<ResultCard>,
}

struct OpenCard {
    path: String,
    title: String,
    closes: String,
    /// Word on the button; `None` when the person has finished.
    action: Option<String>,
}

struct ResultCard {
    path: String,
    title: String,
    finished: String,
    rescored: Option<String>,
}

pub(crate) async fn show(State(office): State<Office>, who: CivilServant) -> Result<Response, Problem> {
    let t = words(who.visitor.locale);
    let now = office.clock.now_ms();
    let open = open_campaigns(&office.db, &who.person, now).await?;
    let results = finished_sessions(&office.db, &who.person).await?;
    let open = open.into_iter().map(|campaign| OpenCard {
        path: format!("/campaigns/{}/test", campaign.id),
        closes: t.with("home-closes", &[("date", who.visitor.date(campaign.closes_ms - 1).into())]),
        action: match campaign.status.as_deref() {
            None => Some(t.text("home-start")),
            Some("open") => Some(t.text("home-continue")),
            Some(_) => None,
        },
        title: campaign.title,
    });
    let results = results.into_iter().map(|session| ResultCard {
        path: format!("/results/{}", session.id),
        title: t.with("home-result-of", &[("title", session.title.into())]),
        finished: t.with("home-result-date", &[("date", who.visitor.date(session.finished_ms).into())]),
        rescored: session
            .rescored_ms
            .map(|ms| t.with("home-result-rescored", &[("date", who.visitor.date(ms).into())])),
    });
    let body = Home { t, open: open.collect(), results: results.collect() };
    Ok(page(&office, &who.visitor, &t.text("home-title"), body))
}

async fn open_campaigns(db: &Db, person: &PersonRef, now_ms: i64) -> Result<Vec<OpenCampaign>, Error> {
    q(OPEN_CAMPAIGNS).bind(person.id).bind(now_ms).all(db).await
}

async fn finished_sessions(db: &Db, person: &PersonRef) -> Result<Vec<FinishedSession>, Error> {
    q(RESULTS).bind(person.id).all(db).await
}
