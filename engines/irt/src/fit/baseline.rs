//! The model that no two items have anything to do with each other: what a model of fit is compared with.
//!
//! Its limited-information statistic needs no matrix. The single moments fit exactly, what is left of the moment of a
//! pair beside them is the product of two centred features, and those are uncorrelated between pairs. So the statistic
//! is the sum over pairs of Pearson's chi-square of the two-way table (all categories) or of N r² (scores).

use super::moments::Moments;
use super::pair_counts::PairCounts;

/// The limited-information statistic of independent items.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Baseline {
    pub statistic: f64,
    pub degrees_of_freedom: usize,
}

pub(super) fn baseline(counts: &[PairCounts], moments: Moments) -> Baseline {
    let mut sum = Baseline { statistic: 0.0, degrees_of_freedom: 0 };
    for group in counts {
        for higher in 0..group.items() {
            for lower in 0..higher {
                let (statistic, degrees) = match moments {
                    Moments::Categories => table(group, lower, higher),
                    Moments::Scores | Moments::CategoriesThenScores => (scores(group, lower, higher), 1),
                };
                // Moments of fewer people weigh less: see `limited_information`.
                let people: u32 = group.pair(lower, higher).iter().sum();
                sum.statistic += statistic * f64::from(people) * f64::from(people) / group.persons;
                sum.degrees_of_freedom += degrees;
            }
        }
    }
    sum
}

fn shares(group: &PairCounts, item: usize) -> Vec<f64> {
    let people: u32 = group.single(item).iter().sum();
    group.single(item).iter().map(|count| f64::from(*count) / f64::from(people.max(1))).collect()
}

/// Σ (p_kl − p_k p_l)² / (p_k p_l) over the table of two items, and its degrees of freedom.
fn table(group: &PairCounts, lower: usize, higher: usize) -> (f64, usize) {
    let (rows, columns) = (shares(group, lower), shares(group, higher));
    let pair = group.pair(lower, higher);
    let people: u32 = pair.iter().sum();
    let mut differences = vec![vec![0.0; columns.len()]; rows.len()];
    for row in 1..rows.len() {
        for column in 1..columns.len() {
            let seen = f64::from(pair[row * columns.len() + column]) / f64::from(people.max(1));
            let difference = seen - rows[row] * columns[column];
            // Those with the lowest category make every line of differences sum to 0.
            differences[row][column] += difference;
            differences[0][column] -= difference;
            differences[row][0] -= difference;
            differences[0][0] += difference;
        }
    }
    let mut sum = 0.0;
    for (line, row) in differences.iter().zip(&rows) {
        let known = line.iter().zip(&columns).filter(|(_, column)| row * **column > 0.0);
        sum += known.map(|(difference, column)| difference * difference / (row * column)).sum::<f64>();
    }
    (sum, (rows.len() - 1) * (columns.len() - 1))
}

/// Squared correlation of the scores of two items, means and variances over all who answered either.
fn scores(group: &PairCounts, lower: usize, higher: usize) -> f64 {
    let moments = |item: usize| {
        let mean = group.mean(item, |category| category as f64).0;
        (mean, group.mean(item, |category| (category as f64 - mean) * (category as f64 - mean)).0)
    };
    let ((first, first_variance), (second, second_variance)) = (moments(lower), moments(higher));
    let (product, _) = group.product_mean((lower, higher), |row, column| row as f64 * column as f64);
    let covariance = product - first * second;
    let scale = first_variance * second_variance;
    if scale > 0.0 { covariance * covariance / scale } else { 0.0 }
}
