//! The data sets: how many people and items, under which model, from which seed.

use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{Context, Result};
use melek_irt::calibration::{Latent, Model, Parameter, ParameterPrior, Specification};
use melek_irt::model::ResponseFunction;
use melek_irt::responses::{Responses, ResponsesBuilder};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use crate::population;

const SEED: u64 = 20_260_901;

/// Correlation of the two dimensions.
const CORRELATION: f64 = 0.5;

/// What stands for an item that was not presented, in the file that peers read: −1 in one byte.
const NOT_PRESENTED: u8 = 0xff;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    TwoParameter,
    /// Two parameters; a person is given 30 of the items.
    Sparse,
    /// With a Beta(5, 17) prior on the lower asymptote.
    ThreeParameter,
    Graded,
    /// Half of the items on each of two correlated dimensions.
    TwoDimensions,
}

const GIVEN_OF_SPARSE: usize = 30;

pub struct DataSet {
    pub name: &'static str,
    pub words: &'static str,
    pub kind: Kind,
    pub persons: usize,
    pub items: usize,
    pub is_large: bool,
}

#[rustfmt::skip]
pub const ALL: [DataSet; 6] = [
    DataSet { name: "2pl", words: "2PL", kind: Kind::TwoParameter, persons: 10_000, items: 50, is_large: false },
    DataSet { name: "2pl-large", words: "2PL", kind: Kind::TwoParameter, persons: 100_000, items: 100, is_large: true },
    DataSet { name: "sparse", words: "2PL, 30 items each of", kind: Kind::Sparse, persons: 100_000, items: 500, is_large: true },
    DataSet { name: "3pl", words: "3PL with Beta(5, 17) on the lower asymptote", kind: Kind::ThreeParameter, persons: 10_000, items: 50, is_large: false },
    DataSet { name: "grm", words: "graded, five categories", kind: Kind::Graded, persons: 10_000, items: 30, is_large: false },
    DataSet { name: "two-dimensions", words: "2PL in two correlated dimensions", kind: Kind::TwoDimensions, persons: 10_000, items: 40, is_large: false },
];

impl DataSet {
    pub fn named(name: &str) -> Result<&'static Self> {
        ALL.iter().find(|set| set.name == name).with_context(|| format!("there is no data set {name}"))
    }

    pub fn dimensions(&self) -> usize {
        if self.kind == Kind::TwoDimensions { 2 } else { 1 }
    }

    /// The dimension that an item measures.
    pub fn dimension_of(&self, item: usize) -> usize {
        usize::from(self.kind == Kind::TwoDimensions && item >= self.items / 2)
    }

    /// Draws items, people and answers.
    pub fn draw(&self) -> Result<Responses> {
        let position = ALL.iter().position(|set| set.name == self.name).unwrap_or_default();
        let rng = &mut ChaCha8Rng::seed_from_u64(SEED + position as u64);
        let functions = (0..self.items).map(|item| self.function(item, rng)).collect::<Result<Vec<_>>>()?;
        let mut builder = ResponsesBuilder::new(self.items)?;
        for _ in 0..self.persons {
            let ability = self.ability(rng);
            let given = match self.kind {
                Kind::Sparse => population::some_items(self.items, GIVEN_OF_SPARSE, rng)?,
                _ => (0..self.items).collect(),
            };
            let mut answers = Vec::with_capacity(given.len());
            for item in given {
                answers.push((item, population::answer(&functions[item], &ability, rng)?));
            }
            builder.person(answers)?;
        }
        Ok(builder.build())
    }

    fn function(&self, item: usize, rng: &mut ChaCha8Rng) -> Result<ResponseFunction> {
        match self.kind {
            Kind::TwoParameter | Kind::Sparse => population::two_parameter(rng),
            Kind::ThreeParameter => population::three_parameter(rng),
            Kind::Graded => population::graded(rng),
            Kind::TwoDimensions => population::of_dimension(self.dimension_of(item), rng),
        }
    }

    fn ability(&self, rng: &mut ChaCha8Rng) -> Vec<f64> {
        let first = population::normal(rng);
        match self.kind {
            Kind::TwoDimensions => {
                let own = (1.0 - CORRELATION * CORRELATION).sqrt();
                vec![first, CORRELATION * first + own * population::normal(rng)]
            }
            _ => vec![first],
        }
    }

    /// What is estimated.
    pub fn specification(&self) -> Specification {
        let model = match self.kind {
            Kind::TwoParameter | Kind::Sparse | Kind::TwoDimensions => Model::TwoParameter,
            Kind::ThreeParameter => Model::ThreeParameter,
            Kind::Graded => Model::Graded,
        };
        let mut specification = Specification::uniform(model, self.items);
        for (number, item) in specification.items.iter_mut().enumerate() {
            item.dimensions = vec![self.dimension_of(number)];
            if self.kind == Kind::ThreeParameter {
                item.priors.push((Parameter::Lower, ParameterPrior::Beta { first: 5.0, second: 17.0 }));
            }
        }
        if self.kind == Kind::TwoDimensions {
            specification.latent = vec![Latent::correlated(2)];
        }
        specification
    }
}

/// Writes one byte a cell, person by person: the form that every peer reads fastest.
pub fn write(responses: &Responses, file: &Path) -> Result<()> {
    let mut out = BufWriter::new(std::fs::File::create(file)?);
    let mut row = vec![NOT_PRESENTED; responses.items()];
    for person in 0..responses.persons() {
        row.fill(NOT_PRESENTED);
        for response in responses.of(person) {
            row[usize::from(response.item)] = response.category;
        }
        out.write_all(&row)?;
    }
    Ok(out.flush()?)
}
