//! How likely each total score is at one ability: the recursion of Lord & Wingersky.
//!
//! Lord & Wingersky (1984), *Applied Psychological Measurement* 8, 453–461; several categories: Thissen, Pommerich,
//! Billeaud & Williams (1995), *Applied Psychological Measurement* 19, 39–49. Items are added one at a time:
//! f_n(x) = Σ_k P_n(k) f_(n−1)(x − k). All terms are positive, so nothing cancels. Not public; the statistics that need it
//! are.

use crate::model::ResponseFunction;

/// Probabilities of the totals 0, 1, 2, … from the probabilities of the categories 0, 1, … of each item. No items: the
/// total 0 for certain. An item without categories adds nothing.
pub(crate) fn score_distribution(items: &[Vec<f64>]) -> Vec<f64> {
    let mut totals = vec![1.0];
    for item in items.iter().filter(|item| !item.is_empty()) {
        let mut next = vec![0.0; totals.len() + item.len() - 1];
        for (score, so_far) in totals.iter().enumerate() {
            for (category, probability) in item.iter().enumerate() {
                next[score + category] += so_far * probability;
            }
        }
        totals = next;
    }
    totals
}

/// Probabilities of the totals at an ability, one logit value a dimension.
pub(crate) fn given_ability(functions: &[ResponseFunction], theta: &[f64]) -> Vec<f64> {
    let items: Vec<Vec<f64>> = functions.iter().map(|function| function.probabilities(theta)).collect();
    score_distribution(&items)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Every pattern of answers, one after another.
    fn by_all_patterns(items: &[Vec<f64>]) -> Vec<f64> {
        let most: usize = items.iter().map(|item| item.len() - 1).sum();
        let mut totals = vec![0.0; most + 1];
        let patterns: usize = items.iter().map(Vec::len).product();
        for pattern in 0..patterns {
            let (mut rest, mut score, mut probability) = (pattern, 0, 1.0);
            for item in items {
                let category = rest % item.len();
                rest /= item.len();
                score += category;
                probability *= item[category];
            }
            totals[score] += probability;
        }
        totals
    }

    fn item() -> impl Strategy<Value = Vec<f64>> {
        proptest::collection::vec(0.01..1.0, 2..4).prop_map(|weights: Vec<f64>| {
            let total: f64 = weights.iter().sum();
            weights.into_iter().map(|weight| weight / total).collect()
        })
    }

    proptest! {
        #[test]
        fn the_recursion_gives_what_all_patterns_of_eight_items_give(items in proptest::collection::vec(item(), 8)) {
            for (one, other) in score_distribution(&items).iter().zip(by_all_patterns(&items)) {
                prop_assert!((one - other).abs() < 1e-14);
            }
        }

        #[test]
        fn totals_of_any_test_sum_to_one_and_have_the_sum_of_the_items_means(
            items in proptest::collection::vec(item(), 0..120),
        ) {
            let totals = score_distribution(&items);
            let mean = |values: &[f64]| values.iter().enumerate().map(|(score, p)| score as f64 * p).sum::<f64>();
            prop_assert!((totals.iter().sum::<f64>() - 1.0).abs() < 1e-12);
            prop_assert!((mean(&totals) - items.iter().map(|item| mean(item)).sum::<f64>()).abs() < 1e-10);
        }
    }

    #[test]
    fn equal_items_give_the_binomial_distribution() {
        let item = ResponseFunction::two_parameter(1.0, 0.0).unwrap();
        let totals = given_ability(&vec![item; 4], &[0.0]);
        for (total, expected) in totals.iter().zip([1.0, 4.0, 6.0, 4.0, 1.0]) {
            assert!((total - expected / 16.0).abs() < 1e-15);
        }
    }

    #[test]
    fn without_items_the_score_is_zero() {
        assert_eq!(score_distribution(&[]), [1.0]);
        assert_eq!(score_distribution(&[Vec::new()]), [1.0]);
    }
}
