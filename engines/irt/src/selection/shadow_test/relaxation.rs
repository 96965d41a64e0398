//! What to give up when items were withdrawn and no test obeys all rules any more: as few rules as possible, each by as
//! little as possible. Takes tens of milliseconds, once for each time that items are missed.

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
    let mut loose: Vec<usize> = Vec::new();
    let mut test = loop {
        match task.without(&loose).feasible() {
            Verdict::Found { test, .. } => break test,
            Verdict::Impossible | Verdict::Undecided => {}
        }
        let conflict = task.without(&loose).conflict();
        let Some(&first) = conflict.first() else {
            // Too few families, or the solver gave up: any test, and whatever it breaks.
            let all: Vec<usize> = (0..task.lower.len()).collect();
            let test = task.without(&all).repair(&[])?;
            return Some(Relaxed { rules: task.broken(&test), test });
        };
        // One rule of every conflict is given up, whatever else is: if one alone is enough, it is among these.
        let enough = |rule: &&usize| {
            let with: Vec<usize> = loose.iter().chain([*rule]).copied().collect();
            matches!(task.without(&with).feasible(), Verdict::Found { .. })
        };
        let rule = if conflict.len() > 1 { conflict.iter().find(enough).copied() } else { None };
        loose.push(rule.unwrap_or(first));
    };
    for rule in loose.clone() {
        let others: Vec<usize> = loose.iter().copied().filter(|&other| other != rule).collect();
        if loose.len() > 1
            && let Verdict::Found { test: found, .. } = task.without(&others).feasible()
        {
            (loose, test) = (others, found);
        }
    }
    if !loose.is_empty() {
        let program = Program { task, columns: None, inside: &[], start: None, gap: 0.0, nodes: NEARER, loose: &loose };
        if let Verdict::Found { test: nearest, .. } = program::solve(&program) {
            test = nearest;
        }
    }
    Some(Relaxed { rules: task.broken(&test), test })
}

/// Nodes for the test that breaks the rules given up least.
const NEARER: u64 = 1_000;

impl Task<'_> {
    /// The task without the bounds of some rules.
    fn without(&self, loose: &[usize]) -> Self {
        let mut task = self.clone();
        for &rule in loose {
            task.lower[rule] = f64::NEG_INFINITY;
            task.upper[rule] = f64::INFINITY;
        }
        task
    }

    /// Rules that the items to come break, by position.
    fn broken(&self, test: &[usize]) -> Vec<usize> {
        let sums = self.sums(test);
        let broken =
            |&rule: &usize| sums[rule] < self.lower[rule] - TOLERANCE || sums[rule] > self.upper[rule] + TOLERANCE;
        (0..sums.len()).filter(broken).collect()
    }
}
