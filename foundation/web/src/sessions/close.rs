//! Closes sessions: this one, another of the same account, or all.

use melek_db::{Error, q};
use uuid::Uuid;

use super::{Cookies, Sessions};
use crate::Visitor;
use crate::cookie::Cookie;

pub(super) const CLOSE: &str = "DELETE FROM web_session WHERE session_id = $1";
pub(super) const CLOSE_ONE: &str = "DELETE FROM web_session WHERE session_id = $1 AND account_id = $2";
pub(super) const CLOSE_ALL: &str = "DELETE FROM web_session WHERE account_id = $1";

impl Sessions<'_> {
    /// Ends the visitor's own session; their language stays for the sign-in page.
    pub async fn close(self, visitor: &Visitor) -> Result<Cookies, Error> {
        if let Some(session) = &visitor.session {
            let mut tx = self.office.db.begin().await?;
            q(CLOSE).bind(session.id.as_str()).exec(&mut tx).await?;
            tx.commit().await?;
        }
        let settings = &self.office.settings;
        let language = Cookie::Language.set(visitor.locale.tag(), settings);
        Ok(Cookies(vec![Cookie::Session.clear(settings), language]))
    }

    /// Ends one session of the account; false when it is not there (any more).
    pub async fn close_one(self, account: Uuid, session_id: &str) -> Result<bool, Error> {
        let mut tx = self.office.db.begin().await?;
        let closed = q(CLOSE_ONE).bind(session_id).bind(account.to_string()).exec(&mut tx).await?;
        tx.commit().await?;
        Ok(closed > 0)
    }

    /// Signs the account out everywhere, at once; answers how many sessions ended.
    pub async fn close_all(self, account: Uuid) -> Result<u64, Error> {
        let mut tx = self.office.db.begin().await?;
        let closed = q(CLOSE_ALL).bind(account.to_string()).exec(&mut tx).await?;
        tx.commit().await?;
        Ok(closed)
    }
}
