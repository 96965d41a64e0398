//! The text of an item file once the item is to count: its parameters are those that were found, and it is on trial no more. All other
//! lines stay as they were written.

use melek_irt::ability::ItemErrors;
use melek_irt::calibration::PilotItem;

/// A file in which there is nothing to adopt.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AdoptPilotError {
    #[error("the item is not on trial: it has no line `pilot = true`")]
    NotOnTrial,
    #[error("the item has no [parameters]")]
    NoParameters,
}

/// What was found of an item: parameters with the errors of ln a and b and their correlation, difficulty in logits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Found {
    pub discrimination: f64,
    pub difficulty: f64,
    pub errors: ItemErrors,
}

impl Found {
    pub fn of(pilot: &PilotItem) -> Found {
        let (discrimination, difficulty) = (pilot.item.discrimination(), pilot.item.difficulty());
        Found { discrimination, difficulty, errors: pilot.errors }
    }

    /// The part `[parameters]` of an item file.
    fn written(&self) -> [String; 6] {
        let number = |key: &str, value: f64| format!("{key} = {value:.3}");
        [
            number("discrimination", self.discrimination),
            number("difficulty", self.difficulty),
            number("discrimination_error", self.errors.log_discrimination()),
            number("difficulty_error", self.errors.difficulty()),
            number("error_correlation", self.errors.correlation()),
            "provisional = false".to_owned(),
        ]
    }
}

/// The file with the parameters found and without `pilot = true`; a remark within `[parameters]`, which was about a guess, goes too.
pub fn adopt_pilot(source: &str, found: &Found) -> Result<String, AdoptPilotError> {
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
            lines.extend(found.written());
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
    use super::*;

    fn found() -> Found {
        Found { discrimination: 1.25, difficulty: -0.4567, errors: ItemErrors::new(0.1, 0.2, -0.3).expect("errors") }
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
