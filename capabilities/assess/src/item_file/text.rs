//! What a text of an item may not hold: markup, scripts, addresses of real places, placeholders nobody filled.

use crate::family::holds_placeholder;

/// Addresses that run something, however they go on.
const SCRIPTS: [&str; 2] = ["javascript:", "vbscript:"];
/// Addresses of something on the machine; before a blank they are words, as in "one file: the latest".
const LOCAL: [&str; 2] = ["file:", "blob:"];
const INVENTED: [&str; 3] = [".example", ".invalid", ".test"];

/// Everything that is wrong with a text, as the end of a sentence that begins "the text …".
pub(super) fn problems(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    if holds_tag(text) || holds_entity(text) {
        found.push("holds markup; write plain text".to_owned());
    }
    if holds_script(text) {
        found.push("holds a script or embedded data; write plain text".to_owned());
    }
    if let Some(host) = outside_host(text) {
        found.push(format!("names the outside address `{host}`; use an invented one ending in .example or .invalid"));
    }
    if holds_placeholder(text) {
        found.push("holds a placeholder that nothing fills; name a value of [draw]".to_owned());
    }
    if text.chars().any(|c| c.is_control() && c != '\n') {
        found.push("holds a control character; write it again by hand".to_owned());
    }
    found
}

/// `<` before a letter, `/`, `!` or `?`: `x < 5` is text.
fn holds_tag(text: &str) -> bool {
    text.split('<').skip(1).any(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic() || "/!?".contains(c)))
}

/// `&lt;`, `&#60;`
fn holds_entity(text: &str) -> bool {
    text.split('&').skip(1).any(|rest| {
        let name = rest.split_once(';').map_or("", |(name, _)| name);
        let letters = name.strip_prefix('#').unwrap_or(name);
        (2..=8).contains(&letters.len()) && letters.bytes().all(|b| b.is_ascii_alphanumeric())
    })
}

/// A script address, embedded data with its media type, or the attribute of an event.
fn holds_script(text: &str) -> bool {
    if !text.contains([':', '=']) {
        return false;
    }
    let lower = text.to_ascii_lowercase();
    let script = SCRIPTS.iter().any(|scheme| lower.contains(scheme));
    let local = LOCAL.iter().any(|scheme| {
        lower.split(scheme).skip(1).any(|rest| rest.starts_with(|next: char| !next.is_whitespace() && next != '"'))
    });
    let data = lower.split("data:").skip(1).any(|rest| {
        let kind = rest.split(['/', ' ', ',']).next().unwrap_or_default();
        rest[kind.len()..].starts_with('/') && ["text", "image", "application", "audio", "video"].contains(&kind)
    });
    let event = lower.split([' ', '"', '\'']).any(|word| {
        let name = word.split_once('=').map_or("", |(name, _)| name);
        name.len() > 4 && name.starts_with("on") && name.bytes().all(|b| b.is_ascii_alphabetic())
    });
    script || local || data || event
}

/// The host behind `//` that is not an invented one.
fn outside_host(text: &str) -> Option<&str> {
    let hosts = text.split("//").skip(1).map(|rest| {
        let end =
            rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-' | '@' | ':'))).unwrap_or(rest.len());
        rest[..end].trim_end_matches(['.', ':'])
    });
    hosts.filter(|host| host.contains('.')).find(|host| {
        let name = host.split(':').next().unwrap_or(host);
        !INVENTED.iter().any(|ending| name.ends_with(ending))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn markup_scripts_and_outside_addresses_are_found() {
        for text in [
            "see <b>this</b>",
            "<script src=x>",
            "<!-- x -->",
            "a &lt;b&gt; c",
            "&#60;img",
            "javascript:alert(1)",
            "javascript: alert(1)",
            "open file:///etc/passwd",
            "blob:https",
            "data:text/html,hello",
            "x onclick=run()",
            "https://real.com/path",
            "//cdn.real.com/a.js",
            "https://user@real.com",
            "https://safe.example.real.com",
            "Rp{total:rupiah} left",
            "a\u{0}b",
        ] {
            assert!(!problems(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn ordinary_texts_pass() {
        for text in [
            "x < 5 dan y > 3",
            "R&D; A & B",
            "Simpan data: nama, alamat",
            "Keep one file: the latest",
            "the word \"file:\" and a last file:",
            "https://layanan-desa.example/masuk",
            "http://portal.invalid:8080/x",
            "Kode {A1} dan {}",
            "dua baris\ndi sini",
            "dan//atau",
        ] {
            assert_eq!(problems(text), Vec::<String>::new(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in any::<String>()) {
            let _ = problems(&text);
        }
    }
}
