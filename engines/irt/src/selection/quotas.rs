//! Rules on how many items of a kind a test holds, for kinds that lie within one another: areas, competences within an
//! area. Decides which kinds may come next so that every rule can still be met.
//!
//! A shadow test (van der Linden 2005, *Linear Models for Optimal Test Design*, ch. 9) is, at every step, a best whole test
//! that holds the items already given and obeys all rules; its best item comes next. For nested kinds the whole tests are
//! the bases of a matroid (bounds on a laminar family), where the greedy choice is optimal (Edmonds 1971, *Mathematical
//! Programming* 1, 127–136): **the best item after which a whole test is still possible is the item a solver's shadow
//! test would give.** So no test is assembled; it is enough to count.

/// At least `minimum` and at most `maximum` items of one kind in a whole test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// Position of the kind that this kind lies in; it comes before this one.
    pub parent: Option<usize>,
    pub minimum: usize,
    pub maximum: usize,
}

/// When the rules must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// In a test of full length; for tests that always have it.
    WholeTest,
    /// In proportion at every length n of N, from ⌊minimum · n/N⌋ to ⌈maximum · n/N⌉: for tests that may stop at any time.
    EveryLength,
}

/// Rules that no test could obey, whatever the items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum QuotaError {
    #[error("a test needs at least one item")]
    Length,
    #[error("quota {0} asks for at least {1} and at most {2} items")]
    Bounds(usize, usize, usize),
    #[error("quota {0} lies in quota {1}, which does not come before it")]
    Parent(usize, usize),
}

/// Quotas and the length of a whole test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quotas {
    quotas: Vec<Quota>,
    length: usize,
    /// Lower and upper bound of each quota at each length that counts, in rising order of length.
    checkpoints: Vec<(usize, Vec<(usize, usize)>)>,
}

impl Quotas {
    /// Rules for tests of `length` items; an item belongs to the innermost kind it is of.
    pub fn new(quotas: Vec<Quota>, length: usize, scope: Scope) -> Result<Self, QuotaError> {
        if length == 0 {
            return Err(QuotaError::Length);
        }
        for (position, quota) in quotas.iter().enumerate() {
            if quota.minimum > quota.maximum {
                return Err(QuotaError::Bounds(position, quota.minimum, quota.maximum));
            }
            if let Some(parent) = quota.parent.filter(|&parent| parent >= position) {
                return Err(QuotaError::Parent(position, parent));
            }
        }
        let at = |items: usize| {
            let bound = |quota: &Quota| (quota.minimum * items / length, (quota.maximum * items).div_ceil(length));
            (items, quotas.iter().map(bound).collect())
        };
        let checkpoints = match scope {
            Scope::WholeTest => vec![at(length)],
            Scope::EveryLength => (1..=length).map(at).collect(),
        };
        Ok(Self { quotas, length, checkpoints })
    }

    /// Items of a whole test.
    pub fn length(&self) -> usize {
        self.length
    }

    /// The rules, by position.
    pub fn quotas(&self) -> &[Quota] {
        &self.quotas
    }

    /// Rules of which no whole test can meet all, and could if any one of them were left out, by position; none of them when
    /// there are fewer items than a test has. `None` when some test meets all. `left` are the items of each kind that lie in no inner kind, by position of the quota.
    ///
    /// # Source
    /// Deletion filter: Chinneck & Dravnieks (1991), *ORSA Journal on Computing* 3, 157–168.
    pub fn conflict(&self, left: &[usize]) -> Option<Vec<usize>> {
        let feasible = |quotas: &[Quota]| {
            let whole = quotas.iter().map(|quota| (quota.minimum, quota.maximum)).collect();
            let nothing = Balance::new(self, left.to_vec());
            self.reaches(&(self.length, whole), &nothing, Strictness::Strict)
        };
        let mut quotas = self.quotas.clone();
        if feasible(&quotas) {
            return None;
        }
        let mut needed = Vec::new();
        for position in 0..quotas.len() {
            let quota = quotas[position];
            quotas[position] = Quota { minimum: 0, maximum: self.length, ..quota };
            if feasible(&quotas) {
                quotas[position] = quota;
                needed.push(position);
            }
        }
        Some(needed)
    }

    /// Quotas that a test breaks, by position. Of a test that stopped early, those in proportion to its length.
    pub(super) fn broken(&self, balance: &Balance) -> Vec<usize> {
        let at = |bounds: &[(usize, usize)]| {
            let broken = |&kind: &usize| !(bounds[kind].0..=bounds[kind].1).contains(&balance.given[kind]);
            (0..self.quotas.len()).filter(broken).collect()
        };
        let here = self.checkpoints.iter().find(|(items, _)| *items == balance.total);
        here.map_or_else(Vec::new, |(_, bounds)| at(bounds))
    }

    /// Which kinds may come next; all `false` when the test is whole or nothing is left.
    ///
    /// When the rules cannot all be met any more, because items were withdrawn or seen before, each kind lacks no more than it
    /// has left: the test goes on as near to the rules as it can.
    pub(super) fn admitted(&self, balance: &Balance) -> Vec<bool> {
        let all = |strictness| -> Vec<bool> {
            (0..balance.left.len()).map(|kind| self.may_come(balance, kind, strictness)).collect()
        };
        let strict = all(Strictness::Strict);
        if strict.contains(&true) { strict } else { all(Strictness::Possible) }
    }

    fn may_come(&self, balance: &Balance, kind: usize, strictness: Strictness) -> bool {
        if balance.left[kind] == 0 || balance.total >= self.length {
            return false;
        }
        let mut after = balance.clone();
        after.lose(kind);
        after.count(self, kind);
        let mut later = self.checkpoints.iter().filter(|(items, _)| *items >= after.total);
        later.all(|checkpoint| self.reaches(checkpoint, &after, strictness))
    }

    /// Whether the bounds at a length can be met from here: what the kinds lack fits into the items to come, and what they
    /// may still take fills them.
    fn reaches(&self, (items, bounds): &(usize, Vec<(usize, usize)>), from: &Balance, strictness: Strictness) -> bool {
        let mut lacking = vec![0; self.quotas.len()];
        let mut room = from.left.clone();
        let (mut all_lack, mut all_room) = (0, from.left.get(self.quotas.len()).copied().unwrap_or(0));
        for (kind, quota) in self.quotas.iter().enumerate().rev() {
            let (lower, upper) = bounds[kind];
            let beyond = from.given[kind] > upper;
            let mut lacks = lower.saturating_sub(from.given[kind]).max(lacking[kind]);
            let takes = room[kind].min(upper.saturating_sub(from.given[kind]));
            if lacks > takes || beyond {
                match strictness {
                    Strictness::Strict => return false,
                    Strictness::Possible => lacks = lacks.min(takes),
                }
            }
            match quota.parent {
                Some(parent) => {
                    lacking[parent] += lacks;
                    room[parent] += takes;
                }
                None => {
                    all_lack += lacks;
                    all_room += takes;
                }
            }
        }
        let to_come = items - from.total;
        all_lack <= to_come && (all_room >= to_come || strictness == Strictness::Possible)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Strictness {
    Strict,
    Possible,
}

/// Items given and left, by kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Balance {
    /// Of each kind, inner kinds included.
    given: Vec<usize>,
    /// Of each kind, inner kinds not included; a family counts once. One place more than kinds: items of no kind.
    left: Vec<usize>,
    total: usize,
}

impl Balance {
    pub fn new(quotas: &Quotas, left: Vec<usize>) -> Self {
        Self { given: vec![0; quotas.quotas.len()], left, total: 0 }
    }

    pub fn left(&self) -> &[usize] {
        &self.left
    }

    /// One item of a kind is given.
    pub fn count(&mut self, quotas: &Quotas, kind: usize) {
        self.total += 1;
        let mut within = Some(kind).filter(|&kind| kind < quotas.quotas.len());
        while let Some(kind) = within {
            self.given[kind] += 1;
            within = quotas.quotas[kind].parent;
        }
    }

    /// One item fewer is left of a kind.
    pub fn lose(&mut self, kind: usize) {
        self.left[kind] = self.left[kind].saturating_sub(1);
    }
}
