//! What posts need: GET /posts lists the posts of the agency, GET /posts/{id} shows the level of each competence and lets
//! an officer of the whole agency change it (`set_requirements`).

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use melek_db::{Db, Error, q};
use melek_framework::{AreaId, CompetenceId, Level, framework, requirement_defaults};
use melek_web::{Choice, FieldErrors, Locale, Office, Page, Problem, Visitor, Words};
use serde::Deserialize;
use uuid::Uuid;

use crate::signed_in::Officer;
use crate::words;

pub(crate) const LIST: &str = "SELECT o.id, o.name, o.kind, o.job_family,
    CAST(SUM(CASE WHEN p.active = TRUE THEN 1 ELSE 0 END) AS BIGINT) AS people
    FROM people_post o LEFT JOIN people_person p ON p.post_id = o.id
    WHERE o.agency_id = $1 AND o.name_key LIKE $2 ESCAPE '!'
    GROUP BY o.id, o.name, o.kind, o.job_family, o.name_key ORDER BY o.name_key, o.id LIMIT $3 OFFSET $4";
pub(crate) const COUNT: &str = "SELECT COUNT(*) FROM people_post WHERE agency_id = $1 AND name_key LIKE $2 ESCAPE '!'";
pub(crate) const READ: &str = "SELECT o.name, o.kind, o.job_family,
    (SELECT COUNT(*) FROM people_person p WHERE p.post_id = o.id AND p.active = TRUE)
    FROM people_post o WHERE o.id = $1 AND o.agency_id = $2";
pub(crate) const LEVELS: &str = "SELECT competence, level FROM people_requirement WHERE post_id = $1";

const PAGE: i64 = 100;

#[derive(Deserialize)]
pub(crate) struct Search {
    #[serde(default)]
    q: String,
    #[serde(default)]
    page: String,
}

#[derive(Template)]
#[template(path = "posts.html")]
struct PostsPage {
    t: Words,
    errors: FieldErrors,
    q: String,
    lines: Vec<PostLine>,
    before: Option<i64>,
    after: Option<i64>,
    position: String,
}

struct PostLine {
    id: String,
    name: String,
    kind: String,
    family: String,
    people: String,
}

/// A post with the level it needs of each competence.
pub(crate) struct Post {
    pub name: String,
    pub kind: String,
    pub family: String,
    pub people: i64,
    pub levels: Vec<(CompetenceId, Level)>,
}

#[derive(Template)]
#[template(path = "post.html")]
struct PostPage<'a> {
    t: Words,
    visitor: &'a Visitor,
    errors: FieldErrors,
    id: Uuid,
    facts: Vec<(String, String)>,
    saved: bool,
    may_change: bool,
    families: Vec<Choice>,
    family: String,
    levels: Vec<Choice>,
    areas: Vec<AreaLines>,
}

struct AreaLines {
    title: String,
    competences: Vec<CompetenceLine>,
}

struct CompetenceLine {
    /// Name of the form field.
    field: String,
    title: String,
    level: String,
    level_title: String,
}

pub(crate) async fn show(
    State(office): State<Office>,
    who: Officer,
    Query(search): Query<Search>,
) -> Result<Response, Problem> {
    let t = words(who.visitor.locale);
    let pattern = format!("%{}%", crate::show_staff::literal(&crate::identity::name_key(&search.q.replace('\0', ""))));
    let count: i64 = q(COUNT).bind(who.scope.agency).bind(&pattern).scalar(&office.db).await?;
    let pages = ((count + PAGE - 1) / PAGE).max(1);
    let page: i64 = search.page.parse().unwrap_or(1).clamp(1, pages);
    let list = q(LIST).bind(who.scope.agency).bind(&pattern).bind(PAGE).bind((page - 1) * PAGE);
    let rows: Vec<(String, String, String, String, i64)> = list.all(&office.db).await?;
    let line = |(id, name, kind, family, people): (String, String, String, String, i64)| PostLine {
        id,
        name,
        kind: kind_title(t, &kind),
        family: family_title(&family, who.visitor.locale),
        people: who.visitor.integer(people),
    };
    let body = PostsPage {
        t,
        errors: FieldErrors::new(who.visitor.locale),
        q: search.q,
        lines: rows.into_iter().map(line).collect(),
        before: (page > 1).then_some(page - 1),
        after: (page < pages).then_some(page + 1),
        position: t.with("posts-position", &[("count", count.into()), ("page", page.into()), ("pages", pages.into())]),
    };
    Ok(Page::new(&office, &who.visitor, &t.text("posts-title")).wide().show(body))
}

fn kind_title(t: Words, kind: &str) -> String {
    t.text(&format!("post-kind-{kind}"))
}

fn family_title(family: &str, locale: Locale) -> String {
    requirement_defaults().family(family).map(|family| family.title.get(locale).to_owned()).unwrap_or_default()
}

/// A post of the agency.
pub(crate) async fn read_post(db: &Db, agency: Uuid, id: Uuid) -> Result<Option<Post>, Error> {
    let row: Option<(String, String, String, i64)> = q(READ).bind(id).bind(agency).opt(db).await?;
    let Some((name, kind, family, people)) = row else { return Ok(None) };
    let levels: Vec<(String, i64)> = q(LEVELS).bind(id).all(db).await?;
    let levels = levels.into_iter().filter_map(|(id, level)| Some((id.parse().ok()?, Level::from_number(level)?)));
    Ok(Some(Post { name, kind, family, people, levels: levels.collect() }))
}

#[derive(Deserialize)]
pub(crate) struct Told {
    #[serde(default)]
    saved: String,
}

pub(crate) async fn show_post(
    State(office): State<Office>,
    who: Officer,
    Path(id): Path<Uuid>,
    Query(told): Query<Told>,
) -> Result<Response, Problem> {
    let post = read_post(&office.db, who.scope.agency, id).await?.ok_or_else(Problem::not_found)?;
    let t = words(who.visitor.locale);
    let locale = who.visitor.locale;
    let facts = vec![
        (t.text("field-post-kind"), kind_title(t, &post.kind)),
        (t.text("post-family"), family_title(&post.family, locale)),
        (t.text("post-people"), who.visitor.integer(post.people)),
    ];
    let families = requirement_defaults().families.iter();
    let body = PostPage {
        t,
        visitor: &who.visitor,
        errors: FieldErrors::new(locale),
        id,
        facts,
        saved: told.saved == "yes",
        may_change: who.scope.is_whole_agency(),
        families: families.map(|family| Choice::new(&family.id, family.title.get(locale))).collect(),
        levels: Level::ALL.map(|level| Choice::new(level.number().to_string(), level_title(t, level))).into(),
        areas: areas(t, &post),
        family: post.family,
    };
    let back = t.text("posts-title");
    Ok(Page::new(&office, &who.visitor, &post.name).back("/posts", &back).show(body))
}

fn level_title(t: Words, level: Level) -> String {
    let found = framework().levels.iter().find(|text| text.level == level);
    found.map_or_else(|| t.text("level-none"), |text| text.title.get(t.locale()).to_owned())
}

fn areas(t: Words, post: &Post) -> Vec<AreaLines> {
    let locale = t.locale();
    let line = |competence: &melek_framework::Competence| {
        let level = post.levels.iter().find(|(id, _)| *id == competence.id).map_or(Level::None, |(_, level)| *level);
        CompetenceLine {
            field: format!("level-{}", competence.id),
            title: format!("{} {}", competence.id, competence.title.get(locale)),
            level: level.number().to_string(),
            level_title: level_title(t, level),
        }
    };
    let area = |id: AreaId| AreaLines {
        title: framework().area(id).title.get(locale).to_owned(),
        competences: framework().competences.iter().filter(|competence| competence.id.area() == id).map(line).collect(),
    };
    AreaId::all().map(area).collect()
}
