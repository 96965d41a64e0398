//! What an installation decides once, at start.

use crate::format::Zone;

/// Settings of one running program. The default is a plain-HTTP installation in Western Indonesian Time.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Name of the installation in the footer of every page, such as the agency's.
    pub installation: String,
    /// True when browsers reach the program by HTTPS: cookies become `Secure` with the `__Host-` name and HSTS is sent.
    pub secure_cookies: bool,
    /// True when people and figures are invented: every page says so.
    pub synthetic: bool,
    /// 420 is WIB.
    pub utc_offset_minutes: i32,
    /// True when a reverse proxy that sets `X-Forwarded-For` is the only way in.
    pub behind_proxy: bool,
    /// A sign-in ends after this long without a request.
    pub idle_minutes: i64,
    /// A sign-in ends this long after it began, whatever happens.
    pub absolute_minutes: i64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            installation: String::new(),
            secure_cookies: false,
            synthetic: false,
            utc_offset_minutes: 420,
            behind_proxy: false,
            idle_minutes: 120,
            absolute_minutes: 12 * 60,
        }
    }
}

impl Settings {
    pub fn zone(&self) -> Zone {
        Zone::new(self.utc_offset_minutes)
    }
}
