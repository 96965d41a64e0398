//! Sampling covariances of the anchors' parameters, checked before they become standard errors.

/// Rounding allowed, relative to the variances: estimates written with eight digits still pass.
const ROUNDING: f64 = 1e-8;

/// A matrix that is no covariance matrix. Rows count from 0.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum CovarianceError {
    #[error("row {row} has {cells} cells in a matrix of {rows} rows")]
    NotSquare { row: usize, cells: usize, rows: usize },
    #[error("the cell in row {row} and column {column} is {value}")]
    NotFinite { row: usize, column: usize, value: f64 },
    #[error("the cells in row {row} and column {column} differ by {difference:.1e}")]
    NotSymmetric { row: usize, column: usize, difference: f64 },
    #[error("the matrix stops being positive definite at row {row}, by {pivot:.1e} of its variance")]
    Indefinite { row: usize, pivot: f64 },
    #[error("{rows} rows for {parameters} parameters of the anchors")]
    Order { rows: usize, parameters: usize },
}

/// Sampling covariances of parameters. A parameter that was not estimated has a row of zeros.
#[derive(Debug, Clone, PartialEq)]
pub struct ParameterCovariance(Vec<Vec<f64>>);

impl ParameterCovariance {
    /// The covariances, or the cell that makes them impossible.
    ///
    /// # Arguments
    /// `rows`: square, symmetric, positive definite over the parameters that were estimated; rows of zeros for those that
    /// were not. Parameters that are exact functions of others are allowed (semidefinite).
    ///
    /// # Source
    /// Cholesky factorisation with zero pivots, Higham (2002), *Accuracy and Stability of Numerical Algorithms*, sec. 10.3.
    pub fn new(rows: Vec<Vec<f64>>) -> Result<Self, CovarianceError> {
        for (row, cells) in rows.iter().enumerate() {
            if cells.len() != rows.len() {
                return Err(CovarianceError::NotSquare { row, cells: cells.len(), rows: rows.len() });
            }
            if let Some(column) = cells.iter().position(|value| !value.is_finite()) {
                return Err(CovarianceError::NotFinite { row, column, value: cells[column] });
            }
        }
        for row in 0..rows.len() {
            for column in 0..row {
                let difference = (rows[row][column] - rows[column][row]).abs();
                if difference > ROUNDING * (rows[row][row].abs() + rows[column][column].abs()) {
                    return Err(CovarianceError::NotSymmetric { row, column, difference });
                }
            }
        }
        semidefinite(&rows)?;
        Ok(Self(rows))
    }

    /// Number of parameters.
    ///
    /// # Source
    /// Definition.
    pub fn order(&self) -> usize {
        self.0.len()
    }

    /// left · matrix · right, of vectors as long as the matrix.
    pub(super) fn form(&self, left: &[f64], right: &[f64]) -> f64 {
        let product = |row: &Vec<f64>| row.iter().zip(right).map(|(cell, value)| cell * value).sum::<f64>();
        left.iter().zip(&self.0).map(|(value, row)| value * product(row)).sum()
    }
}

/// Eliminates row after row; a pivot of 0 asks that nothing is left in its column.
fn semidefinite(rows: &[Vec<f64>]) -> Result<(), CovarianceError> {
    let mut left = rows.to_vec();
    for row in 0..rows.len() {
        let (variance, pivot) = (rows[row][row], left[row][row]);
        if variance < 0.0 || pivot < -ROUNDING * variance {
            return Err(CovarianceError::Indefinite {
                row,
                pivot: if variance > 0.0 { pivot / variance } else { -1.0 },
            });
        }
        if pivot <= ROUNDING * variance {
            for below in row + 1..rows.len() {
                // √ of the rounding, because |cov(x, y)| ≤ √(var x · var y) and var x is 0 up to rounding.
                if left[below][row].abs() > (2.0 * ROUNDING * variance * rows[below][below].abs()).sqrt() {
                    return Err(CovarianceError::Indefinite { row, pivot: 0.0 });
                }
            }
            continue;
        }
        let eliminated: Vec<f64> = left.iter().map(|cells| cells[row]).collect();
        for (below, cells) in left.iter_mut().enumerate().skip(row + 1) {
            let factor = eliminated[below] / pivot;
            for (cell, value) in cells[..=below].iter_mut().zip(&eliminated).skip(row + 1) {
                *cell -= factor * value;
            }
        }
    }
    Ok(())
}
