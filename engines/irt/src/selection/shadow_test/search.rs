//! The best rest of a test, with a proof of how much better another could be. Cheapest first: the test of the step before
//! and its multipliers; then better multipliers; then exchanges; then the solver on the items that are not yet decided.

use super::bound::Bound;
use super::program::{self, Program, Verdict};
use super::task::Task;

/// A test that obeys all rules.
pub(super) struct Found {
    pub test: Vec<usize>,
    pub worth: f64,
    /// No test is worth more.
    pub most: f64,
    pub bound: Bound,
}

/// Rounds of better multipliers and of exchanges, and subgradient steps of each.
const ROUNDS: usize = 10;
const STEPS: usize = 40;
/// Undecided items that the solver takes at once after [`EARLY`] rounds: with more, better multipliers are the shorter way.
const FEW: usize = 40;
const EARLY: usize = 4;

/// `None` when no test obeys all rules, or when none was found within the nodes allowed.
pub(super) fn best(task: &Task<'_>, multipliers: &[f64], start: &[usize]) -> Option<Found> {
    let accuracy = task.blueprint.accuracy;
    let bound = Bound::at(task, multipliers.to_vec())?;
    let test = if task.obeys(start) { start.to_vec() } else { first(task, start)? };
    let mut found = Found { worth: task.worth(&test), most: bound.most, test, bound };
    for round in 0..ROUNDS {
        let enough = found.enough(accuracy.gap);
        if found.is_enough(accuracy.gap) {
            return Some(found);
        }
        if round >= EARLY && found.bound.undecided(task, found.most - found.worth - enough).0.len() <= FEW {
            break;
        }
        found.bound = found.bound.tighten(task, found.worth, enough, STEPS);
        found.most = found.most.min(found.bound.most);
        if found.is_enough(accuracy.gap) {
            return Some(found);
        }
        found.exchange(task);
    }
    if !found.is_enough(accuracy.gap) {
        found.exchange_pairs(task);
    }
    if !found.is_enough(accuracy.gap) {
        found.solve(task);
    }
    Some(found)
}

/// Any test, near `start` if possible.
fn first(task: &Task<'_>, start: &[usize]) -> Option<Vec<usize>> {
    if let Some(mut test) = task.repair(start) {
        let open: Vec<usize> = (0..task.open.len()).filter(|&position| task.open[position]).collect();
        task.improve(&mut test, &open);
        return Some(test);
    }
    let accuracy = task.blueprint.accuracy;
    let program =
        Program { task, columns: None, inside: &[], start: None, gap: accuracy.gap, nodes: accuracy.nodes, loose: &[] };
    match program::solve(&program) {
        Verdict::Found { test, .. } => Some(test),
        Verdict::Impossible | Verdict::Undecided => None,
    }
}

impl Found {
    fn enough(&self, gap: f64) -> f64 {
        gap * self.worth.abs() + 1e-12 * (1.0 + self.worth.abs())
    }

    fn is_enough(&self, gap: f64) -> bool {
        self.most - self.worth <= self.enough(gap)
    }

    /// Tries exchanges from the test as it is and from what attains the bound.
    fn exchange(&mut self, task: &Task<'_>) {
        let (may, _) = self.bound.undecided(task, self.most - self.worth);
        task.improve(&mut self.test, &may);
        self.worth = task.worth(&self.test);
        let mut narrow = task.clone();
        narrow.open.fill(false);
        for &position in &may {
            narrow.open[position] = true;
        }
        narrow.value.clone_from(&self.bound.reduced);
        if let Some(mut other) = narrow.repair(&self.bound.chosen) {
            task.improve(&mut other, &may);
            self.take(task, other);
        }
    }

    fn exchange_pairs(&mut self, task: &Task<'_>) {
        let (may, _) = self.bound.undecided(task, self.most - self.worth);
        task.improve_by_pairs(&mut self.test, &may, &self.bound.reduced);
        self.worth = task.worth(&self.test);
    }

    fn take(&mut self, task: &Task<'_>, test: Vec<usize>) {
        let worth = task.worth(&test);
        if worth > self.worth {
            self.test = test;
            self.worth = worth;
        }
    }

    /// Branch and bound over the items that a better test could hold.
    fn solve(&mut self, task: &Task<'_>) {
        let accuracy = task.blueprint.accuracy;
        let enough = self.enough(accuracy.gap);
        let outside = self.worth + enough;
        let (columns, inside) = self.bound.undecided(task, self.most - outside);
        let start = self.test.iter().all(|position| columns.contains(position)).then_some(self.test.as_slice());
        let program = Program {
            task,
            columns: Some(&columns),
            inside: &inside,
            start,
            gap: accuracy.gap,
            nodes: accuracy.nodes,
            loose: &[],
        };
        match program::solve(&program) {
            Verdict::Found { test, bound } => {
                self.take(task, test);
                self.most = self.most.min(outside.max(bound));
            }
            Verdict::Impossible => self.most = self.most.min(outside),
            Verdict::Undecided => {}
        }
    }
}
