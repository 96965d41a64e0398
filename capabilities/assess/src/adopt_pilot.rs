//! The text of an item file once the item is to count: its parameters are those that were found, and it is on trial no more. All other
//! lines stay as they were written.

use melek_irt::calibration::PilotItem;

/// A file in which there is nothing to adopt.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AdoptPilotError {
    #[error("the item is not on trial: it has no line `pilot = true`")]
    NotOnTrial,
    #[error("the item has no [parameters]")]
    NoParameters,
}

/// The part `[parameters]` of an item file, of what was found.
fn written(found: &PilotItem) -> [String; 6] {
    let number = |key: &str, value: f64| format!("{key} = {value:.3}");
    [
        number("discrimination", found.item.discrimination()),
        number("difficulty", found.item.difficulty()),
        number("discrimination_error", found.errors.log_discrimination()),
        number("difficulty_error", found.errors.difficulty()),
        number("error_correlation", found.errors.correlation()),
        "provisional = false".to_owned(),
    ]
}

/// The file with the parameters found and without `pilot = true`; a remark within `[parameters]`, which was about a guess, goes too.
pub fn adopt_pilot(source: &str, found: &PilotItem) -> Result<String, AdoptPilotError> {
    let mut section = String::new();
    let (mut was_pilot, mut had_parameters) = (false, false);
    let mut lines: Vec<String> = Vec::new();
    for line in source.lines() {
        let key = line.split_once('=').map_or(line, |(key, _)| key).trim();
        if key.starts_with('[') {
            section = key.to_owned();
        }
        let in_parameters = section == "[parameters]";
        if section.is_empty() && key == "pilot" {
            was_pilot = true;
        } else if key == "[parameters]" {
            had_parameters = true;
            lines.push(line.to_owned());
            lines.extend(written(found));
        } else if !in_parameters || key.is_empty() {
            lines.push(line.to_owned());
        }
    }
    match (was_pilot, had_parameters) {
        (false, _) => Err(AdoptPilotError::NotOnTrial),
        (true, false) => Err(AdoptPilotError::NoParameters),
        (true, true) => Ok(lines.join("\n") + "\n"),
    }
}

#[cfg(test)]
mod tests {
    use melek_irt::ability::ItemErrors;
    use melek_irt::model::Item;

    use super::*;

    fn found() -> PilotItem {
        PilotItem {
            item: Item::new(1.25, -0.4567, 0.0).expect("item"),
            errors: ItemErrors::new(0.1, 0.2, -0.3).expect("errors"),
            people: 300,
            share_right: 0.6,
            log_likelihood: -180.0,
            fit: None,
        }
    }

    #[test]
    fn only_the_parameters_change_and_the_item_is_on_trial_no_more() {
        let source = "id = \"own-x\"\npilot = true\n\n[parameters]\ndiscrimination = 1.0 # a guess\ndifficulty = 0.0\nprovisional = true\n\n\
            [stem]\ndifficulty = \"kept\"\n";
        let expected = "id = \"own-x\"\n\n[parameters]\ndiscrimination = 1.250\ndifficulty = -0.457\ndiscrimination_error = 0.100\n\
            difficulty_error = 0.200\nerror_correlation = -0.300\nprovisional = false\n\n[stem]\ndifficulty = \"kept\"\n";
        assert_eq!(adopt_pilot(source, &found()).expect("adopted"), expected);
    }

    #[test]
    fn an_item_that_counts_already_is_left_alone() {
        let source = "id = \"own-x\"\n[parameters]\ndiscrimination = 1.0\ndifficulty = 0.0\n";
        assert_eq!(adopt_pilot(source, &found()), Err(AdoptPilotError::NotOnTrial));
    }

    #[test]
    fn a_file_without_parameters_is_named() {
        assert_eq!(adopt_pilot("pilot = true\n", &found()), Err(AdoptPilotError::NoParameters));
    }
}
