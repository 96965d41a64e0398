//! The pages before the first item: GET /campaigns/{id}/test says what the test is for and who sees what; /practice/{n} tries every
//! type of item; POST starts. A session that is already open goes on where it was.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use melek_db::{Db, q};
use melek_people::CivilServant;
use melek_web::{FieldErrors, Form, Office, Page, Problem, Words, page};
use uuid::Uuid;

use crate::answer::Answer;
use crate::answer_page::incomplete_to_check;
use crate::desk::Desk;
use crate::document_view::ShapeView;
use crate::draw::Draw;
use crate::item_view::{InputView, ItemView};
use crate::oversight::aggregate::LEAST_PEOPLE;
use crate::start_session::{Starting, start_session};
use crate::stored_session::by_campaign;
use crate::words;

/// Practice items are shown in the same drawn order to everybody.
const PRACTICE_SEED: u64 = 1;

pub(crate) const CAMPAIGN_FOR_PERSON: &str = "SELECT c.title, c.purpose, c.opens_ms, c.closes_ms FROM assess_campaign c \
     JOIN people_v_person p ON p.person_id = $2 AND p.agency_id = c.agency_id \
     WHERE c.id = $1 AND substr(p.unit_path, 1, length(c.unit_path)) = c.unit_path";

#[derive(sqlx::FromRow)]
struct CampaignRow {
    title: String,
    purpose: String,
    opens_ms: i64,
    closes_ms: i64,
}

#[derive(Template)]
#[template(path = "intro.html")]
struct Intro {
    t: Words,
    title: String,
    purpose: String,
    length: String,
    /// That some items are on trial, where there are any.
    pilots: Option<String>,
    office: String,
    practise: String,
    practice_path: String,
    start_path: String,
    csrf: String,
}

#[derive(Template)]
#[template(path = "closed.html")]
struct Closed {
    t: Words,
    text: String,
}

pub(crate) async fn intro(
    State(office): State<Office>,
    who: CivilServant,
    Path(campaign): Path<Uuid>,
) -> Result<Response, Problem> {
    let t = words(who.visitor.locale);
    if let Some(session) = by_campaign(&office.db, campaign, who.person.id).await.map_err(Problem::internal)? {
        return Ok(Redirect::to(&session.path()).into_response());
    }
    let row = campaign_for(&office.db, campaign, who.person.id).await?;
    if let Some(closed) = outside_its_time(&office, &who, &row) {
        return Ok(closed);
    }
    let desk = office.part::<Desk>();
    let stop = &desk.blueprint.stop;
    let (least, most) = (stop.minimum_items as i64, desk.longest_sitting() as i64);
    let numbers = [("minimum", least), ("maximum", most), ("minutes", TYPICAL_MINUTES), ("longest", stop.minutes)];
    let numbers = numbers.map(|(name, number)| (name, number.into()));
    let body = Intro {
        t,
        title: row.title,
        purpose: row.purpose,
        length: t.with("session-how-length", &numbers),
        pilots: match desk.most_on_trial() {
            0 => None,
            most => Some(t.with("session-how-pilots", &[("count", (most as i64).into())])),
        },
        office: t.with("session-who-office", &[("least", LEAST_PEOPLE.into())]),
        practise: t.with("session-practise", &[("count", (desk.bank.practice.len() as i64).into())]),
        practice_path: format!("/campaigns/{campaign}/practice/1"),
        start_path: format!("/campaigns/{campaign}/test"),
        csrf: who.visitor.csrf().to_owned(),
    };
    Ok(page(&office, &who.visitor, &t.text("session-intro-title"), body))
}

/// Minutes an ordinary test takes: about 20 items of about a minute.
const TYPICAL_MINUTES: i64 = 20;

async fn campaign_for(db: &Db, campaign: Uuid, person: Uuid) -> Result<CampaignRow, Problem> {
    let row: Option<CampaignRow> = q(CAMPAIGN_FOR_PERSON).bind(campaign).bind(person).opt(db).await?;
    row.ok_or_else(Problem::not_found)
}

/// The page of a campaign that cannot be worked on now.
fn outside_its_time(office: &Office, who: &CivilServant, row: &CampaignRow) -> Option<Response> {
    let t = words(who.visitor.locale);
    let now = office.clock.now_ms();
    let (title, text) = if now < row.opens_ms {
        let date = who.visitor.date(row.opens_ms);
        ("not-open-title", t.with("not-open-text", &[("date", date.into())]))
    } else if now >= row.closes_ms {
        ("closed-title", t.text("closed-text"))
    } else {
        return None;
    };
    Some(page(office, &who.visitor, &t.text(title), Closed { t, text }))
}

pub(crate) async fn start(
    State(office): State<Office>,
    who: CivilServant,
    Path(campaign): Path<Uuid>,
    Form(_): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let row = campaign_for(&office.db, campaign, who.person.id).await?;
    if let Some(closed) = outside_its_time(&office, &who, &row) {
        return Ok(closed);
    }
    let seed = u64::from_le_bytes(melek_web::secret::bytes());
    let starting = Starting { campaign, person: who.person.id, seed, now_ms: office.clock.now_ms() };
    let session = start_session(&office.part::<Desk>(), &office.db, starting).await;
    let session = session.map_err(Problem::internal)?;
    Ok(Redirect::to(&format!("/sessions/{session}")).into_response())
}

#[derive(Template)]
#[template(path = "practice.html")]
struct Practice {
    t: Words,
    item: ItemView,
    errors: FieldErrors,
    /// What to say after a try: the sentence and whether it was right.
    feedback: Option<(String, bool)>,
    action: String,
    next: Option<String>,
    start_path: String,
    csrf: String,
}

pub(crate) async fn practise(
    State(office): State<Office>,
    who: CivilServant,
    Path((campaign, number)): Path<(Uuid, usize)>,
) -> Result<Response, Problem> {
    practice_page(&office, &who, Tried { campaign, number, fields: None })
}

pub(crate) async fn try_practice(
    State(office): State<Office>,
    who: CivilServant,
    Path((campaign, number)): Path<(Uuid, usize)>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    practice_page(&office, &who, Tried { campaign, number, fields: Some(fields) })
}

/// A practice item, fresh or with an answer to look at.
struct Tried {
    campaign: Uuid,
    number: usize,
    fields: Option<Vec<(String, String)>>,
}

fn practice_page(office: &Office, who: &CivilServant, tried: Tried) -> Result<Response, Problem> {
    let Tried { campaign, number, fields } = tried;
    let t = words(who.visitor.locale);
    let desk = office.part::<Desk>();
    let practice = &desk.bank.practice;
    let item = number.checked_sub(1).and_then(|index| practice.get(index)).ok_or_else(Problem::not_found)?;
    let item = &*item.drawn(PRACTICE_SEED);
    let draw = Draw::new(&item.task, PRACTICE_SEED, number);
    let mut errors = FieldErrors::new(t.locale());
    let answer = fields.as_ref().map(|fields| Answer::read(&item.task, &draw, fields, t.locale()));
    let feedback = match answer {
        Some(Ok(answer)) => Some(feedback(item.rationale.get(t.locale()), answer.is_right(&item.task), t)),
        Some(Err(incomplete)) => {
            errors.add("a", incomplete_to_check(incomplete, t));
            None
        }
        None => None,
    };
    let body = Practice {
        t,
        item: ItemView::new(item, &draw, fields.as_deref().unwrap_or_default(), t),
        feedback,
        action: format!("/campaigns/{campaign}/practice/{number}"),
        next: (number < practice.len()).then(|| format!("/campaigns/{campaign}/practice/{}", number + 1)),
        start_path: format!("/campaigns/{campaign}/test"),
        csrf: who.visitor.csrf().to_owned(),
        errors,
    };
    let count = practice.len() as i64;
    let title = t.with("practice-title", &[("number", (number as i64).into()), ("count", count.into())]);
    Ok(if body.errors.is_empty() {
        page(office, &who.visitor, &title, body)
    } else {
        Page::new(office, &who.visitor, &title).errors(&body.errors.clone()).show(body)
    })
}

fn feedback(rationale: &str, right: bool, t: Words) -> (String, bool) {
    let text = if right {
        t.text("practice-right")
    } else {
        t.with("practice-wrong", &[("rationale", rationale.to_owned().into())])
    };
    (text, right)
}
