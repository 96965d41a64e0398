//! Whether people with the same sum of scores answer an item as the model says: the statistic S-X².
//!
//! S-X²_i = Σ_s Σ_k (O_sk − E_sk)² / E_sk over the sums of scores s that are neither the lowest nor the highest, with
//! E_sk = N_s Σ_q w_q P_i(k | θ_q) S^(−i)(s − k | θ_q) / Σ_q w_q S(s | θ_q), S the chance of a sum of all items and S^(−i) of
//! the others. Sums can be observed, abilities cannot, so unlike older item statistics this one has its chi-square
//! distribution. Cells are joined until none expects fewer than one person; see `collapsing.rs`.

use super::chi_square::probability_above;
use super::collapsing::{Row, collapse};
use super::fitted::{FitError, Fitted};
use super::sum_scores::sum_scores;
use crate::numeric::symmetric::inner;

/// The fit of one item.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ItemFit {
    /// ≥ 0.
    pub statistic: f64,
    /// Cells less rows less estimated parameters; 0 where the table says nothing.
    pub degrees_of_freedom: usize,
    /// Chance of so large a statistic when the model holds; `None` without degrees of freedom.
    pub p_value: Option<f64>,
    /// Root mean square error of approximation, 0 without degrees of freedom.
    pub rmsea: f64,
}

/// S-X² of every item, from the people who answered all of them.
///
/// # Formula
/// Σ_s Σ_k (O_sk − E_sk)² / E_sk; see the head of this file. With several groups observed and expected counts are
/// summed over them before cells are joined.
///
/// # Arguments
/// At least two people must have answered every item; a thousand or more are usual.
///
/// # Source
/// Orlando & Thissen (2000), *Applied Psychological Measurement* 24, 50–64, eq. 3, and (2003), ibid. 27, 289–298; more
/// than two categories Kang & Chen (2008), *Journal of Educational Measurement* 45, 391–406.
///
/// # Accuracy
/// Statistics within 1e-3 of mirt 1.47 and equal degrees of freedom on `tests/reference/calibration`.
///
/// # Limits
/// People with a missing answer are left out: of an adaptive test nobody would be left. Scores are categories, so an
/// item of the nominal model is judged by its order too.
///
/// ```
/// use std::ops::ControlFlow;
/// use melek_irt::calibration::{Model, Options, Specification, calibrate};
/// use melek_irt::fit::{Fitted, summed_score_fit};
/// use melek_irt::responses::Responses;
/// let rows = (0_u8..160).map(|n| [n & 1, n >> 1 & 1, n >> 2 & 1, n >> 3 & 1].map(Some));
/// let responses = Responses::from_rows(4, rows.chain((0..20).map(|n| [Some(n % 2); 4])))?;
/// let specification = Specification::uniform(Model::Rasch, 4);
/// let calibration =
///     calibrate(&responses, &specification, &Options::default(), &mut |_| ControlFlow::Continue(()))?;
/// let items = summed_score_fit(&Fitted::new(&responses, &specification, &calibration)?)?;
/// assert!(items.iter().all(|item| item.statistic < 1e-3)); // equally hard items, answered equally at every sum
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn summed_score_fit(fitted: &Fitted<'_>) -> Result<Vec<ItemFit>, FitError> {
    let tables = summed_score_tables(fitted)?;
    let people = complete(fitted).count() as f64;
    Ok(tables.into_iter().enumerate().map(|(item, rows)| judge(fitted, item, &collapse(rows), people)).collect())
}

fn judge(fitted: &Fitted<'_>, item: usize, rows: &[Row], people: f64) -> ItemFit {
    let (mut statistic, mut cells) = (0.0, 0_usize);
    for (observed, expected) in rows.iter().flat_map(|row| row.observed.iter().zip(&row.expected)) {
        if *expected > 0.0 {
            statistic += (observed - expected) * (observed - expected) / expected;
            cells += 1;
        }
    }
    let mut parameters: Vec<usize> = fitted.calibration.links[item].iter().map(|link| link.parameter).collect();
    parameters.sort_unstable();
    parameters.dedup();
    let ability: usize = fitted.calibration.groups.iter().map(|group| group.latent.elements().len()).sum();
    let degrees_of_freedom = cells.saturating_sub(rows.len() + parameters.len() + ability);
    let degrees = degrees_of_freedom as f64;
    let known = degrees_of_freedom > 0;
    ItemFit {
        statistic,
        degrees_of_freedom,
        p_value: known.then(|| probability_above(statistic, degrees_of_freedom)),
        rmsea: if known { ((statistic / degrees - 1.0).max(0.0) / (people - 1.0).max(1.0)).sqrt() } else { 0.0 },
    }
}

/// People who answered every item.
fn complete<'f>(fitted: &'f Fitted<'_>) -> impl Iterator<Item = usize> + 'f {
    let responses = fitted.responses;
    (0..responses.persons()).filter(move |person| responses.of(*person).len() == responses.items())
}

/// Per item, the rows of sums above the lowest and below the highest, sums that exclude a category joined to the next
/// that does not.
fn summed_score_tables(fitted: &Fitted<'_>) -> Result<Vec<Vec<Row>>, FitError> {
    let items: Vec<Vec<Vec<f64>>> = (0..fitted.functions.len()).map(|item| fitted.probabilities(item)).collect();
    let highest: usize = items.iter().map(|item| item.len() - 1).sum();
    let mut people = vec![vec![0.0; highest + 1]; fitted.groups()];
    let mut tables: Vec<Vec<Row>> = items.iter().map(|item| empty(highest, item.len())).collect();
    let mut found = 0;
    for person in complete(fitted) {
        found += 1;
        let answers = fitted.responses.of(person);
        let sum: usize = answers.iter().map(|answer| usize::from(answer.category)).sum();
        people[fitted.group(person)][sum] += 1.0;
        for answer in answers {
            tables[usize::from(answer.item)][sum].observed[usize::from(answer.category)] += 1.0;
        }
    }
    if found < 2 {
        return Err(FitError::CompleteRows { found, needed: 2 });
    }
    let all = sum_scores(items.iter(), fitted.nodes.count);
    for (item, table) in tables.iter_mut().enumerate() {
        let others = items.iter().enumerate().filter(|(other, _)| *other != item).map(|(_, own)| own);
        let sums = Sums { own: &items[item], others: sum_scores(others, fitted.nodes.count), all: &all };
        expect(fitted, &people, &sums, table);
        fold(table, items[item].len());
    }
    Ok(tables)
}

fn empty(highest: usize, categories: usize) -> Vec<Row> {
    vec![Row { observed: vec![0.0; categories], expected: vec![0.0; categories] }; highest + 1]
}

/// Chances of an item's categories, of the sums of the other items and of all.
struct Sums<'a> {
    own: &'a [Vec<f64>],
    others: Vec<Vec<f64>>,
    all: &'a [Vec<f64>],
}

/// Adds the expected counts of all groups.
fn expect(fitted: &Fitted<'_>, people: &[Vec<f64>], sums: &Sums<'_>, table: &mut [Row]) {
    for (weights, people) in fitted.weights.iter().zip(people) {
        for (category, probabilities) in sums.own.iter().enumerate() {
            let weighted: Vec<f64> = probabilities.iter().zip(weights).map(|(p, weight)| p * weight).collect();
            for (rest, chances) in sums.others.iter().enumerate() {
                let sum = rest + category;
                if people[sum] > 0.0 {
                    let share = inner(&weighted, chances) / inner(weights, &sums.all[sum]);
                    table[sum].expected[category] += people[sum] * share;
                }
            }
        }
    }
}

/// Leaves out the lowest and the highest sum, and joins the sums that exclude a category to those that do not.
fn fold(table: &mut Vec<Row>, categories: usize) {
    table.pop();
    table.remove(0);
    let excluding = (categories - 2).min(table.len().saturating_sub(1) / 2);
    for _ in 0..excluding {
        let first = table.remove(0);
        table[0].add(&first);
        if let Some(last) = table.pop() {
            let place = table.len() - 1;
            table[place].add(&last);
        }
    }
}

#[cfg(test)]
mod tests {
    use core::ops::ControlFlow;

    use proptest::prelude::*;

    use super::*;
    use crate::calibration::{Model, Options, Specification, calibrate};
    use crate::model::{Form, ResponseFunction};
    use crate::responses::Responses;

    /// Three items of two, three and four categories.
    fn functions() -> Vec<ResponseFunction> {
        let forms = [vec![0.3], vec![0.8, -0.4], vec![1.5, 0.1, -1.0]].map(|intercepts| Form::Graded { intercepts });
        forms.into_iter().map(|form| ResponseFunction::new(vec![1.2], form).unwrap()).collect()
    }

    fn rows() -> impl Strategy<Value = Vec<[Option<u8>; 3]>> {
        let row = (0_u8..2, 0_u8..3, 0_u8..4).prop_map(|(two, three, four)| [Some(two), Some(three), Some(four)]);
        proptest::collection::vec(row, 2..80).prop_map(|mut rows| {
            // Every category occurs, so that none is numbered anew.
            rows.extend((0_u8..4).map(|k| [Some(k % 2), Some(k % 3), Some(k)]));
            rows
        })
    }

    proptest! {
        #[test]
        fn expected_counts_of_a_sum_are_as_many_as_the_people_who_have_it(rows in rows()) {
            let responses = Responses::from_rows(3, &rows).unwrap();
            let mut specification = Specification::uniform(Model::Graded, 3);
            for (item, function) in specification.items.iter_mut().zip(functions()) {
                item.fixed = Some(function);
            }
            let watch = &mut |_: &_| ControlFlow::Continue(());
            let calibration = calibrate(&responses, &specification, &Options::default(), watch).unwrap();
            let fitted = Fitted::new(&responses, &specification, &calibration).unwrap();
            for row in summed_score_tables(&fitted).unwrap().iter().flatten() {
                let (observed, expected): (f64, f64) = (row.observed.iter().sum(), row.expected.iter().sum());
                prop_assert!((observed - expected).abs() < 1e-9 * (1.0 + observed));
            }
        }
    }
}
