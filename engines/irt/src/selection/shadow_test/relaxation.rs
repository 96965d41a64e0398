//! What to give up when items were withdrawn and no test obeys all rules any more: as few rules as possible, each by as
//! little as possible.

use super::program::{self, Program, TOLERANCE, Verdict};
use super::task::Task;

/// A rest of a test, and the rules it breaks.
pub(super) struct Relaxed {
    pub test: Vec<usize>,
    pub rules: Vec<usize>,
}

/// The nearest test there is. One or two rules are proven to be the fewest; of three and more it is only sure that none of
/// them can be kept beside all the others. `None` when there are too few families for the length.
pub(super) fn relax(task: &Task<'_>) -> Option<Relaxed> {
    let all: Vec<usize> = (0..task.lower.len()).collect();
    let Some(mut nearest) = attempt(task, &all) else {
        // The solver gave up: any test, and whatever it breaks.
        let mut free = task.clone();
        free.lower.fill(f64::NEG_INFINITY);
        free.upper.fill(f64::INFINITY);
        let test = free.repair(&[])?;
        return Some(Relaxed { rules: task.broken(&test), test });
    };
    if nearest.rules.len() > 1 {
        // Whatever is given up, one rule of every conflict is.
        if let Some(alone) = task.conflict().into_iter().find_map(|rule| attempt(task, &[rule])) {
            return Some(alone);
        }
    }
    for rule in nearest.rules.clone() {
        if nearest.rules.len() > 2 {
            let others: Vec<usize> = nearest.rules.iter().copied().filter(|&other| other != rule).collect();
            if let Some(fewer) = attempt(task, &others) {
                nearest = fewer;
            }
        }
    }
    Some(nearest)
}

/// The test that breaks the `loose` rules least, and no other.
fn attempt(task: &Task<'_>, loose: &[usize]) -> Option<Relaxed> {
    if loose.is_empty() {
        return None;
    }
    let nodes = task.blueprint.accuracy.nodes;
    let program = Program { task, columns: None, inside: &[], start: None, gap: 0.0, nodes, loose };
    match program::solve(&program) {
        Verdict::Found { test, .. } => Some(Relaxed { rules: task.broken(&test), test }),
        Verdict::Impossible | Verdict::Undecided => None,
    }
}

impl Task<'_> {
    /// Rules that the items to come break, by position.
    fn broken(&self, test: &[usize]) -> Vec<usize> {
        let sums = self.sums(test);
        let broken =
            |&rule: &usize| sums[rule] < self.lower[rule] - TOLERANCE || sums[rule] > self.upper[rule] + TOLERANCE;
        (0..sums.len()).filter(broken).collect()
    }
}
