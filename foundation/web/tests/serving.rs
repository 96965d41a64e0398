//! The server on a real socket of this machine: finishes what was asked, then stops; closes slow connections.

mod harness;

use std::time::Duration;

use axum::Router;
use axum::routing::get;
use harness::Site;
use melek_web::{router, serve};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

async fn ask(stream: &mut TcpStream, path: &str) {
    let request = format!("GET {path} HTTP/1.1\r\nhost: melek.test\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.expect("the server reads");
}

#[tokio::test]
async fn a_request_in_flight_is_finished_after_the_stop_signal_and_no_new_one_is_taken() {
    let site = Site::new().await;
    let (begun, has_begun) = oneshot::channel::<()>();
    let (go, may_go) = oneshot::channel::<()>();
    let gates = std::sync::Mutex::new(Some((begun, may_go)));
    let slow = move || {
        let gates = gates.lock().unwrap().take();
        async move {
            let (begun, may_go) = gates.expect("asked once");
            begun.send(()).unwrap();
            may_go.await.unwrap();
            "finished"
        }
    };
    let slow = std::sync::Arc::new(slow);
    let routes = Router::new().route("/slow", get(move || slow()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let site_router = router(site.office.clone(), routes);
    let server = tokio::spawn(serve(listener, site_router, async { stopped.await.unwrap() }));

    let mut stream = TcpStream::connect(address).await.unwrap();
    ask(&mut stream, "/slow").await;
    has_begun.await.unwrap();
    stop.send(()).unwrap();
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    assert!(!server.is_finished());
    go.send(()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("finished"), "{answer}");
    tokio::time::timeout(Duration::from_secs(5), server).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_metric_can_be_read_over_the_loopback() {
    let site = Site::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(serve(listener, site.router.clone(), std::future::pending()));
    let mut stream = TcpStream::connect(address).await.unwrap();
    ask(&mut stream, "/metrics").await;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    server.abort();
}
