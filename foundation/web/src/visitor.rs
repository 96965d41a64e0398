//! Who is asking: language, sign-in session if any, and the secret that the visitor's forms must carry.
//!
//! Known once per request, before any handler runs; the extractor only hands it over, so it never fails.
//! Which roles may do what is decided by the capabilities' own extractors, from their own tables.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, header};
use uuid::Uuid;

use crate::cookie::Cookie;
use crate::format::{self, Zone};
use crate::{LocalPath, Locale, NavEntry, Office, Problem, Session, secret};

/// Header by which the page's own script asks for the title and the main part only.
pub(crate) const FRAGMENT_HEADER: HeaderName = HeaderName::from_static("x-melek-fragment");
/// Length of a guest's token.
const TOKEN_LENGTH: usize = 22;

#[derive(Clone, Debug)]
pub struct Visitor {
    pub locale: Locale,
    pub session: Option<Session>,
    /// Path and query of this request.
    pub path: String,
    pub zone: Zone,
    /// True when the script asks for the main part only.
    pub wants_fragment: bool,
    /// Page to come back to after the language was switched: this one, or for a posted form the one it stood on.
    pub(crate) return_to: LocalPath,
    /// True when the browser sent a session cookie that names no session any more.
    pub(crate) session_has_ended: bool,
    pub(crate) guest_token_is_new: bool,
    guest_token: String,
}

impl Visitor {
    /// A guest on `path` with a fresh token.
    pub fn guest(locale: Locale, path: &str) -> Self {
        Self {
            locale,
            session: None,
            path: path.to_owned(),
            zone: Zone::default(),
            wants_fragment: false,
            return_to: LocalPath::new(path),
            session_has_ended: false,
            guest_token_is_new: true,
            guest_token: secret::token(),
        }
    }

    /// The same visitor with a session.
    pub fn with_session(mut self, session: Session) -> Self {
        self.session = Some(session);
        self.guest_token_is_new = false;
        self
    }

    /// The value of the hidden field `csrf` of every form.
    pub fn csrf(&self) -> &str {
        self.session.as_ref().map_or(&self.guest_token, |session| &session.csrf)
    }

    pub fn account(&self) -> Option<Uuid> {
        self.session.as_ref().map(|session| session.account)
    }

    /// For navigation only: is an entry with this role shown?
    pub fn sees(&self, role: &str) -> bool {
        match (&self.session, role) {
            (_, NavEntry::EVERYONE) | (Some(_), NavEntry::SIGNED_IN) => true,
            (Some(session), role) => session.roles.iter().any(|has| has == role),
            (None, _) => false,
        }
    }

    /// 24 November 2026, in the visitor's language and the installation's zone.
    pub fn date(&self, ms: i64) -> String {
        self.zone.date(self.locale, ms)
    }

    /// 24 November 2026 pukul 14.05 WIB
    pub fn date_time(&self, ms: i64) -> String {
        self.zone.date_time(self.locale, ms)
    }

    pub fn integer(&self, number: i64) -> String {
        format::integer(self.locale, number)
    }

    pub fn decimal(&self, number: f64, places: usize) -> String {
        format::decimal(self.locale, number, places)
    }

    /// A share from 0 to 1.
    pub fn percent(&self, share: f64) -> String {
        format::percent(self.locale, share)
    }
}

/// Reads cookies and the session row. With an error (the database gave no answer) comes the guest to tell it to.
pub(crate) async fn identify(office: &Office, parts: &Parts) -> (Visitor, Result<(), Problem>) {
    let mut visitor = guest(office, parts);
    let Some(token) = Cookie::Session.read(&parts.headers, &office.settings) else {
        return (visitor, Ok(()));
    };
    match office.sessions().find(token).await {
        Ok(Some((session, locale))) => {
            visitor.locale = locale;
            (visitor.with_session(session), Ok(()))
        }
        Ok(None) => {
            visitor.session_has_ended = true;
            (visitor, Ok(()))
        }
        Err(error) => (visitor, Err(Problem::from(error))),
    }
}

fn guest(office: &Office, parts: &Parts) -> Visitor {
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let chosen = Cookie::Language.read(&parts.headers, &office.settings);
    let mut visitor = Visitor::guest(chosen.and_then(|tag| tag.parse().ok()).unwrap_or_default(), path);
    visitor.zone = office.settings.zone();
    visitor.wants_fragment = parts.headers.contains_key(FRAGMENT_HEADER);
    if !parts.method.is_safe() {
        visitor.return_to = referring_page(&parts.headers);
    }
    let known = Cookie::Guest.read(&parts.headers, &office.settings);
    if let Some(token) = known.filter(|token| token.len() == TOKEN_LENGTH) {
        token.clone_into(&mut visitor.guest_token);
        visitor.guest_token_is_new = false;
    }
    visitor
}

/// Path of the page that a posted form stood on, as far as the browser tells.
fn referring_page(headers: &HeaderMap) -> LocalPath {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let (Some(referrer), Some(host)) = (text(header::REFERER), text(header::HOST)) else {
        return LocalPath::default();
    };
    let path = referrer.split_once("://").and_then(|(_, rest)| rest.strip_prefix(host));
    path.map_or_else(LocalPath::default, LocalPath::new)
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let known = parts.extensions.get::<Self>().cloned();
        Ok(known.unwrap_or_else(|| Self::guest(Locale::default(), parts.uri.path())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn navigation_follows_roles() {
        let guest = Visitor::guest(Locale::Id, "/");
        assert!(guest.sees(NavEntry::EVERYONE));
        assert!(!guest.sees(NavEntry::SIGNED_IN));
        let officer = guest.with_session(Session {
            account: Uuid::nil(),
            name: "Sari".to_owned(),
            roles: vec!["officer".to_owned()],
            csrf: "c".to_owned(),
            id: "s".to_owned(),
        });
        assert!(officer.sees("officer") && officer.sees(NavEntry::SIGNED_IN));
        assert!(!officer.sees("administrator"));
        assert_eq!(officer.csrf(), "c");
    }

    #[test]
    fn the_referring_page_is_told_only_by_this_host() {
        let referring = |referrer: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, "melek.test".parse().unwrap());
            headers.insert(header::REFERER, referrer.parse().unwrap());
            referring_page(&headers).to_string()
        };
        assert_eq!(referring("http://melek.test/a?b=c"), "/a?b=c");
        assert_eq!(referring("http://melek.test.evil.example/a"), "/");
        assert_eq!(referring("http://evil.example/a"), "/");
    }
}
