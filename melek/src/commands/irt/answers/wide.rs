//! One row a person, one column an item.

use std::collections::HashMap;

use csv::ByteRecord;
use melek_irt::responses::ResponsesBuilder;

use super::cell::{Cell, Place, shown};
use super::header::{Role, WideColumns};
use super::open::{Reader, line, next};
use super::{AnswerFileError, Answers, GroupBuilder, KnownScores, builder};

pub fn read(
    mut reader: Reader,
    columns: &WideColumns,
    (known, reference): (&KnownScores, Option<&str>),
) -> Result<Answers, AnswerFileError> {
    let mut rows = Rows {
        columns,
        builder: builder(&columns.items, known)?,
        groups: GroupBuilder::default(),
        persons: Vec::new(),
        lines: HashMap::new(),
        has_score: vec![false; columns.items.len()],
        answers: Vec::new(),
        count: 0,
    };
    let mut record = ByteRecord::new();
    while next(&mut reader, &mut record)? {
        rows.add(&record)?;
    }
    if rows.count == 0 {
        return Err(AnswerFileError::NoPeople);
    }
    let groups = if columns.roles.contains(&Role::Group) { Some(rows.groups.build(reference)?) } else { None };
    Ok(Answers { items: columns.items.clone(), responses: rows.builder.build(), persons: rows.persons, groups })
}

struct Rows<'a> {
    columns: &'a WideColumns,
    builder: ResponsesBuilder,
    groups: GroupBuilder,
    persons: Vec<String>,
    /// Line of each named person.
    lines: HashMap<String, u64>,
    /// Whether the column of an item has held a score: one that starts with text is no item.
    has_score: Vec<bool>,
    answers: Vec<(usize, u8)>,
    count: usize,
}

impl Rows<'_> {
    fn add(&mut self, record: &ByteRecord) -> Result<(), AnswerFileError> {
        let (cells, columns) = (record.len(), self.columns.roles.len());
        if cells != columns {
            return Err(AnswerFileError::Ragged { line: line(record), cells, columns });
        }
        self.answers.clear();
        for (column, cell) in record.iter().enumerate() {
            match self.columns.roles[column] {
                Role::Ignored => {}
                Role::Item(item) => match Cell::of(cell) {
                    Cell::Blank => {}
                    Cell::Score(score) => {
                        self.has_score[item] = true;
                        self.answers.push((item, score));
                    }
                    wrong => return Err(self.wrong(wrong, record, column)),
                },
                Role::Person => self.name(record, column)?,
                Role::Group => self.group(record, column)?,
            }
        }
        self.builder.person(self.answers.iter().copied())?;
        self.count += 1;
        Ok(())
    }

    fn place(&self, record: &ByteRecord, column: usize) -> Place {
        Place { line: line(record), column: column + 1, name: self.columns.names[column].clone() }
    }

    fn wrong(&self, cell: Cell, record: &ByteRecord, column: usize) -> AnswerFileError {
        let (place, text) = (self.place(record, column), shown(&record[column]));
        let item_is_new = matches!(self.columns.roles[column], Role::Item(item) if !self.has_score[item]);
        match cell {
            Cell::Negative => AnswerFileError::Negative { place, text },
            _ if item_is_new => AnswerFileError::NoItem { place, text, name: self.columns.names[column].clone() },
            Cell::TooLarge => AnswerFileError::TooLarge { place, text },
            _ => AnswerFileError::Score { place, text },
        }
    }

    fn name(&mut self, record: &ByteRecord, column: usize) -> Result<(), AnswerFileError> {
        let person = String::from_utf8_lossy(record[column].trim_ascii()).into_owned();
        if person.is_empty() {
            return Err(AnswerFileError::Unnamed { place: self.place(record, column), what: "person" });
        }
        let line = line(record);
        if let Some(first) = self.lines.insert(person.clone(), line) {
            return Err(AnswerFileError::RepeatedPerson { line, person: shown(person.as_bytes()), first });
        }
        self.persons.push(person);
        Ok(())
    }

    fn group(&mut self, record: &ByteRecord, column: usize) -> Result<(), AnswerFileError> {
        let name = String::from_utf8_lossy(record[column].trim_ascii()).into_owned();
        if name.is_empty() {
            return Err(AnswerFileError::Unnamed { place: self.place(record, column), what: "group" });
        }
        let many = || AnswerFileError::ManyGroups { column: self.columns.names[column].clone() };
        let group = self.groups.number(&name).ok_or_else(many)?;
        self.groups.of.push(group);
        Ok(())
    }
}
