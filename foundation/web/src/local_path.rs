//! A path of this site to go back to, taken from a form or an address, never a way out of the site.

use std::fmt;

use serde::{Deserialize, Deserializer};

const LONGEST: usize = 500;

/// Starts with one `/`; anything else that is offered (another host, a scheme, a backslash, a control character) becomes `/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalPath(String);

impl LocalPath {
    pub fn new(offered: &str) -> Self {
        let is_local = offered.starts_with('/')
            && !offered.starts_with("//")
            && offered.len() <= LONGEST
            && offered.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        Self(if is_local { offered } else { "/" }.to_owned())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As the value of a query parameter.
    pub(crate) fn encoded(&self) -> String {
        let mut encoded = String::with_capacity(self.0.len());
        for byte in self.0.bytes() {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => {
                    encoded.push(char::from(byte));
                }
                _ => encoded.push_str(&format!("%{byte:02X}")),
            }
        }
        encoded
    }
}

impl Default for LocalPath {
    fn default() -> Self {
        Self("/".to_owned())
    }
}

impl fmt::Display for LocalPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for LocalPath {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|offered| Self::new(&offered))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_this_site_is_kept() {
        for path in ["/", "/sessions/1?x=2&y=%20", "/a//b"] {
            assert_eq!(LocalPath::new(path).as_str(), path);
        }
    }

    #[test]
    fn a_way_out_of_the_site_leads_home() {
        for path in [
            "",
            "sessions",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "/a\r\nSet-Cookie: x=1",
            "/\t/evil.example",
        ] {
            assert_eq!(LocalPath::new(path).as_str(), "/", "{path:?}");
        }
    }

    #[test]
    fn a_query_survives_inside_a_query() {
        assert_eq!(LocalPath::new("/a?b=c&d").encoded(), "/a%3Fb%3Dc%26d");
    }
}
