//! Where the levels begin on the ability scale, from the levels the items were written for. Logits.

mod cut_scores;
mod isotonic;

pub use cut_scores::{Cut, CutScoreError, LevelItem, RESPONSE_PROBABILITY, cut_scores};
