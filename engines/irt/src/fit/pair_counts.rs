//! How many people gave each answer, and each pair of answers to two items, group by group. Exact whole numbers.

use super::fitted::Fitted;

/// Counts of one group.
#[derive(Debug, Clone)]
pub(super) struct PairCounts {
    /// People who answered anything.
    pub(super) persons: f64,
    categories: Vec<usize>,
    /// Per item, people by category.
    single: Vec<Vec<u32>>,
    /// Per pair (lower, higher) of items: where its table begins.
    starts: Vec<usize>,
    /// Tables by category of the lower and the higher item.
    pairs: Vec<u32>,
}

impl PairCounts {
    fn empty(categories: Vec<usize>) -> Self {
        let items = categories.len();
        let mut starts = Vec::with_capacity(items * items.saturating_sub(1) / 2);
        let mut length = 0;
        for higher in 0..items {
            for lower in 0..higher {
                starts.push(length);
                length += categories[lower] * categories[higher];
            }
        }
        let single = categories.iter().map(|count| vec![0; *count]).collect();
        Self { persons: 0.0, categories, single, starts, pairs: vec![0; length] }
    }

    /// One a group.
    pub(super) fn new(fitted: &Fitted<'_>) -> Vec<Self> {
        let categories: Vec<usize> = fitted.functions.iter().map(|function| function.categories()).collect();
        let mut groups = vec![Self::empty(categories); fitted.groups()];
        for person in 0..fitted.responses.persons() {
            let answers = fitted.responses.of(person);
            let own = &mut groups[fitted.group(person)];
            own.persons += if answers.is_empty() { 0.0 } else { 1.0 };
            for (place, answer) in answers.iter().enumerate() {
                let (higher, column) = (usize::from(answer.item), usize::from(answer.category));
                own.single[higher][column] += 1;
                let starts = &own.starts[higher * higher.saturating_sub(1) / 2..];
                for other in &answers[..place] {
                    let (lower, row) = (usize::from(other.item), usize::from(other.category));
                    own.pairs[starts[lower] + row * own.categories[higher] + column] += 1;
                }
            }
        }
        groups
    }

    /// Number of items.
    pub(super) fn items(&self) -> usize {
        self.categories.len()
    }

    /// People by category of an item.
    pub(super) fn single(&self, item: usize) -> &[u32] {
        &self.single[item]
    }

    /// People by category of two items, the lower one's first: rows of the lower item's categories.
    pub(super) fn pair(&self, lower: usize, higher: usize) -> &[u32] {
        let start = self.starts[higher * (higher - 1) / 2 + lower];
        &self.pairs[start..start + self.categories[lower] * self.categories[higher]]
    }

    /// Mean of a value of the category over those who answered an item, and their number.
    pub(super) fn mean(&self, item: usize, value: impl Fn(usize) -> f64) -> (f64, f64) {
        let (mut sum, mut people) = (0.0, 0.0);
        for (category, count) in self.single[item].iter().enumerate() {
            people += f64::from(*count);
            sum += f64::from(*count) * value(category);
        }
        (if people > 0.0 { sum / people } else { 0.0 }, people)
    }

    /// The same of a product of values over those who answered both items.
    pub(super) fn product_mean(
        &self,
        (lower, higher): (usize, usize),
        value: impl Fn(usize, usize) -> f64,
    ) -> (f64, f64) {
        let (mut sum, mut people) = (0.0, 0.0);
        for (cell, count) in self.pair(lower, higher).iter().enumerate() {
            let (row, column) = (cell / self.categories[higher], cell % self.categories[higher]);
            people += f64::from(*count);
            sum += f64::from(*count) * value(row, column);
        }
        (if people > 0.0 { sum / people } else { 0.0 }, people)
    }
}
