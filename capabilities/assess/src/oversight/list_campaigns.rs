//! GET /campaigns: the officer's campaigns with how far each has come.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use melek_db::q;
use melek_people::Officer;
use melek_web::{Office, Problem, Visitor, Words, page};

use crate::words;

pub(crate) const CAMPAIGNS: &str = "SELECT c.id, c.title, c.opens_ms, c.closes_ms, \
     (SELECT COUNT(*) FROM people_v_person p WHERE p.agency_id = c.agency_id AND p.active = TRUE \
      AND SUBSTR(p.unit_path, 1, LENGTH(c.unit_path)) = c.unit_path) AS reached, \
     (SELECT COUNT(*) FROM assess_session s JOIN assess_result r ON r.session_id = s.id AND r.version = 1 \
      JOIN people_v_person p ON p.person_id = s.person_id WHERE s.campaign_id = c.id AND r.reason <> 'closed' \
      AND p.active = TRUE AND SUBSTR(p.unit_path, 1, LENGTH(c.unit_path)) = c.unit_path) AS finished \
     FROM assess_campaign c WHERE c.agency_id = $1 AND SUBSTR(c.unit_path, 1, LENGTH(CAST($2 AS TEXT))) = CAST($2 AS TEXT) \
     ORDER BY c.closes_ms DESC, c.id";

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    title: String,
    opens_ms: i64,
    closes_ms: i64,
    reached: i64,
    finished: i64,
}

#[derive(Template)]
#[template(path = "campaigns.html")]
struct CampaignsPage {
    t: Words,
    campaigns: Vec<Line>,
}

struct Line {
    path: String,
    title: String,
    state: String,
    period: String,
    coverage: String,
    finished: i64,
    reached: i64,
}

pub(crate) async fn show(State(office): State<Office>, who: Officer) -> Result<Response, Problem> {
    let t = words(who.visitor.locale);
    let rows: Vec<Row> = who.scope.bind(q(CAMPAIGNS)).all(&office.db).await?;
    let now = office.clock.now_ms();
    let campaigns = rows.into_iter().map(|row| line(&row, &who.visitor, now)).collect();
    Ok(page(&office, &who.visitor, &t.text("campaigns-title"), CampaignsPage { t, campaigns }))
}

fn line(row: &Row, visitor: &Visitor, now_ms: i64) -> Line {
    let t = words(visitor.locale);
    Line {
        path: format!("/campaigns/{}", row.id),
        title: row.title.clone(),
        state: t.text(state(row.opens_ms, row.closes_ms, now_ms)),
        period: period(visitor, row.opens_ms, row.closes_ms),
        coverage: t.with("campaign-coverage", &[("finished", row.finished.into()), ("reached", row.reached.into())]),
        finished: row.finished,
        reached: row.reached.max(1),
    }
}

pub(crate) fn state(opens_ms: i64, closes_ms: i64, now_ms: i64) -> &'static str {
    if now_ms < opens_ms {
        "campaign-state-coming"
    } else if now_ms < closes_ms {
        "campaign-state-open"
    } else {
        "campaign-state-closed"
    }
}

/// From the first day to the last, both included.
pub(crate) fn period(visitor: &Visitor, opens_ms: i64, closes_ms: i64) -> String {
    let dates = [("opens", visitor.date(opens_ms).into()), ("closes", visitor.date(closes_ms - 1).into())];
    words(visitor.locale).with("campaign-period", &dates)
}
