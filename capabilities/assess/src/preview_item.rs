//! One item as a candidate sees it, for who writes it: GET / shows it, POST / says how the answer would be scored and why, GET /file gives the file
//! that belongs to it. Served by
//! `melek items preview` on the writer's own machine; nothing is kept.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use melek_web::{FieldErrors, Form, Office, Page, Problem, Visitor, Words};

use crate::answer::Answer;
use crate::answer_page::incomplete_to_check;
use crate::document_view::ShapeView;
use crate::download_file::file_of;
use crate::draw::Draw;
use crate::item::Item;
use crate::item_view::{InputView, ItemView};
use crate::words;

/// The item, and the seed its variant is drawn with.
struct Previewed {
    item: Item,
    seed: u64,
}

#[derive(Template)]
#[template(path = "preview.html")]
struct Preview {
    t: Words,
    item: ItemView,
    errors: FieldErrors,
    feedback: Option<(String, bool)>,
    csrf: String,
}

/// Pages of the preview of one item as a session of this seed shows it.
pub fn preview_routes(office: Office, item: Item, seed: u64) -> (Office, Router<Office>) {
    let pages = Router::new().route("/", get(show).post(answer)).route("/file", get(download));
    (office.with(Previewed { item, seed }), pages)
}

async fn download(State(office): State<Office>, visitor: Visitor) -> Result<Response, Problem> {
    let previewed: Arc<Previewed> = office.part();
    file_of(&previewed.item.drawn(previewed.seed), visitor.locale)
}

async fn show(State(office): State<Office>, visitor: Visitor) -> Response {
    preview(&office, &visitor, None)
}

async fn answer(State(office): State<Office>, visitor: Visitor, Form(fields): Form<Vec<(String, String)>>) -> Response {
    preview(&office, &visitor, Some(fields))
}

fn preview(office: &Office, visitor: &Visitor, fields: Option<Vec<(String, String)>>) -> Response {
    let previewed: Arc<Previewed> = office.part();
    let item = &*previewed.item.drawn(previewed.seed);
    let t = words(visitor.locale);
    let draw = Draw::new(&item.task, previewed.seed, 1);
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
    let item_view = ItemView::new(item, &draw, fields.as_deref().unwrap_or_default(), t);
    let item_view = item_view.with_file_at("/file".to_owned());
    let csrf = visitor.csrf().to_owned();
    let title = item.id.as_str();
    let page = Page::new(office, visitor, title).errors(&errors);
    page.show(Preview { t, item: item_view, errors: errors.clone(), feedback, csrf })
}
