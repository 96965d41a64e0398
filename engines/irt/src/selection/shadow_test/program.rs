//! The test as a 0-1 program, for the solver microlp: rows only for rules that could be broken. What the solver says is
//! checked again here; it decides by counts of nodes, never by time.

use microlp::{ComparisonOp, Error, OptimizationDirection, Problem, SolveOptions, SolveOutcome, Variable};

use super::task::Task;

/// Largest excess over a bound that counts as none, in units of the rule's largest weight: the rounding of sums, a
/// thousandth of a word.
pub(super) const TOLERANCE: f64 = 1e-6;

/// One question to the solver.
pub(super) struct Program<'a> {
    pub task: &'a Task<'a>,
    /// Positions that may come; `None`: all that are open.
    pub columns: Option<&'a [usize]>,
    /// Those of them that must come.
    pub inside: &'a [usize],
    /// A test known to be good.
    pub start: Option<&'a [usize]>,
    /// Loss accepted, as a share of the value.
    pub gap: f64,
    pub nodes: u64,
    /// Rules that may be broken; when there are any, the test that breaks them least is looked for, whatever its value.
    pub loose: &'a [usize],
}

pub(super) enum Verdict {
    Found {
        test: Vec<usize>,
        /// No test of these columns is worth more.
        bound: f64,
    },
    Impossible,
    Undecided,
}

pub(super) fn solve(program: &Program<'_>) -> Verdict {
    let task = program.task;
    let all: Vec<usize>;
    let columns = match program.columns {
        Some(columns) => columns,
        None => {
            all = (0..task.open.len()).filter(|&position| task.open[position]).collect();
            &all
        }
    };
    let elastic = !program.loose.is_empty();
    let mut problem = Problem::new(OptimizationDirection::Maximize);
    let mut variables: Vec<Variable> = Vec::with_capacity(columns.len());
    for &position in columns {
        let value = if elastic { 0.0 } else { task.value[position] };
        let least = i32::from(program.inside.contains(&position));
        variables.push(problem.add_integer_var(value, (least, 1)));
    }
    problem.add_constraint(variables.iter().map(|&variable| (variable, 1.0)), ComparisonOp::Eq, task.wanted as f64);
    if !rules(&mut problem, program, columns, &variables) {
        return Verdict::Impossible;
    }
    let mut families: Vec<Vec<Variable>> = vec![Vec::new(); task.blueprint.families.len()];
    for (&position, &variable) in columns.iter().zip(&variables) {
        families[task.blueprint.family_of[position]].push(variable);
    }
    for family in families.iter().filter(|family| family.len() > 1) {
        problem.add_constraint(family.iter().map(|&variable| (variable, 1.0)), ComparisonOp::Le, 1.0);
    }
    let mut options = SolveOptions::default();
    options.mip_gap = program.gap;
    options.node_limit = Some(program.nodes);
    options.warm_start = program.start.map(|start| {
        let share = |position: &usize| if start.contains(position) { 1.0 } else { 0.0 };
        columns.iter().zip(&variables).map(|(position, &variable)| (variable, share(position))).collect()
    });
    match problem.solve_with(options) {
        Ok(SolveOutcome::Solution(solution)) => {
            let taken =
                |(&position, &variable): (&usize, &Variable)| (solution.var_value(variable) > 0.5).then_some(position);
            let test: Vec<usize> = columns.iter().zip(&variables).filter_map(taken).collect();
            let bound = solution.stats().best_bound.unwrap_or(f64::INFINITY);
            if task.obeys_but(&test, program.loose) { Verdict::Found { test, bound } } else { Verdict::Undecided }
        }
        Ok(SolveOutcome::Interrupted(_)) => Verdict::Undecided,
        Err(Error::Infeasible) => Verdict::Impossible,
        Err(_) => Verdict::Undecided,
    }
}

/// Adds the rules that the columns could break; `false` when one of them is broken whatever comes.
fn rules(problem: &mut Problem, program: &Program<'_>, columns: &[usize], variables: &[Variable]) -> bool {
    let task = program.task;
    let mut rows: Vec<Vec<(Variable, f64)>> = vec![Vec::new(); task.lower.len()];
    for (&position, &variable) in columns.iter().zip(variables) {
        for &(rule, weight) in &task.blueprint.columns[position] {
            rows[rule].push((variable, weight));
        }
    }
    for (rule, row) in rows.into_iter().enumerate() {
        let (least, most) = reach(row.iter().map(|(_, weight)| *weight).collect(), task.wanted);
        let (lower, upper) = (task.lower[rule], task.upper[rule]);
        let loose = program.loose.contains(&rule);
        if !loose && (most < lower - TOLERANCE || least > upper + TOLERANCE) {
            return false;
        }
        for (comparison, bound, binds, sign) in [
            (ComparisonOp::Ge, lower, least < lower - TOLERANCE / 2.0, 1.0),
            (ComparisonOp::Le, upper, most > upper + TOLERANCE / 2.0, -1.0),
        ] {
            if binds {
                let mut row = row.clone();
                if loose {
                    row.push((problem.add_var(-1.0, (0.0, f64::INFINITY)), sign));
                }
                problem.add_constraint(row, comparison, bound);
            }
        }
    }
    true
}

/// Smallest and largest sum of at most `items` of the weights.
pub(super) fn reach(mut weights: Vec<f64>, items: usize) -> (f64, f64) {
    weights.sort_by(f64::total_cmp);
    let least = weights.iter().take(items).filter(|weight| **weight < 0.0).sum();
    let most = weights.iter().rev().take(items).filter(|weight| **weight > 0.0).sum();
    (least, most)
}
