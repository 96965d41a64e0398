//! What a simulation reports. Abilities and errors in logits, exposure and coverage as shares 0 … 1.

/// How near the estimates come to the truth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Accuracy {
    /// Share of people whose 95 % interval contains their ability.
    pub coverage: f64,
    /// Mean of estimate − truth.
    pub bias: f64,
    pub root_mean_square_error: f64,
    /// Mean of the standard errors that the people are told.
    pub mean_standard_error: f64,
}

/// Items a person.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Length {
    pub mean: f64,
    pub shortest: usize,
    pub tenth_percentile: usize,
    pub median: usize,
    pub ninetieth_percentile: usize,
    pub longest: usize,
}

/// People by the reason their test ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stops {
    pub precision: u32,
    /// It was clear on which side of every cut score the person is.
    pub decision: u32,
    /// No item left told enough.
    pub no_useful_item: u32,
    pub maximum: u32,
    /// No item was left that the rules allow.
    pub exhausted: u32,
}

/// How the showings spread over the items.
#[derive(Debug, Clone, PartialEq)]
pub struct ExposureSummary {
    /// Share of people who saw each item, by position in the pool.
    pub rates: Vec<f64>,
    pub largest: f64,
    /// Share of the items that nobody saw.
    pub unused: f64,
    /// Share of the items that fewer than one person in two hundred saw.
    pub rare: f64,
    /// Share of one person's items that a second person also saw, on average (Chen, Ankenmann & Spray 2003, *Journal of
    /// Educational Measurement* 40, 129–145).
    pub overlap: f64,
}

/// The people of one fifth of the population by true composite ability: averages over everybody hide what happens to
/// the weakest and the ablest, and how often people of like ability see the same items. NaN when nobody is in it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fifth {
    pub people: u32,
    /// Of the composite. A bias towards the population mean is what a prior does; over everybody it cancels.
    pub composite: Accuracy,
    pub mean_length: f64,
    /// Largest share of these people who saw one item.
    pub largest_exposure: f64,
    /// As [`ExposureSummary::overlap`], among these people.
    pub overlap: f64,
}

/// Verdicts on one level, as shares of the people.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shares {
    pub met: f64,
    pub not_sure: f64,
    pub not_met: f64,
    /// Of the verdicts met and not met together, the share that agrees with the true ability; NaN when there is none.
    pub right: f64,
}

/// Result of a simulation.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary<const D: usize> {
    pub people: u32,
    /// Of the composite.
    pub composite: Accuracy,
    /// Of each dimension.
    pub dimensions: [Accuracy; D],
    pub length: Length,
    pub stops: Stops,
    /// People whose test broke a quota.
    pub short_of_quotas: u32,
    pub exposure: ExposureSummary,
    /// From the fifth with the lowest true composite ability to the one with the highest.
    pub fifths: [Fifth; 5],
    /// By position in the plan's levels.
    pub levels: Vec<Shares>,
}
