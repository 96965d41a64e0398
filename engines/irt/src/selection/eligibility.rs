//! Probabilistic eligibility: before a test each item is drawn in or out, with a probability that sinks as the item's rate
//! nears its target. Beside the priced rule for comparison: its largest rates exceed the target by chance.

use rand::Rng;

use crate::numeric::random;

/// Running counts of one bank.
#[derive(Debug, Clone, PartialEq)]
pub struct Eligibility {
    rate: f64,
    /// Tests in which each item was eligible, and in which it was shown.
    eligible: Vec<f64>,
    shown: Vec<f64>,
}

impl Eligibility {
    /// For a bank of `items` and a target `rate`, 0 < rate ≤ 1.
    pub fn new(items: usize, rate: f64) -> Self {
        Self { rate, eligible: vec![0.0; items], shown: vec![0.0; items] }
    }

    /// Probability that an item is eligible in the next test.
    ///
    /// # Formula
    /// min(1, rate · eligible/shown), 1 while it has not been shown
    ///
    /// # Source
    /// van der Linden & Veldkamp (2007), *Journal of Educational and Behavioral Statistics* 32, 398–418, eq. 10.
    pub fn probability(&self, position: usize) -> f64 {
        if self.shown[position] == 0.0 {
            1.0
        } else {
            (self.rate * self.eligible[position] / self.shown[position]).min(1.0)
        }
    }

    /// Draws which items the next test may show; one word an item.
    ///
    /// # Source
    /// van der Linden & Veldkamp (2007), experiment before each test.
    pub fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> Vec<bool> {
        (0..self.eligible.len()).map(|position| random::uniform(rng) < self.probability(position)).collect()
    }

    /// Counts a finished test: what was eligible in it and what it showed (closed form: sums).
    pub fn count(&mut self, eligible: &[bool], given: &[usize]) {
        for (sum, &is) in self.eligible.iter_mut().zip(eligible) {
            *sum += f64::from(u8::from(is));
        }
        for &position in given {
            self.shown[position] += 1.0;
        }
    }
}
