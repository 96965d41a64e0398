//! Measuring: the item bank, the adaptive session, answers, results, and what an office sees of them.
//!
//! The main job is `answer_item.rs`. Abilities are logits, times milliseconds.

mod about;
mod answer;
mod answer_item;
mod answer_page;
mod bank;
mod bank_statistics;
mod begin;
mod blueprint;
mod cut_scores;
mod desk;
mod disagree;
mod draw;
mod exposure;
mod flag_item;
mod home;
mod item;
mod item_file;
mod item_view;
mod move_session;
mod pool;
mod preview_item;
mod profile;
mod record;
mod result_of_session;
mod session;
mod show_result;
mod simulate_bank;
mod start_session;
mod stored_session;

pub use answer::Answer;
pub use answer_item::{AnswerItemError, Next, Reply, Sent, answer_item};
pub use bank::{Bank, BankError, FileFinding, read_items};
pub use bank_statistics::longest_option_is_key;
pub use cut_scores::{BankCutsError, bank_cuts};
pub use desk::{Desk, OpenDeskError};
pub use item::{Item, ItemId};
pub use item_file::{Finding, read_item};
pub use move_session::{MoveSessionError, close_overdue};
pub use pool::{ItemPool, PoolError};
pub use preview_item::preview_routes;
pub use simulate_bank::{SimulateBankError, SimulatedBank, simulate_bank};
pub use start_session::{StartSessionError, Starting, start_session};

use axum::Router;
use axum::routing::{get, post};
use melek_db::Migrations;
use melek_people::CIVIL_SERVANT;
use melek_web::{Locale, NavEntry, Office, Words};

melek_web::locales!(LOCALES);

/// The texts of this capability.
pub(crate) fn words(locale: Locale) -> Words {
    Words::new(&LOCALES, locale)
}

pub const MIGRATIONS: Migrations = Migrations {
    capability: "assess",
    files: &[
        ("0001_create_bank.sql", include_str!("../migrations/0001_create_bank.sql")),
        ("0002_create_campaigns.sql", include_str!("../migrations/0002_create_campaigns.sql")),
        ("0003_create_sessions.sql", include_str!("../migrations/0003_create_sessions.sql")),
        ("0004_create_results.sql", include_str!("../migrations/0004_create_results.sql")),
    ],
};

pub const NAVIGATION: &[NavEntry] =
    &[NavEntry { path: "/home", label: |locale| words(locale).text("nav-home"), role: CIVIL_SERVANT }];

/// The pages of this capability; the office holds the `Desk`.
pub fn routes() -> Router<Office> {
    Router::new()
        .route("/about", get(about::show))
        .route("/home", get(home::show))
        .route("/campaigns/{campaign}/test", get(begin::intro).post(begin::start))
        .route("/campaigns/{campaign}/practice/{number}", get(begin::practise).post(begin::try_practice))
        .route("/sessions/{session}", get(answer_page::show))
        .route("/sessions/{session}/{position}", post(answer_page::answer))
        .route("/sessions/{session}/{position}/flag", post(flag_item::flag))
        .route("/sessions/{session}/pause", post(answer_page::pause))
        .route("/sessions/{session}/resume", post(answer_page::resume))
        .route("/results/{session}", get(show_result::show))
        .route("/results/{session}/disagree", get(disagree::ask).post(disagree::state))
}
