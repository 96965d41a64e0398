//! The program from its command line: what it prints, with which code it ends, what it leaves behind.

mod accounts;
mod bank;
mod copies;
mod demonstration;
mod doctor;
mod help;
mod irt;
mod items;
mod program;
mod staff;
