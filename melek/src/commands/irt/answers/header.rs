//! What each column is: from the names in the first row and the options of the command.

use std::collections::HashMap;

use csv::ByteRecord;

use super::cell::{Cell, shown};
use super::{DataFile, ItemColumn};

/// Names of columns that a message lists.
const LISTED: usize = 12;

/// A header that cannot be used. Columns count from 1.
#[derive(Debug, thiserror::Error)]
pub enum HeaderError {
    #[error("the file is empty; its first row must name the columns")]
    Empty,
    #[error("the first row holds scores, not names; put a row with the names of the columns before it")]
    Scores,
    #[error("the name of column {column} is not UTF-8; save the file as UTF-8")]
    NotText { column: usize },
    #[error("column {column} has no name; give it one in the first row")]
    Unnamed { column: usize },
    #[error("columns {first} and {second} are both called {name}; rename one of them")]
    Repeated { name: String, first: usize, second: usize },
    #[error("{option} {name}: there is no such column; the file has {known}")]
    Unknown { option: &'static str, name: String, known: String },
    #[error("--items {0}: write the first and the last column of the items as FIRST..LAST")]
    Range(String),
    #[error("--items {first}..{last}: {first} stands behind {last}; turn them round")]
    Reversed { first: String, last: String },
    #[error("no column is left for items; look at --items and --drop")]
    NoItems,
}

/// What a column of a wide file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// With its place among the items.
    Item(usize),
    Person,
    Group,
    Ignored,
}

pub struct WideColumns {
    pub names: Vec<String>,
    pub roles: Vec<Role>,
    pub items: Vec<ItemColumn>,
}

/// Places of the columns of a long file, from 0.
pub struct LongColumns {
    pub names: Vec<String>,
    pub person: usize,
    pub item: usize,
    pub score: usize,
    pub group: Option<usize>,
}

pub enum Shape {
    Wide(WideColumns),
    Long(LongColumns),
}

impl Shape {
    pub fn of(header: &ByteRecord, file: &DataFile) -> Result<Self, HeaderError> {
        let names = names(header)?;
        let find = |option, name: &String| find(&names, option, name);
        let group = file.groups.as_ref().map(|name| find("--groups", name)).transpose()?;
        let person = file.person.as_ref().map(|name| find("--person", name)).transpose()?;
        let called = |wanted: &str| names.iter().position(|name| name.eq_ignore_ascii_case(wanted));
        if let (Some(person), Some(item), Some(score)) = (person.or(called("person")), called("item"), called("score"))
        {
            return Ok(Self::Long(LongColumns { person, item, score, group, names }));
        }
        let is_person = |name: &str| ["", "person", "id"].iter().any(|known| name.eq_ignore_ascii_case(known));
        let person = person.or_else(|| names.first().is_some_and(|name| is_person(name)).then_some(0));
        let mut roles = vec![Role::Ignored; names.len()];
        for column in range(&names, file.items.as_deref())? {
            roles[column] = Role::Item(0);
        }
        for name in &file.drop {
            roles[find("--drop", name)?] = Role::Ignored;
        }
        person.into_iter().for_each(|column| roles[column] = Role::Person);
        group.into_iter().for_each(|column| roles[column] = Role::Group);
        Ok(Self::Wide(WideColumns::new(names, roles)?))
    }
}

impl WideColumns {
    fn new(names: Vec<String>, mut roles: Vec<Role>) -> Result<Self, HeaderError> {
        let mut items = Vec::new();
        for (column, role) in roles.iter_mut().enumerate() {
            if let Role::Item(place) = role {
                *place = items.len();
                items.push(ItemColumn { id: names[column].clone(), column: Some(column + 1) });
            }
        }
        if items.is_empty() { Err(HeaderError::NoItems) } else { Ok(Self { names, roles, items }) }
    }
}

/// The names, each of them once; the first may be empty, as programs leave it above the numbers of rows.
fn names(header: &ByteRecord) -> Result<Vec<String>, HeaderError> {
    if header.iter().all(|cell| matches!(Cell::of(cell), Cell::Score(_))) {
        return Err(HeaderError::Scores);
    }
    let mut names: Vec<String> = Vec::with_capacity(header.len());
    let mut places = HashMap::new();
    for (column, cell) in header.iter().enumerate() {
        let name = std::str::from_utf8(cell).map_err(|_| HeaderError::NotText { column: column + 1 })?.trim();
        if name.is_empty() && column > 0 {
            return Err(HeaderError::Unnamed { column: column + 1 });
        }
        if let Some(first) = places.insert(name.to_owned(), column + 1) {
            return Err(HeaderError::Repeated { name: shown(cell), first, second: column + 1 });
        }
        names.push(name.to_owned());
    }
    Ok(names)
}

fn find(names: &[String], option: &'static str, name: &str) -> Result<usize, HeaderError> {
    names.iter().position(|known| known == name).ok_or_else(|| {
        let mut known: Vec<String> = names.iter().take(LISTED).map(|name| shown(name.as_bytes())).collect();
        if names.len() > LISTED {
            known.push(format!("{} more", names.len() - LISTED));
        }
        HeaderError::Unknown { option, name: name.to_owned(), known: known.join(", ") }
    })
}

/// Columns between two names, both included; all where no range is given.
fn range(names: &[String], text: Option<&str>) -> Result<std::ops::RangeInclusive<usize>, HeaderError> {
    let Some(text) = text else { return Ok(0..=names.len() - 1) };
    let (first, last) = ends(text)?;
    let (from, to) = (find(names, "--items", first)?, find(names, "--items", last)?);
    if from > to {
        return Err(HeaderError::Reversed { first: first.to_owned(), last: last.to_owned() });
    }
    Ok(from..=to)
}

/// The two names of FIRST..LAST.
pub fn ends(text: &str) -> Result<(&str, &str), HeaderError> {
    match text.split_once("..") {
        Some((first, last)) if !first.is_empty() && !last.is_empty() => Ok((first, last)),
        _ => Err(HeaderError::Range(text.to_owned())),
    }
}
