//! Serves the site over HTTP/1.1 until told to stop, then finishes what was asked.
//!
//! A connection that sends no complete head within 15 seconds, also between two requests, is closed. After the stop signal no
//! connection is accepted, requests in flight get 10 seconds; what runs after that (the committer's shutdown) is the caller's.
//! TLS is the reverse proxy's.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt as _;

use crate::machine_room;

const TIME_FOR_HEAD: Duration = Duration::from_secs(15);
const TIME_TO_FINISH: Duration = Duration::from_secs(10);
/// After a failed accept (no file handles left), so that the loop does not spin.
const PAUSE: Duration = Duration::from_millis(50);

/// Serves until `shutdown` completes: `serve(listener, router(office, routes), stop_signal()).await`.
pub async fn serve(listener: TcpListener, router: Router, shutdown: impl Future<Output = ()>) {
    let connections = GracefulShutdown::new();
    let upkeep = tokio::spawn(machine_room::keep_metrics_small());
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => attend(stream, peer, router.clone(), &connections),
                Err(error) => rest_after(&error).await,
            },
            () = &mut shutdown => break,
        }
    }
    drop(listener);
    upkeep.abort();
    if tokio::time::timeout(TIME_TO_FINISH, connections.shutdown()).await.is_err() {
        tracing::warn!("some requests were still running when the time to finish was over");
    }
}

/// Completes on SIGTERM or Ctrl-C.
pub async fn stop_signal() {
    tokio::select! {
        () = interrupted() => {}
        () = terminated() => {}
    }
}

async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

#[cfg(unix)]
async fn terminated() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut signals) => {
            signals.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn terminated() {
    std::future::pending().await
}

fn attend(stream: TcpStream, peer: SocketAddr, router: Router, connections: &GracefulShutdown) {
    // Without it a small answer may wait for the acknowledgement of the one before.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| answer(router.clone(), request, peer));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(TIME_FOR_HEAD)
        .serve_connection(TokioIo::new(stream), service);
    let watched = connections.watch(connection);
    tokio::spawn(async move {
        if let Err(error) = watched.await {
            tracing::debug!(%error, "a connection ended early");
        }
    });
}

async fn answer(router: Router, request: hyper::Request<Incoming>, peer: SocketAddr) -> Result<Response, Infallible> {
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(ConnectInfo(peer));
    router.oneshot(request).await
}

async fn rest_after(error: &io::Error) {
    let is_the_clients = matches!(error.kind(), io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset);
    if !is_the_clients {
        tracing::warn!(%error, "a connection could not be accepted");
        tokio::time::sleep(PAUSE).await;
    }
}
