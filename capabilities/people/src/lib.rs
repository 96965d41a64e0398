//! Civil servants, units, posts and what they require, roles, sign-in.
//!
//! Owns the tables `people_…`; others read the views `people_v_…` and use the extractors. How a person is measured is
//! decided in `assess`, what levels mean in `framework`. The personal data kept are listed in README.md: few.

mod agency;
mod apply_import;
mod code_workbook;
mod confirm_import;
mod create_user;
mod difference;
mod error_workbook;
mod identity;
mod import_staff;
mod issue_codes;
mod job_family;
mod known_staff;
mod nip;
mod password;
mod report;
mod role;
mod routes;
mod scope_units;
mod set_password;
mod set_requirements;
mod show_account;
mod show_codes;
mod show_import;
mod show_posts;
mod show_staff;
mod sign_in;
mod sign_in_code;
mod sign_in_desk;
mod signed_in;
mod spreadsheet_answer;
pub mod staff_file;
mod statements;
mod unit_tree;
mod upload_staff;

use melek_db::Migrations;
use melek_web::{Locale, Words};

pub use agency::{CreateAgencyError, create_agency, find_agency};
pub use apply_import::{ApplyImportError, load_staff};
pub use create_user::{CreateUserError, NewUser, create_user, grant_role};
pub use error_workbook::error_workbook;
pub use import_staff::{ImportStaffError, ReadStaff, StaffUpload, forget_stale_uploads, read_staff_of};
pub use issue_codes::{CodesFor, IssueCodesError, IssuedCode, issue_codes};
pub use nip::{Appointment, EmployeeKind, Nip, NipError, Sex};
pub use password::{HashPasswordError, PasswordRuleError, Passwords};
pub use report::{ErrorReport, LeaverReport, OtherAgencyReport, QuestionReport, Report};
pub use role::{CIVIL_SERVANT, Role, Scope, UnknownRole};
pub use routes::{NAVIGATION, Needs, ROUTES, Route, routes};
pub use set_password::{SetPasswordError, set_password};
pub use sign_in_code::SignInCode;
pub use sign_in_desk::SignInDesk;
pub use signed_in::{
    Administrator, AgencyOfficer, CivilServant, Grant, ItemWriter, Officer, PersonRef, Refusal, SignedIn,
};
pub use statements::statements;

melek_web::locales!(LOCALES);

/// Tables and published views of this capability.
pub const MIGRATIONS: Migrations = Migrations {
    capability: "people",
    files: &[
        ("0001_create_people.sql", include_str!("../migrations/0001_create_people.sql")),
        ("0002_create_accounts.sql", include_str!("../migrations/0002_create_accounts.sql")),
        ("0003_create_imports.sql", include_str!("../migrations/0003_create_imports.sql")),
        ("0004_publish_views.sql", include_str!("../migrations/0004_publish_views.sql")),
    ],
};

/// The texts of this capability.
pub fn words(locale: Locale) -> Words {
    Words::new(&LOCALES, locale)
}
