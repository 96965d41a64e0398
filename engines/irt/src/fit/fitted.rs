//! A calibrated test beside the answers it is judged by: what every statistic of fit reads.
//!
//! Checks once that answers, specification and calibration belong together, and keeps what several statistics share:
//! nodes of ability with their weights, probabilities of every category at them, and expected abilities. It judges
//! nothing itself.

use core::cell::OnceCell;

use super::expected_ability::{Ability, expected_abilities};
use crate::calibration::{Calibration, Grid, Nodes, Specification};
use crate::model::ResponseFunction;
use crate::responses::Responses;

/// Points of ability over which moments are summed at most: three dimensions of 15 each.
const MOST_NODES: usize = 4000;

/// Why a statistic of fit cannot be had. Items and groups count from 0 here and from 1 in the sentences.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FitError {
    #[error("{calibrated} items are calibrated and {specified} specified, the answers have {items}")]
    ItemCount { calibrated: usize, specified: usize, items: usize },
    #[error("item {} has {answered} categories in the answers, but only {calibrated} are calibrated", .item + 1)]
    Categories { item: usize, answered: usize, calibrated: usize },
    #[error(
        "item {} has {answered} of its {calibrated} calibrated categories in the answers, and its scores do not count \
         from 0: which of them are missing cannot be known", .item + 1
    )]
    Unaligned { item: usize, answered: usize, calibrated: usize },
    #[error("{groups} entries of groups for {persons} people")]
    GroupCount { groups: usize, persons: usize },
    #[error("a person is in group {}, but only {described} are calibrated", .group + 1)]
    UnknownGroup { group: usize, described: usize },
    #[error("the spread of ability in group {} is no covariance matrix", .group + 1)]
    Spread { group: usize },
    #[error("nobody in group {} answered anything", .group + 1)]
    NoAnswers { group: usize },
    #[error(
        "{moments} moments cannot judge a model that uses up {used} of them; ask for more moments or fewer parameters"
    )]
    TooFewMoments { moments: usize, used: usize },
    #[error("the model makes moment {} of group {} certain or a sum of those before it", .moment + 1, .group + 1)]
    Singular { moment: usize, group: usize },
    #[error("this statistic is defined for one dimension, the test has {dimensions}")]
    Dimensions { dimensions: usize },
    #[error("an integral over {dimensions} dimensions takes too many points; at most three dimensions are judged")]
    ManyDimensions { dimensions: usize },
    #[error("{found} people answered every item, at least {needed} are needed")]
    CompleteRows { found: usize, needed: usize },
    #[error("{found} people answered something, at least {needed} are needed")]
    Persons { found: usize, needed: usize },
}

/// Answers, specification and calibration that belong together.
///
/// ```
/// use std::ops::ControlFlow;
/// use melek_irt::calibration::{Model, Options, Specification, calibrate};
/// use melek_irt::fit::Fitted;
/// use melek_irt::responses::Responses;
/// let rows = [[1, 1, 0], [1, 0, 0], [0, 1, 1], [0, 0, 0], [1, 1, 1], [1, 0, 1], [0, 1, 0], [1, 1, 0]];
/// let responses = Responses::from_rows(3, rows.map(|row| row.map(Some)))?;
/// let specification = Specification::uniform(Model::Rasch, 3);
/// let calibration =
///     calibrate(&responses, &specification, &Options::default(), &mut |_| ControlFlow::Continue(()))?;
/// assert!(Fitted::new(&responses, &specification, &calibration).is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Fitted<'a> {
    pub(super) responses: &'a Responses,
    pub(super) specification: &'a Specification,
    pub(super) calibration: &'a Calibration,
    pub(super) functions: Vec<ResponseFunction>,
    grid: Grid,
    pub(super) nodes: Nodes,
    /// Groups × nodes; each row sums to 1.
    pub(super) weights: Vec<Vec<f64>>,
    abilities: OnceCell<Vec<Option<Ability>>>,
}

impl<'a> Fitted<'a> {
    /// What the statistics of fit read, or why the three do not belong together.
    ///
    /// # Arguments
    /// `responses` and `specification` as they were calibrated, or other people's answers to the same items in the
    /// groups the specification names; of an item whose scores do not count from 0 every category must occur.
    /// `calibration` of that specification.
    ///
    /// # Source
    /// Definition.
    pub fn new(
        responses: &'a Responses,
        specification: &'a Specification,
        calibration: &'a Calibration,
    ) -> Result<Self, FitError> {
        let (calibrated, specified, items) = (calibration.items.len(), specification.items.len(), responses.items());
        if calibrated != items || specified != items {
            return Err(FitError::ItemCount { calibrated, specified, items });
        }
        let functions = calibration.functions();
        for (item, function) in functions.iter().enumerate() {
            let (answered, calibrated) = (responses.categories(item), function.categories());
            if answered > calibrated {
                return Err(FitError::Categories { item, answered, calibrated });
            }
            let count_from_0 =
                responses.scores(item).iter().enumerate().all(|(place, score)| place == usize::from(*score));
            if answered < calibrated && !count_from_0 {
                return Err(FitError::Unaligned { item, answered, calibrated });
            }
        }
        let (groups, persons, described) = (&specification.groups, responses.persons(), calibration.groups.len());
        if !groups.is_empty() && groups.len() != persons {
            return Err(FitError::GroupCount { groups: groups.len(), persons });
        }
        let last = groups.iter().max().map_or(0, |group| usize::from(*group));
        if last >= described {
            return Err(FitError::UnknownGroup { group: last, described });
        }
        let grid = grid(calibration, specification)?;
        let nodes = Nodes::new(&grid, specification.dimensions());
        let weights = weights(calibration, &nodes)?;
        Ok(Self { responses, specification, calibration, functions, grid, nodes, weights, abilities: OnceCell::new() })
    }

    /// Expected ability of every person, by the grid of scores.
    pub(super) fn abilities(&self) -> Result<&[Option<Ability>], FitError> {
        if self.abilities.get().is_none() {
            let grid = self.scoring_grid();
            let nodes = Nodes::new(&grid, self.nodes.dimensions);
            let found = expected_abilities(self, &nodes, &weights(self.calibration, &nodes)?);
            return Ok(self.abilities.get_or_init(|| found));
        }
        Ok(self.abilities.get().map_or(&[], Vec::as_slice))
    }

    /// 121 points on −6 … 6 in one dimension: finer than a calibration needs, because one person's posterior is
    /// narrower than the error that averages out over many.
    fn scoring_grid(&self) -> Grid {
        if self.nodes.dimensions == 1 {
            Grid { points: 121, lowest: -6.0, highest: 6.0 }
        } else {
            // As the moments: one posterior in several dimensions is wide.
            self.grid
        }
    }

    pub(super) fn groups(&self) -> usize {
        self.weights.len()
    }

    pub(super) fn group(&self, person: usize) -> usize {
        self.specification.groups.get(person).map_or(0, |group| usize::from(*group))
    }

    /// Probabilities of an item's categories at the nodes: categories × nodes.
    pub(super) fn probabilities(&self, item: usize) -> Vec<Vec<f64>> {
        probabilities(&self.functions[item], &self.nodes)
    }

    /// Number of dimensions when it is one.
    pub(super) fn one_dimension(&self) -> Result<(), FitError> {
        match self.nodes.dimensions {
            1 => Ok(()),
            dimensions => Err(FitError::Dimensions { dimensions }),
        }
    }
}

/// The grid of the calibration, or the standard one where that has too many points in so many dimensions.
fn grid(calibration: &Calibration, specification: &Specification) -> Result<Grid, FitError> {
    let dimensions = specification.dimensions();
    let few = |grid: &Grid| {
        let nodes = u32::try_from(dimensions).ok().and_then(|power| grid.points.checked_pow(power));
        nodes.is_some_and(|nodes| nodes <= MOST_NODES)
    };
    let grids = [calibration.grid, Grid::standard(dimensions)];
    grids.into_iter().find(few).ok_or(FitError::ManyDimensions { dimensions })
}

/// Categories × nodes.
pub(super) fn probabilities(function: &ResponseFunction, nodes: &Nodes) -> Vec<Vec<f64>> {
    let mut rows = vec![vec![0.0; nodes.count]; function.categories()];
    let mut at = vec![0.0; function.categories()];
    for node in 0..nodes.count {
        function.fill_probabilities(function.predictor(nodes.at(node)), &mut at);
        rows.iter_mut().zip(&at).for_each(|(row, probability)| row[node] = *probability);
    }
    rows
}

/// Groups × nodes.
fn weights(calibration: &Calibration, nodes: &Nodes) -> Result<Vec<Vec<f64>>, FitError> {
    let own = |(group, estimate): (usize, &crate::calibration::LatentEstimate)| {
        let tiles = estimate.latent.weights(nodes).ok_or(FitError::Spread { group })?;
        Ok(tiles.as_flattened()[..nodes.count].to_vec())
    };
    calibration.groups.iter().enumerate().map(own).collect()
}
