//! The answers of many people to many items: who answered what, item by item, without a cell for what was not asked.
//!
//! A score is a small whole number as it stands in the data; a category counts the scores that occur in an item from 0
//! upwards. An item that was not presented to a person has no answer and says nothing. Reading files is the caller's.

mod builder;

pub use builder::{ResponsesBuilder, ResponsesError};

/// One answer: an item's position, and the category of the answer, 0 the lowest. Three bytes: a nation's answers are
/// hundreds of millions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(Rust, packed)]
pub struct Response {
    pub item: u16,
    pub category: u8,
}

/// Answers person by person, in the order in which people were added; within a person by item.
///
/// ```
/// use melek_irt::responses::Responses;
/// // Two people, three items; the second person was not shown the last item.
/// let responses = Responses::from_rows(3, [[Some(1), Some(0), Some(1)], [Some(0), Some(1), None]])?;
/// assert_eq!((responses.persons(), responses.items(), responses.total()), (2, 3, 5));
/// assert_eq!(responses.of(1).len(), 2);
/// # Ok::<(), melek_irt::responses::ResponsesError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Responses {
    /// Per item, the scores that occur, ascending; a category is a position in this list.
    scores: Vec<Vec<u8>>,
    /// Per item, the number of answers in each category.
    counts: Vec<Vec<usize>>,
    /// `starts[person]..starts[person + 1]` are the person's answers.
    starts: Vec<usize>,
    answers: Vec<Response>,
}

impl Responses {
    /// Responses from rows of scores, one row a person, one cell an item, `None` where the item was not presented.
    ///
    /// # Formula
    /// None: category = rank of the score among the scores that occur in the item, from 0.
    ///
    /// # Arguments
    /// `items`: cells a row, 1 … 65,535. `rows`: scores 0 … 255.
    ///
    /// # Source
    /// Definition.
    ///
    /// # Accuracy
    /// Exact.
    ///
    /// # Limits
    /// A row of another length and more than 65,535 items are errors.
    pub fn from_rows<R, I>(items: usize, rows: I) -> Result<Self, ResponsesError>
    where
        I: IntoIterator<Item = R>,
        R: AsRef<[Option<u8>]>,
    {
        let mut builder = ResponsesBuilder::new(items)?;
        for (person, row) in rows.into_iter().enumerate() {
            let row = row.as_ref();
            if row.len() != items {
                return Err(ResponsesError::RowLength { person, cells: row.len(), items });
            }
            builder.person(row.iter().enumerate().filter_map(|(item, score)| Some((item, (*score)?))))?;
        }
        Ok(builder.build())
    }

    /// Number of people, those without any answer included.
    ///
    /// # Source
    /// Definition.
    pub fn persons(&self) -> usize {
        self.starts.len() - 1
    }

    /// Number of items, those without any answer included.
    ///
    /// # Source
    /// Definition.
    pub fn items(&self) -> usize {
        self.scores.len()
    }

    /// Number of answers given.
    ///
    /// # Source
    /// Definition.
    pub fn total(&self) -> usize {
        self.answers.len()
    }

    /// Number of categories that occur in an item: 0 when nobody answered it, 1 when all answered alike.
    ///
    /// # Source
    /// Definition.
    pub fn categories(&self, item: usize) -> usize {
        self.scores[item].len()
    }

    /// The scores that occur in an item, ascending; the position in the list is the category.
    ///
    /// # Source
    /// Definition.
    pub fn scores(&self, item: usize) -> &[u8] {
        &self.scores[item]
    }

    /// Number of answers in each category of an item, by category.
    pub(crate) fn counts(&self, item: usize) -> &[usize] {
        &self.counts[item]
    }

    /// The answers of one person, by item.
    ///
    /// # Source
    /// Definition.
    pub fn of(&self, person: usize) -> &[Response] {
        &self.answers[self.starts[person]..self.starts[person + 1]]
    }
}
