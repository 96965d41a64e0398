//! The simulated answers of `tests/reference/calibration` and the fits of another program beside them; see the README
//! there.

use std::ops::ControlFlow;
use std::path::PathBuf;

use melek_irt::calibration::{
    Calibration, Grid, Latent, Model, Options, Parameter, ParameterPrior, Specification, calibrate,
};
use melek_irt::model::{Form, ResponseFunction};
use melek_irt::responses::Responses;
use serde_json::Value;

/// All fits, with the model of each.
pub const FITS: [(&str, Model); 8] = [
    ("ref_rasch__Rasch", Model::Rasch),
    ("ref_2pl__2PL", Model::TwoParameter),
    ("ref_3pl__3PL_expbeta5_17", Model::ThreeParameter),
    ("ref_grm__graded", Model::Graded),
    ("ref_gpcm__gpcm", Model::GeneralizedPartialCredit),
    ("ref_pcm__PCM", Model::PartialCredit),
    ("ref_rsm__rsm", Model::RatingScale),
    ("ref_nominal__nominal", Model::Nominal),
];

/// Answers, what is estimated from them, what we find and what the other program found.
pub struct Reference {
    pub name: &'static str,
    pub responses: Responses,
    pub specification: Specification,
    pub calibration: Calibration,
    pub file: Value,
}

impl Reference {
    pub fn all() -> impl Iterator<Item = Self> {
        FITS.iter().map(|(name, model)| Self::estimated(name, *model))
    }

    /// Estimated from the answers.
    pub fn estimated(name: &'static str, model: Model) -> Self {
        let mut specification = Specification::uniform(model, 0);
        let responses = responses(name);
        specification.items = Specification::uniform(model, responses.items()).items;
        if model == Model::ThreeParameter {
            let prior = (Parameter::Lower, ParameterPrior::Beta { first: 5.0, second: 17.0 });
            specification.items.iter_mut().for_each(|item| item.priors.push(prior));
        }
        Self::new(name, responses, specification)
    }

    /// With the items and the spread of the other program.
    pub fn fixed(name: &'static str, model: Model) -> Self {
        let responses = responses(name);
        let mut specification = Specification::uniform(model, responses.items());
        let file = file(name);
        for (place, item) in specification.items.iter_mut().enumerate() {
            item.fixed = Some(function(&file, place));
        }
        let variance = file["cov"]["values"][0][0].as_f64().unwrap();
        specification.latent = vec![Latent { covariance: vec![vec![variance]], ..Latent::standard(1) }];
        Self::new(name, responses, specification)
    }

    fn new(name: &'static str, responses: Responses, specification: Specification) -> Self {
        // The grid of the other program.
        let grid = Some(Grid { points: 61, lowest: -6.0, highest: 6.0 });
        let standard_errors = specification.items.iter().any(|item| item.fixed.is_none());
        let options = Options { grid, tolerance: 1e-7, standard_errors, ..Options::default() };
        let calibration = calibrate(&responses, &specification, &options, &mut |_| ControlFlow::Continue(())).unwrap();
        Self { name, responses, specification, calibration, file: file(name) }
    }

    pub fn number(&self, pointer: &str) -> f64 {
        number(&self.file, pointer)
    }

    pub fn numbers(&self, pointer: &str) -> Vec<f64> {
        let list = self.file.pointer(pointer).and_then(Value::as_array);
        list.unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
    }
}

pub fn number(file: &Value, pointer: &str) -> f64 {
    file.pointer(pointer).and_then(Value::as_f64).unwrap_or_else(|| panic!("no number at {pointer}"))
}

fn read(name: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/reference/calibration");
    std::fs::read_to_string(folder.join(name)).unwrap()
}

fn file(name: &str) -> Value {
    serde_json::from_str(&read(&format!("{name}.json"))).unwrap()
}

fn responses(name: &str) -> Responses {
    let text = read(&format!("{}.csv", name.split("__").next().unwrap()));
    let rows: Vec<Vec<Option<u8>>> =
        text.lines().skip(1).map(|line| line.split(',').map(|cell| cell.parse().ok()).collect()).collect();
    Responses::from_rows(rows[0].len(), rows).unwrap()
}

/// The response function of an item in a file.
pub fn function(file: &Value, place: usize) -> ResponseFunction {
    let columns = file["items"]["cols"].as_array().unwrap();
    let row = &file["items"]["values"][place];
    let value = |name: &str| {
        let column = columns.iter().position(|column| column == name)?;
        row[column].as_f64()
    };
    let list = |stem: &str| (1..10).map_while(|k| value(&format!("{stem}{k}"))).collect::<Vec<f64>>();
    let slopes = vec![value("a1").unwrap()];
    let form = match (value("d"), value("c")) {
        (Some(intercept), _) => Form::Logistic { intercept, lower: value("g").unwrap(), upper: value("u").unwrap() },
        (None, Some(location)) => {
            let mut sum = 0.0;
            let step = |(k, threshold): (usize, &f64)| {
                sum += location - threshold;
                ((k + 1) as f64, sum)
            };
            let (scoring, intercepts) = list("b").iter().enumerate().map(step).unzip();
            Form::DivideByTotal { scoring, intercepts }
        }
        (None, None) if file["model"] == "graded" => Form::Graded { intercepts: list("d") },
        (None, None) => {
            let (scoring, intercepts) = (list("ak"), list("d"));
            Form::DivideByTotal { scoring: scoring[..intercepts.len()].to_vec(), intercepts }
        }
    };
    ResponseFunction::new(slopes, form).unwrap()
}
