//! Measuring: the item bank, the adaptive session, answers, results, and what an office sees of them.
//!
//! The main job is `answer_item.rs`. Abilities are logits, times milliseconds.

mod about;
mod activate_bank;
mod adopt_pilot;
mod answer;
mod answer_item;
mod answer_offer;
mod answer_page;
mod bank;
mod bank_statistics;
mod begin;
mod blind_check;
mod blueprint;
mod calibrate_pilots;
mod cut_scores;
mod desk;
mod digest;
mod disagree;
mod document_view;
mod download_file;
mod draw;
mod effort;
mod exposure;
mod family;
mod flag_item;
mod home;
mod item;
mod item_file;
mod item_key;
mod item_spreadsheet;
mod item_text;
mod item_toml;
mod item_view;
mod material;
mod move_session;
mod offer;
mod oversight;
mod pilot;
mod pool;
mod preview_item;
mod prices;
mod profile;
mod record;
mod replay;
mod rescore;
mod result_of_session;
mod routes;
mod session;
mod sheet;
mod show_result;
mod simulate_bank;
mod start_session;
mod statements;
mod stored_session;

pub use activate_bank::{
    ActivateBankError, Activation, Figures, Release, activate_bank, activation_of, require_activation,
};
pub use adopt_pilot::{AdoptPilotError, adopt_pilot};
pub use answer::Answer;
pub use answer_item::{AnswerItemError, Next, Reply, Sent, answer_item};
pub use answer_offer::answer_offer;
pub use bank::{Bank, BankError, FileFinding, read_folder, read_items};
pub use bank_statistics::{AlikePair, BankStatistics, Compared, Reading};
pub use blind_check::{
    BlindAnswer, BlindAnswerError, BlindQuestion, BlindVerdict, blind_answer, blind_question, blind_variant,
};
pub use blueprint::{Blueprint, BlueprintError, blueprint, quota_of};
pub use calibrate_pilots::{CalibratePilotsError, CalibratedPilot, calibrate_pilots};
pub use cut_scores::{BankCutsError, bank_cuts};
pub use desk::{Desk, OpenDeskError};
pub use disagree::open_dispute;
pub use flag_item::{Flag, keep as keep_flag};
pub use item::{Item, ItemId, Kind, Task, Topic};
pub use item_file::{Family, Finding, check_variants, read_item};
pub use item_spreadsheet::{ItemFiles, ReadItemSpreadsheetError, read_item_spreadsheet, write_item_spreadsheet};
pub use material::{Document, DocumentKind, Part, PartMark};
pub use move_session::{MoveSessionError, close_overdue};
pub use oversight::draw_up_report::{DrawUpReportError, draw_up_report};
pub use oversight::export_answers::{ExportedAnswer, export_answers};
pub use oversight::open_campaign::{NewCampaign, open_campaign};
pub use pool::{ItemPool, Parameters, PoolError};
pub use preview_item::preview_routes;
pub use replay::{Outcome, Replay, ReplayError, replay_sessions};
pub use rescore::{Approval, RescoreError, Rescored, approve_rescoring, rescore};
pub use routes::{FOOTER, NAVIGATION, Needs, ROUTES, Route, routes};
pub use simulate_bank::{Shortcoming, SimulateBankError, SimulatedBank, Use, simulate_bank};
pub use start_session::{StartSessionError, Starting, start_session};
pub use statements::statements;
pub use stored_session::{ReadSessionError, StoredSession, by_id as session_of_person};

use melek_db::Migrations;
use melek_web::{Locale, Words};

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
        ("0005_create_reports.sql", include_str!("../migrations/0005_create_reports.sql")),
        ("0006_create_prices.sql", include_str!("../migrations/0006_create_prices.sql")),
        ("0007_create_rescorings.sql", include_str!("../migrations/0007_create_rescorings.sql")),
        ("0008_mark_pilot_items.sql", include_str!("../migrations/0008_mark_pilot_items.sql")),
        ("0009_create_activations.sql", include_str!("../migrations/0009_create_activations.sql")),
        ("0010_keep_errors_of_parameters.sql", include_str!("../migrations/0010_keep_errors_of_parameters.sql")),
    ],
};
