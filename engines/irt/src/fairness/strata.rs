//! People of equal standing, level by level of a matching variable: how many of each group gave which answer to one
//! item. Every statistic of this module but SIBTEST is a function of these counts.
//!
//! The score that matches people always includes the item under study: without it the Mantel–Haenszel statistic finds a
//! difference where a Rasch model has none (Holland & Thayer 1988, 141; Zwick 1990). People who lack an answer to the
//! item or to any matching item are left out and counted, because a sum over other items is another score.

use std::collections::BTreeMap;

use super::{FairnessError, Groups};
use crate::responses::Responses;

/// Counts that cannot be made. Persons, items and groups count from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StrataError {
    #[error("{groups} people have a group and {responses} have answers; both must be the same people")]
    Persons { groups: usize, responses: usize },
    #[error("{levels} people have a level and {responses} have answers; both must be the same people")]
    Levels { levels: usize, responses: usize },
    #[error("item {item} is unknown; there are {items} items")]
    Item { item: usize, items: usize },
    #[error("no matching item is left besides item {item}, so its score would match people by its own answer alone")]
    NoMatchingItem { item: usize },
    #[error("item {item} is answered alike by all {people} people who count, so it cannot differ between groups")]
    Constant { item: usize, people: usize },
    #[error("group {group} has nobody who answered item {item} and all matching items")]
    EmptyGroup { item: usize, group: usize },
    #[error("item {item}: none of {levels} levels holds people of two groups, so nobody can be compared")]
    NoCommonLevel { item: usize, levels: usize },
}

/// What makes two people comparable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matching<'a> {
    /// The sum of scores over all items.
    Total,
    /// The sum of scores over these items and the item under study, each item once.
    Items(&'a [usize]),
    /// A level for every person, made elsewhere: a class of ability after an adaptive test, a grade. Then only the item
    /// under study must be answered. The logistic regression takes the level as a number, so let it grow evenly.
    Levels(&'a [u32]),
}

/// People at one level of the matching.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stratum {
    level: u32,
    /// Group by group, the answers by category.
    counts: Vec<u64>,
}

/// One level of two groups and two answers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fourfold {
    pub(super) level: f64,
    pub(super) reference_right: f64,
    pub(super) reference_wrong: f64,
    pub(super) focal_right: f64,
    pub(super) focal_wrong: f64,
}

impl Fourfold {
    pub(super) fn reference(&self) -> f64 {
        self.reference_right + self.reference_wrong
    }

    pub(super) fn focal(&self) -> f64 {
        self.focal_right + self.focal_wrong
    }

    pub(super) fn right(&self) -> f64 {
        self.reference_right + self.focal_right
    }

    pub(super) fn wrong(&self) -> f64 {
        self.reference_wrong + self.focal_wrong
    }

    pub(super) fn people(&self) -> f64 {
        self.reference() + self.focal()
    }

    /// Whether both groups and both answers occur, so that the level says something about a difference.
    pub(super) fn compares(&self) -> bool {
        self.reference() > 0.0 && self.focal() > 0.0 && self.right() > 0.0 && self.wrong() > 0.0
    }
}

/// The answers to one item by group and level of the matching.
///
/// ```
/// use melek_irt::fairness::{Groups, Matching, Strata};
/// use melek_irt::responses::Responses;
/// let responses = Responses::from_rows(2, [[Some(1), Some(0)], [Some(0), Some(1)], [Some(1), Some(1)]])?;
/// let groups = Groups::new(&[0, 1, 0])?;
/// let strata = Strata::new(&responses, &groups, 0, Matching::Total)?;
/// assert_eq!((strata.levels(), strata.people()), (2, [2, 1].as_slice())); // scores 1 and 2
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Strata {
    item: usize,
    /// The scores that the item's categories stand for.
    scores: Vec<u8>,
    people: Vec<usize>,
    left_out: usize,
    strata: Vec<Stratum>,
}

impl Strata {
    /// Counts the answers to an item.
    ///
    /// # Formula
    /// Level of a person = Σ score over the matching items and the item, or the level given. Counted are the people who
    /// belong to a group and answered the item and every matching item.
    ///
    /// # Arguments
    /// `responses` and `groups` of the same people. `item`: from 0; two or more categories. `matching`: see
    /// [`Matching`]; after purification the items that are free of differences.
    ///
    /// # Source
    /// Holland & Thayer (1988), in Wainer & Braun, *Test Validity*, 129–145: the studied item belongs to the matching
    /// score; thin levels are kept apart ("thin matching": Donoghue & Allen 1993, *Journal of Educational Statistics*
    /// 18, 131–154).
    ///
    /// # Accuracy
    /// Exact.
    ///
    /// # Limits
    /// In an adaptive test hardly two people answer the same items: give [`Matching::Levels`]. An item without two
    /// kinds of answers, a group without people and groups that share no level are errors.
    pub fn new(responses: &Responses, groups: &Groups, item: usize, matching: Matching) -> Result<Self, StrataError> {
        let (items, persons) = (responses.items(), responses.persons());
        if groups.persons() != persons {
            return Err(StrataError::Persons { groups: groups.persons(), responses: persons });
        }
        if item >= items {
            return Err(StrataError::Item { item, items });
        }
        let rule = Rule::new(responses, item, matching)?;
        let categories = responses.categories(item);
        let mut counts: BTreeMap<u32, Vec<u64>> = BTreeMap::new();
        let (mut people, mut left_out) = (vec![0; groups.sizes().len()], 0);
        for person in 0..persons {
            let Some(group) = groups.of(person).map(usize::from) else { continue };
            let Some((level, category)) = rule.place(responses, person) else {
                left_out += 1;
                continue;
            };
            people[group] += 1;
            let stratum = counts.entry(level).or_insert_with(|| vec![0; people.len() * categories]);
            stratum[group * categories + category] += 1;
        }
        let strata = counts.into_iter().map(|(level, counts)| Stratum { level, counts }).collect();
        let counted = Self { item, scores: responses.scores(item).to_vec(), people, left_out, strata };
        counted.check()?;
        Ok(counted)
    }

    fn check(&self) -> Result<(), StrataError> {
        let item = self.item;
        if let Some(group) = self.people.iter().position(|people| *people == 0) {
            return Err(StrataError::EmptyGroup { item, group });
        }
        let categories = self.scores.len();
        let given = |category: usize| {
            self.strata.iter().any(|one| one.counts.iter().skip(category).step_by(categories).any(|count| *count > 0))
        };
        if (0..categories).filter(|category| given(*category)).count() < 2 {
            return Err(StrataError::Constant { item, people: self.people.iter().sum() });
        }
        let common = |one: &Stratum| one.counts.chunks(categories).filter(|own| own.iter().any(|n| *n > 0)).count() > 1;
        if !self.strata.iter().any(common) {
            return Err(StrataError::NoCommonLevel { item, levels: self.strata.len() });
        }
        Ok(())
    }

    /// The item that was counted.
    pub fn item(&self) -> usize {
        self.item
    }

    /// People counted in each group.
    pub fn people(&self) -> &[usize] {
        &self.people
    }

    /// People of the groups who lack an answer and were not counted.
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// Levels of the matching that occur.
    pub fn levels(&self) -> usize {
        self.strata.len()
    }

    pub(super) fn scores(&self) -> &[u8] {
        &self.scores
    }

    /// The categories in order of level, group by group.
    pub(super) fn by_group(&self) -> impl Iterator<Item = Vec<&[u64]>> {
        self.strata.iter().map(|one| one.counts.chunks(self.scores.len()).collect())
    }

    pub(super) fn require_two_groups(&self) -> Result<(), FairnessError> {
        match self.people.len() {
            2 => Ok(()),
            groups => Err(FairnessError::Groups { groups }),
        }
    }

    pub(super) fn require_two_categories(&self) -> Result<(), FairnessError> {
        match self.scores.len() {
            2 => Ok(()),
            categories => Err(FairnessError::Categories { item: self.item, categories }),
        }
    }

    /// The levels of two groups and two answers, ascending.
    pub(super) fn fourfolds(&self) -> Result<Vec<Fourfold>, FairnessError> {
        self.require_two_groups()?;
        self.require_two_categories()?;
        let fourfold = |one: &Stratum| Fourfold {
            level: f64::from(one.level),
            reference_wrong: one.counts[0] as f64,
            reference_right: one.counts[1] as f64,
            focal_wrong: one.counts[2] as f64,
            focal_right: one.counts[3] as f64,
        };
        Ok(self.strata.iter().map(fourfold).collect())
    }
}

/// How a person is placed on a level.
enum Rule<'a> {
    /// Per item whether it counts, and how many do.
    Score {
        item: usize,
        counts: Vec<bool>,
        wanted: usize,
    },
    Level {
        item: usize,
        levels: &'a [u32],
    },
}

impl<'a> Rule<'a> {
    fn new(responses: &Responses, item: usize, matching: Matching<'a>) -> Result<Self, StrataError> {
        let items = responses.items();
        let mut counts = match matching {
            Matching::Total => vec![true; items],
            Matching::Items(chosen) => chosen_items(items, chosen)?,
            Matching::Levels(levels) if levels.len() != responses.persons() => {
                return Err(StrataError::Levels { levels: levels.len(), responses: responses.persons() });
            }
            Matching::Levels(levels) => return Ok(Self::Level { item, levels }),
        };
        counts[item] = true;
        match counts.iter().filter(|counts| **counts).count() {
            1 => Err(StrataError::NoMatchingItem { item }),
            wanted => Ok(Self::Score { item, counts, wanted }),
        }
    }

    /// Level and category of a person, or `None` when an answer is missing.
    fn place(&self, responses: &Responses, person: usize) -> Option<(u32, usize)> {
        let answers = responses.of(person);
        let category = |item: &usize| {
            let at = answers.binary_search_by_key(item, |answer| usize::from(answer.item)).ok()?;
            Some(usize::from(answers[at].category))
        };
        match self {
            Self::Level { item, levels } => Some((levels[person], category(item)?)),
            Self::Score { item, counts, wanted } => {
                let own = || answers.iter().filter(|answer| counts[usize::from(answer.item)]);
                let score = |item: u16, category: u8| responses.scores(usize::from(item))[usize::from(category)];
                let level = own().map(|answer| u32::from(score(answer.item, answer.category))).sum();
                (own().count() == *wanted).then_some((level, category(item)?))
            }
        }
    }
}

/// Per item whether it is among the chosen ones.
pub(super) fn chosen_items(items: usize, chosen: &[usize]) -> Result<Vec<bool>, StrataError> {
    let mut counts = vec![false; items];
    for &item in chosen {
        *counts.get_mut(item).ok_or(StrataError::Item { item, items })? = true;
    }
    Ok(counts)
}
