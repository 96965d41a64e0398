//! The rules of a whole test, each over sums of one weight an item. Refuses what no test could obey and says which rules
//! stand against each other. Sums are in the rule's own unit (items, words, seconds) outside this folder; inside, each rule
//! is divided by its largest weight.

use super::program::{self, Program, Verdict};
use super::task::Task;

/// A sum over all items of a whole test that must lie within bounds.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// What a conflict is reported by.
    pub name: String,
    /// What each item adds, by position: 1 and 0 for a kind or a set of enemies, words, seconds; finite.
    pub weights: Vec<f64>,
    /// Smallest sum; `None`: no limit.
    pub minimum: Option<f64>,
    /// Largest sum; `None`: no limit.
    pub maximum: Option<f64>,
}

impl Rule {
    /// A rule on the number of items that have a property: `has` of each item, by position, at least and at most so many.
    pub fn count(
        name: impl Into<String>,
        has: impl IntoIterator<Item = bool>,
        minimum: Option<usize>,
        maximum: Option<usize>,
    ) -> Self {
        let weights = has.into_iter().map(|has| f64::from(u8::from(has))).collect();
        let bound = |items: usize| items as f64;
        Self { name: name.into(), weights, minimum: minimum.map(bound), maximum: maximum.map(bound) }
    }

    /// Items that give one another away: at most one of them.
    pub fn enemies(name: impl Into<String>, items: usize, enemies: &[usize]) -> Self {
        Self::count(name, (0..items).map(|position| enemies.contains(&position)), None, Some(1))
    }
}

/// How hard the best test is looked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Accuracy {
    /// Loss that is accepted, as a share of the value of the items to come, 0 … 1; proven against an upper bound.
    pub gap: f64,
    /// Nodes of branch and bound at most, then the best test found is taken; a count, not a time, so that a path can be
    /// played again.
    pub nodes: u64,
}

impl Accuracy {
    /// For people who wait: 0.5 % below the best possible test, and 100 nodes, some 10 ms.
    pub const LIVE: Self = Self { gap: 0.005, nodes: 100 };
    /// The best test.
    pub const EXACT: Self = Self { gap: 0.0, nodes: 1_000_000 };
}

/// Rules that no test could obey.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum BlueprintError {
    #[error("a test needs at least one item")]
    Length,
    #[error("rule \"{rule}\" has {weights} weights for {items} items")]
    Weights { rule: String, weights: usize, items: usize },
    #[error("rule \"{rule}\" has weight {weight} at item {position}, which is not a finite number")]
    Weight { rule: String, position: usize, weight: f64 },
    #[error("rule \"{rule}\" asks for at least {minimum} and at most {maximum}")]
    Bounds { rule: String, minimum: f64, maximum: f64 },
    #[error("a test of {length} items, at most one of each family, cannot be made from a pool that offers {offered}")]
    Offered { length: usize, offered: usize },
    #[error("no test obeys these rules together: {}", .0.join("; "))]
    Conflict(Vec<String>),
    #[error("whether any test obeys all {0} rules was not found out; loosen the narrowest")]
    Undecided(usize),
}

/// Rules of which some test obeys all.
#[derive(Debug, Clone, PartialEq)]
pub struct Blueprint {
    pub(super) rules: Vec<Rule>,
    pub(super) length: usize,
    pub(super) accuracy: Accuracy,
    /// Family of each item; an item on its own is one.
    pub(super) family_of: Vec<usize>,
    pub(super) families: Vec<Vec<usize>>,
    /// Of each item, the rules that weigh it, in units of the rule's scale.
    pub(super) columns: Vec<Vec<(usize, f64)>>,
    /// Largest weight of each rule.
    pub(super) scale: Vec<f64>,
    pub(super) lower: Vec<f64>,
    pub(super) upper: Vec<f64>,
    /// One test that obeys all rules: where a first search starts.
    pub(super) example: Vec<usize>,
}

/// Nodes after which a conflict stays undecided.
pub(super) const PATIENCE: u64 = 20_000;

impl Blueprint {
    /// Rules for tests of `length` items, refused unless some test from the whole pool obeys all.
    ///
    /// # Arguments
    /// - `families`: of each item, by position: variants of one template share a number, nobody sees two; `None`: on its own.
    /// - `rules`: weights by position, one for each item.
    pub fn new(
        length: usize,
        families: &[Option<u32>],
        rules: Vec<Rule>,
        accuracy: Accuracy,
    ) -> Result<Self, BlueprintError> {
        if length == 0 {
            return Err(BlueprintError::Length);
        }
        for rule in &rules {
            check(rule, families.len())?;
        }
        let mut blueprint = Self::unchecked(length, families, rules, accuracy);
        let offered = blueprint.families.len();
        if offered < length {
            return Err(BlueprintError::Offered { length, offered });
        }
        let task = blueprint.whole(&[]);
        match task.feasible() {
            Verdict::Found { test, .. } => blueprint.example = test,
            Verdict::Undecided => return Err(BlueprintError::Undecided(blueprint.rules.len())),
            Verdict::Impossible => {
                let names = task.conflict().into_iter().map(|rule| blueprint.rules[rule].name.clone());
                return Err(BlueprintError::Conflict(names.collect()));
            }
        }
        Ok(blueprint)
    }

    fn unchecked(length: usize, families: &[Option<u32>], rules: Vec<Rule>, accuracy: Accuracy) -> Self {
        let mut numbered = std::collections::BTreeMap::new();
        let mut members: Vec<Vec<usize>> = Vec::new();
        let mut family_of = Vec::with_capacity(families.len());
        for (position, family) in families.iter().enumerate() {
            let next = members.len();
            let place = family.map_or(next, |family| *numbered.entry(family).or_insert(next));
            if place == next {
                members.push(Vec::new());
            }
            members[place].push(position);
            family_of.push(place);
        }
        let largest = |rule: &Rule| rule.weights.iter().fold(0.0_f64, |most, weight| most.max(weight.abs()));
        let scale: Vec<f64> = rules.iter().map(largest).map(|most| if most > 0.0 { most } else { 1.0 }).collect();
        let column = |position: usize| {
            let weight = |(rule, scale): (usize, &f64)| (rule, rules[rule].weights[position] / scale);
            scale.iter().enumerate().map(weight).filter(|(_, weight)| *weight != 0.0).collect()
        };
        let columns = (0..families.len()).map(column).collect();
        let bound = |bound: Option<f64>, scale: f64, none: f64| bound.map_or(none, |bound| bound / scale);
        let bounds = rules.iter().zip(&scale);
        let lower = bounds.clone().map(|(rule, &scale)| bound(rule.minimum, scale, f64::NEG_INFINITY)).collect();
        let upper = bounds.map(|(rule, &scale)| bound(rule.maximum, scale, f64::INFINITY)).collect();
        Self {
            rules,
            length,
            accuracy,
            family_of,
            families: members,
            columns,
            scale,
            lower,
            upper,
            example: Vec::new(),
        }
    }

    /// Items of a whole test.
    pub fn length(&self) -> usize {
        self.length
    }

    /// Items of the pool.
    pub fn items(&self) -> usize {
        self.columns.len()
    }

    /// The rules, by position.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Rules that no test without the `excluded` positions can meet together, and could if any one of them were left out, by
    /// position; none of them when too few items are left. `None` when some test meets all rules.
    ///
    /// # Source
    /// Deletion filter: Chinneck & Dravnieks (1991), *ORSA Journal on Computing* 3, 157–168; with 0-1 variables, Guieu &
    /// Chinneck (1999), *INFORMS Journal on Computing* 11, 63–77.
    ///
    /// # Limits
    /// A subset of which 20,000 nodes do not tell whether a test meets it counts as one that can be met: the set named is then
    /// still in conflict or undecided, but perhaps not the smallest.
    pub fn conflict(&self, excluded: &[usize]) -> Option<Vec<usize>> {
        let task = self.whole(excluded);
        match task.feasible() {
            Verdict::Found { .. } => None,
            Verdict::Impossible | Verdict::Undecided => Some(task.conflict()),
        }
    }

    /// All that is asked of a test that has given nothing, without the `excluded` positions.
    fn whole(&self, excluded: &[usize]) -> Task<'_> {
        let mut open = vec![true; self.items()];
        for &position in excluded {
            if let Some(open) = open.get_mut(position) {
                *open = false;
            }
        }
        Task {
            blueprint: self,
            wanted: self.length,
            lower: self.lower.clone(),
            upper: self.upper.clone(),
            open,
            value: vec![0.0; self.items()],
        }
    }

    /// Rules that a test of these items breaks, by position, in closed form: sums against bounds.
    pub fn broken(&self, items: &[usize]) -> Vec<usize> {
        let sum =
            |rule: usize| items.iter().map(|&item| self.rules[rule].weights[item]).sum::<f64>() / self.scale[rule];
        let kept = |rule: usize| {
            let sum = sum(rule);
            sum >= self.lower[rule] - program::TOLERANCE && sum <= self.upper[rule] + program::TOLERANCE
        };
        (0..self.rules.len()).filter(|&rule| !kept(rule)).collect()
    }
}

fn check(rule: &Rule, items: usize) -> Result<(), BlueprintError> {
    let name = || rule.name.clone();
    if rule.weights.len() != items {
        return Err(BlueprintError::Weights { rule: name(), weights: rule.weights.len(), items });
    }
    if let Some((position, &weight)) = rule.weights.iter().enumerate().find(|(_, weight)| !weight.is_finite()) {
        return Err(BlueprintError::Weight { rule: name(), position, weight });
    }
    let minimum = rule.minimum.unwrap_or(f64::NEG_INFINITY);
    let maximum = rule.maximum.unwrap_or(f64::INFINITY);
    if minimum <= maximum && minimum < f64::INFINITY && maximum > f64::NEG_INFINITY {
        Ok(())
    } else {
        Err(BlueprintError::Bounds { rule: name(), minimum, maximum })
    }
}

impl Task<'_> {
    /// Any test that obeys all rules.
    pub(super) fn feasible(&self) -> Verdict {
        if !self.within_reach() {
            return Verdict::Impossible;
        }
        match self.repair(&[]) {
            Some(test) => Verdict::Found { test, bound: f64::INFINITY },
            None => self.decide(),
        }
    }

    /// The same by the solver, which is faster where the answer is no.
    fn decide(&self) -> Verdict {
        program::solve(&Program {
            task: self,
            columns: None,
            inside: &[],
            start: None,
            gap: 0.0,
            nodes: PATIENCE,
            loose: &[],
        })
    }

    /// Whether every rule on its own could be met: in most conflicts that arise from withdrawn items one could not.
    fn within_reach(&self) -> bool {
        let mut weights: Vec<Vec<f64>> = vec![Vec::new(); self.lower.len()];
        for (column, _) in self.blueprint.columns.iter().zip(&self.open).filter(|(_, open)| **open) {
            for &(rule, weight) in column {
                weights[rule].push(weight);
            }
        }
        weights.into_iter().enumerate().all(|(rule, weights)| {
            let (least, most) = program::reach(weights, self.wanted);
            most >= self.lower[rule] - program::TOLERANCE && least <= self.upper[rule] + program::TOLERANCE
        })
    }

    /// The deletion filter: what is left when nothing more can be left out without making a test possible.
    pub(super) fn conflict(&self) -> Vec<usize> {
        let mut task = self.clone();
        let mut needed = Vec::new();
        for rule in 0..self.lower.len() {
            let (lower, upper) = (task.lower[rule], task.upper[rule]);
            task.lower[rule] = f64::NEG_INFINITY;
            task.upper[rule] = f64::INFINITY;
            let impossible = !task.within_reach() || matches!(task.decide(), Verdict::Impossible);
            if !impossible {
                task.lower[rule] = lower;
                task.upper[rule] = upper;
                needed.push(rule);
            }
        }
        needed
    }
}
