//! The commands, one file each. They read arguments, call the capabilities' functions and print; no rule lives here.

pub mod backup;
pub mod bank;
mod data_folder;
pub mod demo;
pub mod doctor;
pub mod export;
pub mod import;
pub mod irt;
pub mod items;
pub mod migrate;
mod page;
pub mod restore;
pub mod serve;
pub mod session;
pub mod user;
