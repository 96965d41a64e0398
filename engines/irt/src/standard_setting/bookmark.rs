//! Cut scores by bookmark: raters leaf through the items from easy to hard and mark where a level begins.

use super::location::location;
use super::panel::{Panel, PanelError};
use crate::model::ResponseFunction;

/// A booklet that cannot be made, or a bookmark that lies nowhere. Items, raters and pages count from 0.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum BookmarkError {
    #[error("a booklet needs at least one item")]
    NoItems,
    #[error("no ability reaches category {category} of item {item} with probability {probability}")]
    NoLocation { item: usize, category: usize, probability: f64 },
    #[error("rater {rater} set no bookmark")]
    NoBookmark { rater: usize },
    #[error("rater {rater} marked page {page} of a booklet of {pages}")]
    Page { rater: usize, page: usize, pages: usize },
    #[error(transparent)]
    Panel(#[from] PanelError),
}

/// One page: an item's score, with where it lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Page {
    pub item: usize,
    /// The score to be reached, from 1.
    pub category: usize,
    /// In logits.
    pub location: f64,
}

/// An ordered item booklet: every score of every item, from easy to hard.
#[derive(Debug, Clone, PartialEq)]
pub struct Booklet(Vec<Page>);

impl Booklet {
    /// The booklet of some items at a response probability.
    ///
    /// # Formula
    /// One page for each item and category k ≥ 1 at θ with P(X ≥ k | θ) = p, ascending; equal places by item.
    ///
    /// # Arguments
    /// `functions`: one dimension, slopes above 0, lower asymptotes below `probability`; typically .67 or .50.
    ///
    /// # Source
    /// Mitzel, Lewis, Patz & Green (2001), in Cizek, *Setting Performance Standards*, ch. 9; locations at
    /// [`location()`].
    ///
    /// # Accuracy
    /// Agrees with scipy to 1e-11 on `tests/reference/standard_setting_pages.csv`.
    ///
    /// # Limits
    /// The order, and with it the cut, depends on the response probability where slopes differ. An item without a place
    /// is an error that names it.
    pub fn new(functions: &[ResponseFunction], probability: f64) -> Result<Self, BookmarkError> {
        let mut pages = Vec::new();
        for (item, function) in functions.iter().enumerate() {
            for category in 1..function.categories() {
                let place = location(function, category, probability);
                let location = place.ok_or(BookmarkError::NoLocation { item, category, probability })?;
                pages.push(Page { item, category, location });
            }
        }
        if pages.is_empty() {
            return Err(BookmarkError::NoItems);
        }
        pages.sort_by(|one, other| one.location.total_cmp(&other.location));
        Ok(Self(pages))
    }

    /// The pages in their order.
    pub fn pages(&self) -> &[Page] {
        &self.0
    }

    /// The panel's cut score in logits: mean and median over the raters' bookmarks, with standard errors.
    ///
    /// # Formula
    /// A rater's cut is the location of the page that bears the bookmark; the panel's as at [`Panel::of`].
    ///
    /// # Arguments
    /// `bookmarks`: a page a rater, from 0; at least 2 raters. `None` is a rater who set none. Where raters mark the
    /// first page not mastered, and the last mastered one is meant, subtract one beforehand.
    ///
    /// # Source
    /// Mitzel, Lewis, Patz & Green (2001), in Cizek, *Setting Performance Standards*, ch. 9.
    ///
    /// # Accuracy
    /// Agrees with numpy to 1e-12 on `tests/reference/standard_setting_bookmark.csv`.
    ///
    /// # Limits
    /// Gaps between pages are steps of the cut: none falls inside. A page that is not there is an error.
    ///
    /// ```
    /// use melek_irt::model::ResponseFunction;
    /// use melek_irt::standard_setting::Booklet;
    /// let items = [0.5, -0.5, 0.0].map(|intercept| ResponseFunction::two_parameter(1.0, intercept));
    /// let items = items.into_iter().collect::<Result<Vec<_>, _>>()?;
    /// let booklet = Booklet::new(&items, 0.5)?;
    /// assert_eq!(booklet.pages().iter().map(|page| page.item).collect::<Vec<_>>(), [0, 2, 1]);
    /// let panel = booklet.cut(&[Some(1), Some(2), Some(1)])?;
    /// assert!((panel.mean - 0.5 / 3.0).abs() < 1e-12 && panel.median == 0.0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn cut(&self, bookmarks: &[Option<usize>]) -> Result<Panel, BookmarkError> {
        let pages = self.0.len();
        let cut = |(rater, bookmark): (usize, &Option<usize>)| {
            let page = bookmark.ok_or(BookmarkError::NoBookmark { rater })?;
            self.0.get(page).map(|page| page.location).ok_or(BookmarkError::Page { rater, page, pages })
        };
        let cuts = bookmarks.iter().enumerate().map(cut).collect::<Result<Vec<f64>, BookmarkError>>()?;
        Ok(Panel::of(&cuts)?)
    }
}
