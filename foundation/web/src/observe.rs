//! Sees every request from outside: gives it an id, writes one log line, counts it for /metrics.
//!
//! The log names the route's template (`/sessions/{id}`), never the address as sent, so no id, name or search text gets in.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument as _;

use crate::request_id::RequestId;

/// For addresses that no route knows.
const NO_ROUTE: &str = "none";

pub(crate) async fn observe(mut request: Request, next: Next) -> Response {
    let id = RequestId::default();
    let method = name(request.method());
    let route = request.extensions().get::<MatchedPath>().map_or(NO_ROUTE, MatchedPath::as_str).to_owned();
    request.extensions_mut().insert(id.clone());
    let started = Instant::now();
    let span = tracing::info_span!("request", id = id.as_str());
    let mut response = next.run(request).instrument(span).await;
    let seconds = started.elapsed().as_secs_f64();
    let status = response.status().as_u16();
    let request_id = id.as_str();
    tracing::info!(target: "melek::request", request_id, method, route, status, ms = seconds * 1_000.0, "answered");
    count(method, route, status, seconds);
    let header = HeaderValue::try_from(request_id).expect("hexadecimal digits fit a header");
    response.headers_mut().insert("x-request-id", header);
    response
}

fn count(method: &'static str, route: String, status: u16, seconds: f64) {
    let class = match status {
        100..200 => "1xx",
        200..300 => "2xx",
        300..400 => "3xx",
        400..500 => "4xx",
        _ => "5xx",
    };
    let labels = [("method", method.to_owned()), ("route", route), ("status", class.to_owned())];
    metrics::counter!("melek_requests_total", &labels).increment(1);
    metrics::histogram!("melek_request_seconds", &labels).record(seconds);
}

/// A fixed set, so that an invented method makes no new line in /metrics.
fn name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        _ => "other",
    }
}
