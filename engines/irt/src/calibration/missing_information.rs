//! What not knowing the abilities takes away from the information: Σ Cov(s_i) over each person's posterior.
//!
//! A person's score is (R + A) φ, see `score_expansion.rs`, so that its covariance is (R + A) V (R + A)ᵀ with V the small
//! covariance of φ. Of the sum over people, R ΣV Rᵀ and R Σ(V Aᵀ) need only sums of V, in all and by code. Σ A V Aᵀ is
//! summed person by person from V = L Lᵀ, where L has as few columns as V has variances worth mentioning: the narrower the
//! posterior, the straighter the functions across it.

use core::ops::Range;

use pulp::{Simd, WithSimd};

use super::cross_product::Panel;
use super::expectation::{Step, arch, person_posterior, pieces, table};
use super::information::Point;
use super::nodes::{TILE, Tile};
use super::posterior_covariance::{Moments, Person};
use super::score_expansion::Expansion;
use crate::numeric::parallel;
use crate::numeric::symmetric::{Symmetric, inner};

/// Cells of all pieces' sums together at most: 32 megabytes.
const MOST_CELLS: usize = 1 << 22;

/// Sums over all people: Σ Cov(s_i), and for robust errors Σ E[s_i] E[s_i]ᵀ, the middle of a sandwich.
pub(super) struct Sums {
    pub(super) missing: Symmetric,
    pub(super) crossed: Option<Symmetric>,
}

/// Both sums; `people` are the expected numbers of each group at every node.
pub(super) fn missing_information(point: &Point<'_>, step: &Step<'_>, people: &[Vec<Tile>], robust: bool) -> Sums {
    let mut together = vec![0.0; step.nodes.tiles() * TILE];
    for group in people {
        together.iter_mut().zip(group.as_flattened()).for_each(|(sum, people)| *sum += people);
    }
    let expansion = Expansion::new(point, (step.coding, step.nodes), together.clone(), robust);
    let moments = Moments::new(&expansion, step.nodes);
    let likelihood = table(step, point.functions);
    let cells = expansion.active.len() * expansion.active.len().div_ceil(TILE) * TILE;
    let ranges = pieces(step.coding.persons(), MOST_CELLS / cells.max(1));
    let task = Task { step, expansion: &expansion, moments: &moments, likelihood: &likelihood, robust };
    let mut total = Part::new(&task);
    let work = |range: &Range<usize>| {
        let mut part = Part::new(&task);
        arch(step.wide).dispatch(Persons { task: &task, range: range.clone(), part: &mut part });
        part
    };
    parallel::each(step.threads, &ranges, work, &mut |part| total.add(&part));
    total.sums(point.layout.length, &expansion, &together)
}

/// What all people have in common.
pub(super) struct Task<'a> {
    pub(super) step: &'a Step<'a>,
    pub(super) expansion: &'a Expansion,
    pub(super) moments: &'a Moments,
    pub(super) likelihood: &'a [Tile],
    pub(super) robust: bool,
}

impl Task<'_> {
    pub(super) fn is_shared(&self) -> bool {
        !self.expansion.shared.is_empty()
    }
}

/// The loop over people, compiled once for every width of arithmetic.
struct Persons<'a> {
    task: &'a Task<'a>,
    range: Range<usize>,
    part: &'a mut Part,
}

impl WithSimd for Persons<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Self { task, range, part } = self;
        let Task { step, expansion, moments, likelihood, .. } = *task;
        let mut person = Person::new(task);
        for number in range {
            let group = step.groups.get(number).map_or(0, |group| usize::from(*group));
            let codes = step.coding.of(number);
            let (scale, _) = person_posterior(&step.weights[group], likelihood, codes, &mut person.posterior);
            person.integrate(moments, step.nodes.count, scale);
            person.factor(moments);
            person.terms.clear();
            person.terms.extend(codes.iter().map(|code| *code as usize));
            person.terms.push(step.coding.len() + group);
            if task.is_shared() {
                part.add_covariance(&person, moments);
            }
            let every = person.choose_columns(expansion);
            person.combine(expansion);
            if every { part.add_dense(&mut person, task) } else { part.add_sparse(&mut person, task) }
        }
        part.dense.flush(&mut part.missing);
        part.dense_means.flush(&mut part.crossed);
    }
}

/// Sums over a piece of the people.
struct Part {
    /// Σ A V Aᵀ and Σ E[s] E[s]ᵀ: active parameters × tiles, the lower triangle; the second only where it is wanted.
    missing: Vec<Tile>,
    crossed: Vec<Tile>,
    /// Of each code and group, Σ V of those who have it: terms × leading functions × basis. Only where R is.
    by_term: Vec<f64>,
    /// Σ E[φ] E[φ]ᵀ, the lower triangle. Only where R is.
    squares: Vec<f64>,
    /// Rows of those who touch most parameters, and those of one person who does not.
    dense: Panel,
    dense_means: Panel,
    own: Panel,
    own_sum: Vec<Tile>,
}

impl Part {
    fn new(task: &Task<'_>) -> Self {
        let (active, count) = (task.expansion.active.len(), task.moments.count);
        let cells = active * active.div_ceil(TILE);
        let by_term = task.expansion.terms.len() * task.moments.leading * count;
        Self {
            missing: vec![[0.0; TILE]; cells],
            crossed: vec![[0.0; TILE]; if task.robust { cells } else { 0 }],
            by_term: vec![0.0; if task.is_shared() { by_term } else { 0 }],
            squares: vec![0.0; if task.is_shared() { count * count } else { 0 }],
            dense: Panel::new(active),
            dense_means: Panel::new(if task.robust { active } else { 0 }),
            own: Panel::new(0),
            own_sum: Vec::new(),
        }
    }

    #[inline(always)]
    fn add_covariance(&mut self, person: &Person, moments: &Moments) {
        let size = person.covariance.len();
        for term in &person.terms {
            let sum = &mut self.by_term[term * size..(term + 1) * size];
            sum.iter_mut().zip(&person.covariance).for_each(|(sum, value)| *sum += value);
        }
        let means = &person.means.as_flattened()[..moments.count];
        for (row, mean) in self.squares.chunks_exact_mut(moments.count).zip(means) {
            row.iter_mut().zip(means).for_each(|(sum, other)| *sum += mean * other);
        }
    }

    #[inline(always)]
    fn add_dense(&mut self, person: &mut Person, task: &Task<'_>) {
        person.push_covariance(task.moments.leading, &mut self.dense, &mut self.missing);
        if task.robust {
            person.push_mean(task, &mut self.dense_means, &mut self.crossed);
        }
    }

    #[inline(always)]
    fn add_sparse(&mut self, person: &mut Person, task: &Task<'_>) {
        let active = task.expansion.active.len();
        self.begin_own(person);
        person.push_covariance(task.moments.leading, &mut self.own, &mut self.own_sum);
        self.own.flush(&mut self.own_sum);
        scatter(&self.own_sum, &person.columns, active, &mut self.missing);
        if task.robust {
            self.begin_own(person);
            person.push_mean(task, &mut self.own, &mut self.own_sum);
            self.own.flush(&mut self.own_sum);
            scatter(&self.own_sum, &person.columns, active, &mut self.crossed);
        }
    }

    fn begin_own(&mut self, person: &Person) {
        let width = person.columns.len();
        self.own.begin(width);
        self.own_sum.clear();
        self.own_sum.resize(width * width.div_ceil(TILE), [0.0; TILE]);
    }

    fn add(&mut self, more: &Self) {
        let add = |sum: &mut [f64], more: &[f64]| sum.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
        add(self.missing.as_flattened_mut(), more.missing.as_flattened());
        add(self.crossed.as_flattened_mut(), more.crossed.as_flattened());
        add(&mut self.by_term, &more.by_term);
        add(&mut self.squares, &more.squares);
    }

    fn sums(&self, length: usize, expansion: &Expansion, people: &[f64]) -> Sums {
        let mut missing = symmetric(length, &expansion.active, &self.missing);
        if !expansion.shared.is_empty() {
            let half = self.half_of_shared(length, expansion, people);
            let count = expansion.basis.len();
            for (row, half_row) in half.chunks_exact(count).enumerate() {
                let shared_row = &expansion.shared[row * count..(row + 1) * count];
                for column in 0..=row {
                    let place = column * count..(column + 1) * count;
                    let value = inner(half_row, &expansion.shared[place.clone()]) + inner(shared_row, &half[place]);
                    missing.add(row, column, value);
                }
            }
        }
        missing.mirror();
        let crossed = (!self.crossed.is_empty()).then(|| {
            let mut crossed = symmetric(length, &expansion.active, &self.crossed);
            crossed.mirror();
            crossed
        });
        Sums { missing, crossed }
    }

    /// Σ A V + ½ R ΣV: parameters × basis. With its transpose, times R, it is all of the sum but Σ A V Aᵀ.
    fn half_of_shared(&self, length: usize, expansion: &Expansion, people: &[f64]) -> Vec<f64> {
        let (leading, count) = (expansion.leading, expansion.basis.len());
        let mut half = vec![0.0; length * count];
        for (terms, sums) in expansion.terms.iter().zip(self.by_term.chunks_exact(leading * count)) {
            let places = terms.runs.iter().flat_map(|(start, run)| *start..start + run);
            for (column, place) in places.enumerate() {
                let parameter = expansion.active[place];
                let row = &mut half[parameter * count..(parameter + 1) * count];
                for (function, sums) in sums.chunks_exact(count).enumerate() {
                    let factor = terms.coefficients[function * terms.width + column];
                    row.iter_mut().zip(sums).for_each(|(cell, sum)| *cell += factor * sum);
                }
            }
        }
        let mut covariance = vec![0.0; count * count];
        for first in 0..count {
            for second in 0..count {
                let products = expansion.basis.function(first).iter().zip(expansion.basis.function(second));
                let sum: f64 = products.zip(people).map(|((one, other), people)| people * one * other).sum();
                covariance[first * count + second] = sum - self.squares[first * count + second];
            }
        }
        for (row, shared) in half.chunks_exact_mut(count).zip(expansion.shared.chunks_exact(count)) {
            for (cell, column) in row.iter_mut().zip(covariance.chunks_exact(count)) {
                *cell += 0.5 * inner(shared, column);
            }
        }
        half
    }
}

/// Adds a matrix of a person's columns to the matrix of all.
#[inline(always)]
fn scatter(own: &[Tile], columns: &[usize], active: usize, sum: &mut [Tile]) {
    let tiles = columns.len().div_ceil(TILE);
    let all = active.div_ceil(TILE) * TILE;
    let sum = sum.as_flattened_mut();
    for (row, parameter) in columns.iter().enumerate() {
        let source = own[row * tiles..(row + 1) * tiles].as_flattened();
        let target = &mut sum[parameter * all..(parameter + 1) * all];
        for (column, value) in columns[..=row].iter().zip(source) {
            target[*column] += value;
        }
    }
}

/// The lower triangle of all parameters from that of the active ones.
fn symmetric(length: usize, active: &[usize], tiles: &[Tile]) -> Symmetric {
    let mut matrix = Symmetric::zeros(length);
    let all = active.len().div_ceil(TILE) * TILE;
    for (row, parameter) in active.iter().enumerate() {
        let source = &tiles.as_flattened()[row * all..];
        active[..=row].iter().zip(source).for_each(|(column, value)| matrix.add(*parameter, *column, *value));
    }
    matrix
}

#[cfg(test)]
mod tests {
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    use super::*;
    use crate::calibration::coding::Coding;
    use crate::calibration::integration::{Setting, weights};
    use crate::calibration::latent::Latent;
    use crate::calibration::layout::Layout;
    use crate::calibration::nodes::{Grid, Nodes};
    use crate::calibration::scores::ItemScores;
    use crate::calibration::specification::{Model, Specification};
    use crate::numeric::random::uniform;
    use crate::responses::Responses;

    const CLOSE: f64 = 1e-4;

    /// 300 people whose answers rise with ability; every `skipped`-th answer is missing.
    fn responses(items: usize, categories: u8, skipped: usize) -> Responses {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let rows = (0..300).map(|person| {
            let ability = (person % 60) as f64 / 60.0;
            let answer = |item: usize| {
                let chance = 0.6 * ability + 0.4 * uniform(&mut rng);
                let missing = (person + item) % skipped == skipped - 1;
                (!missing).then_some(((chance * f64::from(categories)) as u8).min(categories - 1))
            };
            (0..items).map(answer).collect::<Vec<_>>()
        });
        Responses::from_rows(items, rows).unwrap()
    }

    /// The same sums from each person's scores at every node.
    fn directly(point: &Point<'_>, step: &Step<'_>) -> [Symmetric; 2] {
        let nodes = step.nodes;
        let items: Vec<ItemScores> =
            (0..point.functions.len()).map(|item| ItemScores::new(point, nodes, item)).collect();
        let latent = point.layout.latent(point.values);
        let likelihood = table(step, point.functions);
        let mut posterior = vec![[0.0; TILE]; nodes.tiles()];
        let mut sums = [Symmetric::zeros(point.layout.length), Symmetric::zeros(point.layout.length)];
        for person in 0..step.coding.persons() {
            let group = step.groups.get(person).map_or(0, |group| usize::from(*group));
            let codes = step.coding.of(person);
            let (scale, _) = person_posterior(&step.weights[group], &likelihood, codes, &mut posterior);
            let mut scores = vec![vec![0.0; nodes.count]; point.layout.length];
            for (item, category) in codes.iter().flat_map(|code| step.coding.meaning(*code as usize)) {
                let ItemScores { parameters, categories } = &items[usize::from(*item)];
                let rows = categories[usize::from(*category)].chunks_exact(nodes.tiles());
                for (parameter, row) in parameters.iter().zip(rows) {
                    scores[*parameter].iter_mut().zip(row.as_flattened()).for_each(|(sum, value)| *sum += value);
                }
            }
            for (offset, row) in latent[group].scores(nodes).unwrap().iter().enumerate() {
                scores[point.layout.latent_start(group) + offset].clone_from(row);
            }
            let mean = |function: &dyn Fn(usize) -> f64| -> f64 {
                let weighted = posterior.as_flattened()[..nodes.count].iter().enumerate();
                weighted.map(|(node, weight)| scale * weight * function(node)).sum()
            };
            let means: Vec<f64> = scores.iter().map(|row| mean(&|node| row[node])).collect();
            for row in 0..means.len() {
                for column in 0..means.len() {
                    let of = |node: usize| (scores[row][node] - means[row]) * (scores[column][node] - means[column]);
                    sums[0].add(row, column, mean(&of));
                    sums[1].add(row, column, means[row] * means[column]);
                }
            }
        }
        sums
    }

    /// Of a cell, as a share of the squared scores of its row and column: what would be known with known abilities.
    fn largest_difference(found: &Symmetric, expected: &Symmetric, [missing, crossed]: &[Symmetric; 2]) -> f64 {
        let size = |row: usize| (missing.get(row, row) + crossed.get(row, row)).sqrt();
        let cells = (0..found.order()).flat_map(|row| (0..found.order()).map(move |column| (row, column)));
        let difference =
            |(row, column)| (found.get(row, column) - expected.get(row, column)).abs() / (size(row) * size(column));
        cells.map(difference).fold(0.0, f64::max)
    }

    fn check(responses: &Responses, specification: &Specification) {
        let layout = Layout::new(responses, specification);
        let values = layout.start(responses);
        let functions = layout.functions(&values).unwrap();
        let nodes = Nodes::new(&Grid::standard(specification.dimensions()), specification.dimensions());
        let coding = Coding::new(responses, 64, 1, 1);
        let weights = weights(&layout.latent(&values), &nodes).unwrap();
        let setting = Setting { groups: &specification.groups, threads: 1, wide: true };
        let step = crate::calibration::integration::step(&coding, &nodes, &weights, setting);
        let point = Point { layout: &layout, values: &values, functions: &functions };
        let people = crate::calibration::expectation::expect(&step, &functions).people;
        let found = missing_information(&point, &step, &people, true);
        let sums = directly(&point, &step);
        let difference = largest_difference(&found.missing, &sums[0], &sums);

        assert!(difference < CLOSE, "covariances differ by {difference:e}");
        let difference = largest_difference(&found.crossed.unwrap(), &sums[1], &sums);

        assert!(difference < CLOSE, "cross products differ by {difference:e}");
        let plain = missing_information(&point, &step, &people, false);
        assert!(plain.crossed.is_none() && largest_difference(&plain.missing, &found.missing, &sums) < CLOSE);
    }

    #[test]
    fn sums_over_people_are_those_taken_person_by_person() {
        let models = [
            (Model::TwoParameter, 2),
            (Model::ThreeParameter, 2),
            (Model::FourParameter, 2),
            (Model::Graded, 4),
            (Model::GeneralizedPartialCredit, 4),
            (Model::Nominal, 4),
            (Model::RatingScale, 4),
            (Model::GradedRatingScale, 4),
        ];
        for (model, categories) in models {
            // Everybody answered everything; some did not; few answered much.
            for skipped in [usize::MAX, 7, 2] {
                check(&responses(12, categories, skipped), &Specification::uniform(model, 12));
            }
        }
    }

    #[test]
    fn so_they_are_for_people_who_saw_few_of_many_items() {
        let rows = (0..300_usize).map(|person| {
            let seen = |item: usize| (item + 7 * person).is_multiple_of(20) || item == 0;
            (0..60).map(|item| seen(item).then_some(u8::from((person * 13 + item * 5) % 7 < 3))).collect::<Vec<_>>()
        });
        let responses = Responses::from_rows(60, rows).unwrap();
        check(&responses, &Specification::uniform(Model::TwoParameter, 60));
    }

    #[test]
    fn so_they_are_for_several_groups_and_in_two_dimensions() {
        let responses = responses(12, 2, usize::MAX);
        let mut specification = Specification::uniform(Model::TwoParameter, 12);
        specification.groups = (0..300).map(|person| person % 3).collect();
        specification.latent = vec![Latent::standard(1), Latent::free_group(), Latent::free_group()];
        check(&responses, &specification);
        let mut specification = Specification::uniform(Model::ThreeParameter, 12);
        specification.items.iter_mut().skip(6).for_each(|item| item.dimensions = vec![1]);
        specification.latent = vec![Latent::correlated(2)];
        check(&responses, &specification);
    }
}
