//! Opening a database, and what is said when it cannot be opened.

#![allow(clippy::unwrap_used, reason = "the helpers of a test fail by panicking")]

use std::path::PathBuf;

use melek_db::{Address, Db, Engine, Error, OpenError, Secret, TestDatabase, q, test_database};
use uuid::Uuid;

struct Folder(PathBuf);

impl Folder {
    fn new() -> Folder {
        let folder = std::env::temp_dir().join(format!("melek-open-{}", Uuid::now_v7()));
        std::fs::create_dir(&folder).unwrap();
        Folder(folder)
    }

    fn address(&self) -> Address {
        Address::Sqlite(self.0.join("melek.sqlite"))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[tokio::test]
async fn a_missing_folder_is_explained_with_what_to_check() {
    let missing = Address::Sqlite("/nowhere/at/all/melek.sqlite".into());
    let error = Db::open(&missing).await.unwrap_err().to_string();
    assert!(error.starts_with("The database file /nowhere/at/all/melek.sqlite cannot be created:"), "{error}");
    assert!(error.ends_with("check that its folder exists and that this program may write there."), "{error}");
}

#[tokio::test]
async fn a_file_that_is_no_database_is_not_opened() {
    let folder = Folder::new();
    std::fs::write(folder.0.join("melek.sqlite"), "a letter, not a database".repeat(100)).unwrap();
    let error = Db::open(&folder.address()).await.unwrap_err();
    assert!(matches!(error, OpenError::File { .. }), "{error:?}");
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_is_named_without_its_password() {
    let address = Address::Postgres(Secret::new("postgres://office:hunter2@127.0.0.1:1/melek"));
    let error = Db::open(&address).await.unwrap_err();
    let shown = format!("{error} {error:?}");
    assert!(shown.contains("127.0.0.1") && !shown.contains("hunter2"), "{shown}");
}

#[tokio::test]
async fn an_address_that_cannot_be_understood_is_not_repeated() {
    let address = Address::Postgres(Secret::new("postgres://office:hunter2@[::1/melek"));
    let error = Db::open(&address).await.unwrap_err();
    let shown = format!("{error} {error:?}");
    assert!(matches!(error, OpenError::Address) && !shown.contains("hunter2"), "{shown}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_new_database_file_is_readable_by_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let db = Db::open(&folder.address()).await.unwrap();
    for entry in std::fs::read_dir(&folder.0).unwrap() {
        let mode = entry.unwrap().metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0);
    }
    db.close().await;
}

#[tokio::test]
async fn a_sqlite_database_is_durable_keeps_references_and_lets_others_read() {
    let folder = Folder::new();
    let db = Db::open(&folder.address()).await.unwrap();
    let mut tx = db.begin().await.unwrap();
    let settings = "SELECT journal_mode, synchronous, foreign_keys
        FROM pragma_journal_mode, pragma_synchronous, pragma_foreign_keys";
    let written: (String, i64, i64) = q(settings).one(&mut tx).await.unwrap();
    assert_eq!(written, ("wal".to_owned(), 2, 1));
    tx.rollback().await.unwrap();
    let readers: i64 = q("SELECT query_only FROM pragma_query_only").scalar(&db).await.unwrap();
    assert_eq!(readers, 1);
    db.close().await;
}

#[tokio::test]
async fn a_second_program_waits_for_the_writer_and_then_writes() {
    let folder = Folder::new();
    let (first, second) = (Db::open(&folder.address()).await.unwrap(), Db::open(&folder.address()).await.unwrap());
    let open = first.begin().await.unwrap();
    let waiting = tokio::spawn({
        let second = second.clone();
        async move { second.begin().await?.rollback().await }
    });
    tokio::task::yield_now().await;
    assert!(!waiting.is_finished());
    open.rollback().await.unwrap();
    waiting.await.unwrap().unwrap();
    first.close().await;
    second.close().await;
}

#[tokio::test]
async fn a_closed_database_says_so() {
    let folder = Folder::new();
    let db = Db::open(&folder.address()).await.unwrap();
    db.close().await;
    let closed = q("SELECT COUNT(*) FROM sqlite_schema").scalar::<i64>(&db).await;
    assert!(matches!(closed, Err(Error::Closed)), "{closed:?}");
}

/// Ends all other connections to the database, as a restart of the server would.
async fn cut_connections(db: &TestDatabase) {
    let administrator = Db::open(db.address()).await.unwrap();
    let cut = "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()";
    q(cut).scalar::<i64>(&administrator).await.unwrap();
    administrator.close().await;
}

#[tokio::test]
async fn after_the_server_restarted_people_go_on_without_an_error() {
    let db = test_database().await;
    if db.engine() == Engine::Sqlite {
        return;
    }
    let many: Vec<_> = (0..12).map(|_| tokio::spawn(read_for_a_moment(db.handle()))).collect();
    for one in many {
        one.await.unwrap();
    }
    cut_connections(&db).await;
    assert_eq!(q("SELECT COUNT(*) FROM pg_class").all::<(i64,)>(&*db).await.unwrap().len(), 1);
    cut_connections(&db).await;
    db.begin().await.unwrap().rollback().await.unwrap();
}

async fn read_for_a_moment(db: Db) {
    q("SELECT CAST(pg_sleep(0.05) AS TEXT)").all::<(String,)>(&db).await.unwrap();
}
