//! The two languages of the interface, Indonesian first.

use std::fmt;
use std::str::FromStr;

use fluent_templates::LanguageIdentifier;
use serde::{Deserialize, Serialize};
use unic_langid::langid;

static INDONESIAN: LanguageIdentifier = langid!("id");
static ENGLISH: LanguageIdentifier = langid!("en");

/// A language in which every page exists. Written as `id` and `en` everywhere (cookie, database, JSON, `lang` attribute).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    #[default]
    Id,
    En,
}

impl Locale {
    pub const ALL: [Self; 2] = [Self::Id, Self::En];

    /// `id` or `en`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::En => "en",
        }
    }

    /// The language's name in itself, as the switch shows it.
    pub fn own_name(self) -> &'static str {
        match self {
            Self::Id => "Bahasa Indonesia",
            Self::En => "English",
        }
    }

    pub(crate) fn language(self) -> &'static LanguageIdentifier {
        match self {
            Self::Id => &INDONESIAN,
            Self::En => &ENGLISH,
        }
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

/// The text names no language of the interface.
#[derive(Debug, thiserror::Error)]
#[error("the language must be \"id\" or \"en\"")]
pub struct UnknownLocale;

impl FromStr for Locale {
    type Err = UnknownLocale;

    fn from_str(tag: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|locale| locale.tag() == tag).ok_or(UnknownLocale)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indonesian_is_the_default_and_tags_read_back() {
        assert_eq!(Locale::default(), Locale::Id);
        for locale in Locale::ALL {
            assert_eq!(locale.tag().parse::<Locale>().unwrap(), locale);
        }
        assert!("fr".parse::<Locale>().is_err());
    }
}
