//! Whose table is whose: a crate's SQL names its own tables and the views that others publish.
//!
//! A table or view bears its crate's name in front (`people_person`); a view for others is called
//! `<crate>_v_…`. A foreign key may point at any table, because it says what must be there and reads nothing.

use std::collections::BTreeSet;

use crate::repository::{assert_none, crate_of, files_with, read};
use crate::source::{Source, sources};

/// Names behind these words become tables or views.
const CREATORS: [&str; 2] = ["TABLE", "VIEW"];

fn words(sql: &str) -> impl Iterator<Item = &str> {
    sql.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).filter(|word| !word.is_empty())
}

fn without_comments(sql: &str) -> String {
    sql.lines().map(|line| line.split("--").next().unwrap_or_default().to_owned() + "\n").collect()
}

/// The tables and views that this SQL makes.
fn created(sql: &str) -> Vec<String> {
    let skipped = ["IF", "NOT", "EXISTS"];
    let words: Vec<_> = words(sql).filter(|word| !skipped.contains(word)).collect();
    let makes = words.windows(3).filter(|three| three[0] == "CREATE" && CREATORS.contains(&three[1]));
    makes.map(|three| three[2].to_owned()).collect()
}

fn is_published(table: &str, owner: &str) -> bool {
    table.starts_with(&format!("{owner}_v_"))
}

fn owner<'tables>(word: &str, tables: &'tables BTreeSet<(String, String)>) -> Option<&'tables str> {
    tables.iter().find(|(_, table)| table == word).map(|(owner, _)| owner.as_str())
}

/// Foreign tables in this SQL of a crate.
fn trespasses(sql: &str, of: &str, tables: &BTreeSet<(String, String)>) -> Vec<String> {
    let words: Vec<_> = std::iter::once("").chain(words(sql)).collect();
    let read = words.windows(2).filter(|two| two[0] != "REFERENCES").map(|two| two[1]);
    let foreign =
        read.filter(|word| owner(word, tables).is_some_and(|owner| owner != of && !is_published(word, owner)));
    foreign.map(str::to_owned).collect()
}

struct Sql {
    file: String,
    text: String,
}

/// The SQL files, and the texts of Rust code that is no test.
fn all_sql() -> Vec<Sql> {
    let files = files_with(&[".sql"]).into_iter().filter(|file| !file.contains("/tests/"));
    let of_files = files.map(|file| Sql { text: without_comments(&read(&file)), file });
    let of_code = sources().into_iter().flat_map(|Source { file, texts, .. }| {
        let texts = texts.into_iter().filter(|(_, in_tests)| !in_tests);
        texts.map(move |(text, _)| Sql { file: file.clone(), text }).collect::<Vec<_>>()
    });
    of_files.chain(of_code).filter(|sql| crate_of(&sql.file).is_some()).collect()
}

fn all_tables(all: &[Sql]) -> BTreeSet<(String, String)> {
    let of = |sql: &Sql| crate_of(&sql.file).unwrap_or_default().to_owned();
    all.iter()
        .flat_map(|sql| created(&sql.text).into_iter().map(|table| (of(sql), table)).collect::<Vec<_>>())
        .collect()
}

#[test]
fn a_table_bears_the_name_of_its_crate() {
    let tables = all_tables(&all_sql());
    let strange = tables.iter().filter(|(owner, table)| !table.starts_with(&format!("{owner}_")));
    assert_none(
        "tables without the name of their crate",
        &strange.map(|(a, b)| format!("{a}: {b}")).collect::<Vec<_>>(),
    );
}

#[test]
fn sql_names_only_own_tables_and_published_views() {
    let all = all_sql();
    let tables = all_tables(&all);
    let mut found = Vec::new();
    for sql in &all {
        let foreign = trespasses(&sql.text, crate_of(&sql.file).unwrap_or_default(), &tables);
        found.extend(foreign.into_iter().map(|table| format!("{}: {table}", sql.file)));
    }
    found.dedup();
    assert_none("tables of others (use their view `…_v_…` or their function)", &found);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tables() -> BTreeSet<(String, String)> {
        [("people", "people_person"), ("people", "people_v_person"), ("assess", "assess_answer")]
            .map(|(owner, table)| (owner.to_owned(), table.to_owned()))
            .into()
    }

    #[test]
    fn reading_anothers_table_is_found() {
        let sql = "SELECT x FROM assess_answer JOIN people_person ON TRUE";
        assert_eq!(trespasses(sql, "assess", &tables()), ["people_person"]);
    }

    #[test]
    fn a_published_view_and_a_foreign_key_are_allowed() {
        let sql = "SELECT x FROM people_v_person; FOREIGN KEY (p) REFERENCES people_person (id)";
        assert!(trespasses(sql, "assess", &tables()).is_empty());
    }

    #[test]
    fn created_tables_and_views_are_seen() {
        assert_eq!(created("CREATE TABLE IF NOT EXISTS a_b (x); CREATE VIEW a_v_c AS"), ["a_b", "a_v_c"]);
    }
}
