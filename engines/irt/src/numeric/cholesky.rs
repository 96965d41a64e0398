//! Cholesky factor, inverse and products of a small symmetric matrix, all of fixed size and in a fixed order of sums.
#![allow(clippy::needless_range_loop, reason = "row and column indices say what the formula says")]

pub(crate) type Matrix<const D: usize> = [[f64; D]; D];

/// A pivot below this fraction of its diagonal element means that a coordinate is a copy of the others to ten digits;
/// the inverse would then carry fewer than six digits (double precision has sixteen).
const SMALLEST_RELATIVE_PIVOT: f64 = 1e-10;

/// The lower factor L with L Lᵀ = `matrix`, or the coordinate at which the matrix stops being positive definite.
/// Reads the lower triangle only.
pub(crate) fn factor<const D: usize>(matrix: &Matrix<D>) -> Result<Matrix<D>, usize> {
    let mut lower = [[0.0; D]; D];
    for row in 0..D {
        for column in 0..=row {
            let mut rest = matrix[row][column];
            for inner in 0..column {
                rest -= lower[row][inner] * lower[column][inner];
            }
            if row > column {
                lower[row][column] = rest / lower[column][column];
            } else if rest > SMALLEST_RELATIVE_PIVOT * matrix[row][row] && rest.is_finite() {
                lower[row][row] = rest.sqrt();
            } else {
                return Err(row);
            }
        }
    }
    Ok(lower)
}

/// The inverse of L Lᵀ, exactly symmetric.
pub(crate) fn inverse<const D: usize>(lower: &Matrix<D>) -> Matrix<D> {
    let mut half = [[0.0; D]; D];
    for column in 0..D {
        for row in column..D {
            let mut rest = if row == column { 1.0 } else { 0.0 };
            for inner in column..row {
                rest -= lower[row][inner] * half[inner][column];
            }
            half[row][column] = rest / lower[row][row];
        }
    }
    let mut inverse = [[0.0; D]; D];
    for row in 0..D {
        for column in 0..=row {
            let mut sum = 0.0;
            for inner in row..D {
                sum += half[inner][row] * half[inner][column];
            }
            inverse[row][column] = sum;
            inverse[column][row] = sum;
        }
    }
    inverse
}

/// `matrix` · `vector`.
pub(crate) fn product<const D: usize>(matrix: &Matrix<D>, vector: &[f64; D]) -> [f64; D] {
    let mut result = [0.0; D];
    for (sum, row) in result.iter_mut().zip(matrix) {
        for (element, factor) in row.iter().zip(vector) {
            *sum += element * factor;
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_inverse_times_the_matrix_is_the_identity() {
        let matrix = [[4.0, 1.0, 0.5], [1.0, 3.0, -0.7], [0.5, -0.7, 2.0]];
        let inverse = inverse(&factor(&matrix).unwrap());
        for column in 0..3 {
            let unit = product(&matrix, &inverse[column]);
            for (row, value) in unit.iter().enumerate() {
                let expected = if row == column { 1.0 } else { 0.0 };
                assert!((value - expected).abs() < 1e-15, "{row} {column} {value}");
            }
        }
    }

    #[test]
    fn an_indefinite_matrix_is_refused_at_the_coordinate_that_breaks_it() {
        assert_eq!(factor(&[[1.0, 2.0], [2.0, 1.0]]), Err(1));
        assert_eq!(factor(&[[f64::NAN]]), Err(0));
    }
}
