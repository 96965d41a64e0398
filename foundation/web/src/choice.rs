//! One option of a list, radio group or checkbox group, as the form macros print it.

/// Value sent, label read, hint below (may be empty).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub hint: String,
}

impl Choice {
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), hint: String::new() }
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// For the macros: is this the chosen value?
    pub fn is(&self, chosen: impl AsRef<str>) -> bool {
        self.value == chosen.as_ref()
    }

    /// For the macros: is this one of the chosen values?
    pub fn is_among<T: AsRef<str>>(&self, chosen: &[T]) -> bool {
        chosen.iter().any(|value| self.is(value))
    }
}
