//! Does an item favour a group? Differential item functioning from observed scores, and the area between two response
//! functions as its size.
//!
//! People are made comparable first: [`Strata`] counts the answers to one item by group and level of a matching score.
//! A statistic then reads the counts: [`mantel_haenszel`] and [`standardisation`] see a difference of one direction,
//! [`breslow_day`] one that changes with the level, [`logistic`] both, [`generalised_mantel_haenszel`] several groups,
//! [`mantel`] ordered categories. [`sibtest`] corrects for groups of different ability and unreliable scores.
//!
//! A difference is no bias yet: that the item asks for something that the test should not measure is for people who
//! read the item to say. Every verdict tells by [`Adequacy`] whether there were enough people to find a difference.
//! Adjusting for many tests, exact tests and plots are the caller's.

mod adequacy;
mod binomial_regression;
mod breslow_day;
mod class;
mod crossing;
mod failure;
mod generalised;
mod groups;
mod item_area;
mod logistic;
mod mantel;
mod mantel_haenszel;
mod moments;
mod odds_ratio;
mod purification;
mod sibtest;
mod standardisation;
mod strata;
mod tail;

pub use adequacy::{
    Adequacy, FEWEST_PEOPLE, LARGE_DELTA, SIGNIFICANCE, SMALLEST_GROUP, Shortcoming, WANTED_POWER, power,
};
pub use breslow_day::{BreslowDay, breslow_day};
pub use class::Class;
pub use crossing::Crossing;
pub use failure::FairnessError;
pub use generalised::{GeneralisedMantelHaenszel, generalised_mantel_haenszel};
pub use groups::{Groups, GroupsError};
pub use item_area::{Area, AreaError, area_between, logistic_area};
pub use logistic::{Effect, Logistic, logistic};
pub use mantel::{Mantel, mantel};
pub use mantel_haenszel::{MantelHaenszel, mantel_haenszel};
pub use purification::{Purification, PurificationOptions, PurifiedMantelHaenszel, mantel_haenszel_of_all, purify};
pub use sibtest::{Sibtest, SibtestConvention, SibtestOptions, sibtest};
pub use standardisation::{Standardisation, Weight, standardisation};
pub use strata::{Matching, Strata, StrataError};
