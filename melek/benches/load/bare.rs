//! What `answers` is compared with: an axum server without layers whose one route writes one row in one transaction.

use anyhow::Result;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use melek_db::{Address, Db, Migrations, q};
use melek_web::Clock;
use tokio::net::TcpListener;

/// The argument that makes this program the bare server.
pub const COMMAND: &str = "bare";
pub const PATH: &str = "/answers";

const MIGRATIONS: Migrations = Migrations {
    capability: "bare",
    files: &[(
        "0001_create_answers.sql",
        "CREATE TABLE bare_answer (id TEXT NOT NULL, answer TEXT NOT NULL, answered_ms BIGINT NOT NULL,\n\
         CONSTRAINT bare_answer_key PRIMARY KEY (id));\n",
    )],
};

/// Serves until it is killed; the database is named by the environment.
pub async fn run() -> Result<()> {
    let db = Db::open(&Address::from_environment(".".as_ref())?).await?;
    db.migrate(&[MIGRATIONS]).await?;
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    println!("http://{}/", listener.local_addr()?);
    let router = Router::new().route(PATH, post(take)).with_state((db, Clock::system()));
    axum::serve(listener, router).await?;
    Ok(())
}

async fn take(State((db, clock)): State<(Db, Clock)>, form: String) -> Result<&'static str, StatusCode> {
    insert(&db, &clock, form).await.map_err(|error| {
        eprintln!("{error}");
        StatusCode::INTERNAL_SERVER_ERROR
    })
}

async fn insert(db: &Db, clock: &Clock, form: String) -> Result<&'static str, melek_db::Error> {
    let mut tx = db.begin().await?;
    let insert = q("INSERT INTO bare_answer (id, answer, answered_ms) VALUES ($1, $2, $3)");
    insert.bind(clock.new_id()).bind(form).bind(clock.now_ms()).exec(&mut tx).await?;
    tx.commit().await?;
    Ok("kept")
}
