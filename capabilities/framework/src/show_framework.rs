//! GET /framework: the vocabulary for everybody: areas, competences, levels and what each level means, in the visitor's language.

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use melek_web::{NavEntry, Office, Page, Problem, Visitor, Words, format, page};

use crate::{
    Area, AreaCut, Competence, CompetenceId, Framework, Level, LevelText, Outcome, Statement, cuts, framework,
};

melek_web::locales!(LOCALES);

#[derive(Template)]
#[template(path = "framework.html")]
struct FrameworkPage {
    t: Words,
    framework: &'static Framework,
    /// Per area what is said of the cut of each reachable level.
    cuts: Vec<(&'static Area, Vec<String>)>,
    provisional: bool,
}

#[derive(Template)]
#[template(path = "competence.html")]
struct CompetencePage {
    t: Words,
    framework: &'static Framework,
    competence: &'static Competence,
    area: &'static Area,
    levels: Vec<LevelView>,
}

/// A level of a competence: what somebody there is like, and what that is learned by.
struct LevelView {
    text: &'static LevelText,
    statements: Vec<&'static Statement>,
    outcomes: Vec<&'static Outcome>,
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
    page(
        &office,
        &visitor,
        &t.text("framework-title"),
        FrameworkPage { t, framework: framework(), cuts: cut_cells(t), provisional: cuts().provisional },
    )
}

/// Ability in logits and number of items behind each cut, by area.
fn cut_cells(t: Words) -> Vec<(&'static Area, Vec<String>)> {
    let cell = |cut: &AreaCut| {
        let ability = format::decimal(t.locale(), cut.ability_logit, 2);
        t.with("framework-cut", &[("ability", ability.into()), ("items", cut.items.into())])
    };
    let rows = cuts().areas.iter().map(|(area, cuts)| (framework().area(*area), cuts.iter().map(cell).collect()));
    rows.collect()
}

async fn show_competence(
    State(office): State<Office>,
    visitor: Visitor,
    Path(competence): Path<String>,
) -> Result<Response, Problem> {
    let id: CompetenceId = competence.parse().map_err(|_| Problem::not_found())?;
    let t = words(&visitor);
    let competence = framework().competence(id);
    let levels = Level::REACHABLE.into_iter().filter_map(|level| {
        let statements = framework().statements_of(id, level).collect();
        Some(LevelView {
            text: framework().level(level)?,
            statements,
            outcomes: framework().outcomes_of(id, level).collect(),
        })
    });
    let area = framework().area(id.area());
    let body = CompetencePage { t, framework: framework(), competence, area, levels: levels.collect() };
    let title = format!("{id} {}", competence.title.get(visitor.locale));
    let back = t.text("framework-title");
    Ok(Page::new(&office, &visitor, &title).back("/framework", &back).show(body))
}
