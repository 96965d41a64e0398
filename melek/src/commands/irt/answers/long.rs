//! One row an answer: `person,item,score`. Rows of a person need not stand together; items come in the order of their names.

use std::collections::{BTreeMap, HashMap};

use csv::ByteRecord;

use super::cell::{Cell, Place, shown};
use super::header::{HeaderError, LongColumns, ends};
use super::open::{Reader, line, next};
use super::{AnswerFileError, Answers, DataFile, GroupBuilder, ItemColumn, KnownScores, builder};

pub fn read(
    mut reader: Reader,
    columns: &LongColumns,
    (known, file): (&KnownScores, &DataFile),
) -> Result<Answers, AnswerFileError> {
    let mut rows = Rows {
        columns,
        persons: Numbered::default(),
        items: Numbered::default(),
        groups: GroupBuilder::default(),
        answers: Vec::new(),
    };
    let mut record = ByteRecord::new();
    while next(&mut reader, &mut record)? {
        rows.add(&record)?;
    }
    rows.build(known, file)
}

/// Names, numbered as they are met.
#[derive(Default)]
struct Numbered {
    names: Vec<String>,
    places: HashMap<String, u32>,
}

impl Numbered {
    fn number(&mut self, name: &str) -> u32 {
        if let Some(place) = self.places.get(name) {
            return *place;
        }
        let place = self.names.len() as u32;
        self.names.push(name.to_owned());
        self.places.insert(name.to_owned(), place);
        place
    }
}

/// One answer as it stands in the file.
#[derive(Clone, Copy)]
struct Answer {
    person: u32,
    item: u32,
    line: u32,
    score: u8,
}

struct Rows<'a> {
    columns: &'a LongColumns,
    persons: Numbered,
    items: Numbered,
    groups: GroupBuilder,
    answers: Vec<Answer>,
}

impl Rows<'_> {
    fn add(&mut self, record: &ByteRecord) -> Result<(), AnswerFileError> {
        let (cells, columns) = (record.len(), self.columns.names.len());
        if cells != columns {
            return Err(AnswerFileError::Ragged { line: line(record), cells, columns });
        }
        let place =
            |column: usize| Place { line: line(record), column: column + 1, name: self.columns.names[column].clone() };
        let named = |column: usize, what| match String::from_utf8_lossy(record[column].trim_ascii()) {
            name if name.is_empty() => Err(AnswerFileError::Unnamed { place: place(column), what }),
            name => Ok(name.into_owned()),
        };
        let (person, item) = (named(self.columns.person, "person")?, named(self.columns.item, "item")?);
        let group = self.columns.group.map(|column| named(column, "group")).transpose()?;
        let text = || shown(&record[self.columns.score]);
        let score = match Cell::of(&record[self.columns.score]) {
            Cell::Blank => None,
            Cell::Score(score) => Some(score),
            Cell::Negative => {
                return Err(AnswerFileError::Negative { place: place(self.columns.score), text: text() });
            }
            Cell::TooLarge => {
                return Err(AnswerFileError::TooLarge { place: place(self.columns.score), text: text() });
            }
            Cell::Text => return Err(AnswerFileError::Score { place: place(self.columns.score), text: text() }),
        };
        let (person, item) = (self.persons.number(&person), self.items.number(&item));
        if let Some(group) = group {
            self.group(record, person, &group)?;
        }
        self.answers.extend(score.map(|score| Answer { person, item, line: line(record) as u32, score }));
        Ok(())
    }

    fn group(&mut self, record: &ByteRecord, person: u32, name: &str) -> Result<(), AnswerFileError> {
        let column = self.columns.group.map(|column| self.columns.names[column].clone()).unwrap_or_default();
        let group = self.groups.number(name).ok_or(AnswerFileError::ManyGroups { column })?;
        match self.groups.of.get(person as usize) {
            None => self.groups.of.push(group),
            Some(other) if *other == group => {}
            Some(other) => {
                let name_of = |group: u16| shown(self.groups.names[usize::from(group)].as_bytes());
                return Err(AnswerFileError::TwoGroups {
                    line: line(record),
                    person: shown(self.persons.names[person as usize].as_bytes()),
                    group: name_of(group),
                    other: name_of(*other),
                });
            }
        }
        Ok(())
    }

    fn build(mut self, known: &KnownScores, file: &DataFile) -> Result<Answers, AnswerFileError> {
        if self.persons.names.is_empty() {
            return Err(AnswerFileError::NoPeople);
        }
        self.answers.sort_by_key(|answer| (answer.person, answer.item));
        self.refuse_repeated()?;
        let kept = kept(&self.items.names, file)?;
        let mut place = vec![None; self.items.names.len()];
        kept.iter().enumerate().for_each(|(new, old)| place[*old as usize] = Some(new));
        let named = kept.iter().map(|item| self.items.names[*item as usize].clone());
        let items: Vec<ItemColumn> = named.map(|id| ItemColumn { id, column: None }).collect();
        let mut builder = builder(&items, known)?;
        let mut rest = self.answers.as_slice();
        for person in 0..self.persons.names.len() {
            let (own, others) = rest.split_at(rest.partition_point(|answer| answer.person as usize == person));
            rest = others;
            builder.person(own.iter().filter_map(|answer| Some((place[answer.item as usize]?, answer.score))))?;
        }
        Ok(Answers {
            items,
            responses: builder.build(),
            persons: self.persons.names,
            groups: if self.columns.group.is_some() {
                Some(self.groups.build(file.reference.as_deref())?)
            } else {
                None
            },
        })
    }

    fn refuse_repeated(&self) -> Result<(), AnswerFileError> {
        let same = |pair: &&[Answer]| (pair[0].person, pair[0].item) == (pair[1].person, pair[1].item);
        match self.answers.windows(2).find(same) {
            None => Ok(()),
            Some(pair) => Err(AnswerFileError::RepeatedAnswer {
                line: u64::from(pair[1].line),
                person: shown(self.persons.names[pair[1].person as usize].as_bytes()),
                item: shown(self.items.names[pair[1].item as usize].as_bytes()),
                first: u64::from(pair[0].line),
            }),
        }
    }
}

/// Items that stay after `--items` and `--drop`, in the order of their names.
fn kept(names: &[String], file: &DataFile) -> Result<Vec<u32>, HeaderError> {
    let mut order: BTreeMap<&str, u32> =
        names.iter().enumerate().map(|(place, name)| (name.as_str(), place as u32)).collect();
    if let Some(text) = &file.items {
        let (first, last) = ends(text)?;
        order.retain(|name, _| (first..=last).contains(name));
    }
    for name in &file.drop {
        if order.remove(name.as_str()).is_none() {
            let known = format!("{} items", names.len());
            return Err(HeaderError::Unknown { option: "--drop", name: name.clone(), known });
        }
    }
    if order.is_empty() { Err(HeaderError::NoItems) } else { Ok(order.into_values().collect()) }
}
