//! Answers beside items that are known already: which item is which, and which score is which category.

use std::collections::HashMap;

use melek_irt::model::ResponseFunction;
use melek_irt::responses::Response;

use super::answers::Answers;
use super::fit_file::{FitFile, FitItem};

/// Names a message lists.
const LISTED: usize = 8;

/// Answers that do not go with the file of parameters.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum KnownError {
    #[error("no item of the data is in the file of parameters; items are known by their names")]
    NothingShared,
    #[error(
        "{person} has score {score} in item {item}, which has only {known}; correct it, or leave the item out with --drop {item}"
    )]
    UnknownScore { person: String, item: String, score: u8, known: String },
    #[error("the file of parameters has the groups {0}; say with --groups which column names them")]
    NoGroups(String),
    #[error("group {name} is not in the file of parameters, which has {known}")]
    UnknownGroup { name: String, known: String },
}

/// Items of the data that are in the file, in the order of the data.
pub struct Known {
    pub items: Vec<FitItem>,
    pub functions: Vec<ResponseFunction>,
    /// Names of columns of the data that are not in the file.
    pub unknown: Vec<String>,
    /// Per item of the data, its place among `items` and the category of each of its scores.
    place: Vec<Option<(u16, Vec<Option<u8>>)>>,
}

impl Known {
    pub fn of(file: &FitFile, answers: &Answers) -> Result<Self, KnownError> {
        let by_id: HashMap<&str, &FitItem> = file.items.iter().map(|item| (item.id.as_str(), item)).collect();
        let mut known = Self { items: Vec::new(), functions: Vec::new(), unknown: Vec::new(), place: Vec::new() };
        for (column, id) in answers.ids().enumerate() {
            let function = by_id.get(id).and_then(|item| Some((*item, item.function(file.model).ok()?)));
            let Some((item, function)) = function else {
                known.unknown.push(id.to_owned());
                known.place.push(None);
                continue;
            };
            let scores = item.scores();
            let category = |score: &u8| scores.iter().position(|known| known == score).map(|place| place as u8);
            let categories = answers.responses.scores(column).iter().map(category).collect();
            known.place.push(Some((known.items.len() as u16, categories)));
            known.items.push(item.clone());
            known.functions.push(function);
        }
        if known.items.is_empty() { Err(KnownError::NothingShared) } else { Ok(known) }
    }

    /// One person's answers to the known items.
    pub fn answers(&self, answers: &Answers, row: usize) -> Result<Vec<Response>, KnownError> {
        let mut own = Vec::new();
        for answer in answers.responses.of(row) {
            let column = usize::from(answer.item);
            let Some((item, categories)) = &self.place[column] else { continue };
            let Some(category) = categories[usize::from(answer.category)] else {
                let known: Vec<String> = self.items[usize::from(*item)].scores().iter().map(u8::to_string).collect();
                return Err(KnownError::UnknownScore {
                    person: format!(
                        "{} {}",
                        if answers.persons.is_empty() { "row" } else { "person" },
                        answers.person_name(row)
                    ),
                    item: answers.items[column].id.clone(),
                    score: answers.responses.scores(column)[usize::from(answer.category)],
                    known: known.join(", "),
                });
            };
            own.push(Response { item: *item, category });
        }
        Ok(own)
    }

    /// A sentence about columns that are not in the file.
    pub fn left_out(&self) -> Option<String> {
        let mut names: Vec<&str> = self.unknown.iter().take(LISTED).map(String::as_str).collect();
        let more = format!("{} more", self.unknown.len().saturating_sub(LISTED));
        names.extend((self.unknown.len() > LISTED).then_some(more.as_str()));
        (!names.is_empty()).then(|| format!("not in the file of parameters and left out: {}", names.join(", ")))
    }
}

/// Per group of the data, its place among the groups of the file; one group needs no column.
pub fn groups(file: &FitFile, answers: &Answers) -> Result<Vec<usize>, KnownError> {
    let named: Vec<String> = file.groups.iter().map(|group| group.name.clone().unwrap_or_default()).collect();
    match (&answers.groups, named.len()) {
        (None, 0) => Ok(vec![0]),
        (None, _) => Err(KnownError::NoGroups(named.join(", "))),
        (Some(groups), 0) => Ok(vec![0; groups.names.len()]),
        (Some(groups), _) => {
            let place = |name: &String| {
                let unknown = || KnownError::UnknownGroup { name: name.clone(), known: named.join(", ") };
                named.iter().position(|known| known == name).ok_or_else(unknown)
            };
            groups.names.iter().map(place).collect()
        }
    }
}
