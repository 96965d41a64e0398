//! GET /framework: the vocabulary for everybody: areas, competences, levels and what each level means, in the visitor's language.

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use melek_web::{NavEntry, Office, Page, Problem, Visitor, Words, page};

use crate::{Area, Competence, CompetenceId, Framework, Level, LevelText, Outcome, framework};

melek_web::locales!(LOCALES);

#[derive(Template)]
#[template(path = "framework.html")]
struct FrameworkPage {
    t: Words,
    framework: &'static Framework,
}

#[derive(Template)]
#[template(path = "competence.html")]
struct CompetencePage {
    t: Words,
    competence: &'static Competence,
    area: &'static Area,
    levels: Vec<(&'static LevelText, Vec<&'static Outcome>)>,
}

pub fn routes() -> Router<Office> {
    Router::new().route("/framework", get(show)).route("/framework/{competence}", get(show_competence))
}

/// Paths of this capability, all open to guests.
pub const ROUTES: [&str; 2] = ["/framework", "/framework/{competence}"];

/// The link at the foot of every page.
pub const FOOTER: NavEntry = NavEntry {
    path: "/framework",
    label: |locale| Words::new(&LOCALES, locale).text("framework-title"),
    role: NavEntry::EVERYONE,
};

fn words(visitor: &Visitor) -> Words {
    Words::new(&LOCALES, visitor.locale)
}

async fn show(State(office): State<Office>, visitor: Visitor) -> Response {
    let t = words(&visitor);
    page(&office, &visitor, &t.text("framework-title"), FrameworkPage { t, framework: framework() })
}

async fn show_competence(
    State(office): State<Office>,
    visitor: Visitor,
    Path(competence): Path<String>,
) -> Result<Response, Problem> {
    let id: CompetenceId = competence.parse().map_err(|_| Problem::not_found())?;
    let t = words(&visitor);
    let competence = framework().competence(id);
    let levels = Level::REACHABLE
        .into_iter()
        .filter_map(|level| Some((framework().level(level)?, framework().outcomes_of(id, level).collect())));
    let area = framework().area(id.area());
    let body = CompetencePage { t, competence, area, levels: levels.collect() };
    let title = format!("{id} {}", competence.title.get(visitor.locale));
    let back = t.text("framework-title");
    Ok(Page::new(&office, &visitor, &title).back("/framework", &back).show(body))
}
