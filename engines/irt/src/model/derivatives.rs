//! Room for the probabilities of an item's categories and their first derivatives at one ability.

/// Filled by [`super::ResponseFunction::derivatives`]; kept and filled again, so that a loop over abilities allocates
/// once.
#[derive(Debug, Clone, Default)]
pub(crate) struct Derivatives {
    /// Probability of each category.
    pub(crate) probability: Vec<f64>,
    /// Derivative of each by the predictor a·θ.
    pub(crate) by_predictor: Vec<f64>,
    own: usize,
    by_own: Vec<f64>,
}

impl Derivatives {
    /// Makes room for an item of so many categories and own parameters (all but the slopes).
    pub(super) fn reshape(&mut self, categories: usize, own: usize) {
        self.own = own;
        self.probability.resize(categories, 0.0);
        self.by_predictor.resize(categories, 0.0);
        self.by_own.resize(categories * own, 0.0);
    }

    /// Derivatives of one category's probability by the own parameters.
    pub(crate) fn by_own(&mut self, category: usize) -> &mut [f64] {
        &mut self.by_own[category * self.own..(category + 1) * self.own]
    }
}
