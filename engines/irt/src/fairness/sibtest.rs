//! SIBTEST: the difference between equally able people where the groups differ in ability.
//!
//! People with the same score on the matching items are not equally able when the groups differ: the score is
//! unreliable, so each goes back towards the mean of its own group. SIBTEST moves the mean of the studied item in each
//! group along its regression on the matching score to a common true score (Shealy & Stout 1993) and averages what is
//! left. Its crossing form adds up the differences below and above the score where they change sign without letting
//! them cancel (Li & Stout 1996; test of Chalmers 2018).

use std::collections::BTreeMap;

use super::adequacy::{Adequacy, SIGNIFICANCE};
use super::crossing::{self, Crossing};
use super::moments::Moments;
use super::strata::chosen_items;
use super::tail::chi_square_above;
use super::{Class, FairnessError, Groups, StrataError};
use crate::responses::Responses;

/// |β| of a moderate and a large difference, for an item of 0 and 1: Roussos & Stout (1996), *Journal of Educational
/// Measurement* 33, 215–230.
const MODERATE: f64 = 0.059;
const LARGE: f64 = 0.088;

/// Where programs and papers part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SibtestConvention {
    /// As published. The regression of a group goes through the nearest scores that people of this group have (at its
    /// highest and lowest, the score itself); the crossing is sought among the compared scores and not rounded.
    #[default]
    Published,
    /// As the R package mirt 1.47 computes: the regression goes through the neighbouring scores that people of any
    /// group have, and a group without people there has mean 0; the crossing is sought among all scores that both
    /// groups have, those not compared with difference 0, and rounded to one significant digit.
    Mirt,
}

/// What people are matched on, and which scores are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SibtestOptions<'a> {
    /// Items believed to be fair; the studied item is never among them. `None`: all others.
    pub matching: Option<&'a [usize]>,
    /// A score is compared when each group has more people than this there.
    pub most_ignored: usize,
    pub convention: SibtestConvention,
}

impl Default for SibtestOptions<'_> {
    fn default() -> Self {
        Self { matching: None, most_ignored: 5, convention: SibtestConvention::default() }
    }
}

/// The difference of an item between two groups after correction for their abilities.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sibtest {
    pub item: usize,
    /// Mean difference in points, reference less focal: above 0 the item favours the reference group.
    pub beta: f64,
    pub standard_error: f64,
    /// (β/SE)², one degree of freedom.
    pub chi_square: f64,
    pub p: f64,
    pub crossing: Crossing,
    /// A: not significant at .05, or |β| below .059 of the item's range; C from .088; B between.
    pub class: Class,
    /// Matching scores that were compared.
    pub scores: usize,
    /// Share of the counted people who have these scores.
    pub share: f64,
    /// The power is that of finding |β| = .088 of the item's range.
    pub adequacy: Adequacy,
}

/// SIBTEST and crossing SIBTEST of one item.
///
/// # Formula
/// With k the score on the n matching items, Ȳ_g(k) the mean of the studied item in group g and ρ_g the reliability
/// (coefficient α) of the matching items there:
/// V_g(k) = (X̄_g + ρ_g (k − X̄_g))/n, V(k) = (V_R + V_F)/2, M_g(k) = (Ȳ_g(k₊) − Ȳ_g(k₋))/(V_g(k₊) − V_g(k₋)),
/// Y*_g(k) = Ȳ_g(k) + M_g(k) (V(k) − V_g(k)), β = Σ p(k) (Y*_R(k) − Y*_F(k)),
/// SE² = Σ p(k)² (s²_R(k)/n_R(k) + s²_F(k)/n_F(k)), p(k) the share of both groups' people. Compared are scores strictly
/// between the lowest and the highest with enough people and different answers in each group.
/// Crossing: see [`Crossing`].
///
/// # Arguments
/// `responses`, `groups`: the same people, two groups. `item`: from 0; wrong and right or ordered. `options`: see
/// there.
///
/// # Source
/// Shealy & Stout (1993), *Psychometrika* 58, 159–194; ordered items Chang, Mazzeo & Roussos (1996), *Journal of
/// Educational Measurement* 33, 333–353; crossing Li & Stout (1996), *Psychometrika* 61, 647–677, and Chalmers (2018),
/// *Psychometrika* 83, 376–386.
///
/// # Accuracy
/// Agrees with numpy to 1e-11 (β, SE) and 1e-8 (χ²) on `tests/reference/fairness_sibtest.csv`, in both conventions.
///
/// # Limits
/// People who lack an answer to the item or a matching item are left out. With few people only a few scores are
/// compared ([`Sibtest::share`]). No score to compare and a reliability of 0 or less are errors. Guessing is not
/// corrected for.
///
/// ```
/// use melek_irt::fairness::{Groups, SibtestOptions, sibtest};
/// use melek_irt::responses::Responses;
/// // 140 people with some order in their answers; each has a twin in the other group.
/// let answer = |person: usize, item: usize| u8::from(person * (item + 3) % 7 < 1 + person % 5);
/// let rows: Vec<_> = (0..280).map(|n| [0, 1, 2, 3, 4].map(|item| Some(answer(n / 2, item)))).collect();
/// let groups: Vec<u16> = (0..280).map(|n| n % 2).collect();
/// let (responses, groups) = (Responses::from_rows(5, rows)?, Groups::new(&groups)?);
/// let verdict = sibtest(&responses, &groups, 0, &SibtestOptions::default())?;
/// assert!(verdict.beta.abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn sibtest(
    responses: &Responses,
    groups: &Groups,
    item: usize,
    options: &SibtestOptions,
) -> Result<Sibtest, FairnessError> {
    let tally = Tally::of(responses, groups, item, options.matching)?;
    let reliability = [tally.reliability(0)?, tally.reliability(1)?];
    let levels = tally.compare(reliability, options);
    let compared: f64 = levels.iter().filter(|level| level.compared).map(Level::people).sum();
    if compared == 0.0 {
        return Err(FairnessError::NoScore { item, people: options.most_ignored });
    }
    let contributions: Vec<Contribution> = levels.iter().map(|level| level.contribution(compared)).collect();
    let beta: f64 = contributions.iter().map(|one| one.difference).sum();
    let standard_error = contributions.iter().map(|one| one.variance).sum::<f64>().sqrt();
    let chi_square = beta * beta / (standard_error * standard_error);
    let p = chi_square_above(chi_square, 1);
    let scores = responses.scores(item);
    let range = f64::from(scores[scores.len() - 1] - scores[0]);
    let all = tally.people[0] + tally.people[1];
    let at = crossing::score(&levels, all as f64, options.convention);
    Ok(Sibtest {
        item,
        beta,
        standard_error,
        chi_square,
        p,
        crossing: Crossing::of(&contributions, at),
        class: Class::by_size(beta.abs() / range, MODERATE, LARGE).if_significant(p < SIGNIFICANCE),
        scores: levels.iter().filter(|level| level.compared).count(),
        share: compared / all as f64,
        adequacy: Adequacy::of_sizes(&tally.people, tally.left_out).with_power(LARGE * range, standard_error),
    })
}

/// One score on the matching items.
#[derive(Debug, Clone, Copy)]
pub(super) struct Level {
    pub(super) score: f64,
    /// The studied item, reference and focal group.
    pub(super) groups: [Moments; 2],
    pub(super) compared: bool,
    /// Corrected difference, reference less focal; 0 where not compared.
    pub(super) difference: f64,
}

impl Level {
    fn people(&self) -> f64 {
        self.groups[0].people + self.groups[1].people
    }

    /// What the score adds to β and to its variance.
    fn contribution(&self, all: f64) -> Contribution {
        let weight = if self.compared { self.people() / all } else { 0.0 };
        let variance: f64 = if self.compared {
            self.groups.iter().map(|own| weight * weight * own.variance() / own.people).sum()
        } else {
            0.0
        };
        Contribution { score: self.score, difference: weight * self.difference, variance }
    }
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Contribution {
    pub(super) score: f64,
    pub(super) difference: f64,
    pub(super) variance: f64,
}

/// Everything that is counted, in one pass over the people.
struct Tally {
    item: usize,
    people: [usize; 2],
    left_out: usize,
    levels: BTreeMap<u32, [Moments; 2]>,
    /// By group, the matching items, and their sum.
    items: [Vec<Moments>; 2],
    sums: [Moments; 2],
    /// Number of matching items.
    matching: usize,
}

impl Tally {
    fn of(
        responses: &Responses,
        groups: &Groups,
        item: usize,
        matching: Option<&[usize]>,
    ) -> Result<Self, FairnessError> {
        let counts = matching_items(responses, groups, item, matching)?;
        let items = responses.items();
        let mut tally = Self {
            item,
            people: [0; 2],
            left_out: 0,
            levels: BTreeMap::new(),
            items: [vec![Moments::default(); items], vec![Moments::default(); items]],
            sums: [Moments::default(); 2],
            matching: counts.iter().filter(|counts| **counts).count(),
        };
        for person in 0..responses.persons() {
            if let Some(group) = groups.of(person).map(usize::from) {
                tally.add(responses, person, group, &counts);
            }
        }
        let empty = tally.people.iter().position(|people| *people == 0);
        empty.map_or(Ok(tally), |group| Err(StrataError::EmptyGroup { item, group }.into()))
    }

    fn add(&mut self, responses: &Responses, person: usize, group: usize, counts: &[bool]) {
        let (mut studied, mut sum, mut answered) = (None, 0, 0);
        let scores = || {
            let score = |at: usize, category: u8| u32::from(responses.scores(at)[usize::from(category)]);
            responses.of(person).iter().map(move |one| (usize::from(one.item), score(one.item.into(), one.category)))
        };
        for (at, score) in scores() {
            if at == self.item {
                studied = Some(score);
            } else if counts[at] {
                sum += score;
                answered += 1;
            }
        }
        let Some(studied) = studied.filter(|_| answered == self.matching) else {
            self.left_out += 1;
            return;
        };
        self.people[group] += 1;
        self.levels.entry(sum).or_default()[group].add(1.0, f64::from(studied));
        self.sums[group].add(1.0, f64::from(sum));
        for (at, score) in scores().filter(|(at, _)| counts[*at]) {
            self.items[group][at].add(1.0, f64::from(score));
        }
    }

    /// Coefficient α of the matching items in a group: n/(n − 1) (1 − Σ s²_i/s²) (Cronbach 1951, *Psychometrika* 16,
    /// 297–334; KR-20 for wrong and right).
    fn reliability(&self, group: usize) -> Result<f64, FairnessError> {
        let items = self.matching as f64;
        let parts: f64 = self.items[group].iter().map(Moments::variance).sum();
        let reliability = items / (items - 1.0) * (1.0 - parts / self.sums[group].variance());
        if reliability > 0.0 {
            Ok(reliability)
        } else {
            Err(FairnessError::Reliability { item: self.item, group, reliability })
        }
    }

    fn compare(&self, reliability: [f64; 2], options: &SibtestOptions) -> Vec<Level> {
        let new = |(score, groups): (&u32, &[Moments; 2])| Level {
            score: f64::from(*score),
            groups: *groups,
            compared: false,
            difference: 0.0,
        };
        let mut levels: Vec<Level> = self.levels.iter().map(new).collect();
        let truth = |group: usize, score: f64| {
            let mean = self.sums[group].mean();
            (mean + reliability[group] * (score - mean)) / self.matching as f64
        };
        for at in 1..levels.len().saturating_sub(1) {
            let enough = |own: &Moments| own.people > options.most_ignored as f64 && own.variance() > 0.0;
            if !levels[at].groups.iter().all(enough) {
                continue;
            }
            let score = levels[at].score;
            let common = (truth(0, score) + truth(1, score)) / 2.0;
            let [reference, focal] = [0, 1].map(|group| {
                let (below, above) = neighbours(&levels, at, group, options.convention);
                let mean = |level: &Level| {
                    let own = level.groups[group];
                    if own.people > 0.0 { own.mean() } else { 0.0 }
                };
                let run = truth(group, above.score) - truth(group, below.score);
                let slope = (mean(above) - mean(below)) / run;
                levels[at].groups[group].mean() + slope * (common - truth(group, score))
            });
            levels[at].compared = true;
            levels[at].difference = reference - focal;
        }
        levels
    }
}

/// The scores through which a group's regression goes.
fn neighbours(levels: &[Level], at: usize, group: usize, convention: SibtestConvention) -> (&Level, &Level) {
    match convention {
        SibtestConvention::Mirt => (&levels[at - 1], &levels[at + 1]),
        SibtestConvention::Published => {
            let occupied = |level: &&Level| level.groups[group].people > 0.0;
            let below = levels[..at].iter().rev().find(occupied).unwrap_or(&levels[at]);
            let above = levels[at + 1..].iter().find(occupied).unwrap_or(&levels[at]);
            (below, above)
        }
    }
}

/// Which items match; the studied one does not.
fn matching_items(
    responses: &Responses,
    groups: &Groups,
    item: usize,
    matching: Option<&[usize]>,
) -> Result<Vec<bool>, FairnessError> {
    let (items, persons) = (responses.items(), responses.persons());
    if groups.sizes().len() != 2 {
        return Err(FairnessError::Groups { groups: groups.sizes().len() });
    }
    if groups.persons() != persons {
        return Err(StrataError::Persons { groups: groups.persons(), responses: persons }.into());
    }
    if item >= items {
        return Err(StrataError::Item { item, items }.into());
    }
    if responses.categories(item) < 2 {
        return Err(StrataError::Constant { item, people: persons }.into());
    }
    let mut counts = matching.map_or(Ok(vec![true; items]), |chosen| chosen_items(items, chosen))?;
    counts[item] = false;
    if counts.iter().any(|counts| *counts) { Ok(counts) } else { Err(StrataError::NoMatchingItem { item }.into()) }
}
