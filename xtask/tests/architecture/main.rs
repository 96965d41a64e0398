//! What `ARCHITECTURE.md` promises about the code, checked on the code: one file a promise.
//!
//! Lists of exceptions lie in `tests/allowed/`; they may only shrink: an entry that is no longer needed fails too.

mod crates;
mod documents;
mod engines;
mod licences;
mod migrations;
mod repository;
mod shrinking;
mod sizes;
mod source;
mod tables;
mod unfinished;
mod words;
