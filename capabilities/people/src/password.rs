//! Passwords: which are accepted, and how they are kept and compared.
//!
//! Kept as argon2id with 19 MiB, two passes, one lane (OWASP Password Storage Cheat Sheet, 2024). At most as many hashes
//! run at once as there are cores, on threads of their own; whoever waits longer than `QUEUE` is asked to come again.
//! Nothing here knows accounts.

use std::sync::Arc;
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use crate::nip::Nip;

const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Longest wait for a turn.
const QUEUE: Duration = Duration::from_secs(15);

/// Fewest characters of a password.
pub const SHORTEST: usize = 8;
/// More bytes are not hashed.
const LONGEST: usize = 200;

/// Passwords that are tried first by everybody who tries, in small letters without digits at the end.
const COMMON: [&str; 60] = [
    "password",
    "passw0rd",
    "p@ssw0rd",
    "p@ssword",
    "qwerty",
    "qwertyui",
    "qwertyuiop",
    "asdfghjk",
    "asdfghjkl",
    "zxcvbnm",
    "abcdefgh",
    "abcd",
    "iloveyou",
    "letmein",
    "welcome",
    "admin",
    "administrator",
    "adminadmin",
    "login",
    "master",
    "dragon",
    "football",
    "superman",
    "monkey",
    "sunshine",
    "princess",
    "katasandi",
    "sandi",
    "rahasia",
    "bismillah",
    "alhamdulillah",
    "assalamualaikum",
    "sayang",
    "sayangku",
    "cintaku",
    "indonesia",
    "indonesiaku",
    "merdeka",
    "garuda",
    "pancasila",
    "nusantara",
    "jakarta",
    "bandung",
    "surabaya",
    "pegawai",
    "pegawainegeri",
    "asn",
    "asnhebat",
    "asnberakhlak",
    "berakhlak",
    "korpri",
    "pns",
    "pnshebat",
    "pppk",
    "melek",
    "melekdigital",
    "selamatpagi",
    "semangat",
    "anakku",
    "keluarga",
];

/// Why a new password is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordRuleError {
    #[error("a password needs at least {SHORTEST} characters")]
    TooShort,
    #[error("a password has at most {LONGEST} bytes")]
    TooLong,
    #[error("this password is one of those that are tried first")]
    Common,
    #[error("a password must not be the NIP, part of it, or the user name")]
    Personal,
}

impl PasswordRuleError {
    /// The key of its sentence in the files of words.
    pub fn key(self) -> &'static str {
        match self {
            Self::TooShort => "password-too-short",
            Self::TooLong => "password-too-long",
            Self::Common => "password-common",
            Self::Personal => "password-personal",
        }
    }
}

/// Whose password it is to become, as far as it must not be guessed from that.
#[derive(Debug, Clone, Copy, Default)]
pub struct Owner<'a> {
    pub login: Option<&'a str>,
    pub nip: Option<&'a Nip>,
}

/// Checks a new password against the rules that its owner was told.
pub fn check_rules(password: &str, owner: Owner<'_>) -> Result<(), PasswordRuleError> {
    if password.chars().count() < SHORTEST {
        return Err(PasswordRuleError::TooShort);
    }
    if password.len() > LONGEST {
        return Err(PasswordRuleError::TooLong);
    }
    let plain = password.to_lowercase();
    let digits: String = plain.chars().filter(char::is_ascii_digit).collect();
    let is_of_nip =
        |nip: &Nip| digits.len() >= SHORTEST && nip.as_str().contains(&digits) && digits.len() == plain.len();
    let is_login = owner.login.is_some_and(|login| plain == login.to_lowercase());
    if is_login || owner.nip.is_some_and(|nip| is_of_nip(nip) || digits.contains(nip.as_str())) {
        return Err(PasswordRuleError::Personal);
    }
    if is_common(&plain) { Err(PasswordRuleError::Common) } else { Ok(()) }
}

fn is_common(plain: &str) -> bool {
    let words = plain.trim_end_matches(|c: char| !c.is_alphabetic());
    let first = plain.chars().next();
    let one_character = plain.chars().all(|c| Some(c) == first);
    let counting = ["01234567890123456789", "09876543210987654321"].iter().any(|digits| digits.contains(plain));
    one_character || counting || COMMON.contains(&words) || COMMON.contains(&plain)
}

/// Why a password could not be hashed or compared.
#[derive(Debug, thiserror::Error)]
pub enum HashPasswordError {
    #[error("too many people sign in at this moment")]
    Busy,
    #[error("the hash of the password cannot be computed: {0}")]
    Argon2(#[from] argon2::password_hash::Error),
    #[error("the kept hash of the password cannot be read: {0}")]
    Kept(#[from] argon2::password_hash::phc::Error),
    #[error("the thread that hashes passwords ended: {0}")]
    Thread(#[from] tokio::task::JoinError),
}

/// Hashes and compares passwords, a few at a time.
#[derive(Clone)]
pub struct Passwords {
    turns: Arc<Semaphore>,
    argon2: Argon2<'static>,
    /// Compared with when there is no password, so that the answer takes as long.
    decoy: Arc<str>,
}

impl Passwords {
    /// # Panics
    /// Never: the parameters are within the bounds of RFC 9106.
    pub fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let params = Params::new(MEMORY_KIB, PASSES, LANES, None).expect("OWASP's parameters are within bounds");
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let decoy = argon2.hash_password(melek_web::secret::token().as_bytes()).expect("a short text can be hashed");
        Self { turns: Arc::new(Semaphore::new(cores)), argon2, decoy: decoy.to_string().into() }
    }

    /// The text to keep instead of the password.
    pub async fn hash(&self, password: &str) -> Result<String, HashPasswordError> {
        let (argon2, password) = (self.argon2.clone(), password.to_owned());
        self.in_turn(move || Ok(argon2.hash_password(password.as_bytes())?.to_string())).await
    }

    /// Whether the password is the kept one. Without a kept one the same work is done and the answer is no.
    pub async fn matches(&self, password: &str, kept: Option<&str>) -> Result<bool, HashPasswordError> {
        let is_kept = kept.is_some() && password.len() <= LONGEST;
        let (argon2, password) = (self.argon2.clone(), if is_kept { password.to_owned() } else { String::new() });
        let kept = kept.filter(|_| is_kept).unwrap_or(&self.decoy).to_owned();
        let same = self.in_turn(move || {
            let hash = PasswordHash::new(&kept)?;
            Ok(argon2.verify_password(password.as_bytes(), &hash).is_ok())
        });
        Ok(same.await? && is_kept)
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, HashPasswordError> + Send + 'static,
    ) -> Result<T, HashPasswordError> {
        let turn = tokio::time::timeout(QUEUE, Arc::clone(&self.turns).acquire_owned());
        let turn = turn.await.map_err(|_| HashPasswordError::Busy)?.map_err(|_| HashPasswordError::Busy)?;
        tokio::task::spawn_blocking(move || {
            let outcome = work();
            drop(turn);
            outcome
        })
        .await?
    }
}

impl Default for Passwords {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(password: &str) -> Option<PasswordRuleError> {
        let nip = Nip::typed("198609262015051001").unwrap();
        check_rules(password, Owner { login: Some("sari.dewi"), nip: Some(&nip) }).err()
    }

    #[test]
    fn a_password_has_eight_characters_whatever_they_are() {
        assert_eq!(refused("kopi pa"), Some(PasswordRuleError::TooShort));
        assert_eq!(refused("kopi pagi"), None);
        assert_eq!(refused("ééééééé"), Some(PasswordRuleError::TooShort));
        assert_eq!(refused(&"x y".repeat(100)), Some(PasswordRuleError::TooLong));
    }

    #[test]
    fn a_password_is_not_the_nip_a_part_of_it_or_the_user_name() {
        for password in
            ["198609262015051001", "19860926", "19860926 201505 1 001", "Sari.Dewi", "nip198609262015051001"]
        {
            assert_eq!(refused(password), Some(PasswordRuleError::Personal), "{password}");
        }
    }

    #[test]
    fn a_password_is_not_one_of_those_tried_first() {
        for password in ["password", "Password123", "12345678", "87654321", "aaaaaaaa", "bismillah1", "Indonesia2026!"]
        {
            assert_eq!(refused(password), Some(PasswordRuleError::Common), "{password}");
        }
    }

    #[tokio::test]
    async fn a_kept_password_is_recognised_and_nothing_else() {
        let passwords = Passwords::new();
        let kept = passwords.hash("kopi pagi").await.unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(passwords.matches("kopi pagi", Some(&kept)).await.unwrap());
        assert!(!passwords.matches("kopi sore", Some(&kept)).await.unwrap());
        assert!(!passwords.matches("", None).await.unwrap());
    }
}
