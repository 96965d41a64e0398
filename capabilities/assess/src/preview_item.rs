//! One item as a candidate sees it, for who writes it: GET / shows it, POST / says how the answer would be scored and why. Served by
//! `melek items preview` on the writer's own machine; nothing is kept.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use melek_web::{FieldErrors, Form, Office, Page, Visitor, Words};

use crate::answer::Answer;
use crate::answer_page::incomplete_to_check;
use crate::draw::Draw;
use crate::item::Item;
use crate::item_view::{InputView, ItemView};
use crate::words;

const SEED: u64 = 1;

struct Previewed(Item);

#[derive(Template)]
#[template(path = "preview.html")]
struct Preview {
    t: Words,
    item: ItemView,
    errors: FieldErrors,
    feedback: Option<(String, bool)>,
    csrf: String,
}

/// Pages of the preview of one item.
pub fn preview_routes(office: Office, item: Item) -> (Office, Router<Office>) {
    (office.with(Previewed(item)), Router::new().route("/", get(show).post(answer)))
}

async fn show(State(office): State<Office>, visitor: Visitor) -> Response {
    preview(&office, &visitor, None)
}

async fn answer(State(office): State<Office>, visitor: Visitor, Form(fields): Form<Vec<(String, String)>>) -> Response {
    preview(&office, &visitor, Some(fields))
}

fn preview(office: &Office, visitor: &Visitor, fields: Option<Vec<(String, String)>>) -> Response {
    let item: Arc<Previewed> = office.part();
    let item = &item.0;
    let t = words(visitor.locale);
    let draw = Draw::new(&item.task, SEED, 1);
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
    let csrf = visitor.csrf().to_owned();
    let title = item.id.as_str();
    let page = Page::new(office, visitor, title).errors(&errors);
    page.show(Preview { t, item: item_view, errors: errors.clone(), feedback, csrf })
}
