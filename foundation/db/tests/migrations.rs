//! Bringing the tables to the shape the program expects (MELEK_TEST_POSTGRES chooses the engine).

use melek_db::{MigrateError, Migrations, check_statements, q, schema, test_database};

const CREATE: (&str, &str) = (
    "0001_create_books.sql",
    "-- Why: a shelf; nothing runs before.\n-- Old code sees no change;\nCREATE TABLE shelf_book (\n    id TEXT NOT NULL CONSTRAINT shelf_book_pk PRIMARY KEY,\n    cover BLOB,\n    note TEXT NOT NULL DEFAULT 'a BLOB; not a type'\n);\nINSERT INTO shelf_book (id) VALUES ('1');\n",
);
const ADD: (&str, &str) = (
    "0002_add_title.sql",
    "ALTER TABLE shelf_book ADD COLUMN title TEXT NOT NULL DEFAULT '';\nCREATE INDEX shelf_book_title ON shelf_book (title);\n",
);
const FIRST: Migrations = Migrations { capability: "shelf", files: &[CREATE] };
const BOTH: Migrations = Migrations { capability: "shelf", files: &[CREATE, ADD] };
const READER: Migrations = Migrations {
    capability: "reader",
    files: &[(
        "0001_create_loans.sql",
        "CREATE TABLE reader_loan (book_id TEXT NOT NULL CONSTRAINT reader_loan_book_fk REFERENCES shelf_book (id));",
    )],
};

#[tokio::test]
async fn each_migration_is_applied_once_in_the_order_given() {
    let db = test_database().await;
    assert_eq!(db.migrate(&[BOTH, READER]).await.unwrap(), 3);
    assert_eq!(db.migrate(&[BOTH, READER]).await.unwrap(), 0);
    let names: Vec<String> =
        q("SELECT name FROM db_migration ORDER BY capability, sequence").scalars(&*db).await.unwrap();
    assert_eq!(names, ["0001_create_loans.sql", "0001_create_books.sql", "0002_add_title.sql"]);
    let applied: i64 = q("SELECT MIN(applied_ms) FROM db_migration").scalar(&*db).await.unwrap();
    assert!(applied > 1_700_000_000_000);
}

#[tokio::test]
async fn a_migrated_database_has_the_shape_of_a_fresh_one() {
    let (migrated, fresh) = (test_database().await, test_database().await);
    migrated.migrate(&[FIRST]).await.unwrap();
    migrated.migrate(&[BOTH]).await.unwrap();
    fresh.migrate(&[BOTH]).await.unwrap();
    let shape = schema(&migrated).await.unwrap();
    assert_eq!(shape, schema(&fresh).await.unwrap());
    assert!(shape.contains("shelf_book_title") && shape.contains("shelf_book_pk"), "{shape}");
}

#[tokio::test]
async fn a_shape_that_differs_is_seen() {
    let (older, newer) = (test_database().await, test_database().await);
    older.migrate(&[FIRST]).await.unwrap();
    newer.migrate(&[BOTH]).await.unwrap();
    assert_ne!(schema(&older).await.unwrap(), schema(&newer).await.unwrap());
}

#[tokio::test]
async fn bytes_are_kept_on_both_engines_and_text_that_says_blob_stays() {
    let db = test_database().await;
    db.migrate(&[BOTH]).await.unwrap();
    let mut tx = db.begin().await.unwrap();
    q("UPDATE shelf_book SET cover = $1").bind(vec![0_u8, 1]).exec(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    let row: (Vec<u8>, String) = q("SELECT cover, note FROM shelf_book").one(&*db).await.unwrap();
    assert_eq!(row, (vec![0, 1], "a BLOB; not a type".to_owned()));
}

#[tokio::test]
async fn a_released_migration_that_was_changed_is_refused() {
    const CHANGED: Migrations =
        Migrations { capability: "shelf", files: &[(CREATE.0, "CREATE TABLE shelf_book (id TEXT);")] };
    let db = test_database().await;
    db.migrate(&[FIRST]).await.unwrap();
    let refused = db.migrate(&[CHANGED]).await;
    assert!(matches!(refused, Err(MigrateError::Changed { .. })), "{refused:?}");
}

#[tokio::test]
async fn a_database_newer_than_the_program_is_left_alone() {
    let db = test_database().await;
    db.migrate(&[BOTH]).await.unwrap();
    let refused = db.migrate(&[FIRST]).await;
    assert!(matches!(refused, Err(MigrateError::NewerDatabase { .. })), "{refused:?}");
}

#[tokio::test]
async fn a_migration_that_fails_half_way_leaves_nothing_behind() {
    const BROKEN: Migrations = Migrations {
        capability: "shelf",
        files: &[
            CREATE,
            ("0002_break.sql", "CREATE TABLE shelf_x (id TEXT);\nALTER TABLE nowhere ADD COLUMN a TEXT;\n"),
        ],
    };
    let db = test_database().await;
    let failed = db.migrate(&[BROKEN]).await;
    assert!(matches!(failed, Err(MigrateError::Statement { statement: 2, .. })), "{failed:?}");
    let shape = schema(&db).await.unwrap();
    assert!(shape.contains("shelf_book") && !shape.contains("shelf_x"), "{shape}");
    assert_eq!(db.migrate(&[BOTH]).await.unwrap(), 1);
}

#[tokio::test]
async fn a_gap_in_the_order_and_a_type_of_one_engine_are_refused() {
    const GAP: Migrations = Migrations { capability: "shelf", files: &[ADD] };
    const TYPE: Migrations =
        Migrations { capability: "shelf", files: &[("0001_create.sql", "CREATE TABLE shelf_a (n INTEGER);")] };
    let db = test_database().await;
    assert!(matches!(db.migrate(&[GAP]).await, Err(MigrateError::Name { expected: 1, .. })));
    let refused = db.migrate(&[TYPE]).await.unwrap_err();
    assert!(refused.to_string().contains("BIGINT"), "{refused}");
}

#[tokio::test]
async fn several_programs_may_start_at_once() {
    let db = test_database().await;
    let starts: Vec<_> = (0..4)
        .map(|_| {
            let db = db.handle();
            tokio::spawn(async move { db.migrate(&[BOTH, READER]).await })
        })
        .collect();
    let mut applied = 0;
    for start in starts {
        applied += start.await.unwrap().unwrap();
    }
    assert_eq!(applied, 3);
}

#[tokio::test]
async fn every_statement_of_a_list_is_prepared_without_running() {
    let db = test_database().await;
    db.migrate(&[BOTH]).await.unwrap();
    let list = [
        ("ADD", "INSERT INTO shelf_book (id, title) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING"),
        ("READ", "SELECT title FROM shelf_book WHERE id = $1"),
    ];
    check_statements(&db, &list).await.unwrap();
    let wrong = check_statements(&db, &[("TYPO", "SELECT titel FROM shelf_book")]).await.unwrap_err();
    assert!(wrong.to_string().contains("TYPO"), "{wrong}");
    let count: i64 = q("SELECT COUNT(*) FROM shelf_book").scalar(&*db).await.unwrap();
    assert_eq!(count, 1);
}
