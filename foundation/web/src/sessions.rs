//! Sign-in sessions and the language of an account: the tables `web_session` and `web_preference`.
//!
//! A session is found by the hash of the token in the cookie. It ends when it was idle too long, when it is too old, when its person
//! signs out, or when all sessions of the account are closed. `last_seen_ms` is written at most every five minutes, so a sign-in
//! may end up to five minutes early by the idle limit. Passwords and roles are not here; `roles` is a copy for the navigation only.

mod close;
mod find;
mod list;
mod open;
mod prefer;

use std::convert::Infallible;

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponseParts, ResponseParts};
use uuid::Uuid;

use crate::Office;

pub use list::SignIn;
pub use open::NewSession;

const MINUTE_MS: i64 = 60_000;

/// A signed-in visitor's session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub account: Uuid,
    pub name: String,
    /// For the navigation only.
    pub roles: Vec<String>,
    pub csrf: String,
    /// Names the session in the list of sign-ins; not a secret.
    pub id: String,
}

/// What can be done with sessions: `office.sessions().open(…)`.
#[derive(Clone, Copy)]
pub struct Sessions<'o> {
    office: &'o Office,
}

impl Office {
    pub fn sessions(&self) -> Sessions<'_> {
        Sessions { office: self }
    }
}

/// Cookies to send with the answer: `(cookies, Redirect::to("/home")).into_response()`.
#[must_use = "the browser learns of the session only when the cookies are sent"]
#[derive(Debug)]
pub struct Cookies(pub(crate) Vec<HeaderValue>);

impl IntoResponseParts for Cookies {
    type Error = Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Self::Error> {
        for cookie in self.0 {
            parts.headers_mut().append(header::SET_COOKIE, cookie);
        }
        Ok(parts)
    }
}

/// Every statement of this crate, for the test that prepares them on both engines.
pub const STATEMENTS: &[(&str, &str)] = &[
    ("find session", find::FIND),
    ("touch session", find::TOUCH),
    ("forget ended sessions", open::FORGET_ENDED),
    ("insert session", open::INSERT),
    ("close session", close::CLOSE),
    ("close one of account", close::CLOSE_ONE),
    ("close all of account", close::CLOSE_ALL),
    ("list sessions", list::LIST),
    ("read preference", prefer::READ),
    ("write preference", prefer::WRITE),
    ("write locale of sessions", prefer::WRITE_SESSIONS),
    ("rename sessions", prefer::RENAME),
];
