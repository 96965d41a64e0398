//! Items as a candidate sees them, for who writes them: GET / lists the items, GET /{item}/{draw} shows one in the variant and order of a session
//! of that seed, POST says how the answer would be scored and why, GET /{item}/{draw}/file gives the file that belongs to it. Served by
//! `melek items preview` on the writer's own machine; nothing is kept.

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use melek_web::{FieldErrors, Form, Office, Page, Problem, Visitor, Words, page};

use crate::answer::Answer;
use crate::answer_page::incomplete_to_check;
use crate::document_view::ShapeView;
use crate::download_file::file_of;
use crate::draw::Draw;
use crate::item::Item;
use crate::item_view::{InputView, ItemView};
use crate::words;

/// The items of the preview, and the draw a link of the list leads to.
struct Previewed {
    items: Vec<Item>,
    draw: u64,
}

#[derive(Template)]
#[template(path = "preview_list.html")]
struct List {
    items: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "preview.html")]
struct Preview {
    t: Words,
    item: ItemView,
    errors: FieldErrors,
    feedback: Option<(String, bool)>,
    action: String,
    /// The next variant of a family.
    next: Option<String>,
    csrf: String,
}

/// Pages of the preview of items as a session of this seed shows them.
pub fn preview_routes(office: Office, items: Vec<Item>, draw: u64) -> (Office, Router<Office>) {
    let pages = Router::new()
        .route("/", get(list))
        .route("/{item}/{draw}", get(show).post(answer))
        .route("/{item}/{draw}/file", get(download));
    (office.with(Previewed { items, draw }), pages)
}

async fn list(State(office): State<Office>, visitor: Visitor) -> Response {
    let previewed = office.part::<Previewed>();
    let path = |item: &Item| format!("/{}/{}", item.id, previewed.draw);
    if let [only] = &previewed.items[..] {
        return Redirect::to(&path(only)).into_response();
    }
    let items = previewed.items.iter().map(|item| (path(item), item.id.to_string())).collect();
    page(&office, &visitor, &words(visitor.locale).text("preview-title"), List { items })
}

async fn show(
    State(office): State<Office>,
    visitor: Visitor,
    Path((item, draw)): Path<(String, u64)>,
) -> Result<Response, Problem> {
    preview(&office, &visitor, (&item, draw), None)
}

async fn answer(
    State(office): State<Office>,
    visitor: Visitor,
    Path((item, draw)): Path<(String, u64)>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    preview(&office, &visitor, (&item, draw), Some(fields))
}

async fn download(
    State(office): State<Office>,
    visitor: Visitor,
    Path((item, draw)): Path<(String, u64)>,
) -> Result<Response, Problem> {
    file_of(&variant(&office, &item, draw)?, visitor.locale)
}

fn variant(office: &Office, id: &str, draw: u64) -> Result<Item, Problem> {
    let previewed = office.part::<Previewed>();
    let found = previewed.items.iter().find(|item| item.id.as_str() == id);
    Ok(found.ok_or_else(Problem::not_found)?.drawn(draw).into_owned())
}

fn preview(
    office: &Office,
    visitor: &Visitor,
    (id, seed): (&str, u64),
    fields: Option<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let item = variant(office, id, seed)?;
    let is_family =
        office.part::<Previewed>().items.iter().any(|item| item.id.as_str() == id && item.variants.is_some());
    let t = words(visitor.locale);
    let draw = Draw::new(&item.task, seed, 1);
    let mut errors = FieldErrors::new(visitor.locale);
    let feedback = match fields.as_ref().map(|fields| Answer::read(&item.task, &draw, fields, visitor.locale)) {
        Some(Ok(answer)) => {
            let right = answer.is_right(&item.task);
            let verdict = t.text(if right { "preview-right" } else { "preview-wrong" });
            Some((format!("{verdict} {}", item.rationale.get(visitor.locale)), right))
        }
        Some(Err(incomplete)) => {
            errors.add("a", incomplete_to_check(incomplete, t));
            None
        }
        None => None,
    };
    let action = format!("/{id}/{seed}");
    let item_view = ItemView::new(&item, &draw, fields.as_deref().unwrap_or_default(), t);
    let body = Preview {
        t,
        item: item_view.with_file_at(format!("{action}/file")),
        errors: errors.clone(),
        feedback,
        next: is_family.then(|| format!("/{id}/{}", seed.wrapping_add(1))),
        action,
        csrf: visitor.csrf().to_owned(),
    };
    Ok(Page::new(office, visitor, item.id.as_str()).errors(&errors).show(body))
}
