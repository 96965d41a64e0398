//! Means of answers and of products of two answers, as the model has them, with their covariances and derivatives.
//!
//! A moment is E[f(x_i)] or E[f(x_i) g(x_j)], f and g features of an item: the score, or whether a category was chosen.
//! Given ability the items are independent, so E[m n] − E[m] E[n] needs no more than sums over nodes of products of
//! E[f | θ] and, where two moments share an item, E[f g | θ] (Maydeu-Olivares & Joe 2005, *Journal of the American
//! Statistical Association* 100, 1009–1020, sec. 3; 2006, *Psychometrika* 71, 713–732).

use super::fitted::Fitted;
use super::pair_counts::PairCounts;
use crate::model::Derivatives;
use crate::numeric::symmetric::{Symmetric, inner};

/// Which moments judge the model; the same for items with two categories.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moments {
    /// Chances of all categories above the lowest, alone and in pairs: M2 of Maydeu-Olivares & Joe (2006).
    Categories,
    /// Mean scores and mean products of scores: M2* of Cai & Hansen (2013).
    Scores,
    /// Chances of categories alone, mean products of scores in pairs: C2 of Cai & Monroe (2014).
    CategoriesThenScores,
}

/// A feature of an item: its place among the item's features.
type Factor = (usize, usize);

#[derive(Debug, Clone, Copy)]
struct Moment {
    first: Factor,
    second: Option<Factor>,
}

impl Moment {
    fn factor_of(&self, item: usize) -> Option<usize> {
        let own = |factor: Factor| (factor.0 == item).then_some(factor.1);
        own(self.first).or_else(|| self.second.and_then(own))
    }

    fn factors(&self) -> impl Iterator<Item = Factor> {
        [Some(self.first), self.second].into_iter().flatten()
    }
}

/// What one item brings.
#[derive(Debug)]
struct ItemFeatures {
    /// Features × categories.
    values: Vec<Vec<f64>>,
    /// E[f | θ]: features × nodes.
    mean: Vec<Vec<f64>>,
    /// E[f g | θ]: features × features × nodes.
    product: Vec<Vec<f64>>,
    /// Estimated parameters of the item, and ∂E[f | θ] by each: parameters × features × nodes.
    parameters: Vec<usize>,
    slopes: Vec<Vec<Vec<f64>>>,
}

/// All moments of one group under the model.
pub(super) struct ModelMoments<'a> {
    fitted: &'a Fitted<'a>,
    group: usize,
    items: Vec<ItemFeatures>,
    moments: Vec<Moment>,
    /// E[m | θ]: moments × nodes.
    given: Vec<Vec<f64>>,
    pub(super) expected: Vec<f64>,
}

impl<'a> ModelMoments<'a> {
    pub(super) fn new(fitted: &'a Fitted<'a>, group: usize, kind: Moments) -> Self {
        let items: Vec<_> = (0..fitted.functions.len()).map(|item| item_features(fitted, item, kind)).collect();
        let moments = list(fitted, kind);
        let weights = &fitted.weights[group];
        let given: Vec<Vec<f64>> = moments.iter().map(|moment| given(&items, moment)).collect();
        let expected = given.iter().map(|row| inner(row, weights)).collect();
        Self { fitted, group, items, moments, given, expected }
    }

    /// Each moment's mean among those who answered, and their number.
    pub(super) fn observed(&self, counts: &PairCounts) -> Vec<(f64, f64)> {
        let value = |(item, feature): Factor, category: usize| self.items[item].values[feature][category];
        let one = |moment: &Moment| match moment.second {
            None => counts.mean(moment.first.0, |category| value(moment.first, category)),
            Some(second) => counts.product_mean((moment.first.0, second.0), |row, column| {
                value(moment.first, row) * value(second, column)
            }),
        };
        self.moments.iter().map(one).collect()
    }

    /// Covariances of the moments of one person's answers.
    pub(super) fn covariance(&self) -> Symmetric {
        let weights = &self.fitted.weights[self.group];
        let mut covariance = Symmetric::zeros(self.moments.len());
        let mut weighted = vec![0.0; weights.len()];
        for (row, moment) in self.moments.iter().enumerate() {
            weighted.iter_mut().zip(&self.given[row]).zip(weights).for_each(|((out, value), w)| *out = value * w);
            for (column, other) in self.moments[..=row].iter().enumerate() {
                let shared = other.factors().any(|(item, _)| moment.factor_of(item).is_some());
                let product = if shared { self.shared(moment, other) } else { inner(&weighted, &self.given[column]) };
                covariance.add(row, column, product - self.expected[row] * self.expected[column]);
            }
        }
        covariance
    }

    /// E[m n] of two moments that share an item.
    fn shared(&self, one: &Moment, other: &Moment) -> f64 {
        let mut product = self.fitted.weights[self.group].clone();
        let mut multiply = |row: &[f64]| product.iter_mut().zip(row).for_each(|(value, factor)| *value *= factor);
        for (item, feature) in one.factors() {
            let own = &self.items[item];
            match other.factor_of(item) {
                Some(second) => multiply(&own.product[feature * own.values.len() + second]),
                None => multiply(&own.mean[feature]),
            }
        }
        for (item, feature) in other.factors().filter(|(item, _)| one.factor_of(*item).is_none()) {
            multiply(&self.items[item].mean[feature]);
        }
        product.iter().sum()
    }

    /// Derivatives of the expected moments by all estimated parameters: parameters × moments.
    pub(super) fn derivatives(&self) -> Vec<Vec<f64>> {
        let mut columns = vec![vec![0.0; self.moments.len()]; self.fitted.calibration.parameters];
        let weights = &self.fitted.weights[self.group];
        let mut weighted = vec![0.0; weights.len()];
        for (place, moment) in self.moments.iter().enumerate() {
            for (item, feature) in moment.factors() {
                weighted.copy_from_slice(weights);
                for (partner, other) in moment.factors().filter(|(partner, _)| *partner != item) {
                    let row = &self.items[partner].mean[other];
                    weighted.iter_mut().zip(row).for_each(|(value, factor)| *value *= factor);
                }
                let own = &self.items[item];
                for (parameter, slopes) in own.parameters.iter().zip(&own.slopes) {
                    columns[*parameter][place] += inner(&weighted, &slopes[feature]);
                }
            }
        }
        self.by_ability(&mut columns);
        columns
    }

    /// Derivatives by what is estimated of the group's ability.
    fn by_ability(&self, columns: &mut [Vec<f64>]) {
        let groups = &self.fitted.calibration.groups;
        let later: usize = groups[self.group..].iter().map(|group| group.latent.elements().len()).sum();
        let scores = groups[self.group].latent.scores(&self.fitted.nodes).unwrap_or_default();
        let weights = &self.fitted.weights[self.group];
        let start = self.fitted.calibration.parameters - later;
        for (column, score) in columns[start..].iter_mut().zip(&scores) {
            let weighted: Vec<f64> = score.iter().zip(weights).map(|(score, weight)| score * weight).collect();
            for (cell, row) in column.iter_mut().zip(&self.given) {
                *cell = inner(&weighted, row);
            }
        }
    }
}

/// Features that stand alone and those that stand in pairs.
fn features(categories: usize, kind: Moments) -> (Vec<Vec<f64>>, core::ops::Range<usize>, core::ops::Range<usize>) {
    let above = categories - 1;
    let chosen =
        |feature: usize| (0..categories).map(|category| f64::from(u8::from(category == feature + 1))).collect();
    let score: Vec<f64> = (0..categories).map(|category| category as f64).collect();
    let mut values: Vec<Vec<f64>> = match kind {
        Moments::Scores => Vec::new(),
        Moments::Categories | Moments::CategoriesThenScores => (0..above).map(chosen).collect(),
    };
    match kind {
        Moments::Categories => (values, 0..above, 0..above),
        Moments::Scores => (vec![score], 0..1, 0..1),
        Moments::CategoriesThenScores => {
            values.push(score);
            (values, 0..above, above..above + 1)
        }
    }
}

fn list(fitted: &Fitted<'_>, kind: Moments) -> Vec<Moment> {
    let ranges: Vec<_> = fitted.functions.iter().map(|function| features(function.categories(), kind)).collect();
    let mut moments = Vec::new();
    for (item, (_, alone, _)) in ranges.iter().enumerate() {
        moments.extend(alone.clone().map(|feature| Moment { first: (item, feature), second: None }));
    }
    for (higher, (_, _, columns)) in ranges.iter().enumerate() {
        for (lower, (_, _, rows)) in ranges[..higher].iter().enumerate() {
            for row in rows.clone() {
                let pair = |column| Moment { first: (lower, row), second: Some((higher, column)) };
                moments.extend(columns.clone().map(pair));
            }
        }
    }
    moments
}

fn given(items: &[ItemFeatures], moment: &Moment) -> Vec<f64> {
    let mut row = items[moment.first.0].mean[moment.first.1].clone();
    if let Some((item, feature)) = moment.second {
        row.iter_mut().zip(&items[item].mean[feature]).for_each(|(value, factor)| *value *= factor);
    }
    row
}

fn item_features(fitted: &Fitted<'_>, item: usize, kind: Moments) -> ItemFeatures {
    let probabilities = fitted.probabilities(item);
    let (values, _, _) = features(probabilities.len(), kind);
    let mean = values.iter().map(|value| expectation(&probabilities, |category| value[category])).collect();
    let mut product = Vec::with_capacity(values.len() * values.len());
    for one in &values {
        for other in &values {
            product.push(expectation(&probabilities, |category| one[category] * other[category]));
        }
    }
    let (parameters, slopes) = feature_slopes(fitted, item, &values);
    ItemFeatures { values, mean, product, parameters, slopes }
}

/// Σ_k value(k) P(k | θ) at the nodes.
fn expectation(probabilities: &[Vec<f64>], value: impl Fn(usize) -> f64) -> Vec<f64> {
    let mut row = vec![0.0; probabilities[0].len()];
    for (category, own) in probabilities.iter().enumerate() {
        let factor = value(category);
        row.iter_mut().zip(own).for_each(|(sum, probability)| *sum += factor * probability);
    }
    row
}

fn feature_slopes(fitted: &Fitted<'_>, item: usize, values: &[Vec<f64>]) -> (Vec<usize>, Vec<Vec<Vec<f64>>>) {
    let (function, nodes, links) = (&fitted.functions[item], &fitted.nodes, &fitted.calibration.links[item]);
    let mut parameters: Vec<usize> = links.iter().map(|link| link.parameter).collect();
    parameters.sort_unstable();
    parameters.dedup();
    let mut slopes = vec![vec![vec![0.0; nodes.count]; values.len()]; parameters.len()];
    let mut at = Derivatives::default();
    for node in 0..nodes.count {
        let theta = nodes.at(node);
        function.derivatives(function.predictor(theta), &mut at);
        for link in links {
            let own = &mut slopes[parameters.partition_point(|parameter| *parameter < link.parameter)];
            for category in 0..function.categories() {
                let by_local = match link.local.checked_sub(theta.len()) {
                    Some(place) => at.by_own(category)[place],
                    None => at.by_predictor[category] * theta[link.local],
                };
                for (slope, value) in own.iter_mut().zip(values) {
                    slope[node] += value[category] * link.derivative * by_local;
                }
            }
        }
    }
    (parameters, slopes)
}
