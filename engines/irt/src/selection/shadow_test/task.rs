//! What is still to be assembled of one test, and the search for it by exchanging items. Sums in units of each rule's
//! largest weight, values in units of the score.

use super::blueprint::Blueprint;
use super::program::TOLERANCE;

/// The items to come: how many, within which sums, out of which.
#[derive(Debug, Clone)]
pub(super) struct Task<'a> {
    pub blueprint: &'a Blueprint,
    pub wanted: usize,
    /// Bounds on what the items to come sum to.
    pub lower: Vec<f64>,
    pub upper: Vec<f64>,
    pub open: Vec<bool>,
    /// What each item is worth, by position; finite.
    pub value: Vec<f64>,
}

/// Exchanges of a repair at most: beyond that the solver is faster.
const REPAIRS: usize = 15;
/// Exchanges for which an item that came in stays in.
const TABU: usize = 4;
/// Exchanges of which pairs are tried.
const PAIRED: usize = 120;
/// Passes of improvement at most; each takes the best exchange of every item.
const PASSES: usize = 8;

impl Task<'_> {
    pub fn worth(&self, test: &[usize]) -> f64 {
        test.iter().map(|&position| self.value[position]).sum()
    }

    /// Whether the items are a rest of a test that obeys all rules.
    pub fn obeys(&self, test: &[usize]) -> bool {
        self.obeys_but(test, &[])
    }

    /// The same, whatever the `loose` rules say.
    pub fn obeys_but(&self, test: &[usize], loose: &[usize]) -> bool {
        self.is_a_choice(test) && {
            let sums = self.sums(test);
            (0..sums.len()).all(|rule| loose.contains(&rule) || self.excess(rule, sums[rule]) <= TOLERANCE)
        }
    }

    /// As many as wanted, all open, no family twice.
    fn is_a_choice(&self, test: &[usize]) -> bool {
        let mut seen = vec![false; self.blueprint.families.len()];
        let first = |&position: &usize| {
            let seen = &mut seen[self.blueprint.family_of[position]];
            self.open[position] && !std::mem::replace(seen, true)
        };
        test.len() == self.wanted && test.iter().all(first)
    }

    pub fn sums(&self, test: &[usize]) -> Vec<f64> {
        let mut sums = vec![0.0; self.lower.len()];
        for &position in test {
            for &(rule, weight) in &self.blueprint.columns[position] {
                sums[rule] += weight;
            }
        }
        sums
    }

    /// By how much a sum misses its bounds.
    fn excess(&self, rule: usize, sum: f64) -> f64 {
        (self.lower[rule] - sum).max(sum - self.upper[rule]).max(0.0)
    }

    /// A test that obeys all rules, made from `start` by filling up and exchanging; `None` when that leads nowhere.
    pub fn repair(&self, start: &[usize]) -> Option<Vec<usize>> {
        let families = self.blueprint.families.len();
        let mut taken = vec![false; families];
        let mut test: Vec<usize> = Vec::with_capacity(self.wanted);
        let mut rest: Vec<usize> = (0..self.open.len()).filter(|&position| self.open[position]).collect();
        rest.sort_by(|&one, &other| self.value[other].total_cmp(&self.value[one]));
        for &position in start.iter().filter(|&&position| self.open[position]).chain(&rest) {
            let family = self.blueprint.family_of[position];
            if test.len() < self.wanted && !taken[family] {
                taken[family] = true;
                test.push(position);
            }
        }
        if test.len() < self.wanted {
            return None;
        }
        let mut until = vec![0; self.open.len()];
        for step in 1..=REPAIRS {
            let mut sums = self.sums(&test);
            let missed: f64 = (0..sums.len()).map(|rule| self.excess(rule, sums[rule])).sum();
            if missed <= TOLERANCE {
                return self.obeys(&test).then_some(test);
            }
            // The exchange that leaves least missing; of equals, the one worth most.
            let mut best: Option<(f64, f64, usize, usize)> = None;
            for (place, &out) in test.iter().enumerate() {
                if until[out] >= step {
                    continue;
                }
                let without = missed + self.shift(&mut sums, out, -1.0);
                let own = self.blueprint.family_of[out];
                for &into in &rest {
                    let family = self.blueprint.family_of[into];
                    if into == out || (taken[family] && family != own) || until[into] >= step {
                        continue;
                    }
                    let left = without + self.change(&sums, into);
                    let worth = self.value[into] - self.value[out];
                    let better = |&(least, most, ..): &(f64, f64, usize, usize)| {
                        left < least - TOLERANCE || (left <= least + TOLERANCE && worth > most)
                    };
                    if best.as_ref().is_none_or(better) {
                        best = Some((left, worth, place, into));
                    }
                }
                self.shift(&mut sums, out, 1.0);
            }
            let (_, _, place, into) = best?;
            let out = test[place];
            taken[self.blueprint.family_of[out]] = false;
            taken[self.blueprint.family_of[into]] = true;
            test[place] = into;
            until[into] = step + TABU;
            until[out] = step + TABU;
        }
        None
    }

    /// Exchanges items of a test that obeys all rules for better ones of `among` as long as it goes on obeying.
    pub fn improve(&self, test: &mut [usize], among: &[usize]) {
        let mut taken = vec![false; self.blueprint.families.len()];
        for &position in test.iter() {
            taken[self.blueprint.family_of[position]] = true;
        }
        for _ in 0..PASSES {
            let mut changed = false;
            for place in 0..test.len() {
                let out = test[place];
                let own = self.blueprint.family_of[out];
                let mut sums = self.sums(test);
                let kept: f64 = (0..sums.len()).map(|rule| self.excess(rule, sums[rule])).sum();
                let without = kept + self.shift(&mut sums, out, -1.0);
                let mut best = out;
                for &into in among {
                    let family = self.blueprint.family_of[into];
                    if self.value[into] > self.value[best]
                        && (!taken[family] || family == own)
                        && without + self.change(&sums, into) <= TOLERANCE / 2.0
                    {
                        best = into;
                    }
                }
                if best != out {
                    taken[own] = false;
                    taken[self.blueprint.family_of[best]] = true;
                    test[place] = best;
                    changed = true;
                }
            }
            if !changed {
                return;
            }
        }
    }

    /// Exchanges two items at once, of the [`PAIRED`] exchanges that lose least of `reduced`, as long as that gains and the test
    /// goes on obeying: what one exchange breaks another may mend.
    pub fn improve_by_pairs(&self, test: &mut [usize], among: &[usize], reduced: &[f64]) {
        let family = |position: usize| self.blueprint.family_of[position];
        for _ in 0..PASSES {
            let mut swaps: Vec<(f64, usize, usize)> = Vec::new();
            for (place, &out) in test.iter().enumerate() {
                for &into in among.iter().filter(|into| !test.contains(into)) {
                    if test.iter().all(|&other| other == out || family(other) != family(into)) {
                        swaps.push((reduced[into] - reduced[out], place, into));
                    }
                }
            }
            swaps.sort_by(|one, other| other.0.total_cmp(&one.0).then((one.1, one.2).cmp(&(other.1, other.2))));
            swaps.truncate(PAIRED);
            let Some(better) = self.pair(test, &swaps) else { return };
            for (place, into) in better {
                test[place] = into;
            }
        }
    }

    /// The first two of the exchanges that gain together and leave nothing broken.
    fn pair(&self, test: &[usize], swaps: &[(f64, usize, usize)]) -> Option<[(usize, usize); 2]> {
        let mut sums = self.sums(test);
        let kept: f64 = (0..sums.len()).map(|rule| self.excess(rule, sums[rule])).sum();
        let gain = |place: usize, into: usize| self.value[into] - self.value[test[place]];
        for (number, &(_, place, into)) in swaps.iter().enumerate() {
            let before = sums.clone();
            let first = kept + self.shift(&mut sums, test[place], -1.0) + self.shift(&mut sums, into, 1.0);
            for &(_, other, also) in &swaps[..number] {
                let apart = other != place && self.blueprint.family_of[also] != self.blueprint.family_of[into];
                if apart && gain(place, into) + gain(other, also) > TOLERANCE {
                    let out = first + self.shift(&mut sums, test[other], -1.0);
                    let left = out + self.change(&sums, also);
                    self.shift(&mut sums, test[other], 1.0);
                    if left <= TOLERANCE / 2.0 {
                        return Some([(place, into), (other, also)]);
                    }
                }
            }
            sums = before;
        }
        None
    }

    /// Adds an item `times` to the sums; the change of all excess.
    fn shift(&self, sums: &mut [f64], position: usize, times: f64) -> f64 {
        let mut change = 0.0;
        for &(rule, weight) in &self.blueprint.columns[position] {
            let sum = sums[rule] + times * weight;
            change += self.excess(rule, sum) - self.excess(rule, sums[rule]);
            sums[rule] = sum;
        }
        change
    }

    /// The change of all excess that one item more would make.
    fn change(&self, sums: &[f64], position: usize) -> f64 {
        let added =
            |&(rule, weight): &(usize, f64)| self.excess(rule, sums[rule] + weight) - self.excess(rule, sums[rule]);
        self.blueprint.columns[position].iter().map(added).sum()
    }
}
