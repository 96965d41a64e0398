//! What the engine says of items and people by number, said by name, with what to do.

use melek_irt::calibration::{CalibrationError, Warning};

use super::answers::Answers;
use super::fit_file::FitWarning;
use crate::output::note;

/// Rows a message lists.
const LISTED: usize = 5;

/// The refusal of a calibration in the names of the file.
pub fn refused(error: &CalibrationError, answers: &Answers) -> String {
    let at = |item: &usize| answers.item_place(*item);
    let id = |item: &usize| answers.items.get(*item).map_or("", |item| item.id.as_str());
    match error {
        CalibrationError::EmptyItem { item } => {
            format!("item {}: nobody answered it; leave it out with --drop {}", at(item), id(item))
        }
        CalibrationError::ConstantItem { item, score } => format!(
            "item {}: everybody who answered has score {score}, so nothing can be estimated; leave it out with --drop {}",
            at(item),
            id(item)
        ),
        CalibrationError::TooManyCategories { item, categories } => format!(
            "item {}: {categories} different scores occur, but its model knows right and wrong only; \
             choose --model grm or gpcm, or leave it out with --drop {}",
            at(item),
            id(item)
        ),
        CalibrationError::OutOfCategories { item, categories } => format!(
            "item {}: {categories} different scores occur, at most 64 can be estimated; \
             join scores, or leave it out with --drop {}",
            at(item),
            id(item)
        ),
        other => other.to_string(),
    }
}

/// A warning in the names of the file.
pub fn warning(warning: &Warning, answers: &Answers) -> FitWarning {
    let at = |item: &usize| answers.item_place(*item);
    let (kind, item, message) = match warning {
        Warning::NotConverged { .. } => ("not_converged", None, format!("{warning} with --max-iterations")),
        Warning::NotIdentified { item } => {
            let what =
                item.map_or("the spread of ability".to_owned(), |item| format!("all parameters of {}", at(&item)));
            let message = format!(
                "the data do not determine {what}, so there are no standard errors; add a --prior or choose a smaller model"
            );
            ("not_identified", *item, message)
        }
        Warning::Separation { item, slope } => (
            "separation",
            Some(*item),
            format!(
                "item {} separates right from wrong perfectly: its slope of {slope:.1} has no finite best value; \
                 leave it out with --drop, or add --prior slope=lognormal:0,0.5",
                at(item)
            ),
        ),
        Warning::Reversed { item, slope } => (
            "reversed",
            Some(*item),
            format!("item {} runs against the others: its slope is {slope:.2}; look at its key", at(item)),
        ),
        Warning::FewPersons { .. } => ("few_persons", None, format!("{warning}; choose a smaller model or add people")),
        Warning::CoarseGrid { .. } => ("coarse_grid", None, format!("{warning} with --grid")),
        Warning::EmptyPersons(count) => ("empty_persons", None, empty_persons(*count, answers)),
        Warning::UnusedScore { item, score } => (
            "unused_score",
            Some(*item),
            format!("item {}: nobody has score {score}; its neighbours are treated as next to each other", at(item)),
        ),
        other => ("calibration", None, other.to_string()),
    };
    let item = item.and_then(|item| answers.items.get(item)).map(|item| item.id.clone());
    FitWarning { kind: kind.to_owned(), item, message }
}

fn empty_persons(count: usize, answers: &Answers) -> String {
    let empty = (0..answers.responses.persons()).filter(|row| answers.responses.of(*row).is_empty());
    let mut rows: Vec<String> = empty.take(LISTED).map(|row| answers.person_name(row)).collect();
    if count > LISTED {
        rows.push(format!("{} more", count - LISTED));
    }
    let what = if answers.persons.is_empty() { "row" } else { "person" };
    match count {
        1 => format!("{what} {} answered nothing and says nothing; it can be taken out of the file", rows.join(", ")),
        _ => format!(
            "{count} people answered nothing and say nothing ({what} {}); they can be taken out",
            rows.join(", ")
        ),
    }
}

/// Says warnings to the person at the keyboard.
pub fn tell(warnings: &[FitWarning]) {
    warnings.iter().for_each(|warning| note(&format!("warning: {}", warning.message)));
}
