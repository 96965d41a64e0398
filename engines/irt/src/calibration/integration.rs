//! Over which points of ability each person's likelihood is integrated, and one pass over all people.

use super::coding::Coding;
use super::expectation::{Step, expect, item_counts, log_likelihood};
use super::latent::Latent;
use super::nodes::{Nodes, Tile};
use super::two_tier::TwoTier;
use crate::model::ResponseFunction;

/// How the machine may be used, and who belongs to which group.
#[derive(Clone, Copy)]
pub(crate) struct Setting<'a> {
    /// Each person's group; empty when there is one.
    pub(crate) groups: &'a [u16],
    pub(crate) threads: usize,
    pub(crate) wide: bool,
}

/// What a pass over the people gives.
#[derive(Debug, Clone)]
pub(crate) struct Pass {
    pub(crate) log_likelihood: f64,
    /// Per item: expected people by category and node of the item (categories × tiles).
    pub(crate) counts: Vec<Vec<Tile>>,
    /// Per group: expected people by node of the ability.
    pub(crate) people: Vec<Vec<Tile>>,
}

/// The points, with the answers in the form that suits them.
pub(crate) enum Integration<'a> {
    /// One grid over all dimensions.
    Grid { nodes: Nodes, coding: Coding },
    /// One grid over the general dimensions, and over each specific one beside them.
    TwoTier(TwoTier<'a>),
    /// No integration: one drawn ability a person.
    Draws(Nodes),
}

impl Integration<'_> {
    /// The points of an item's ability.
    pub(crate) fn item_nodes(&self, item: usize) -> &Nodes {
        match self {
            Self::Grid { nodes, .. } | Self::Draws(nodes) => nodes,
            Self::TwoTier(tiers) => tiers.item_nodes(item),
        }
    }

    /// The points of the dimensions whose distribution may be estimated.
    pub(crate) fn ability_nodes(&self) -> &Nodes {
        match self {
            Self::Grid { nodes, .. } | Self::Draws(nodes) => nodes,
            Self::TwoTier(tiers) => tiers.general_nodes(),
        }
    }

    /// A pass at the given parameters, or nothing where the abilities have no distribution.
    pub(crate) fn pass(&self, setting: Setting<'_>, functions: &[ResponseFunction], latent: &[Latent]) -> Option<Pass> {
        let weights = weights(latent, self.ability_nodes())?;
        let pass = match self {
            Self::Grid { nodes, coding } => {
                let expectation = expect(&step(coding, nodes, &weights, setting), functions);
                let categories: Vec<usize> = functions.iter().map(ResponseFunction::categories).collect();
                Pass {
                    log_likelihood: expectation.log_likelihood,
                    counts: item_counts(coding, &expectation.counts, nodes.tiles(), &categories),
                    people: expectation.people,
                }
            }
            Self::TwoTier(tiers) => tiers.pass(setting, functions, &weights),
            Self::Draws(_) => return None,
        };
        pass.log_likelihood.is_finite().then_some(pass)
    }

    /// Log-likelihood of every `stride`-th person with other points of the same range.
    pub(crate) fn log_likelihood_on(
        &self,
        nodes: &Nodes,
        setting: Setting<'_>,
        (functions, latent): (&[ResponseFunction], &[Latent]),
        stride: usize,
    ) -> Option<f64> {
        let Self::Grid { coding, .. } = self else { return None };
        let weights = weights(latent, nodes)?;
        Some(log_likelihood(&step(coding, nodes, &weights, setting), functions, stride))
    }
}

/// Weights of the nodes, one row a group.
pub(crate) fn weights(latent: &[Latent], nodes: &Nodes) -> Option<Vec<Vec<Tile>>> {
    latent.iter().map(|latent| latent.general().weights(nodes)).collect()
}

pub(crate) fn step<'a>(
    coding: &'a Coding,
    nodes: &'a Nodes,
    weights: &'a [Vec<Tile>],
    setting: Setting<'a>,
) -> Step<'a> {
    let Setting { groups, threads, wide } = setting;
    Step { coding, nodes, weights, groups, threads, wide }
}
