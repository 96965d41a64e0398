//! A calibration of several groups in which some items are estimated for each group apart.
//!
//! Such an item takes one column of answers a group: everybody's answer goes to the column of one's own group. So the
//! calibration itself knows nothing of items that differ.

use core::ops::ControlFlow;

use super::design::{Design, InvarianceError};
use crate::calibration::{Calibration, Latent, Options, Specification, calibrate};
use crate::model::ResponseFunction;
use crate::responses::ResponsesBuilder;

/// A multiple-group calibration.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupFit {
    /// Items are columns: see [`GroupFit::columns`].
    pub calibration: Calibration,
    /// Per item, its column for all groups, or one column a group.
    columns: Vec<Vec<usize>>,
}

impl GroupFit {
    /// The columns of an item in the calibration: one, or one a group.
    ///
    /// # Arguments
    /// `item`: from 0.
    ///
    /// # Source
    /// Definition.
    pub fn columns(&self, item: usize) -> &[usize] {
        &self.columns[item]
    }

    /// The response function of an item in a group.
    ///
    /// # Arguments
    /// `item` and `group`: from 0.
    ///
    /// # Source
    /// Definition.
    pub fn function(&self, item: usize, group: usize) -> &ResponseFunction {
        let columns = &self.columns[item];
        &self.calibration.items[if columns.len() == 1 { columns[0] } else { columns[group] }].function
    }
}

impl Design<'_> {
    /// Calibrates all groups together with some items free to differ among them.
    ///
    /// # Formula
    /// As [`calibrate`]; θ ~ N(0, 1) in group 0 (N(0, σ²) where no item has a slope), N(μ_g, σ_g²) in the others.
    ///
    /// # Arguments
    /// - `free`: items estimated for each group apart, in any order; at least one item must be left.
    /// - `options`: of every calibration.
    ///
    /// # Source
    /// Bock & Zimowski (1997), in van der Linden & Hambleton (eds.), *Handbook of Modern Item Response Theory*, ch. 25.
    ///
    /// # Accuracy
    /// Log-likelihood, parameters, means and variances agree with mirt 1.47 `multipleGroup` within 1e-3.
    ///
    /// # Limits
    /// An item whose categories do not all occur in every group cannot be free: the calibration then names its column.
    ///
    /// ```
    /// use melek_irt::calibration::{ItemSpecification, Model, Options};
    /// use melek_irt::invariance::Design;
    /// use melek_irt::responses::Responses;
    /// let rows = [[1, 0, 1], [0, 1, 1], [1, 1, 0], [0, 0, 0], [1, 0, 0], [0, 1, 1], [1, 1, 1], [0, 0, 1]];
    /// let responses = Responses::from_rows(3, rows.map(|row| row.map(Some)))?;
    /// let items = vec![ItemSpecification::new(Model::Rasch); 3];
    /// let design = Design::new(&responses, items, vec![0, 0, 0, 0, 1, 1, 1, 1])?;
    /// let fit = design.calibrate(&[2], &Options::default())?;
    /// assert_eq!((fit.columns(0).len(), fit.columns(2).len()), (1, 2));
    /// assert_ne!(fit.function(2, 0), fit.function(2, 1));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn calibrate(&self, free: &[usize], options: &Options) -> Result<GroupFit, InvarianceError> {
        let (items, groups) = (self.items.len(), self.sizes().len());
        if let Some(item) = free.iter().copied().find(|item| *item >= items) {
            return Err(InvarianceError::UnknownItem { item, items });
        }
        let mut columns = Vec::with_capacity(items);
        let mut next = 0;
        for item in 0..items {
            let width = if free.contains(&item) { groups } else { 1 };
            columns.push((next..next + width).collect::<Vec<_>>());
            next += width;
        }
        if columns.iter().all(|own| own.len() > 1) {
            return Err(InvarianceError::NoAnchor);
        }
        let mut builder = ResponsesBuilder::new(next)?;
        for (person, group) in self.groups.iter().enumerate() {
            let place = |item: usize| {
                if columns[item].len() == 1 { columns[item][0] } else { columns[item][usize::from(*group)] }
            };
            let answers = self.responses.of(person).iter();
            builder.person(answers.map(|answer| (place(usize::from(answer.item)), answer.category)))?;
        }
        let specification = self.specification(&columns);
        let calibration = calibrate(&builder.build(), &specification, options, &mut |_| ControlFlow::Continue(()))?;
        Ok(GroupFit { calibration, columns })
    }

    fn specification(&self, columns: &[Vec<usize>]) -> Specification {
        let widths = columns.iter().map(Vec::len);
        let items = self.items.iter().zip(widths).flat_map(|(item, width)| vec![item.clone(); width]).collect();
        let all_unit = self.items.iter().all(|item| item.fixed.is_none() && item.model.has_unit_slope());
        let mut latent = vec![Latent::free_group(); self.sizes().len()];
        latent[0] = if all_unit { Latent::free_spread() } else { Latent::standard(1) };
        Specification { items, groups: self.groups.clone(), latent }
    }
}
