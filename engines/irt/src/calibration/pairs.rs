//! How many people of each ability gave each pair of answers: a table of pairs of codes, filled by batches of people.
//!
//! Within a batch the work goes by pairs of units, not by people, so that the few rows of a pair of units stay in the
//! nearest cache while all people of the batch are added to them.

use core::ops::Range;

use super::coding::Coding;

/// People of a batch: their weights of the nodes fit the second cache.
const BATCH: usize = 128;

/// Nodes added at once.
const LANES: usize = 8;

/// Expected numbers of people by pair of codes and node.
pub(super) struct Pairs {
    nodes: usize,
    counts: Vec<[f64; LANES]>,
    weights: Vec<[f64; LANES]>,
    windows: Vec<Range<usize>>,
    /// Per unit: who of the batch answered something of it, and how.
    answers: Vec<Vec<(u16, u32)>>,
}

impl Pairs {
    /// Numbers a table for a coding would hold.
    pub(super) fn size(coding: &Coding, nodes: usize) -> usize {
        coding.len() * (coding.len() + 1) / 2 * nodes
    }

    /// An empty table; `nodes` is a multiple of eight.
    pub(super) fn new(coding: &Coding, nodes: usize) -> Self {
        Self {
            nodes,
            counts: vec![[0.0; LANES]; Self::size(coding, nodes) / LANES],
            weights: Vec::with_capacity(BATCH * nodes / LANES),
            windows: Vec::with_capacity(BATCH),
            answers: vec![Vec::with_capacity(BATCH); coding.units()],
        }
    }

    fn start(&self, one: u32, other: u32) -> usize {
        let (high, low) = (one.max(other) as usize, one.min(other) as usize);
        (high * (high + 1) / 2 + low) * (self.nodes / LANES)
    }

    /// The row of a pair.
    pub(super) fn row(&self, one: usize, other: usize) -> &[f64] {
        let start = self.start(one as u32, other as u32);
        self.counts[start..start + self.nodes / LANES].as_flattened()
    }

    /// Adds a person with weights of the nodes, zero outside `window`, a range of whole eights.
    #[inline(always)]
    pub(super) fn add(&mut self, coding: &Coding, codes: &[u32], weights: &[f64], window: &Range<usize>) {
        let person = self.windows.len() as u16;
        self.weights.extend_from_slice(weights.as_chunks().0);
        self.windows.push(window.start / LANES..window.end / LANES);
        for code in codes {
            self.answers[coding.unit_of[*code as usize] as usize].push((person, *code));
        }
        if self.windows.len() == BATCH {
            self.flush();
        }
    }

    /// Adds the people of the batch to the table.
    #[inline(always)]
    pub(super) fn flush(&mut self) {
        let answers = core::mem::take(&mut self.answers);
        for (number, unit) in answers.iter().enumerate() {
            for other in &answers[..=number] {
                self.flush_units(unit, other);
            }
        }
        self.answers = answers;
        self.answers.iter_mut().for_each(Vec::clear);
        self.weights.clear();
        self.windows.clear();
    }

    #[inline(always)]
    fn flush_units(&mut self, unit: &[(u16, u32)], other: &[(u16, u32)]) {
        let groups = self.nodes / LANES;
        let mut second = other.iter().peekable();
        for (person, code) in unit {
            while second.next_if(|(earlier, _)| earlier < person).is_some() {}
            let Some((_, other_code)) = second.next_if(|(same, _)| same == person) else { continue };
            let window = self.windows[usize::from(*person)].clone();
            let from = usize::from(*person) * groups;
            let start = self.start(*code, *other_code);
            let weights = &self.weights[from + window.start..from + window.end];
            for (row, weight) in self.counts[start + window.start..start + window.end].iter_mut().zip(weights) {
                for lane in 0..LANES {
                    row[lane] += weight[lane];
                }
            }
        }
    }
}
