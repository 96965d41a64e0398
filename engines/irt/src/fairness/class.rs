//! The letters by which the size of a difference is reported.

/// Size of a difference. Each statistic names its own limits between the classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Negligible, or not told apart from nothing.
    A,
    /// Moderate: look at the item's text.
    B,
    /// Large: do not use the item before its text was looked at.
    C,
}

impl Class {
    /// A below `moderate`, B below `large`, C from there on.
    pub(crate) fn by_size(size: f64, moderate: f64, large: f64) -> Self {
        if size >= large {
            Self::C
        } else if size >= moderate {
            Self::B
        } else {
            Self::A
        }
    }

    /// The class, or A when the difference may be chance.
    pub(crate) fn if_significant(self, significant: bool) -> Self {
        if significant { self } else { Self::A }
    }
}
