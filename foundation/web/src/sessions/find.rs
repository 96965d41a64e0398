//! Finds the session of a token, once per request.

use melek_db::{Error, q};

use super::{MINUTE_MS, Session, Sessions};
use crate::{Locale, secret};

/// `last_seen_ms` is written when it is older than this.
const SEEN_PRECISION_MS: i64 = 5 * MINUTE_MS;

pub(super) const FIND: &str =
    "SELECT session_id, account_id, display_name, roles, csrf, locale, last_seen_ms, expires_ms
    FROM web_session WHERE token_hash = $1";
pub(super) const TOUCH: &str = "UPDATE web_session SET last_seen_ms = $2 WHERE session_id = $1";

type Row = (String, String, String, String, String, String, i64, i64);

impl Sessions<'_> {
    /// The session and its language; none when the token is unknown, idle too long or too old.
    pub(crate) async fn find(self, token: &str) -> Result<Option<(Session, Locale)>, Error> {
        let hash = secret::digest(token);
        let Some(row) = q(FIND).bind(hash).opt::<Row>(&self.office.db).await? else {
            return Ok(None);
        };
        let (id, account, name, roles, csrf, locale, last_seen_ms, expires_ms) = row;
        let now_ms = self.office.clock.now_ms();
        let idle_ms = self.office.settings.idle_minutes * MINUTE_MS;
        let Ok(account) = account.parse() else {
            return Ok(None);
        };
        if now_ms >= expires_ms || now_ms - last_seen_ms > idle_ms {
            return Ok(None);
        }
        if now_ms - last_seen_ms > SEEN_PRECISION_MS {
            self.touch(&id, now_ms).await;
        }
        let roles = roles.split_whitespace().map(str::to_owned).collect();
        let session = Session { account, name, roles, csrf, id };
        Ok(Some((session, locale.parse().unwrap_or_default())))
    }

    /// Being seen must not fail a request: a busy database is told to the log, and the next request tries again.
    async fn touch(self, id: &str, now_ms: i64) {
        let written = async {
            let mut tx = self.office.db.begin().await?;
            q(TOUCH).bind(id).bind(now_ms).exec(&mut tx).await?;
            tx.commit().await
        };
        if let Err(error) = written.await {
            tracing::warn!(%error, "the time a session was last seen was not written");
        }
    }
}
