//! The technical floor of all pages: layout, forms, problems, sessions, language, assets, charts, server and test client.
//!
//! Knows no word of the domain. A handler takes [`Visitor`] (or a capability's own extractor built on it), a [`Form`], and
//! `State<Office>`; it answers with [`page()`] or a [`Problem`]. [`router()`] puts the layers around all routes, [`serve()`] runs
//! them. What is deliberately not here: passwords and roles' rights, any query of the domain, TLS.

mod assets;
pub mod chart;
mod choice;
mod client_address;
mod clock;
mod cookie;
mod field_errors;
mod forgery;
mod form;
pub mod format;
mod local_path;
mod locale;
mod machine_room;
mod observe;
mod office;
mod page;
mod problem;
mod reception;
mod request_id;
mod router;
pub mod secret;
mod serve;
mod sessions;
mod settings;
mod sign_out;
mod switch_language;
pub mod test_client;
pub mod testing;
mod throttle;
mod visitor;
pub mod words;

pub use choice::Choice;
pub use client_address::ClientAddress;
pub use clock::Clock;
pub use field_errors::{FieldError, FieldErrors};
pub use form::{Fields, Form, MultipartForm, Upload};
pub use local_path::LocalPath;
pub use locale::{Locale, UnknownLocale};
pub use office::{NavEntry, Office};
pub use page::{Page, page};
pub use problem::Problem;
pub use router::{ROUTES, router};
pub use serve::{serve, stop_signal};
pub use sessions::{Cookies, NewSession, STATEMENTS, Session, Sessions, SignIn};
pub use settings::Settings;
pub use throttle::Throttle;
pub use visitor::Visitor;
pub use words::Words;

locales!(LOCALES);

/// Tables of this crate.
pub const MIGRATIONS: melek_db::Migrations = melek_db::Migrations {
    capability: "web",
    files: &[("0001_create_web_sessions.sql", include_str!("../migrations/0001_create_web_sessions.sql"))],
};

/// This crate's own texts.
pub(crate) fn words(locale: Locale) -> Words {
    Words::new(&LOCALES, locale)
}
