//! Item response theory from the answers of many people to the decision about one: item parameters, fit and fairness;
//! then the adaptive test: a person's ability, the next item, when to stop, where the cut scores lie, and what a whole
//! test does to ten thousand simulated people.
//!
//! Abilities and difficulties are in logits (D = 1). Every function is pure: randomness comes in as a generator or a
//! seed, transcendental functions come from `libm` and sums are ordered, so a score is the same on every machine.
//! Clock, storage and the text of items are the caller's.

#![forbid(unsafe_code)]

pub mod ability;
pub mod calibration;
pub mod decision;
pub mod fairness;
pub mod fit;
pub mod invariance;
pub mod linking;
pub mod model;
pub mod response_time;
pub mod responses;
pub mod scoring;
pub mod selection;
pub mod similarity;
pub mod simulation;
pub mod standard_setting;
pub mod stopping;

mod numeric;

/// The examples of the README are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
