//! What not knowing the abilities takes away from the information: Σ Cov(s_i) over each person's posterior.
//!
//! A person's score at a node is the sum of the scores of the person's codes. The nodes where the posterior is not
//! negligible make a small matrix, nodes × parameters, centred and weighted by the root of the posterior; its product
//! with itself is the person's covariance.

use pulp::{Simd, WithSimd};

use super::coding::Coding;
use super::expectation::{Step, arch, person_posterior, table};
use super::information::Point;
use super::nodes::{Nodes, TILE, Tile};
use crate::model::{Derivatives, ResponseFunction};
use crate::numeric::symmetric::Symmetric;

/// Longest step of the nodes that are kept, in standard deviations of the narrowest posterior: the error of a smooth
/// integral is then e^(−2π²/2.25) ≈ 2e-4 of what is subtracted.
const LONGEST_STEP: f64 = 1.5;

/// Longest step times the steepest slope: the response functions have poles at a distance of π/a from the real line,
/// so the error is e^(−2π²) ≈ 3e-9 at 1.
const STEEPEST_STEP: f64 = 1.0;

/// Posterior weight of a node below which it is passed over.
const NEGLIGIBLE: f64 = 1e-6;

/// People with fewer than this share of all parameters are summed cell by cell.
const DENSE: f64 = 0.3;

/// Sums over all people: Σ Cov(s_i), and Σ E[s_i] E[s_i]ᵀ, the middle of a sandwich.
pub(super) struct Sums {
    pub(super) missing: Symmetric,
    pub(super) crossed: Symmetric,
}

/// Both sums.
pub(super) fn missing_information(point: &Point<'_>, step: &Step<'_>) -> Sums {
    let kept = Kept::new(point, step.nodes);
    let scores = Scores::new(point, step.coding, step.nodes, &kept);
    let likelihood = table(step, point.functions);
    let latent = latent_scores(point, step.nodes, &kept);
    let mut missing = Missing::new(point.layout.length, step.nodes);
    arch(step.wide).dispatch(Persons {
        step,
        kept: &kept,
        likelihood: &likelihood,
        scores: &scores,
        latent: &latent,
        missing: &mut missing,
    });
    let (length, missing, crossed) = (missing.length, missing.sum, missing.crossed);
    Sums { missing: symmetric(length, &missing), crossed: symmetric(length, &crossed) }
}

/// The nodes that are kept: every how many-th of the grid.
struct Kept(Vec<usize>);

impl Kept {
    /// As few as the narrowest posterior and the steepest item allow; a posterior's variance is at least 1/(1 + I).
    fn new(point: &Point<'_>, nodes: &Nodes) -> Self {
        let mut stride = 1;
        if nodes.dimensions == 1 && nodes.count > 2 {
            let information = |node: usize| -> f64 {
                let of = |function: &ResponseFunction| {
                    function.slopes()[0] * function.slopes()[0] * function.information(nodes.at(node))
                };
                point.functions.iter().map(of).sum()
            };
            let largest = (0..nodes.count).map(information).fold(0.0, f64::max);
            let steepest = point.functions.iter().map(steepness).fold(0.0, f64::max);
            let longest = (LONGEST_STEP / (1.0 + largest).sqrt()).min(STEEPEST_STEP / steepest);
            stride = (longest / (nodes.at(1)[0] - nodes.at(0)[0])).floor().max(1.0) as usize;
        }
        Self((0..nodes.count).step_by(stride).collect())
    }
}

/// Largest change of a category's logit by a logit of ability.
fn steepness(function: &ResponseFunction) -> f64 {
    let scores = match function.form() {
        crate::model::Form::DivideByTotal { scoring, .. } => scoring.iter().fold(1.0_f64, |most, s| most.max(s.abs())),
        _ => 1.0,
    };
    function.slopes().iter().fold(0.0_f64, |most, slope| most.max(slope.abs())) * scores
}

/// Scores of every code at the kept nodes.
struct Scores {
    parameters: Vec<Vec<usize>>,
    /// Per code: kept nodes × the code's parameters.
    values: Vec<Vec<f64>>,
}

impl Scores {
    fn new(point: &Point<'_>, coding: &Coding, nodes: &Nodes, kept: &Kept) -> Self {
        let cells: Vec<_> = (0..point.functions.len()).map(|item| cell_scores(point, nodes, item, kept)).collect();
        let (mut parameters, mut values) = (Vec::new(), Vec::new());
        for code in 0..coding.len() {
            let meaning = coding.meaning(code);
            let mut own: Vec<usize> =
                meaning.iter().flat_map(|(item, _)| &cells[usize::from(*item)].0).copied().collect();
            own.sort_unstable();
            own.dedup();
            let mut sums = vec![0.0; kept.0.len() * own.len()];
            for (item, category) in meaning {
                let (names, by_category) = &cells[usize::from(*item)];
                let places: Vec<usize> = names.iter().map(|name| own.partition_point(|known| known < name)).collect();
                let rows = by_category[usize::from(*category)].chunks_exact(names.len().max(1));
                for (sum, row) in sums.chunks_exact_mut(own.len().max(1)).zip(rows) {
                    places.iter().zip(row).for_each(|(place, value)| sum[*place] += value);
                }
            }
            parameters.push(own);
            values.push(sums);
        }
        Self { parameters, values }
    }
}

/// Parameters of an item, and for each category the derivatives of ln P: kept nodes × parameters.
fn cell_scores(point: &Point<'_>, nodes: &Nodes, item: usize, kept: &Kept) -> (Vec<usize>, Vec<Vec<f64>>) {
    let (number, position) = point.layout.place[item];
    let block = &point.layout.blocks[number];
    let links = block.links(point.layout.block_values(block, point.values), position);
    let mut names: Vec<usize> = links.iter().map(|link| block.start + link.parameter).collect();
    names.sort_unstable();
    names.dedup();
    let function = &point.functions[item];
    let mut scores = vec![vec![0.0; names.len() * kept.0.len()]; function.categories()];
    let mut at = Derivatives::default();
    for (place, node) in kept.0.iter().enumerate() {
        let theta = nodes.at(*node);
        function.derivatives(function.predictor(theta), &mut at);
        for (category, score) in scores.iter_mut().enumerate() {
            let probability = at.probability[category].max(f64::MIN_POSITIVE);
            for link in &links {
                let slope = if link.local < theta.len() {
                    at.by_predictor[category] * theta[link.local]
                } else {
                    at.by_own(category)[link.local - theta.len()]
                };
                let column = names.partition_point(|name| *name < block.start + link.parameter);
                score[place * names.len() + column] += link.derivative * slope / probability;
            }
        }
    }
    (names, scores)
}

/// Parameters of an item, and for each category the derivatives of ln P: parameters × tiles of the item's nodes.
pub(super) fn tile_scores(point: &Point<'_>, nodes: &Nodes, item: usize) -> (Vec<usize>, Vec<Vec<Tile>>) {
    let (names, by_category) = cell_scores(point, nodes, item, &Kept((0..nodes.count).collect()));
    let tiles = nodes.tiles();
    let tiled = |values: Vec<f64>| {
        let mut rows = vec![[0.0; TILE]; names.len() * tiles];
        for (node, row) in values.chunks_exact(names.len().max(1)).enumerate() {
            for (place, value) in row.iter().enumerate() {
                rows[place * tiles + node / TILE][node % TILE] = *value;
            }
        }
        rows
    };
    let rows = by_category.into_iter().map(tiled).collect();
    (names, rows)
}

/// Per group: where the parameters of its ability begin, their number, and their scores: kept nodes × parameters.
fn latent_scores(point: &Point<'_>, nodes: &Nodes, kept: &Kept) -> Vec<(usize, usize, Vec<f64>)> {
    let scores = |(group, latent): (usize, &super::latent::Latent)| {
        let rows = latent.scores(nodes).unwrap_or_default();
        let values = kept.0.iter().flat_map(|node| rows.iter().map(|row| row[*node])).collect();
        (point.layout.latent_start(group), rows.len(), values)
    };
    point.layout.latent(point.values).iter().enumerate().map(scores).collect()
}

/// The loop over people, compiled once for every width of arithmetic.
struct Persons<'a> {
    step: &'a Step<'a>,
    kept: &'a Kept,
    likelihood: &'a [Tile],
    scores: &'a Scores,
    latent: &'a [(usize, usize, Vec<f64>)],
    missing: &'a mut Missing,
}

impl WithSimd for Persons<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Self { step, kept, likelihood, scores, latent, missing } = self;
        for person in 0..step.coding.persons() {
            let group = step.groups.get(person).map_or(0, |group| usize::from(*group));
            let codes = step.coding.of(person);
            person_posterior(&step.weights[group], likelihood, codes, &mut missing.posterior);
            missing.weigh(kept);
            missing.choose_columns(codes, scores, &latent[group]);
            missing.fill(codes, scores, &latent[group]);
            missing.centre();
            missing.multiply();
        }
    }
}

/// The sum over people, and room for one person.
struct Missing {
    length: usize,
    /// Parameters × tiles; the lower triangle.
    sum: Vec<Tile>,
    crossed: Vec<Tile>,
    posterior: Vec<Tile>,
    /// Kept nodes that are not negligible, with their weights.
    window: Vec<(usize, f64)>,
    /// The parameters the person touches; all of them when most are.
    columns: Vec<usize>,
    column_of: Vec<usize>,
    every: bool,
    /// Window × tiles of the person's columns.
    rows: Vec<Tile>,
    mean: Vec<Tile>,
    own: Vec<Tile>,
}

impl Missing {
    fn new(length: usize, nodes: &Nodes) -> Self {
        Self {
            length,
            sum: vec![[0.0; TILE]; length * length.div_ceil(TILE)],
            crossed: vec![[0.0; TILE]; length * length.div_ceil(TILE)],
            posterior: vec![[0.0; TILE]; nodes.tiles()],
            window: Vec::new(),
            columns: Vec::new(),
            column_of: (0..length).collect(),
            every: false,
            rows: Vec::new(),
            mean: Vec::new(),
            own: Vec::new(),
        }
    }

    #[inline(always)]
    fn weigh(&mut self, kept: &Kept) {
        let values = self.posterior.as_flattened();
        let total: f64 = kept.0.iter().map(|node| values[*node]).sum();
        let least = NEGLIGIBLE * total;
        self.window.clear();
        for (place, node) in kept.0.iter().enumerate() {
            if values[*node] > least {
                self.window.push((place, values[*node] / total));
            }
        }
    }

    #[inline(always)]
    fn choose_columns(&mut self, codes: &[u32], scores: &Scores, (start, count, _): &(usize, usize, Vec<f64>)) {
        let touched: usize = codes.iter().map(|code| scores.parameters[*code as usize].len()).sum();
        let every = touched as f64 >= DENSE * self.length as f64;
        if every {
            if !self.every {
                self.columns = (0..self.length).collect();
                self.column_of.clone_from(&self.columns);
            }
        } else {
            self.columns.clear();
            codes.iter().for_each(|code| self.columns.extend(&scores.parameters[*code as usize]));
            self.columns.extend(*start..start + count);
            self.columns.sort_unstable();
            self.columns.dedup();
            for (place, parameter) in self.columns.iter().enumerate() {
                self.column_of[*parameter] = place;
            }
        }
        self.every = every;
    }

    fn tiles(&self) -> usize {
        self.columns.len().div_ceil(TILE)
    }

    #[inline(always)]
    fn fill(&mut self, codes: &[u32], scores: &Scores, (start, count, latent): &(usize, usize, Vec<f64>)) {
        let tiles = self.tiles();
        self.rows.clear();
        self.rows.resize(self.window.len() * tiles, [0.0; TILE]);
        for code in codes {
            let parameters = &scores.parameters[*code as usize];
            let values = &scores.values[*code as usize];
            for ((place, _), row) in self.window.iter().zip(self.rows.chunks_exact_mut(tiles)) {
                let source = &values[place * parameters.len()..(place + 1) * parameters.len()];
                let row = row.as_flattened_mut();
                for (parameter, value) in parameters.iter().zip(source) {
                    row[self.column_of[*parameter]] += value;
                }
            }
        }
        for ((place, _), row) in self.window.iter().zip(self.rows.chunks_exact_mut(tiles)) {
            let row = row.as_flattened_mut();
            for (parameter, value) in (*start..start + count).zip(&latent[place * count..]) {
                row[self.column_of[parameter]] += value;
            }
        }
    }

    /// √w (s − Σ w s)
    #[inline(always)]
    fn centre(&mut self) {
        let tiles = self.tiles();
        self.mean.clear();
        self.mean.resize(tiles, [0.0; TILE]);
        for ((_, weight), row) in self.window.iter().zip(self.rows.chunks_exact(tiles)) {
            for (mean, tile) in self.mean.iter_mut().zip(row) {
                for lane in 0..TILE {
                    mean[lane] += weight * tile[lane];
                }
            }
        }
        for ((_, weight), row) in self.window.iter().zip(self.rows.chunks_exact_mut(tiles)) {
            let root = weight.sqrt();
            for (tile, mean) in row.iter_mut().zip(&self.mean) {
                for lane in 0..TILE {
                    tile[lane] = root * (tile[lane] - mean[lane]);
                }
            }
        }
    }

    /// Adds the product of the person's matrix with itself, and that of the person's mean score.
    #[inline(always)]
    fn multiply(&mut self) {
        let tiles = self.tiles();
        if self.every {
            product(&self.rows, tiles, self.length, &mut self.sum);
            product(&self.mean, tiles, self.length, &mut self.crossed);
            return;
        }
        let width = self.columns.len();
        for (rows, sum) in [(&self.rows, &mut self.sum), (&self.mean, &mut self.crossed)] {
            self.own.clear();
            self.own.resize(width * tiles, [0.0; TILE]);
            product(rows, tiles, width, &mut self.own);
            scatter(&self.own, &self.columns, self.length, sum);
        }
    }
}

/// Adds a matrix of a person's columns to the matrix of all.
#[inline(always)]
fn scatter(own: &[Tile], columns: &[usize], length: usize, sum: &mut [Tile]) {
    let tiles = columns.len().div_ceil(TILE);
    let all = length.div_ceil(TILE) * TILE;
    let sum = sum.as_flattened_mut();
    for (row, parameter) in columns.iter().enumerate() {
        let source = own[row * tiles..(row + 1) * tiles].as_flattened();
        let target = &mut sum[parameter * all..(parameter + 1) * all];
        for (column, value) in columns[..=row].iter().zip(source) {
            target[*column] += value;
        }
    }
}

fn symmetric(length: usize, tiles: &[Tile]) -> Symmetric {
    let mut matrix = Symmetric::zeros(length);
    let all = length.div_ceil(TILE) * TILE;
    for row in 0..length {
        let source = &tiles.as_flattened()[row * all..row * all + length];
        matrix.row_mut(row)[..=row].copy_from_slice(&source[..=row]);
    }
    matrix.mirror();
    matrix
}

/// target += rowsᵀ rows in the tiles on and below the diagonal; target is `width` × tiles. Two rows at a time keep
/// enough sums in flight to hide the delay of an addition.
#[inline(always)]
fn product(rows: &[Tile], tiles: usize, width: usize, target: &mut [Tile]) {
    let mut row = 0;
    while row + 1 < width {
        for tile in 0..=(row + 1) / TILE {
            let (mut first, mut second) = (target[row * tiles + tile], target[(row + 1) * tiles + tile]);
            for node in rows.chunks_exact(tiles) {
                let values = &node[tile];
                let (one, other) = (node[row / TILE][row % TILE], node[(row + 1) / TILE][(row + 1) % TILE]);
                for lane in 0..TILE {
                    first[lane] += one * values[lane];
                    second[lane] += other * values[lane];
                }
            }
            target[row * tiles + tile] = first;
            target[(row + 1) * tiles + tile] = second;
        }
        row += 2;
    }
    if row < width {
        for tile in 0..=row / TILE {
            let mut sums = target[row * tiles + tile];
            for node in rows.chunks_exact(tiles) {
                let factor = node[row / TILE][row % TILE];
                for lane in 0..TILE {
                    sums[lane] += factor * node[tile][lane];
                }
            }
            target[row * tiles + tile] = sums;
        }
    }
}
