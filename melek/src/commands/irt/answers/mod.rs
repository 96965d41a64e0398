//! A file of answers, read: who answered what with which score, the names of items, people and groups.
//!
//! Wide: one row a person, one column an item. Long: `person,item,score`, one row an answer. Both may be packed with gzip. An
//! empty cell and NA mean that the item was not presented. Rows are read one at a time; nothing is kept but the answers.

mod cell;
mod header;
mod long;
mod open;
mod wide;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use clap::Args;
use melek_irt::responses::{Responses, ResponsesBuilder, ResponsesError};

use crate::bad_input::BadInput;
use cell::Place;
use header::{HeaderError, Shape};

/// More groups than this are a column that names people.
const MOST_GROUPS: usize = 100;

/// Which columns of the file are what.
#[derive(Args, Clone)]
pub struct DataFile {
    /// Answers as CSV, also packed (.gz): a column an item, or person,item,score
    #[arg(value_name = "DATA")]
    pub path: PathBuf,
    /// Column that names the person; a first column called person or id is recognised
    #[arg(long, value_name = "COLUMN")]
    pub person: Option<String>,
    /// Column that names the person's group
    #[arg(long, value_name = "COLUMN")]
    pub groups: Option<String>,
    /// Group that sets the scale; without it the first in order
    #[arg(long, value_name = "NAME", requires = "groups")]
    pub reference: Option<String>,
    /// Columns that are items, from one name to another; without it all that are nothing else
    #[arg(long, value_name = "FIRST..LAST")]
    pub items: Option<String>,
    /// Columns to leave out
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',')]
    pub drop: Vec<String>,
}

/// An item and where it stands in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemColumn {
    pub id: String,
    /// Column of a wide file, from 1.
    pub column: Option<usize>,
}

/// The groups of people; the first sets the scale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Groups {
    pub names: Vec<String>,
    /// Per person, the place of the group in `names`.
    pub of: Vec<u16>,
}

/// What a file says.
pub struct Answers {
    pub items: Vec<ItemColumn>,
    pub responses: Responses,
    /// Names of the people by row; empty where the file has none.
    pub persons: Vec<String>,
    pub groups: Option<Groups>,
}

/// Rows that say nothing clear. A line is that of the file, as an editor counts it.
#[derive(Debug, thiserror::Error)]
pub enum AnswerFileError {
    #[error(transparent)]
    Header(#[from] HeaderError),
    #[error("cannot be read: {0}")]
    Unreadable(std::io::Error),
    #[error("line {line} cannot be read: {reason}")]
    Row { line: u64, reason: String },
    #[error("line {line} has {cells} cells, but the header has {columns}; look for a comma too many or too few")]
    Ragged { line: u64, cells: usize, columns: usize },
    #[error(
        "{place}: {text} is no score; write a whole number from 0 to 255, and nothing or NA where the item was not presented"
    )]
    Score { place: Place, text: String },
    #[error("{place}: {text} is negative; scores count from 0, and a missing answer is an empty cell or NA")]
    Negative { place: Place, text: String },
    #[error("{place}: {text} is too large; scores are whole numbers from 0 to 255")]
    TooLarge { place: Place, text: String },
    #[error(
        "{place}: {text} is no score; if {name} is no item, leave it out with --drop {name}, or name it with --groups {name} or --person {name}"
    )]
    NoItem { place: Place, text: String, name: String },
    #[error("{place}: the cell is empty; every row needs a {what}")]
    Unnamed { place: Place, what: &'static str },
    #[error("line {line}: person {person} is already in line {first}; keep one of the two rows")]
    RepeatedPerson { line: u64, person: String, first: u64 },
    #[error(
        "line {line}: person {person} has already answered item {item} in line {first}; keep one of the two answers"
    )]
    RepeatedAnswer { line: u64, person: String, item: String, first: u64 },
    #[error("line {line}: person {person} is in group {group}, but in group {other} before; a person has one group")]
    TwoGroups { line: u64, person: String, group: String, other: String },
    #[error(
        "column {column} has more than {MOST_GROUPS} different values, so it does not name groups; name another with --groups"
    )]
    ManyGroups { column: String },
    #[error("there is no group {name} for --reference; the groups are {known}")]
    NoReference { name: String, known: String },
    #[error("there are no rows below the header; every person needs one")]
    NoPeople,
    #[error(transparent)]
    Responses(#[from] ResponsesError),
}

/// Scores of items whose parameters are known, by name: their categories keep their places whoever answers.
pub type KnownScores = HashMap<String, Vec<u8>>;

/// Reads a file.
pub fn read(file: &DataFile) -> Result<Answers, BadInput> {
    read_known(file, &KnownScores::new())
}

/// Reads a file of answers to items of which some are known.
pub fn read_known(file: &DataFile, known: &KnownScores) -> Result<Answers, BadInput> {
    read_file(file, known).map_err(|error| BadInput(format!("{}: {error}", file.path.display())))
}

fn read_file(file: &DataFile, known: &KnownScores) -> Result<Answers, AnswerFileError> {
    read_from(open::open(&file.path)?, file, known)
}

fn read_from(mut reader: open::Reader, file: &DataFile, known: &KnownScores) -> Result<Answers, AnswerFileError> {
    let mut record = csv::ByteRecord::new();
    if !open::next(&mut reader, &mut record)? {
        return Err(HeaderError::Empty.into());
    }
    match Shape::of(&record, file)? {
        Shape::Wide(columns) => wide::read(reader, &columns, (known, file.reference.as_deref())),
        Shape::Long(columns) => long::read(reader, &columns, (known, file)),
    }
}

impl Answers {
    /// "q3 (column 4)", or the name alone where an item has no column of its own.
    pub fn item_place(&self, item: usize) -> String {
        match self.items.get(item) {
            Some(ItemColumn { id, column: Some(column) }) => format!("{id} (column {column})"),
            Some(ItemColumn { id, column: None }) => id.clone(),
            None => (item + 1).to_string(),
        }
    }

    /// Name of a person, or the row counted from 1.
    pub fn person_name(&self, row: usize) -> String {
        self.persons.get(row).cloned().unwrap_or_else(|| (row + 1).to_string())
    }

    /// Number of answers to each score that occurs, by item.
    pub fn counts(&self) -> Vec<Vec<usize>> {
        let mut counts: Vec<Vec<usize>> =
            (0..self.items.len()).map(|item| vec![0; self.responses.categories(item)]).collect();
        for person in 0..self.responses.persons() {
            for answer in self.responses.of(person) {
                counts[usize::from(answer.item)][usize::from(answer.category)] += 1;
            }
        }
        counts
    }

    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.items.iter().map(|item| item.id.as_str())
    }
}

/// Numbers the groups as they are met and puts them in order at the end.
#[derive(Default)]
struct GroupBuilder {
    names: Vec<String>,
    of: Vec<u16>,
}

impl GroupBuilder {
    /// Place of a name, or nothing when there are too many.
    fn number(&mut self, name: &str) -> Option<u16> {
        if let Some(known) = self.names.iter().position(|known| known == name) {
            return Some(known as u16);
        }
        if self.names.len() == MOST_GROUPS {
            return None;
        }
        self.names.push(name.to_owned());
        Some((self.names.len() - 1) as u16)
    }

    fn build(self, reference: Option<&str>) -> Result<Groups, AnswerFileError> {
        let mut order: Vec<usize> = (0..self.names.len()).collect();
        order.sort_by(|one, other| in_order(&self.names[*one], &self.names[*other]));
        if let Some(name) = reference {
            let place = order.iter().position(|group| self.names[*group] == name).ok_or_else(|| {
                let known: Vec<&str> = order.iter().map(|group| self.names[*group].as_str()).collect();
                AnswerFileError::NoReference { name: name.to_owned(), known: known.join(", ") }
            })?;
            let first = order.remove(place);
            order.insert(0, first);
        }
        let mut place = vec![0; order.len()];
        order.iter().enumerate().for_each(|(new, old)| place[*old] = new as u16);
        let of = self.of.iter().map(|group| place[usize::from(*group)]).collect();
        Ok(Groups { names: order.iter().map(|group| self.names[*group].clone()).collect(), of })
    }
}

/// Numbers by size, everything else by letters.
fn in_order(one: &str, other: &str) -> std::cmp::Ordering {
    match (one.parse::<f64>(), other.parse::<f64>()) {
        (Ok(first), Ok(second)) => first.total_cmp(&second),
        _ => one.cmp(other),
    }
}

/// A builder in which known scores have their places.
fn builder(items: &[ItemColumn], known: &KnownScores) -> Result<ResponsesBuilder, ResponsesError> {
    let mut builder = ResponsesBuilder::new(items.len())?;
    for (place, item) in items.iter().enumerate() {
        if let Some(scores) = known.get(&item.id) {
            builder.known_scores(place, scores.iter().copied())?;
        }
    }
    Ok(builder)
}

/// For tests: a file that is given as bytes.
#[cfg(test)]
fn read_bytes(bytes: Vec<u8>, file: &DataFile) -> Result<Answers, AnswerFileError> {
    read_from(open::reader(Box::new(std::io::Cursor::new(bytes)))?, file, &KnownScores::new())
}

/// A file described by its path alone.
impl From<&Path> for DataFile {
    fn from(path: &Path) -> Self {
        Self { path: path.to_owned(), person: None, groups: None, reference: None, items: None, drop: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read_text(text: &str) -> Result<Answers, AnswerFileError> {
        read_bytes(text.as_bytes().to_vec(), &DataFile::from(Path::new("answers.csv")))
    }

    #[test]
    fn blank_and_na_are_not_presented_and_quotes_and_decimals_are_scores() {
        let answers = read_text("\"a\",b,c\n1,,NA\n\"0\",1.0, 2 \n").expect("read");
        assert_eq!((answers.responses.of(0).len(), answers.responses.of(1).len()), (1, 3));
        assert_eq!(answers.responses.scores(2), [2]);
    }

    #[test]
    fn a_long_file_gives_what_the_wide_one_gives() {
        let wide = read_text("person,a,b\nx,1,0\ny,,1\n").expect("wide");
        let long = read_text("item,score,person,seconds\nb,0,x,3\na,1,x,2\nb,1,y,9\na,NA,y,1\n").expect("long");
        assert_eq!((wide.responses, wide.persons), (long.responses, long.persons));
        assert_eq!(long.items.iter().map(|item| item.id.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    }

    #[test]
    fn groups_are_in_order_and_the_reference_comes_first() {
        let mut file = DataFile::from(Path::new("answers.csv"));
        file.groups = Some("g".to_owned());
        let text = b"g,a\n10,1\n9,0\n10,1\n".to_vec();
        let groups = read_bytes(text.clone(), &file).expect("read").groups.expect("groups");
        assert_eq!((groups.names, groups.of), (vec!["9".to_owned(), "10".to_owned()], vec![1, 0, 1]));
        file.reference = Some("10".to_owned());
        let groups = read_bytes(text, &file).expect("read").groups.expect("groups");
        assert_eq!(groups.of, [0, 1, 0]);
    }

    /// Bytes that look like a file of answers often enough to reach every part of the reader.
    fn bytes() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            Just(b"person,item,score\n".to_vec()),
            Just(b"a,b,a\n".to_vec()),
            Just(b"person,q1,q2\n".to_vec()),
            Just(b"\xef\xbb\xbfid;q1;q2\n".to_vec()),
            Just(b"\x1f\x8b\x08".to_vec()),
            Just(b"1,0,NA\n".to_vec()),
            Just(b"x,0,-1\n".to_vec()),
            Just(b"\"".to_vec()),
            "[0-9]{1,4},[a-c]{0,2},[0-9]{0,3}\n".prop_map(String::into_bytes),
            proptest::collection::vec(any::<u8>(), 0..40),
        ];
        proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn no_sequence_of_bytes_makes_the_reader_panic(bytes in bytes(), grouped in any::<bool>(), ranged in any::<bool>()) {
            let mut file = DataFile::from(Path::new("answers.csv"));
            file.groups = grouped.then(|| "q1".to_owned());
            file.items = ranged.then(|| "a..b".to_owned());
            match read_bytes(bytes, &file) {
                Ok(answers) => prop_assert_eq!(answers.responses.items(), answers.items.len()),
                Err(error) => prop_assert!(!error.to_string().is_empty()),
            }
        }
    }
}
