//! Lists where an account is signed in.

use melek_db::{Error, q};
use uuid::Uuid;

use super::{MINUTE_MS, Sessions};

pub(super) const LIST: &str = "SELECT session_id, created_ms, last_seen_ms FROM web_session
    WHERE account_id = $1 AND expires_ms > $2 AND last_seen_ms >= $3 ORDER BY last_seen_ms DESC, session_id";

/// One sign-in that is still open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// Compare with [`Session::id`](super::Session::id) to mark the current one.
    pub session_id: String,
    pub created_ms: i64,
    /// Exact to five minutes.
    pub last_seen_ms: i64,
}

impl Sessions<'_> {
    /// The open sign-ins of the account, last used first.
    pub async fn list(self, account: Uuid) -> Result<Vec<SignIn>, Error> {
        let now_ms = self.office.clock.now_ms();
        let seen_since_ms = now_ms - self.office.settings.idle_minutes * MINUTE_MS;
        let rows = q(LIST).bind(account.to_string()).bind(now_ms).bind(seen_since_ms);
        let rows: Vec<(String, i64, i64)> = rows.all(&self.office.db).await?;
        let sign_in = |(session_id, created_ms, last_seen_ms)| SignIn { session_id, created_ms, last_seen_ms };
        Ok(rows.into_iter().map(sign_in).collect())
    }
}
