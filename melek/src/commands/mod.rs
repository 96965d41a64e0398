//! The commands, one file each. They read arguments, call the capabilities' functions and print; no rule lives here.

pub mod bank;
pub mod items;
pub mod serve;
