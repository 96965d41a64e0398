//! Checks the engine against tables made by other programs (`reference/*.py`), then by properties.
//!
//! The tables lie in `tests/reference/` with their provenance in the header. A tolerance here is the accuracy that the
//! function's documentation states.

#![allow(clippy::unwrap_used, reason = "a test ends where its set-up fails")]

mod ability;
mod adaptive;
mod areas;
mod calibration;
mod chance;
mod classification;
mod decision;
mod fairness;
mod fairness_limits;
mod fairness_properties;
mod fit;
mod fit_properties;
mod fit_reference;
mod invariance;
mod item;
mod linking;
mod pilot;
mod response_function;
mod response_time;
mod responses;
mod scoring;
mod scoring_properties;
mod selection;
#[cfg(feature = "shadow-test")]
mod shadow_test;
mod similarity;
mod simulation;
mod standard_setting;
mod standard_setting_panels;
mod stopping;
mod strategies;
mod table;
