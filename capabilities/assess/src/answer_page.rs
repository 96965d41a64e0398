//! The page of one item and what a person can do there: answer, say "I do not know", stop for now, report the item. GET
//! /sessions/{id} always shows where the person is; POST /sessions/{id}/{position} takes the answer.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use melek_framework::{AreaId, framework};
use melek_people::CivilServant;
use melek_web::{FieldErrors, Form, Office, Page, Problem, Words, page};
use serde::Deserialize;
use uuid::Uuid;

use crate::answer::{Answer, Fields, IncompleteAnswer};
use crate::answer_item::{AnswerItemError, Reply, Sent, session_after};
use crate::blueprint::Stop;
use crate::desk::Desk;
use crate::document_view::ShapeView;
use crate::draw::Draw;
use crate::item::Item;
use crate::item_view::{InputView, ItemView};
use crate::move_session;
use crate::offer::Offer;
use crate::stored_session::StoredSession;
use crate::words;

/// From this many minutes on the person is told how many are left.
const LAST_MINUTES: i64 = 10;

#[derive(Template)]
#[template(path = "item.html")]
struct ItemPage {
    t: Words,
    item: ItemView,
    errors: FieldErrors,
    notice: Option<String>,
    /// Minutes left, said when there are few.
    time_left: Option<String>,
    /// Items answered, and the most there can be.
    answered: usize,
    maximum: usize,
    progress: String,
    /// Why this item comes now, and about how many are left when that can be told.
    why: String,
    left: Option<String>,
    action: String,
    pause: String,
    flag: String,
    csrf: String,
}

#[derive(Template)]
#[template(path = "paused.html")]
struct PausedPage {
    t: Words,
    until: String,
    resume: String,
    csrf: String,
}

#[derive(Template)]
#[template(path = "offer.html")]
struct OfferPage {
    t: Words,
    text: String,
    go_on: String,
    action: String,
    csrf: String,
}

#[derive(Template)]
#[template(path = "finished.html")]
struct FinishedPage {
    t: Words,
    result: String,
}

/// What a page of a session may be asked to say.
#[derive(Deserialize)]
pub(crate) struct Said {
    /// An item was just reported.
    flagged: Option<String>,
}

/// GET /sessions/{id}
pub(crate) async fn show(
    State(office): State<Office>,
    who: CivilServant,
    Path(session): Path<Uuid>,
    Query(said): Query<Said>,
) -> Result<Response, Problem> {
    let session = find(&office, &who, session).await?;
    let t = words(who.visitor.locale);
    here(&office, &who, (&session, said.flagged.map(|_| t.text("session-flag-thanks"))))
}

/// POST /sessions/{id}/{position}
pub(crate) async fn answer(
    State(office): State<Office>,
    who: CivilServant,
    Path((session, position)): Path<(Uuid, usize)>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let desk = office.part::<Desk>();
    let unknown = fields.iter().any(|(name, _)| name == "skip");
    let sent = Sent {
        session,
        person: who.person.id,
        position,
        reply: if unknown { Reply::Answer(Answer::unknown()) } else { Reply::Form(&fields) },
        locale: who.visitor.locale,
        device_elapsed_ms: elapsed(&fields),
    };
    match session_after(&desk, &office.db, sent, office.clock.now_ms()).await {
        Ok(after) if who.visitor.wants_fragment => here(&office, &who, (&after, None)),
        Ok(after) => Ok(Redirect::to(&after.path()).into_response()),
        Err(AnswerItemError::Incomplete(incomplete)) => {
            let session = find(&office, &who, session).await?;
            again(&office, &who, &session, (incomplete, &fields))
        }
        Err(AnswerItemError::NoSession) => Err(Problem::not_found()),
        Err(AnswerItemError::Commit(error)) if error.may_be_tried_again() => Err(Problem::unavailable(2)),
        Err(error) => Err(Problem::internal(error)),
    }
}

/// POST /sessions/{id}/pause
pub(crate) async fn pause(
    State(office): State<Office>,
    who: CivilServant,
    Path(session): Path<Uuid>,
    Form(_): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let found = find(&office, &who, session).await?;
    let moved = move_session::pause(&office.part::<Desk>(), found, office.clock.now_ms()).await;
    moved.map_err(Problem::internal)?;
    Ok(Redirect::to(&format!("/sessions/{session}")).into_response())
}

/// POST /sessions/{id}/resume
pub(crate) async fn resume(
    State(office): State<Office>,
    who: CivilServant,
    Path(session): Path<Uuid>,
    Form(_): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let found = find(&office, &who, session).await?;
    let moved = move_session::resume(&office.part::<Desk>(), found, office.clock.now_ms()).await;
    moved.map_err(Problem::internal)?;
    Ok(Redirect::to(&format!("/sessions/{session}")).into_response())
}

pub(crate) async fn find(office: &Office, who: &CivilServant, session: Uuid) -> Result<StoredSession, Problem> {
    let (desk, now_ms) = (office.part::<Desk>(), office.clock.now_ms());
    let found = move_session::session_at(&desk, &office.db, (session, who.person.id), now_ms).await;
    found.map_err(Problem::internal)?.ok_or_else(Problem::not_found)
}

/// What the device says it took, if it says something believable.
fn elapsed(fields: Fields<'_>) -> Option<i64> {
    let sent = fields.iter().find(|(name, _)| name == "elapsed").map(|(_, value)| value);
    sent.and_then(|value| value.parse().ok()).filter(|elapsed| (0..=86_400_000).contains(elapsed))
}

/// The page for where the person is: the item, the pause, or the end.
fn here(
    office: &Office,
    who: &CivilServant,
    (session, notice): (&StoredSession, Option<String>),
) -> Result<Response, Problem> {
    let t = words(who.visitor.locale);
    if !session.is_open {
        let body = FinishedPage { t, result: format!("/results/{}", session.id) };
        return Ok(page(office, &who.visitor, &t.text("finished-title"), body));
    }
    if let Some(offer) = session.state.offer.as_ref().filter(|_| session.state.is_offered()) {
        let body = offer_page(who, session, offer);
        return Ok(page(office, &who.visitor, &t.text("offer-title"), body));
    }
    if session.state.paused {
        let until = who.visitor.date(session.closes_ms - 1);
        let body = PausedPage {
            t,
            until: t.with("paused-until", &[("date", until.into())]),
            resume: format!("/sessions/{}/resume", session.id),
            csrf: who.visitor.csrf().to_owned(),
        };
        return Ok(page(office, &who.visitor, &t.text("paused-title"), body));
    }
    let body = ItemPage { notice, ..item_page(office, who, session, &[])? };
    Ok(page(office, &who.visitor, &item_title(session, t), body))
}

fn offer_page(who: &CivilServant, session: &StoredSession, offer: &Offer) -> OfferPage {
    let t = words(who.visitor.locale);
    let area = AreaId::all().nth(offer.area).map(|area| framework().area(area).title.get(t.locale()));
    let count = [("count", (offer.items as i64).into()), ("area", area.unwrap_or_default().into())];
    OfferPage {
        t,
        text: t.with("offer-text", &count),
        go_on: t.with("offer-go-on", &count),
        action: format!("/sessions/{}/offer", session.id),
        csrf: who.visitor.csrf().to_owned(),
    }
}

/// The item again, with what was chosen and what is missing.
fn again(
    office: &Office,
    who: &CivilServant,
    session: &StoredSession,
    (incomplete, fields): (IncompleteAnswer, Fields<'_>),
) -> Result<Response, Problem> {
    let t = words(who.visitor.locale);
    let mut body = item_page(office, who, session, fields)?;
    body.errors.add("a", incomplete_text(incomplete, t));
    Ok(Page::new(office, &who.visitor, &item_title(session, t)).errors(&body.errors.clone()).show(body))
}

fn item_title(session: &StoredSession, t: Words) -> String {
    t.with("session-item-title", &[("position", (session.state.position() as i64).into())])
}

fn item_page(
    office: &Office,
    who: &CivilServant,
    session: &StoredSession,
    fields: Fields<'_>,
) -> Result<ItemPage, Problem> {
    let t = words(who.visitor.locale);
    let desk = office.part::<Desk>();
    let shown = session.state.current.as_ref().and_then(|shown| desk.item(&shown.item));
    let item = shown.ok_or_else(|| Problem::conflict(t.text("session-item-gone")))?.drawn(session.seed);
    let position = session.state.position();
    let draw = Draw::new(&item.task, session.seed, position);
    let maximum = desk.longest_sitting();
    let numbers = [("position", (position as i64).into()), ("maximum", (maximum as i64).into())];
    Ok(ItemPage {
        t,
        item: ItemView::new(&item, &draw, fields, t).with_file_at(format!("/sessions/{}/{position}/file", session.id)),
        errors: FieldErrors::new(t.locale()),
        notice: None,
        time_left: time_left(session, &desk.blueprint.stop, t),
        answered: position - 1,
        maximum,
        progress: t.with("session-progress", &numbers),
        why: why(&item, desk.most_on_trial() > 0, t),
        left: items_left(&desk, session).map(|left| t.with("session-left", &[("count", (left as i64).into())])),
        action: format!("/sessions/{}/{position}", session.id),
        pause: format!("/sessions/{}/pause", session.id),
        flag: format!("/sessions/{}/{position}/flag", session.id),
        csrf: who.visitor.csrf().to_owned(),
    })
}

/// The same for an item that counts and one on trial, so that nobody can tell which it is.
fn why(item: &Item, tries_items: bool, t: Words) -> String {
    let area = item.measures.as_ref().map(|measures| framework().area(measures.area()).title.get(t.locale()));
    let key = if tries_items { "session-why-or-trial" } else { "session-why" };
    t.with(key, &[("area", area.unwrap_or_default().into())])
}

/// About how many items are left; not told for a session of an older bank version.
fn items_left(desk: &Desk, session: &StoredSession) -> Option<usize> {
    let version = desk.current();
    let is_current = session.bank_version == version.pool.version;
    is_current.then(|| session.state.items_left(version.test(desk.blueprint))).flatten()
}

/// Said only towards the end: a clock in view all the time makes people hurry.
fn time_left(session: &StoredSession, stop: &Stop, t: Words) -> Option<String> {
    let minutes = stop.minutes - session.state.used_ms / 60_000;
    (minutes <= LAST_MINUTES).then(|| t.with("session-time-left", &[("minutes", minutes.max(1).into())]))
}

fn incomplete_text(incomplete: IncompleteAnswer, t: Words) -> String {
    t.text(match incomplete {
        IncompleteAnswer::Nothing => "incomplete-nothing",
        IncompleteAnswer::StepWithoutPlace => "incomplete-step",
        IncompleteAnswer::SamePlaceTwice => "incomplete-same-place",
        IncompleteAnswer::LeftWithoutRight => "incomplete-left",
        IncompleteAnswer::SameRightTwice => "incomplete-same-right",
        IncompleteAnswer::NotANumber => "incomplete-number",
    })
}

/// The same in practice and preview, where there is no "I do not know" to press.
pub(crate) fn incomplete_to_check(incomplete: IncompleteAnswer, t: Words) -> String {
    match incomplete {
        IncompleteAnswer::Nothing => t.text("incomplete-nothing-to-check"),
        incomplete => incomplete_text(incomplete, t),
    }
}
