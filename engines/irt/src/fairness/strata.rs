//! People of equal standing, level by level of a matching variable: how many of each group gave which answer to one
//! item. Every statistic of this module but SIBTEST is a function of these counts.
//!
//! The score that matches people always includes the item under study: without it the Mantel–Haenszel statistic finds a
//! difference where a Rasch model has none (Holland & Thayer 1988, 141; Zwick 1990). People who lack an answer to the
//! item or to any matching item are left out and counted, because a sum over other items is another score.

use std::collections::BTreeMap;

use super::{FairnessError, Groups};
use crate::responses::{Response, Responses};

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
        if item >= responses.items() {
            return Err(StrataError::Item { item, items: responses.items() });
        }
        Self::count(responses, groups, item, &Standing::new(responses, groups, matching)?)
    }

    /// Counts the answers to every item, each as [`Strata::new`] does; the sums that match people are made once.
    ///
    /// # Arguments
    /// As [`Strata::new`]. An error of the matching is an error of all; an item that cannot be counted has its own.
    ///
    /// # Source
    /// As [`Strata::new`].
    ///
    /// # Accuracy
    /// Exact.
    ///
    /// ```
    /// use melek_irt::fairness::{Groups, Matching, Strata, StrataError};
    /// use melek_irt::responses::Responses;
    /// let responses = Responses::from_rows(2, [[Some(1), Some(1)], [Some(0), Some(1)], [Some(1), Some(1)]])?;
    /// let all = Strata::of_all(&responses, &Groups::new(&[0, 1, 1])?, Matching::Total)?;
    /// assert!(all[0].is_ok() && all[1] == Err(StrataError::Constant { item: 1, people: 3 }));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of_all(
        responses: &Responses,
        groups: &Groups,
        matching: Matching,
    ) -> Result<Vec<Result<Self, StrataError>>, StrataError> {
        let standing = Standing::new(responses, groups, matching)?;
        let mut all = vec![Counting::new(groups); responses.items()];
        for (person, group) in members(groups) {
            for answer in responses.of(person) {
                all[usize::from(answer.item)].add(group, standing.place(responses, person, *answer));
            }
        }
        let finished = all.into_iter().enumerate().map(|(item, counting)| {
            standing.require_other_than(item)?;
            counting.finish(responses, groups, item)
        });
        Ok(finished.collect())
    }

    fn count(responses: &Responses, groups: &Groups, item: usize, standing: &Standing) -> Result<Self, StrataError> {
        standing.require_other_than(item)?;
        let mut counting = Counting::new(groups);
        for (person, group) in members(groups) {
            let answers = responses.of(person);
            if let Ok(at) = answers.binary_search_by_key(&item, |answer| usize::from(answer.item)) {
                counting.add(group, standing.place(responses, person, answers[at]));
            }
        }
        counting.finish(responses, groups, item)
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

/// How people are placed on levels, whatever the item.
enum Standing<'a> {
    /// Per item whether it matches, and per person the sum over these items, if all are answered.
    Score {
        counts: Vec<bool>,
        sums: Vec<Option<u32>>,
    },
    Level(&'a [u32]),
}

impl<'a> Standing<'a> {
    fn new(responses: &Responses, groups: &Groups, matching: Matching<'a>) -> Result<Self, StrataError> {
        let persons = responses.persons();
        if groups.persons() != persons {
            return Err(StrataError::Persons { groups: groups.persons(), responses: persons });
        }
        let counts = match matching {
            Matching::Total => vec![true; responses.items()],
            Matching::Items(chosen) => chosen_items(responses.items(), chosen)?,
            Matching::Levels(levels) if levels.len() != persons => {
                return Err(StrataError::Levels { levels: levels.len(), responses: persons });
            }
            Matching::Levels(levels) => return Ok(Self::Level(levels)),
        };
        let wanted = counts.iter().filter(|counts| **counts).count();
        let sum = |person: usize| {
            let (mut sum, mut answered) = (0, 0);
            for answer in responses.of(person).iter().filter(|answer| counts[usize::from(answer.item)]) {
                sum += score(responses, *answer);
                answered += 1;
            }
            (answered == wanted).then_some(sum)
        };
        let sums = (0..persons).map(sum).collect();
        Ok(Self::Score { counts, sums })
    }

    fn require_other_than(&self, item: usize) -> Result<(), StrataError> {
        match self {
            Self::Score { counts, .. } if !counts.iter().enumerate().any(|(at, counts)| *counts && at != item) => {
                Err(StrataError::NoMatchingItem { item })
            }
            _ => Ok(()),
        }
    }

    /// Level of a person for an item and category of the answer, or `None` when an answer to a matching item is missing.
    fn place(&self, responses: &Responses, person: usize, answer: Response) -> Option<(u32, u8)> {
        let level = match self {
            Self::Level(levels) => levels[person],
            Self::Score { counts, sums } if counts[usize::from(answer.item)] => sums[person]?,
            Self::Score { sums, .. } => sums[person]? + score(responses, answer),
        };
        Some((level, answer.category))
    }
}

/// People who belong to a group, with the group.
fn members(groups: &Groups) -> impl Iterator<Item = (usize, usize)> {
    (0..groups.persons()).filter_map(|person| Some((person, usize::from(groups.of(person)?))))
}

/// Counts of one item while they are made.
#[derive(Debug, Clone)]
struct Counting {
    people: Vec<usize>,
    /// By level, one list of answers by category a group, as long as the highest category so far.
    levels: BTreeMap<u32, Vec<Vec<u64>>>,
}

impl Counting {
    fn new(groups: &Groups) -> Self {
        Self { people: vec![0; groups.sizes().len()], levels: BTreeMap::new() }
    }

    fn add(&mut self, group: usize, place: Option<(u32, u8)>) {
        let Some((level, category)) = place else { return };
        self.people[group] += 1;
        let own = &mut self.levels.entry(level).or_insert_with(|| vec![Vec::new(); self.people.len()])[group];
        if own.len() <= usize::from(category) {
            own.resize(usize::from(category) + 1, 0);
        }
        own[usize::from(category)] += 1;
    }

    fn finish(self, responses: &Responses, groups: &Groups, item: usize) -> Result<Strata, StrataError> {
        let categories = responses.categories(item);
        let flat = |groups: Vec<Vec<u64>>| {
            let padded = groups.into_iter().map(|mut own| {
                own.resize(categories, 0);
                own
            });
            padded.flatten().collect()
        };
        let left_out = groups.sizes().iter().sum::<usize>() - self.people.iter().sum::<usize>();
        let strata = self.levels.into_iter().map(|(level, groups)| Stratum { level, counts: flat(groups) }).collect();
        let scores = responses.scores(item).to_vec();
        let counted = Strata { item, scores, people: self.people, left_out, strata };
        counted.check()?;
        Ok(counted)
    }
}

/// The score that an answer stands for.
fn score(responses: &Responses, answer: Response) -> u32 {
    u32::from(responses.scores(usize::from(answer.item))[usize::from(answer.category)])
}

/// Per item whether it is among the chosen ones.
pub(super) fn chosen_items(items: usize, chosen: &[usize]) -> Result<Vec<bool>, StrataError> {
    let mut counts = vec![false; items];
    for &item in chosen {
        *counts.get_mut(item).ok_or(StrataError::Item { item, items })? = true;
    }
    Ok(counts)
}
