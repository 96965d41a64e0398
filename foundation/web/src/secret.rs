//! Secrets: random tokens from the operating system, and what is stored instead of them.
//!
//! A token leaves the server once, in a cookie, a form or a letter; the database keeps its SHA-256 only.
//! Tokens carry at least 128 bits, so a plain hash without salt is enough. Passwords are another matter (argon2, in the crate of accounts).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

/// `N` bytes of the operating system's generator.
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut random = [0; N];
    getrandom::fill(&mut random).expect("the operating system gives random bytes");
    random
}

/// 128 random bits as 22 characters of base64url.
pub fn token() -> String {
    URL_SAFE_NO_PAD.encode(bytes::<16>())
}

/// SHA-256 of a token, 43 characters of base64url: what a database may keep.
pub fn digest(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(token.as_bytes()))
}

/// The first 40 bits of the content's SHA-256 as 10 hexadecimal digits: names a version of a file.
pub fn fingerprint(content: &[u8]) -> String {
    let digest = Sha256::digest(content);
    digest[..5].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Compares without telling by its duration where the two differ.
pub fn same(left: &str, right: &str) -> bool {
    left.len() == right.len() && left.bytes().zip(right.bytes()).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_22_characters_and_never_the_same_twice() {
        assert_eq!(token().len(), 22);
        assert_ne!(token(), token());
    }

    #[test]
    fn the_digest_is_that_of_the_standard() {
        // FIPS 180-4 example: SHA-256("abc") = ba7816bf…15ad, here in base64url.
        assert_eq!(digest("abc"), "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
    }

    #[test]
    fn only_equal_texts_are_the_same() {
        assert!(same("abc", "abc"));
        assert!(!same("abc", "abd"));
        assert!(!same("abc", "abcd"));
    }
}
