//! The choice between the five linking methods, as a value.

use super::anchors::{Anchors, LinkingError};
use super::curves::Criterion;
use super::link::Link;
use super::{haebara, mean_geometric_mean, mean_mean, mean_sigma, stocking_lord};

/// How anchors put two calibrations on one scale.
#[derive(Debug, Clone, PartialEq)]
pub enum Method {
    MeanMean,
    MeanSigma,
    MeanGeometricMean,
    Haebara(Criterion),
    StockingLord(Criterion),
}

impl Method {
    /// The link by this method.
    ///
    /// # Source
    /// Of each method at its function: [`mean_mean()`], [`mean_sigma()`], [`mean_geometric_mean()`], [`haebara()`],
    /// [`stocking_lord()`].
    pub fn link(&self, anchors: &Anchors) -> Result<Link, LinkingError> {
        match self {
            Self::MeanMean => mean_mean(anchors),
            Self::MeanSigma => mean_sigma(anchors),
            Self::MeanGeometricMean => mean_geometric_mean(anchors),
            Self::Haebara(criterion) => haebara(anchors, criterion),
            Self::StockingLord(criterion) => stocking_lord(anchors, criterion),
        }
    }
}
