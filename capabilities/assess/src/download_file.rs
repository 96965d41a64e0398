//! GET /sessions/{id}/{position}/file: the file of the item now before the person, made from the session's seed. It can be had by who
//! may see the item and as long as it is the current one; nothing is kept.

use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use melek_people::CivilServant;
use melek_web::{Locale, Office, Problem};
use uuid::Uuid;

use crate::answer_page::find;
use crate::desk::Desk;
use crate::item::Item;

pub(crate) async fn download(
    State(office): State<Office>,
    who: CivilServant,
    Path((session, position)): Path<(Uuid, usize)>,
) -> Result<Response, Problem> {
    let session = find(&office, &who, session).await?;
    let is_shown = session.is_open && !session.state.paused && session.state.position() == position;
    let shown = session.state.current.as_ref().filter(|_| is_shown).ok_or_else(Problem::not_found)?;
    let desk = office.part::<Desk>();
    let item = desk.item(&shown.item).ok_or_else(Problem::not_found)?;
    file_of(&item.drawn(session.seed), who.visitor.locale)
}

/// The file of an item as an answer to its download.
pub(crate) fn file_of(item: &Item, locale: Locale) -> Result<Response, Problem> {
    let sheet = item.file.as_ref().ok_or_else(Problem::not_found)?;
    let bytes = sheet.write(locale).map_err(Problem::internal)?;
    // The name is lower-case letters, digits and hyphens, so that it needs no quoting rules.
    let disposition = format!("attachment; filename=\"{}\"", sheet.file_name(locale));
    let headers = [
        (CONTENT_TYPE, sheet.format.media_type().to_owned()),
        (CONTENT_DISPOSITION, disposition),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}
