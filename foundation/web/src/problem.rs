//! What a handler answers when it cannot do what was asked: one type for every page, turned into a page in the visitor's
//! language, or into RFC 9457 JSON when the client prefers JSON.
//!
//! A capability converts its own errors with `impl From<ItsError> for Problem` and uses `?`. The cause of an internal problem is
//! logged once, with the request's id, and never shown. Details are sentences for people, in the visitor's language.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

/// Why there is no ordinary answer.
#[derive(Clone, Debug)]
pub struct Problem {
    kind: Kind,
    detail: Option<String>,
    source: Option<Arc<dyn Error + Send + Sync>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    NotFound,
    Forbidden,
    SignInRequired,
    FormExpired,
    Conflict,
    Invalid,
    MethodNotAllowed,
    TooLarge,
    TooMany { retry_after_s: u64 },
    Unavailable { retry_after_s: u64 },
    Internal,
}

impl Problem {
    /// No such page, or none that this visitor may know of.
    pub fn not_found() -> Self {
        Self::of(Kind::NotFound)
    }

    /// Signed in, but without the role or scope.
    pub fn forbidden() -> Self {
        Self::of(Kind::Forbidden)
    }

    /// A page leads to the sign-in page and comes back here afterwards; JSON gets 401.
    pub fn sign_in_required() -> Self {
        Self::of(Kind::SignInRequired)
    }

    /// Something changed meanwhile; `detail` says what, and what to do.
    pub fn conflict(detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..Self::of(Kind::Conflict) }
    }

    /// The request makes no sense as a whole; wrong fields of a form belong into `FieldErrors` instead.
    pub fn invalid(detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..Self::of(Kind::Invalid) }
    }

    /// Too many attempts; may be tried again after so many seconds.
    pub fn too_many(retry_after_s: u64) -> Self {
        Self::of(Kind::TooMany { retry_after_s })
    }

    /// Cannot be done right now; may be tried again after so many seconds.
    pub fn unavailable(retry_after_s: u64) -> Self {
        Self::of(Kind::Unavailable { retry_after_s })
    }

    /// Our fault.
    pub fn internal(error: impl Error + Send + Sync + 'static) -> Self {
        Self { source: Some(Arc::new(error)), ..Self::of(Kind::Internal) }
    }

    pub fn status(&self) -> StatusCode {
        match self.kind {
            Kind::NotFound => StatusCode::NOT_FOUND,
            Kind::Forbidden | Kind::FormExpired => StatusCode::FORBIDDEN,
            Kind::SignInRequired => StatusCode::UNAUTHORIZED,
            Kind::Conflict => StatusCode::CONFLICT,
            Kind::Invalid => StatusCode::BAD_REQUEST,
            Kind::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Kind::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Kind::Unavailable { .. } => StatusCode::SERVICE_UNAVAILABLE,
            Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    pub(crate) fn form_expired() -> Self {
        Self::of(Kind::FormExpired)
    }

    /// A form or address that cannot be read. What the parser says is not kept: it quotes what people typed.
    pub(crate) fn unreadable() -> Self {
        Self::of(Kind::Invalid)
    }

    pub(crate) fn too_large() -> Self {
        Self::of(Kind::TooLarge)
    }

    /// For an answer that is only a status, as the router itself gives.
    pub(crate) fn from_status(status: StatusCode) -> Self {
        Self::of(match status {
            StatusCode::NOT_FOUND => Kind::NotFound,
            StatusCode::FORBIDDEN => Kind::Forbidden,
            StatusCode::METHOD_NOT_ALLOWED => Kind::MethodNotAllowed,
            StatusCode::PAYLOAD_TOO_LARGE => Kind::TooLarge,
            StatusCode::REQUEST_TIMEOUT | StatusCode::SERVICE_UNAVAILABLE => Kind::Unavailable { retry_after_s: 5 },
            status if status.is_client_error() => Kind::Invalid,
            _ => Kind::Internal,
        })
    }

    pub(crate) fn kind(&self) -> Kind {
        self.kind
    }

    pub(crate) fn detail(&self) -> Option<&str> {
        self.detail.as_deref()
    }

    pub(crate) fn retry_after_s(&self) -> Option<u64> {
        match self.kind {
            Kind::TooMany { retry_after_s } | Kind::Unavailable { retry_after_s } => Some(retry_after_s),
            _ => None,
        }
    }

    /// The chain of causes on one line, for the log.
    pub(crate) fn cause(&self) -> Option<String> {
        let first = self.source.as_deref()?;
        let mut line = first.to_string();
        let mut next = first.source();
        while let Some(error) = next {
            let text = error.to_string();
            if !line.ends_with(&text) {
                line = format!("{line}: {text}");
            }
            next = error.source();
        }
        Some(line)
    }

    fn of(kind: Kind) -> Self {
        Self { kind, detail: None, source: None }
    }
}

impl Kind {
    /// Part of the keys in `web.ftl`, and the `code` of the JSON form.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Forbidden => "forbidden",
            Self::SignInRequired => "sign-in-required",
            Self::FormExpired => "form-expired",
            Self::Conflict => "conflict",
            Self::Invalid => "invalid",
            Self::MethodNotAllowed => "method-not-allowed",
            Self::TooLarge => "too-large",
            Self::TooMany { .. } => "too-many",
            Self::Unavailable { .. } => "unavailable",
            Self::Internal => "internal",
        }
    }
}

impl From<melek_db::Error> for Problem {
    fn from(error: melek_db::Error) -> Self {
        if error.may_be_tried_again() {
            Self { source: Some(Arc::new(error)), ..Self::unavailable(2) }
        } else {
            Self::internal(error)
        }
    }
}

impl From<askama::Error> for Problem {
    fn from(error: askama::Error) -> Self {
        Self::internal(error)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.detail().unwrap_or(self.kind.code()))
    }
}

/// Carries the status; `reception` writes the page, because only it knows the visitor.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("the outer thing failed")]
    struct Outer(#[source] std::fmt::Error);

    #[test]
    fn the_cause_tells_the_whole_chain_once() {
        let problem = Problem::internal(Outer(std::fmt::Error));
        let cause = problem.cause().unwrap();
        assert!(cause.starts_with("the outer thing failed: an error occurred"), "{cause}");
    }

    #[test]
    fn a_busy_database_asks_to_come_again() {
        let problem = Problem::from(melek_db::Error::Busy);
        assert_eq!(problem.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(problem.retry_after_s(), Some(2));
    }
}
