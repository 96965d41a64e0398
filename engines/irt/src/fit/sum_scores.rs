//! The chance of every sum of scores at every node of ability: the recursion of Lord & Wingersky.
//!
//! S_n(s | θ) = Σ_k P_n(k | θ) S_(n−1)(s − k | θ) (Lord & Wingersky 1984, *Applied Psychological Measurement* 8, 453–461;
//! more than two categories Thissen, Pommerich, Billeaud & Williams 1995, ibid. 19, 39–49). Scores are categories, from
//! 0.

/// Sums × nodes, of items given as categories × nodes.
pub(super) fn sum_scores<'a>(items: impl Iterator<Item = &'a Vec<Vec<f64>>>, nodes: usize) -> Vec<Vec<f64>> {
    let mut sums = vec![vec![1.0; nodes]];
    for item in items {
        let mut next = vec![vec![0.0; nodes]; sums.len() + item.len() - 1];
        for (sum, chances) in sums.iter().enumerate() {
            for (category, probabilities) in item.iter().enumerate() {
                let terms = chances.iter().zip(probabilities);
                next[sum + category].iter_mut().zip(terms).for_each(|(cell, (chance, p))| *cell += chance * p);
            }
        }
        sums = next;
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_of_two_coins_and_a_die_of_three_are_counted() {
        let coin = vec![vec![0.5], vec![0.5]];
        let die = vec![vec![1.0 / 3.0]; 3];
        let sums = sum_scores([&coin, &coin, &die].into_iter(), 1);
        let twelfths: Vec<f64> = sums.iter().map(|row| row[0] * 12.0).collect();
        for (found, expected) in twelfths.iter().zip([1.0, 3.0, 4.0, 3.0, 1.0]) {
            assert!((found - expected).abs() < 1e-14);
        }
    }
}
