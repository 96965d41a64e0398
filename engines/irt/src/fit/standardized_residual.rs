//! How far the correlations between scores are from those of the model: the standardized root mean square residual.
//!
//! √(mean over pairs of (r_ij − ρ_ij)²), r_ij from the people who answered (means and variances of all who answered an
//! item), ρ_ij of the model (Maydeu-Olivares 2013, *Measurement* 11, 71–101; Bentler 1995). Below .05 is close.

use super::fitted::Fitted;
use super::pair_counts::PairCounts;
use crate::numeric::symmetric::inner;

pub(super) fn standardized_residual(fitted: &Fitted<'_>, counts: &[PairCounts]) -> f64 {
    let (mut sum, mut pairs) = (0.0, 0.0);
    for (group, counts) in counts.iter().enumerate() {
        let model = model_scores(fitted, group);
        let observed: Vec<(f64, f64)> = (0..counts.items()).map(|item| observed_score(counts, item)).collect();
        for higher in 0..counts.items() {
            for lower in 0..higher {
                let product = counts.product_mean((lower, higher), |row, column| row as f64 * column as f64).0;
                let seen = correlation(product, observed[lower], observed[higher]);
                let weights = &fitted.weights[group];
                let weighted: Vec<f64> = model[lower].0.iter().zip(weights).map(|(score, w)| score * w).collect();
                let expected = correlation(inner(&weighted, &model[higher].0), model[lower].1, model[higher].1);
                sum += (seen - expected) * (seen - expected);
                pairs += 1.0;
            }
        }
    }
    if pairs > 0.0 { (sum / pairs).sqrt() } else { 0.0 }
}

/// From the mean product and each one's mean and variance; 0 where one does not vary.
fn correlation(product: f64, (first, first_variance): (f64, f64), (second, second_variance): (f64, f64)) -> f64 {
    let scale = (first_variance * second_variance).sqrt();
    if scale > 0.0 { (product - first * second) / scale } else { 0.0 }
}

fn observed_score(counts: &PairCounts, item: usize) -> (f64, f64) {
    let mean = counts.mean(item, |category| category as f64).0;
    (mean, counts.mean(item, |category| (category as f64 - mean) * (category as f64 - mean)).0)
}

/// Per item: expected score at the nodes, then its mean and the variance of the score over the group.
fn model_scores(fitted: &Fitted<'_>, group: usize) -> Vec<(Vec<f64>, (f64, f64))> {
    let weights = &fitted.weights[group];
    let one = |item: usize| {
        let probabilities = fitted.probabilities(item);
        let mut score = vec![0.0; weights.len()];
        let (mut mean, mut square) = (0.0, 0.0);
        for (category, row) in probabilities.iter().enumerate() {
            let value = category as f64;
            let share = inner(row, weights);
            mean += value * share;
            square += value * value * share;
            score.iter_mut().zip(row).for_each(|(sum, probability)| *sum += value * probability);
        }
        (score, (mean, square - mean * mean))
    };
    (0..fitted.functions.len()).map(one).collect()
}
