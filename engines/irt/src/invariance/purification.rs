//! Rounds of testing: what a round finds is free to differ in the next, and the rest are its anchors.

use core::ops::ControlFlow;
use std::collections::BTreeMap;

use super::contrast::Contrast;
use super::design::{Design, InvarianceError, Untested};
use super::effect_size::effect_size;
use super::fit::GroupFit;
use super::screening::{ItemTest, Outcome, Plan, Screening, Stage, adjust};
use crate::calibration::Options;

/// A statistic with its degrees and probability.
pub(super) struct Comparison {
    pub(super) statistic: f64,
    pub(super) degrees: usize,
    pub(super) probability: f64,
    pub(super) contrast: Option<Contrast>,
    pub(super) converged: bool,
}

/// Calibrations by the items that were free, each made once.
pub(super) struct Fits<'a> {
    design: &'a Design<'a>,
    options: Options,
    made: BTreeMap<Vec<usize>, GroupFit>,
}

impl Fits<'_> {
    /// The calibration with some items free, in ascending order.
    pub(super) fn of(&mut self, free: &[usize]) -> Result<&GroupFit, InvarianceError> {
        if !self.made.contains_key(free) {
            let fit = self.design.calibrate(free, &self.options)?;
            // All calibrations on one grid, so that their likelihoods differ by the items alone.
            self.options.grid = Some(fit.calibration.grid);
            self.made.insert(free.to_vec(), fit);
        }
        self.made.get(free).ok_or(InvarianceError::NoAnchor)
    }
}

/// Compares an item free and not, given the free items, in which it is.
pub(super) type Compare<'a> =
    dyn Fn(&mut Fits<'_>, &[usize], usize) -> Result<Result<Comparison, Untested>, InvarianceError> + 'a;

/// The search, with a way to compare.
pub(super) struct Search<'a> {
    pub(super) design: &'a Design<'a>,
    pub(super) plan: &'a Plan,
    pub(super) compare: &'a Compare<'a>,
}

impl Search<'_> {
    pub(super) fn run(&self, watch: &mut dyn FnMut(&Stage) -> ControlFlow<()>) -> Result<Screening, InvarianceError> {
        self.plan.check(self.design.items.len())?;
        let options = Options { standard_errors: true, ..self.plan.calibration.clone() };
        let mut fits = Fits { design: self.design, options, made: BTreeMap::new() };
        let possible = |item: &usize| self.design.obstacle(*item).is_none();
        let designated = !self.plan.anchors.is_empty();
        let others = |item: &usize| designated && !self.plan.anchors.contains(item);
        let mut free: Vec<usize> = (0..self.design.items.len()).filter(others).filter(possible).collect();
        let mut seen = Vec::new();
        let mut round = 1;
        loop {
            let untouched: &[usize] = if round == 1 { &self.plan.anchors } else { &[] };
            let outcomes = self.round(&mut fits, &free, untouched, &mut |item| watch(&Stage { round, item }))?;
            let mut found: Vec<usize> =
                outcomes.iter().filter_map(Outcome::test).filter(|test| test.flagged).map(|test| test.item).collect();
            found.sort_unstable();
            let settled = found == free;
            if settled || round >= self.plan.most_rounds || seen.contains(&found) {
                return self.screening(&mut fits, outcomes, &free, (round, settled));
            }
            seen.push(core::mem::replace(&mut free, found));
            round += 1;
        }
    }

    fn round(
        &self,
        fits: &mut Fits<'_>,
        free: &[usize],
        untouched: &[usize],
        watch: &mut dyn FnMut(usize) -> ControlFlow<()>,
    ) -> Result<Vec<Outcome>, InvarianceError> {
        let mut outcomes = Vec::with_capacity(self.design.items.len());
        for item in 0..self.design.items.len() {
            if untouched.contains(&item) {
                outcomes.push(Outcome::Untested(Untested::Anchor));
            } else if let Some(reason) = self.design.obstacle(item) {
                outcomes.push(Outcome::Untested(reason));
            } else {
                if watch(item).is_break() {
                    return Err(InvarianceError::Stopped { item });
                }
                outcomes.push(self.test(fits, free, item)?);
            }
        }
        let tests = outcomes.iter_mut().filter_map(|outcome| match outcome {
            Outcome::Tested(test) => Some(test),
            Outcome::Untested(_) => None,
        });
        adjust(&mut tests.collect::<Vec<_>>());
        Ok(outcomes)
    }

    fn test(&self, fits: &mut Fits<'_>, free: &[usize], item: usize) -> Result<Outcome, InvarianceError> {
        let mut with = free.to_vec();
        if let Err(place) = with.binary_search(&item) {
            with.insert(place, item);
        }
        if with.len() == self.design.items.len() {
            // The last anchor has nothing to be compared with.
            return Ok(Outcome::Untested(Untested::Anchor));
        }
        let comparison = match (self.compare)(fits, &with, item)? {
            Ok(comparison) => comparison,
            Err(reason) => return Ok(Outcome::Untested(reason)),
        };
        let fit = fits.of(&with)?;
        let groups = self.design.sizes().len();
        let functions: Vec<_> = (0..groups).map(|group| fit.function(item, group).clone()).collect();
        let effect =
            |group: usize| effect_size(&functions[0], &functions[group], &fit.calibration.groups[group].latent);
        let effects = (1..groups).map(effect).collect::<Result<Vec<_>, _>>()?;
        let Comparison { statistic, degrees, probability, contrast, converged } = comparison;
        // Only what the next item can use again.
        fits.made.retain(|key, _| key == free);
        Ok(Outcome::Tested(ItemTest {
            item,
            statistic,
            degrees,
            probability,
            adjusted: probability,
            flagged: probability < self.plan.significance,
            smallest_group: self.design.smallest_group(item),
            functions,
            effects,
            contrast,
            converged,
        }))
    }

    fn screening(
        &self,
        fits: &mut Fits<'_>,
        outcomes: Vec<Outcome>,
        free: &[usize],
        (rounds, settled): (usize, bool),
    ) -> Result<Screening, InvarianceError> {
        let fit = fits.of(free)?;
        Ok(Screening {
            outcomes,
            anchors: (0..self.design.items.len()).filter(|item| !free.contains(item)).collect(),
            groups: fit.calibration.groups.iter().map(|group| group.latent.clone()).collect(),
            log_likelihood: fit.calibration.log_likelihood,
            sizes: self.design.sizes().to_vec(),
            rounds,
            settled,
        })
    }
}
