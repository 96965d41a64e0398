//! Symmetric matrices of any order: Cholesky factor, solution, inverse. Sums run in a fixed order; rows are contiguous,
//! so that the inner products are fast without a library that would order them by machine.

use pulp::{Arch, Simd, WithSimd};

/// A pivot below this fraction of its diagonal element means that a row is a copy of the others to thirteen digits.
const SMALLEST_RELATIVE_PIVOT: f64 = 1e-13;

/// Independent sums of an inner product: enough to keep every adder of the machine busy.
const LANES: usize = 8;

/// Rows of a factor that are worked on side by side: with 5,000 columns they still fit into a second-level cache.
const ROWS_AT_A_TIME: usize = 16;

/// A symmetric matrix; both triangles are stored.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Symmetric {
    order: usize,
    cells: Vec<f64>,
}

impl Symmetric {
    pub(crate) fn zeros(order: usize) -> Self {
        Self { order, cells: vec![0.0; order * order] }
    }

    pub(crate) fn order(&self) -> usize {
        self.order
    }

    pub(crate) fn get(&self, row: usize, column: usize) -> f64 {
        self.cells[row * self.order + column]
    }

    pub(crate) fn row(&self, row: usize) -> &[f64] {
        &self.cells[row * self.order..(row + 1) * self.order]
    }

    /// Adds to one cell only: the caller fills one triangle and calls [`Symmetric::mirror`], or fills both.
    pub(crate) fn add(&mut self, row: usize, column: usize, value: f64) {
        self.cells[row * self.order + column] += value;
    }

    pub(crate) fn row_mut(&mut self, row: usize) -> &mut [f64] {
        &mut self.cells[row * self.order..(row + 1) * self.order]
    }

    /// Copies the lower triangle over the upper one.
    pub(crate) fn mirror(&mut self) {
        for row in 0..self.order {
            for column in 0..row {
                self.cells[column * self.order + row] = self.cells[row * self.order + column];
            }
        }
    }

    /// self · middle · self.
    pub(crate) fn around(&self, middle: &Self) -> Self {
        let order = self.order;
        let mut result = Self::zeros(order);
        for row in 0..order {
            let half: Vec<f64> = (0..order).map(|column| inner(self.row(row), middle.row(column))).collect();
            for column in 0..=row {
                result.add(row, column, inner(&half, self.row(column)));
            }
        }
        result.mirror();
        result
    }

    /// The Cholesky factor, or the row at which the matrix stops being positive definite. Reads the lower triangle. Rows are
    /// worked on several at a time, so that an earlier row is fetched once for all of them.
    pub(crate) fn factor(&self) -> Result<Factor, usize> {
        let order = self.order;
        let mut lower = vec![0.0; order * order];
        for first in (0..order).step_by(ROWS_AT_A_TIME) {
            let rows = first..order.min(first + ROWS_AT_A_TIME);
            let (above, own) = lower.split_at_mut(first * order);
            for column in 0..first {
                let other = &above[column * order..column * order + column + 1];
                for (row, own) in rows.clone().zip(own.chunks_exact_mut(order)) {
                    own[column] = substituted(self.get(row, column), own, other);
                }
            }
            for row in rows {
                self.factor_row(row, first, &mut lower)?;
            }
        }
        Ok(Factor { order, lower })
    }

    /// Finishes a row of the factor from a column on.
    fn factor_row(&self, row: usize, first: usize, lower: &mut [f64]) -> Result<(), usize> {
        let order = self.order;
        let (above, own) = lower.split_at_mut(row * order);
        for column in first..row {
            let other = &above[column * order..column * order + column + 1];
            own[column] = substituted(self.get(row, column), own, other);
        }
        let diagonal = self.get(row, row);
        let rest = diagonal - inner(&own[..row], &own[..row]);
        if rest > SMALLEST_RELATIVE_PIVOT * diagonal && rest.is_finite() {
            own[row] = rest.sqrt();
            Ok(())
        } else {
            Err(row)
        }
    }
}

/// The lower factor L of a positive definite matrix L Lᵀ.
#[derive(Debug, Clone)]
pub(crate) struct Factor {
    order: usize,
    lower: Vec<f64>,
}

impl Factor {
    fn row(&self, row: usize) -> &[f64] {
        &self.lower[row * self.order..row * self.order + row + 1]
    }

    pub(crate) fn diagonal(&self, row: usize) -> f64 {
        self.row(row)[row]
    }

    /// L x.
    pub(crate) fn times(&self, x: &[f64]) -> Vec<f64> {
        (0..self.order).map(|row| inner(self.row(row), &x[..=row])).collect()
    }

    /// x with L x = right, in place.
    pub(crate) fn solve_lower(&self, right: &mut [f64]) {
        for row in 0..self.order {
            right[row] = substituted(right[row], right, self.row(row));
        }
    }

    /// The same for many right sides: a row of L is fetched once for all of them.
    pub(crate) fn solve_lower_all(&self, rights: &mut [Vec<f64>]) {
        for row in 0..self.order {
            let own = self.row(row);
            for right in &mut *rights {
                right[row] = substituted(right[row], right, own);
            }
        }
    }

    /// x with L Lᵀ x = right, in place.
    pub(crate) fn solve(&self, right: &mut [f64]) {
        self.solve_lower(right);
        for row in (0..self.order).rev() {
            let own = self.row(row);
            right[row] /= own[row];
            let value = right[row];
            for (earlier, factor) in right[..row].iter_mut().zip(own) {
                *earlier -= factor * value;
            }
        }
    }

    /// (L Lᵀ)⁻¹.
    pub(crate) fn inverse(&self) -> Symmetric {
        let order = self.order;
        // Rows of the transposed inverse of L, so that the products below run along rows.
        let mut half = vec![0.0; order * order];
        for column in 0..order {
            let own = &mut half[column * order..(column + 1) * order];
            own[column] = 1.0 / self.row(column)[column];
            for row in column + 1..order {
                let factors = self.row(row);
                own[row] = -inner(&factors[column..row], &own[column..row]) / factors[row];
            }
        }
        let mut inverse = Symmetric::zeros(order);
        for row in 0..order {
            for column in 0..=row {
                let product = inner(
                    &half[row * order + row..(row + 1) * order],
                    &half[column * order + row..(column + 1) * order],
                );
                inverse.add(row, column, product);
            }
        }
        inverse.mirror();
        inverse
    }
}

/// The next element of forward substitution: `known` holds those before it, `row` ends with the diagonal element.
fn substituted(value: f64, known: &[f64], row: &[f64]) -> f64 {
    let before = row.len() - 1;
    (value - inner(&known[..before], &row[..before])) / row[before]
}

/// Σ left · right, in a fixed order of eight interleaved sums; the same to the last bit at every width of arithmetic.
pub(crate) fn inner(left: &[f64], right: &[f64]) -> f64 {
    if left.len() < LONG { lanes_of(left, right) } else { Arch::new().dispatch(Inner { left, right }) }
}

/// Products from this length on gain more from wide arithmetic than asking for it costs.
const LONG: usize = 64;

struct Inner<'a> {
    left: &'a [f64],
    right: &'a [f64],
}

impl WithSimd for Inner<'_> {
    type Output = f64;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> f64 {
        lanes_of(self.left, self.right)
    }
}

#[inline(always)]
fn lanes_of(left: &[f64], right: &[f64]) -> f64 {
    let (left_chunks, left_rest) = left.as_chunks::<LANES>();
    let (right_chunks, right_rest) = right.as_chunks::<LANES>();
    let mut sums = [0.0; LANES];
    for (a, b) in left_chunks.iter().zip(right_chunks) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let rest: f64 = left_rest.iter().zip(right_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f64>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example(order: usize) -> Symmetric {
        let mut matrix = Symmetric::zeros(order);
        for row in 0..order {
            for column in 0..order {
                let distance = row.abs_diff(column) as f64;
                matrix.add(row, column, libm::exp(-0.3 * distance) + if row == column { 0.5 } else { 0.0 });
            }
        }
        matrix
    }

    #[test]
    fn the_inverse_times_the_matrix_is_the_identity() {
        let matrix = example(37);
        let inverse = matrix.factor().unwrap().inverse();
        for row in 0..37 {
            for column in 0..37 {
                let expected = if row == column { 1.0 } else { 0.0 };
                assert!((inner(matrix.row(row), inverse.row(column)) - expected).abs() < 1e-13);
            }
        }
    }

    #[test]
    fn a_solution_times_the_matrix_is_the_right_side() {
        let matrix = example(20);
        let right: Vec<f64> = (0..20).map(|n| f64::from(n) - 7.5).collect();
        let mut solution = right.clone();
        matrix.factor().unwrap().solve(&mut solution);
        for (row, expected) in right.iter().enumerate() {
            assert!((inner(matrix.row(row), &solution) - expected).abs() < 1e-12);
        }
    }

    #[test]
    fn many_right_sides_at_once_are_those_one_by_one() {
        let factor = example(37).factor().unwrap();
        let right = |side: usize| (0..37).map(|n| ((n * 7 + side * 3) % 11) as f64 - 5.0).collect::<Vec<f64>>();
        let mut all: Vec<Vec<f64>> = (0..3).map(right).collect();
        factor.solve_lower_all(&mut all);
        for (side, solved) in all.iter().enumerate() {
            let mut one = right(side);
            factor.solve_lower(&mut one);
            assert_eq!(&one, solved);
        }
    }

    #[test]
    fn an_indefinite_matrix_is_refused_at_the_row_that_breaks_it() {
        let mut matrix = Symmetric::zeros(2);
        for (row, column, value) in [(0, 0, 1.0), (1, 0, 2.0), (0, 1, 2.0), (1, 1, 1.0)] {
            matrix.add(row, column, value);
        }
        assert_eq!(matrix.factor().err(), Some(1));
    }
}
