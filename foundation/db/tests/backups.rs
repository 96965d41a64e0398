//! Copies of the whole database and bringing them back (MELEK_TEST_POSTGRES chooses the engine).

#![allow(clippy::unwrap_used, reason = "the helpers of a test fail by panicking")]

use std::path::{Path, PathBuf};

use melek_db::{
    Address, BackupError, Db, Engine, Migrations, RestoreError, TestDatabase, backup, q, restore, schema, test_database,
};
use uuid::Uuid;

const TABLES: Migrations = Migrations {
    capability: "test",
    files: &[(
        "0001_create_notes.sql",
        "CREATE TABLE test_note (id TEXT NOT NULL CONSTRAINT test_note_pk PRIMARY KEY, body TEXT NOT NULL, scan BLOB);
CREATE TABLE test_reply (
    id TEXT NOT NULL CONSTRAINT test_reply_pk PRIMARY KEY,
    note_id TEXT NOT NULL CONSTRAINT test_reply_note_fk REFERENCES test_note (id)
);
CREATE INDEX test_note_body ON test_note (body);
CREATE VIEW test_v_note AS SELECT id FROM test_note;",
    )],
};

struct Folder(PathBuf);

impl Folder {
    fn new() -> Folder {
        let folder = std::env::temp_dir().join(format!("melek-backup-{}", Uuid::now_v7()));
        std::fs::create_dir(&folder).unwrap();
        Folder(folder)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.0).unwrap();
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

async fn database(notes: usize) -> TestDatabase {
    let db = test_database().await;
    db.migrate(&[TABLES]).await.unwrap();
    write_notes(&db, notes).await;
    db
}

async fn write_notes(db: &Db, count: usize) {
    for _ in 0..count {
        let mut tx = db.begin().await.unwrap();
        let add = "INSERT INTO test_note (id, body, scan) VALUES ($1, $2, $3)";
        let id = Uuid::now_v7();
        q(add).bind(id).bind("é 'quoted'\n").bind(vec![0_u8; 2000]).exec(&mut tx).await.unwrap();
        q("INSERT INTO test_reply (id, note_id) VALUES ($1, $1)").bind(id).exec(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
    }
}

async fn count(db: &Db) -> (i64, i64) {
    let counts = "SELECT (SELECT COUNT(*) FROM test_note), (SELECT COUNT(*) FROM test_reply)";
    q(counts).one(db).await.unwrap()
}

/// An empty place of the same engine.
struct Place {
    address: Address,
    _server: Option<TestDatabase>,
}

async fn empty_place(db: &TestDatabase, folder: &Folder) -> Place {
    match db.engine() {
        Engine::Sqlite => Place { address: Address::Sqlite(folder.file("restored.sqlite")), _server: None },
        Engine::Postgres => {
            let server = test_database().await;
            Place { address: server.address().clone(), _server: Some(server) }
        }
    }
}

#[tokio::test]
async fn a_backup_brought_back_holds_the_same_rows_and_the_same_shape() {
    let (db, folder) = (database(20).await, Folder::new());
    let size = backup(db.address(), &folder.file("copy")).await.unwrap();
    assert!(size > 1000);
    let place = empty_place(&db, &folder).await;
    restore(&folder.file("copy"), &place.address).await.unwrap();
    let restored = Db::open(&place.address).await.unwrap();
    assert_eq!(count(&restored).await, (20, 20));
    assert_eq!(schema(&restored).await.unwrap(), schema(&db).await.unwrap());
    assert_eq!(restored.migrate(&[TABLES]).await.unwrap(), 0);
    restored.close().await;
}

#[tokio::test]
async fn a_backup_is_one_moment_of_the_database_while_writers_go_on() {
    let (db, folder) = (database(300).await, Folder::new());
    let writer = tokio::spawn({
        let db = db.handle();
        async move { write_notes(&db, 200).await }
    });
    backup(db.address(), &folder.file("copy")).await.unwrap();
    writer.await.unwrap();
    let place = empty_place(&db, &folder).await;
    restore(&folder.file("copy"), &place.address).await.unwrap();
    let restored = Db::open(&place.address).await.unwrap();
    let (notes, replies) = count(&restored).await;
    assert_eq!(notes, replies);
    assert!((300..=500).contains(&notes), "{notes}");
    assert_eq!(count(&db).await, (500, 500));
    restored.close().await;
}

#[tokio::test]
async fn a_backup_never_overwrites_and_leaves_no_half_file() {
    let (db, folder) = (database(1).await, Folder::new());
    std::fs::write(folder.file("copy"), "older").unwrap();
    let refused = backup(db.address(), &folder.file("copy")).await;
    assert!(matches!(refused, Err(BackupError::Exists { .. })));
    let nowhere = backup(db.address(), Path::new("/nowhere/copy")).await;
    assert!(matches!(nowhere, Err(BackupError::File(_))), "{nowhere:?}");
    backup(db.address(), &folder.file("second")).await.unwrap();
    let mut names = folder.names();
    names.sort();
    assert_eq!(names, ["copy", "second"]);
}

#[cfg(unix)]
#[tokio::test]
async fn a_backup_is_readable_by_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let (db, folder) = (database(1).await, Folder::new());
    backup(db.address(), &folder.file("copy")).await.unwrap();
    let mode = std::fs::metadata(folder.file("copy")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[tokio::test]
async fn nothing_is_restored_over_a_database_in_use() {
    let (db, folder) = (database(3).await, Folder::new());
    backup(db.address(), &folder.file("copy")).await.unwrap();
    let refused = restore(&folder.file("copy"), db.address()).await;
    let in_place = matches!(refused, Err(RestoreError::FileInPlace { .. } | RestoreError::TablesInPlace { .. }));
    assert!(in_place, "{refused:?}");
    assert_eq!(count(&db).await, (3, 3));
}

#[tokio::test]
async fn a_damaged_backup_is_refused_and_leaves_the_place_empty() {
    let (db, folder) = (database(200).await, Folder::new());
    backup(db.address(), &folder.file("copy")).await.unwrap();
    let mut bytes = std::fs::read(folder.file("copy")).unwrap();
    let (start, end) = (bytes.len() / 3, bytes.len() / 3 * 2);
    bytes[start..end].fill(0xa5);
    bytes.truncate(end);
    std::fs::write(folder.file("damaged"), bytes).unwrap();
    let place = empty_place(&db, &folder).await;
    let refused = restore(&folder.file("damaged"), &place.address).await;
    assert!(refused.is_err());
    match &place.address {
        Address::Sqlite(path) => assert!(!path.exists()),
        Address::Postgres(_) => {
            let db = Db::open(&place.address).await.unwrap();
            assert_eq!(schema(&db).await.unwrap(), "");
            db.close().await;
        }
    }
}

#[tokio::test]
async fn a_backup_of_the_other_engine_and_a_foreign_file_are_refused() {
    let (db, folder) = (database(1).await, Folder::new());
    let place = empty_place(&db, &folder).await;
    let other: &[u8] = match db.engine() {
        Engine::Sqlite => b"PGDMP\x01\x0e",
        Engine::Postgres => b"SQLite format 3\0...",
    };
    std::fs::write(folder.file("other"), other).unwrap();
    let refused = restore(&folder.file("other"), &place.address).await;
    assert!(matches!(refused, Err(RestoreError::OtherEngine { .. })), "{refused:?}");
    std::fs::write(folder.file("letter"), "Dear office").unwrap();
    assert!(restore(&folder.file("letter"), &place.address).await.is_err());
}

#[tokio::test]
async fn a_database_of_another_program_is_no_backup() {
    let (db, folder) = (test_database().await, Folder::new());
    let refused = backup(db.address(), &folder.file("copy")).await;
    if db.engine() == Engine::Sqlite {
        assert!(refused.unwrap_err().to_string().contains("was not written by this program"));
        return;
    }
    let place = empty_place(&db, &folder).await;
    let refused = restore(&folder.file("copy"), &place.address).await;
    assert!(matches!(refused, Err(RestoreError::Foreign { .. })), "{refused:?}");
}

#[tokio::test]
async fn a_missing_sqlite_file_is_not_created_by_a_backup() {
    let folder = Folder::new();
    let missing = backup(&Address::Sqlite(folder.file("no.sqlite")), &folder.file("copy")).await;
    assert!(matches!(missing, Err(BackupError::NoDatabase { .. })));
    assert!(folder.names().is_empty());
}
