//! Texts of a capability in the visitor's language.
//!
//! Each crate keeps its own texts in `locales/{id,en}/<capability>.ftl` and loads them once with [`locales!`](crate::locales).
//! A key that is missing stops a debug build (so a test fails) and shows as the key itself in a release.
//! Numbers given as numbers are written by [`format`](crate::format) and choose plural forms; dates come in as finished text.

use std::borrow::Cow;
use std::collections::HashMap;

use fluent_templates::fluent_bundle::{FluentResource, FluentValue};
use fluent_templates::{FluentBundle, Loader as _, StaticLoader};

use crate::{Locale, format};

/// What can stand in a placeholder: text, or a number (`5.into()`).
pub type Value<'a> = FluentValue<'a>;

/// The texts of one crate, in one language.
#[derive(Clone, Copy)]
pub struct Words {
    loader: &'static StaticLoader,
    locale: Locale,
}

impl Words {
    pub fn new(loader: &'static StaticLoader, locale: Locale) -> Self {
        Self { loader, locale }
    }

    pub fn locale(&self) -> Locale {
        self.locale
    }

    /// The text of `key`.
    pub fn text(&self, key: &str) -> String {
        self.found(key, self.loader.try_lookup(self.locale.language(), key))
    }

    /// The text of `key` with its placeholders filled: `with("staff-count", &[("count", 5.into())])`.
    pub fn with(&self, key: &str, arguments: &[(&'static str, Value<'_>)]) -> String {
        let arguments: HashMap<Cow<'static, str>, FluentValue<'_>> =
            arguments.iter().map(|(name, value)| (Cow::Borrowed(*name), value.clone())).collect();
        let language = self.locale.language();
        self.found(key, self.loader.try_lookup_with_args(language, key, &arguments))
    }

    fn found(&self, key: &str, text: Option<String>) -> String {
        text.unwrap_or_else(|| {
            tracing::error!(key, locale = %self.locale, "a text is missing");
            debug_assert!(false, "no text {key:?} in {}", self.locale);
            key.to_owned()
        })
    }
}

/// Loads the crate's `locales/` at compile time: `melek_web::locales!(LOCALES);` then `Words::new(&LOCALES, locale)`.
/// The calling crate depends on `fluent-templates`.
#[macro_export]
macro_rules! locales {
    ($name:ident) => {
        fluent_templates::static_loader! {
            pub(crate) static $name = {
                locales: "./locales",
                fallback_language: "id",
                customise: |bundle| $crate::words::customise(bundle),
            };
        }
    };
}

/// No invisible isolation marks around values (they break copying and searching), numbers as the language writes them.
pub fn customise(bundle: &mut FluentBundle<&'static FluentResource>) {
    bundle.set_use_isolating(false);
    let is_english = bundle.locales.first() == Some(Locale::En.language());
    bundle.set_formatter(Some(if is_english {
        |value, _| number(Locale::En, value)
    } else {
        |value, _| number(Locale::Id, value)
    }));
}

fn number(locale: Locale, value: &FluentValue<'_>) -> Option<String> {
    let FluentValue::Number(number) = value else {
        return None;
    };
    let plain = number.as_string();
    let places = plain.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    Some(format::decimal(locale, number.value, places))
}
