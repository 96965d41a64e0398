//! One statement, one transaction: what is the same on both engines (MELEK_TEST_POSTGRES chooses).

#![allow(clippy::unwrap_used, reason = "the helpers of a test fail by panicking")]

use melek_db::{Db, Engine, Error, Migrations, TestDatabase, Tx, q, rows, test_database};
use uuid::Uuid;

const TABLES: Migrations = Migrations {
    capability: "test",
    files: &[(
        "0001_create_tables.sql",
        "CREATE TABLE test_office (id TEXT PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE test_person (
    id TEXT NOT NULL CONSTRAINT test_person_pk PRIMARY KEY,
    office_id TEXT CONSTRAINT test_person_office_fk REFERENCES test_office (id),
    name TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    points BIGINT CONSTRAINT test_person_points_check CHECK (points >= 0),
    ability_logit DOUBLE PRECISION,
    photo BLOB,
    CONSTRAINT test_person_name_unique UNIQUE (name)
);",
    )],
};

const ADD: &str = "INSERT INTO test_person (id, office_id, name, active, points, ability_logit, photo)
    VALUES ($1, $2, $3, $4, $5, $6, $7)";
const READ: &str = "SELECT id, name, active, points, ability_logit, photo FROM test_person WHERE id = $1";

#[derive(Debug, PartialEq, sqlx::FromRow)]
struct Person {
    #[sqlx(try_from = "String")]
    id: Uuid,
    name: String,
    active: bool,
    points: Option<i64>,
    ability_logit: Option<f64>,
    photo: Option<Vec<u8>>,
}

async fn database() -> TestDatabase {
    let db = test_database().await;
    db.migrate(&[TABLES]).await.unwrap();
    db
}

fn add(name: &str) -> melek_db::Query {
    add_person(Uuid::now_v7(), name, Some(3), Some(0.5))
}

fn add_person(id: Uuid, name: &str, points: Option<i64>, ability: Option<f64>) -> melek_db::Query {
    let photo = ability.map(|_| vec![0_u8, 255, 7]);
    q(ADD).bind(id).bind(None::<&str>).bind(name).bind(true).bind(points).bind(ability).bind(photo)
}

async fn commit(db: &Db, query: melek_db::Query) -> Result<u64, Error> {
    let mut tx = db.begin().await?;
    let changed = query.exec(&mut tx).await?;
    tx.commit().await?;
    Ok(changed)
}

async fn count(db: &Db) -> i64 {
    q("SELECT COUNT(*) FROM test_person").scalar(db).await.unwrap()
}

#[tokio::test]
async fn what_is_written_is_read_back_unchanged() {
    let db = database().await;
    let id = Uuid::now_v7();
    assert_eq!(commit(&db, add_person(id, "Ani", Some(i64::MAX), Some(0.1))).await.unwrap(), 1);
    let person: Person = q(READ).bind(id).one(&*db).await.unwrap();
    let expected = Person {
        id,
        name: "Ani".into(),
        active: true,
        points: Some(i64::MAX),
        ability_logit: Some(0.1),
        photo: Some(vec![0, 255, 7]),
    };
    assert_eq!(person, expected);
}

#[tokio::test]
async fn a_missing_value_keeps_its_type_so_the_same_statement_takes_a_value_next_time() {
    let db = database().await;
    let (first, second) = (Uuid::now_v7(), Uuid::now_v7());
    let mut tx = db.begin().await.unwrap();
    add_person(first, "Ani", None, None).exec(&mut tx).await.unwrap();
    add_person(second, "Budi", Some(4), Some(-1.25)).exec(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    let read = |id| q(READ).bind(id).one::<Person>(&*db);
    assert_eq!(read(first).await.unwrap().ability_logit, None);
    assert_eq!(read(second).await.unwrap().ability_logit, Some(-1.25));
}

#[tokio::test]
async fn a_look_up_that_finds_nothing_is_not_an_error() {
    let db = database().await;
    let found: Option<Person> = q(READ).bind("nobody").opt(&*db).await.unwrap();
    assert!(found.is_none());
    let missing = q(READ).bind("nobody").one::<Person>(&*db).await;
    assert!(matches!(missing, Err(Error::NoRow { .. })));
    let id: Option<String> = q("SELECT id FROM test_person").scalar_opt(&*db).await.unwrap();
    assert_eq!(id, None);
}

#[tokio::test]
async fn too_few_and_too_many_values_are_refused_before_the_statement_runs() {
    let db = database().await;
    let few = q("SELECT id FROM test_person WHERE id = $1 OR name = $2").bind("a").all::<(String,)>(&*db).await;
    assert!(matches!(few, Err(Error::Arity { needed: 2, given: 1, .. })), "{few:?}");
    let many = q("SELECT id FROM test_person WHERE name <> '$2'").bind("a").all::<(String,)>(&*db).await;
    assert!(matches!(many, Err(Error::Arity { needed: 0, given: 1, .. })), "{many:?}");
}

#[tokio::test]
async fn a_statement_with_more_values_than_an_engine_takes_is_refused() {
    let db = database().await;
    let sql = format!("SELECT COUNT(*) FROM (VALUES {}) AS v", rows(32_767, 1));
    let refused = q(sql).bind_all(0..32_767).scalar::<i64>(&*db).await;
    assert!(matches!(refused, Err(Error::TooManyValues { given: 32_767, .. })));
    let sql = format!("SELECT COUNT(*) FROM (VALUES {}) AS v", rows(32_766, 1));
    assert_eq!(q(sql).bind_all(0..32_766).scalar::<i64>(&*db).await.unwrap(), 32_766);
}

#[tokio::test]
async fn not_a_number_and_nul_in_text_are_refused_on_both_engines() {
    let db = database().await;
    let nan = commit(&db, add_person(Uuid::now_v7(), "Ani", None, Some(f64::NAN))).await;
    assert!(matches!(nan, Err(Error::UnfitValue { position: 6, .. })));
    let nul = commit(&db, add("A\0ni")).await;
    assert!(matches!(nul, Err(Error::UnfitValue { position: 3, .. })));
    commit(&db, add_person(Uuid::now_v7(), "Budi", None, Some(f64::INFINITY))).await.unwrap();
    assert_eq!(count(&db).await, 1);
}

#[tokio::test]
async fn many_rows_are_written_by_one_statement() {
    let db = database().await;
    let sql = format!("INSERT INTO test_office (id, name) VALUES {}", rows(3, 2));
    let offices = [("1", "BKN"), ("2", "LAN"), ("3", "BPS")];
    let query = q(sql).bind_all(offices.iter().flat_map(|(id, name)| [*id, *name]));
    assert_eq!(commit(&db, query).await.unwrap(), 3);
    let names: Vec<String> = q("SELECT name FROM test_office ORDER BY id").scalars(&*db).await.unwrap();
    assert_eq!(names, ["BKN", "LAN", "BPS"]);
}

#[tokio::test]
async fn the_values_of_many_rows_stay_in_their_places() {
    let db = database().await;
    let sql = format!("INSERT INTO test_office (id, name) VALUES {}", rows(100, 2));
    let values = (0..100).flat_map(|n| [format!("{n:03}"), format!("Office {n}")]);
    commit(&db, q(sql).bind_all(values)).await.unwrap();
    let sql = format!("SELECT v.column2 FROM (VALUES {}) AS v ORDER BY v.column1", rows(20, 2));
    let values = (0..20_i64).flat_map(|n| [n, n * n]);
    let squares: Vec<i64> = q(sql).bind_all(values).scalars(&*db).await.unwrap();
    assert_eq!(squares, (0..20).map(|n| n * n).collect::<Vec<i64>>());
    let names: Vec<String> = q("SELECT name FROM test_office ORDER BY id").scalars(&*db).await.unwrap();
    assert_eq!(names, (0..100).map(|n| format!("Office {n}")).collect::<Vec<_>>());
}

#[tokio::test]
async fn missing_values_come_last_and_are_found_by_comparing() {
    let db = database().await;
    for (name, points) in [("Ani", None), ("Budi", Some(2)), ("Citra", Some(1))] {
        commit(&db, add_person(Uuid::now_v7(), name, points, None)).await.unwrap();
    }
    let order = "SELECT name FROM test_person ORDER BY points NULLS LAST";
    let names: Vec<String> = q(order).scalars(&*db).await.unwrap();
    assert_eq!(names, ["Citra", "Budi", "Ani"]);
    let find = "SELECT name FROM test_person WHERE points IS NOT DISTINCT FROM $1";
    let name: String = q(find).bind(None::<i64>).scalar(&*db).await.unwrap();
    assert_eq!(name, "Ani");
}

#[tokio::test]
async fn many_rows_are_changed_by_one_statement_also_where_values_are_missing() {
    let db = database().await;
    let (first, second) = (Uuid::now_v7(), Uuid::now_v7());
    commit(&db, add_person(first, "Ani", Some(1), Some(1.0))).await.unwrap();
    commit(&db, add_person(second, "Budi", Some(1), Some(1.0))).await.unwrap();
    let sql = format!(
        "UPDATE test_person SET points = v.column2, ability_logit = v.column3
         FROM (VALUES {}) AS v WHERE test_person.id = v.column1 RETURNING test_person.id",
        rows(2, 3)
    );
    let query = q(sql).bind(first).bind(None::<i64>).bind(2.5).bind(second).bind(Some(9_i64)).bind(None::<f64>);
    let mut tx = db.begin().await.unwrap();
    let changed: Vec<String> = query.scalars(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(changed.len(), 2);
    let person: Person = q(READ).bind(second).one(&*db).await.unwrap();
    assert_eq!((person.points, person.ability_logit), (Some(9), None));
}

#[tokio::test]
async fn the_same_key_twice_says_so() {
    let db = database().await;
    commit(&db, add("Ani")).await.unwrap();
    let twice = commit(&db, add("Ani")).await.unwrap_err();
    assert!(twice.is_unique(), "{twice:?}");
}

#[tokio::test]
async fn an_error_never_repeats_the_values_of_the_row() {
    let db = database().await;
    let name = "Ani 198001012005012001";
    commit(&db, add(name)).await.unwrap();
    let twice = commit(&db, add(name)).await.unwrap_err();
    assert!(!format!("{twice:?} {twice}").contains("1980"), "{twice:?}");
}

#[tokio::test]
async fn a_reference_to_nothing_and_a_broken_rule_are_told_apart() {
    let db = database().await;
    let orphan = q(ADD).bind("1").bind("no office").bind("Ani").bind(true).bind(1).bind(0.0).bind(None::<Vec<u8>>);
    assert!(commit(&db, orphan).await.unwrap_err().is_foreign_key());
    let negative = commit(&db, add_person(Uuid::now_v7(), "Ani", Some(-1), None)).await;
    assert!(matches!(negative, Err(Error::Check { .. })), "{negative:?}");
    let nameless =
        q(ADD).bind("1").bind(None::<&str>).bind(None::<&str>).bind(true).bind(1).bind(0.0).bind(None::<Vec<u8>>);
    assert!(matches!(commit(&db, nameless).await, Err(Error::Check { .. })));
}

#[tokio::test]
async fn a_read_outside_a_transaction_cannot_write() {
    let db = database().await;
    let sneaky = q("INSERT INTO test_office (id, name) VALUES ($1, $2) RETURNING id");
    let refused = sneaky.bind("1").bind("BKN").opt::<(String,)>(&*db).await;
    assert!(matches!(refused, Err(Error::ReadOnly { .. })), "{refused:?}");
}

#[tokio::test]
async fn after_an_error_nothing_of_the_transaction_is_kept_and_commit_says_so() {
    let db = database().await;
    commit(&db, add("Ani")).await.unwrap();
    let mut tx = db.begin().await.unwrap();
    add("Budi").exec(&mut tx).await.unwrap();
    let _swallowed = add("Ani").exec(&mut tx).await;
    assert!(matches!(add("Citra").exec(&mut tx).await, Err(Error::Poisoned)));
    assert!(matches!(tx.commit().await, Err(Error::Poisoned)));
    assert_eq!(count(&db).await, 1);
}

#[tokio::test]
async fn a_value_that_is_refused_before_sending_spoils_the_transaction_too() {
    let db = database().await;
    let mut tx = db.begin().await.unwrap();
    let _swallowed = q("SELECT id FROM test_person WHERE id = $1").opt::<(String,)>(&mut tx).await;
    assert!(matches!(tx.commit().await, Err(Error::Poisoned)));
}

#[tokio::test]
async fn a_transaction_that_is_dropped_leaves_nothing_and_the_next_one_can_begin() {
    let db = database().await;
    let mut tx = db.begin().await.unwrap();
    add("Ani").exec(&mut tx).await.unwrap();
    drop(tx);
    commit(&db, add("Ani")).await.unwrap();
    assert_eq!(count(&db).await, 1);
}

#[tokio::test]
async fn work_that_may_fail_is_undone_alone() {
    let db = database().await;
    commit(&db, add("Ani")).await.unwrap();
    let mut tx = db.begin().await.unwrap();
    add("Budi").exec(&mut tx).await.unwrap();
    let failed = tx.attempt(&["Citra", "Ani"][..], add_all).await;
    assert!(failed.unwrap_err().is_unique());
    tx.attempt(&["Dewi"][..], add_all).await.unwrap();
    tx.commit().await.unwrap();
    let names: Vec<String> = q("SELECT name FROM test_person ORDER BY name").scalars(&*db).await.unwrap();
    assert_eq!(names, ["Ani", "Budi", "Dewi"]);
}

async fn add_all(tx: &mut Tx, names: &[&str]) -> Result<(), Error> {
    for name in names {
        add(name).exec(tx).await?;
    }
    Ok(())
}

#[tokio::test]
async fn an_upsert_from_a_selection_says_where_true() {
    let db = database().await;
    commit(&db, add("Ani")).await.unwrap();
    let copy = "INSERT INTO test_office (id, name) SELECT id, name FROM test_person WHERE TRUE
                ON CONFLICT (id) DO UPDATE SET name = excluded.name";
    assert_eq!(commit(&db, q(copy)).await.unwrap(), 1);
    assert_eq!(commit(&db, q(copy)).await.unwrap(), 1);
}

#[tokio::test]
async fn a_sum_of_whole_numbers_is_read_through_a_cast() {
    let db = database().await;
    commit(&db, add("Ani")).await.unwrap();
    commit(&db, add("Budi")).await.unwrap();
    let sum = "SELECT CAST(SUM(points) AS BIGINT), CAST(AVG(points) AS DOUBLE PRECISION),
               COALESCE(MAX(ability_logit), 0.0), COUNT(*) FROM test_person WHERE active = TRUE";
    let row: (i64, f64, f64, i64) = q(sum).one(&*db).await.unwrap();
    assert_eq!(row, (6, 3.0, 0.5, 2));
}

#[tokio::test]
async fn a_column_that_is_not_what_was_asked_for_is_a_decode_error() {
    let db = database().await;
    commit(&db, add("Ani")).await.unwrap();
    let wrong = q("SELECT name FROM test_person").scalar::<i64>(&*db).await;
    assert!(matches!(wrong, Err(Error::Decode { .. })), "{wrong:?}");
}

#[tokio::test]
async fn searching_by_pattern_minds_capitals_on_both_engines() {
    let db = database().await;
    commit(&db, add("Ani")).await.unwrap();
    let count_like = |pattern| q("SELECT COUNT(*) FROM test_person WHERE name LIKE $1").bind(pattern);
    assert_eq!(count_like("A%").scalar::<i64>(&*db).await.unwrap(), 1);
    assert_eq!(count_like("a%").scalar::<i64>(&*db).await.unwrap(), 0);
}

#[tokio::test]
async fn what_was_committed_is_seen_by_the_next_read() {
    let db = database().await;
    for n in 1..=20 {
        commit(&db, add(&format!("Person {n}"))).await.unwrap();
        assert_eq!(count(&db).await, n);
    }
}

#[tokio::test]
async fn an_open_transaction_does_not_stop_readers() {
    let db = database().await;
    let mut tx = db.begin().await.unwrap();
    add("Ani").exec(&mut tx).await.unwrap();
    assert_eq!(count(&db).await, 0);
    tx.commit().await.unwrap();
    assert_eq!(count(&db).await, 1);
}

#[tokio::test]
async fn reading_then_writing_by_many_at_once_loses_no_change() {
    let db = database().await;
    commit(&db, add("Ani")).await.unwrap();
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let db = db.handle();
            let name = "Ani".to_owned();
            tokio::spawn(async move { db.transact(&(name, 1), add_points).await })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    let points: i64 = q("SELECT points FROM test_person").scalar(&*db).await.unwrap();
    assert_eq!(points, 3 + 8);
}

async fn add_points(tx: &mut Tx, (name, more): &(String, i64)) -> Result<i64, Error> {
    let points: i64 = q("SELECT points FROM test_person WHERE name = $1").bind(name).scalar(&mut *tx).await?;
    tokio::task::yield_now().await;
    let points = points + more;
    q("UPDATE test_person SET points = $1 WHERE name = $2").bind(points).bind(name).exec(tx).await?;
    Ok(points)
}

#[tokio::test]
async fn the_engine_of_the_suite_is_the_one_that_was_asked_for() {
    let db = test_database().await;
    let asked = std::env::var_os("MELEK_TEST_POSTGRES").is_some();
    assert_eq!(db.engine() == Engine::Postgres, asked);
}
