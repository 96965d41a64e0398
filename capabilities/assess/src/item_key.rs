//! The key of an item in words, for those who may see it: item writers.

use melek_web::Locale;

use crate::item::{PartMark, Task};

/// One line for each thing that makes an answer right.
pub(crate) fn key_lines(task: &Task, locale: Locale) -> Vec<String> {
    match task {
        Task::SingleChoice { options, .. } | Task::MultipleChoice { options, .. } => {
            let correct = options.iter().filter(|option| option.correct);
            correct.map(|option| option.entry.text.get(locale).to_owned()).collect()
        }
        Task::Order { steps } => {
            let numbered = steps.iter().enumerate();
            numbered.map(|(index, step)| format!("{}. {}", index + 1, step.text.get(locale))).collect()
        }
        Task::Match { pairs, .. } => {
            pairs.iter().map(|pair| format!("{} → {}", pair.left.get(locale), pair.right.get(locale))).collect()
        }
        Task::Mark { document } => {
            let wrong = document.parts.iter().filter(|part| part.mark == PartMark::Wrong);
            wrong.map(|part| part.entry.text.get(locale).to_owned()).collect()
        }
        Task::Numeric { value, tolerance, unit, .. } => {
            let unit = unit.as_ref().map(|unit| unit.get(locale)).unwrap_or_default();
            let places = decimals(*value);
            let value = melek_web::format::decimal(locale, *value, places);
            let within = if *tolerance > 0.0 { format!(" ± {tolerance}") } else { String::new() };
            vec![format!("{value}{within} {unit}").trim_end().to_owned()]
        }
    }
}

/// Decimal places a value is written with.
fn decimals(value: f64) -> usize {
    let text = value.to_string();
    text.split_once('.').map_or(0, |(_, fraction)| fraction.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::tests::{order_of_four, single_choice};

    #[test]
    fn a_key_is_told_in_the_language_asked() {
        assert_eq!(
            key_lines(&single_choice(), Locale::En),
            ["Check the announcement on the office's official page or channel"]
        );
        assert_eq!(key_lines(&order_of_four(), Locale::Id)[0], "1. Menulis");
    }
}
