//! The few people of the demonstration who can sign in, one for each role that has pages, and the file that remembers
//! them: a second run shows the same. Passwords are drawn anew for each demonstration, from short words that are easy
//! to type.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use melek_people::{CIVIL_SERVANT, NewUser, Passwords, Role, Scope, create_user};
use melek_web::{Office, secret};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::population::Loaded;
use crate::wiring::SYNTHETIC_MARK;

/// 64 words of small letters, so that three of them are one in 262,144; sign-in slows down who tries.
const WORDS: [&str; 64] = [
    "angin", "awan", "bambu", "batik", "batu", "bintang", "buku", "bulan", "bunga", "burung", "cahaya", "cendana",
    "daun", "desa", "embun", "gading", "gula", "gunung", "hujan", "hutan", "ikan", "jagung", "jahe", "jalan", "jati",
    "kabut", "kacang", "kaca", "kapal", "kayu", "kebun", "kelapa", "kopi", "kuda", "ladang", "lampu", "langit", "laut",
    "madu", "mangga", "melati", "nasi", "ombak", "padi", "pagi", "pantai", "pasir", "payung", "perahu", "pintu",
    "pulau", "rumah", "rusa", "sawah", "senja", "sungai", "tebu", "telaga", "teluk", "tenun", "timun", "ubi", "wajik",
    "warung",
];

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIn {
    pub role: String,
    pub login: String,
    pub password: String,
}

/// The accounts, and the one of the officer, who opened the campaigns.
pub struct Created {
    pub sign_ins: Vec<SignIn>,
    pub officer: Uuid,
}

/// Creates the accounts; `shown` is the position of the civil servant among the people.
pub async fn create_sign_ins(office: &Office, loaded: &Loaded, shown: usize) -> Result<Created> {
    let whole_agency = Scope::whole_agency(loaded.agency);
    let users = [
        (CIVIL_SERVANT, "pegawai", loaded.names[shown].as_str(), Some(loaded.people[shown]), Vec::new()),
        (Role::Officer.id(), "pengelola", "Pengelola Kepegawaian", None, vec![(Role::Officer, Some(whole_agency))]),
        (Role::ItemWriter.id(), "penulis", "Penulis Soal", None, vec![(Role::ItemWriter, None)]),
    ];
    let passwords = Passwords::new();
    let mut created = Created { sign_ins: Vec::with_capacity(users.len()), officer: Uuid::nil() };
    for (role, login, name, person, roles) in users {
        let password = invented_password();
        let user = NewUser { login, name, password: &password, person, roles };
        let account = create_user(&office.db, &office.clock, &passwords, &user).await?;
        if role == Role::Officer.id() {
            created.officer = account;
        }
        created.sign_ins.push(SignIn { role: role.to_owned(), login: login.to_owned(), password });
    }
    Ok(created)
}

/// The account of a civil servant to whom a few items more are offered at this moment.
pub async fn create_sign_in_at_offer(office: &Office, loaded: &Loaded, person: Uuid) -> Result<SignIn> {
    let password = invented_password();
    let place = loaded.people.iter().position(|known| *known == person).unwrap_or_default();
    let (login, name) = (AT_OFFER, loaded.names[place].as_str());
    let user = NewUser { login, name, password: &password, person: Some(person), roles: Vec::new() };
    create_user(&office.db, &office.clock, &Passwords::new(), &user).await?;
    Ok(SignIn { role: CIVIL_SERVANT.to_owned(), login: login.to_owned(), password })
}

/// Login of the civil servant whose test could end.
const AT_OFFER: &str = "pegawai-ditawari";

fn invented_password() -> String {
    let words = secret::bytes::<3>().map(|byte| WORDS[usize::from(byte) % WORDS.len()]);
    words.join("-")
}

/// What the file in the data folder says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// False while the demonstration is being built.
    pub complete: bool,
    pub people: usize,
    pub closes_ms: i64,
    pub sign_ins: Vec<SignIn>,
}

impl Mark {
    /// Of a demonstration that is being built.
    pub fn begun(people: usize) -> Mark {
        Mark { complete: false, people, closes_ms: 0, sign_ins: Vec::new() }
    }

    /// Of a demonstration that was brought back from a backup, in which passwords are not written down.
    pub fn of_copy() -> Mark {
        Mark { complete: true, people: 0, closes_ms: i64::MAX, sign_ins: Vec::new() }
    }

    pub fn read(data: &Path) -> Result<Option<Mark>> {
        let path = data.join(SYNTHETIC_MARK);
        match std::fs::read_to_string(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| format!("{} cannot be read", path.display())),
            Ok(text) => {
                let mark = serde_json::from_str(&text);
                Ok(Some(mark.with_context(|| format!("{} was not written by `melek demo`", path.display()))?))
            }
        }
    }

    /// For the owner of the folder only, because passwords are in it.
    pub fn write(&self, data: &Path) -> Result<()> {
        let path = data.join(SYNTHETIC_MARK);
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let text = serde_json::to_string_pretty(self)?;
        let written = options.open(&path).and_then(|mut file| file.write_all(text.as_bytes()));
        written.with_context(|| format!("{} cannot be written", path.display()))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_password_is_three_of_64_words() {
        assert_eq!(WORDS.iter().collect::<BTreeSet<_>>().len(), 64);
        let password = invented_password();
        assert_eq!(password.split('-').count(), 3);
        assert!(password.len() >= 11 && password.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'));
    }

    #[test]
    fn what_was_written_is_read_again_and_only_by_its_owner() {
        let folder = tempfile::tempdir().expect("folder");
        assert_eq!(Mark::read(folder.path()).expect("none"), None);
        let mark = Mark::begun(60);
        mark.write(folder.path()).expect("written");
        assert_eq!(Mark::read(folder.path()).expect("read"), Some(mark));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(folder.path().join(SYNTHETIC_MARK)).expect("file").permissions().mode();
            assert_eq!(mode & 0o077, 0);
        }
    }
}
