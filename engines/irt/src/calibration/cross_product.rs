//! Rows of numbers, and the sum of each row's product with itself: Σ r rᵀ.
//!
//! Rows are collected, and multiplied when there are enough that a part of the sum, once in registers, is added to many
//! times. Rows are in single precision, twice as fast and good for seven digits; sums over more than a panel are in double.
//! The order of additions is that of the rows.

use super::nodes::{TILE, Tile};

/// Rows that are multiplied at a time: two columns of tiles of them stay in the nearest cache.
const PANEL: usize = 96;

/// A tile in single precision.
pub(super) type Single = [f32; TILE];

/// Rows of one width that wait to be multiplied.
pub(super) struct Panel {
    width: usize,
    tiles: usize,
    rows: usize,
    /// Tiles of a row × rows.
    values: Vec<Single>,
}

impl Panel {
    pub(super) fn new(width: usize) -> Self {
        let tiles = width.div_ceil(TILE);
        Self { width, tiles, rows: 0, values: vec![[0.0; TILE]; tiles * PANEL] }
    }

    /// Makes it ready for rows of another width; none may be waiting.
    pub(super) fn begin(&mut self, width: usize) {
        (self.width, self.tiles) = (width, width.div_ceil(TILE));
        self.values.resize(self.values.len().max(self.tiles * PANEL), [0.0; TILE]);
    }

    /// One row more; adds to `sum` what has been waiting where there is no more room.
    #[inline(always)]
    pub(super) fn push(&mut self, sum: &mut [Tile], row: &[Single]) {
        if self.rows == PANEL {
            self.flush(sum);
        }
        for (tile, values) in row.iter().enumerate() {
            self.values[tile * PANEL + self.rows] = *values;
        }
        self.rows += 1;
    }

    /// Adds the products of the rows to `sum`, width × tiles, in the tiles on and below the diagonal. Four rows of the sum
    /// at a time keep enough additions in flight to hide their delay; a block has a multiple of four, the last ones 0.
    #[inline(always)]
    pub(super) fn flush(&mut self, sum: &mut [Tile]) {
        for block in 0..self.tiles {
            let (first, last) = (block * TILE, self.width.min((block + 1) * TILE));
            let factors = &self.values[block * PANEL..block * PANEL + self.rows];
            for tile in 0..=block {
                let values = &self.values[tile * PANEL..tile * PANEL + self.rows];
                for row in (first..last).step_by(4) {
                    let place = row % TILE;
                    let (mut one, mut two, mut three, mut four) = ([0.0; TILE], [0.0; TILE], [0.0; TILE], [0.0; TILE]);
                    for (values, factors) in values.iter().zip(factors) {
                        let factors = &factors[place..place + 4];
                        for lane in 0..TILE {
                            one[lane] += factors[0] * values[lane];
                            two[lane] += factors[1] * values[lane];
                            three[lane] += factors[2] * values[lane];
                            four[lane] += factors[3] * values[lane];
                        }
                    }
                    add(sum, row * self.tiles + tile, &one);
                    add(sum, (row + 1) * self.tiles + tile, &two);
                    add(sum, (row + 2) * self.tiles + tile, &three);
                    add(sum, (row + 3) * self.tiles + tile, &four);
                }
            }
        }
        self.rows = 0;
    }
}

/// Adds to a cell of the sum; rows beyond its width have none.
#[inline(always)]
fn add(sum: &mut [Tile], cell: usize, more: &Single) {
    if let Some(sum) = sum.get_mut(cell) {
        for lane in 0..TILE {
            sum[lane] += f64::from(more[lane]);
        }
    }
}
