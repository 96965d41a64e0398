//! The pages of this capability, who may open them, and what stands in the navigation.

use axum::Router;
use axum::routing::{get, post};
use melek_web::{NavEntry, Office};

use crate::{confirm_import, set_password, set_requirements, show_account, show_codes, show_import};
use crate::{show_posts, show_staff, sign_in, upload_staff, words};

/// A route and who may use it, for the test that asks every route without a right.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    pub method: &'static str,
    pub path: &'static str,
    pub needs: Needs,
}

/// The least that opens a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    Nothing,
    Account,
    Officer,
    AgencyOfficer,
}

const fn route(method: &'static str, path: &'static str, needs: Needs) -> Route {
    Route { method, path, needs }
}

/// Every route of this capability.
pub const ROUTES: [Route; 22] = [
    route("GET", "/sign-in", Needs::Nothing),
    route("POST", "/sign-in", Needs::Nothing),
    route("GET", "/password", Needs::Account),
    route("POST", "/password", Needs::Account),
    route("GET", "/account", Needs::Account),
    route("POST", "/account/sign-out", Needs::Account),
    route("POST", "/account/sign-out-everywhere", Needs::Account),
    route("GET", "/staff", Needs::Officer),
    route("GET", "/staff/codes", Needs::Officer),
    route("POST", "/staff/codes", Needs::Officer),
    route("GET", "/staff/import", Needs::AgencyOfficer),
    route("POST", "/staff/import", Needs::AgencyOfficer),
    route("GET", "/staff/import/template.xlsx", Needs::Officer),
    route("GET", "/staff/import/{id}", Needs::AgencyOfficer),
    route("POST", "/staff/import/{id}", Needs::AgencyOfficer),
    route("GET", "/staff/import/{id}/errors.xlsx", Needs::AgencyOfficer),
    route("POST", "/staff/import/{id}/set-aside", Needs::AgencyOfficer),
    route("GET", "/staff/{id}", Needs::Officer),
    route("POST", "/staff/{id}/code", Needs::Officer),
    route("GET", "/posts", Needs::Officer),
    route("GET", "/posts/{id}", Needs::Officer),
    route("POST", "/posts/{id}", Needs::AgencyOfficer),
];

/// The pages, for wiring to merge into the site.
pub fn routes() -> Router<Office> {
    Router::new()
        .route("/sign-in", get(sign_in::show).post(sign_in::submit))
        .route("/password", get(set_password::show).post(set_password::submit))
        .route("/account", get(show_account::show))
        .route("/account/sign-out", post(show_account::sign_out_one))
        .route("/account/sign-out-everywhere", post(show_account::sign_out_everywhere))
        .route("/staff", get(show_staff::show))
        .route("/staff/codes", get(show_codes::show).post(show_codes::issue))
        .route("/staff/import", get(upload_staff::show).post(upload_staff::upload))
        .route("/staff/import/template.xlsx", get(upload_staff::template))
        .route("/staff/import/{id}", get(show_import::show).post(confirm_import::confirm))
        .route("/staff/import/{id}/errors.xlsx", get(show_import::errors))
        .route("/staff/import/{id}/set-aside", post(confirm_import::set_aside))
        .route("/staff/{id}", get(show_staff::show_person))
        .route("/staff/{id}/code", post(show_codes::reset))
        .route("/posts", get(show_posts::show))
        .route("/posts/{id}", get(show_posts::show_post).post(set_requirements::submit))
}

/// What stands in the navigation, for whom.
pub const NAVIGATION: [NavEntry; 2] = [
    NavEntry { path: "/staff", label: |locale| words(locale).text("nav-staff"), role: "officer" },
    NavEntry { path: "/posts", label: |locale| words(locale).text("nav-posts"), role: "officer" },
];
