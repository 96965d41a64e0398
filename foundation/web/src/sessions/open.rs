//! Opens a session after the person proved who they are.

use melek_db::{Error, q};
use uuid::Uuid;

use super::{Cookies, MINUTE_MS, Sessions};
use crate::cookie::Cookie;
use crate::{Visitor, secret};

pub(super) const FORGET_ENDED: &str = "DELETE FROM web_session WHERE expires_ms < $1";
pub(super) const INSERT: &str = "INSERT INTO web_session
    (token_hash, session_id, account_id, display_name, roles, csrf, locale, created_ms, last_seen_ms, expires_ms)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";

/// Who signs in. The name stands in the header of every page.
#[derive(Clone, Copy, Debug)]
pub struct NewSession<'a> {
    pub account: Uuid,
    pub name: &'a str,
    pub roles: &'a [String],
}

impl Sessions<'_> {
    /// Opens a session with fresh secrets and ends the one the visitor had, so that a token planted before sign-in is worth nothing.
    /// The language is that of the account if it has chosen one, else the visitor's.
    pub async fn open(self, visitor: &Visitor, new: NewSession<'_>) -> Result<Cookies, Error> {
        let office = self.office;
        let now_ms = office.clock.now_ms();
        let token = secret::token();
        let mut tx = office.db.begin().await?;
        q(FORGET_ENDED).bind(now_ms).exec(&mut tx).await?;
        if let Some(previous) = &visitor.session {
            q(super::close::CLOSE).bind(previous.id.as_str()).exec(&mut tx).await?;
        }
        let preferred: Option<String> =
            q(super::prefer::READ).bind(new.account.to_string()).scalar_opt(&mut tx).await?;
        let locale = preferred.unwrap_or_else(|| visitor.locale.tag().to_owned());
        q(INSERT)
            .bind(secret::digest(&token))
            .bind(office.clock.new_id().to_string())
            .bind(new.account.to_string())
            .bind(new.name)
            .bind(new.roles.join(" "))
            .bind(secret::token())
            .bind(locale)
            .bind(now_ms)
            .bind(now_ms)
            .bind(now_ms + office.settings.absolute_minutes * MINUTE_MS)
            .exec(&mut tx)
            .await?;
        tx.commit().await?;
        let settings = &office.settings;
        Ok(Cookies(vec![Cookie::Session.set(&token, settings), Cookie::Guest.clear(settings)]))
    }
}
