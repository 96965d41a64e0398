//! The points of ability over which the likelihood is integrated: an even grid in every dimension.
//!
//! On an even grid the rectangle rule converges faster than any power of the step for a smooth density that has died
//! away at the ends (Trefethen & Weideman 2014, *SIAM Review* 56, 385–458): with a step of 1.2 posterior standard
//! deviations the error is e^(−2π²/1.44) ≈ 1e-6.

/// Points a node block holds: eight registers of four numbers, or four of eight.
pub(crate) const TILE: usize = 32;

/// One row of node values is a whole number of tiles.
pub(crate) type Tile = [f64; TILE];

/// The grid in each dimension.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Grid {
    /// Points a dimension, at least 2.
    pub points: usize,
    pub lowest: f64,
    pub highest: f64,
}

impl Grid {
    /// 61 points on −6 … 6 in one dimension, 25 in two, 15 in three.
    ///
    /// # Source
    /// Step of 0.2 logits: below 0.7 posterior standard deviations of a test of 100 items; see the head of `nodes.rs`.
    pub fn standard(dimensions: usize) -> Self {
        let points = match dimensions {
            1 => 61,
            2 => 25,
            _ => 15,
        };
        Self { points, lowest: -6.0, highest: 6.0 }
    }

    /// The same range with half the step.
    pub(crate) fn halved(&self) -> Self {
        Self { points: 2 * self.points - 1, ..*self }
    }

    pub(crate) fn point(&self, index: usize) -> f64 {
        self.lowest + (self.highest - self.lowest) * index as f64 / (self.points - 1) as f64
    }
}

/// All points of a grid, padded with points of no weight to whole tiles.
#[derive(Debug, Clone)]
pub(crate) struct Nodes {
    pub(crate) dimensions: usize,
    pub(crate) count: usize,
    points: Vec<f64>,
}

impl Nodes {
    pub(crate) fn new(grid: &Grid, dimensions: usize) -> Self {
        let count = grid.points.pow(dimensions as u32);
        let mut points = Vec::with_capacity(count * dimensions);
        for node in 0..count {
            let mut rest = node;
            for _ in 0..dimensions {
                points.push(grid.point(rest % grid.points));
                rest /= grid.points;
            }
        }
        Self { dimensions, count, points }
    }

    /// Points as given, one after the other.
    pub(crate) fn given(dimensions: usize, points: Vec<f64>) -> Self {
        Self { dimensions, count: points.len() / dimensions.max(1), points }
    }

    /// The nodes of a grid over the first dimensions, padded to whole tiles, once for each point of one more dimension
    /// or just once; all other dimensions stand at 0.
    pub(crate) fn beside(first: &Nodes, dimensions: usize, more: Option<(usize, &Grid)>) -> Self {
        let padded = first.tiles() * TILE;
        let repeats = more.map_or(1, |(_, grid)| grid.points);
        let mut points = vec![0.0; repeats * padded * dimensions];
        for (node, point) in points.chunks_exact_mut(dimensions).enumerate() {
            if node % padded < first.count {
                point[..first.dimensions].copy_from_slice(first.at(node % padded));
            }
            if let Some((dimension, grid)) = more {
                point[dimension] = grid.point(node / padded);
            }
        }
        Self { dimensions, count: repeats * padded, points }
    }

    /// Tiles a row of node values takes.
    pub(crate) fn tiles(&self) -> usize {
        self.count.div_ceil(TILE)
    }

    /// Abilities of a node, one a dimension.
    pub(crate) fn at(&self, node: usize) -> &[f64] {
        &self.points[node * self.dimensions..(node + 1) * self.dimensions]
    }
}
