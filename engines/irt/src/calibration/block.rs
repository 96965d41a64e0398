//! The free parameters of an item, or of items that share thresholds, and how they make response functions.
//!
//! Asymptotes are estimated as logits, so that no step leaves 0 … 1; a prior on one is still a density of the
//! probability itself. Everything else is estimated on its own scale.

use super::prior::ParameterPrior;
use super::specification::{ItemSpecification, Model, Parameter};
use crate::model::{Form, ResponseFunction};

/// How one derivative by a local parameter of an item (slopes of all dimensions, then the form's own parameters) turns
/// into one by a parameter of the block.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Link {
    pub(crate) local: usize,
    pub(crate) parameter: usize,
    pub(crate) derivative: f64,
}

/// Items estimated together: one, or all of a rating scale.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    pub(crate) items: Vec<usize>,
    /// Where the block's parameters begin in the parameter vector.
    pub(crate) start: usize,
    pub(crate) length: usize,
    kind: Kind,
    dimensions: usize,
    categories: usize,
}

#[derive(Debug, Clone)]
enum Kind {
    Known(ResponseFunction),
    Single(ItemSpecification),
    /// b_1 … b_(K−1), then c of the items but the first; d_k = −(b_1 + … + b_k) + k c.
    RatingScale,
    /// b_1 … b_(K−1), c of the items but the first, slopes; d_k = a (b_k + c).
    GradedRatingScale,
}

pub(crate) fn logit(probability: f64) -> f64 {
    libm::log(probability / (1.0 - probability))
}

fn from_logit(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}

impl Block {
    pub(crate) fn single(item: usize, specification: &ItemSpecification, dimensions: usize, categories: usize) -> Self {
        let steps = categories - 1;
        let (kind, length) = match &specification.fixed {
            Some(function) => (Kind::Known(function.clone()), 0),
            None => {
                let slopes = if specification.model.has_unit_slope() { 0 } else { specification.dimensions.len() };
                let own = match specification.model {
                    Model::ThreeParameter => 2,
                    Model::FourParameter => 3,
                    Model::Nominal => 2 * steps - 1,
                    _ => steps,
                };
                (Kind::Single(specification.clone()), slopes + own)
            }
        };
        Self { items: vec![item], start: 0, length, kind, dimensions, categories }
    }

    pub(crate) fn rating_scale(items: Vec<usize>, graded: bool, dimensions: usize, categories: usize) -> Self {
        let slopes = if graded { items.len() } else { 0 };
        let length = categories - 1 + items.len() - 1 + slopes;
        let kind = if graded { Kind::GradedRatingScale } else { Kind::RatingScale };
        Self { items, start: 0, length, kind, dimensions, categories }
    }

    /// Common thresholds and the item's location, for the rating scales.
    pub(crate) fn rating(&self, values: &[f64], position: usize) -> Option<(Vec<f64>, f64)> {
        let steps = self.categories - 1;
        match self.kind {
            Kind::RatingScale | Kind::GradedRatingScale => {
                Some((values[..steps].to_vec(), self.location(values, position)))
            }
            _ => None,
        }
    }

    fn location(&self, values: &[f64], position: usize) -> f64 {
        if position == 0 { 0.0 } else { values[self.categories - 2 + position] }
    }

    /// The response function of the block's item at a position, or nothing where the values describe none.
    pub(crate) fn function(&self, values: &[f64], position: usize) -> Option<ResponseFunction> {
        let steps = self.categories - 1;
        let (slopes, form) = match &self.kind {
            Kind::Known(function) => return Some(function.clone()),
            Kind::Single(specification) => self.single_form(specification, values),
            Kind::RatingScale => {
                let location = self.location(values, position);
                let mut sum = 0.0;
                let intercept = |step: usize| {
                    sum += values[step];
                    (step + 1) as f64 * location - sum
                };
                let intercepts = (0..steps).map(intercept).collect();
                (self.unit_slope(), Form::DivideByTotal { scoring: integers(steps), intercepts })
            }
            Kind::GradedRatingScale => {
                let (location, slope) = (self.location(values, position), values[self.slope_at(position)]);
                let intercepts = values[..steps].iter().map(|threshold| slope * (threshold + location)).collect();
                (vec![slope], Form::Graded { intercepts })
            }
        };
        ResponseFunction::new(slopes, form).ok()
    }

    fn slope_at(&self, position: usize) -> usize {
        self.categories - 1 + self.items.len() - 1 + position
    }

    fn unit_slope(&self) -> Vec<f64> {
        (0..self.dimensions).map(|dimension| if dimension == 0 { 1.0 } else { 0.0 }).collect()
    }

    fn single_form(&self, specification: &ItemSpecification, values: &[f64]) -> (Vec<f64>, Form) {
        let steps = self.categories - 1;
        let (slopes, own) = self.split(specification, values);
        let form = match specification.model {
            Model::Rasch | Model::TwoParameter => Form::Logistic { intercept: own[0], lower: 0.0, upper: 1.0 },
            Model::ThreeParameter => Form::Logistic { intercept: own[0], lower: from_logit(own[1]), upper: 1.0 },
            Model::FourParameter => {
                Form::Logistic { intercept: own[0], lower: from_logit(own[1]), upper: from_logit(own[2]) }
            }
            Model::Graded | Model::GradedRatingScale => Form::Graded { intercepts: own.to_vec() },
            Model::PartialCredit | Model::GeneralizedPartialCredit | Model::RatingScale => {
                Form::DivideByTotal { scoring: integers(steps), intercepts: own.to_vec() }
            }
            Model::Nominal => {
                let mut scoring = own[..steps - 1].to_vec();
                scoring.push(steps as f64);
                Form::DivideByTotal { scoring, intercepts: own[steps - 1..].to_vec() }
            }
        };
        (slopes, form)
    }

    /// Slopes of all dimensions, and the free parameters after them.
    fn split<'v>(&self, specification: &ItemSpecification, values: &'v [f64]) -> (Vec<f64>, &'v [f64]) {
        if specification.model.has_unit_slope() {
            let mut slopes = vec![0.0; self.dimensions];
            specification.dimensions.iter().for_each(|dimension| slopes[*dimension] = 1.0);
            return (slopes, values);
        }
        let mut slopes = vec![0.0; self.dimensions];
        for (dimension, value) in specification.dimensions.iter().zip(values) {
            slopes[*dimension] = *value;
        }
        (slopes, &values[specification.dimensions.len()..])
    }

    /// How the derivatives of the item at a position become those of the block.
    pub(crate) fn links(&self, values: &[f64], position: usize) -> Vec<Link> {
        match &self.kind {
            Kind::Known(_) => Vec::new(),
            Kind::Single(specification) => self.single_links(specification, values),
            Kind::RatingScale => self.rating_scale_links(position),
            Kind::GradedRatingScale => self.graded_rating_scale_links(values, position),
        }
    }

    fn single_links(&self, specification: &ItemSpecification, values: &[f64]) -> Vec<Link> {
        let steps = self.categories - 1;
        let mut links = Vec::with_capacity(self.length);
        if !specification.model.has_unit_slope() {
            for (parameter, dimension) in specification.dimensions.iter().enumerate() {
                links.push(Link { local: *dimension, parameter, derivative: 1.0 });
            }
        }
        let start = links.len();
        for (parameter, value) in values.iter().enumerate().skip(start) {
            let own = parameter - start;
            let asymptote = specification.model.is_logistic() && own > 0;
            let derivative = if asymptote {
                let probability = from_logit(*value);
                probability * (1.0 - probability)
            } else {
                1.0
            };
            let local = self.dimensions
                + match specification.model {
                    Model::Nominal if own >= steps - 1 => own + 1,
                    Model::PartialCredit | Model::GeneralizedPartialCredit | Model::RatingScale => steps + own,
                    _ => own,
                };
            links.push(Link { local, parameter, derivative });
        }
        links
    }

    fn rating_scale_links(&self, position: usize) -> Vec<Link> {
        let steps = self.categories - 1;
        let mut links = Vec::new();
        for step in 0..steps {
            let local = self.dimensions + steps + step;
            links.extend((0..=step).map(|parameter| Link { local, parameter, derivative: -1.0 }));
            if position > 0 {
                let derivative = (step + 1) as f64;
                links.push(Link { local, parameter: steps - 1 + position, derivative });
            }
        }
        links
    }

    fn graded_rating_scale_links(&self, values: &[f64], position: usize) -> Vec<Link> {
        let steps = self.categories - 1;
        let (location, slope_at) = (self.location(values, position), self.slope_at(position));
        let slope = values[slope_at];
        let mut links = vec![Link { local: 0, parameter: slope_at, derivative: 1.0 }];
        for (step, threshold) in values[..steps].iter().enumerate() {
            let local = self.dimensions + step;
            links.push(Link { local, parameter: step, derivative: slope });
            links.push(Link { local, parameter: slope_at, derivative: threshold + location });
            if position > 0 {
                links.push(Link { local, parameter: steps - 1 + position, derivative: slope });
            }
        }
        links
    }

    /// Parameter, its value on the scale of its prior, derivative of that value by the parameter, and the prior.
    pub(crate) fn priors(&self, values: &[f64]) -> Vec<(usize, f64, f64, ParameterPrior)> {
        let Kind::Single(specification) = &self.kind else { return Vec::new() };
        let slopes = if specification.model.has_unit_slope() { 0 } else { specification.dimensions.len() };
        let logistic = specification.model.is_logistic();
        let mut found = Vec::new();
        for (parameter, prior) in &specification.priors {
            let positions = match parameter {
                Parameter::Slope => 0..slopes,
                Parameter::Intercept if logistic => slopes..slopes + 1,
                Parameter::Intercept => self.length - (self.categories - 1)..self.length,
                Parameter::Lower if logistic => (slopes + 1).min(self.length)..(slopes + 2).min(self.length),
                Parameter::Upper if logistic => (slopes + 2).min(self.length)..self.length,
                Parameter::Lower | Parameter::Upper => 0..0,
            };
            for position in positions {
                let asymptote = matches!(parameter, Parameter::Lower | Parameter::Upper);
                let (value, derivative) = if asymptote {
                    let probability = from_logit(values[position]);
                    (probability, probability * (1.0 - probability))
                } else {
                    (values[position], 1.0)
                };
                found.push((position, value, derivative, *prior));
            }
        }
        found
    }

    pub(crate) fn categories(&self) -> usize {
        self.categories
    }

    /// Values to start from, given the share of each category among the answers to each of the block's items.
    pub(crate) fn start(&self, shares: &[Vec<f64>]) -> Vec<f64> {
        match &self.kind {
            Kind::Known(_) => Vec::new(),
            Kind::Single(specification) => self.single_start(specification, &shares[0]),
            Kind::RatingScale | Kind::GradedRatingScale => self.rating_scale_start(shares),
        }
    }

    fn single_start(&self, specification: &ItemSpecification, shares: &[f64]) -> Vec<f64> {
        let steps = self.categories - 1;
        let slope =
            |model: Model| if model == Model::GeneralizedPartialCredit || model == Model::Nominal { 0.6 } else { 1.0 };
        let mut values = Vec::new();
        if !specification.model.has_unit_slope() {
            values.resize(specification.dimensions.len(), slope(specification.model));
        }
        match specification.model {
            Model::Rasch | Model::TwoParameter => values.push(1.2 * logit(shares[1])),
            Model::ThreeParameter | Model::FourParameter => {
                let (lower, upper) = (STARTING_LOWER, STARTING_UPPER);
                let above = ((shares[1] - lower) / (1.0 - lower)).clamp(0.05, 0.95);
                values.extend([1.2 * logit(above), logit(lower), logit(upper)]);
                values.truncate(self.length);
            }
            Model::Graded | Model::GradedRatingScale => values.extend(cumulative_logits(shares)),
            Model::PartialCredit | Model::GeneralizedPartialCredit | Model::RatingScale => {
                values.extend(shares[1..].iter().map(|share| libm::log(share / shares[0])));
            }
            Model::Nominal => {
                values.extend((1..steps).map(|score| score as f64));
                values.extend(shares[1..].iter().map(|share| libm::log(share / shares[0])));
            }
        }
        values
    }

    fn rating_scale_start(&self, shares: &[Vec<f64>]) -> Vec<f64> {
        let steps = self.categories - 1;
        let mut common = vec![0.0; self.categories];
        for item in shares {
            common.iter_mut().zip(item).for_each(|(sum, share)| *sum += share / shares.len() as f64);
        }
        let graded = matches!(self.kind, Kind::GradedRatingScale);
        let mut values: Vec<f64> = if graded {
            cumulative_logits(&common)
        } else {
            common.windows(2).map(|pair| libm::log(pair[0] / pair[1])).collect()
        };
        debug_assert_eq!(values.len(), steps);
        values.resize(steps + self.items.len() - 1, 0.0);
        values.resize(self.length, 1.0);
        values
    }
}

/// Where asymptotes start: the mode of the usual Beta(5, 17), and a slip of one in fifty.
const STARTING_LOWER: f64 = 0.2;
const STARTING_UPPER: f64 = 0.98;

fn integers(steps: usize) -> Vec<f64> {
    (1..=steps).map(|score| score as f64).collect()
}

/// 1.2 logit P(X ≥ k): falling because every share is positive.
fn cumulative_logits(shares: &[f64]) -> Vec<f64> {
    let mut above = 1.0;
    let step = |share: &f64| {
        above -= share;
        1.2 * logit(above)
    };
    shares[..shares.len() - 1].iter().map(step).collect()
}
