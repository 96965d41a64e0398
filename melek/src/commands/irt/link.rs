//! `melek irt link`: a new calibration on the scale of an old one, by the items they share.

use std::collections::HashMap;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use melek_irt::linking::{
    self, Anchor, Anchors, Criterion, DriftLimit, LARGEST_STABLE_Z, Link, LinkErrors, ParameterCovariance, Population,
    Purification, Transformation,
};
use melek_irt::model::{Form, ResponseFunction};
use serde_json::{Value, json};

use super::fit_file::{self, FitFile, FitGroup, GroupErrors};
use super::model_name::ModelName;
use super::outcome::finite;
use crate::bad_input::BadInput;
use crate::output::{note, say};

/// Points of ability at which curves are compared.
const POINTS: usize = 30;

/// Share of the anchors that stays whatever they did.
const KEPT: f64 = 0.8;

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Method {
    /// means of slopes and difficulties
    MeanMean,
    /// means and spreads of difficulties
    MeanSigma,
    /// geometric mean of slopes, means of difficulties
    MeanGmean,
    /// curves of the categories
    Haebara,
    /// curve of the total score
    StockingLord,
}

#[derive(Args)]
#[command(
    after_help = "Items of the same name are the anchors. The result is A and B: ability on the old scale = A × ability on the new scale + B. \
    Where both files were written with --covariance it has standard errors.\n\n\
    Example:\n  melek irt link old.json new.json --method stocking-lord --purify --out linked.json"
)]
pub struct LinkFiles {
    /// The calibration that sets the scale
    #[arg(value_name = "OLD.json")]
    old: PathBuf,
    /// The calibration that is put on it
    #[arg(value_name = "NEW.json")]
    new: PathBuf,
    /// How the scales are brought together
    #[arg(long, value_enum, default_value_t = Method::StockingLord)]
    method: Method,
    /// Items to anchor on; without it all that both files have
    #[arg(long, value_name = "ITEM,…", value_delimiter = ',')]
    anchors: Vec<String>,
    /// Take out anchors that drifted, by the robust z of their slopes and difficulties
    #[arg(long)]
    purify: bool,
    /// File to write: NEW.json on the scale of OLD.json
    #[arg(long, value_name = "LINKED.json")]
    out: Option<PathBuf>,
    /// Print as JSON
    #[arg(long)]
    json: bool,
}

/// Two files that cannot be linked.
#[derive(Debug, thiserror::Error)]
enum LinkError {
    #[error("--anchors {0}: both files must have this item")]
    NoAnchor(String),
    #[error("{shared} items are in both files; at least 2 are needed, and items are known by their names")]
    Few { shared: usize },
    #[error("item {item}: {reason}")]
    Item { item: String, reason: String },
    #[error("{0}")]
    Engine(String),
}

/// The link, the items it rests on and those that were taken out, with the reason.
struct Linked {
    link: Link,
    kept: Vec<String>,
    removed: Vec<(String, String)>,
    errors: Option<LinkErrors>,
}

pub fn run(arguments: &LinkFiles) -> Result<()> {
    let (old, new) = (fit_file::read(&arguments.old)?, fit_file::read(&arguments.new)?);
    let linked = arguments.link(&old, &new).map_err(|error| BadInput(error.to_string()))?;
    if linked.errors.is_none() {
        note("no standard errors: both files need --se --covariance of `melek irt calibrate`");
    }
    let transformation = &linked.link.transformation;
    if let Some(out) = &arguments.out {
        let text = serde_json::to_string(&moved(&new, transformation)?)? + "\n";
        std::fs::write(out, text).with_context(|| format!("{} cannot be written", out.display()))?;
    }
    if arguments.json {
        say(&to_json(arguments, &linked).to_string())
    } else {
        tell(&linked)
    }
    Ok(())
}

impl LinkFiles {
    fn link(&self, old: &FitFile, new: &FitFile) -> Result<Linked, LinkError> {
        let ids = self.shared(old, new)?;
        let anchors = anchors(&ids, old, new)?;
        let engine = |error: linking::LinkingError| named(&error, &ids);
        let method = self.method()?;
        let (link, kept, removed) = if self.purify {
            let fewest = ((ids.len() as f64 * KEPT).ceil() as usize).max(2);
            let rule = Purification { method, limit: DriftLimit::RobustZ(LARGEST_STABLE_Z), fewest };
            let purified = linking::purify(&anchors, &rule).map_err(engine)?;
            let removed = purified.removed.iter().map(|one| (ids[one.anchor].clone(), one.reason.to_string()));
            (purified.link, purified.kept, removed.collect())
        } else {
            (method.link(&anchors).map_err(engine)?, (0..ids.len()).collect(), Vec::new())
        };
        let kept: Vec<String> = kept.iter().map(|place| ids[*place].clone()).collect();
        let errors = match (covariance(new, &kept), covariance(old, &kept)) {
            (Some(new), Some(old)) => {
                Some(link.errors(&new, &old).map_err(|error| LinkError::Engine(error.to_string()))?)
            }
            _ => None,
        };
        Ok(Linked { link, kept, removed, errors })
    }

    fn method(&self) -> Result<linking::Method, LinkError> {
        let population = Population::normal(0.0, 1.0, POINTS).map_err(|error| LinkError::Engine(error.to_string()))?;
        let criterion = Criterion { old: population, new: None };
        Ok(match self.method {
            Method::MeanMean => linking::Method::MeanMean,
            Method::MeanSigma => linking::Method::MeanSigma,
            Method::MeanGmean => linking::Method::MeanGeometricMean,
            Method::Haebara => linking::Method::Haebara(criterion),
            Method::StockingLord => linking::Method::StockingLord(criterion),
        })
    }

    fn shared(&self, old: &FitFile, new: &FitFile) -> Result<Vec<String>, LinkError> {
        let has = |file: &FitFile, id: &str| file.items.iter().any(|item| item.id == id);
        if let Some(missing) = self.anchors.iter().find(|id| !has(old, id) || !has(new, id)) {
            return Err(LinkError::NoAnchor(missing.clone()));
        }
        let wanted = |id: &str| self.anchors.is_empty() || self.anchors.iter().any(|one| one == id);
        let ids = new.items.iter().map(|item| item.id.as_str()).filter(|id| wanted(id) && has(old, id));
        let ids: Vec<String> = ids.map(str::to_owned).collect();
        if ids.len() < 2 { Err(LinkError::Few { shared: ids.len() }) } else { Ok(ids) }
    }
}

fn functions(file: &FitFile) -> HashMap<&str, ResponseFunction> {
    file.items.iter().map(|item| item.id.as_str()).zip(file.functions()).collect()
}

fn anchors(ids: &[String], old: &FitFile, new: &FitFile) -> Result<Anchors, LinkError> {
    let (of_old, of_new) = (functions(old), functions(new));
    let pair =
        |id: &String| Some(Anchor { new: of_new.get(id.as_str())?.clone(), old: of_old.get(id.as_str())?.clone() });
    let pairs: Vec<Anchor> = ids.iter().filter_map(pair).collect();
    Anchors::new(pairs).map_err(|error| named(&error, ids))
}

/// An error of the engine with the name of the anchor instead of its place.
fn named(error: &linking::LinkingError, ids: &[String]) -> LinkError {
    use linking::LinkingError as E;
    let text = error.to_string();
    match error {
        E::Dimensions { anchor, .. }
        | E::Unlike { anchor }
        | E::NotDichotomous { anchor }
        | E::Slope { anchor, .. }
        | E::Area { anchor, .. } => {
            let item = ids.get(*anchor).cloned().unwrap_or_default();
            LinkError::Item { reason: text.replace(&format!("anchor {anchor}"), "the item"), item }
        }
        _ => LinkError::Engine(text),
    }
}

/// Covariances of the parameters of some items, where the file has them.
fn covariance(file: &FitFile, ids: &[String]) -> Option<ParameterCovariance> {
    let mut starts: HashMap<&str, std::ops::Range<usize>> = HashMap::new();
    let mut start = 0;
    for (item, function) in file.items.iter().zip(file.functions()) {
        let own = match function.form() {
            Form::Logistic { .. } => 3,
            Form::Graded { intercepts } => intercepts.len(),
            Form::DivideByTotal { intercepts, .. } => 2 * intercepts.len(),
        };
        starts.insert(&item.id, start..start + 1 + own);
        start += 1 + own;
    }
    if file.covariance.len() != start || file.covariance.iter().enumerate().any(|(row, cells)| cells.len() != row + 1) {
        return None;
    }
    let places: Vec<usize> = ids.iter().filter_map(|id| starts.get(id.as_str())).flat_map(Clone::clone).collect();
    let cell = |row: usize, column: usize| file.covariance[row.max(column)][row.min(column)];
    let rows = places.iter().map(|row| places.iter().map(|column| cell(*row, *column)).collect()).collect();
    ParameterCovariance::new(rows).ok()
}

/// The new file on the old scale. Errors of its parameters are left out: they would need those of the link.
fn moved(file: &FitFile, by: &Transformation) -> Result<FitFile> {
    let mut file = file.clone();
    let functions = file.functions();
    for (item, function) in file.items.iter_mut().zip(&functions) {
        let function = by.function(function)?;
        item.slope = function.slopes().first().copied();
        item.intercepts = match function.form() {
            Form::Logistic { intercept, .. } => vec![Some(*intercept)],
            Form::Graded { intercepts } | Form::DivideByTotal { intercepts, .. } => {
                intercepts.iter().copied().map(Some).collect()
            }
        };
        (item.rating, item.se) = (None, None);
        item.model = item.model.or(Some(file.model)).map(with_slope);
    }
    file.model = with_slope(file.model);
    let place = |group: &mut FitGroup| {
        group.mean = group.mean.map(|mean| by.ability(mean));
        group.sd = group.sd.map(|sd| by.slope() * sd);
        group.se = GroupErrors::default();
    };
    place(&mut file.group);
    file.groups.iter_mut().for_each(place);
    for score in &mut file.scores {
        score.eap = score.eap.map(|eap| by.ability(eap));
        score.se = score.se.map(|se| by.slope() * se);
    }
    file.covariance.clear();
    Ok(file)
}

/// On another scale the slopes of a model are no longer 1.
fn with_slope(model: ModelName) -> ModelName {
    match model {
        ModelName::Rasch => ModelName::TwoParameter,
        ModelName::PartialCredit | ModelName::RatingScale => ModelName::GeneralizedPartialCredit,
        other => other,
    }
}

fn to_json(arguments: &LinkFiles, linked: &Linked) -> Value {
    let transformation = &linked.link.transformation;
    let removed: Vec<Value> = linked.removed.iter().map(|(id, reason)| json!({"id": id, "reason": reason})).collect();
    json!({
        "method": arguments.method.to_possible_value().map(|value| value.get_name().to_owned()),
        "slope": finite(transformation.slope()), "intercept": finite(transformation.intercept()),
        "se": linked.errors.map(|errors| json!({"slope": errors.slope, "intercept": errors.intercept, "covariance": errors.covariance})),
        "anchors": linked.kept, "removed": removed,
    })
}

fn tell(linked: &Linked) {
    let transformation = &linked.link.transformation;
    let error = |of: fn(&LinkErrors) -> f64| {
        linked.errors.as_ref().map_or_else(String::new, |all| format!(" (SE {:.6})", of(all)))
    };
    say(&format!("A = {:.6}{}", transformation.slope(), error(|errors| errors.slope)));
    say(&format!("B = {:.6}{}", transformation.intercept(), error(|errors| errors.intercept)));
    say(&format!("{} anchors: {}", linked.kept.len(), linked.kept.join(", ")));
    for (id, reason) in &linked.removed {
        say(&format!("taken out: {id}, {reason}"));
    }
}
