//! All pairs of one room, with the false alarms of so many comparisons under control.
//!
//! Pairs with too few common items, or whose every agreement is certain, are counted and left out: they are neither
//! cleared nor suspected. Sources: the index
//! (`omega.rs`, `generalized_binomial.rs`) and the control (`multiplicity.rs`); room-wide use as in Maynes (2014), in
//! Kingston & Clark (eds.), *Test Fraud: Statistical Detection and Methodology*.

use super::multiplicity::{MultiplicityError, benjamini_hochberg, holm};
use super::pair::{Examinee, Prepared, SimilarityError, SimilarityTest};
use super::{generalized_binomial, omega};

/// Which test of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Index {
    /// One test a pair: van der Linden & Sotaridona (2006).
    GeneralizedBinomial,
    /// Two tests a pair, each person as the copier once, by the exact p-value: Wollack (1997).
    Omega,
}

/// What the level bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Control {
    /// The expected share of false alarms among the alarms: Benjamini & Hochberg (1995).
    FalseDiscoveryRate,
    /// The chance of any false alarm in the room: Holm (1979).
    FamilyWiseError,
}

/// How a room is compared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Policy {
    pub index: Index,
    pub control: Control,
    /// Above 0 and below 1; typically 0.01.
    pub level: f64,
}

/// One test of one pair.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Finding {
    /// Positions in the room. With [`Index::Omega`] the first is the supposed copier, else the first is the smaller.
    pub first: usize,
    pub second: usize,
    /// Items both were given, and those answered alike.
    pub common: usize,
    pub matches: usize,
    pub expected: f64,
    pub p_value: f64,
    /// Comparable with the level: adjusted for all tests of the room.
    pub adjusted_p_value: f64,
    /// Whether the adjusted p-value is at most the level.
    pub alarm: bool,
}

/// A whole room.
#[derive(Debug, Clone, PartialEq)]
pub struct RoomReport {
    /// The most suspect first; equal ones in the order of people.
    pub findings: Vec<Finding>,
    /// Pairs left out for too few common items.
    pub pairs_not_compared: usize,
}

/// Compares everybody in a room with everybody else.
///
/// # Formula
/// The index's p-value of every pair, adjusted over the room by the policy's control; alarm where p̃ ≤ level.
///
/// # Arguments
/// - `test`: response functions, fewest common items of a pair.
/// - `room`: people, answers by item.
/// - `policy`: index, control, level.
///
/// # Source
/// van der Linden & Sotaridona (2006), *Journal of Educational and Behavioral Statistics* 31, 283–304; Wollack (1997),
/// *Applied Psychological Measurement* 21, 307–320; Benjamini & Hochberg (1995), *JRSS B* 57, 289–300; Holm (1979),
/// *Scandinavian Journal of Statistics* 6, 65–70.
///
/// # Accuracy
/// As the index. With no copying at all, 200 simulated rooms of 20 people gave an alarm at level .05 in at most the
/// share that `tests/engine/similarity.rs` states.
///
/// # Limits
/// The work grows with the square of the people: 4,950 pairs for 100. Every pair needs its own chance to agree, so
/// adaptive tests, which give alike people alike items, are compared over common items only. One person or none gives an
/// empty report.
///
/// ```
/// use melek_irt::model::ResponseFunction;
/// use melek_irt::responses::Response;
/// use melek_irt::similarity::{Control, Examinee, Index, Policy, SimilarityTest, compare_room};
/// let items = vec![ResponseFunction::two_parameter(1.0, 0.0)?; 30];
/// let answers = |period: u16| (0..30).map(move |item| Response { item, category: u8::from(item % period == 0) });
/// let (a, b): (Vec<_>, Vec<_>) = (answers(2).collect(), answers(3).collect());
/// let room = [&a, &b, &a].map(|answers| Examinee { answers, ability: &[0.0] });
/// let policy = Policy { index: Index::GeneralizedBinomial, control: Control::FamilyWiseError, level: 0.01 };
/// let report = compare_room(&SimilarityTest { items: &items, minimum_common: 20 }, &room, &policy)?;
/// assert_eq!((report.findings[0].first, report.findings[0].second, report.findings[0].alarm), (0, 2, true));
/// assert!(!report.findings[1].alarm);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn compare_room(test: &SimilarityTest, room: &[Examinee], policy: &Policy) -> Result<RoomReport, SimilarityError> {
    if !(policy.level > 0.0 && policy.level < 1.0) {
        return Err(SimilarityError::Level(policy.level));
    }
    let mut people = Vec::with_capacity(room.len());
    for (person, examinee) in room.iter().enumerate() {
        let prepared = Prepared::new(test.items, examinee);
        people.push(prepared.map_err(|source| SimilarityError::Person { person, source: Box::new(source) })?);
    }
    let (mut findings, mut pairs_not_compared) = (Vec::new(), 0);
    for second in 0..people.len() {
        for first in 0..second {
            match compare(&people, [first, second], test.minimum_common, policy.index) {
                Ok(own) => findings.extend(own),
                Err(SimilarityError::TooFewCommon { .. } | SimilarityError::Certain) => pairs_not_compared += 1,
                Err(source) => return Err(SimilarityError::Pair { first, second, source: Box::new(source) }),
            }
        }
    }
    adjust(&mut findings, policy)?;
    findings.sort_by(|a, b| a.p_value.total_cmp(&b.p_value).then((a.first, a.second).cmp(&(b.first, b.second))));
    Ok(RoomReport { findings, pairs_not_compared })
}

/// The tests of one pair.
fn compare(
    people: &[Prepared],
    [first, second]: [usize; 2],
    minimum: usize,
    index: Index,
) -> Result<Vec<Finding>, SimilarityError> {
    let finding = |(first, second), common, (matches, expected), p_value| Finding {
        first,
        second,
        common,
        matches,
        expected,
        p_value,
        adjusted_p_value: 1.0,
        alarm: false,
    };
    match index {
        Index::GeneralizedBinomial => {
            let one = generalized_binomial::of(&people[first], &people[second], minimum)?;
            Ok(vec![finding((first, second), one.common, (one.matches, one.expected), one.p_value)])
        }
        Index::Omega => {
            let mut both = Vec::with_capacity(2);
            for (copier, source) in [(first, second), (second, first)] {
                let one = omega::of(&people[copier], &people[source], minimum)?;
                both.push(finding((copier, source), one.common, (one.matches, one.expected), one.exact_p_value));
            }
            Ok(both)
        }
    }
}

fn adjust(findings: &mut [Finding], policy: &Policy) -> Result<(), MultiplicityError> {
    let p_values: Vec<f64> = findings.iter().map(|finding| finding.p_value).collect();
    let adjusted = match policy.control {
        Control::FalseDiscoveryRate => benjamini_hochberg(&p_values)?,
        Control::FamilyWiseError => holm(&p_values)?,
    };
    for (finding, adjusted) in findings.iter_mut().zip(adjusted) {
        finding.adjusted_p_value = adjusted;
        finding.alarm = adjusted <= policy.level;
    }
    Ok(())
}
