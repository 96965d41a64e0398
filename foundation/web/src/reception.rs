//! What happens around every page: who is asking, is the form ours, and what does a problem look like.
//!
//! In order: identify the visitor, refuse foreign forms, run the handler within its time, write problems (also the router's
//! own 404, 405 and unreadable parameters) as a page or as JSON, give a guest a token with the first page.

use std::time::Duration;

use askama::Template;
use axum::Json;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde_json::json;

use crate::cookie::Cookie;
use crate::page::Page;
use crate::problem::Kind;
use crate::request_id::RequestId;
use crate::visitor::identify;
use crate::{Office, Problem, Visitor, forgery, words};

const TIME_FOR_A_PAGE: Duration = Duration::from_secs(30);
const TIME_FOR_AN_UPLOAD: Duration = Duration::from_secs(300);
/// Page of the capability that knows passwords.
const SIGN_IN: &str = "/sign-in";
/// Tells the page's script to load another page as a whole.
const GO_HEADER: &str = "x-melek-go";

pub(crate) async fn receive(State(office): State<Office>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let asked = Asked::new(&parts);
    let (visitor, identified) = identify(&office, &parts).await;
    let answer = match identified {
        Ok(()) => admit(&office, &visitor, Request::from_parts(parts, body), next).await,
        Err(problem) => Err(problem),
    };
    let answer = answer.unwrap_or_else(Problem::into_response);
    let mut response = match problem_of(&answer) {
        Some(problem) => asked.explain(&office, &visitor, &problem),
        None => answer,
    };
    let headers = response.headers_mut();
    if visitor.guest_token_is_new && is_page(headers) {
        headers.append(header::SET_COOKIE, Cookie::Guest.set(visitor.csrf(), &office.settings));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

async fn admit(office: &Office, visitor: &Visitor, request: Request, next: Next) -> Result<Response, Problem> {
    if request.uri().to_string().contains("%00") {
        return Err(Problem::not_found());
    }
    let is_upload =
        request.headers().get(header::CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(b"multipart/"));
    let time = if is_upload { TIME_FOR_AN_UPLOAD } else { TIME_FOR_A_PAGE };
    let answer = async {
        let mut request = forgery::refuse_foreign_form(&office.settings, visitor, request).await?;
        request.extensions_mut().insert(visitor.clone());
        Ok(next.run(request).await)
    };
    tokio::time::timeout(time, answer).await.unwrap_or_else(|_| Err(Problem::unavailable(5)))
}

fn is_page(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(b"text/html"))
}

/// The problem of an answer; a bare error status of the router or of an extractor counts as one.
fn problem_of(answer: &Response) -> Option<Problem> {
    let stated = answer.extensions().get::<Problem>().cloned();
    let is_bare = |status: StatusCode| status.is_client_error() || status.is_server_error();
    stated.or_else(|| {
        let has_own_text = is_page(answer.headers()) || is_json(answer.headers());
        (is_bare(answer.status()) && !has_own_text).then(|| Problem::from_status(answer.status()))
    })
}

fn is_json(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).is_some_and(|value| value.contains("json"))
}

/// What of the request is needed after the handler has consumed it.
struct Asked {
    wants_json: bool,
    request_id: RequestId,
}

#[derive(Template)]
#[template(path = "web/problem.html")]
struct ProblemPage {
    explanation: String,
    advice: String,
    request_id: Option<String>,
    home: String,
}

impl Asked {
    fn new(parts: &Parts) -> Self {
        let accept = parts.headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        Self {
            wants_json: accept.contains("json") && !accept.contains("text/html"),
            request_id: parts.extensions.get().cloned().unwrap_or_default(),
        }
    }

    fn explain(&self, office: &Office, visitor: &Visitor, problem: &Problem) -> Response {
        self.log(problem);
        let mut response = if self.wants_json {
            self.as_json(visitor, problem)
        } else if problem.kind() == Kind::SignInRequired {
            self.to_sign_in(visitor)
        } else {
            self.as_page(office, visitor, problem)
        };
        if let Some(seconds) = problem.retry_after_s() {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }

    fn log(&self, problem: &Problem) {
        let (request_id, code) = (self.request_id.as_str(), problem.kind().code());
        match (problem.status().is_server_error(), problem.cause()) {
            (true, cause) => {
                let cause = cause.unwrap_or_else(|| "not stated".to_owned());
                tracing::error!(request_id, code, cause, "a request failed");
            }
            (false, Some(cause)) => tracing::info!(request_id, code, cause, "a request was refused"),
            (false, None) => {}
        }
    }

    fn as_json(&self, visitor: &Visitor, problem: &Problem) -> Response {
        let words = words(visitor.locale);
        let code = problem.kind().code();
        let detail = problem.detail().map_or_else(|| words.text(&format!("problem-{code}-text")), str::to_owned);
        let body = json!({
            "type": "about:blank",
            "title": words.text(&format!("problem-{code}-title")),
            "status": problem.status().as_u16(),
            "detail": detail,
            "code": code,
            "request_id": self.request_id.as_str(),
        });
        let kind = HeaderValue::from_static("application/problem+json");
        (problem.status(), [(header::CONTENT_TYPE, kind)], Json(body)).into_response()
    }

    /// After sign-in the person comes back to this page, or to the page on which the form stood.
    fn to_sign_in(&self, visitor: &Visitor) -> Response {
        let address = format!("{SIGN_IN}?next={}", visitor.return_to.encoded());
        if visitor.wants_fragment {
            let address = HeaderValue::try_from(address).unwrap_or(HeaderValue::from_static(SIGN_IN));
            return (StatusCode::UNAUTHORIZED, [(GO_HEADER, address)]).into_response();
        }
        Redirect::to(&address).into_response()
    }

    fn as_page(&self, office: &Office, visitor: &Visitor, problem: &Problem) -> Response {
        let words = words(visitor.locale);
        let code = problem.kind().code();
        let explanation = problem.detail().map_or_else(|| words.text(&format!("problem-{code}-text")), str::to_owned);
        let advice = problem.detail().map_or_else(|| words.text(&format!("problem-{code}-advice")), |_| String::new());
        let is_ours = problem.status().is_server_error();
        let body = ProblemPage {
            explanation,
            advice,
            request_id: is_ours.then(|| words.with("problem-request-id", &[("id", self.request_id.as_str().into())])),
            home: words.text("problem-home"),
        };
        let title = words.text(&format!("problem-{code}-title"));
        Page::new(office, visitor, &title).status(problem.status()).show(body)
    }
}
