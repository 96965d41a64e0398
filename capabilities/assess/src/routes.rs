//! The pages of this capability, who may open them, and what stands in the navigation.

use axum::Router;
use axum::routing::{get, post};
use melek_people::CIVIL_SERVANT;
use melek_web::{NavEntry, Office};

use crate::oversight::{
    answer_dispute, close_flag, draw_up_report, export_gaps, list_campaigns, open_campaign, show_bank, show_campaign,
    show_gaps, show_unfinished,
};
use crate::{about, answer_offer, answer_page, begin, disagree, download_file, flag_item, home, show_result, words};

const OFFICER: &str = "officer";
const ITEM_WRITER: &str = "item_writer";

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
    CivilServant,
    Officer,
    ItemWriter,
}

const fn route(method: &'static str, path: &'static str, needs: Needs) -> Route {
    Route { method, path, needs }
}

/// Every route of this capability.
pub const ROUTES: &[Route] = &[
    route("GET", "/about", Needs::Nothing),
    route("GET", "/home", Needs::CivilServant),
    route("GET", "/campaigns/{id}/test", Needs::CivilServant),
    route("POST", "/campaigns/{id}/test", Needs::CivilServant),
    route("GET", "/campaigns/{id}/practice/{number}", Needs::CivilServant),
    route("POST", "/campaigns/{id}/practice/{number}", Needs::CivilServant),
    route("GET", "/sessions/{id}", Needs::CivilServant),
    route("POST", "/sessions/{id}/{position}", Needs::CivilServant),
    route("GET", "/sessions/{id}/{position}/file", Needs::CivilServant),
    route("POST", "/sessions/{id}/{position}/flag", Needs::CivilServant),
    route("POST", "/sessions/{id}/offer", Needs::CivilServant),
    route("POST", "/sessions/{id}/pause", Needs::CivilServant),
    route("POST", "/sessions/{id}/resume", Needs::CivilServant),
    route("GET", "/results/{id}", Needs::CivilServant),
    route("GET", "/results/{id}/disagree", Needs::CivilServant),
    route("POST", "/results/{id}/disagree", Needs::CivilServant),
    route("GET", "/campaigns", Needs::Officer),
    route("GET", "/campaigns/new", Needs::Officer),
    route("POST", "/campaigns/new", Needs::Officer),
    route("GET", "/campaigns/{id}", Needs::Officer),
    route("GET", "/campaigns/{id}/people", Needs::Officer),
    route("POST", "/campaigns/{id}/closing", Needs::Officer),
    route("GET", "/campaigns/{id}/results", Needs::Officer),
    route("POST", "/campaigns/{id}/results", Needs::Officer),
    route("GET", "/campaigns/{id}/results.xlsx", Needs::Officer),
    route("GET", "/disputes", Needs::Officer),
    route("GET", "/disputes/{id}", Needs::Officer),
    route("POST", "/disputes/{id}", Needs::Officer),
    route("GET", "/bank", Needs::ItemWriter),
    route("GET", "/item-flags", Needs::ItemWriter),
    route("GET", "/item-flags/{item}", Needs::ItemWriter),
    route("POST", "/item-flags/{item}", Needs::ItemWriter),
];

/// The pages, for wiring to merge into the site; the office holds the `Desk`.
pub fn routes() -> Router<Office> {
    Router::new()
        .route("/about", get(about::show))
        .route("/home", get(home::show))
        .route("/campaigns/{id}/test", get(begin::intro).post(begin::start))
        .route("/campaigns/{id}/practice/{number}", get(begin::practise).post(begin::try_practice))
        .route("/sessions/{id}", get(answer_page::show))
        .route("/sessions/{id}/{position}", post(answer_page::answer))
        .route("/sessions/{id}/{position}/file", get(download_file::download))
        .route("/sessions/{id}/{position}/flag", post(flag_item::flag))
        .route("/sessions/{id}/offer", post(answer_offer::answer))
        .route("/sessions/{id}/pause", post(answer_page::pause))
        .route("/sessions/{id}/resume", post(answer_page::resume))
        .route("/results/{id}", get(show_result::show))
        .route("/results/{id}/disagree", get(disagree::ask).post(disagree::state))
        .route("/campaigns", get(list_campaigns::show))
        .route("/campaigns/new", get(open_campaign::ask).post(open_campaign::submit))
        .route("/campaigns/{id}", get(show_campaign::show))
        .route("/campaigns/{id}/people", get(show_unfinished::show))
        .route("/campaigns/{id}/closing", post(show_campaign::move_closing))
        .route("/campaigns/{id}/results", get(show_gaps::show).post(draw_up_report::draw_up))
        .route("/campaigns/{id}/results.xlsx", get(export_gaps::download))
        .route("/disputes", get(answer_dispute::list))
        .route("/disputes/{id}", get(answer_dispute::show).post(answer_dispute::answer))
        .route("/bank", get(show_bank::show))
        .route("/item-flags", get(close_flag::list))
        .route("/item-flags/{item}", get(close_flag::show).post(close_flag::close))
}

/// What stands in the navigation, for whom.
pub const NAVIGATION: &[NavEntry] = &[
    NavEntry { path: "/home", label: |locale| words(locale).text("nav-home"), role: CIVIL_SERVANT },
    NavEntry { path: "/campaigns", label: |locale| words(locale).text("nav-campaigns"), role: OFFICER },
    NavEntry { path: "/disputes", label: |locale| words(locale).text("nav-disputes"), role: OFFICER },
    NavEntry { path: "/bank", label: |locale| words(locale).text("bank-title"), role: ITEM_WRITER },
    NavEntry { path: "/item-flags", label: |locale| words(locale).text("nav-flags"), role: ITEM_WRITER },
];

/// The link at the foot of every page.
pub const FOOTER: NavEntry =
    NavEntry { path: "/about", label: |locale| words(locale).text("about-title"), role: NavEntry::EVERYONE };
