//! Number, sum and sum of squares of whole scores; exact below 2^53.

#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Moments {
    pub(super) people: f64,
    pub(super) sum: f64,
    pub(super) squares: f64,
}

impl Moments {
    pub(super) fn add(&mut self, people: f64, score: f64) {
        self.people += people;
        self.sum += people * score;
        self.squares += people * score * score;
    }

    pub(super) fn with(&self, other: &Self) -> Self {
        Self { people: self.people + other.people, sum: self.sum + other.sum, squares: self.squares + other.squares }
    }

    pub(super) fn mean(&self) -> f64 {
        self.sum / self.people
    }

    /// T Σ y² − (Σ y)².
    pub(super) fn spread(&self) -> f64 {
        self.people * self.squares - self.sum * self.sum
    }

    /// Sample variance (n − 1), 0 for fewer than two people.
    pub(super) fn variance(&self) -> f64 {
        if self.people < 2.0 { 0.0 } else { self.spread() / (self.people * (self.people - 1.0)) }
    }
}
