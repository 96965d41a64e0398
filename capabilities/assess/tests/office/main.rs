//! What the office sees: campaigns, coverage, reports, disagreements, reports about items, through the whole stack of layers.

#![allow(clippy::unwrap_used, reason = "the helpers of a test fail by panicking")]

mod bank;
mod campaigns;
mod disputes;
mod export;
mod flags;
mod pages;
mod results;
mod scope;
mod staff;
