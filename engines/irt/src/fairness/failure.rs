//! Why a comparison has no answer.

use super::StrataError;

/// A comparison that cannot be made. Items and groups count from 0.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum FairnessError {
    #[error(transparent)]
    Strata(#[from] StrataError),
    #[error("this statistic compares two groups, but there are {groups}; take a pair of them")]
    Groups { groups: usize },
    #[error("item {item} has {categories} categories, but this statistic takes wrong and right")]
    Categories { item: usize, categories: usize },
    #[error("item {item}: no level with people of several groups holds different answers, so nothing can be compared")]
    NoVariation { item: usize },
    #[error(
        "item {item}: at every level one group is all right or the other all wrong, so the odds ratio is 0 or infinite"
    )]
    NoRatio { item: usize },
    #[error("item {item}: only one level can be compared, so levels cannot be compared with each other")]
    OneLevel { item: usize },
    #[error("item {item}: level and group predict some answers for certain, so the regression has no maximum")]
    Certain { item: usize },
    #[error(
        "item {item}: level, group and their product do not vary independently, so their effects cannot be told apart"
    )]
    Dependent { item: usize },
    #[error("item {item}: the matching items have reliability {reliability} in group {group}; it must be above 0")]
    Reliability { item: usize, group: usize, reliability: f64 },
    #[error("item {item}: no matching score but the ends has more than {people} people and both answers in each group")]
    NoScore { item: usize, people: usize },
}
