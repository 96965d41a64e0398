//! Keeps other sites from posting in the visitor's name (CSRF), for every route, whether its handler reads the form or not.
//!
//! Three lines: `Sec-Fetch-Site` or else `Origin` where the browser sends them (on plain HTTP in a LAN the first is absent),
//! `SameSite=Lax` cookies, and the field `csrf`: the session's secret, or for a guest the same token as in the cookie.
//! Multipart bodies are not read here; `MultipartForm` checks their field.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, header};

use crate::form::FORM_LIMIT;
use crate::{Fields, Problem, Settings, Visitor, secret};

/// Name of the hidden field.
pub(crate) const FIELD: &str = "csrf";

/// Lets a request through that reads only, or that carries a form of this site.
pub(crate) async fn refuse_foreign_form(
    settings: &Settings,
    visitor: &Visitor,
    request: Request,
) -> Result<Request, Problem> {
    if request.method().is_safe() {
        return Ok(request);
    }
    if comes_from_elsewhere(request.headers(), settings) {
        return Err(Problem::form_expired());
    }
    let media_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    match media_type.map(|value| value.split(';').next().unwrap_or_default().trim()) {
        Some("multipart/form-data") => Ok(request),
        Some("application/x-www-form-urlencoded") => {
            let (parts, body) = request.into_parts();
            let body = to_bytes(body, FORM_LIMIT).await.map_err(|_| Problem::too_large())?;
            check_body(visitor, &body)?;
            Ok(Request::from_parts(parts, Body::from(body)))
        }
        _ => Err(Problem::form_expired()),
    }
}

/// A wrong token of somebody whose session has ended leads to sign-in, else the form is refused.
pub(crate) fn check_token(visitor: &Visitor, token: &str) -> Result<(), Problem> {
    match secret::same(visitor.csrf(), token) {
        true => Ok(()),
        false if visitor.session_has_ended => Err(Problem::sign_in_required()),
        false => Err(Problem::form_expired()),
    }
}

fn check_body(visitor: &Visitor, body: &Bytes) -> Result<(), Problem> {
    let fields: Fields = serde_html_form::from_bytes(body).map_err(|_| Problem::unreadable())?;
    check_token(visitor, fields.get(FIELD).unwrap_or_default())?;
    // PostgreSQL keeps no NUL, and no keyboard types one.
    if fields.iter().any(|(name, value)| name.contains('\0') || value.contains('\0')) {
        return Err(Problem::unreadable());
    }
    Ok(())
}

fn comes_from_elsewhere(headers: &HeaderMap, settings: &Settings) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return !matches!(site, "same-origin" | "none");
    }
    let Some(origin) = text("origin") else {
        return false;
    };
    let forwarded = text("x-forwarded-host").filter(|_| settings.behind_proxy);
    let host = forwarded.or_else(|| text("host")).unwrap_or_default();
    origin.split_once("://").is_none_or(|(_, authority)| authority != host)
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    fn is_refused(headers: &[(&'static str, &'static str)]) -> bool {
        let pair = |&(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value));
        comes_from_elsewhere(&headers.iter().map(pair).collect(), &Settings::default())
    }

    #[test]
    fn the_browser_says_where_a_form_stood() {
        assert!(!is_refused(&[("sec-fetch-site", "same-origin")]));
        assert!(is_refused(&[("sec-fetch-site", "cross-site")]));
        assert!(is_refused(&[("sec-fetch-site", "same-site")]));
    }

    #[test]
    fn without_fetch_metadata_the_origin_must_be_this_host() {
        assert!(!is_refused(&[("host", "10.0.0.5:8080"), ("origin", "http://10.0.0.5:8080")]));
        assert!(is_refused(&[("host", "10.0.0.5:8080"), ("origin", "http://evil.example")]));
        assert!(is_refused(&[("host", "10.0.0.5:8080"), ("origin", "null")]));
        assert!(!is_refused(&[("host", "10.0.0.5:8080")]));
    }
}
