//! The three cookies of the site: session, guest token, guest language. Names are one letter, because every answer carries them.
//!
//! Over HTTPS they are `Secure` and take the `__Host-` prefix, which ties them to this host and to `/`.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::Settings;

const YEAR_S: u32 = 31_536_000;

/// What a cookie is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cookie {
    /// Token of the sign-in session; ends with the browser.
    Session,
    /// The guest's half of the double-submit check.
    Guest,
    /// Language that a guest chose; a signed-in person's is kept with the account.
    Language,
}

impl Cookie {
    fn name(self, settings: &Settings) -> &'static str {
        match (self, settings.secure_cookies) {
            (Self::Session, false) => "m",
            (Self::Session, true) => "__Host-m",
            (Self::Guest, false) => "g",
            (Self::Guest, true) => "__Host-g",
            (Self::Language, false) => "l",
            (Self::Language, true) => "__Host-l",
        }
    }

    /// The value that the browser sent.
    pub fn read<'h>(self, headers: &'h HeaderMap, settings: &Settings) -> Option<&'h str> {
        let name = self.name(settings);
        let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
        let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// The header that sets it; the value is a token or a language tag.
    pub fn set(self, value: &str, settings: &Settings) -> HeaderValue {
        let age = match self {
            Self::Language => format!("; Max-Age={YEAR_S}"),
            Self::Session | Self::Guest => String::new(),
        };
        self.header(value, &age, settings)
    }

    /// The header that removes it.
    pub fn clear(self, settings: &Settings) -> HeaderValue {
        self.header("", "; Max-Age=0", settings)
    }

    fn header(self, value: &str, age: &str, settings: &Settings) -> HeaderValue {
        let name = self.name(settings);
        let secure = if settings.secure_cookies { "; Secure" } else { "" };
        HeaderValue::try_from(format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}"))
            .expect("tokens and tags are plain ASCII")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_by_its_whole_name_only() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("xm=1; m=abc; l=en"));
        let settings = Settings::default();
        assert_eq!(Cookie::Session.read(&headers, &settings), Some("abc"));
        assert_eq!(Cookie::Language.read(&headers, &settings), Some("en"));
        assert_eq!(Cookie::Guest.read(&headers, &settings), None);
    }

    #[test]
    fn secure_attributes_appear_only_under_tls() {
        let plain = Cookie::Session.set("abc", &Settings::default());
        assert_eq!(plain, "m=abc; Path=/; HttpOnly; SameSite=Lax");
        let settings = Settings { secure_cookies: true, ..Settings::default() };
        let secure = Cookie::Session.set("abc", &settings);
        assert_eq!(secure, "__Host-m=abc; Path=/; HttpOnly; SameSite=Lax; Secure");
    }
}
