//! A calibration in the shape of `fit.json`.

use melek_irt::calibration::{Calibration, ItemEstimate, Latent, LatentEstimate, Model};
use melek_irt::model::Form;

use super::answers::Answers;
use super::fit_file::{FitErrors, FitFile, FitGroup, FitItem, FitRating, GridOfFile, GroupErrors, RatingErrors};
use super::model_name::ModelName;
use super::notes;

/// What was calibrated, from which answers.
pub struct Outcome<'a> {
    pub model: ModelName,
    pub answers: &'a Answers,
    pub calibration: &'a Calibration,
    /// Per item, the model and scores of the file it was fixed from.
    pub fixed: &'a [Option<(ModelName, Vec<u8>)>],
}

impl Outcome<'_> {
    pub fn fit_file(&self) -> FitFile {
        let Self { model, answers, calibration, .. } = self;
        let (persons, parameters) = (answers.responses.persons(), calibration.parameters);
        let deviance = -2.0 * calibration.log_likelihood;
        let penalty = |weight: f64| finite(deviance + weight * parameters as f64);
        let people = persons as f64;
        let groups = self.groups();
        let grid = calibration.grid;
        FitFile {
            model: *model,
            converged: calibration.converged,
            interrupted: false,
            iterations: calibration.iterations,
            log_likelihood: finite(calibration.log_likelihood),
            // Plus 0 so that no prior is 0 and not −0.
            log_prior: finite(calibration.log_prior + 0.0),
            parameters,
            aic: penalty(2.0),
            bic: penalty(people.ln()),
            sabic: penalty(((people + 2.0) / 24.0).ln()),
            persons,
            answers: answers.responses.total(),
            grid: Some(GridOfFile { points: grid.points, lowest: grid.lowest, highest: grid.highest }),
            tolerance: None,
            priors: Vec::new(),
            items: self.items(),
            group: groups.first().cloned().unwrap_or_default(),
            groups: if groups.len() > 1 { groups } else { Vec::new() },
            fit: None,
            reliability: None,
            scores: Vec::new(),
            covariance: Vec::new(),
            warnings: calibration.warnings.iter().map(|warning| notes::warning(warning, answers)).collect(),
            timing: None,
        }
    }

    fn items(&self) -> Vec<FitItem> {
        let counts = self.answers.counts();
        let one = |(item, estimate): (usize, &ItemEstimate)| {
            let fixed = self.fixed.get(item).and_then(Option::as_ref);
            let (model, scores) = match fixed {
                Some((model, scores)) => (*model, scores.clone()),
                None => (self.model, self.answers.responses.scores(item).to_vec()),
            };
            let mut counted = counts[item].clone();
            counted.resize(scores.len(), 0);
            let parameters = Parameters::of(estimate);
            FitItem {
                id: self.answers.items[item].id.clone(),
                model: Some(model),
                slope: estimate.function.slopes().first().copied(),
                intercepts: parameters.intercepts,
                lower: Some(parameters.lower),
                upper: Some(parameters.upper),
                scoring: parameters.scoring.filter(|_| Model::from(model) == Model::Nominal),
                scores,
                counts: counted,
                fixed: fixed.is_some(),
                rating: rating(estimate),
                se: parameters.errors,
            }
        };
        self.calibration.items.iter().enumerate().map(one).collect()
    }

    fn groups(&self) -> Vec<FitGroup> {
        let named = self.answers.groups.as_ref();
        let size = |group: usize| match named {
            Some(groups) => groups.of.iter().filter(|of| usize::from(**of) == group).count(),
            None => self.answers.responses.persons(),
        };
        let one = |(group, estimate): (usize, &LatentEstimate)| {
            let name = named.and_then(|groups| groups.names.get(group)).cloned();
            FitGroup { name, persons: size(group), ..distribution(estimate) }
        };
        self.calibration.groups.iter().enumerate().map(one).collect()
    }
}

/// Mean and standard deviation with their errors, those of the deviation from those of the variance (delta method).
fn distribution(estimate: &LatentEstimate) -> FitGroup {
    let Latent { mean, covariance, free_means, free_variances, .. } = &estimate.latent;
    let deviation = covariance[0][0].sqrt();
    let error = |place: usize| estimate.errors.get(place).copied().flatten();
    let spread = if *free_variances { error(usize::from(*free_means)) } else { None };
    let se = GroupErrors {
        mean: if *free_means { error(0).and_then(finite) } else { None },
        sd: spread.and_then(|error| finite(error / (2.0 * deviation))),
    };
    FitGroup { name: None, persons: 0, mean: finite(mean[0]), sd: finite(deviation), se }
}

/// The parameters of a form by name.
struct Parameters {
    intercepts: Vec<Option<f64>>,
    lower: f64,
    upper: f64,
    scoring: Option<Vec<Option<f64>>>,
    errors: Option<FitErrors>,
}

impl Parameters {
    fn of(estimate: &ItemEstimate) -> Self {
        let errors = estimate.errors.as_ref();
        let slope = errors.and_then(|errors| errors.slopes.first().copied().flatten()).and_then(finite);
        let own: Vec<Option<f64>> = errors.map_or_else(Vec::new, |errors| errors.own.clone());
        let own: Vec<Option<f64>> = own.into_iter().map(|error| error.and_then(finite)).collect();
        let at = |place: usize| own.get(place).copied().flatten();
        let plain = |intercepts: &[f64]| intercepts.iter().copied().map(finite).collect();
        let (intercepts, asymptotes, scoring, of) = match estimate.function.form() {
            Form::Logistic { intercept, lower, upper } => {
                let of = FitErrors { intercepts: vec![at(0)], lower: at(1), upper: at(2), ..FitErrors::default() };
                (vec![finite(*intercept)], (*lower, *upper), None, of)
            }
            Form::Graded { intercepts } => {
                let of = FitErrors { intercepts: own.clone(), ..FitErrors::default() };
                (plain(intercepts), (0.0, 1.0), None, of)
            }
            Form::DivideByTotal { scoring, intercepts } => {
                let steps = scoring.len();
                let all = |first: Option<f64>, rest: Vec<Option<f64>>| std::iter::once(first).chain(rest).collect();
                let of = FitErrors {
                    intercepts: (steps..2 * steps).map(at).collect(),
                    scoring: Some(all(None, (0..steps).map(at).collect())),
                    ..FitErrors::default()
                };
                (plain(intercepts), (0.0, 1.0), Some(all(Some(0.0), plain(scoring))), of)
            }
        };
        let errors = errors.is_some().then_some(FitErrors { slope, ..of });
        Self { intercepts, lower: asymptotes.0, upper: asymptotes.1, scoring, errors }
    }
}

fn rating(estimate: &ItemEstimate) -> Option<FitRating> {
    estimate.rating.as_ref().map(|rating| FitRating {
        thresholds: rating.thresholds.clone(),
        location: rating.location,
        se: Some(RatingErrors { thresholds: rating.threshold_errors.clone(), location: rating.location_error }),
    })
}

pub fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}
