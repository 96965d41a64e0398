//! Tables of what other verbs found: fit and differential item functioning.

use std::path::Path;

use serde_json::Value;

use super::Page;
use crate::bad_input::BadInput;
use crate::commands::page::html::{Table, number, paragraph};

/// A file of `melek irt dif`.
pub struct Dif {
    value: Value,
}

pub fn read_dif(path: &Path) -> Result<Dif, BadInput> {
    let bad = |reason: String| BadInput(format!("{}: {reason}", path.display()));
    let bytes = std::fs::read(path).map_err(|error| bad(format!("cannot be read: {error}")))?;
    let value: Value = serde_json::from_slice(&bytes)
        .map_err(|error| bad(format!("is no JSON: {error}; `melek irt dif --out FILE` writes one")))?;
    match value["items"].as_array() {
        Some(_) => Ok(Dif { value }),
        None => Err(bad("has no items; `melek irt dif --out FILE` writes them".to_owned())),
    }
}

impl Dif {
    pub fn html(&self) -> String {
        let text = |field: &str| self.value[field].as_str().unwrap_or("unknown").to_owned();
        let words = format!("Method {}, groups of {}.", text("method"), text("groups"));
        paragraph(&words) + &of_records("Differential item functioning by item", &self.value["items"]).html()
    }
}

impl Page<'_> {
    /// Whatever statistics the file holds.
    pub(super) fn fit(&self) -> Option<String> {
        let fit = self.file.fit.as_ref()?.as_object()?;
        let mut out = String::new();
        if let Some(whole) = fit.get("m2").filter(|m2| m2.is_object()) {
            let mut table = Table::new("Fit of the whole test: M2", &["Statistic", "Value"]);
            for (name, value) in whole.as_object()? {
                table.rows.push(vec![title(name), cell(value)]);
            }
            out += &table.html();
        }
        if let (Some(infit), Some(outfit)) = (numbers(fit.get("infit")), numbers(fit.get("outfit"))) {
            let mut table = Table::new("Mean squares of residuals", &["Item", "Infit", "Outfit"]);
            for (item, (infit, outfit)) in self.file.items.iter().zip(infit.iter().zip(&outfit)) {
                table.rows.push(vec![item.id.clone(), number(*infit, 3), number(*outfit, 3)]);
            }
            out += &table.html();
        }
        for (name, value) in fit.iter().filter(|(name, _)| !matches!(name.as_str(), "m2" | "infit" | "outfit")) {
            if value.as_array().is_some_and(|rows| rows.iter().any(Value::is_object)) {
                out += &of_records(&title(name), value).html();
            }
        }
        (!out.is_empty()).then_some(out)
    }
}

/// A table of records that all have the same fields, the id first.
fn of_records(caption: &str, records: &Value) -> Table {
    let records = records.as_array().map(Vec::as_slice).unwrap_or_default();
    let fields: Vec<String> = records.first().and_then(Value::as_object).map_or_else(Vec::new, |first| {
        let others = first.keys().filter(|field| !matches!(field.as_str(), "id"));
        let plain = others.filter(|field| !first[*field].is_object() && !first[*field].is_array());
        std::iter::once("id".to_owned()).chain(plain.cloned()).collect()
    });
    let mut table = Table::new(caption, &[]);
    table.columns = fields.iter().map(|field| title(field)).collect();
    table.rows = records.iter().map(|record| fields.iter().map(|field| cell(&record[field])).collect()).collect();
    table
}

fn numbers(value: Option<&Value>) -> Option<Vec<Option<f64>>> {
    Some(value?.as_array()?.iter().map(Value::as_f64).collect())
}

/// Names of fields as headings.
fn title(field: &str) -> String {
    match field {
        "id" => "Item".to_owned(),
        "s_x2" => "S-X² by item".to_owned(),
        "df" | "p" => field.to_owned(),
        "rmsea" | "srmsr" | "tli" | "cfi" | "se" => field.to_uppercase(),
        _ => {
            let words = field.replace('_', " ");
            let mut letters = words.chars();
            letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
        }
    }
}

fn cell(value: &Value) -> String {
    match value {
        Value::Number(number) if number.is_u64() || number.is_i64() => number.to_string(),
        Value::Number(_) => number(value.as_f64(), 4),
        Value::String(text) => text.clone(),
        Value::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        _ => "–".to_owned(),
    }
}
