//! GET /: leads to the first page of who asks: own assessments, campaigns, reports about items, or the sign-in page.

use axum::Router;
use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use melek_people::{Role, SignedIn};
use melek_web::Office;

pub fn routes() -> Router<Office> {
    Router::new().route("/", get(front))
}

async fn front(who: Result<SignedIn, <SignedIn as FromRequestParts<Office>>::Rejection>) -> Response {
    let Ok(who) = who else { return Redirect::to("/sign-in").into_response() };
    let holds = |role| who.roles.iter().any(|grant| grant.role == role);
    let path = if who.person.is_some() {
        "/home"
    } else if holds(Role::Officer) {
        "/campaigns"
    } else if holds(Role::ItemWriter) {
        "/item-flags"
    } else {
        "/account"
    };
    Redirect::to(path).into_response()
}
