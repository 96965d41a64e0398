//! `fit.json`: what a calibration found, for people, scripts and the other verbs. Described in docs/formats/responses.md.
//!
//! Slope–intercept form, D = 1, abilities in logits. What is not a finite number is `null`.

use std::collections::HashSet;
use std::path::Path;

use melek_irt::calibration::Model;
use melek_irt::model::{Form, ResponseFunction, ResponseFunctionError};
use serde::{Deserialize, Serialize};

use super::model_name::ModelName;
use crate::bad_input::BadInput;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FitFile {
    pub model: ModelName,
    #[serde(default)]
    pub converged: bool,
    /// Ended by the person at the keyboard.
    #[serde(default)]
    pub interrupted: bool,
    #[serde(default)]
    pub iterations: usize,
    /// Marginal log-likelihood without the density of any prior.
    pub log_likelihood: Option<f64>,
    #[serde(default)]
    pub log_prior: Option<f64>,
    #[serde(default)]
    pub parameters: usize,
    #[serde(default)]
    pub aic: Option<f64>,
    #[serde(default)]
    pub bic: Option<f64>,
    #[serde(default)]
    pub sabic: Option<f64>,
    #[serde(default)]
    pub persons: usize,
    #[serde(default)]
    pub answers: usize,
    #[serde(default)]
    pub grid: Option<GridOfFile>,
    #[serde(default)]
    pub tolerance: Option<f64>,
    #[serde(default)]
    pub priors: Vec<String>,
    pub items: Vec<FitItem>,
    #[serde(default)]
    pub group: FitGroup,
    /// All groups where there are several; the first is `group`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<FitGroup>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fit: Option<serde_json::Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reliability: Option<Reliability>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scores: Vec<Score>,
    /// Lower triangle of the covariances of the parameters: per item the slope, then intercept, lower, upper; or intercepts; or
    /// scoring and intercepts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub covariance: Vec<Vec<f64>>,
    #[serde(default)]
    pub warnings: Vec<FitWarning>,
    #[serde(default)]
    pub timing: Option<Timing>,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct GridOfFile {
    pub points: usize,
    pub lowest: f64,
    pub highest: f64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FitItem {
    pub id: String,
    #[serde(default)]
    pub model: Option<ModelName>,
    pub slope: Option<f64>,
    pub intercepts: Vec<Option<f64>>,
    #[serde(default)]
    pub lower: Option<f64>,
    #[serde(default)]
    pub upper: Option<f64>,
    /// Scoring of the categories of a nominal item, the first 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scoring: Option<Vec<Option<f64>>>,
    /// The scores in the data that are the categories, ascending.
    #[serde(default)]
    pub scores: Vec<u8>,
    /// Answers to each of them.
    #[serde(default)]
    pub counts: Vec<usize>,
    /// Taken from another file and not estimated.
    #[serde(default)]
    pub fixed: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<FitRating>,
    #[serde(default)]
    pub se: Option<FitErrors>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct FitErrors {
    pub slope: Option<f64>,
    pub intercepts: Vec<Option<f64>>,
    #[serde(default)]
    pub lower: Option<f64>,
    #[serde(default)]
    pub upper: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scoring: Option<Vec<Option<f64>>>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FitRating {
    pub thresholds: Vec<f64>,
    pub location: f64,
    #[serde(default)]
    pub se: Option<RatingErrors>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RatingErrors {
    pub thresholds: Vec<Option<f64>>,
    pub location: Option<f64>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FitGroup {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default)]
    pub persons: usize,
    pub mean: Option<f64>,
    pub sd: Option<f64>,
    #[serde(default)]
    pub se: GroupErrors,
}

impl Default for FitGroup {
    fn default() -> Self {
        Self { name: None, persons: 0, mean: Some(0.0), sd: Some(1.0), se: GroupErrors::default() }
    }
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct GroupErrors {
    pub mean: Option<f64>,
    pub sd: Option<f64>,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Reliability {
    pub marginal: Option<f64>,
    pub empirical: Option<f64>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Score {
    /// From 1.
    pub row: usize,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    pub eap: Option<f64>,
    pub se: Option<f64>,
}

/// Something a reader of the figures must know.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FitWarning {
    pub kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// A sentence with what to do.
    pub message: String,
}

/// Of the calibration alone, without reading the file and without what is computed afterwards.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Timing {
    pub cpu_s: f64,
    pub wall_s: f64,
}

/// A file of parameters that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FitFileError {
    #[error("cannot be read: {0}")]
    Unreadable(std::io::Error),
    #[error(
        "line {line}, column {column}: {text} is no number that can be used; calibrate again, or take the item out"
    )]
    NotNumber { line: usize, column: usize, text: String },
    #[error("is not a file of parameters: {0}; `melek irt calibrate DATA --out FILE` writes one")]
    Json(serde_json::Error),
    #[error("there are no items in the file")]
    NoItems,
    #[error("item {0} is in the file twice; take one out")]
    Repeated(String),
    #[error("item {item}: {parameter} is missing or no finite number; calibrate again, or take the item out")]
    Missing { item: String, parameter: &'static str },
    #[error("item {item}: {reason}; calibrate again, or take the item out")]
    Parameters { item: String, reason: ResponseFunctionError },
    #[error("item {item} has {intercepts} intercepts, which is not what model {model} has")]
    Shape { item: String, intercepts: usize, model: ModelName },
    #[error("item {item} has {categories} categories, but {scores} scores")]
    Scores { item: String, categories: usize, scores: usize },
    #[error("the mean or the spread of group {0} is missing or no usable number")]
    Group(String),
}

/// Reads a file of parameters and makes sure that every item is a response function.
pub fn read(path: &Path) -> Result<FitFile, BadInput> {
    let parsed = std::fs::read(path).map_err(FitFileError::Unreadable).and_then(|bytes| parse(&bytes));
    parsed.map_err(|error| BadInput(format!("{}: {error}", path.display())))
}

pub fn parse(bytes: &[u8]) -> Result<FitFile, FitFileError> {
    let file: FitFile = serde_json::from_slice(bytes).map_err(|error| not_number(bytes, error))?;
    if file.items.is_empty() {
        return Err(FitFileError::NoItems);
    }
    let mut ids = HashSet::new();
    if let Some(item) = file.items.iter().find(|item| !ids.insert(item.id.as_str())) {
        return Err(FitFileError::Repeated(item.id.clone()));
    }
    for item in &file.items {
        item.function(file.model)?;
    }
    let is_usable = |group: &FitGroup| group.mean.is_some() && group.sd.is_some_and(|sd| sd > 0.0);
    match file.all_groups().into_iter().find(|group| !is_usable(group)) {
        Some(group) => Err(FitFileError::Group(group.name.clone().unwrap_or_else(|| "1".to_owned()))),
        None => Ok(file),
    }
}

/// JSON has no NaN; programs write it all the same.
fn not_number(bytes: &[u8], error: serde_json::Error) -> FitFileError {
    let line = bytes.split(|byte| *byte == b'\n').nth(error.line().saturating_sub(1)).unwrap_or_default();
    let before = &line[..error.column().min(line.len())];
    let start = before.iter().rposition(|byte| matches!(byte, b':' | b',' | b'[')).map_or(0, |place| place + 1);
    let rest = line.get(start..).unwrap_or_default().trim_ascii_start();
    let word: Vec<u8> = rest.iter().copied().take_while(|byte| !matches!(byte, b',' | b']' | b'}')).take(24).collect();
    let text = String::from_utf8_lossy(&word).trim().to_owned();
    let is_number = ["nan", "inf", "-inf", "-nan", "+inf"].iter().any(|start| text.to_lowercase().starts_with(start));
    if is_number || error.to_string().starts_with("number out of range") {
        FitFileError::NotNumber { line: error.line(), column: error.column(), text }
    } else {
        FitFileError::Json(error)
    }
}

impl FitItem {
    /// The item as the engine knows it.
    pub fn function(&self, of_file: ModelName) -> Result<ResponseFunction, FitFileError> {
        let missing = |parameter| FitFileError::Missing { item: self.id.clone(), parameter };
        let model = self.model.unwrap_or(of_file);
        let slope = self.slope.ok_or_else(|| missing("the slope"))?;
        let intercepts: Option<Vec<f64>> = self.intercepts.iter().copied().collect();
        let intercepts = intercepts.ok_or_else(|| missing("an intercept"))?;
        let shape = FitFileError::Shape { item: self.id.clone(), intercepts: intercepts.len(), model };
        let form = match (model.form(), &self.scoring) {
            (FormName::Logistic, _) => match intercepts[..] {
                [intercept] => {
                    Form::Logistic { intercept, lower: self.lower.unwrap_or(0.0), upper: self.upper.unwrap_or(1.0) }
                }
                _ => return Err(shape),
            },
            _ if intercepts.is_empty() => return Err(shape),
            (FormName::Graded, _) => Form::Graded { intercepts },
            (FormName::DivideByTotal, Some(scoring)) => {
                let scoring: Option<Vec<f64>> = scoring.iter().skip(1).copied().collect();
                Form::DivideByTotal { scoring: scoring.ok_or_else(|| missing("a score of a category"))?, intercepts }
            }
            (FormName::DivideByTotal, None) => {
                Form::DivideByTotal { scoring: (1..=intercepts.len()).map(|step| step as f64).collect(), intercepts }
            }
        };
        let function = ResponseFunction::new(vec![slope], form)
            .map_err(|reason| FitFileError::Parameters { item: self.id.clone(), reason })?;
        let (categories, scores) = (function.categories(), self.scores.len());
        if scores != 0 && scores != categories {
            return Err(FitFileError::Scores { item: self.id.clone(), categories, scores });
        }
        Ok(function)
    }

    /// The scores of the data that are the categories; 0, 1, … where the file does not say.
    pub fn scores(&self) -> Vec<u8> {
        match self.scores.is_empty() {
            true => (0..=self.intercepts.len().min(usize::from(u8::MAX)) as u8).collect(),
            false => self.scores.clone(),
        }
    }
}

impl FitFile {
    /// The items as the engine knows them; reading has made sure of them.
    pub fn functions(&self) -> Vec<ResponseFunction> {
        self.items.iter().filter_map(|item| item.function(self.model).ok()).collect()
    }

    /// Every group, also where there is but one.
    pub fn all_groups(&self) -> Vec<&FitGroup> {
        if self.groups.is_empty() { vec![&self.group] } else { self.groups.iter().collect() }
    }
}

/// What the categories do, by model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormName {
    Logistic,
    Graded,
    DivideByTotal,
}

impl ModelName {
    pub fn form(self) -> FormName {
        match Model::from(self) {
            Model::Rasch | Model::TwoParameter | Model::ThreeParameter | Model::FourParameter => FormName::Logistic,
            Model::Graded | Model::GradedRatingScale => FormName::Graded,
            Model::PartialCredit | Model::GeneralizedPartialCredit | Model::RatingScale | Model::Nominal => {
                FormName::DivideByTotal
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn says(text: &str) -> String {
        parse(text.as_bytes()).map_or_else(|error| error.to_string(), |_| "read".to_owned())
    }

    fn item(of: &str) -> String {
        format!(r#"{{"model":"2pl","items":[{{"id":"q1",{of}}}]}}"#)
    }

    #[test]
    fn a_file_written_by_hand_needs_a_model_and_items_only() {
        assert_eq!(says(&item(r#""slope":1.2,"intercepts":[0.5]"#)), "read");
    }

    #[test]
    fn what_is_no_number_is_named_with_its_place() {
        let nan = says(&item(r#""slope":NaN,"intercepts":[0.5]"#));
        assert!(nan.starts_with("line 1, column 4") && nan.contains("NaN is no number"), "{nan}");
        let large = says(&item(r#""slope":1e999,"intercepts":[0.5]"#));
        assert!(large.contains("1e999 is no number"), "{large}");
        let null = says(&item(r#""slope":null,"intercepts":[0.5]"#));
        assert!(null.starts_with("item q1: the slope is missing"), "{null}");
        let empty = says(&item(r#""slope":1,"intercepts":[null]"#));
        assert!(empty.starts_with("item q1: an intercept is missing"), "{empty}");
    }

    #[test]
    fn parameters_that_describe_no_item_are_refused() {
        let twice =
            r#"{"model":"2pl","items":[{"id":"q","slope":1,"intercepts":[0]},{"id":"q","slope":1,"intercepts":[0]}]}"#;
        assert_eq!(says(twice), "item q is in the file twice; take one out");
        let order = r#"{"model":"grm","items":[{"id":"q","slope":1,"intercepts":[0,1]}]}"#;
        assert!(says(order).contains("must fall"), "{}", says(order));
        let shape = says(&item(r#""slope":1,"intercepts":[0,1]"#));
        assert_eq!(shape, "item q1 has 2 intercepts, which is not what model 2pl has");
        assert_eq!(says(r#"{"model":"2pl","items":[]}"#), "there are no items in the file");
        let spread = r#"{"model":"2pl","items":[{"id":"q","slope":1,"intercepts":[0]}],"group":{"mean":0,"sd":0}}"#;
        assert!(says(spread).contains("spread of group 1"), "{}", says(spread));
    }

    proptest! {
        #[test]
        fn no_sequence_of_bytes_makes_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(parse(&bytes).is_err());
        }

        #[test]
        fn no_change_of_a_byte_makes_the_reader_panic(place in 0_usize..200, byte in any::<u8>()) {
            let mut text = item(r#""slope":1.2,"intercepts":[0.5,-1],"scores":[0,1],"lower":0.2,"upper":1"#).into_bytes();
            let place = place % text.len();
            text[place] = byte;
            let _ = parse(&text);
        }
    }
}
