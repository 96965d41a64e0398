//! Puts the floor under the capabilities' routes: own routes, layers in their order, security headers.

use std::any::Any;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate as _};

use crate::form::UPLOAD_LIMIT;
use crate::observe::observe;
use crate::reception::receive;
use crate::sign_out::sign_out;
use crate::switch_language::switch_language;
use crate::{Office, Problem, assets, machine_room};

/// Routes of this crate, for the test that asks every route without a right.
pub const ROUTES: [&str; 5] = ["/assets/{name}", "/healthz", "/language", "/metrics", "/sign-out"];

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const SECURITY: [(HeaderName, &str); 7] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
];
/// One year, only under TLS.
const HSTS: &str = "max-age=31536000";

/// The whole site: the capabilities' routes with everything this crate adds.
pub fn router(office: Office, routes: Router<Office>) -> Router {
    machine_room::start_recorder();
    // Office files are archives already.
    let worth_compressing = DefaultPredicate::new().and(NotForContentType::const_new("application/vnd."));
    let pages = routes
        .route("/language", post(switch_language))
        .route("/sign-out", post(sign_out))
        .fallback(async || Problem::not_found())
        .layer(CatchPanicLayer::custom(after_panic))
        .layer(DefaultBodyLimit::max(UPLOAD_LIMIT))
        .layer(from_fn_with_state(office.clone(), receive))
        .layer(CompressionLayer::new().compress_when(worth_compressing));
    let machines = Router::new()
        .route("/healthz", get(machine_room::healthz))
        .route("/metrics", get(machine_room::metrics))
        .route("/assets/{name}", get(assets::asset));
    pages.merge(machines).layer(from_fn_with_state(office.clone(), protect)).layer(from_fn(observe)).with_state(office)
}

async fn protect(State(office): State<Office>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in SECURITY {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if office.settings.secure_cookies {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(HSTS));
    }
    response
}

/// A bug, told to the log; the visitor gets a page.
#[derive(Debug, thiserror::Error)]
#[error("a handler panicked: {0}")]
struct Panicked(String);

fn after_panic(payload: Box<dyn Any + Send>) -> Response {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| payload.downcast_ref::<String>().cloned());
    Problem::internal(Panicked(text.unwrap_or_default())).into_response()
}
