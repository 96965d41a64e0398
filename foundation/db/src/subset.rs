//! The subset of SQL that both engines read alike, as rules that can be checked without a PostgreSQL.
//!
//! A capability keeps its statements as constants in one list; a test gives that list to
//! [`check_statements`], which applies the rules and lets the engine prepare each statement. Migrations
//! are checked when they are loaded. The rules look for words, not grammar: they catch the known traps,
//! and preparing on both engines catches the rest.

use crate::database::{Db, Pools};
use crate::error::Error;
use crate::scan::{code_in_capitals, is_word_character};

/// Words that one engine lacks or reads differently, with what to write instead.
const REFUSED_IN_STATEMENTS: &[(&str, &str)] = &[
    ("?", "number the values: $1, $2 …"),
    ("FOR UPDATE", "SQLite has no row locks; change values relatively or use Db::transact"),
    ("FOR SHARE", "SQLite has no row locks; use Db::transact"),
    ("GREATEST", "SQLite has no GREATEST; write CASE WHEN"),
    ("LEAST", "SQLite has no LEAST; write CASE WHEN"),
    ("ILIKE", "SQLite has no ILIKE; write LOWER(column) LIKE LOWER($n)"),
    ("IFNULL", "PostgreSQL has no IFNULL; write COALESCE"),
    ("GLOB", "PostgreSQL has no GLOB; write LIKE"),
    ("REPLACE INTO", "PostgreSQL has no REPLACE; write ON CONFLICT … DO UPDATE"),
    ("INSERT OR", "PostgreSQL has no INSERT OR; write ON CONFLICT"),
    ("ROWID", "PostgreSQL has no rowid; give the table a key"),
    ("NOW", "bind the time of the clock as milliseconds"),
    ("CURRENT_TIMESTAMP", "bind the time of the clock as milliseconds"),
    ("::", "SQLite has no ::type; write CAST(… AS type)"),
];

/// Types that the engines store or return differently, with what to write instead.
const REFUSED_TYPES: &[(&str, &str)] = &[
    ("INTEGER", "it has 32 bits on PostgreSQL; write BIGINT"),
    ("INT", "it has 32 bits on PostgreSQL; write BIGINT"),
    ("SMALLINT", "write BIGINT"),
    ("REAL", "it has 32 bits on PostgreSQL; write DOUBLE PRECISION"),
    ("FLOAT", "write DOUBLE PRECISION"),
    ("NUMERIC", "write BIGINT or DOUBLE PRECISION"),
    ("DECIMAL", "write BIGINT or DOUBLE PRECISION"),
    ("SERIAL", "SQLite has no SERIAL; identifiers are UUIDs in TEXT"),
    ("BIGSERIAL", "SQLite has no SERIAL; identifiers are UUIDs in TEXT"),
    ("AUTOINCREMENT", "PostgreSQL has no AUTOINCREMENT; identifiers are UUIDs in TEXT"),
    ("TIMESTAMP", "times are BIGINT milliseconds"),
    ("TIMESTAMPTZ", "times are BIGINT milliseconds"),
    ("DATETIME", "times are BIGINT milliseconds"),
    ("UUID", "identifiers are UUIDs in TEXT"),
    ("BYTEA", "write BLOB; it becomes BYTEA when it is loaded"),
    ("JSONB", "keep JSON in TEXT"),
    ("STRICT", "PostgreSQL has no STRICT tables"),
    ("WITHOUT ROWID", "PostgreSQL has no WITHOUT ROWID"),
    ("PRAGMA", "PostgreSQL has no PRAGMA"),
];

#[derive(Debug, thiserror::Error)]
pub enum StatementError {
    #[error("statement {name} does not suit both engines: {reason}")]
    Subset { name: String, reason: String },
    #[error("statement {name} cannot be prepared: {source}")]
    Prepare { name: String, source: Error },
}

/// Checks each (name, statement) by the rules and lets the engine of `db` prepare it, running nothing.
pub async fn check_statements(db: &Db, statements: &[(&str, &str)]) -> Result<(), StatementError> {
    for (name, sql) in statements {
        check_statement(sql).map_err(|reason| StatementError::Subset { name: (*name).to_owned(), reason })?;
        prepare(db, sql).await.map_err(|source| StatementError::Prepare { name: (*name).to_owned(), source })?;
    }
    Ok(())
}

async fn prepare(db: &Db, sql: &str) -> Result<(), Error> {
    use sqlx::{AssertSqlSafe, Executor, SqlSafeStr};
    let text = AssertSqlSafe(sql.to_owned()).into_sql_str();
    match &db.pools {
        Pools::Sqlite { read, .. } => read.prepare(text).await.map(|_| ()),
        Pools::Postgres(pool) => pool.prepare(text).await.map(|_| ()),
    }
    .map_err(|error| Error::from_sqlx(error, sql))
}

/// The first rule that a statement breaks, as a sentence.
pub(crate) fn check_statement(sql: &str) -> Result<(), String> {
    let code = code_in_capitals(sql);
    refuse(&code, REFUSED_IN_STATEMENTS)?;
    refuse(&code, REFUSED_TYPES)?;
    for aggregate in ["SUM", "AVG"] {
        if calls(&code, aggregate).any(|call| !is_cast(&code, call)) {
            return Err(format!(
                "{aggregate} of integers is NUMERIC on PostgreSQL; write CAST({aggregate}(…) AS BIGINT or DOUBLE PRECISION)"
            ));
        }
    }
    for function in ["MAX", "MIN"] {
        if calls(&code, function).any(|call| arguments_of(&code[call..]) > 1) {
            return Err(format!("{function} takes one column on PostgreSQL; write CASE WHEN"));
        }
    }
    if breaks_upsert_rule(&code) {
        return Err("INSERT … SELECT … ON CONFLICT needs WHERE TRUE before ON CONFLICT on SQLite".to_owned());
    }
    Ok(())
}

pub(crate) fn check_migration(sql: &str) -> Result<(), String> {
    refuse(&code_in_capitals(sql), REFUSED_TYPES)
}

fn refuse(code: &str, words: &[(&str, &str)]) -> Result<(), String> {
    match words.iter().find(|(word, _)| contains_word(code, word)) {
        Some((word, instead)) => Err(format!("{word}: {instead}")),
        None => Ok(()),
    }
}

fn contains_word(code: &str, word: &str) -> bool {
    let is_name = word.chars().all(|c| is_word_character(c) || c == ' ');
    words_at(code, word, is_name).next().is_some()
}

/// The places where `word` stands by itself (or anywhere, when it is a sign and no name).
fn words_at<'a>(code: &'a str, word: &'a str, whole: bool) -> impl Iterator<Item = usize> + 'a {
    code.match_indices(word).map(|(at, _)| at).filter(move |at| {
        let before = code[..*at].chars().next_back();
        let after = code[at + word.len()..].chars().next();
        !whole || ![before, after].into_iter().flatten().any(is_word_character)
    })
}

/// The places of `NAME(` in the code.
fn calls<'a>(code: &'a str, name: &'a str) -> impl Iterator<Item = usize> + 'a {
    words_at(code, name, true).filter(move |at| code[at + name.len()..].trim_start().starts_with('('))
}

/// Whether a call stands somewhere inside `CAST(…)`.
fn is_cast(code: &str, call: usize) -> bool {
    let mut closed = 0;
    for (at, c) in code[..call].char_indices().rev() {
        match c {
            ')' => closed += 1,
            '(' if closed > 0 => closed -= 1,
            '(' if code[..at].trim_end().ends_with("CAST") => return true,
            _ => {}
        }
    }
    false
}

/// How many arguments the call at the start of `code` has.
fn arguments_of(code: &str) -> usize {
    let mut depth = 0;
    let mut count = 1;
    for c in code.chars() {
        match c {
            '(' => depth += 1,
            ')' if depth == 1 => break,
            ')' => depth -= 1,
            ',' if depth == 1 => count += 1,
            _ => {}
        }
    }
    count
}

fn breaks_upsert_rule(code: &str) -> bool {
    let from_select = contains_word(code, "INSERT INTO") && contains_word(code, "SELECT");
    let values = contains_word(code, "VALUES");
    match words_at(code, "ON CONFLICT", true).next() {
        Some(at) if from_select && !values => !contains_word(&code[..at], "WHERE"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sql: &str, expected: Option<&str>) {
        match (check_statement(sql), expected) {
            (Ok(()), None) => {}
            (Err(reason), Some(part)) if reason.contains(part) => {}
            (outcome, expected) => panic!("{sql}: {outcome:?}, expected {expected:?}"),
        }
    }

    #[test]
    fn words_that_one_engine_lacks_are_refused_with_what_to_write_instead() {
        check("SELECT a FROM t WHERE a = ?", Some("$1"));
        check("SELECT a FROM t FOR UPDATE", Some("row locks"));
        check("SELECT GREATEST(a, $1) FROM t", Some("CASE WHEN"));
        check("SELECT a FROM t WHERE a ILIKE $1", Some("LOWER"));
        check("INSERT OR IGNORE INTO t VALUES ($1)", Some("ON CONFLICT"));
        check("SELECT $1::BIGINT", Some("CAST"));
        check("SELECT CAST(COUNT(*) AS INTEGER) FROM t", Some("BIGINT"));
    }

    #[test]
    fn words_inside_names_strings_and_comments_are_left_alone() {
        check("SELECT known, least_used, 'FOR UPDATE ?' FROM t -- GREATEST", None);
        check("SELECT a FROM t WHERE kind = 'INT'", None);
    }

    #[test]
    fn a_sum_must_say_its_type() {
        check("SELECT SUM(a) FROM t", Some("CAST(SUM"));
        check("SELECT CAST(SUM(a) AS BIGINT) FROM t", None);
        check("SELECT CAST(100.0 * SUM(a) / COUNT(*) AS DOUBLE PRECISION) FROM t", None);
        check("SELECT CAST(a AS TEXT), SUM(b) FROM t", Some("CAST(SUM"));
        check("SELECT CAST(COALESCE(AVG(a), 0.0) AS DOUBLE PRECISION) FROM t", None);
    }

    #[test]
    fn a_maximum_takes_one_column() {
        check("SELECT MAX(a, b) FROM t", Some("CASE WHEN"));
        check("SELECT MAX(COALESCE(a, b)) FROM t", None);
    }

    #[test]
    fn an_upsert_from_a_select_needs_a_where() {
        check("INSERT INTO t (a) SELECT a FROM s ON CONFLICT (a) DO NOTHING", Some("WHERE TRUE"));
        check("INSERT INTO t (a) SELECT a FROM s WHERE TRUE ON CONFLICT (a) DO NOTHING", None);
        check("INSERT INTO t (a) VALUES ($1) ON CONFLICT (a) DO NOTHING", None);
    }

    #[test]
    fn a_migration_names_no_type_that_differs_between_the_engines() {
        assert!(check_migration("CREATE TABLE t (a INTEGER)").unwrap_err().contains("BIGINT"));
        assert!(check_migration("CREATE TABLE t (a REAL)").unwrap_err().contains("DOUBLE PRECISION"));
        assert!(check_migration("CREATE TABLE t (a BIGINT, b BLOB, c DOUBLE PRECISION)").is_ok());
    }
}
