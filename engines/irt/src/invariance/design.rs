//! The data of a comparison of groups, and what in them cannot be compared.

use crate::calibration::{CalibrationError, ItemSpecification};
use crate::responses::{Responses, ResponsesError};

/// What no comparison can be made of. Items and groups count from 0 here and from 1 in the sentences.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum InvarianceError {
    #[error("{specified} items are described, the answers have {items}")]
    ItemCount { specified: usize, items: usize },
    #[error("{groups} entries of groups for {persons} people")]
    GroupCount { groups: usize, persons: usize },
    #[error("there is only one group; a comparison needs two")]
    OneGroup,
    #[error("nobody is in group {}, but somebody is in group {}", .group + 1, .last + 1)]
    EmptyGroup { group: usize, last: usize },
    #[error("item {} measures another dimension than the first; items of one dimension can be compared", .item + 1)]
    Dimension { item: usize },
    #[error("there is no item {}; the test has {items}", .item + 1)]
    UnknownItem { item: usize, items: usize },
    #[error("no item is left as an anchor, so the abilities of the groups have no common scale")]
    NoAnchor,
    #[error("significance {0} is not between 0 and 1")]
    Significance(f64),
    #[error("effects of ability in several dimensions, or of none with spread, are not defined")]
    Ability,
    #[error("stopped before item {} was tested", .item + 1)]
    Stopped { item: usize },
    #[error("too many columns for groups: {0}")]
    Columns(#[from] ResponsesError),
    #[error("calibration: {0}")]
    Calibration(#[from] CalibrationError),
}

/// Why an item was not tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Untested {
    #[error("it was taken as an anchor")]
    Anchor,
    #[error("its parameters are fixed")]
    Fixed,
    #[error("group {} has answers in {categories} of {of} categories", .group + 1)]
    Categories { group: usize, categories: usize, of: usize },
    #[error("the information about it cannot be inverted")]
    Singular,
}

/// Answers of people in groups, and the model of every item.
///
/// ```
/// use melek_irt::calibration::{ItemSpecification, Model};
/// use melek_irt::invariance::Design;
/// use melek_irt::responses::Responses;
/// let responses = Responses::from_rows(2, [[Some(1), Some(0)], [Some(0), Some(1)], [Some(1), None]])?;
/// let items = vec![ItemSpecification::new(Model::Rasch); 2];
/// let design = Design::new(&responses, items, vec![0, 0, 1])?;
/// assert_eq!(design.sizes(), [2, 1]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Design<'a> {
    pub(super) responses: &'a Responses,
    pub(super) items: Vec<ItemSpecification>,
    pub(super) groups: Vec<u16>,
    sizes: Vec<usize>,
    /// Groups × items: people who answered, and the categories they used.
    answered: Vec<Vec<usize>>,
    categories: Vec<Vec<usize>>,
}

impl<'a> Design<'a> {
    /// A comparison, or what is wrong with it.
    ///
    /// # Arguments
    /// - `responses`: everybody's answers, any pattern of missing ones.
    /// - `items`: one entry an item, all of the first dimension.
    /// - `groups`: one entry a person; 0 is the reference group, which sets the scale, and no number is left out.
    ///
    /// # Source
    /// Bock & Zimowski (1997), in van der Linden & Hambleton (eds.), *Handbook of Modern Item Response Theory*, ch. 25.
    ///
    /// # Limits
    /// Fewer than two groups are an error.
    pub fn new(
        responses: &'a Responses,
        items: Vec<ItemSpecification>,
        groups: Vec<u16>,
    ) -> Result<Self, InvarianceError> {
        if items.len() != responses.items() {
            return Err(InvarianceError::ItemCount { specified: items.len(), items: responses.items() });
        }
        if groups.len() != responses.persons() {
            return Err(InvarianceError::GroupCount { groups: groups.len(), persons: responses.persons() });
        }
        if let Some(item) = items.iter().position(|item| item.dimensions != [0]) {
            return Err(InvarianceError::Dimension { item });
        }
        let last = groups.iter().max().map_or(0, |group| usize::from(*group));
        if last == 0 {
            return Err(InvarianceError::OneGroup);
        }
        let mut sizes = vec![0; last + 1];
        groups.iter().for_each(|group| sizes[usize::from(*group)] += 1);
        if let Some(group) = sizes.iter().position(|size| *size == 0) {
            return Err(InvarianceError::EmptyGroup { group, last });
        }
        let (answered, categories) = count(responses, &groups, last + 1);
        Ok(Self { responses, items, groups, sizes, answered, categories })
    }

    /// People of each group.
    pub fn sizes(&self) -> &[usize] {
        &self.sizes
    }

    /// People of the group in which fewest answered an item.
    ///
    /// # Arguments
    /// `item`: from 0.
    ///
    /// # Source
    /// Definition; 200 a group is a common least size, Kim & Cohen (1995), *Applied Measurement in Education* 8, 291–312.
    pub fn smallest_group(&self, item: usize) -> usize {
        self.answered.iter().map(|group| group[item]).min().unwrap_or(0)
    }

    /// Why an item cannot be estimated for each group apart, if so.
    pub(super) fn obstacle(&self, item: usize) -> Option<Untested> {
        if self.items[item].fixed.is_some() {
            return Some(Untested::Fixed);
        }
        let of = self.responses.categories(item);
        let fewer = self.categories.iter().position(|group| group[item] < of);
        fewer.map(|group| Untested::Categories { group, categories: self.categories[group][item], of })
    }
}

fn count(responses: &Responses, groups: &[u16], number: usize) -> (Vec<Vec<usize>>, Vec<Vec<usize>>) {
    let items = responses.items();
    let mut answered = vec![vec![0; items]; number];
    let mut seen: Vec<Vec<Vec<bool>>> = Vec::with_capacity(number);
    for _ in 0..number {
        seen.push((0..items).map(|item| vec![false; responses.categories(item)]).collect());
    }
    for (person, group) in groups.iter().enumerate() {
        let group = usize::from(*group);
        for response in responses.of(person) {
            answered[group][usize::from(response.item)] += 1;
            seen[group][usize::from(response.item)][usize::from(response.category)] = true;
        }
    }
    let used = |seen: &Vec<bool>| seen.iter().filter(|seen| **seen).count();
    (answered, seen.iter().map(|group| group.iter().map(used).collect()).collect())
}
