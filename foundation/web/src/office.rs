//! The state of the whole program, handed to every handler.
//!
//! Holds what all pages share (database, clock, settings, navigation) and, by type, what a capability keeps for itself
//! (its item bank, its committer): wiring puts it in with [`Office::with`], the capability takes it with [`Office::part`].

use std::any::{Any, TypeId, type_name};
use std::collections::HashMap;
use std::sync::Arc;

use melek_db::Db;

use crate::{Clock, Locale, Settings};

/// Cheap to clone; all clones share the same parts.
#[derive(Clone)]
pub struct Office {
    pub db: Db,
    pub clock: Clock,
    pub settings: Arc<Settings>,
    navigation: Arc<[NavEntry]>,
    footer: Arc<[NavEntry]>,
    parts: Arc<HashMap<TypeId, Part>>,
}

type Part = Arc<dyn Any + Send + Sync>;

/// One link of the navigation or the footer, shown to visitors who have the role.
#[derive(Clone, Copy)]
pub struct NavEntry {
    pub path: &'static str,
    pub label: fn(Locale) -> String,
    /// A role's id, [`NavEntry::EVERYONE`] or [`NavEntry::SIGNED_IN`].
    pub role: &'static str,
}

impl NavEntry {
    /// Guests see it too.
    pub const EVERYONE: &'static str = "";
    /// Everybody with a session sees it.
    pub const SIGNED_IN: &'static str = "*";
}

impl Office {
    pub fn new(db: Db, clock: Clock, settings: Settings) -> Self {
        let (navigation, footer) = (Arc::new([]), Arc::new([]));
        Self { db, clock, settings: Arc::new(settings), navigation, footer, parts: Arc::default() }
    }

    /// The navigation of all capabilities, in the order of the page.
    pub fn with_navigation(mut self, entries: Vec<NavEntry>) -> Self {
        self.navigation = entries.into();
        self
    }

    /// Links at the foot of every page.
    pub fn with_footer(mut self, entries: Vec<NavEntry>) -> Self {
        self.footer = entries.into();
        self
    }

    /// Adds what a capability keeps for itself; a second value of the same type replaces the first.
    pub fn with<T: Send + Sync + 'static>(mut self, part: T) -> Self {
        let mut parts = HashMap::clone(&self.parts);
        parts.insert(TypeId::of::<T>(), Arc::new(part));
        self.parts = Arc::new(parts);
        self
    }

    /// What wiring added with [`Office::with`].
    ///
    /// # Panics
    /// When wiring forgot it: the program is put together wrongly.
    pub fn part<T: Send + Sync + 'static>(&self) -> Arc<T> {
        self.parts
            .get(&TypeId::of::<T>())
            .and_then(|part| Arc::clone(part).downcast().ok())
            .unwrap_or_else(|| panic!("wiring adds {} to the office", type_name::<T>()))
    }

    pub(crate) fn navigation(&self) -> &[NavEntry] {
        &self.navigation
    }

    pub(crate) fn footer(&self) -> &[NavEntry] {
        &self.footer
    }
}
