//! Pages for machines: GET /healthz (the database answers a read) and GET /metrics (Prometheus text).
//!
//! /metrics answers only to the same machine and not through a proxy; it holds counts by route and no personal data.

use std::sync::LazyLock;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use melek_db::q;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use crate::{ClientAddress, Office};

/// Bounds of the duration histogram, in seconds.
const SECONDS: [f64; 9] = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0];
const UPKEEP: Duration = Duration::from_secs(5);
const TIME_FOR_HEALTH: Duration = Duration::from_secs(3);

pub(crate) async fn healthz(State(office): State<Office>) -> Response {
    let read = q("SELECT CAST(1 AS BIGINT)").scalar::<i64>(&office.db);
    match tokio::time::timeout(TIME_FOR_HEALTH, read).await {
        Ok(Ok(_)) => "ok\n".into_response(),
        _ => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response(),
    }
}

pub(crate) async fn metrics(address: ClientAddress, headers: HeaderMap) -> Response {
    let came_by_proxy = headers.contains_key("x-forwarded-for") || headers.contains_key(header::FORWARDED);
    if came_by_proxy || !address.is_this_machine() {
        return StatusCode::NOT_FOUND.into_response();
    }
    let text = RECORDER.as_ref().map(PrometheusHandle::render).unwrap_or_default();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response()
}

/// The process's recorder; none when the program brought its own.
static RECORDER: LazyLock<Option<PrometheusHandle>> = LazyLock::new(|| {
    PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Full("melek_request_seconds".to_owned()), &SECONDS)
        .and_then(PrometheusBuilder::install_recorder)
        .ok()
});

/// Counting begins; again and again is harmless.
pub(crate) fn start_recorder() {
    LazyLock::force(&RECORDER);
}

/// The recorder keeps every measured duration until it is folded into its histogram.
pub(crate) async fn keep_metrics_small() {
    let mut rhythm = tokio::time::interval(UPKEEP);
    loop {
        rhythm.tick().await;
        if let Some(recorder) = RECORDER.as_ref() {
            recorder.run_upkeep();
        }
    }
}
