//! POST /sign-out: ends this session and leads to the first page. Signing out twice is harmless.

use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};

use crate::{Office, Problem, Visitor};

pub(crate) async fn sign_out(State(office): State<Office>, visitor: Visitor) -> Result<Response, Problem> {
    let cookies = office.sessions().close(&visitor).await?;
    Ok((cookies, Redirect::to("/")).into_response())
}
