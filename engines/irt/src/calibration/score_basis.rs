//! A few functions of ability of which all score functions of a test are combinations.
//!
//! Score functions are smooth and alike, so that hundreds of them span a space of fifteen to twenty dimensions up to five
//! digits. The basis begins with the constant, which has no covariance, and is found by Gram and Schmidt's method, always
//! taking the function that is worst represented so far. Functions are orthogonal over the people and not scaled to
//! length 1, so that a function that matters little is small.

/// Length of what a basis may leave out of a function that is itself no longer than 1.
const TOLERANCE: f64 = 1e-5;

/// Functions orthogonal to each other, the first of them constant.
pub(super) struct Basis {
    /// Share of the people at every node.
    shares: Vec<f64>,
    functions: Vec<Vec<f64>>,
    squares: Vec<f64>,
}

impl Basis {
    /// The constant alone. `people`: expected numbers at every node.
    pub(super) fn new(mut people: Vec<f64>) -> Self {
        let total: f64 = people.iter().sum();
        people.iter_mut().for_each(|people| *people /= total);
        let constant = vec![1.0; people.len()];
        Self { shares: people, functions: vec![constant], squares: vec![1.0] }
    }

    pub(super) fn len(&self) -> usize {
        self.functions.len()
    }

    /// One function, at every node.
    pub(super) fn function(&self, number: usize) -> &[f64] {
        &self.functions[number]
    }

    /// Root of the mean square over the people.
    pub(super) fn length(&self, function: &[f64]) -> f64 {
        self.product(function, function).sqrt()
    }

    /// Adds functions until all given ones are combinations.
    pub(super) fn extend<'f>(&mut self, functions: impl Iterator<Item = &'f [f64]>) {
        let mut rests: Vec<Vec<f64>> = functions.map(|function| self.rest(function, self.len()).0).collect();
        loop {
            let squares = rests.iter().map(|rest| self.product(rest, rest)).enumerate();
            let Some((worst, square)) = squares.max_by(|(_, one), (_, other)| one.total_cmp(other)) else { break };
            if square <= TOLERANCE * TOLERANCE {
                break;
            }
            // Once more against all the others: rounding has made it lean towards them.
            let (function, _) = self.rest(&rests.swap_remove(worst), self.len());
            self.squares.push(self.product(&function, &function));
            self.functions.push(function);
            let last = self.len() - 1;
            for rest in &mut rests {
                self.remove(rest, last);
            }
        }
    }

    /// A function as a combination of the first `count` of the basis; a constant where it hardly varies.
    pub(super) fn coefficients(&self, function: &[f64], count: usize) -> Vec<f64> {
        let (_, mut coefficients) = self.rest(function, count);
        let varying = coefficients.iter().zip(&self.squares).skip(1).map(|(c, square)| c * c * square).sum::<f64>();
        if varying <= TOLERANCE * TOLERANCE {
            coefficients[1..].fill(0.0);
        }
        coefficients
    }

    fn rest(&self, function: &[f64], count: usize) -> (Vec<f64>, Vec<f64>) {
        let mut rest = function.to_vec();
        let coefficients = (0..count).map(|number| self.remove(&mut rest, number)).collect();
        (rest, coefficients)
    }

    /// Takes one function of the basis out of another; returns how much of it there was.
    fn remove(&self, rest: &mut [f64], number: usize) -> f64 {
        let function = &self.functions[number];
        let coefficient = self.product(rest, function) / self.squares[number];
        rest.iter_mut().zip(function).for_each(|(value, own)| *value -= coefficient * own);
        coefficient
    }

    fn product(&self, one: &[f64], other: &[f64]) -> f64 {
        self.shares.iter().zip(one).zip(other).map(|((share, one), other)| share * one * other).sum()
    }
}
