//! At a release: the checksums of all migrations go into `tests/released_migrations.txt`.
//!
//! From then on a test fails when one of them changes, because somebody's database was already made by it.

use std::fmt::Write as _;

use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};

use crate::program::output_of;
use crate::workspace::root;

const LIST: &str = "xtask/tests/released_migrations.txt";

/// Adds the migrations that are not in the list yet; one that changed since its release is an error.
pub fn freeze_migrations() -> Result<()> {
    let path = root().join(LIST);
    let mut list = std::fs::read_to_string(&path).with_context(|| format!("{LIST} cannot be read"))?;
    let mut git = std::process::Command::new("git");
    let files = output_of(git.args(["ls-files", "*/migrations/*.sql"]).current_dir(root()))?;
    let mut added = 0;
    for file in files.lines() {
        let line = format!("{} {file}", checksum(&std::fs::read(root().join(file))?));
        if list.lines().any(|known| known == line) {
            continue;
        }
        let is_known = list.lines().any(|known| known.ends_with(&format!(" {file}")));
        ensure!(!is_known, "{file} changed since its release: undo that, and write a new migration");
        writeln!(list, "{line}")?;
        added += 1;
    }
    std::fs::write(&path, list)?;
    println!("{added} migrations added to {LIST}");
    Ok(())
}

fn checksum(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        // Writing into a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
