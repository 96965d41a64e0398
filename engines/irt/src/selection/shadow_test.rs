//! Shadow tests for rules of any kind: at every step a best whole test that holds the items already given and obeys all
//! rules; its best item comes next. So a rule on words, seconds or enemies cannot lead into a dead end, whatever the order
//! of the items. Kinds that lie within one another need no solver: `quotas.rs`.
//!
//! One step, 500 items under some 140 rules: `benches/shadow_test.rs`.

mod blueprint;
mod bound;
mod program;
mod relaxation;
mod search;
mod task;

use std::collections::BTreeSet;

use rand::Rng;

pub use blueprint::{Accuracy, Blueprint, BlueprintError, Rule};

use super::Exposure;
use super::choice::{Choice, pick, ranked};
use crate::numeric::random;
use bound::Bound;
use task::Task;

/// Least exposed items that are tried before a step that was to explore goes on as usual.
const EXPLORED: usize = 8;

/// Share of a test's value within which items count as wanted most, and subgradient steps to find them.
const NEAR: f64 = 0.02;
const GLANCE: usize = 40;

/// What a test gave up because no test obeyed all rules any more.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Relaxation {
    /// A rule, by position, whose sum will be `sum` in its own unit.
    Rule { rule: usize, sum: f64 },
    /// Too few items are left: the test ends after this many.
    Length(usize),
}

/// One person's test under way.
#[derive(Debug, Clone, PartialEq)]
pub struct ShadowTest {
    open: Vec<bool>,
    given: Vec<usize>,
    length: usize,
    /// Bounds of the whole test, in units of each rule's scale; wider than the blueprint's where relaxed.
    lower: Vec<f64>,
    upper: Vec<f64>,
    relaxed: Vec<Relaxation>,
    /// The items to come in the last shadow test, and the multipliers of its bound.
    to_come: Vec<usize>,
    multipliers: Vec<f64>,
    /// Loss of the last shadow test at most, as a share of its value.
    gap: f64,
    /// What the ceiling refused at the last step.
    refused: Vec<usize>,
}

impl ShadowTest {
    /// A test that has given nothing. `excluded` are positions that this person must not get: withdrawn, seen in an earlier
    /// test; positions outside the pool are ignored.
    pub fn new(blueprint: &Blueprint, excluded: &[usize]) -> Self {
        let mut test = Self {
            open: vec![true; blueprint.items()],
            given: Vec::with_capacity(blueprint.length()),
            length: blueprint.length(),
            lower: blueprint.lower.clone(),
            upper: blueprint.upper.clone(),
            relaxed: Vec::new(),
            to_come: blueprint.example.clone(),
            multipliers: vec![0.0; blueprint.rules().len()],
            gap: 0.0,
            refused: Vec::new(),
        };
        for &position in excluded {
            test.leave_out(position);
        }
        test
    }

    /// The item at a position is given; its family is closed. A position outside the pool counts towards the length and is
    /// otherwise ignored. Counting in closed form, no search.
    pub fn give(&mut self, blueprint: &Blueprint, position: usize) {
        self.given.push(position);
        self.to_come.retain(|&item| item != position);
        if let Some(&family) = blueprint.family_of.get(position) {
            for &member in &blueprint.families[family] {
                self.open[member] = false;
            }
        }
    }

    /// Leaves an item out of this test without giving it, because it was withdrawn; its family stays (closed form: counts, no
    /// search).
    pub fn leave_out(&mut self, position: usize) {
        if let Some(open) = self.open.get_mut(position) {
            *open = false;
        }
    }

    /// Positions given, in order.
    pub fn given(&self) -> &[usize] {
        &self.given
    }

    /// The items to come in the shadow test of the last step, the one chosen then included until it is given.
    pub fn to_come(&self) -> &[usize] {
        &self.to_come
    }

    /// Share of its value that the shadow test of the last step may lie below the best, 0 when it is the best.
    pub fn gap(&self) -> f64 {
        self.gap
    }

    /// What was given up so far, in order; empty as long as all rules hold. A rule that was given up twice is named twice, and
    /// the later sum counts.
    pub fn relaxed(&self) -> &[Relaxation] {
        &self.relaxed
    }

    /// The items to come, as they are asked for.
    fn task<'a>(&self, blueprint: &'a Blueprint, value: Vec<f64>) -> Task<'a> {
        let mut task = Task {
            blueprint,
            wanted: self.length.saturating_sub(self.given.len()),
            lower: self.lower.clone(),
            upper: self.upper.clone(),
            open: self.open.clone(),
            value,
        };
        for column in self.given.iter().filter_map(|&position| blueprint.columns.get(position)) {
            for &(rule, weight) in column {
                task.lower[rule] -= weight;
                task.upper[rule] -= weight;
            }
        }
        task
    }

    /// Shortens a test for which too few families are left.
    fn shorten(&mut self, blueprint: &Blueprint) {
        let offered = blueprint.families.iter().filter(|family| family.iter().any(|&member| self.open[member])).count();
        if self.given.len() + offered < self.length {
            self.length = self.given.len() + offered;
            self.relaxed.push(Relaxation::Length(self.length));
        }
    }

    /// Widens the bounds of as few rules as possible until a test obeys them; that test is to come.
    fn relax(&mut self, task: &Task<'_>) -> Option<()> {
        let found = relaxation::relax(task)?;
        let sums = task.sums(&found.test);
        for rule in found.rules {
            // What the items given sum to is the difference of the bounds.
            let missing = (task.lower[rule] - sums[rule]).max(0.0);
            let beyond = (sums[rule] - task.upper[rule]).max(0.0);
            let sum = if missing > 0.0 { self.lower[rule] - missing } else { self.upper[rule] + beyond };
            self.lower[rule] = self.lower[rule].min(sum);
            self.upper[rule] = self.upper[rule].max(sum);
            self.relaxed.push(Relaxation::Rule { rule, sum: sum * task.blueprint.scale[rule] });
        }
        self.to_come = found.test;
        Some(())
    }

    /// A least exposed item with which a whole test is found by exchanges.
    fn explore(&mut self, task: &Task<'_>, exposure: &Exposure<'_>, draw: f64) -> Option<Choice> {
        let open = (0..task.open.len()).filter(|&position| task.open[position]);
        let (mut permitted, closed): (Vec<usize>, Vec<usize>) = open.partition(|&position| exposure.permits(position));
        permitted.sort_by_key(|&position| exposure.count(position));
        let least = exposure.count(*permitted.first()?);
        let equals = permitted.iter().take_while(|&&position| exposure.count(position) == least).count();
        permitted[..equals].rotate_left(libm::floor(draw * equals as f64) as usize);
        for position in permitted.into_iter().take(EXPLORED) {
            let mut after = self.clone();
            after.give(task.blueprint, position);
            let rest = after.task(task.blueprint, task.value.clone());
            if let Some(mut test) = rest.repair(&after.to_come) {
                test.push(position);
                self.to_come = test;
                let refused = closed.into_iter().filter(|&item| exposure.count(item) <= exposure.count(position));
                return Some(Choice { position, refused: refused.collect() });
            }
        }
        None
    }

    /// The best test under the ceiling becomes the one to come. Positions that the ceiling kept out of it.
    ///
    /// What was refused grows until the test is permitted, and the last search begins where the first did: so with the same
    /// items refused at once, the test is the same.
    fn assemble(&mut self, blueprint: &Blueprint, value: &[f64], exposure: &Exposure<'_>) -> Option<BTreeSet<usize>> {
        let mut whole = self.task(blueprint, value.to_vec());
        let closed: BTreeSet<usize> =
            (0..whole.open.len()).filter(|&position| whole.open[position] && !exposure.permits(position)).collect();
        let before = exposure.refused.iter().chain(&self.refused).copied();
        let mut refused: BTreeSet<usize> = before.filter(|position| closed.contains(position)).collect();
        if refused.len() < closed.len() {
            refused.extend(wanted_most(&whole, &self.multipliers).intersection(&closed));
        }
        let mut relaxed = false;
        loop {
            let mut task = whole.clone();
            for &position in &refused {
                task.open[position] = false;
            }
            let mut found = search::best(&task, &self.multipliers, &self.to_come);
            if let Some(found) = &found {
                let blocked: Vec<usize> = found.test.iter().copied().filter(|item| closed.contains(item)).collect();
                if !blocked.is_empty() {
                    // With them all that would be chosen before the last of them: fewer rounds.
                    let reduced = &found.bound.reduced;
                    let last = blocked.iter().map(|&item| reduced[item]).fold(f64::INFINITY, f64::min);
                    refused.extend(closed.iter().filter(|&&item| reduced[item] >= last));
                    continue;
                }
            } else if refused.len() < closed.len() {
                refused.clone_from(&closed);
                continue;
            } else if !closed.is_empty() {
                found = search::best(&dearer(&whole, &closed), &self.multipliers, &self.to_come);
            }
            match found {
                Some(found) => {
                    self.gap = ((found.most - found.worth) / found.worth.abs().max(f64::MIN_POSITIVE)).max(0.0);
                    self.to_come = found.test;
                    self.multipliers = found.bound.multipliers;
                    return Some(refused);
                }
                None if relaxed => return None,
                None => {
                    self.relax(&whole)?;
                    relaxed = true;
                    whole = self.task(blueprint, value.to_vec());
                }
            }
        }
    }
}

/// Items that a good test could hold, found at little cost: which of them the ceiling refuses had better be known before a
/// search.
fn wanted_most(whole: &Task<'_>, multipliers: &[f64]) -> BTreeSet<usize> {
    let Some(bound) = Bound::at(whole, multipliers.to_vec()) else { return BTreeSet::new() };
    let share = NEAR * bound.most.abs();
    let known = bound.most - share;
    bound.tighten(whole, known, 0.0, GLANCE).undecided(whole, share).0.into_iter().collect()
}

/// The task with every closed item dearer than any exchange could gain, so that as few as possible of them come.
fn dearer<'a>(whole: &Task<'a>, closed: &BTreeSet<usize>) -> Task<'a> {
    let values = || whole.value.iter().zip(&whole.open).filter(|(_, open)| **open).map(|(value, _)| *value);
    let range = values().fold(f64::NEG_INFINITY, f64::max) - values().fold(f64::INFINITY, f64::min);
    let mut task = whole.clone();
    for &position in closed {
        task.value[position] -= 2.0 * range * whole.wanted as f64;
    }
    task
}

/// One person's test so far, as the choice of the next item sees it.
#[derive(Debug)]
pub struct Sitting<'a> {
    pub blueprint: &'a Blueprint,
    /// What was given, and the last shadow test, which a choice brings up to date; the item chosen is not yet given.
    pub test: &'a mut ShadowTest,
    /// Among how many of the best of the shadow test the next is drawn: 1 for the best, more at the first positions, so that
    /// people side by side do not see the same.
    pub best_few: usize,
}

/// The next item, or `None` when the test is whole or no item is left.
///
/// # Formula
/// Over x_j ∈ {0, 1}, given items fixed at 1: maximise Σ_j (score_j − price_j) x_j subject to Σ_j x_j = n, minimum_r ≤
/// Σ_j w_jr x_j ≤ maximum_r for every rule r, Σ x_j ≤ 1 over each family. Of the items of that test not yet given, the one
/// with the largest score − price; with `best_few` > 1 one of the best few at random. In this order:
///
/// 1. Rules of the test. When items were withdrawn and no test obeys all, as few rules as possible are widened as little as
///    possible and named by [`ShadowTest::relaxed`]; a person is never left without an item.
/// 2. Ceiling: items whose next showing would break it are no part of the shadow test. **If no test is without them, the one
///    with the fewest of them is taken**, and an item of it that is permitted, or else its least exposed, comes next.
/// 3. With probability ε the least exposed item with which a whole test is found (of the eight least exposed; otherwise as
///    without ε).
///
/// # Arguments
/// - `sitting`: rules, items given and left, the last shadow test.
/// - `score` of a position, in any unit, finite; of a rule of one dimension such as
///   [`maximum_information`](super::criterion::maximum_information) or of several such as [`d_optimal`](super::d_optimal).
/// - `exposure`: counters, ceiling, prices and ε. The caller counts the showing.
/// - `rng`: the seeded generator; two words a call.
///
/// # Source
/// van der Linden & Reese (1998), *Applied Psychological Measurement* 22, 259–270; van der Linden (2005), *Linear Models for
/// Optimal Test Design*, ch. 9. The bound that proves the loss is Lagrangian (`shadow_test/bound.rs`).
///
/// # Accuracy
/// With [`Accuracy::EXACT`] the optimum of scipy's HiGHS to 1e-9 and, where the rules lie within one another, the item of
/// [`Quotas`](super::Quotas). With [`Accuracy::LIVE`] the test loses at most 0.5 % of the value of its items to come, proven at every step,
/// unless the nodes ran out: [`ShadowTest::gap`] says what was proven. A bound is held to a millionth of the rule's largest
/// weight.
///
/// # Limits
/// A choice is made again from the same calls in the same order, since the last shadow test is where the next begins. `Choice::refused`
/// may name more positions than would have come before. A score that is not finite counts as 0.
///
/// ```
/// use melek_irt::selection::shadow_test::{Accuracy, Blueprint, Rule, ShadowTest, Sitting, choose};
/// use melek_irt::selection::{Exposure, ExposureControl, Showings};
/// use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
///
/// // Three of five items within 120 words; the first two give one another away.
/// let words = vec![60.0, 50.0, 40.0, 30.0, 20.0];
/// let rules = vec![
///     Rule { name: "words".into(), weights: words, minimum: None, maximum: Some(120.0) },
///     Rule::enemies("enemies 1", 5, &[0, 1]),
/// ];
/// let blueprint = Blueprint::new(3, &[None; 5], rules, Accuracy::EXACT)?;
/// let mut test = ShadowTest::new(&blueprint, &[]);
/// let none = Showings { started: 1, shown: &[] };
/// let exposure =
///     Exposure { control: ExposureControl::NONE, counts: none, priced: none, refused: &[], seed: 1, price_factor: 1.0 };
/// let score = |position: usize| [0.9, 0.8, 0.7, 0.2, 0.3][position];
/// let mut rng = ChaCha8Rng::seed_from_u64(1);
/// loop {
///     let mut sitting = Sitting { blueprint: &blueprint, test: &mut test, best_few: 1 };
///     let Some(choice) = choose(&mut sitting, score, &exposure, &mut rng) else { break };
///     test.give(&blueprint, choice.position);
/// }
/// assert_eq!(test.given(), [0, 2, 4]);
/// # Ok::<(), melek_irt::selection::shadow_test::BlueprintError>(())
/// ```
pub fn choose<R: Rng + ?Sized>(
    sitting: &mut Sitting<'_>,
    score: impl Fn(usize) -> f64,
    exposure: &Exposure<'_>,
    rng: &mut R,
) -> Option<Choice> {
    let Sitting { blueprint, test, best_few } = sitting;
    let explores = random::uniform(rng) < exposure.control.exploration;
    let draw = random::uniform(rng);
    test.shorten(blueprint);
    if test.given.len() >= test.length {
        return None;
    }
    let priced = |position: usize| {
        let value = score(position) - exposure.price(position);
        if value.is_finite() { value } else { 0.0 }
    };
    let value: Vec<f64> =
        (0..test.open.len()).map(|position| if test.open[position] { priced(position) } else { 0.0 }).collect();
    if explores && let Some(choice) = test.explore(&test.task(blueprint, value.clone()), exposure, draw) {
        return Some(choice);
    }
    let refused = test.assemble(blueprint, &value, exposure)?;
    let permitted: Vec<usize> = test.to_come.iter().copied().filter(|item| !refused.contains(item)).collect();
    let worth = |position: usize| value[position];
    let rarity = |position: usize| -(exposure.count(position) as f64);
    let (_, position) = if permitted.is_empty() {
        pick(&ranked(&test.to_come, rarity), 1, draw)?
    } else {
        pick(&ranked(&permitted, worth), (*best_few).max(1), draw)?
    };
    test.refused = refused.iter().copied().collect();
    Some(Choice { position, refused: test.refused.clone() })
}
