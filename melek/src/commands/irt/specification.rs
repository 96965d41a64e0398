//! What is estimated and what is known: from the options of `calibrate`.

use std::collections::HashMap;

use melek_irt::calibration::{ItemSpecification, Latent, Specification};

use super::answers::{Answers, KnownScores};
use super::fit_file::{FitFile, FitItem};
use super::model_name::ModelName;
use super::prior::PriorOption;
use crate::bad_input::BadInput;

/// Model and scores of an item whose parameters are known.
pub type Fixed = Option<(ModelName, Vec<u8>)>;

/// Items keep a known parameter only where the answers mean what they meant before.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum FixError {
    #[error("no item of the data is in the file; items are known by their names")]
    NothingShared,
    #[error(
        "item {item} has score {score} in the data, but the file knows only {known}; recode it, or rename the item"
    )]
    UnknownScore { item: String, score: u8, known: String },
}

/// One model for all items; the first group is standard normal (or normal with a free spread where slopes are 1), the
/// others are free.
pub fn specification(model: ModelName, priors: &[PriorOption], answers: &Answers) -> Result<Specification, BadInput> {
    let mut specification = Specification::uniform(model.into(), answers.items.len());
    for prior in priors {
        prior.check(model).map_err(|error| BadInput(format!("--prior {}: {error}", prior.text)))?;
    }
    let of_item: Vec<_> = priors.iter().map(|prior| (prior.parameter, prior.density)).collect();
    specification.items.iter_mut().for_each(|item| item.priors.clone_from(&of_item));
    if let Some(groups) = &answers.groups {
        specification.groups.clone_from(&groups.of);
        specification.latent.extend(groups.names.iter().skip(1).map(|_| Latent::free_group()));
    }
    Ok(specification)
}

/// Items of the same name keep their parameters; they carry the scale, so the abilities of all groups are free.
pub fn fix(specification: &mut Specification, answers: &Answers, file: &FitFile) -> Result<Vec<Fixed>, FixError> {
    let known: HashMap<&str, &FitItem> = file.items.iter().map(|item| (item.id.as_str(), item)).collect();
    let mut fixed = vec![None; answers.items.len()];
    for (place, id) in answers.ids().enumerate() {
        let Some(item) = known.get(id) else { continue };
        let Ok(function) = item.function(file.model) else { continue };
        let scores = item.scores();
        same_scores(id, answers.responses.scores(place), &scores)?;
        let model = item.model.unwrap_or(file.model);
        specification.items[place] =
            ItemSpecification { fixed: Some(function), ..ItemSpecification::new(model.into()) };
        fixed[place] = Some((model, scores));
    }
    if fixed.iter().all(Option::is_none) {
        return Err(FixError::NothingShared);
    }
    specification.latent.fill(Latent::free_group());
    Ok(fixed)
}

/// Every score that occurs must be known; those that do not occur keep their places by [`known_scores`].
fn same_scores(item: &str, occurring: &[u8], known: &[u8]) -> Result<(), FixError> {
    match occurring.iter().find(|score| !known.contains(score)) {
        Some(score) => {
            let known: Vec<String> = known.iter().map(u8::to_string).collect();
            Err(FixError::UnknownScore { item: item.to_owned(), score: *score, known: known.join(", ") })
        }
        None => Ok(()),
    }
}

/// The scores of the items of a file.
pub fn known_scores(file: &FitFile) -> KnownScores {
    file.items.iter().map(|item| (item.id.clone(), item.scores())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_mean_what_they_meant_or_are_refused() {
        assert_eq!(same_scores("q", &[0, 1], &[0, 1, 2]), Ok(()));
        let unknown = FixError::UnknownScore { item: "q".to_owned(), score: 3, known: "0, 1".to_owned() };
        assert_eq!(same_scores("q", &[0, 3], &[0, 1]), Err(unknown));
    }
}
