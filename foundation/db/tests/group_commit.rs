//! The changes of many people in one transaction (MELEK_TEST_POSTGRES chooses the engine).

#![allow(clippy::unwrap_used, reason = "the helpers of a test fail by panicking")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Waker};

use melek_db::{
    Address, CommitError, Committer, Db, Error, Migrations, TestDatabase, Tx, fixed_sizes, q, rows, test_database,
};
use tokio::sync::Semaphore;

const TABLES: Migrations = Migrations {
    capability: "test",
    files: &[(
        "0001_create_answers.sql",
        "CREATE TABLE test_answer (
    person TEXT NOT NULL,
    place BIGINT NOT NULL CONSTRAINT test_answer_place_check CHECK (place >= 0),
    CONSTRAINT test_answer_pk PRIMARY KEY (person, place)
);
CREATE TABLE test_total (person TEXT NOT NULL CONSTRAINT test_total_pk PRIMARY KEY, answers BIGINT NOT NULL);",
    )],
};

/// A gate that batches wait at, and what was seen behind it.
#[derive(Clone)]
struct Gate {
    open: Arc<Semaphore>,
    batches: Arc<AtomicUsize>,
    largest: Arc<AtomicUsize>,
}

impl Gate {
    fn new(open: bool) -> Gate {
        let permits = if open { Semaphore::MAX_PERMITS } else { 0 };
        Gate { open: Arc::new(Semaphore::new(permits)), batches: Arc::default(), largest: Arc::default() }
    }

    fn open(&self) {
        self.open.add_permits(Semaphore::MAX_PERMITS / 2);
    }
}

struct Answer {
    person: String,
    place: i64,
    gate: Gate,
}

#[derive(Debug, PartialEq)]
enum Kept {
    Now,
    Before,
}

async fn keep_answers(tx: &mut Tx, answers: &[Answer]) -> Result<Vec<Kept>, Error> {
    let gate = &answers[0].gate;
    let _passed = gate.open.acquire().await.unwrap();
    gate.batches.fetch_add(1, Ordering::SeqCst);
    gate.largest.fetch_max(answers.len(), Ordering::SeqCst);
    let mut kept = Vec::new();
    for piece in fixed_sizes(answers) {
        assert!(piece.iter().all(|answer| answer.person != "panic"), "asked to fail");
        let values = piece.iter().flat_map(|answer| [answer.person.clone().into(), answer.place.into()]);
        let sql = format!(
            "INSERT INTO test_answer (person, place) VALUES {} ON CONFLICT DO NOTHING RETURNING person, place",
            rows(piece.len(), 2)
        );
        let new: Vec<(String, i64)> = q(sql).bind_all::<melek_db::Value>(values).all(&mut *tx).await?;
        kept.extend(piece.iter().map(|answer| {
            let is_new = new.iter().any(|(person, place)| (person, place) == (&answer.person, &answer.place));
            if is_new { Kept::Now } else { Kept::Before }
        }));
    }
    Ok(kept)
}

async fn database() -> TestDatabase {
    let db = test_database().await;
    db.migrate(&[TABLES]).await.unwrap();
    db
}

async fn count(db: &Db) -> i64 {
    q("SELECT COUNT(*) FROM test_answer").scalar(db).await.unwrap()
}

type Office = Committer<Answer, Kept>;

fn hand_in(
    office: &Office,
    gate: &Gate,
    person: &str,
    place: i64,
) -> tokio::task::JoinHandle<Result<Kept, CommitError>> {
    let (office, gate, person) = (office.clone(), gate.clone(), person.to_owned());
    tokio::spawn(async move { office.commit(Answer { person, place, gate }).await })
}

/// Lets the tasks that were spawned run until they wait.
async fn settle() {
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_reply_means_that_the_change_is_there() {
    let db = database().await;
    let (office, gate) = (Committer::start(db.handle(), 16, keep_answers), Gate::new(true));
    let reply = hand_in(&office, &gate, "Ani", 1).await.unwrap().unwrap();
    assert_eq!((reply, count(&db).await), (Kept::Now, 1));
}

#[tokio::test]
async fn a_second_submit_of_the_same_answer_changes_nothing() {
    let db = database().await;
    let (office, gate) = (Committer::start(db.handle(), 16, keep_answers), Gate::new(true));
    hand_in(&office, &gate, "Ani", 1).await.unwrap().unwrap();
    let again = hand_in(&office, &gate, "Ani", 1).await.unwrap().unwrap();
    assert_eq!((again, count(&db).await), (Kept::Before, 1));
}

#[tokio::test]
async fn what_queued_up_meanwhile_shares_one_transaction() {
    let db = database().await;
    let (office, gate) = (Committer::start(db.handle(), 100, keep_answers), Gate::new(false));
    let replies: Vec<_> = (0..101).map(|place| hand_in(&office, &gate, "Ani", place)).collect();
    settle().await;
    gate.open();
    for reply in replies {
        assert_eq!(reply.await.unwrap().unwrap(), Kept::Now);
    }
    assert!(gate.batches.load(Ordering::SeqCst) <= 3, "{:?}", gate.batches);
    assert!(gate.largest.load(Ordering::SeqCst) <= 100);
    assert_eq!(count(&db).await, 101);
}

#[tokio::test]
async fn one_bad_change_fails_alone_and_the_others_are_kept() {
    let db = database().await;
    let (office, gate) = (Committer::start(db.handle(), 100, keep_answers), Gate::new(false));
    let good: Vec<_> = (0..20).map(|place| hand_in(&office, &gate, "Ani", place)).collect();
    let bad = hand_in(&office, &gate, "Budi", -1);
    let more: Vec<_> = (20..40).map(|place| hand_in(&office, &gate, "Ani", place)).collect();
    settle().await;
    gate.open();
    let refused = bad.await.unwrap();
    assert!(matches!(refused, Err(CommitError::Database(Error::Check { .. }))), "{refused:?}");
    for reply in good.into_iter().chain(more) {
        assert_eq!(reply.await.unwrap().unwrap(), Kept::Now);
    }
    assert_eq!(count(&db).await, 40);
}

#[tokio::test]
async fn a_change_that_makes_the_program_fail_harms_nobody_else() {
    let db = database().await;
    let (office, gate) = (Committer::start(db.handle(), 100, keep_answers), Gate::new(false));
    let first = hand_in(&office, &gate, "Ani", 1);
    let bad = hand_in(&office, &gate, "panic", 1);
    let last = hand_in(&office, &gate, "Budi", 1);
    settle().await;
    gate.open();
    assert!(matches!(bad.await.unwrap(), Err(CommitError::Panicked)));
    assert_eq!(first.await.unwrap().unwrap(), Kept::Now);
    assert_eq!(last.await.unwrap().unwrap(), Kept::Now);
    assert_eq!(hand_in(&office, &gate, "Citra", 1).await.unwrap().unwrap(), Kept::Now);
}

#[tokio::test]
async fn a_full_queue_makes_the_senders_wait_and_loses_nothing() {
    let db = database().await;
    let (office, gate) = (Committer::start(db.handle(), 2, keep_answers), Gate::new(false));
    let replies: Vec<_> = (0..50).map(|place| hand_in(&office, &gate, "Ani", place)).collect();
    settle().await;
    let late = office.commit(Answer { person: "late".into(), place: 1, gate: gate.clone() });
    let mut late = std::pin::pin!(late);
    let waited = late.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    assert!(waited.is_pending());
    gate.open();
    for reply in replies {
        reply.await.unwrap().unwrap();
    }
    late.await.unwrap();
    assert_eq!(count(&db).await, 51);
    assert_eq!(gate.largest.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn stopping_finishes_what_was_handed_in_and_refuses_what_comes_later() {
    let db = database().await;
    let (office, gate) = (Committer::start(db.handle(), 4, keep_answers), Gate::new(false));
    let replies: Vec<_> = (0..12).map(|place| hand_in(&office, &gate, "Ani", place)).collect();
    settle().await;
    gate.open();
    office.shut_down().await;
    let late = hand_in(&office, &gate, "late", 1).await.unwrap();
    assert!(matches!(late, Err(CommitError::Stopped)));
    for reply in replies {
        assert_eq!(reply.await.unwrap().unwrap(), Kept::Now);
    }
    assert_eq!(count(&db).await, 12);
    office.shut_down().await;
}

#[tokio::test]
async fn a_change_is_kept_even_when_its_sender_went_away() {
    let db = database().await;
    let (office, gate) = (Committer::start(db.handle(), 4, keep_answers), Gate::new(false));
    let gone = hand_in(&office, &gate, "Ani", 1);
    settle().await;
    gone.abort();
    gate.open();
    office.shut_down().await;
    assert_eq!(count(&db).await, 1);
}

async fn forget_a_reply(_: &mut Tx, _: &[i64]) -> Result<Vec<i64>, Error> {
    Ok(Vec::new())
}

#[tokio::test]
async fn a_batch_with_a_missing_reply_is_not_kept() {
    let db = database().await;
    let office = Committer::start(db.handle(), 4, forget_a_reply);
    let refused = office.commit(1).await;
    assert!(matches!(refused, Err(CommitError::Replies { changes: 1, replies: 0 })));
}

/// Counts without summing per person first: a person twice in one statement is an error on PostgreSQL.
async fn count_answers(tx: &mut Tx, people: &[(&'static str, Gate)]) -> Result<Vec<()>, Error> {
    let _passed = people[0].1.open.acquire().await.unwrap();
    let sql = format!(
        "INSERT INTO test_total (person, answers) VALUES {}
         ON CONFLICT (person) DO UPDATE SET answers = test_total.answers + 1",
        rows(people.len(), 2)
    );
    let values = people.iter().flat_map(|(person, _)| [(*person).into(), 1_i64.into()]);
    q(sql).bind_all::<melek_db::Value>(values).exec(tx).await?;
    Ok(people.iter().map(|_| ()).collect())
}

#[tokio::test]
async fn the_same_key_twice_in_one_batch_counts_twice_on_both_engines() {
    let db = database().await;
    let (office, gate) = (Committer::start(db.handle(), 10, count_answers), Gate::new(false));
    let replies: Vec<_> = ["Ani", "Ani", "Ani", "Budi"]
        .map(|person| {
            let (office, gate) = (office.clone(), gate.clone());
            tokio::spawn(async move { office.commit((person, gate)).await })
        })
        .into();
    settle().await;
    gate.open();
    for reply in replies {
        reply.await.unwrap().unwrap();
    }
    let total: i64 = q("SELECT answers FROM test_total WHERE person = 'Ani'").scalar(&*db).await.unwrap();
    assert_eq!(total, 3);
}

async fn add_one(tx: &mut Tx, people: &[(&'static str, &'static str)]) -> Result<Vec<()>, Error> {
    for (first, second) in people {
        for person in [first, second] {
            let add = "INSERT INTO test_total (person, answers) VALUES ($1, 1)
                       ON CONFLICT (person) DO UPDATE SET answers = test_total.answers + 1";
            q(add).bind(*person).exec(tx).await?;
            tokio::task::yield_now().await;
        }
    }
    Ok(people.iter().map(|_| ()).collect())
}

#[tokio::test]
async fn two_programs_that_lock_the_same_rows_crosswise_both_get_through() {
    let db = database().await;
    let other = Db::open(db.address()).await.unwrap();
    let offices = [
        (Committer::start(db.handle(), 8, add_one), ("Ani", "Budi")),
        (Committer::start(other.clone(), 8, add_one), ("Budi", "Ani")),
    ];
    let mut replies = Vec::new();
    for (office, people) in &offices {
        for _ in 0..8 {
            let (office, people) = (office.clone(), *people);
            replies.push(tokio::spawn(async move { office.commit(people).await }));
        }
    }
    for reply in replies {
        reply.await.unwrap().unwrap();
    }
    let totals: Vec<i64> = q("SELECT answers FROM test_total").scalars(&*db).await.unwrap();
    assert_eq!(totals, [16, 16]);
    other.close().await;
}

#[tokio::test]
async fn changes_survive_reopening_the_database() {
    let db = database().await;
    let (office, gate) = (Committer::start(db.handle(), 16, keep_answers), Gate::new(true));
    hand_in(&office, &gate, "Ani", 1).await.unwrap().unwrap();
    let again = Db::open(db.address()).await.unwrap();
    assert_eq!(count(&again).await, 1);
    if let Address::Sqlite(_) = db.address() {
        let full: i64 = q("SELECT synchronous FROM pragma_synchronous").scalar(&again).await.unwrap();
        assert_eq!(full, 2);
    }
    again.close().await;
}
