//! Statements and texts as a whole: both engines prepare every statement, each names only tables of its own, the two
//! languages say the same.

#![allow(clippy::unwrap_used, reason = "the helpers of a test fail by panicking")]

use melek_db::{check_statements, test_database};
use melek_people::{MIGRATIONS, statements};

#[tokio::test]
async fn every_statement_is_prepared_by_the_engine() {
    let db = test_database().await;
    db.migrate(&[MIGRATIONS]).await.unwrap();
    let statements = statements();
    let borrowed: Vec<(&str, &str)> = statements.iter().map(|(name, sql)| (*name, sql.as_str())).collect();
    check_statements(&db, &borrowed).await.unwrap();
}

#[test]
fn statements_name_only_tables_and_views_of_this_capability() {
    for (name, sql) in statements() {
        let words: Vec<&str> =
            sql.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|w| !w.is_empty()).collect();
        for pair in words.windows(2) {
            if ["FROM", "JOIN", "INTO", "UPDATE"].contains(&pair[0]) && !["VALUES", "SET"].contains(&pair[1]) {
                assert!(pair[1].starts_with("people_"), "{name}: {}", pair[1]);
            }
        }
    }
}

#[test]
fn every_statement_in_the_sources_is_in_the_list() {
    let listed = statements();
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            for start in ["SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM "] {
                for (place, _) in text.match_indices(&format!("\"{start}")) {
                    let sql: String = text[place + 1..].chars().take(40).take_while(|c| *c != '"').collect();
                    assert!(listed.iter().any(|(_, known)| known.contains(&sql)), "{}: {sql}", path.display());
                }
            }
        }
    }
}

#[test]
fn the_two_languages_say_the_same() {
    melek_web::testing::assert_same_words(env!("CARGO_MANIFEST_DIR"));
}
