//! Observed information of the marginal likelihood, exactly: Louis' identity, which equals that of Oakes.
//!
//! I = −Σ E[∂²ln f_i] − Σ (E[s_i s_iᵀ] − E[s_i] E[s_i]ᵀ), f_i the complete-data density of person i and s_i its score, all
//! expectations over the person's posterior (Louis 1982, *Journal of the Royal Statistical Society* B 44, 226–233; Oakes
//! 1999, ibid. 61, 479–482). The first term is here, the second in `missing_information.rs`.

use super::integration::{Integration, Pass};
use super::layout::Layout;
use super::maximisation::{evaluate, evaluate_latent};
use crate::model::ResponseFunction;
use crate::numeric::symmetric::Symmetric;

/// Step of the central difference of a gradient; relative error about 1e-10.
const DIFFERENCE: f64 = 1e-5;

/// Information about all parameters, and the middle of the sandwich where robust errors are wanted.
pub(crate) struct Information {
    pub(crate) observed: Symmetric,
    pub(crate) crossed: Option<Symmetric>,
}

impl Information {
    /// The sampling covariance of the parameters, or the parameter at which the data stop determining them.
    pub(crate) fn covariance(&self) -> Result<Symmetric, usize> {
        let inverse = self.observed.factor()?.inverse();
        Ok(match &self.crossed {
            Some(crossed) => inverse.around(crossed),
            None => inverse,
        })
    }
}

/// Everything at one point of the parameter space.
pub(crate) struct Point<'a> {
    pub(crate) layout: &'a Layout,
    pub(crate) values: &'a [f64],
    pub(crate) functions: &'a [ResponseFunction],
}

/// Expected complete-data information −E[∂² ln f], priors included, from a gradient differenced at fixed counts.
pub(crate) fn complete(point: &Point<'_>, integration: &Integration<'_>, pass: &Pass) -> Symmetric {
    let mut information = Symmetric::zeros(point.layout.length);
    for block in &point.layout.blocks {
        let values = point.layout.block_values(block, point.values);
        let gradient = |values: &[f64]| evaluate(block, values, integration, &pass.counts).map(|at| at.gradient);
        difference(&mut information, block.start, values, gradient);
    }
    let nodes = integration.ability_nodes();
    for (group, latent) in point.layout.general(point.values).iter().enumerate() {
        let gradient = |values: &[f64]| {
            evaluate_latent(&latent.with_values(values), nodes, &pass.people[group]).map(|at| at.gradient)
        };
        difference(&mut information, point.layout.latent_start(group), &latent.values(), gradient);
    }
    information
}

fn difference(
    information: &mut Symmetric,
    start: usize,
    values: &[f64],
    gradient: impl Fn(&[f64]) -> Option<Vec<f64>>,
) {
    let mut moved = values.to_vec();
    for column in 0..values.len() {
        let step = DIFFERENCE * values[column].abs().max(1.0);
        moved[column] = values[column] + step;
        let above = gradient(&moved);
        moved[column] = values[column] - step;
        let below = gradient(&moved);
        moved[column] = values[column];
        let (Some(above), Some(below)) = (above, below) else { continue };
        for row in 0..values.len() {
            let second = -(above[row] - below[row]) / (2.0 * step);
            information.add(start + row, start + column, 0.5 * second);
            information.add(start + column, start + row, 0.5 * second);
        }
    }
}
