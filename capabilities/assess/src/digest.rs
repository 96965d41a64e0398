//! Short names for content: two things of one name are the same thing.

use std::fmt::Write;

use sha2::{Digest, Sha256};

/// The first bytes of what was hashed, two hexadecimal digits a byte.
pub(crate) fn short_name(hash: Sha256, bytes: usize) -> String {
    hash.finalize().iter().take(bytes).fold(String::new(), |mut name, byte| {
        let _ = write!(name, "{byte:02x}");
        name
    })
}
