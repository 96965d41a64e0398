//! Civil servants, units, posts and what they require, roles, sign-in.

mod digest;
mod job_family;
pub mod nip;
pub mod staff_file;

use melek_web::{Locale, Words};

melek_web::locales!(LOCALES);

/// The texts of this capability.
pub fn words(locale: Locale) -> Words {
    Words::new(&LOCALES, locale)
}
