//! Fewer iterations: Anderson's mixing of the last steps of a fixed-point iteration.
//!
//! With images g_i of points x_i and residuals f_i = g_i − x_i, the next point is g − Σ γ_i (g_(i+1) − g_i), γ chosen so
//! that Σ γ_i (f_(i+1) − f_i) comes nearest to f (Anderson 1965, *Journal of the ACM* 12, 547–560; Walker & Ni 2011,
//! *SIAM Journal on Numerical Analysis* 49, 1715–1735; for EM Henderson & Varadhan 2019, *Journal of Computational and
//! Graphical Statistics* 28, 834–846). It needs no derivative and no extra evaluation.

use crate::numeric::symmetric::{Symmetric, inner};

/// Steps remembered.
const MEMORY: usize = 6;

/// Relative damping of the least-squares problem: keeps nearly parallel steps from cancelling each other.
const DAMPING: f64 = 1e-9;

/// Past images and residuals, newest last.
#[derive(Debug, Clone, Default)]
pub(crate) struct Acceleration {
    images: Vec<Vec<f64>>,
    residuals: Vec<Vec<f64>>,
}

impl Acceleration {
    /// Forgets the past: after a step that led downhill.
    pub(crate) fn restart(&mut self) {
        self.images.clear();
        self.residuals.clear();
    }

    /// The next point, given a point and its image.
    pub(crate) fn next(&mut self, point: &[f64], image: &[f64]) -> Vec<f64> {
        let residual: Vec<f64> = image.iter().zip(point).map(|(image, point)| image - point).collect();
        self.images.push(image.to_vec());
        self.residuals.push(residual);
        if self.images.len() > MEMORY + 1 {
            self.images.remove(0);
            self.residuals.remove(0);
        }
        let Some(mixture) = self.mixture() else { return image.to_vec() };
        let mut next = image.to_vec();
        for (share, pair) in mixture.iter().zip(self.images.windows(2)) {
            for (value, (later, earlier)) in next.iter_mut().zip(pair[1].iter().zip(&pair[0])) {
                *value -= share * (later - earlier);
            }
        }
        next
    }

    /// γ, or nothing before the second step.
    fn mixture(&self) -> Option<Vec<f64>> {
        let newest = self.residuals.last()?;
        let differences: Vec<Vec<f64>> = self
            .residuals
            .windows(2)
            .map(|pair| pair[1].iter().zip(&pair[0]).map(|(later, earlier)| later - earlier).collect())
            .collect();
        if differences.is_empty() {
            return None;
        }
        let order = differences.len();
        let mut normal = Symmetric::zeros(order);
        for row in 0..order {
            for column in 0..order {
                normal.add(row, column, inner(&differences[row], &differences[column]));
            }
            let diagonal = normal.get(row, row);
            normal.add(row, row, DAMPING * diagonal);
        }
        let mut mixture: Vec<f64> = differences.iter().map(|difference| inner(difference, newest)).collect();
        normal.factor().ok()?.solve(&mut mixture);
        mixture.iter().all(|share| share.is_finite()).then_some(mixture)
    }
}
