//! Every person's score as a combination of a few functions of ability: s = (R + A) φ, R the part that everybody shares, A
//! what the person's codes and group add.
//!
//! An item that everybody answered adds its scores of category 0 to R, and an answer only the difference from them. For
//! divide-by-total models that difference is the score times ability and a constant: one function whatever the number of
//! items, and nothing that varies for the intercepts.

use std::collections::BTreeMap;

use super::coding::Coding;
use super::information::Point;
use super::latent::Latent;
use super::nodes::{Nodes, TILE, Tile};
use super::score_basis::Basis;
use super::scores::ItemScores;

/// The combinations of a test.
pub(super) struct Expansion {
    pub(super) basis: Basis,
    /// How many functions of the basis, the first, A combines.
    pub(super) leading: usize,
    /// Per code, then per group: its part of A.
    pub(super) terms: Vec<Terms>,
    /// The parameters that A touches, ascending.
    pub(super) active: Vec<usize>,
    /// R: parameters × basis; empty where nothing is shared.
    pub(super) shared: Vec<f64>,
}

/// The part of A that comes from one code or group.
pub(super) struct Terms {
    /// Neighbours in the list of active parameters: the first, and how many.
    pub(super) runs: Vec<(usize, usize)>,
    pub(super) width: usize,
    /// Leading functions × the parameters of the runs.
    pub(super) coefficients: Vec<f64>,
    /// The same in single precision, in which they are summed person by person.
    pub(super) singles: Vec<f32>,
}

/// Scores of an item or of a group's ability, what everybody shares apart.
struct Source {
    parameters: Vec<usize>,
    /// Length of each parameter's score in the category where it is longest: rows are in this unit, so that parameters of
    /// which little is known are told as precisely as the others.
    units: Vec<f64>,
    /// Parameters × nodes, or empty.
    shared: Vec<Vec<f64>>,
    /// Per category, one for an ability: parameters × nodes.
    own: Vec<Vec<Vec<f64>>>,
}

/// A parameter, and its score as a combination of the leading functions.
type Row = (usize, Vec<f64>);

impl Expansion {
    /// `people`: expected numbers at every node, of all groups together. `all`: A touches the parameters of whatever a
    /// person answered, even where it adds only a constant.
    pub(super) fn new(point: &Point<'_>, (coding, nodes): (&Coding, &Nodes), people: Vec<f64>, all: bool) -> Self {
        let items = point.functions.len();
        let mut basis = Basis::new(people);
        let mut sources = Vec::with_capacity(items + 1);
        for (item, everybody) in by_everybody(coding, items).into_iter().enumerate() {
            sources.push(Source::item(ItemScores::new(point, nodes, item), nodes.tiles(), &basis, everybody));
        }
        sources.extend(Source::groups(point, nodes, &basis));
        basis.extend(sources.iter().flat_map(|source| &source.own).flatten().map(Vec::as_slice));
        let leading = basis.len();
        basis.extend(sources.iter().flat_map(|source| &source.shared).map(Vec::as_slice));
        let shared = shared(&basis, point.layout.length, &sources);
        let cells: Vec<Vec<Vec<Row>>> = sources.iter().map(|source| source.cells(&basis, leading)).collect();
        let touches = |(_, coefficients): &&Row| all || coefficients[1..].iter().any(|one| *one != 0.0);
        let mut active: Vec<usize> = cells.iter().flatten().flatten().filter(touches).map(|row| row.0).collect();
        active.sort_unstable();
        active.dedup();
        let meanings = (0..coding.len()).map(|code| {
            let meaning = coding.meaning(code).iter();
            meaning.flat_map(|(item, category)| &cells[usize::from(*item)][usize::from(*category)]).collect::<Vec<_>>()
        });
        let abilities = cells[items..].iter().map(|cells| cells.iter().flatten().collect());
        let terms = meanings.chain(abilities).map(|rows| Terms::new(&rows, &active, leading)).collect();
        Self { basis, leading, terms, active, shared }
    }
}

/// Which items everybody answered.
fn by_everybody(coding: &Coding, items: usize) -> Vec<bool> {
    let mut people = vec![0_usize; coding.len()];
    for person in 0..coding.persons() {
        coding.of(person).iter().for_each(|code| people[*code as usize] += 1);
    }
    let mut answered = vec![0; items];
    for (code, people) in people.iter().enumerate() {
        coding.meaning(code).iter().for_each(|(item, _)| answered[usize::from(*item)] += people);
    }
    answered.into_iter().map(|answered| answered == coding.persons()).collect()
}

/// R.
fn shared(basis: &Basis, length: usize, sources: &[Source]) -> Vec<f64> {
    let count = basis.len();
    let mut shared = Vec::new();
    for source in sources.iter().filter(|source| !source.shared.is_empty()) {
        shared.resize(length * count, 0.0);
        for (parameter, coefficients) in source.combinations(&source.shared, basis, count) {
            let target: &mut [f64] = &mut shared[parameter * count..(parameter + 1) * count];
            target.iter_mut().zip(coefficients).for_each(|(sum, value)| *sum += value);
        }
    }
    shared
}

impl Source {
    /// `own`: scores, per category parameters × nodes. What everybody shares is the score in category 0.
    fn new(parameters: Vec<usize>, mut own: Vec<Vec<Vec<f64>>>, basis: &Basis, everybody: bool) -> Self {
        let longest =
            |place: usize| own.iter().map(|rows| basis.length(&rows[place])).fold(f64::MIN_POSITIVE, f64::max);
        let units: Vec<f64> = (0..parameters.len()).map(longest).collect();
        for (row, unit) in own.iter_mut().flat_map(|rows| rows.iter_mut().zip(&units)) {
            row.iter_mut().for_each(|value| *value /= unit);
        }
        let mut shared = Vec::new();
        if everybody {
            shared.clone_from(&own[0]);
            for (row, base) in own.iter_mut().flat_map(|rows| rows.iter_mut().zip(&shared)) {
                row.iter_mut().zip(base).for_each(|(value, base)| *value -= base);
            }
        }
        Self { parameters, units, shared, own }
    }

    fn item(scores: ItemScores, tiles: usize, basis: &Basis, everybody: bool) -> Self {
        let rows = |tiled: Vec<Tile>| tiled.chunks_exact(tiles).map(|row| row.as_flattened().to_vec()).collect();
        Self::new(scores.parameters, scores.categories.into_iter().map(rows).collect(), basis, everybody)
    }

    /// The abilities, of one category each; a single group is everybody.
    fn groups(point: &Point<'_>, nodes: &Nodes, basis: &Basis) -> Vec<Self> {
        let latent = point.layout.latent(point.values);
        let group = |(group, own): (usize, &Latent)| {
            let start = point.layout.latent_start(group);
            let mut rows = own.scores(nodes).unwrap_or_default();
            rows.iter_mut().for_each(|row| row.resize(nodes.tiles() * TILE, 0.0));
            Self::new((start..start + rows.len()).collect(), vec![rows], basis, latent.len() == 1)
        };
        latent.iter().enumerate().map(group).collect()
    }

    /// Per category: its scores as combinations.
    fn cells(&self, basis: &Basis, leading: usize) -> Vec<Vec<Row>> {
        self.own.iter().map(|rows| self.combinations(rows, basis, leading).collect()).collect()
    }

    /// Rows as combinations of the first `count` functions.
    fn combinations(&self, rows: &[Vec<f64>], basis: &Basis, count: usize) -> impl Iterator<Item = Row> {
        self.parameters.iter().zip(&self.units).zip(rows).map(move |((parameter, unit), row)| {
            (*parameter, basis.coefficients(row, count).into_iter().map(|value| unit * value).collect())
        })
    }
}

impl Terms {
    /// The sum of rows, of which several may concern one parameter.
    fn new(rows: &[&Row], active: &[usize], leading: usize) -> Self {
        let mut sums: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
        for (parameter, coefficients) in rows {
            let Ok(place) = active.binary_search(parameter) else { continue };
            let sum = sums.entry(place).or_insert_with(|| vec![0.0; leading]);
            sum.iter_mut().zip(coefficients).for_each(|(sum, value)| *sum += value);
        }
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for place in sums.keys() {
            match runs.last_mut() {
                Some((start, length)) if *start + *length == *place => *length += 1,
                _ => runs.push((*place, 1)),
            }
        }
        let coefficients: Vec<f64> =
            (0..leading).flat_map(|function| sums.values().map(move |sum| sum[function])).collect();
        let singles = coefficients.iter().map(|value| *value as f32).collect();
        Self { runs, width: sums.len(), coefficients, singles }
    }
}
