//! What is wrong with a form, in the order of its fields, in the visitor's language.

use crate::Locale;

/// Ordered messages by field id; the form macros print them in the summary and beside each field.
#[derive(Clone, Debug, Default)]
pub struct FieldErrors {
    locale: Locale,
    entries: Vec<FieldError>,
}

/// One message; `field` is the `id` (and name) of the field it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    pub field: String,
    pub message: String,
}

impl FieldErrors {
    pub fn new(locale: Locale) -> Self {
        Self { locale, entries: Vec::new() }
    }

    /// Adds a message in the visitor's language; say what to do, not only what is wrong.
    pub fn add(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.entries.push(FieldError { field: field.into(), message: message.into() });
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub fn all(&self) -> &[FieldError] {
        &self.entries
    }

    /// The first message of the field.
    pub fn of(&self, field: impl AsRef<str>) -> Option<&str> {
        self.entries.iter().find(|entry| entry.field == field.as_ref()).map(|entry| entry.message.as_str())
    }

    /// Heading of the error summary.
    pub fn heading(&self) -> String {
        crate::words(self.locale).text("form-errors-heading")
    }

    /// What a screen reader says before a message: "Kesalahan:".
    pub fn prefix(&self) -> String {
        crate::words(self.locale).text("form-error-prefix")
    }
}
