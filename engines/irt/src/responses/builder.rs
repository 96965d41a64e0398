//! Collects answers person by person and numbers the categories of every item.

use super::{Response, Responses};

/// Items a position of two bytes can name.
const MOST_ITEMS: usize = u16::MAX as usize;

/// Answers that cannot be kept. Persons and items count from 0.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ResponsesError {
    #[error("{0} items; between 1 and 65,535 can be kept")]
    Items(usize),
    #[error("person {person} has {cells} cells, but there are {items} items")]
    RowLength { person: usize, cells: usize, items: usize },
    #[error("person {person} answers item {item}, but there are only {items} items")]
    UnknownItem { person: usize, item: usize, items: usize },
    #[error("person {person} answers item {item} twice; keep one of the two answers")]
    Twice { person: usize, item: usize },
}

/// Takes people one at a time, so that millions need no second copy.
///
/// ```
/// use melek_irt::responses::ResponsesBuilder;
/// let mut builder = ResponsesBuilder::new(500)?;
/// builder.person([(17, 1), (402, 0)])?;
/// assert_eq!(builder.build().total(), 2);
/// # Ok::<(), melek_irt::responses::ResponsesError>(())
/// ```
#[derive(Debug, Clone)]
pub struct ResponsesBuilder {
    /// Per item, which of the 256 scores occur.
    occurs: Vec<[bool; 256]>,
    starts: Vec<usize>,
    answers: Vec<Response>,
}

impl ResponsesBuilder {
    /// Nobody yet, for a number of items.
    ///
    /// # Arguments
    /// `items`: 1 … 65,535; another number is an error.
    ///
    /// # Source
    /// Definition.
    pub fn new(items: usize) -> Result<Self, ResponsesError> {
        if items == 0 || items > MOST_ITEMS {
            return Err(ResponsesError::Items(items));
        }
        Ok(Self { occurs: vec![[false; 256]; items], starts: vec![0], answers: Vec::new() })
    }

    /// Names scores of an item that exist though nobody may have them here, so that categories keep their places: for
    /// items whose parameters are known. An unknown item is an error.
    ///
    /// # Source
    /// Definition.
    pub fn known_scores(&mut self, item: usize, scores: impl IntoIterator<Item = u8>) -> Result<(), ResponsesError> {
        let (person, items) = (self.starts.len() - 1, self.occurs.len());
        let occurs = self.occurs.get_mut(item).ok_or(ResponsesError::UnknownItem { person, item, items })?;
        scores.into_iter().for_each(|score| occurs[usize::from(score)] = true);
        Ok(())
    }

    /// Adds one person with (item, score) pairs in any order.
    ///
    /// # Arguments
    /// `answers`: items from 0, scores 0 … 255; an unknown item or one answered twice is an error, and the person is
    /// then not added.
    ///
    /// # Source
    /// Definition.
    pub fn person(&mut self, answers: impl IntoIterator<Item = (usize, u8)>) -> Result<(), ResponsesError> {
        let (person, start, items) = (self.starts.len() - 1, self.answers.len(), self.occurs.len());
        for (item, score) in answers {
            if item >= items {
                self.answers.truncate(start);
                return Err(ResponsesError::UnknownItem { person, item, items });
            }
            self.answers.push(Response { item: item as u16, category: score });
        }
        let own = &mut self.answers[start..];
        own.sort_unstable_by_key(|response| response.item);
        if let Some(pair) = own.windows(2).find(|pair| pair[0].item == pair[1].item) {
            let item = usize::from(pair[0].item);
            self.answers.truncate(start);
            return Err(ResponsesError::Twice { person, item });
        }
        for response in own {
            self.occurs[usize::from(response.item)][usize::from(response.category)] = true;
        }
        self.starts.push(self.answers.len());
        Ok(())
    }

    /// The answers, with the scores of every item numbered as categories.
    ///
    /// # Source
    /// Definition.
    pub fn build(mut self) -> Responses {
        let scores: Vec<Vec<u8>> =
            self.occurs.iter().map(|occurs| (0..=255).filter(|score| occurs[usize::from(*score)]).collect()).collect();
        let mut counts: Vec<Vec<usize>> = scores.iter().map(|item| vec![0; item.len()]).collect();
        for response in &mut self.answers {
            let item = usize::from(response.item);
            let category = scores[item].partition_point(|score| *score < response.category);
            counts[item][category] += 1;
            response.category = category as u8;
        }
        self.answers.shrink_to_fit();
        Responses { scores, counts, starts: self.starts, answers: self.answers }
    }
}
