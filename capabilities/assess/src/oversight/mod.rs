//! What an office sees and does: campaigns, coverage by name, results as aggregates only, disagreements, reports about items.
//! Every statement carries the officer's scope, so that no page can forget it.

pub(crate) mod aggregate;
pub(crate) mod answer_dispute;
pub(crate) mod campaign;
pub(crate) mod close_flag;
pub(crate) mod draw_up_report;
pub(crate) mod export_answers;
pub(crate) mod export_gaps;
mod groups;
pub(crate) mod list_campaigns;
pub(crate) mod open_campaign;
mod report;
pub(crate) mod show_bank;
pub(crate) mod show_campaign;
pub(crate) mod show_gaps;
pub(crate) mod show_unfinished;
