//! `melek backup`, `restore`, `migrate` and `export answers`: a copy holds everything, and nothing is overwritten.

use std::path::Path;

use melek::demo::{Wish, build};
use melek_assess::{Bank, Desk};
use melek_db::{Db, Engine, q, schema};
use melek_web::{Clock, Office, Settings};

use crate::program::{Program, files};

const MORNING_MS: i64 = 1_795_507_200_000;

/// A program whose database holds a demonstration.
async fn with_answers() -> Program {
    let program = Program::new().await;
    program.run(&["migrate"]).well();
    let db = program.database.handle();
    let desk = Desk::open(&db, Bank::load(None).expect("bank"), MORNING_MS).await.expect("desk");
    let office = Office::new(db, Clock::manual(MORNING_MS), Settings::default()).with(desk);
    build(&office, Wish { people: 50, seed: 4 }, &indicatif::ProgressBar::hidden()).await.expect("demonstration");
    program
}

/// What must be the same after a restore.
async fn content(db: &Db) -> Vec<String> {
    let sql = "SELECT session_id || ' ' || CAST(position AS TEXT) || ' ' || item_id || ' ' || answer FROM assess_answer
        ORDER BY session_id, position";
    let mut content: Vec<String> = q(sql).scalars(db).await.expect("answers");
    let names = "SELECT name FROM people_v_person ORDER BY person_id";
    content.extend(q(names).scalars::<String>(db).await.expect("names"));
    content.push(schema(db).await.expect("schema"));
    content
}

fn text(path: &Path) -> &str {
    path.to_str().expect("path")
}

#[tokio::test]
async fn a_backup_brought_back_holds_every_person_and_every_answer() {
    let program = with_answers().await;
    let copy = program.data.path().join("monday.copy");
    let made = program.run(&["backup", "--out", text(&copy), "--json"]).well().json();
    assert!(made["bytes"].as_u64() > Some(10_000), "{made}");
    let other = Program::new().await;
    if other.database.engine() == Engine::Sqlite {
        // The place must be empty, even of an empty database.
        other.database.close().await;
        for ending in ["", "-wal", "-shm"] {
            let path = crate::program::url(other.database.address()).replacen("sqlite:", "", 1) + ending;
            let _ = std::fs::remove_file(path);
        }
    }
    let restored = other.run(&["restore", text(&copy), "--json"]).well().json();
    assert_eq!(restored["migrations_applied"], 0);
    let db = Db::open(other.database.address()).await.expect("restored");
    assert_eq!(files(other.data.path()), ["SYNTHETIC"], "a copied demonstration is still one");
    let (before, after) = (content(&program.database).await, content(&db).await);
    db.close().await;
    assert!(before.len() > 500);
    assert!(before == after, "{} and {} lines", before.len(), after.len());
}

#[tokio::test]
async fn neither_a_backup_nor_a_restore_overwrites_anything() {
    let program = Program::new().await;
    program.run(&["migrate"]).well();
    let copy = program.data.path().join("one.copy");
    program.run(&["backup", "--out", text(&copy)]).well();
    assert_eq!(program.run(&["backup", "--out", text(&copy)]).code(), Some(2));
    let ran = program.run(&["restore", text(&copy)]);
    assert_eq!(ran.code(), Some(2), "{}", ran.complained());
    assert_eq!(program.run(&["restore", "not-there.copy"]).code(), Some(2));
}

#[tokio::test]
async fn a_backup_without_a_name_lies_in_the_data_folder_named_after_the_moment() {
    let program = Program::new().await;
    program.run(&["migrate"]).well();
    program.run(&["backup"]).well();
    let names = files(&program.data.path().join("backups"));
    assert!(matches!(names.as_slice(), [only] if only.starts_with("melek-20")), "{names:?}");
}

#[tokio::test]
async fn migrating_twice_does_nothing_the_second_time() {
    let program = Program::new().await;
    assert!(program.run(&["migrate", "--json"]).well().json()["applied"].as_u64() > Some(5));
    assert_eq!(program.run(&["migrate", "--json"]).well().json()["applied"], 0);
}

#[tokio::test]
async fn exported_answers_are_numbers_and_items_without_a_name() {
    let program = with_answers().await;
    let out = program.data.path().join("answers.csv");
    let told = program.run(&["export", "answers", "--out", text(&out), "--json"]).well().json();
    let file = std::fs::read_to_string(&out).expect("file");
    let mut lines = file.lines();
    assert_eq!(lines.next(), Some("person,item,score,milliseconds,rapid"));
    let finished = "SELECT COUNT(*) FROM assess_answer a JOIN assess_session s ON s.id = a.session_id
        WHERE s.status = 'finished'";
    let expected: i64 = q(finished).scalar(&*program.database).await.expect("count");
    assert_eq!((told["answers"].as_i64(), lines.clone().count() as i64), (Some(expected), expected));
    for line in lines {
        let cells: Vec<&str> = line.split(',').collect();
        let milliseconds: i64 = cells[3].parse().expect("milliseconds");
        assert!(
            cells.len() == 5 && cells[4] == "0" && cells[0].parse::<u32>().is_ok() && matches!(cells[2], "0" | "1"),
            "{line}"
        );
        assert!((20_000..=150_000).contains(&milliseconds), "{line}");
    }
    assert_eq!(program.run(&["export", "answers", "--out", text(&out)]).code(), Some(2));
}
