//! One-time codes with which imported people sign in first: ten characters in two groups, easy to read aloud, 50 bits.
//! Kept only as SHA-256 together with the account, so that one guess cannot be tried against all accounts at once.

use melek_web::secret;
use uuid::Uuid;

/// 32 characters without 0, O, 1 and I.
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const LENGTH: usize = 10;

/// A code is valid for two weeks.
pub const VALID_MS: i64 = 14 * 24 * 60 * 60 * 1000;

/// A new code, as it is printed: `K7P3M-X2QF9`.
#[derive(Clone, PartialEq, Eq)]
pub struct SignInCode(String);

impl SignInCode {
    pub fn random() -> Self {
        let random = secret::bytes::<LENGTH>();
        let mut text: String = random.iter().map(|byte| char::from(ALPHABET[usize::from(byte & 31)])).collect();
        text.insert(LENGTH / 2, '-');
        Self(text)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What is kept of the code of an account.
    pub fn digest(&self, account: Uuid) -> String {
        digest_of_typed(&self.0, account).unwrap_or_default()
    }
}

impl std::fmt::Debug for SignInCode {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("SignInCode(…)")
    }
}

/// The digest of what somebody typed, if it can be a code at all. Capitals, blanks and dashes do not matter.
pub fn digest_of_typed(typed: &str, account: Uuid) -> Option<String> {
    if typed.len() > 100 {
        return None;
    }
    let ignored = |c: &char| !c.is_whitespace() && !matches!(c, '-' | '–' | '—' | '.');
    let code: String = typed.chars().filter(ignored).map(|c| c.to_ascii_uppercase()).collect();
    let fits = code.len() == LENGTH && code.bytes().all(|byte| ALPHABET.contains(&byte));
    fits.then(|| secret::digest(&format!("{account} {code}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_can_be_read_aloud_and_is_never_the_same_twice() {
        let code = SignInCode::random();
        assert_eq!(code.as_str().len(), 11);
        assert!(!code.as_str().contains(['0', 'O', '1', 'I']));
        assert_ne!(code, SignInCode::random());
        assert!(!format!("{code:?}").contains(code.as_str()));
    }

    #[test]
    fn a_code_is_recognised_however_it_is_typed() {
        let (code, account) = (SignInCode::random(), Uuid::from_u128(7));
        let kept = code.digest(account);
        for typed in [code.as_str().to_lowercase(), code.as_str().replace('-', " "), format!(" {} ", code.as_str())] {
            assert_eq!(digest_of_typed(&typed, account), Some(kept.clone()));
        }
        assert_ne!(digest_of_typed(code.as_str(), Uuid::from_u128(8)), Some(kept));
    }

    #[test]
    fn what_cannot_be_a_code_has_no_digest() {
        assert_eq!(digest_of_typed("K7P3M-X2QF0", Uuid::nil()), None);
        assert_eq!(digest_of_typed("kopi pagi hari", Uuid::nil()), None);
    }
}
