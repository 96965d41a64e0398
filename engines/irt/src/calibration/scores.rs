//! Scores of an item: derivatives of the logarithm of each category's probability by the free parameters, at every node.

use super::information::Point;
use super::nodes::{Nodes, TILE, Tile};
use crate::model::Derivatives;

/// The scores of one item.
pub(super) struct ItemScores {
    /// Places in the parameter vector, ascending.
    pub(super) parameters: Vec<usize>,
    /// Per category: parameters × tiles of the item's nodes.
    pub(super) categories: Vec<Vec<Tile>>,
}

impl ItemScores {
    pub(super) fn new(point: &Point<'_>, nodes: &Nodes, item: usize) -> Self {
        let links = point.layout.links(item, point.values);
        let mut parameters: Vec<usize> = links.iter().map(|link| link.parameter).collect();
        parameters.sort_unstable();
        parameters.dedup();
        let (function, tiles) = (&point.functions[item], nodes.tiles());
        let mut categories = vec![vec![[0.0; TILE]; parameters.len() * tiles]; function.categories()];
        let mut at = Derivatives::default();
        for node in 0..nodes.count {
            let theta = nodes.at(node);
            function.derivatives(function.predictor(theta), &mut at);
            for (category, rows) in categories.iter_mut().enumerate() {
                let probability = at.probability[category].max(f64::MIN_POSITIVE);
                for link in &links {
                    let slope = if link.local < theta.len() {
                        at.by_predictor[category] * theta[link.local]
                    } else {
                        at.by_own(category)[link.local - theta.len()]
                    };
                    let row = parameters.partition_point(|known| *known < link.parameter);
                    rows[row * tiles + node / TILE][node % TILE] += link.derivative * slope / probability;
                }
            }
        }
        Self { parameters, categories }
    }
}
