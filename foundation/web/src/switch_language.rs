//! POST /language: shows the pages in the other language, wherever the visitor is.
//!
//! Kept with the account when signed in, in a cookie for a guest. The page to return to stays inside this site.

use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use crate::cookie::Cookie;
use crate::sessions::Cookies;
use crate::{Form, LocalPath, Locale, Office, Problem, Visitor};

#[derive(Deserialize)]
pub(crate) struct Wanted {
    language: Locale,
    #[serde(default)]
    return_to: LocalPath,
}

pub(crate) async fn switch_language(
    State(office): State<Office>,
    visitor: Visitor,
    Form(wanted): Form<Wanted>,
) -> Result<Response, Problem> {
    let mut cookies = Vec::new();
    match visitor.account() {
        Some(account) => office.sessions().prefer(account, wanted.language).await?,
        None => cookies.push(Cookie::Language.set(wanted.language.tag(), &office.settings)),
    }
    Ok((Cookies(cookies), Redirect::to(wanted.return_to.as_str())).into_response())
}
