//! What is compared: the answers of two people over the items that both were given.

use super::match_distribution::MatchDistributionError;
use super::multiplicity::MultiplicityError;
use crate::model::ResponseFunction;
use crate::responses::Response;

/// One person's answers and ability.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Examinee<'a> {
    /// By item, ascending, each item once; categories (options) as in the response functions.
    pub answers: &'a [Response],
    /// Logits, one a dimension.
    pub ability: &'a [f64],
}

/// Two people, and how many items they must share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SimilarityTest<'a> {
    /// Response functions by position; two categories for right and wrong, or one an option.
    pub items: &'a [ResponseFunction],
    /// Fewest items both were given; fewer are refused. At least 1, sensibly 10 or more.
    pub minimum_common: usize,
}

/// Answers that cannot be compared. Persons, items and categories count from 0.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SimilarityError {
    #[error("{common} common items; at least {minimum} are needed")]
    TooFewCommon { common: usize, minimum: usize },
    #[error("an answer to item {item} follows one to item {before}; answers go by item, each item once")]
    Order { before: u16, item: u16 },
    #[error("an answer to item {item}, but there are only {items} items")]
    UnknownItem { item: u16, items: usize },
    #[error("category {category} of item {item}, which has {categories}")]
    UnknownCategory { item: u16, category: u8, categories: usize },
    #[error("item {item} measures {dimensions} dimensions, but the person has {abilities} abilities")]
    Dimensions { item: u16, dimensions: usize, abilities: usize },
    #[error("ability {0} is not a finite number")]
    Ability(f64),
    #[error("the answers to every common item are certain, so agreement on them says nothing")]
    Certain,
    #[error("a level of {0}; it lies above 0 and below 1")]
    Level(f64),
    #[error("person {person}")]
    Person { person: usize, source: Box<SimilarityError> },
    #[error("persons {first} and {second}")]
    Pair { first: usize, second: usize, source: Box<SimilarityError> },
    #[error(transparent)]
    Distribution(#[from] MatchDistributionError),
    #[error(transparent)]
    Multiplicity(#[from] MultiplicityError),
}

/// One item that both were given.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Common {
    /// Position in the answers of the first and of the second person.
    pub(super) first: usize,
    pub(super) second: usize,
    pub(super) agree: bool,
}

/// A person's probabilities of every category of every answered item, made once for all comparisons.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Prepared<'a> {
    pub(super) answers: &'a [Response],
    /// `starts[n]..starts[n + 1]` are the categories of answer n.
    starts: Vec<usize>,
    probabilities: Vec<f64>,
}

impl<'a> Prepared<'a> {
    pub(super) fn new(items: &[ResponseFunction], examinee: &Examinee<'a>) -> Result<Self, SimilarityError> {
        if let Some(bad) = examinee.ability.iter().find(|ability| !ability.is_finite()) {
            return Err(SimilarityError::Ability(*bad));
        }
        if let Some(pair) = examinee.answers.windows(2).find(|pair| pair[0].item >= pair[1].item) {
            return Err(SimilarityError::Order { before: pair[0].item, item: pair[1].item });
        }
        let mut prepared = Self { answers: examinee.answers, starts: vec![0], probabilities: Vec::new() };
        for &Response { item, category } in examinee.answers {
            let unknown = SimilarityError::UnknownItem { item, items: items.len() };
            let function = items.get(usize::from(item)).ok_or(unknown)?;
            let (dimensions, abilities) = (function.slopes().len(), examinee.ability.len());
            if dimensions != abilities {
                return Err(SimilarityError::Dimensions { item, dimensions, abilities });
            }
            let categories = function.categories();
            if usize::from(category) >= categories {
                return Err(SimilarityError::UnknownCategory { item, category, categories });
            }
            prepared.probabilities.extend(function.probabilities(examinee.ability));
            prepared.starts.push(prepared.probabilities.len());
        }
        Ok(prepared)
    }

    /// Probabilities of the categories of an answer.
    pub(super) fn categories(&self, answer: usize) -> &[f64] {
        &self.probabilities[self.starts[answer]..self.starts[answer + 1]]
    }

    /// The items both were given, if there are enough of them.
    pub(super) fn common(&self, other: &Self, minimum: usize) -> Result<Vec<Common>, SimilarityError> {
        let (mut common, mut second) = (Vec::new(), 0);
        for (first, answer) in self.answers.iter().enumerate() {
            while other.answers.get(second).is_some_and(|theirs| theirs.item < answer.item) {
                second += 1;
            }
            if let Some(theirs) = other.answers.get(second).filter(|theirs| theirs.item == answer.item) {
                common.push(Common { first, second, agree: theirs.category == answer.category });
            }
        }
        if common.len() < minimum.max(1) {
            return Err(SimilarityError::TooFewCommon { common: common.len(), minimum: minimum.max(1) });
        }
        Ok(common)
    }
}
