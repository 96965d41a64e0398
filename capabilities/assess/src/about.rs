//! GET /about: what Melek is, what happens with a person's data, and what the figures are worth. Open to everybody.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use melek_web::{Office, Visitor, Words, page};

use crate::oversight::aggregate::LEAST_PEOPLE;
use crate::words;

#[derive(Template)]
#[template(path = "about.html")]
struct About {
    t: Words,
    office: String,
}

pub(crate) async fn show(State(office): State<Office>, visitor: Visitor) -> Response {
    let t = words(visitor.locale);
    let least = t.with("session-who-office", &[("least", LEAST_PEOPLE.into())]);
    page(&office, &visitor, &t.text("about-title"), About { t, office: least })
}
