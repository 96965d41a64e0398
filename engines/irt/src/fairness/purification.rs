//! Purification: the score that matches people is made only of items that were not found to differ themselves.
//!
//! All items match at first; the flagged ones are taken out and every item is tested again, until the flagged items are
//! the same twice (Lord 1980, *Applications of Item Response Theory*, 220; for this score Candell & Drasgow 1988). The
//! item under test always counts in its own score (see [`super::Matching`]).

use core::convert::Infallible;

use super::{FairnessError, Groups, MantelHaenszel, Matching, Strata, mantel_haenszel};
use crate::responses::Responses;

/// How items are flagged, and how often the flagged ones are taken out at most.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PurificationOptions {
    /// An item with p below it is flagged: 0 < α < 1.
    pub significance: f64,
    /// 0 leaves the score unpurified.
    pub most_rounds: usize,
}

impl Default for PurificationOptions {
    /// .05 and ten rounds, as in the R package difR.
    fn default() -> Self {
        Self { significance: super::adequacy::SIGNIFICANCE, most_rounds: 10 }
    }
}

/// Which items were flagged in the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purification {
    /// Items, ascending.
    pub flagged: Vec<usize>,
    /// Rounds after the first, unpurified one.
    pub rounds: usize,
    /// Whether the last two rounds flagged the same items; otherwise it goes round in a circle, and the flags are those
    /// of the last round.
    pub settled: bool,
}

/// Repeats a test of all items until it flags the same items twice.
///
/// # Formula
/// flagged₀ = flag(all items); flaggedₖ₊₁ = flag(all items but flaggedₖ), until two are equal.
///
/// # Arguments
/// `items`: their number. `most_rounds`: typically 10. `flag`: tests every item with people matched on the given items
/// and returns the flagged ones, in any order.
///
/// # Source
/// Lord (1980), *Applications of Item Response Theory to Practical Testing Problems*, 220; Candell & Drasgow (1988),
/// *Applied Psychological Measurement* 12, 253–260. The two-step rule of Holland & Thayer (1988) is `most_rounds` = 1.
///
/// # Accuracy
/// Exact.
///
/// # Limits
/// Helps where differences favour one group in most items; may mislead where they balance out (Zwick 2012, ETS
/// RR-12-08). Flags that grow to all items leave nothing to match on, which `flag` will report.
///
/// ```
/// use melek_irt::fairness::purify;
/// // A test that flags item 2 always, and item 0 only while item 2 is in the score.
/// let flag = |matching: &[usize]| Ok::<_, ()>(if matching.contains(&2) { vec![0, 2] } else { vec![2] });
/// let end = purify(4, 10, flag)?;
/// assert_eq!((end.flagged, end.rounds, end.settled), (vec![2], 2, true));
/// # Ok::<(), ()>(())
/// ```
pub fn purify<E>(
    items: usize,
    most_rounds: usize,
    mut flag: impl FnMut(&[usize]) -> Result<Vec<usize>, E>,
) -> Result<Purification, E> {
    let mut sorted = |matching: &[usize]| {
        flag(matching).map(|mut flagged| {
            flagged.sort_unstable();
            flagged
        })
    };
    let mut flagged = sorted(&(0..items).collect::<Vec<_>>())?;
    let mut settled = flagged.is_empty();
    let mut rounds = 0;
    while !settled && rounds < most_rounds {
        let matching: Vec<usize> = (0..items).filter(|item| flagged.binary_search(item).is_err()).collect();
        let next = sorted(&matching)?;
        rounds += 1;
        settled = next == flagged;
        flagged = next;
    }
    Ok(Purification { flagged, rounds, settled })
}

/// Every item by Mantel and Haenszel on a purified score.
#[derive(Debug, Clone, PartialEq)]
pub struct PurifiedMantelHaenszel {
    /// One verdict an item, from the last round; an item that cannot be tested is never flagged.
    pub items: Vec<Result<MantelHaenszel, FairnessError>>,
    pub purification: Purification,
}

/// Tests all items by Mantel and Haenszel, people matched on the items that are not flagged.
///
/// # Formula
/// [`purify`] with the test of [`mantel_haenszel`]: flagged is an item with p < α.
///
/// # Arguments
/// `responses`, `groups`: the same people, two groups, wrong and right answers. `options`: α and the number of rounds.
///
/// # Source
/// Holland & Thayer (1988), in Wainer & Braun, *Test Validity*, 129–145; iterated as in Magis, Béland, Tuerlinckx & De
/// Boeck (2010), *Behavior Research Methods* 42, 847–862.
///
/// # Accuracy
/// Agrees with numpy to a relative 1e-10 on `tests/reference/fairness_purified.csv`.
///
/// # Limits
/// People who lack an answer to a matching item are left out item by item, so the people may change between rounds.
///
/// ```
/// use melek_irt::fairness::{Groups, PurificationOptions, mantel_haenszel_of_all};
/// use melek_irt::responses::Responses;
/// let rows: Vec<[Option<u8>; 3]> = (0..40_u8).map(|n| [Some(n & 1), Some(n / 2 & 1), Some(n / 4 & 1)]).collect();
/// let groups: Vec<u16> = (0..40).map(|n| n / 8 % 2).collect();
/// let responses = Responses::from_rows(3, rows)?;
/// let all = mantel_haenszel_of_all(&responses, &Groups::new(&groups)?, PurificationOptions::default());
/// assert!(all.purification.flagged.is_empty() && all.items.len() == 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn mantel_haenszel_of_all(
    responses: &Responses,
    groups: &Groups,
    options: PurificationOptions,
) -> PurifiedMantelHaenszel {
    let mut items = Vec::new();
    let flag = |matching: &[usize]| {
        items = test_all(responses, groups, matching);
        let significant = |one: &&MantelHaenszel| one.p < options.significance;
        Ok::<_, Infallible>(items.iter().flatten().filter(significant).map(|one| one.item).collect())
    };
    let Ok(purification) = purify(responses.items(), options.most_rounds, flag);
    PurifiedMantelHaenszel { items, purification }
}

fn test_all(responses: &Responses, groups: &Groups, matching: &[usize]) -> Vec<Result<MantelHaenszel, FairnessError>> {
    match Strata::of_all(responses, groups, Matching::Items(matching)) {
        Ok(all) => all.into_iter().map(|strata| mantel_haenszel(&strata?)).collect(),
        Err(error) => vec![Err(error.into()); responses.items()],
    }
}
