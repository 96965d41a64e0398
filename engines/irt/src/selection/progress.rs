//! What a test has given and what it may still give: no item twice, no family twice, nothing withdrawn, every quota kept
//! (`quotas.rs`). Decides which items may come next whatever they tell about the person; how often they were shown to
//! others is `exposure.rs`.

use super::Pool;
use super::quotas::{Balance, Quotas};

/// One test under way, as its content rules see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    open: Vec<bool>,
    given: Vec<usize>,
    balance: Balance,
    /// The only dimension that items may come from next.
    within: Option<usize>,
}

impl Progress {
    /// A test that has given nothing. `excluded` are positions that this person must not get: withdrawn, seen in an
    /// earlier test; positions outside the pool are ignored.
    pub fn new<const D: usize>(pool: &Pool<D>, quotas: &Quotas, excluded: &[usize]) -> Self {
        let mut open = vec![true; pool.items().len()];
        for &position in excluded {
            if let Some(open) = open.get_mut(position) {
                *open = false;
            }
        }
        let balance = Balance::new(quotas, left(pool, quotas, &open));
        Self { open, given: Vec::with_capacity(quotas.length()), balance, within: None }
    }

    /// From here on only items of this dimension come (closed form: a subset); the rules of the whole test stay in force.
    pub fn keep_within(&mut self, dimension: usize) {
        self.within = Some(dimension);
    }

    /// The item at a position is given; its family is closed (closed form: counts). A position outside the pool counts towards the length and is
    /// otherwise ignored.
    pub fn give<const D: usize>(&mut self, pool: &Pool<D>, quotas: &Quotas, position: usize) {
        self.given.push(position);
        let kind = kind(pool, quotas, position);
        if position < self.open.len() {
            if pool.family(position).iter().any(|&member| self.open[member]) {
                self.balance.lose(kind);
            }
            for &member in pool.family(position) {
                self.open[member] = false;
            }
        }
        self.balance.count(quotas, kind);
    }

    /// Leaves an item out of this test without giving it; its family stays (closed form: counts).
    pub fn leave_out<const D: usize>(&mut self, pool: &Pool<D>, quotas: &Quotas, position: usize) {
        self.open[position] = false;
        if !pool.family(position).iter().any(|&member| self.open[member]) {
            self.balance.lose(kind(pool, quotas, position));
        }
    }

    /// Items left of each kind that lie in no inner kind, by position of the quota, a family counted once; of no kind at the
    /// end (closed form: counts). What [`Quotas::conflict`] asks for.
    pub fn left(&self) -> &[usize] {
        self.balance.left()
    }

    /// Positions given, in order.
    pub fn given(&self) -> &[usize] {
        &self.given
    }

    /// Quotas that the test as given breaks, by position (closed form: counts beside bounds): none unless the pool had too few items left. A test of full length
    /// is judged by the rules as they are, a shorter one in proportion if they hold at every length.
    pub fn broken(&self, quotas: &Quotas) -> Vec<usize> {
        quotas.broken(&self.balance)
    }

    /// Positions of the items that the rules allow next, in rising order.
    ///
    /// # Source
    /// Shadow tests for nested rules: van der Linden (2005), *Linear Models for Optimal Test Design*, ch. 9; the greedy choice is
    /// exact because the whole tests are the bases of a matroid, Edmonds (1971), *Mathematical Programming* 1, 127–136.
    pub fn candidates<const D: usize>(&self, pool: &Pool<D>, quotas: &Quotas) -> Vec<usize> {
        let admitted = self.admitted(pool, quotas);
        // Every position is written and only those allowed are kept: no branch to be guessed wrong.
        let mut candidates = vec![0; self.open.len()];
        let mut kept = 0;
        for position in 0..self.open.len() {
            candidates[kept] = position;
            kept += usize::from(admitted.holds(position));
        }
        candidates.truncate(kept);
        candidates
    }

    /// The same as a question about one position.
    pub(super) fn admitted<'a, const D: usize>(&'a self, pool: &'a Pool<D>, quotas: &Quotas) -> Admitted<'a, D> {
        Admitted { open: &self.open, kinds: quotas.admitted(&self.balance), within: self.within, pool }
    }
}

/// What the rules allow next.
pub(super) struct Admitted<'a, const D: usize> {
    open: &'a [bool],
    /// By position of the quota; of no kind at the end.
    kinds: Vec<bool>,
    within: Option<usize>,
    pool: &'a Pool<D>,
}

impl<const D: usize> Admitted<'_, D> {
    pub fn holds(&self, position: usize) -> bool {
        let in_dimension = self.within.is_none_or(|dimension| self.pool.items()[position].dimension == dimension);
        self.open[position] && in_dimension && self.kinds[self.pool.kind(position, self.kinds.len() - 1)]
    }
}

/// Quota that counts the item at a position, or one past the last for an item that none counts.
fn kind<const D: usize>(pool: &Pool<D>, quotas: &Quotas, position: usize) -> usize {
    pool.kind(position, quotas.quotas().len())
}

/// Items of each kind that are open, a family counted once; of no kind at the end.
pub(super) fn left<const D: usize>(pool: &Pool<D>, quotas: &Quotas, open: &[bool]) -> Vec<usize> {
    let mut left = vec![0; quotas.quotas().len() + 1];
    for position in 0..pool.items().len() {
        let first_open = pool.family(position).iter().find(|&&member| open[member]);
        if first_open == Some(&position) {
            left[kind(pool, quotas, position)] += 1;
        }
    }
    left
}
