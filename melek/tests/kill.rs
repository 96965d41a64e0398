//! The server dies without warning while people answer. The long run, with a release build and many kills, is
//! `cargo xtask crash`; this is the same code, short, so that a change that loses answers is seen at once.

#[path = "../benches/load/connection.rs"]
mod connection;
#[path = "../benches/load/crash.rs"]
mod crash;
#[path = "../benches/load/form.rs"]
mod form;
#[path = "../benches/load/kept.rs"]
mod kept;
#[path = "../benches/load/office.rs"]
mod office;
#[path = "../benches/load/person.rs"]
mod person;
#[path = "../benches/load/place.rs"]
mod place;
#[path = "../benches/load/server.rs"]
mod server;

use melek_db::Engine;

use crate::crash::{Plan, crash};
use crate::place::Place;

#[tokio::test]
async fn an_acknowledged_answer_survives_kill_9_and_stands_in_a_backup() {
    let engine = if Place::has_postgres() { Engine::Postgres } else { Engine::Sqlite };
    let place = Place::new(engine).await.expect("place");
    let plan = Plan { kills: 2, answers: 20..100, people: 200, at_once: 20, seed: 3 };
    let outcome = crash(&place, plan).await.expect("run");
    assert!(outcome.is_good() && outcome.acknowledged > 0 && outcome.before_backup > 0, "{outcome}");
}
