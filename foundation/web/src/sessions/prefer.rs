//! Keeps what an account's pages look like: the language it chose, and the name and roles in the header.

use melek_db::{Error, q};
use uuid::Uuid;

use super::{NewSession, Sessions};
use crate::Locale;

pub(super) const READ: &str = "SELECT locale FROM web_preference WHERE account_id = $1";
pub(super) const WRITE: &str = "INSERT INTO web_preference (account_id, locale, changed_ms) VALUES ($1, $2, $3)
    ON CONFLICT (account_id) DO UPDATE SET locale = excluded.locale, changed_ms = excluded.changed_ms";
pub(super) const WRITE_SESSIONS: &str = "UPDATE web_session SET locale = $2 WHERE account_id = $1";
pub(super) const RENAME: &str = "UPDATE web_session SET display_name = $2, roles = $3 WHERE account_id = $1";

impl Sessions<'_> {
    /// Keeps the language for the account, on all devices and for the next sign-in.
    pub async fn prefer(self, account: Uuid, locale: Locale) -> Result<(), Error> {
        let account = account.to_string();
        let now_ms = self.office.clock.now_ms();
        let mut tx = self.office.db.begin().await?;
        q(WRITE).bind(account.as_str()).bind(locale.tag()).bind(now_ms).exec(&mut tx).await?;
        q(WRITE_SESSIONS).bind(account.as_str()).bind(locale.tag()).exec(&mut tx).await?;
        tx.commit().await
    }

    /// Writes a changed name or changed roles into the open sessions, so that the navigation follows at once.
    pub async fn refresh(self, account: NewSession<'_>) -> Result<(), Error> {
        let mut tx = self.office.db.begin().await?;
        let renamed = q(RENAME).bind(account.account.to_string()).bind(account.name).bind(account.roles.join(" "));
        renamed.exec(&mut tx).await?;
        tx.commit().await
    }
}
